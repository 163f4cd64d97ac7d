"""A campaign from its opening on: opened once, changed, extended for a district, by the rectorat alone."""

import datetime
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from lxml import html

from diagnostic.domain.campagnes import (
    CHANGEE_ENTRE_TEMPS,
    Reglages,
    modifier_campagne,
    ouvrir_campagne,
    prolonger_campagne,
    retirer_prolongation,
)
from diagnostic.domain.reponses import commencer_diagnostic
from diagnostic.models import Campagne, Diagnostic, Prolongation, Referentiel
from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante
from strategie.socle.domain.empechement import Empeche
from strategie.socle.models import Etablissement
from tests.personnages import un_etablissement

AN = timezone.now().year + 2  # screens read the real clock: their campaigns are to come
ANNEE = f"{AN}-{AN + 1}"
PARIS = ZoneInfo("Europe/Paris")
MAINTENANT = datetime.datetime(2026, 11, 3, 14, 0, tzinfo=PARIS)


def jour(mois: int, quantieme: int, annee: int = 2026) -> datetime.date:
    return datetime.date(annee, mois, quantieme)


def texte(reponse) -> str:
    return " ".join(html.fromstring(reponse.content).text_content().split())


@pytest.fixture
def ouverte(monde, referentiel) -> Campagne:
    """From 15 September to 18 December 2026; the clock of these tests says 3 November."""
    return ouvrir_campagne(
        academie=monde.academie,
        annee_scolaire="2026-2027",
        referentiel=referentiel,
        date_ouverture=jour(9, 15),
        date_cloture=jour(12, 18),
        auteur=None,
    )


@pytest.fixture
def clotures(ouverte) -> Callable[[], dict[str, datetime.date]]:
    """Each school's own deadline, as it is in the database."""
    return lambda: dict(Diagnostic.objects.filter(campagne=ouverte).values_list("etablissement__nom", "date_cloture"))


def refus(acte: Callable[[], object]) -> dict[str, list[str]] | str:
    try:
        acte()
    except ValidationError as erreur:
        return erreur.message_dict if hasattr(erreur, "error_dict") else erreur.message
    except Empeche as erreur:
        return str(erreur)
    raise AssertionError("nothing was refused")


# --- Opening ----------------------------------------------------------------------------------------------
@pytest.fixture
def envoi(monde, referentiel) -> Callable[..., dict]:
    donnees = {
        "academie": monde.academie.pk,
        "annee_scolaire": ANNEE,
        "referentiel": referentiel.pk,
        "date_ouverture": f"{AN}-09-15",
        "date_cloture": f"{AN}-12-18",
        "jours_de_correction": "10",
    }
    return lambda **changements: donnees | changements


def test_le_rectorat_ouvre_la_campagne_de_son_academie(client, monde, referentiel, envoi):
    client.force_login(monde.rectorat)
    page = client.get(reverse("campagnes"))
    assert "Aucune campagne n'est ouverte." in texte(page)
    reponse = client.post(reverse("campagnes"), envoi(), follow=True)
    campagne = Campagne.objects.get()
    assert (campagne.academie, campagne.annee_scolaire, campagne.referentiel) == (monde.academie, ANNEE, referentiel)
    assert Reglages.de(campagne) == Reglages(jour(9, 15, AN), jour(12, 18, AN), 10)
    assert reponse.redirect_chain == [(reverse("campagne", args=[campagne.pk]), 302)]
    assert f"La campagne {ANNEE} est ouverte." in texte(reponse)


def test_un_diagnostic_attend_chaque_ecole_qui_est_ouverte(monde, referentiel):
    ici = monde.college.departement
    Etablissement.objects.filter(pk=monde.lointain.pk).update(etat="ferme")
    un_etablissement("0980010D", "Centre d'information", ici, type="autre")
    un_etablissement("0980011E", "EREA du Test", ici, type="erea")
    ouvrir_campagne(
        academie=monde.academie,
        annee_scolaire="2026-2027",
        referentiel=referentiel,
        date_ouverture=jour(9, 15),
        date_cloture=jour(12, 18),
        auteur=None,
    )
    attendus = Diagnostic.objects.values_list("etablissement__nom", "etat", "date_cloture", "referentiel")
    assert sorted(attendus) == [
        (nom, "a_commencer", jour(12, 18), referentiel.pk)
        for nom in ("Collège du Test", "Collège voisin", "EREA du Test")
    ]


