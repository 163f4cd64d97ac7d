"""Opening a campaign, from the rectorat's page."""

import datetime

from django.urls import reverse
from django.utils import timezone
from lxml import html

from diagnostic.models import Campagne
from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante


def envoi(monde, **changements):
    donnees = {
        "academie": monde.academie.pk,
        "annee_scolaire": "2031-2032",
        "date_ouverture": "2031-09-15",
        "date_cloture": "2031-12-18",
    }
    return donnees | changements


def texte(reponse):
    return " ".join(html.fromstring(reponse.content).text_content().split())


def test_le_rectorat_ouvre_la_campagne_de_son_academie(client, monde, referentiel):
    client.force_login(monde.rectorat)
    page = client.get(reverse("campagnes"))
    assert "Aucune campagne n'est ouverte." in texte(page)
    client.post(reverse("campagnes"), envoi(monde))
    campagne = Campagne.objects.get()
    assert (campagne.academie, campagne.annee_scolaire, campagne.referentiel, campagne.date_cloture) == (
        monde.academie,
        "2031-2032",
        referentiel,
        datetime.date(2031, 12, 18),
    )


def test_ce_qui_se_refuse_et_se_dit(client, monde, campagne):
    client.force_login(monde.rectorat)
    cas = [
        ({"academie": monde.autre_academie.pk}, "ne fait pas partie de ceux disponibles"),
        ({"annee_scolaire": "2031"}, "Écrivez l'année scolaire ainsi"),
        ({"annee_scolaire": "2031-2035"}, "deux années qui se suivent"),
        ({"annee_scolaire": campagne.annee_scolaire}, "a déjà une campagne"),
        ({"date_cloture": "2031-09-01"}, "La clôture ne peut pas précéder l'ouverture"),
        ({"date_cloture": "demain"}, "Saisissez une date valide"),
    ]
    for changement, phrase in cas:
        reponse = client.post(reverse("campagnes"), envoi(monde, **changement))
        assert (reponse.status_code, phrase in texte(reponse)) == (422, True), (phrase, texte(reponse))
    assert list(Campagne.objects.all()) == [campagne]


def test_personne_d_autre_n_ouvre_de_campagne(client, monde, referentiel):
    for qui in ("chef", "animatrice", "collectivite_agent", "technique", "sans_affectation"):
        client.force_login(getattr(monde, qui))
        assert client.post(reverse("campagnes"), envoi(monde)).status_code == 403
    assert Campagne.objects.count() == 0


def test_le_suivi_compte_commences_et_signes(client, monde, brouillon, maintenant):
    client.force_login(monde.rectorat)
    ligne = html.fromstring(client.get(reverse("campagnes")).content).xpath("//tbody/tr")[0]
    cellules = [" ".join(cellule.text_content().split()) for cellule in ligne]
    assert [cellules[0], *cellules[-2:]] == [annee_scolaire(maintenant.date()), "1", "0"]


def test_l_annee_proposee_est_la_premiere_sans_campagne(client, monde, referentiel, maintenant):
    def proposee():
        page = html.fromstring(client.get(reverse("campagnes")).content)
        return page.get_element_by_id("id_annee_scolaire").get("value")

    client.force_login(monde.rectorat)
    annee = annee_scolaire(timezone.localdate(maintenant))
    assert proposee() == annee
    client.post(reverse("campagnes"), envoi(monde, annee_scolaire=annee))
    assert proposee() == annee_suivante(annee)
