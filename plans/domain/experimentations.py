"""Experiments: an action tries something on a small perimeter, evaluates it, then decides."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass, fields

from plans.domain.actions import verrouiller_action
from plans.domain.corbeille import mettre_a_la_corbeille
from plans.domain.indicateurs import VersionDepassee, donner_des_nouvelles
from plans.models import Action, Experimentation
from plans.rules.experimentations import (
    GENERALISER,
    defauts_de_l_evaluation,
    defauts_de_l_experimentation,
    defauts_de_la_decision,
    empechement_changer_experimentation,
    empechement_decider,
    empechement_evaluer,
)
from strategie.socle.domain.empechement import Empeche, SaisieRefusee, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur

DEJA_UNE = "Cette action a déjà une expérimentation."
DEJA_UNE_EN_CORBEILLE = (
    "L'expérimentation de cette action est à la corbeille\u00a0: le chef d'établissement peut la restaurer."
)


@dataclass(frozen=True)
class SaisieExperimentation:
    question: str
    perimetre: str
    debut: datetime.date
    fin: datetime.date
    decision_le: datetime.date


@dataclass(frozen=True)
class SaisieDecision:
    decision: str
    motif: str = ""
    perimetre_suivant: str = ""
    formation_le: datetime.date | None = None


def lire_experimentation(experimentation: Experimentation) -> SaisieExperimentation:
    champs = [champ.name for champ in fields(SaisieExperimentation)]
    return SaisieExperimentation(**{champ: getattr(experimentation, champ) for champ in champs})


def ouvrir_experimentation(
    *, action: Action, saisie: SaisieExperimentation, auteur: Utilisateur, maintenant: datetime.datetime
) -> Experimentation:
    """Sent twice, the same words are one experiment. Raises Empeche."""
    with acte("ouvrir_experimentation", auteur):
        tenue = verrouiller_action(action.pk)
        _verifier(defauts_de_l_experimentation(saisie, _jour(tenue, maintenant)))
        deja = Experimentation.objects.filter(action=tenue).first()
        if deja and deja.supprime_le is None and lire_experimentation(deja) == saisie:
            return deja
        if deja:
            raise Empeche(DEJA_UNE_EN_CORBEILLE if deja.supprime_le else DEJA_UNE)
        donner_des_nouvelles(tenue, _jour(tenue, maintenant))
        return Experimentation.objects.create(action=tenue, **asdict(saisie))


def modifier_experimentation(
    *,
    experimentation: Experimentation,
    version: int,
    saisie: SaisieExperimentation,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Experimentation:
    """`version`: the one that the page showed. Raises Empeche; VersionDepassee when it is another."""
    with acte("modifier_experimentation", auteur):
        tenue = _verrouiller(experimentation)
        refuser(empechement_changer_experimentation(tenue))
        _verifier(defauts_de_l_experimentation(saisie, _jour(tenue.action, maintenant)))
        if lire_experimentation(tenue) != saisie:
            _exiger(tenue, version)
            _ecrire(tenue, **asdict(saisie))
    return tenue


def evaluer_experimentation(
    *,
    experimentation: Experimentation,
    version: int,
    evaluation: str,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Experimentation:
    """Files what was observed; it may be written again until the decision. Raises Empeche."""
    with acte("evaluer_experimentation", auteur):
        tenue = _verrouiller(experimentation)
        jour = _jour(tenue.action, maintenant)
        refuser(empechement_evaluer(tenue, jour))
        _verifier(defauts_de_l_evaluation(evaluation))
        if tenue.evaluation != evaluation:
            _exiger(tenue, version)
            _ecrire(tenue, evaluation=evaluation, evaluee_par=auteur, evaluee_le=maintenant)
            donner_des_nouvelles(tenue.action, jour)
    return tenue


def decider_experimentation(
    *,
    experimentation: Experimentation,
    version: int,
    saisie: SaisieDecision,
    auteur: Utilisateur,
    maintenant: datetime.datetime,
) -> Experimentation:
    """Généraliser, adapter or arrêter, once; after it nothing changes. Sent twice, it is decided once. Raises Empeche,
    which names all that lacks.
    """
    with acte("decider_experimentation", auteur):
        tenue = _verrouiller(experimentation)
        jour = _jour(tenue.action, maintenant)
        suite = saisie.decision == GENERALISER
        valeurs = {
            "decision": saisie.decision,
            "motif": saisie.motif,
            "perimetre_suivant": saisie.perimetre_suivant if suite else "",
            "formation_le": saisie.formation_le if suite else None,
        }
        if tenue.decision and {champ: getattr(tenue, champ) for champ in valeurs} == valeurs:
            return tenue
        refuser(empechement_decider(tenue))
        _verifier(defauts_de_la_decision(saisie, tenue.debut, jour))
        _exiger(tenue, version)
        _ecrire(tenue, decidee_par=auteur, decidee_le=maintenant, **valeurs)
        donner_des_nouvelles(tenue.action, jour)
    return tenue


def retirer_experimentation(
    *, experimentation: Experimentation, auteur: Utilisateur, maintenant: datetime.datetime
) -> None:
    """To the bin, as long as nothing is decided. Raises Empeche."""
    with acte("retirer_experimentation", auteur):
        tenue = _verrouiller(experimentation)
        refuser(empechement_changer_experimentation(tenue))
        mettre_a_la_corbeille(objet=tenue, auteur=auteur, maintenant=maintenant)


def _verrouiller(experimentation: Experimentation) -> Experimentation:
    """Held with its action until the end of the transaction. Raises Empeche when either is in the bin."""
    action = verrouiller_action(experimentation.action_id)
    tenue = Experimentation.objects.select_for_update(no_key=True, of=("self",)).get(pk=experimentation.pk)
    refuser("Cette expérimentation est à la corbeille\u00a0: restaurez-la d'abord." if tenue.supprime_le else None)
    tenue.action = action
    return tenue


def _verifier(defauts: dict[str, str]) -> None:
    if defauts:
        raise SaisieRefusee(defauts)


def _exiger(tenue: Experimentation, version: int) -> None:
    if tenue.version != version:
        raise VersionDepassee(tenue)


def _ecrire(tenue: Experimentation, **valeurs: object) -> None:
    for champ, valeur in valeurs.items():
        setattr(tenue, champ, valeur)
    tenue.version += 1
    tenue.save()


def _jour(action: Action, maintenant: datetime.datetime) -> datetime.date:
    return maintenant.astimezone(action.etablissement.academie.zone).date()
