"""When an act on an experiment is possible: tried, evaluated, then decided; French sentences that say why not."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from strategie.socle.rules import date_en_phrase

if TYPE_CHECKING:
    from plans.domain.experimentations import SaisieDecision, SaisieExperimentation
    from plans.models import Experimentation

LIGNE_MAX, TEXTE_MAX = 300, 5_000
ANNEES_D_AVANCE = 5
GENERALISER, ADAPTER, ARRETER = "generaliser", "adapter", "arreter"
DECISIONS = (GENERALISER, ADAPTER, ARRETER)


def defauts_de_l_experimentation(saisie: SaisieExperimentation, jour: datetime.date) -> dict[str, str]:
    """What is wrong, by field; `jour`: the date it is in the académie."""
    defauts = {}
    if not saisie.question:
        defauts["question"] = "Écrivez la question à laquelle l'expérimentation répondra."
    if not saisie.perimetre:
        defauts["perimetre"] = "Dites où et avec qui\u00a0: des classes, des salles, une équipe."
    for champ, dit in (("question", saisie.question), ("perimetre", saisie.perimetre)):
        if len(dit) > LIGNE_MAX:
            defauts[champ] = f"Ce texte dépasse {LIGNE_MAX}\u00a0caractères\u00a0: raccourcissez-le."
    if saisie.fin < saisie.debut:
        defauts["fin"] = "L'expérimentation ne peut pas finir avant d'avoir commencé."
    if saisie.decision_le < saisie.fin:
        defauts["decision_le"] = "La décision se prend le jour de la fin, ou après."
    elif saisie.decision_le.year > jour.year + ANNEES_D_AVANCE:
        defauts["decision_le"] = "Cette date est trop lointaine\u00a0: cinq ans au plus."
    if saisie.debut.year < jour.year - ANNEES_D_AVANCE:
        defauts["debut"] = "Cette date est trop ancienne\u00a0: cinq ans au plus."
    return defauts


def empechement_changer_experimentation(experimentation: Experimentation) -> str | None:
    """Decided, it is read-only."""
    if not experimentation.decision:
        return None
    return "Cette expérimentation est décidée\u00a0: elle ne change plus. Une suite s'écrit dans une autre action."


def empechement_evaluer(experimentation: Experimentation, jour: datetime.date) -> str | None:
    if refus := empechement_changer_experimentation(experimentation):
        return refus
    if jour < experimentation.debut:
        return (
            f"L'expérimentation ne commence que le {date_en_phrase(experimentation.debut)}\u00a0: rien n'est à évaluer."
        )
    return None


def defauts_de_l_evaluation(evaluation: str) -> dict[str, str]:
    if not evaluation:
        return {"evaluation": "Écrivez l'évaluation\u00a0: ce qui a été observé, et la réponse à la question posée."}
    if len(evaluation) > TEXTE_MAX:
        return {"evaluation": "L'évaluation dépasse 5\u202f000 caractères\u00a0: résumez-la."}
    return {}


def empechement_decider(experimentation: Experimentation) -> str | None:
    """Before anything is chosen."""
    if refus := empechement_changer_experimentation(experimentation):
        return refus
    if not experimentation.evaluation:
        return "Il manque l'évaluation\u00a0: déposez-la, puis décidez."
    return None


def manques_pour_decider(saisie: SaisieDecision) -> dict[str, str]:
    """What the choice asks for and lacks, by field."""
    if saisie.decision not in DECISIONS:
        return {"decision": "Choisissez\u00a0: généraliser, adapter ou arrêter."}
    manques = {}
    if saisie.decision == GENERALISER and not saisie.perimetre_suivant:
        manques["perimetre_suivant"] = "Pour généraliser, il manque le périmètre suivant\u00a0: où, avec qui."
    if saisie.decision == GENERALISER and saisie.formation_le is None:
        manques["formation_le"] = (
            "Pour généraliser, il manque la date de la formation des enseignants de ce périmètre\u00a0: sans elle, "
            "l'outil arrive avant ceux qui s'en serviront."
        )
    if saisie.decision != GENERALISER and not saisie.motif:
        manques["motif"] = "Dites pourquoi, et ce qui change ou s'arrête."
    return manques


def defauts_de_la_decision(saisie: SaisieDecision, debut: datetime.date, jour: datetime.date) -> dict[str, str]:
    """What lacks, then what cannot be; `debut`: the first day of the experiment."""
    defauts = manques_pour_decider(saisie)
    if len(saisie.perimetre_suivant) > LIGNE_MAX:
        defauts["perimetre_suivant"] = f"Ce texte dépasse {LIGNE_MAX}\u00a0caractères\u00a0: raccourcissez-le."
    if len(saisie.motif) > TEXTE_MAX:
        defauts["motif"] = "Ce texte dépasse 5\u202f000 caractères\u00a0: résumez-le."
    formation = saisie.formation_le
    if formation and (formation < debut or formation.year > jour.year + ANNEES_D_AVANCE):
        defauts["formation_le"] = "Cette formation a lieu après le début de l'expérimentation, dans les cinq ans."
    return defauts
