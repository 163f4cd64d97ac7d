"""When an act on the diagnostic is possible: a French sentence that says why not, or None."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from strategie.socle.rules import date_en_phrase

if TYPE_CHECKING:
    from diagnostic.models import Campagne, Diagnostic
    from strategie.socle.models import Etablissement


def empechement_commencer(etablissement: Etablissement, campagne: Campagne | None) -> str | None:
    if not etablissement.portees:
        return "Le diagnostic s'adresse aux écoles, aux collèges, aux lycées et aux EREA."
    if etablissement.etat == etablissement.Etat.FERME:
        return "Cet établissement est fermé\u00a0: il ne commence plus de diagnostic."
    if campagne is None:
        return "L'académie n'a pas encore ouvert de campagne pour cette année scolaire."
    return None


def empechement_repondre(diagnostic: Diagnostic, maintenant: datetime.datetime) -> str | None:
    if not diagnostic.commence:
        return "Ce diagnostic n'est pas commencé."
    if not diagnostic.modifiable:
        return "Ce diagnostic est signé\u00a0: ses réponses ne changent plus. Le chef d'établissement peut le rouvrir."
    return _empechement_cloture(diagnostic, maintenant)


def empechement_signer(
    diagnostic: Diagnostic, repondus: int, maintenant: datetime.datetime, *, contradictions: int = 0
) -> str | None:
    """`repondus`: answers that count; `contradictions`: how many rules that prevent the signature are broken."""
    campagne = diagnostic.campagne
    if campagne.jour_local(maintenant) < campagne.date_ouverture:
        ouverture = date_en_phrase(campagne.date_ouverture)
        return f"La campagne ouvre le {ouverture}. Vous pouvez préparer vos réponses, et signer à partir de ce jour."
    if repondus == 0:
        return "Aucune réponse n'est enregistrée\u00a0: il n'y a encore rien à signer."
    if contradictions:
        return "Des réponses se contredisent\u00a0: corrigez celles qui sont signalées, puis signez."
    return _empechement_cloture(diagnostic, maintenant)


def empechement_rouvrir(diagnostic: Diagnostic, maintenant: datetime.datetime) -> str | None:
    if diagnostic.etat != diagnostic.Etat.SOUMIS:
        return "Ce diagnostic n'est pas signé\u00a0: il est déjà ouvert."
    return _empechement_cloture(diagnostic, maintenant)


def empechement_reprendre(diagnostic: Diagnostic, source: Diagnostic | None, deja: int) -> str | None:
    """`source`: the diagnostic to start from; `deja`: answers already there."""
    if source is None:
        return "Aucun diagnostic signé d'une autre année ne peut être repris."
    if deja:
        return "Des réponses sont déjà données\u00a0: celles de l'an dernier ne se reprennent qu'au départ."
    if not diagnostic.modifiable:
        return "Ce diagnostic ne se modifie pas en ce moment."
    return None


def _empechement_cloture(diagnostic: Diagnostic, maintenant: datetime.datetime) -> str | None:
    jour, cloture = diagnostic.campagne.jour_local(maintenant), diagnostic.date_cloture
    if jour <= diagnostic.dernier_jour:
        return None
    fin = f"La campagne s'est terminée le {date_en_phrase(cloture)}"
    if diagnostic.dernier_jour > cloture:
        fin += f", et les corrections le {date_en_phrase(diagnostic.dernier_jour)}"
    return f"{fin}\u00a0: le diagnostic ne se modifie plus."