def test_deux_envois_ouvrent_une_campagne(client, monde, envoi):
    client.force_login(monde.rectorat)
    adresses = [client.post(reverse("campagnes"), envoi())["Location"] for _ in range(2)]
    campagne = Campagne.objects.get()
    assert adresses == [reverse("campagne", args=[campagne.pk])] * 2
    assert Diagnostic.objects.count() == 3


def test_ce_qui_se_refuse_et_se_dit(client, monde, envoi):
    client.force_login(monde.rectorat)
    client.post(reverse("campagnes"), envoi())
    suivante = annee_suivante(ANNEE)
    cas = [
        ({"academie": monde.autre_academie.pk}, "ne fait pas partie de ceux disponibles"),
        ({"annee_scolaire": "2031"}, "Écrivez l'année scolaire ainsi"),
        ({"annee_scolaire": "2031-2035"}, "deux années qui se suivent"),
        ({"date_cloture": f"{AN}-12-19"}, "a déjà une campagne"),
        ({"annee_scolaire": suivante, "date_ouverture": f"{AN}-12-19"}, "La clôture ne peut pas précéder l'ouverture"),
        ({"date_cloture": "demain"}, "Saisissez une date valide"),
        ({"annee_scolaire": suivante, "date_cloture": f"{AN + 2}-09-01"}, "La clôture se place dans l'année scolaire"),
        (
            {"annee_scolaire": suivante, "date_ouverture": f"{AN + 1}-05-31", "date_cloture": f"{AN + 1}-12-18"},
            f"Une campagne {suivante} ouvre au plus tôt le 1er juin {AN + 1}, trois mois avant la rentrée.",
        ),
        ({"jours_de_correction": "-1"}, "supérieure ou égale à 0"),
        ({"jours_de_correction": "121"}, "inférieure ou égale à 120"),
        ({"referentiel": ""}, "Choisissez la version du référentiel."),
    ]
    for changement, phrase in cas:
        reponse = client.post(reverse("campagnes"), envoi(**changement))
        assert (reponse.status_code, phrase in texte(reponse)) == (422, True), (phrase, texte(reponse))
    assert Campagne.objects.count() == 1


@pytest.mark.parametrize(
    ("ouverture", "cloture", "attendu"),
    [
        ((9, 1, 2026), (11, 3, 2026), None),
        ((6, 1, 2026), (8, 31, 2027), None),
        (
            (9, 1, 2026),
            (11, 2, 2026),
            {"date_cloture": ["Cette date est passée\u00a0: choisissez aujourd'hui ou un jour à venir."]},
        ),
        (
            (9, 1, 2027),
            (12, 18, 2027),
            {
                "date_ouverture": [
                    "L'année scolaire 2026-2027 finit le 31\u00a0août 2027\u00a0: sa campagne ouvre avant."
                ],
                "date_cloture": [
                    "La clôture se place dans l'année scolaire 2026-2027, "
                    "du 1er\u00a0septembre 2026 au 31\u00a0août 2027."
                ],
            },
        ),
    ],
)
def test_les_dates_suivent_l_annee_scolaire_et_le_jour(monde, referentiel, ouverture, cloture, attendu):
    def ouvrir() -> Campagne:
        return ouvrir_campagne(
            academie=monde.academie,
            annee_scolaire="2026-2027",
            referentiel=referentiel,
            date_ouverture=jour(*ouverture),
            date_cloture=jour(*cloture),
            auteur=monde.rectorat,
            maintenant=MAINTENANT,
        )

    if attendu is None:
        assert ouvrir() == Campagne.objects.get()
    else:
        assert refus(ouvrir) == attendu
        assert Campagne.objects.count() == 0


def une_version(numero: int, *, academie=None, publie: bool = True) -> Referentiel:
    return Referentiel.objects.create(
        code="essai",
        version=numero,
        titre=f"Essai {numero}",
        academie=academie,
        publie_le=MAINTENANT if publie else None,
    )


def test_les_versions_proposees_sont_publiees_communes_ou_de_l_academie_la_derniere_d_abord(client, monde, referentiel):
    une_version(2)
    une_version(3, academie=monde.academie)
    une_version(4, academie=monde.autre_academie)
    une_version(5, publie=False)
    client.force_login(monde.rectorat)
    choix = html.fromstring(client.get(reverse("campagnes")).content).get_element_by_id("id_referentiel")
    assert [" ".join(option.text.split()) for option in choix] == [
        "Essai 3, version 3",
        "Essai 2, version 2",
        f"{referentiel.titre}, version 1",
    ]


