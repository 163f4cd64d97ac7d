"""A board's file as it is read, made from its frozen content alone: on a screen and on paper, the same words."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from typing import Any

from budget.domain.argent import euros
from diagnostic.domain.contenu import empreinte, json_canonique
from strategie.pilotage.interfaces.tableaux_du_dossier import age_dit, ages_a_dire, pieces_jointes
from strategie.pilotage.rules.deliberations import REJETEE
from strategie.pilotage.rules.dossiers import sections_de
from strategie.socle.interfaces.charts import hachures, marches
from strategie.socle.interfaces.pdf import imprimer, insecables

FORMAT = 1
LONGUE_DESCRIPTION = 160
BESOINS_DU_CORPS, LIGNES_DU_CORPS = 12, 20
LARGEUR, HAUTEUR = 150, 12
SORTES = {"ajout": "Ajout", "retrait": "Retrait", "etat": "État", "cout": "Coût", "modification": "Modification"}
OBJETS = {"axe": "Axe", "action": "Action", "ligne": "Ligne du budget"}
CHAMPS = {
    "intitule": "Intitulé",
    "comment": "Comment",
    "levier": "Moyen",
    "qui": "Qui",
    "quand": "Quand",
    "etat": "État",
    "indicateurs": "Indicateurs",
    "cout": "Coût",
    "prevu": "Prévu",
    "engage": "Engagé",
    "paye": "Payé",
}
EN_EUROS = ("cout", "prevu", "engage", "paye")


@dataclass(frozen=True)
class Barre:
    """A bar in a cell, its end hatched; the figures stand beside it. Whole units."""

    mots: str
    pleine: int
    hachuree: int

    @property
    def largeur(self) -> int:
        return LARGEUR

    @property
    def hauteur(self) -> int:
        return HAUTEUR

    @property
    def hachures(self) -> str:
        return hachures(self.pleine, 0, self.hachuree, HAUTEUR, 4)


def imprimer_dossier(contenu: dict[str, Any], numero: str) -> tuple[bytes, int]:
    """PDF/A-3a and PDF/UA-1 in one file, and its number of pages. No database and no clock: the same content gives the
    same bytes. Raises ValueError for another format.
    """
    if contenu["format"] != FORMAT:
        raise ValueError(f"Format de dossier inconnu : {contenu['format']}")
    contexte = contexte_du_dossier(contenu, numero)
    nom, jour = contenu["etablissement"]["nom"], datetime.date.fromisoformat(contenu["fait_le"])
    return imprimer(
        "pilotage/pdf/dossier.html",
        contexte,
        titre=f"{contexte['titre_du_dossier']} · {nom}",
        auteur=nom,
        date=datetime.datetime.combine(jour, datetime.time(12), datetime.UTC),
        pieces=pieces_jointes(contenu),
    )


def contexte_du_dossier(contenu: dict[str, Any], numero: str = "") -> dict[str, Any]:
    """The content, with its drawings, its changes in words, and what goes to annexes."""
    premier_degre = contenu["etablissement"]["premier_degre"]
    acte = contenu["deliberation"]
    actions, titres = actions_du_plan(contenu), sections_de(premier_degre=premier_degre)
    if vote(contenu):
        titres = {**titres, "deliberation": "L'avis du conseil d'école" if premier_degre else "La délibération"}
    besoins, lignes = contenu["besoins"] or [], (contenu["budget"] or {}).get("lignes", [])
    annexes = {
        "actions_decrites": [action for action in actions if len(action["comment"]) > LONGUE_DESCRIPTION],
        "autres_besoins": besoins[BESOINS_DU_CORPS:],
        "lignes_en_annexe": lignes if len(lignes) > LIGNES_DU_CORPS else [],
    }
    return {
        "contenu": contenu,
        "numero": numero,
        "projet": not vote(contenu),
        "rejete": (acte or {}).get("resultat") == REJETEE,
        "territoire": "destinataire" in contenu,
        "titre_du_dossier": f"Stratégie numérique {contenu['annee_scolaire']}",
        "sections": [(code, titres[code]) for code in contenu["sections"]],
        "acte": acte,
        "premier_degre": premier_degre,
        "champs": _champs(contenu["diagnostic"]),
        "besoins": besoins[:BESOINS_DU_CORPS],
        "axes": _axes(contenu["plan"]),
        "ages": _ages(contenu["equipement"]),
        "leviers": _leviers(contenu["budget"]),
        "lignes": lignes if len(lignes) <= LIGNES_DU_CORPS else [],
        "changements": [changement_dit(un) for un in contenu["changements"] or []],
        "a_des_annexes": any(annexes.values()),
        "empreinte": empreinte(json_canonique(contenu)),
    } | annexes


def vote(contenu: Mapping[str, Any]) -> Mapping[str, int] | None:
    """The voices, once they are recorded."""
    voix: Mapping[str, int] | None = (contenu["deliberation"] or {}).get("voix")
    return voix


def actions_du_plan(contenu: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each once, in the order of the plan."""
    axes = (contenu["plan"] or {}).get("axes", [])
    return list({action["cle"]: action for axe in axes for action in axe["actions"]}.values())


