"""Trainings that facts ask for: the last survey of the teams, conditions of the diagnostic, actions of the plan.

People are numbers that a survey publishes, never names, and nothing that it keeps to itself. Which competence a
question is about is data (`donnees/competences-v1.json`), tied to a version of the questions.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from budget.models import BesoinFormation, Equipe
from diagnostic.models import Enquete
from diagnostic.queries.resultats_enquete import Item, Lecture, lire_resultat
from plans.models import Action
from plans.queries.offre import ConditionOuverte, propositions_pour
from plans.queries.propositions import Proposition
from strategie.socle.domain.calendrier import annee_scolaire
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase

Origine = BesoinFormation.Origine
FICHIER = Path(__file__).resolve().parent.parent / "donnees" / "competences-v1.json"
# Whom the groups of a survey, or of an action, are among the teams that are trained.
EQUIPES: Mapping[str, tuple[str, ...]] = {
    "enseignants": (Equipe.ENSEIGNANTS,),
    "vie_scolaire": (Equipe.VIE_SCOLAIRE,),
    "aesh_agents": (Equipe.AESH, Equipe.AGENTS),
    "aesh": (Equipe.AESH,),
    "agents": (Equipe.AGENTS,),
    "direction": (Equipe.DIRECTION,),
}


@dataclass(frozen=True)
class BesoinDetecte:
    """A training to write in one click. `effectif` is None when no figure that is published says it; `source`: the key
    of what shows it (a survey's, an action's); `plus_tard`: not wanting for the next palier; `deja`: the trainings
    written from it.
    """

    origine: str
    reference: str
    intitule: str
    constat: str
    objectif: str = ""
    effet_attendu: str = ""
    equipes: frozenset[str] = frozenset()
    effectif: int | None = None
    action: int | None = None
    source: int | None = None
    plus_tard: bool = False
    deja: tuple[BesoinFormation, ...] = ()


@cache
def competences() -> dict[str, Any]:
    """The whole file: version, version of the questions, items (domaine, intitule, objectif) by number."""
    contenu: dict[str, Any] = json.loads(FICHIER.read_text(encoding="utf-8"))
    return contenu


def besoins_detectes(etablissement: Etablissement, jour: datetime.date) -> list[BesoinDetecte]:
    """All of them, those of the survey first; an action made for a condition is told with its condition."""
    du_diagnostic = detectes_par_le_diagnostic(etablissement, jour)
    dites = {detecte.action for detecte in du_diagnostic}
    du_plan = [detecte for detecte in detectes_par_le_plan(etablissement, jour) if detecte.action not in dites]
    detectes = [*detectes_par_l_enquete(etablissement), *du_diagnostic, *du_plan]
    return _avec_ce_qui_est_ecrit(etablissement, detectes)


def besoin_detecte(
    etablissement: Etablissement, jour: datetime.date, origine: str, reference: str
) -> BesoinDetecte | None:
    """The one that a page named, as it is now; nothing when facts no longer show it."""
    if origine == Origine.ENQUETE:
        detectes = detectes_par_l_enquete(etablissement)
    elif origine == Origine.INDICATEUR:
        detectes = detectes_par_le_diagnostic(etablissement, jour)
    else:
        detectes = detectes_par_le_plan(etablissement, jour) if origine == Origine.ACTION else []
    return next((detecte for detecte in detectes if detecte.reference == reference), None)


# --- The last survey -------------------------------------------------------------------------------------------
def detectes_par_l_enquete(etablissement: Etablissement) -> list[BesoinDetecte]:
    """Wishes of training, the most wanted first; then weak questions about a competence. One query."""
    comptees = Enquete.objects.depouillees().filter(etablissement=etablissement).defer("questions")
    enquete = comptees.select_related("resultat").order_by("-date_cloture", "-pk").first()
    if enquete is None:
        return []
    lecture = lire_resultat(json.loads(enquete.resultat.contenu))
    return [*_souhaits(lecture, enquete.pk), *_questions_faibles(lecture, enquete.pk)]


def _souhaits(lecture: Lecture, enquete: int) -> Iterator[BesoinDetecte]:
    if lecture.formation is None or lecture.equipes is None:
        return
    publies = [souhait for souhait in lecture.formation.souhaits if souhait.effectif]
    for souhait in sorted(publies, key=lambda un: -(un.effectif or 0)):
        yield BesoinDetecte(
            origine=Origine.ENQUETE,
            reference=souhait.reference,
            intitule=souhait.theme,
            constat=f"{souhait.constat} Enquête close le {date_en_phrase(lecture.cloture)}.",
            equipes=_equipes(lecture.equipes.famille.groupes),
            effectif=souhait.effectif,
            source=enquete,
        )


def _questions_faibles(lecture: Lecture, enquete: int) -> Iterator[BesoinDetecte]:
    """The weakest first; how many disagree is told when the exact answers are."""
    fichier = competences()
    if lecture.equipes is None or lecture.version_des_questions != fichier["version_des_questions"]:
        return
    for item in lecture.faibles:
        competence = fichier["items"].get(str(item.numero))
        if competence is not None and item.mesure is not None:
            dit = f"«\u00a0{item.enonce.removesuffix('.')}\u00a0»\u00a0: {item.mesure.en_mots}."
            yield BesoinDetecte(
                origine=Origine.ENQUETE,
                reference=item.reference,
                intitule=competence["intitule"],
                constat=f"{dit} Enquête close le {date_en_phrase(lecture.cloture)}.",
                objectif=competence["objectif"],
                equipes=_equipes(lecture.equipes.famille.groupes),
                effectif=_pas_d_accord(item),
                source=enquete,
            )


def _pas_d_accord(item: Item) -> int | None:
    """Those who answered 1 or 2."""
    if item.mesure is None or item.mesure.effectifs is None:
        return None
    return sum(item.mesure.effectifs[:2]) or None


def _equipes(groupes: Sequence[str]) -> frozenset[str]:
    return frozenset(str(equipe) for groupe in groupes for equipe in EQUIPES.get(groupe, ()))


# --- The diagnostic ----------------------------------------------------------------------------------------------
def detectes_par_le_diagnostic(etablissement: Etablissement, jour: datetime.date) -> list[BesoinDetecte]:
    """Conditions that are not met and that a training would lift; those missing for the next palier first."""
    offre = propositions_pour(etablissement, jour, brouillon=True)
    source = offre.source.en_mots if offre.source else ""
    ouvertes = sorted(offre.conditions, key=lambda une: (not une.prochaine, une.palier))
    return [
        _de_la_condition(condition, condition.proposition, source)
        for condition in ouvertes
        if condition.proposition is not None
        and condition.proposition.levier == Action.Levier.FORMATION
        and condition.declinee is None
    ]


def _de_la_condition(condition: ConditionOuverte, proposition: Proposition, source: str) -> BesoinDetecte:
    return BesoinDetecte(
        origine=Origine.INDICATEUR,
        reference=condition.code,
        intitule=proposition.titre,
        constat=f"«\u00a0{condition.enonce.removesuffix('.')}\u00a0»\u00a0: {condition.reponse} au {source}.",
        objectif=f"{proposition.besoin.removesuffix('.')}.",
        effet_attendu=proposition.indicateur.intitule,
        equipes=frozenset({str(Equipe.ENSEIGNANTS)}),
        action=condition.action.cle if condition.action else None,
        plus_tard=not condition.prochaine,
    )


# --- The plan ------------------------------------------------------------------------------------------------------
def detectes_par_le_plan(etablissement: Etablissement, jour: datetime.date) -> list[BesoinDetecte]:
    """Published actions of the lever « formation », still to do, that no living training serves. One query."""
    servies = BesoinFormation.objects.vivants().exclude(etat__in=BesoinFormation.A_RAISON)
    actions = (
        Action.objects.vivants()
        .publiees()
        .filter(etablissement=etablissement, levier=Action.Levier.FORMATION, annee_fin__gte=annee_scolaire(jour))
        .exclude(etat__in=Action.FINIES)
        .exclude(pk__in=servies.filter(etablissement=etablissement, action__isnull=False).values("action"))
    )
    return [
        BesoinDetecte(
            origine=Origine.ACTION,
            reference=f"A{action.pk}",
            intitule=action.intitule,
            constat=f"Le plan {action.annee_scolaire} prévoit\u00a0: «\u00a0{action.intitule}\u00a0».",
            equipes=_equipes(action.groupes),
            action=action.pk,
            source=action.pk,
        )
        for action in actions
    ]


# --- What is written already ----------------------------------------------------------------------------------------
def _avec_ce_qui_est_ecrit(etablissement: Etablissement, detectes: Sequence[BesoinDetecte]) -> list[BesoinDetecte]:
    ecrites = (
        BesoinFormation.objects.vivants()
        .filter(etablissement=etablissement, reference__in=[detecte.reference for detecte in detectes])
        .order_by("-annee_scolaire", "-pk")
    )
    par_reference: dict[tuple[str, str], list[BesoinFormation]] = {}
    for formation in ecrites:
        par_reference.setdefault((formation.origine, formation.reference), []).append(formation)
    return [
        replace(detecte, deja=tuple(par_reference.get((detecte.origine, detecte.reference), ())))
        for detecte in detectes
    ]
