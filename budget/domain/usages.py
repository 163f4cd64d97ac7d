"""Thirty seconds a term: how a lot has served; and what is decided of one that does not."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, fields

from budget.domain.etats_d_usage import ECHECS, Terme, decision_due
from budget.models import DecisionUsage, DeclarationUsage, Lot
from budget.queries.usages import etats_du_lot, terme_du_jour
from budget.rules.equipements import empechement_tenir
from budget.rules.usages import (
    DECISION_RETIREE,
    LOT_RETIRE,
    defauts_de_l_usage,
    defauts_de_la_decision_d_usage,
)
from strategie.socle.domain.empechement import Empeche, SaisieRefusee, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur

JAMAIS = Lot.Frequence.JAMAIS


@dataclass(frozen=True)
class SaisieUsage:
    """How often, for what was planned or not, and what holds back."""

    frequence: str
    comme_prevu: bool = True
    frein: str = ""
    note: str = ""


@dataclass(frozen=True)
class UsageDeclare:
    """`ouverte`: the decision that this declaration opens; `retiree`: it takes away the one that waited."""

    declaration: DeclarationUsage
    ouverte: DecisionUsage | None = None
    retiree: bool = False


class DejaDeclare(Empeche):
    """Somebody else has declared since the page was shown: `actuel` is what is kept now."""

    def __init__(self, actuel: DeclarationUsage) -> None:
        super().__init__("Quelqu'un d'autre vient de déclarer ce lot\u00a0: rien n'est enregistré.")
        self.actuel = actuel


def lire_usage(declaration: DeclarationUsage) -> SaisieUsage:
    return SaisieUsage(**{champ.name: getattr(declaration, champ.name) for champ in fields(SaisieUsage)})


def declarer_usage(
    *, lot: Lot, saisie: SaisieUsage, version: int, auteur: Utilisateur, maintenant: datetime.datetime
) -> UsageDeclare:
    """For the term that it is; until its end it may be corrected. `version`: the one that the page showed, 0 when
    nothing was declared. In the same act a failure that lasts opens one decision, and a lot that serves again takes
    away the one that waits. Raises Empeche; DejaDeclare when somebody else has declared otherwise meanwhile.
    """
    etablissement = lot.etablissement
    refuser(empechement_tenir(etablissement, "", ""))
    _verifier(defauts_de_l_usage(saisie))
    if saisie.frequence == JAMAIS:  # what never served did not serve as planned
        saisie = SaisieUsage(saisie.frequence, False, saisie.frein, saisie.note)
    terme = terme_du_jour(maintenant.astimezone(etablissement.academie.zone).date())
    with acte("declarer_usage", auteur):
        tenu = _verrouiller(lot)
        tenu.etablissement = etablissement
        deja = tenu.declarations.filter(annee_scolaire=terme.annee, trimestre=terme.trimestre).first()
        if deja and lire_usage(deja) == saisie:
            return UsageDeclare(deja)
        if deja and deja.version != version:
            raise DejaDeclare(deja)
        declaration = deja or DeclarationUsage(
            lot=tenu, annee_scolaire=terme.annee, trimestre=terme.trimestre, version=0
        )
        for champ in fields(saisie):
            setattr(declaration, champ.name, getattr(saisie, champ.name))
        declaration.version += 1
        declaration.declare_par, declaration.declare_le = auteur, maintenant
        declaration.save()
        return _en_tirer_les_suites(tenu, terme, declaration, maintenant)


def decider_usage(
    *, decision: DecisionUsage, choix: str, motif: str, auteur: Utilisateur, maintenant: datetime.datetime
) -> DecisionUsage:
    """Former, déplacer or réformer, and why; once. Sent twice, it is decided once. Raises Empeche."""
    refuser(empechement_tenir(decision.lot.etablissement, "", ""))
    with acte("decider_usage", auteur):
        _verrouiller(decision.lot)
        tenue = DecisionUsage.objects.filter(pk=decision.pk).first()
        if tenue is None:
            raise Empeche(DECISION_RETIREE)
        if tenue.choix:
            refuser(None if (tenue.choix, tenue.motif) == (choix, motif) else _deja_decidee(tenue))
            return tenue
        _verifier(defauts_de_la_decision_d_usage(choix, motif))
        tenue.choix, tenue.motif, tenue.prise_par, tenue.prise_le = choix, motif, auteur, maintenant
        tenue.save()
    return tenue


def _en_tirer_les_suites(
    lot: Lot, terme: Terme, declaration: DeclarationUsage, maintenant: datetime.datetime
) -> UsageDeclare:
    etats = etats_du_lot(lot)
    attendue = lot.decisions.filter(choix="").first()
    if attendue and etats[terme] not in ECHECS:
        attendue.delete()
        return UsageDeclare(declaration, retiree=True)
    zone = lot.etablissement.academie.zone
    prises = [terme_du_jour(d.prise_le.astimezone(zone).date()) for d in lot.decisions.exclude(choix="") if d.prise_le]
    if attendue or not decision_due(etats, terme, max(prises, default=None)):
        return UsageDeclare(declaration)
    ouverte = DecisionUsage.objects.create(
        lot=lot, annee_scolaire=terme.annee, trimestre=terme.trimestre, ouverte_le=maintenant
    )
    return UsageDeclare(declaration, ouverte=ouverte)


def _verrouiller(lot: Lot) -> Lot:
    """Declarations and decisions of a lot are written one after the other."""
    tenu = Lot.objects.select_for_update(no_key=True).get(pk=lot.pk)
    refuser(LOT_RETIRE if tenu.supprime_le else None)
    return tenu


def _deja_decidee(decision: DecisionUsage) -> str:
    return f"C'est déjà décidé\u00a0: {decision.get_choix_display().lower()}. Une décision ne change plus."


def _verifier(defauts: Mapping[str, str]) -> None:
    if defauts:
        raise SaisieRefusee(defauts)
