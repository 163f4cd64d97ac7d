"""Signing: what is frozen, what is refused, what a second signature gives."""

import datetime
import hashlib
import json

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from diagnostic.domain.contenu import empreinte, json_canonique
from diagnostic.domain.cotation import Valeur
from diagnostic.domain.preuves import ajouter_preuve
from diagnostic.domain.reponses import Saisie, enregistrer_reponse
from diagnostic.domain.signature import rouvrir_diagnostic, signer_diagnostic
from diagnostic.models import Campagne, CopieSignee, Diagnostic, VoteReunion
from diagnostic.queries.contenu import contenu_du_diagnostic
from diagnostic.queries.copies import resultats_signes
from diagnostic.queries.etat import etat_du_diagnostic
from strategie.socle.domain.empechement import Empeche


def lu(diagnostic: Diagnostic, maintenant: datetime.datetime | None = None) -> str:
    """The fingerprint that the check page carries, today or at `maintenant`."""
    jour = diagnostic.campagne.jour_local(maintenant or timezone.now())
    return empreinte(json_canonique(contenu_du_diagnostic(etat_du_diagnostic(diagnostic), jour)))


def pdf_court(contenu, sha256):
    return f"%PDF {contenu['version']} {sha256}".encode()


@pytest.fixture
def signer(monde, maintenant):
    def signer(diagnostic, **changements):
        diagnostic.refresh_from_db()
        arguments = {
            "version": diagnostic.version,
            "lu": lu(diagnostic),
            "nom": "Claire Chef",
            "fonction": "Principale",
            "auteur": monde.chef,
            "maintenant": maintenant,
            "rendre_pdf": pdf_court,
        }
        return signer_diagnostic(diagnostic=diagnostic, **(arguments | changements))

    return signer


def test_tout_oui_est_au_palier_3_partout(brouillon, tout_repondre, signer):
    tout_repondre(brouillon)
    copie = signer(brouillon)
    champs = json.loads(copie.contenu)["champs"]
    assert [(c["code"], c["resultat"]["palier"], c["resultat"]["manquants"]) for c in champs] == [
        (code, 3, []) for code in ("PIL", "FOR", "RES", "PED", "INF", "EQU")
    ]


def test_un_indispensable_non_ramene_le_champ_a_0(brouillon, tout_repondre, signer):
    tout_repondre(brouillon, sauf={"PIL-1-4": Valeur.non, "PIL-1-2": Valeur.en_partie})
    resultats = resultats_signes(signer(brouillon))
    assert [champ.palier for champ in resultats.champs] == [0, 3, 3, 3, 3, 3]
    assert [manquant["code"] for manquant in resultats.champs[0].manquants] == ["PIL-1-4", "PIL-1-2"]