@pytest.mark.parametrize(
    ("ailleurs", "publie", "phrase"),
    [
        (True, True, "Cette version du référentiel est celle d'une autre académie."),
        (False, False, "Cette version du référentiel n'est pas publiée."),
    ],
)
def test_une_version_qui_ne_convient_pas_est_refusee(monde, ailleurs, publie, phrase):
    version = une_version(2, academie=monde.autre_academie if ailleurs else None, publie=publie)
    dit = refus(
        lambda: ouvrir_campagne(
            academie=monde.academie,
            annee_scolaire="2026-2027",
            referentiel=version,
            date_ouverture=jour(9, 15),
            date_cloture=jour(12, 18),
            auteur=None,
        )
    )
    assert (dit, Campagne.objects.count()) == ({"referentiel": [phrase]}, 0)


def test_sans_referentiel_publie_la_page_le_dit(client, monde):
    client.force_login(monde.rectorat)
    page = client.get(reverse("campagnes"))
    assert "Aucun référentiel n'est publié" in texte(page)
    assert "Ouvrir la campagne" not in texte(page)


def test_personne_d_autre_n_ouvre_de_campagne(client, monde, envoi):
    for qui in ("chef", "animatrice", "collectivite_agent", "technique", "sans_affectation"):
        client.force_login(getattr(monde, qui))
        assert client.post(reverse("campagnes"), envoi()).status_code == 403
    assert Campagne.objects.count() == 0


def test_la_liste_compte_commences_et_signes(client, monde, brouillon, maintenant):
    client.force_login(monde.rectorat)
    ligne = html.fromstring(client.get(reverse("campagnes")).content).xpath("//tbody/tr")[0]
    cellules = [" ".join(cellule.text_content().split()) for cellule in ligne]
    assert [cellules[0], *cellules[-2:]] == [annee_scolaire(timezone.localdate(maintenant)), "1", "0"]


def test_l_annee_proposee_est_la_premiere_sans_campagne(client, monde, referentiel, maintenant):
    def proposee():
        page = html.fromstring(client.get(reverse("campagnes")).content)
        return page.get_element_by_id("id_annee_scolaire").get("value")

    client.force_login(monde.rectorat)
    annee = annee_scolaire(timezone.localdate(maintenant))
    assert proposee() == annee
    ouvrir_campagne(
        academie=monde.academie,
        annee_scolaire=annee,
        referentiel=referentiel,
        date_ouverture=maintenant.date(),
        date_cloture=maintenant.date(),
        auteur=monde.rectorat,
    )
    assert proposee() == annee_suivante(annee)


# --- Changing its dates -----------------------------------------------------------------------------------
def modifier(monde, campagne: Campagne, vu: str | None = None, maintenant=MAINTENANT, **changements) -> int:
    actuels = Reglages.de(Campagne.objects.get(pk=campagne.pk))
    voulus = Reglages(**vars(actuels) | changements)
    return modifier_campagne(
        campagne=campagne, voulus=voulus, vu=vu or str(actuels), auteur=monde.rectorat, maintenant=maintenant
    )


def prolonger(monde, campagne: Campagne, cloture: datetime.date, motif="Cyclone", maintenant=MAINTENANT, **district):
    return prolonger_campagne(
        campagne=campagne,
        district=district.get("district", monde.district),
        date_cloture=cloture,
        motif=motif,
        auteur=monde.rectorat,
        maintenant=maintenant,
    )


def test_la_nouvelle_cloture_vaut_pour_chacun_sauf_prolongation_plus_tardive(monde, ouverte, clotures):
    assert prolonger(monde, ouverte, jour(1, 15, 2027)) == 2
    assert modifier(monde, ouverte, date_cloture=jour(12, 20)) == 1
    prolongee = jour(1, 15, 2027)
    assert clotures() == {"Collège du Test": prolongee, "Collège voisin": prolongee, "Collège lointain": jour(12, 20)}
    assert modifier(monde, ouverte, date_cloture=jour(1, 31, 2027)) == 3
    assert set(clotures().values()) == {jour(1, 31, 2027)}
    assert modifier(monde, ouverte, date_cloture=jour(1, 31, 2027)) == 0


