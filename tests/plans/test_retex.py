"""Returns of experience: noted once, merged, shared without the school's name, found by words and theme."""

import datetime
import uuid
from dataclasses import replace

import pytest
from django.urls import reverse

from plans.domain.retex import SaisieConstat, dire_utile, lire_constat, modifier_constat, noter_constat
from plans.interfaces.retex import NouveauConstatForm
from plans.models import Constat, UtileChezNous
from plans.queries.retex import PAR_PAGE, partages_du_district
from strategie.socle.domain.empechement import Empeche
from strategie.socle.domain.fusion import Conflit
from tests.plans.plans import un_besoin

MAINTENANT = datetime.datetime(2031, 3, 3, 10, 0, tzinfo=datetime.UTC)
PANNES = SaisieConstat("irritant", "acces", "professeurs", "Pannes chaque mois", "", "non")


def noter(etablissement, auteur, saisie=PANNES, cle=None, **champs):
    return noter_constat(
        etablissement=etablissement,
        saisie=replace(saisie, **champs),
        cle=cle or uuid.uuid4(),
        auteur=auteur,
        maintenant=MAINTENANT,
    )


def dire(monde, constat, utile=True, etablissement=None):
    dire_utile(
        constat=constat,
        etablissement=etablissement or monde.voisin_college,
        utile=utile,
        auteur=monde.voisin,
        maintenant=MAINTENANT,
    )


def partages(etablissement, **filtres):
    return [constat.texte for constat in partages_du_district(etablissement, **filtres).constats]


def test_un_envoi_recu_deux_fois_est_un_seul_constat(monde):
    cle = uuid.uuid4()
    premier = noter(monde.college, monde.chef, cle=cle)
    assert noter(monde.college, monde.chef, cle=cle) == premier
    assert lire_constat(Constat.objects.get()) == PANNES
    assert (premier.annee_scolaire, premier.cree_par) == ("2030-2031", monde.chef)


def test_deux_changements_se_rejoignent_ou_se_montrent(monde):
    constat = noter(monde.college, monde.chef)
    for saisie, auteur in (
        (replace(PANNES, source="eleves"), monde.chef),
        (replace(PANNES, texte="Pannes chaque semaine"), monde.referent),
    ):
        assert modifier_constat(constat=constat, base=PANNES, saisie=saisie, auteur=auteur, maintenant=MAINTENANT) == {}
    constat.refresh_from_db()
    assert lire_constat(constat) == replace(PANNES, source="eleves", texte="Pannes chaque semaine")
    conflits = modifier_constat(
        constat=constat,
        base=PANNES,
        saisie=replace(PANNES, texte="Plus de pannes"),
        auteur=monde.chef,
        maintenant=MAINTENANT,
    )
    assert conflits == {"texte": Conflit("Pannes chaque mois", "Plus de pannes", "Pannes chaque semaine")}


def test_le_district_ne_voit_que_ce_qui_est_partage(monde):
    noter(monde.college, monde.chef, texte="Gardé", partage="non")
    noter(monde.college, monde.chef, texte="Partagé", partage="anonyme")
    noter(monde.lointain, monde.chef, texte="D'un autre district", partage="nomme")
    corbeille = noter(monde.college, monde.chef, texte="Jeté", partage="nomme")
    Constat.objects.filter(pk=corbeille.pk).update(supprime_le=MAINTENANT, supprime_par=monde.chef)
    assert partages(monde.voisin_college) == ["Partagé"]
    assert partages(monde.ailleurs) == []


def test_la_recherche_pardonne_les_accents_et_suit_le_theme(monde):
    noter(monde.college, monde.chef, texte="Réseau lent à l'étage", partage="anonyme")
    noter(monde.college, monde.chef, texte="Réserver un chariot", theme="gouvernance", partage="anonyme")
    assert partages(monde.voisin_college, texte="RESEAU etage") == ["Réseau lent à l'étage"]
    assert partages(monde.voisin_college, texte="re", theme="gouvernance") == ["Réserver un chariot"]
    assert partages(monde.voisin_college, texte="%") == []


def test_la_bibliotheque_se_lit_page_a_page(monde):
    for numero in range(PAR_PAGE + 2):
        noter(monde.college, monde.chef, texte=f"Constat {numero}", partage="anonyme")
    page = partages_du_district(monde.voisin_college)
    suite = partages_du_district(monde.voisin_college, apres=page.suivante)
    assert len(page.constats) == PAR_PAGE
    assert [constat.texte for constat in suite.constats] == ["Constat 1", "Constat 0"]
    assert suite.suivante == ""


def test_utile_chez_nous_compte_une_fois_par_etablissement(monde):
    constat = noter(monde.college, monde.chef, partage="anonyme")
    dire(monde, constat)
    dire(monde, constat)
    assert UtileChezNous.objects.count() == 1
    dire(monde, constat, utile=False)
    assert not UtileChezNous.objects.exists()