def test_la_copie_porte_ses_empreintes_et_ne_bouge_plus(brouillon, tout_repondre, signer):
    tout_repondre(brouillon)
    copie = signer(brouillon)
    assert copie.sha256_contenu == hashlib.sha256(copie.contenu.encode()).hexdigest()
    assert copie.sha256_pdf == hashlib.sha256(bytes(copie.pdf)).hexdigest()
    assert bytes(copie.pdf) == f"%PDF 1 {copie.sha256_contenu}".encode()
    with pytest.raises(DatabaseError), transaction.atomic():
        CopieSignee.objects.filter(pk=copie.pk).update(contenu="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        CopieSignee.objects.filter(pk=copie.pk).delete()
    assert CopieSignee.objects.get(pk=copie.pk).contenu == copie.contenu


def test_signer_deux_fois_rend_la_meme_copie(brouillon, tout_repondre, signer):
    tout_repondre(brouillon)
    copie = signer(brouillon)
    encore = signer(brouillon, nom="Un autre nom", version=1, lu="peu importe")
    assert (encore.pk, encore.nom_signataire) == (copie.pk, "Claire Chef")
    assert CopieSignee.objects.count() == 1


def test_ce_qui_a_change_depuis_la_lecture_n_est_pas_signe(monde, brouillon, tout_repondre, signer, maintenant):
    tout_repondre(brouillon)
    avant = lu(brouillon)
    enregistrer_reponse(
        diagnostic=brouillon,
        saisie=Saisie("PIL-1-1", "non", "", "", 1),
        auteur=monde.referent,
        maintenant=maintenant,
    )
    with pytest.raises(Empeche, match="Des réponses ont changé"):
        signer(brouillon, lu=avant)
    brouillon.refresh_from_db()
    assert (brouillon.etat, CopieSignee.objects.count()) == ("brouillon", 0)


def test_des_indispensables_sans_reponse_se_signent_et_se_disent(monde, brouillon, signer, maintenant):
    enregistrer_reponse(
        diagnostic=brouillon, saisie=Saisie("PIL-1-2", "oui", "", "", 0), auteur=monde.chef, maintenant=maintenant
    )
    contenu = json.loads(signer(brouillon).contenu)
    bloquants = sum(i["bloquant"] for champ in contenu["champs"] for i in champ["indicateurs"])
    assert contenu["compte"] == {
        "concernes": 82,
        "repondus": 1,
        "inconnus": 0,
        "bloquants_sans_reponse": bloquants,
    }
    assert [champ["resultat"]["non_etabli"] for champ in contenu["champs"]] == [True] * 6


def test_sans_aucune_reponse_il_n_y_a_rien_a_signer(brouillon, signer):
    with pytest.raises(Empeche, match="rien à signer"):
        signer(brouillon)


def test_hors_des_dates_de_la_campagne(monde, brouillon, tout_repondre, signer):
    tout_repondre(brouillon)
    demain = brouillon.campagne.date_cloture
    Campagne.objects.update(date_ouverture=demain)
    with pytest.raises(Empeche, match="La campagne ouvre le"):
        signer(brouillon)
    hier = datetime.date(2001, 10, 1)
    Campagne.objects.update(date_ouverture=hier, date_cloture=hier)
    Diagnostic.objects.update(date_cloture=hier)
    with pytest.raises(Empeche, match="La campagne s'est terminée le 1er\xa0octobre 2001"):
        signer(brouillon)
    assert CopieSignee.objects.count() == 0


def test_rouvrir_fait_une_version_2_et_garde_la_premiere(monde, brouillon, tout_repondre, signer, maintenant):
    tout_repondre(brouillon)
    premiere = signer(brouillon)
    rouvert = rouvrir_diagnostic(
        diagnostic=brouillon, motif=" Une réponse était fausse. ", auteur=monde.chef, maintenant=maintenant
    )
    assert (rouvert.etat, rouvert.version, rouvert.motif_reouverture) == ("rouvert", 2, "Une réponse était fausse.")
    enregistrer_reponse(
        diagnostic=rouvert, saisie=Saisie("PIL-1-1", "non", "", "", 1), auteur=monde.chef, maintenant=maintenant
    )
    seconde = signer(brouillon)
    contenu = json.loads(seconde.contenu)
    assert (contenu["version"], contenu["motif_reouverture"]) == (2, "Une réponse était fausse.")
    assert contenu["champs"][0]["resultat"]["palier"] == 0
    gardee = CopieSignee.objects.get(pk=premiere.pk)
    assert (gardee.sha256_pdf, gardee.sha256_contenu) == (premiere.sha256_pdf, premiere.sha256_contenu)
    assert list(brouillon.copies.values_list("version", flat=True)) == [2, 1]


def test_rouvrir_se_refuse(monde, brouillon, tout_repondre, signer, maintenant):
    demande = {"diagnostic": brouillon, "auteur": monde.chef, "maintenant": maintenant}
    with pytest.raises(Empeche, match="déjà ouvert"):
        rouvrir_diagnostic(motif="Pour voir", **demande)
    tout_repondre(brouillon)
    signer(brouillon)
    with pytest.raises(Empeche, match="Dites pourquoi"):
        rouvrir_diagnostic(motif="  ", **demande)
    brouillon.refresh_from_db()
    assert (brouillon.etat, brouillon.version) == ("soumis", 1)


def test_une_panne_du_pdf_ne_signe_rien(brouillon, tout_repondre, signer):
    tout_repondre(brouillon)

    def en_panne(contenu, sha256):
        raise MemoryError

    with pytest.raises(MemoryError):
        signer(brouillon, rendre_pdf=en_panne)
    brouillon.refresh_from_db()
    assert (brouillon.etat, CopieSignee.objects.count()) == ("brouillon", 0)


def test_une_preuve_qui_passe_24_mois_a_minuit_se_relit(monde, brouillon, tout_repondre, signer, maintenant):
    """The page was read the evening before: what is signed says the age of the proof on the day of the signature."""
    tout_repondre(brouillon)
    jour = brouillon.campagne.jour_local(maintenant)
    indicateur = brouillon.reponses.get(indicateur__code="PIL-1-1").indicateur
    ajouter_preuve(
        diagnostic=brouillon,
        indicateur=indicateur,
        intitule="Lettre de mission",
        date_piece=jour.replace(year=jour.year - 2, day=min(jour.day, 28)),
        lien="https://exemple.invalid/lettre",
        piece=None,
        auteur=monde.chef,
        maintenant=maintenant,
    )
    veille = maintenant - datetime.timedelta(days=jour.day - min(jour.day, 28))
    lendemain = veille + datetime.timedelta(days=1)
    with pytest.raises(Empeche, match="Des réponses ont changé"):
        signer(brouillon, lu=lu(brouillon, veille), maintenant=lendemain)
    contenu = json.loads(signer(brouillon, lu=lu(brouillon, lendemain), maintenant=lendemain).contenu)
    premier = contenu["champs"][0]["indicateurs"][0]
    assert [(p["intitule"], p["ancienne"]) for p in premier["preuves"]] == [("Lettre de mission", True)]


def test_un_vote_est_fige_avec_le_jour_de_l_academie(monde, brouillon, tout_repondre, signer, maintenant):
    tout_repondre(brouillon)
    soir = maintenant.astimezone(monde.academie.zone).replace(hour=0, minute=30)
    VoteReunion.objects.create(
        diagnostic=brouillon,
        indicateur=brouillon.reponses.get(indicateur__code="PIL-1-1").indicateur,
        oui=8,
        non=1,
        desaccord="Une voix contre.",
        note_par=monde.chef,
        note_le=soir,
    )
    contenu = json.loads(signer(brouillon).contenu)
    assert contenu["champs"][0]["indicateurs"][0]["reunion"] == {
        "oui": 8,
        "en_partie": 0,
        "non": 1,
        "ne_sait_pas": 0,
        "desaccord": "Une voix contre.",
        "le": soir.date().isoformat(),
    }