def test_chaque_date_changee_est_dans_l_historique_avec_son_auteur(monde, ouverte):
    modifier(monde, ouverte, date_cloture=jour(12, 20), jours_de_correction=5)
    evenements = Diagnostic.objects.get(etablissement=monde.college).evenements.values_list(
        "date_cloture", "pgh_context__acte", "pgh_context__auteur"
    )
    assert list(evenements) == [(jour(12, 20), "modifier_campagne", monde.rectorat.pk)]
    campagne = ouverte.evenements.values_list("date_cloture", "jours_de_correction").order_by("pk")
    assert list(campagne) == [(jour(12, 18), 15), (jour(12, 20), 5)]


def le(mois: int, quantieme: int, annee: int = 2026) -> datetime.datetime:
    return datetime.datetime(annee, mois, quantieme, 9, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("maintenant", "changements", "attendu"),
    [
        (
            MAINTENANT,
            {"date_ouverture": jour(11, 10)},
            {
                "date_ouverture": [
                    "La campagne est ouverte depuis le 15\u00a0septembre 2026\u00a0: ce jour ne change plus."
                ]
            },
        ),
        (
            MAINTENANT,
            {"date_cloture": jour(11, 2)},
            {"date_cloture": ["Cette date est passée\u00a0: choisissez aujourd'hui ou un jour à venir."]},
        ),
        (le(9, 1), {"date_cloture": jour(9, 10)}, {"__all__": ["La clôture ne peut pas précéder l'ouverture."]}),
        (
            le(12, 28),
            {"jours_de_correction": 9},
            {"jours_de_correction": ["Des établissements corrigent encore\u00a0: gardez au moins 10\u00a0jours."]},
        ),
    ],
)
def test_une_modification_refusee_dit_pourquoi_et_ne_change_rien(
    monde, ouverte, clotures, maintenant, changements, attendu
):
    assert refus(lambda: modifier(monde, ouverte, maintenant=maintenant, **changements)) == attendu
    ouverte.refresh_from_db()
    assert Reglages.de(ouverte) == Reglages(jour(9, 15), jour(12, 18), 15)
    assert set(clotures().values()) == {jour(12, 18)}


@pytest.mark.parametrize(
    ("maintenant", "changements"),
    [
        (le(9, 14), {"date_ouverture": jour(9, 20)}),
        (MAINTENANT, {"date_cloture": jour(11, 3)}),
        (le(12, 28), {"jours_de_correction": 10}),
        (le(12, 28), {"jours_de_correction": 30}),
        (le(1, 10, 2027), {"date_cloture": jour(1, 31, 2027)}),  # opened again once over
    ],
)
def test_une_modification_possible(monde, ouverte, maintenant, changements):
    voulus = Reglages(**vars(Reglages.de(ouverte)) | changements)
    modifier(monde, ouverte, maintenant=maintenant, **changements)
    ouverte.refresh_from_db()
    assert Reglages.de(ouverte) == voulus


def test_les_corrections_d_un_district_prolonge_ne_s_ecourtent_pas_non_plus(monde, ouverte):
    prolonger(monde, ouverte, jour(1, 15, 2027))
    dit = refus(lambda: modifier(monde, ouverte, maintenant=le(1, 20, 2027), jours_de_correction=4))
    assert dit == {"jours_de_correction": ["Des établissements corrigent encore\u00a0: gardez au moins 5\u00a0jours."]}


def test_deux_personnes_modifient_la_seconde_est_prevenue(client, monde, referentiel, envoi):
    client.force_login(monde.rectorat)
    client.post(reverse("campagnes"), envoi())
    campagne = Campagne.objects.get()
    adresse = reverse("campagne_modifier", args=[campagne.pk])
    page = html.fromstring(client.get(adresse).content)
    lu = dict(next(f for f in page.forms if "vu" in f.fields).form_values())
    modifier(monde, campagne, date_cloture=jour(12, 20, AN))
    reponse = client.post(adresse, lu | {"date_cloture": f"{AN}-12-22"})
    assert reponse.status_code == 422
    assert (
        f"Une autre personne vient de changer cette campagne : du 15 septembre {AN} au 20 décembre {AN}, "
        "10 jours de correction. Relisez vos dates." in texte(reponse)
    )
    page = html.fromstring(reponse.content)
    renvoi = dict(next(f for f in page.forms if "vu" in f.fields).form_values())
    assert (renvoi["date_cloture"], renvoi["vu"]) == (f"{AN}-12-22", f"{AN}-09-15/{AN}-12-20/10")
    assert client.post(adresse, renvoi).status_code == 302
    campagne.refresh_from_db()
    assert campagne.date_cloture == jour(12, 22, AN)


