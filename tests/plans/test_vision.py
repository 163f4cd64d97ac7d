"""The « pourquoi »: a vision that two people may write at once, and aims beside what was signed."""

import datetime
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from plans.domain.vision import VIDE, SaisieVision, ecrire_vision, fixer_objectif, lire_vision, retirer_objectif
from plans.models import Objectif, Vision
from plans.queries.vision import pourquoi
from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante
from strategie.socle.domain.empechement import Empeche
from strategie.socle.domain.fusion import Conflit

MAINTENANT = datetime.datetime(2031, 3, 3, 10, 0, tzinfo=datetime.UTC)
ANNEE = "2030-2031"


def ecrire(monde, saisie, base=VIDE, auteur=None):
    return ecrire_vision(
        etablissement=monde.college, base=base, saisie=saisie, auteur=auteur or monde.chef, maintenant=MAINTENANT
    )


def fixer(monde, champ="PIL", annee=ANNEE, palier=2, raison=""):
    return fixer_objectif(
        etablissement=monde.college,
        champ=champ,
        annee=annee,
        palier=palier,
        raison=raison,
        auteur=monde.chef,
        maintenant=MAINTENANT,
    )


def test_ce_que_deux_personnes_ecrivent_a_part_se_rejoint(monde):
    ecrire(monde, SaisieVision("La réussite", "", "", ""))
    base = SaisieVision("La réussite", "", "", "")
    assert ecrire(monde, SaisieVision("La réussite", "Chercher", "", ""), base) == {}
    assert ecrire(monde, SaisieVision("La réussite", "", "Un seul outil", ""), base, monde.referent) == {}
    vision = Vision.objects.get()
    assert lire_vision(vision) == SaisieVision("La réussite", "Chercher", "Un seul outil", "")
    assert (vision.version, vision.modifiee_par, vision.modifiee_le) == (3, monde.referent, MAINTENANT)


def test_ce_que_deux_personnes_ecrivent_au_meme_endroit_se_montre(monde):
    ecrire(monde, SaisieVision("Elle", "", "", ""))
    conflits = ecrire(monde, SaisieVision("Moi", "Chercher", "", ""), VIDE, monde.referent)
    assert conflits == {"valeurs": Conflit(base="", mien="Moi", actuel="Elle")}
    assert lire_vision(Vision.objects.get()) == SaisieVision("Elle", "", "", "")  # nothing was written


def test_enregistrer_sans_rien_changer_n_ecrit_rien(monde):
    ecrire(monde, SaisieVision("Elle", "", "", ""))
    ecrire(monde, SaisieVision("Elle", "", "", ""), SaisieVision("Elle", "", "", ""), monde.referent)
    assert (Vision.objects.get().version, Vision.objects.get().modifiee_par) == (1, monde.chef)


def test_un_objectif_fixe_de_nouveau_remplace_le_premier(monde):
    fixer(monde, palier=2)
    fixer(monde, palier=3, raison="On peut")
    objectif = Objectif.objects.get()
    assert (objectif.champ, objectif.palier_vise, objectif.raison) == ("PIL", 3, "On peut")


def test_pas_plus_de_cinq_objectifs_a_venir(monde):
    fixer_objectif(
        etablissement=monde.college,
        champ="PIL",
        annee="2028-2029",
        palier=1,
        raison="",
        auteur=monde.chef,
        maintenant=MAINTENANT - datetime.timedelta(days=730),
    )
    for champ in ("PIL", "FOR", "RES", "PED", "INF"):
        fixer(monde, champ)
    fixer(monde, "INF", palier=3)  # the same one
    with pytest.raises(Empeche, match="déjà 5 objectifs"):
        fixer(monde, "EQU")
    retirer_objectif(objectif=Objectif.objects.get(champ="PIL", annee_scolaire=ANNEE), auteur=monde.chef)
    assert fixer(monde, "EQU").champ == "EQU"


@pytest.mark.parametrize("annee", ["2029-2030", "2036-2037", "2031-2033", "2031", ""])
def test_un_objectif_est_a_venir_et_pas_trop_loin(monde, annee):
    with pytest.raises(Empeche, match="cette année scolaire ou l'une des 5 suivantes"):
        fixer(monde, annee=annee)
    assert not Objectif.objects.exists()


def test_un_objectif_se_mesure_au_diagnostic_signe(dossier):
    """Last year's copy is « oui » everywhere: palier 3."""
    monde, maintenant = dossier.monde, timezone.now()
    suivante = annee_suivante(annee_scolaire(timezone.localdate(maintenant)))
    fixer_objectif(
        etablissement=monde.college,
        champ="PIL",
        annee=suivante,
        palier=3,
        raison="",
        auteur=monde.chef,
        maintenant=maintenant,
    )
    (suivi,) = pourquoi(monde.college).objectifs
    assert (suivi.champ, suivi.palier, suivi.atteint, suivi.reste) == (
        "Pilotage, impulsion et organisation",
        3,
        True,
        0,
    )


