"""An act put into words: the same for its page and for its document. Made from `acte_en_clair` alone."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from strategie.pilotage.domain.conseil import Regles
from strategie.pilotage.interfaces.seances import jours
from strategie.socle.rules import date_en_phrase

A_REMPLIR = "………"
VOIX = {
    "pour": "Pour",
    "contre": "Contre",
    "abstentions": "Abstentions",
    "refus": "Ne prennent pas part au vote",
}


@dataclass(frozen=True)
class Ligne:
    libelle: str
    valeur: str


@dataclass(frozen=True)
class ActeEnMots:
    """`avis`: an école's, whose conseil decides nothing."""

    avis: bool
    titre: str
    instance: str
    objet: str
    visas: Sequence[str]
    expose: str
    decision: str
    verbe: str
    seance: Sequence[Ligne]
    vote: Sequence[Ligne]
    resultat: str
    dates: Sequence[Ligne]
    effet: str


def acte_en_mots(acte: Mapping[str, Any], regles: Regles) -> ActeEnMots:
    avis = acte["sorte"] == "avis"
    projet = "" if acte["resultat"] else "Projet d'" if avis else "Projet de "
    return ActeEnMots(
        avis=avis,
        titre=f"{projet}{acte['sorte']}" if projet else acte["sorte"].capitalize(),
        instance=acte["instance"],
        objet=acte["objet"],
        visas=acte["visas"],
        expose=acte["expose"],
        decision=acte["decision"],
        verbe=f"Après en avoir délibéré, le {acte['instance']} {"donne l'avis suivant" if avis else 'décide'}\u00a0:",
        seance=_seance(acte),
        vote=[Ligne(libelle, _nombre(acte["voix"], nom)) for nom, libelle in VOIX.items()],
        resultat=_resultat(acte),
        dates=_dates(acte, avis),
        effet=_effet(acte, regles),
    )


def _jour(date: str | None) -> str:
    return date_en_phrase(datetime.date.fromisoformat(date)) if date else A_REMPLIR


def _nombre(valeurs: Mapping[str, Any] | None, nom: str) -> str:
    return A_REMPLIR if valeurs is None or valeurs[nom] is None else str(valeurs[nom])


def _seance(acte: Mapping[str, Any]) -> list[Ligne]:
    seance = acte["seance"] or {"date": None, "convoquee_le": None, "urgente": False, "seconde": False}
    comment = " (en urgence)" if seance["urgente"] else ""
    comment += " (seconde convocation)" if seance["seconde"] else ""
    lignes = [
        Ligne("Date de la séance", _jour(seance["date"])),
        Ligne("Convocation", _jour(seance["convoquee_le"]) + comment),
        Ligne("Membres en exercice", _nombre(acte, "membres")),
    ]
    if acte["sorte"] != "avis":
        lignes.append(Ligne("Quorum", _nombre(acte, "quorum")))
    return [*lignes, Ligne("Membres présents", _nombre(acte, "presents") + _du_quorum(acte, seance))]


def _du_quorum(acte: Mapping[str, Any], seance: Mapping[str, Any]) -> str:
    if acte["quorum"] is None or acte["presents"] is None:
        return ""
    if acte["presents"] >= acte["quorum"]:
        return ", quorum atteint"
    return ", sans condition de quorum" if seance["seconde"] else ", quorum non atteint"


def _resultat(acte: Mapping[str, Any]) -> str:
    if not acte["resultat"]:
        return A_REMPLIR
    par = ", par la voix prépondérante du président" if acte["voix_du_president"] else ""
    return f"{acte['resultat_libelle']}{par}"


def _dates(acte: Mapping[str, Any], avis: bool) -> list[Ligne]:
    dates = acte["dates"]
    if avis:
        return [Ligne("Affiché le", _jour(dates["publiee_le"]))]
    return [
        Ligne("Transmise le", _jour(dates["transmise_le"])),
        Ligne("Publiée le", _jour(dates["publiee_le"])),
        Ligne("Exécutoire le", _jour(dates["executoire_le"])),
    ]


def _effet(acte: Mapping[str, Any], regles: Regles) -> str:
    """When it takes effect, by which rule; nothing for what never does."""
    dates = acte["dates"]
    if acte["sorte"] == "avis" or acte["resultat"] != "adoptee":
        return ""
    delais = (
        f"{jours(regles.executoire_jours)} après sa transmission, {jours(regles.executoire_budget_jours)} pour un acte "
        f"budgétaire\u00a0; un acte qui ne se transmet pas, dès sa publication. {regles.source}."
    )
    if dates["executoire_le"]:
        return f"Exécutoire le {_jour(dates['executoire_le'])}\u00a0: {delais}"
    return f"Pas encore exécutoire\u00a0: {delais}"