def test_sans_ce_qui_etait_lu_rien_ne_change(client, monde, envoi):
    client.force_login(monde.rectorat)
    client.post(reverse("campagnes"), envoi())
    campagne = Campagne.objects.get()
    donnees = {"date_ouverture": f"{AN}-09-15", "date_cloture": f"{AN}-12-22", "jours_de_correction": "10"}
    reponse = client.post(reverse("campagne_modifier", args=[campagne.pk]), donnees)
    campagne.refresh_from_db()
    assert (reponse.status_code, campagne.date_cloture) == (422, jour(12, 18, AN))
    with pytest.raises(ValidationError) as refuse:
        modifier(monde, campagne, vu="autre chose", date_cloture=jour(12, 22, AN))
    assert refuse.value.code == CHANGEE_ENTRE_TEMPS


def test_la_page_dit_combien_d_ecoles_sont_concernees_et_ce_qui_ne_change_plus(client, monde, ouverte):
    client.force_login(monde.rectorat)
    page = client.get(reverse("campagne_modifier", args=[ouverte.pk]))
    assert "3 établissements sont concernés" in texte(page)
    formulaire = next(f for f in html.fromstring(page.content).forms if "vu" in f.fields)
    ouverture_a_venir = timezone.localdate() < ouverte.date_ouverture
    assert ("date_ouverture" in formulaire.fields) == ouverture_a_venir


# --- Extending for a district ---------------------------------------------------------------------------
def test_prolonger_puis_allonger_puis_retirer(monde, ouverte, clotures):
    janvier, fevrier = jour(1, 15, 2027), jour(2, 1, 2027)
    assert prolonger(monde, ouverte, janvier) == 2
    assert clotures() == {"Collège du Test": janvier, "Collège voisin": janvier, "Collège lointain": jour(12, 18)}
    assert prolonger(monde, ouverte, janvier) == 0  # sent twice
    assert prolonger(monde, ouverte, fevrier, motif="Cyclone, puis crue") == 2
    prolongation = Prolongation.objects.get()
    assert (prolongation.district, prolongation.date_cloture, prolongation.motif, prolongation.accordee_par) == (
        monde.district,
        fevrier,
        "Cyclone, puis crue",
        monde.rectorat,
    )
    assert prolongation.accordee_le == MAINTENANT
    assert retirer_prolongation(prolongation=prolongation, auteur=monde.rectorat, maintenant=MAINTENANT) == 2
    assert (Prolongation.objects.count(), set(clotures().values())) == (0, {jour(12, 18)})


def test_une_ecole_qui_arrive_apres_a_la_date_de_son_district(monde, ouverte, clotures):
    prolonger(monde, ouverte, jour(1, 15, 2027))
    ecole = un_etablissement("0980012F", "Collège neuf", monde.college.departement, district=monde.district)
    commencer_diagnostic(etablissement=ecole, campagne=ouverte, auteur=monde.rectorat, maintenant=MAINTENANT)
    assert clotures()["Collège neuf"] == jour(1, 15, 2027)


@pytest.mark.parametrize(
    ("cloture", "phrase"),
    [
        (jour(11, 2), "Cette date est passée\u00a0: choisissez aujourd'hui ou un jour à venir."),
        (
            jour(12, 18),
            "La campagne se termine le 18\u00a0décembre 2026\u00a0: une prolongation va au-delà.",
        ),
        (
            jour(1, 14, 2027),
            "District 1 a déjà jusqu'au 15\u00a0janvier 2027\u00a0: une prolongation s'allonge, "
            "elle ne se raccourcit pas. Vous pouvez la retirer.",
        ),
        (
            jour(9, 1, 2027),
            "La clôture se place dans l'année scolaire 2026-2027, du 1er\u00a0septembre 2026 au 31\u00a0août 2027.",
        ),
    ],
)
def test_une_prolongation_refusee_dit_pourquoi(monde, ouverte, clotures, cloture, phrase):
    prolonger(monde, ouverte, jour(1, 15, 2027))
    avant = clotures()
    assert refus(lambda: prolonger(monde, ouverte, cloture)) == {"date_cloture": [phrase]}
    assert clotures() == avant


