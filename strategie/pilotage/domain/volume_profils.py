"""Signed diagnostics to copy: a hundred or so, each made by the product's own code from answers drawn at random.

A school of the volume takes one of its situation each year; its answers and what it signed then say the same thing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from diagnostic.domain.contenu import json_canonique
from diagnostic.domain.cotation import Valeur
from diagnostic.models import Campagne, Diagnostic, Indicateur, Referentiel, Reponse
from diagnostic.queries.contenu import contenu_du_diagnostic
from diagnostic.queries.etat import EtatDiagnostic, etat_avec
from diagnostic.queries.questionnaire import questionnaire
from strategie.socle.models import Academie, Departement, Etablissement

NIVEAUX = 12  # from a school that begins to one that has nearly everything
ESSAIS = 200
JOUR = datetime.date(2000, 1, 1)  # of proofs, and there are none
Type = Etablissement.Type
# What a school is asked depends on these: its number in SQL is its rank here.
SITUATIONS: tuple[dict[str, Any], ...] = (
    {"type": Type.ECOLE, "internat": False, "education_prioritaire": ""},
    {"type": Type.ECOLE, "internat": False, "education_prioritaire": "REP"},
    {"type": Type.COLLEGE, "internat": False, "education_prioritaire": ""},
    {"type": Type.COLLEGE, "internat": False, "education_prioritaire": "REP"},
    {"type": Type.LYCEE, "internat": False, "education_prioritaire": ""},
    {"type": Type.LYCEE, "internat": True, "education_prioritaire": ""},
    {"type": Type.EREA, "internat": True, "education_prioritaire": ""},
)


@dataclass(frozen=True)
class Profil:
    """`reponses`: by key of indicator, in order. The signed text is `avant`, the school, `apres`, the signature."""

    situation: int
    niveau: int
    reponses: tuple[tuple[int, str], ...]
    avant: str
    apres: str


def profils(referentiel: Referentiel, graine: int) -> Iterator[Profil]:
    alea = Random(graine)  # noqa: S311 (trial data)
    for situation, champs in enumerate(SITUATIONS):
        diagnostic = _diagnostic(referentiel, champs)
        poses = questionnaire(referentiel).concernes(diagnostic.etablissement)
        for niveau in range(NIVEAUX):
            reponses, etat = _repondre(diagnostic, poses, niveau / (NIVEAUX - 1), alea)
            avant, apres = _texte(etat)
            yield Profil(situation, niveau, reponses, avant, apres)


def _diagnostic(referentiel: Referentiel, champs: dict[str, Any]) -> Diagnostic:
    """Of a school that is nowhere: none of these rows is kept."""
    academie = Academie(nom="")
    etablissement = Etablissement(academie=academie, departement=Departement(nom="", academie=academie), **champs)
    campagne = Campagne(academie=academie, annee_scolaire="", referentiel=referentiel)
    return Diagnostic(etablissement=etablissement, campagne=campagne, referentiel=referentiel)


def _repondre(
    diagnostic: Diagnostic, poses: list[Indicateur], part: float, alea: Random
) -> tuple[tuple[tuple[int, str], ...], EtatDiagnostic]:
    """Until no rule of plausibility prevents the signature."""
    for _ in range(ESSAIS):
        valeurs = {indicateur.pk: _valeur(indicateur, part, alea) for indicateur in poses}
        reponses = {cle: Reponse(indicateur_id=cle, valeur=valeur.value) for cle, valeur in valeurs.items()}
        etat = etat_avec(diagnostic, reponses, {}, {})
        if not etat.contradictions_bloquantes:
            return tuple((cle, valeur.value) for cle, valeur in valeurs.items()), etat
    raise RuntimeError(f"Aucune réponse plausible en {ESSAIS} essais.")


def _valeur(indicateur: Indicateur, part: float, alea: Random) -> Valeur:
    """The conditions of a first palier are met sooner; one answer in fifty is not known."""
    if alea.random() < 0.02:
        return Valeur.ne_sait_pas
    acquis = 0.55 + part * 0.75 - 0.22 * (indicateur.palier - 1) + alea.uniform(-0.15, 0.15)
    tirage = alea.random()
    return Valeur.oui if tirage < acquis else Valeur.en_partie if tirage < acquis + 0.2 else Valeur.non


def _texte(etat: EtatDiagnostic) -> tuple[str, str]:
    """The canonical JSON, cut where the school's and the year's own words go: its keys are in alphabetical order."""
    contenu = contenu_du_diagnostic(etat, JOUR)
    avant = {cle: contenu[cle] for cle in ("champs", "compte", "contradictions")}
    apres = {cle: contenu[cle] for cle in ("referentiel",)}
    if sorted(contenu) != [
        *("annee_scolaire", "champs", "compte", "contradictions", "etablissement", "format", "motif_reouverture"),
        *("referentiel", "version"),
    ]:
        raise RuntimeError("Le contenu signé a changé de forme : ce texte doit suivre.")
    return json_canonique(avant)[1:-1], json_canonique(apres)[1:-1]