def test_on_ne_se_dit_pas_utile_a_soi_meme_ni_hors_du_district(monde):
    constat = noter(monde.college, monde.chef, partage="anonyme")
    with pytest.raises(Empeche, match="qu'il a noté"):
        dire(monde, constat, etablissement=monde.college)
    for autre in (monde.lointain, monde.ailleurs):
        with pytest.raises(Empeche, match="n'est pas, ou n'est plus, partagé"):
            dire(monde, constat, etablissement=autre)


# --- Screens ------------------------------------------------------------------------------------------
def test_chacun_note_et_ne_modifie_que_le_sien(client, monde):
    client.force_login(monde.lectrice)
    envoi = {**PANNES.__dict__, "cle": str(uuid.uuid4())}
    assert client.post(reverse("retex_noter", args=[monde.college.uai]), envoi).status_code == 302
    autre = noter(monde.college, monde.chef, texte="Du chef")
    sien = Constat.objects.get(cree_par=monde.lectrice)
    assert client.get(reverse("retex_modifier", args=[monde.college.uai, sien.pk])).status_code == 200
    assert client.get(reverse("retex_modifier", args=[monde.college.uai, autre.pk])).status_code == 403
    change = PANNES.__dict__ | {f"lu-{nom}": valeur for nom, valeur in PANNES.__dict__.items()} | {"texte": "Réparé"}
    assert client.post(reverse("retex_modifier", args=[monde.college.uai, sien.pk]), change).status_code == 302
    page = client.get(reverse("retex", args=[monde.college.uai])).content.decode()
    assert ("Réparé" in page, "Du chef" in page) == (True, True)


def test_ce_qui_manque_est_dit_a_sa_place(client, monde):
    client.force_login(monde.chef)
    envoi = {**PANNES.__dict__, "cle": str(uuid.uuid4()), "texte": "", "lien": "pas un lien", "theme": "inconnu"}
    reponse = client.post(reverse("retex_noter", args=[monde.college.uai]), envoi)
    page = reponse.content.decode()
    assert reponse.status_code == 422
    for phrase in ("Dites en deux ou trois lignes", "adresse web complète", "pas dans la liste proposée"):
        assert phrase in page
    assert not Constat.objects.exists()


@pytest.mark.parametrize("lien", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_un_lien_dangereux_n_est_pas_garde(lien):
    formulaire = NouveauConstatForm({**PANNES.__dict__, "cle": str(uuid.uuid4()), "lien": lien}, tenu={}, nouveau=True)
    assert list(formulaire.errors) == ["lien"]


def test_la_bibliotheque_tait_le_nom_de_l_etablissement(client, monde):
    noter(monde.college, monde.chef, texte="Sans nom", partage="anonyme", lien="https://college-du-test.exemple/")
    client.force_login(monde.voisin)
    adresse = reverse("retex_partages", args=[monde.voisin_college.uai])
    page = client.get(adresse).content.decode()
    assert "Sans nom" in page
    assert "Collège du Test" not in page
    assert "college-du-test" not in page
    noter(monde.college, monde.chef, texte="Avec nom", partage="nomme")
    assert "Collège du Test" in client.get(adresse).content.decode()


def test_utile_chez_nous_se_dit_d_un_clic(client, monde):
    constat = noter(monde.college, monde.chef, partage="anonyme")
    client.force_login(monde.voisin)
    adresse = reverse("retex_utile", args=[monde.voisin_college.uai, constat.pk])
    assert client.post(adresse, {"utile": "oui"}).status_code == 302
    assert UtileChezNous.objects.get().etablissement == monde.voisin_college
    cache = noter(monde.college, monde.chef)
    assert client.post(reverse("retex_utile", args=[monde.voisin_college.uai, cache.pk])).status_code == 404


def test_retirer_dit_les_besoins_qui_reposent_sur_lui(client, monde):
    constat = noter(monde.college, monde.chef)
    un_besoin(monde.college, constats=[constat])
    client.force_login(monde.chef)
    adresse = reverse("retex_retirer", args=[monde.college.uai, constat.pk])
    assert "Un besoin repose sur lui" in client.get(adresse).content.decode()
    assert client.post(adresse).status_code == 302
    assert Constat.objects.get().supprime_par == monde.chef
    assert client.get(adresse).status_code == 404


@pytest.mark.parametrize("page", ["retex", "retex_partages"])
def test_les_memes_requetes_pour_un_constat_ou_trois(client, monde, page):
    client.force_login(monde.chef)
    nombres = []
    for numero in range(3):
        constat = noter(monde.college, monde.chef, texte=f"Constat {numero}", partage="anonyme")
        un_besoin(monde.college, constats=[constat])
        noter(monde.voisin_college, monde.voisin, texte=f"Voisin {numero}", partage="anonyme")
        nombres.append(len(client.get(reverse(page, args=[monde.college.uai])).requetes))
    assert nombres == [nombres[0]] * 3
