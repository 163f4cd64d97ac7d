"""A diagnostic as a plain dictionary, in the shape that signatures freeze."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any

from diagnostic.domain.contenu import FORMAT, fraction_ecrite
from diagnostic.models import Campagne, Diagnostic, Preuve, VoteReunion
from diagnostic.queries.etat import EtatChamp, EtatDiagnostic, EtatIndicateur


def contenu_du_diagnostic(etat: EtatDiagnostic, jour: datetime.date) -> dict[str, Any]:
    """Everything a signature covers, but the signature itself; `jour` is the day it is in the académie, which says
    the proofs that are more than 24 months old.
    """
    diagnostic = etat.diagnostic
    return {
        "format": FORMAT,
        "etablissement": _etablissement(diagnostic),
        "annee_scolaire": diagnostic.campagne.annee_scolaire,
        "version": diagnostic.version,
        "motif_reouverture": diagnostic.motif_reouverture,
        "referentiel": _referentiel(etat),
        "champs": [_champ(champ, diagnostic.campagne, jour) for champ in etat.champs],
        "compte": {
            "concernes": etat.concernes,
            "repondus": etat.repondus,
            "inconnus": etat.inconnus,
            "bloquants_sans_reponse": len(etat.bloquants_sans_reponse),
        },
        "contradictions": [
            {
                "regle": regle.code,
                "bloquante": regle.bloquante,
                "phrase": regle.phrase,
                "indicateurs": list(regle.indicateurs),
            }
            for regle in etat.contradictions
        ],
    }


def signature(diagnostic: Diagnostic, nom: str, fonction: str, maintenant: datetime.datetime) -> dict[str, str]:
    """Who signs and when: the instant, and the date it is in the académie."""
    return {
        "nom": nom,
        "fonction": fonction,
        "date": maintenant.astimezone(datetime.UTC).isoformat(timespec="seconds"),
        "date_locale": diagnostic.campagne.jour_local(maintenant).isoformat(),
        "fuseau": diagnostic.campagne.academie.fuseau,
    }


def _etablissement(diagnostic: Diagnostic) -> dict[str, str]:
    etablissement = diagnostic.etablissement
    return {
        "uai": etablissement.uai,
        "nom": etablissement.nom,
        "type": etablissement.type,
        "libelle_type": etablissement.get_type_display(),
        "commune": etablissement.commune,
        "departement": etablissement.departement.nom,
        "academie": etablissement.academie.nom,
    }


def _referentiel(etat: EtatDiagnostic) -> dict[str, Any]:
    referentiel = etat.diagnostic.referentiel
    return {
        "code": referentiel.code,
        "version": referentiel.version,
        "titre": referentiel.titre,
        "seuil": str(Fraction(referentiel.seuil)),
        "part_inconnue_max": str(Fraction(referentiel.part_inconnue_max)),
        "paliers": [
            {"numero": palier.numero, "libelle": palier.libelle, "definition": palier.definition}
            for palier in etat.paliers
        ],
    }


def _champ(etat: EtatChamp, campagne: Campagne, jour: datetime.date) -> dict[str, Any]:
    resultat = etat.resultat
    return {
        "code": etat.champ.code,
        "libelle": etat.champ.libelle,
        "resultat": {
            "palier": resultat.palier,
            "non_etabli": resultat.non_etabli,
            "manquants": list(resultat.manquants),
            "scores": {str(palier): fraction_ecrite(score) for palier, score in resultat.scores.items()},
        },
        "indicateurs": [_indicateur(indicateur, campagne, jour) for indicateur in etat.indicateurs],
    }


def _indicateur(etat: EtatIndicateur, campagne: Campagne, jour: datetime.date) -> dict[str, Any]:
    """An answer nobody has confirmed is no answer: nothing of it is signed."""
    indicateur = etat.indicateur
    reponse = None if etat.a_reconfirmer else etat.reponse
    return {
        "code": indicateur.code,
        "palier": indicateur.palier,
        "enonce": indicateur.enonce,
        "preuve_attendue": indicateur.preuve,
        "bloquant": indicateur.bloquant,
        "levier": indicateur.levier,
        "concerne": etat.concerne,
        "regle": str(etat.regle or ""),
        "valeur": reponse.valeur if reponse else "",
        "motif": reponse.motif if reponse else "",
        "commentaire": reponse.commentaire if reponse else "",
        "reunion": _vote(etat.vote, campagne),
        "preuves": [_preuve(preuve, jour) for preuve in etat.preuves],
    }


def _vote(vote: VoteReunion | None, campagne: Campagne) -> dict[str, Any] | None:
    """What the meeting said, if one did."""
    if vote is None:
        return None
    return {
        "oui": vote.oui,
        "en_partie": vote.en_partie,
        "non": vote.non,
        "ne_sait_pas": vote.ne_sait_pas,
        "desaccord": vote.desaccord,
        "le": campagne.jour_local(vote.note_le).isoformat(),
    }


def _preuve(preuve: Preuve, jour: datetime.date) -> dict[str, Any]:
    return {
        "intitule": preuve.intitule,
        "lien": preuve.lien,
        "fichier": preuve.nom_fichier,
        "date": preuve.date_piece.isoformat() if preuve.date_piece else "",
        "ancienne": preuve.de_plus_de_deux_ans(jour),
        "sha256": preuve.sha256,
    }