def changement_dit(un: Mapping[str, str]) -> dict[str, str]:
    """« Action · Coût », of what, from what, to what."""
    quoi = CHAMPS[un["champ"]] if un["champ"] else SORTES[un["sorte"]]
    avant, apres = _autour(un["avant"], un["apres"])
    return {
        "quoi": f"{OBJETS[un['objet']]} · {quoi.lower()}",
        "intitule": un["intitule"],
        "avant": _valeur(un["champ"], avant),
        "apres": _valeur(un["champ"], apres),
    }


def _autour(avant: str, apres: str) -> tuple[str, str]:
    """Two long texts around where they begin to differ: what a row of a table holds."""
    if max(len(avant), len(apres)) <= LONGUE_DESCRIPTION:
        return avant, apres
    communes = sum(1 for _ in takewhile(lambda paire: paire[0] == paire[1], zip(avant, apres, strict=False)))
    debut = max(communes - LONGUE_DESCRIPTION // 4, 0)
    debut = avant.rfind(" ", 0, debut) + 1
    suite = "…" if debut else ""
    return suite + _resume(avant[debut:]), suite + _resume(apres[debut:])


def _valeur(champ: str, valeur: str) -> str:
    return euros(Decimal(valeur)) if champ in EN_EUROS and valeur else valeur


def _champs(diagnostic: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    if diagnostic is None:
        return []
    return [
        champ | {"marches": marches(champ["palier"]), "manque": insecables(champ["manque"])}
        for champ in diagnostic["champs"]
    ]


def _axes(plan: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Each with its number, its actions cut to what a row of a table holds, and their cost unless it is not told."""
    if plan is None:
        return []
    return [
        axe
        | {
            "rang": rang if axe["cle"] else 0,
            "actions": [action | {"resume": _resume(action["comment"])} for action in axe["actions"]],
            "cout": None if plan["cout"] is None else _addition(action["cout"] for action in axe["actions"]),
        }
        for rang, axe in enumerate(plan["axes"], start=1)
        if axe["cle"] or axe["actions"]
    ]


def _addition(montants: Iterable[str]) -> str:
    return f"{sum(map(Decimal, montants), Decimal('0.00')):.2f}"


def _resume(texte: str) -> str:
    if len(texte) <= LONGUE_DESCRIPTION:
        return texte
    return f"{texte[:LONGUE_DESCRIPTION].rsplit(maxsplit=1)[0]}…"


def _ages(equipement: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    ages = ages_a_dire(equipement) if equipement else []
    plus = max((age["nombre"] for age in ages), default=0)
    return [
        {
            "dit": age_dit(age["age"]),
            "nombre": age["nombre"],
            "depasses": age["depasses"],
            "barre": barre(age["nombre"], age["depasses"], plus, f"{age['nombre']}, dont {age['depasses']} dépassés"),
        }
        for age in ages
    ]


def _leviers(budget: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    leviers: Sequence[Mapping[str, str]] = budget["leviers"] if budget else []
    plus = max((Decimal(levier["prevu"]) for levier in leviers), default=Decimal(0))
    return [
        {
            **levier,
            "barre": barre(Decimal(levier["prevu"]), Decimal(0), plus, f"{euros(Decimal(levier['prevu']))} prévus"),
        }
        for levier in leviers
    ]


def barre(nombre: int | Decimal, dont: int | Decimal, plus: int | Decimal, mots: str) -> Barre:
    """`nombre` of `plus`, its last part hatched for `dont`."""
    longueur, hachuree = (int(LARGEUR * valeur / plus) if plus > 0 else 0 for valeur in (nombre, dont))
    return Barre(mots, longueur - hachuree, hachuree)