def test_un_district_d_une_autre_academie_n_est_pas_prolonge(monde, ouverte):
    ailleurs = monde.autre_academie.districts.create(nom="Nord")
    dit = refus(lambda: prolonger(monde, ouverte, jour(1, 15, 2027), district=ailleurs))
    assert dit == {"date_cloture": ["Ces établissements sont d'une autre académie que la campagne."]}


def test_une_prolongation_en_cours_ne_se_retire_pas(monde, ouverte, clotures):
    """Schools were told a date: they are not stopped in the middle of it."""
    prolonger(monde, ouverte, jour(1, 15, 2027))
    prolongation = Prolongation.objects.get()
    dit = refus(lambda: retirer_prolongation(prolongation=prolongation, auteur=monde.rectorat, maintenant=le(12, 19)))
    assert dit == (
        "La campagne s'est terminée le 18\u00a0décembre 2026\u00a0: sans prolongation, ces établissements seraient "
        "arrêtés sur-le-champ. Elle reste."
    )
    assert clotures()["Collège du Test"] == jour(1, 15, 2027)


def test_le_rectorat_prolonge_et_retire_a_l_ecran(client, monde, envoi):
    client.force_login(monde.rectorat)
    client.post(reverse("campagnes"), envoi())
    campagne = Campagne.objects.get()
    adresse = reverse("campagne_prolonger", args=[campagne.pk])
    choix = html.fromstring(client.get(adresse, {"district": monde.district.pk}).content)
    assert [(" ".join(o.text.split()), o.get("selected")) for o in choix.get_element_by_id("id_district")] == [
        ("Choisissez", None),
        ("District 1 (2 établissements)", "selected"),
        ("District 2 (1 établissement)", None),
    ]
    donnees = {"district": monde.district.pk, "date_cloture": f"{AN + 1}-01-15", "motif": "=Cyclone"}
    for manque in donnees:
        assert client.post(adresse, donnees | {manque: ""}).status_code == 422
    suivi = client.post(adresse, donnees, follow=True)
    assert "La prolongation est accordée : 2 établissements ont une nouvelle date." in texte(suivi)
    prolongation = Prolongation.objects.get()
    accordee = " ".join(
        html.fromstring(suivi.content).get_element_by_id("prolongations").getparent().text_content().split()
    )
    for dit in ("District 1", f"15 janvier {AN + 1}", "=Cyclone", "par Rose Rectorat"):
        assert dit in accordee
    retirer = reverse("prolongation_retirer", args=[campagne.pk, prolongation.pk])
    assert "2 établissements avaient jusqu'au" in texte(client.get(retirer))
    assert "La prolongation est retirée : 2 établissements ont une nouvelle date." in texte(
        client.post(retirer, follow=True)
    )
    assert "Cette prolongation est déjà retirée." in texte(client.post(retirer, follow=True))


def test_une_prolongation_ne_se_retire_que_par_sa_campagne(client, monde, ouverte, referentiel):
    prolonger(monde, ouverte, jour(1, 15, 2027))
    autre = ouvrir_campagne(
        academie=monde.autre_academie,
        annee_scolaire="2026-2027",
        referentiel=referentiel,
        date_ouverture=jour(9, 15),
        date_cloture=jour(12, 18),
        auteur=None,
    )
    client.force_login(monde.rectorat_ailleurs)
    client.post(reverse("prolongation_retirer", args=[autre.pk, Prolongation.objects.get().pk]))
    assert Prolongation.objects.count() == 1


def test_sans_district_la_page_dit_quoi_faire(client, monde, referentiel):
    campagne = ouvrir_campagne(
        academie=monde.autre_academie,
        annee_scolaire=ANNEE,
        referentiel=referentiel,
        date_ouverture=jour(9, 15, AN),
        date_cloture=jour(12, 18, AN),
        auteur=None,
    )
    client.force_login(monde.rectorat_ailleurs)
    page = texte(client.get(reverse("campagne_prolonger", args=[campagne.pk])))
    assert "Cette académie n'a encore aucun district" in page