# --- Screens ------------------------------------------------------------------------------------------
def test_la_page_dit_quoi_faire_puis_ce_que_l_on_veut(client, monde, referentiel):
    client.force_login(monde.chef)
    vide = client.get(reverse("pourquoi", args=[monde.college.uai])).content.decode()
    assert "La vision n'est pas encore écrite" in vide.replace("&#x27;", "'")
    assert "Écrire la vision" in vide
    adresse = reverse("vision_modifier", args=[monde.college.uai])
    envoi = dict.fromkeys(("valeurs", "eleves", "equipes", "limites"), "")
    envoi |= {f"lu-{nom}": "" for nom in envoi}
    assert client.post(adresse, envoi | {"eleves": "Savoir <chercher>"}).status_code == 302
    page = client.get(reverse("pourquoi", args=[monde.college.uai])).content.decode()
    assert "Savoir &lt;chercher&gt;" in page


def test_un_conflit_montre_les_deux_textes_et_se_rejoue(client, monde):
    ecrire(monde, SaisieVision("Elle", "", "", ""))
    client.force_login(monde.referent)
    adresse = reverse("vision_modifier", args=[monde.college.uai])
    envoi = dict.fromkeys(("valeurs", "eleves", "equipes", "limites"), "")
    envoi |= {f"lu-{nom}": "" for nom in envoi} | {"valeurs": "Moi"}
    reponse = client.post(adresse, envoi)
    page = reponse.content.decode()
    assert (reponse.status_code, "Elle" in page, "Moi" in page) == (409, True, True)
    assert client.post(adresse, envoi | {"lu-valeurs": "Elle"}).status_code == 302
    assert Vision.objects.get().valeurs == "Moi"


def test_un_texte_trop_long_est_refuse_a_sa_place(client, monde):
    client.force_login(monde.chef)
    envoi = dict.fromkeys(("valeurs", "eleves", "equipes", "limites"), "")
    envoi |= {f"lu-{nom}": "" for nom in envoi} | {"limites": "x" * 3001}
    reponse = client.post(reverse("vision_modifier", args=[monde.college.uai]), envoi)
    assert reponse.status_code == 422
    assert "dépasse 3\u202f000 caractères" in reponse.content.decode()
    assert not Vision.objects.exists()


def test_un_objectif_se_fixe_et_se_retire(client, monde, referentiel):
    client.force_login(monde.chef)
    annee = annee_scolaire(timezone.localdate())
    envoi = {"champ": "EQU", "palier": "2", "annee": annee, "raison": ""}
    assert client.post(reverse("objectif_fixer", args=[monde.college.uai]), envoi | {"palier": "4"}).status_code == 422
    assert client.post(reverse("objectif_fixer", args=[monde.college.uai]), envoi).status_code == 302
    objectif = Objectif.objects.get()
    page = client.get(reverse("pourquoi", args=[monde.college.uai])).content.decode()
    assert f"palier&nbsp;2 en {annee}" in page
    assert client.post(reverse("objectif_retirer", args=[monde.college.uai, objectif.pk])).status_code == 302
    assert not Objectif.objects.exists()


def test_l_historique_de_la_vision_nomme_les_champs(client, monde, referentiel):
    ecrire(monde, SaisieVision("La réussite", "", "", ""))
    fixer(monde, "EQU")
    client.force_login(monde.lectrice)
    for sorte, objet in (("vision", Vision), ("objectif", Objectif)):
        page = client.get(reverse("historique", args=[monde.college.uai, sorte, objet.objects.get().pk]))
        assert referentiel.champs.get(code="EQU").libelle in unescape(page.content.decode())
        assert "EQU" not in page.content.decode()


def test_les_memes_requetes_pour_un_objectif_ou_trois(client, monde, referentiel):
    client.force_login(monde.chef)
    nombres = []
    for champ in ("PIL", "FOR", "RES"):
        fixer_objectif(
            etablissement=monde.college,
            champ=champ,
            annee=annee_scolaire(timezone.localdate()),
            palier=1,
            raison="",
            auteur=monde.chef,
            maintenant=timezone.now(),
        )
        nombres.append(len(client.get(reverse("pourquoi", args=[monde.college.uai])).requetes))
    assert nombres == [nombres[0]] * 3
    assert nombres[0] <= 8
