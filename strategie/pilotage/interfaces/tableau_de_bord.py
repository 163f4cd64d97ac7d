"""A school's dashboard in words: where each step of the loop stands, what comes next, the days to come."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from strategie.pilotage.queries.en_bref import Date, EnBref
from strategie.pilotage.queries.tableau_de_bord import TableauDeBord
from strategie.socle.droits import Droit
from strategie.socle.rules import date_en_phrase
from strategie.socle.templatetags.paliers import compte, etapes_de

MONTREES = 6


@dataclass(frozen=True)
class Etape:
    """A step of the loop, whether this year has gone through it, and where it stands in a few words; without them for
    who may not read it.
    """

    nom: str
    adresse: str | None = None
    fait: bool = False
    phrase: str = ""


@dataclass(frozen=True)
class Suite:
    """What comes next, once the diagnostic is signed: one thing, and the page where it is done."""

    titre: str
    texte: str
    lien: str
    libelle: str


@dataclass(frozen=True)
class Echeance:
    """A day to come, and the page that tells more, for who may read it."""

    jour: datetime.date
    intitule: str
    adresse: str = ""


# --- The five steps ----------------------------------------------------------------------------------------------
def etapes(tableau: TableauDeBord, bref: EnBref) -> list[Etape]:
    """The five, in order."""
    dire = {
        "pourquoi": lambda: _pourquoi(bref),
        "diagnostic": lambda: _diagnostic(tableau, bref.etablissement.droits),
        "cap": lambda: _cap(bref),
        "moyens": lambda: _moyens(bref),
        "evaluation": lambda: _evaluation(bref),
    }
    return [
        Etape(une["nom"], une["adresse"], *(dire[une["code"]]() if une["adresse"] else ()))
        for une in etapes_de(bref.etablissement)
    ]


def _pourquoi(bref: EnBref) -> tuple[bool, str]:
    if not bref.vision:
        return False, "vision à écrire"
    return True, "vision écrite" + (f", {compte(bref.objectifs, 'objectif,objectifs')}" if bref.objectifs else "")


def _diagnostic(tableau: TableauDeBord, droits: frozenset[Droit]) -> tuple[bool, str]:
    signe = tableau.resultats_de_l_annee
    if tableau.a_finir and tableau.etat is not None:
        return signe, f"{compte(tableau.etat.repondus, 'réponse,réponses')} sur {tableau.etat.concernes}"
    if signe:
        return True, "signé"
    if not tableau.campagne:
        return False, "aucune campagne"
    return False, "à commencer" if Droit.LIRE_BROUILLON in droits else "pas encore signé"


def _cap(bref: EnBref) -> tuple[bool, str]:
    besoins = bref.besoins if Droit.LIRE_BESOINS in bref.etablissement.droits else 0
    dits = [compte(besoins, "besoin retenu,besoins retenus")] if besoins else []
    dits += [compte(bref.axes, "axe,axes")] if bref.axes else []
    return bool(bref.axes), ", ".join(dits) or "axes à choisir"


def _moyens(bref: EnBref) -> tuple[bool, str]:
    if not {Droit.LIRE_PLAN, Droit.LIRE_PLAN_PUBLIE} & bref.etablissement.droits:
        return False, ""
    if not bref.actions:
        return False, "plan à écrire"
    retard = f", {len(bref.en_retard)} en retard" if bref.en_retard else ""
    return True, f"{compte(len(bref.actions), 'action,actions')}{retard}"


def _evaluation(bref: EnBref) -> tuple[bool, str]:
    """A conseil d'école votes nothing: it gives its avis."""
    ecole = bref.etablissement.premier_degre
    if bref.vote_le:
        return True, f"{'avis favorable' if ecole else 'adopté'} le {date_en_phrase(bref.vote_le)}"
    if bref.seance:
        return False, f"conseil le {date_en_phrase(bref.seance.jour)}"
    return False, "pas encore d'avis" if ecole else "rien n'est encore voté"


# --- What comes next ---------------------------------------------------------------------------------------------
def la_suite(tableau: TableauDeBord, bref: EnBref) -> Suite | None:
    """For who writes the plan, after this year's signature; None when the loop has gone all the way."""
    droits, uai = bref.etablissement.droits, bref.etablissement.uai
    if Droit.MODIFIER_PLAN not in droits or not tableau.resultats_de_l_annee or tableau.a_finir:
        return None
    conseil = "conseil d'école" if bref.etablissement.premier_degre else "conseil d'administration"
    suite = next(_suites(bref, conseil), None)
    if suite is None:
        return None
    titre, texte, page, libelle = suite
    return Suite(titre, texte, reverse(page, args=[uai]), libelle)


def _suites(bref: EnBref, conseil: str) -> Iterator[tuple[str, str, str, str]]:
    if not bref.axes:
        return  # the diagnostic is made known first: the page says it
    if not bref.vision:
        yield (
            "écrire la vision",
            "Quelques phrases disent pourquoi le numérique compte ici\u00a0: le plan et le conseil s'y réfèrent.",
            "pourquoi",
            "Écrire la vision",
        )
    if not bref.actions:
        yield (
            "écrire le plan d'action",
            f"{compte(bref.axes, 'axe est ouvert,axes sont ouverts')}\u00a0; aucune action n'est encore publiée.",
            "moyens",
            "Aller au plan d'action",
        )
    if bref.en_retard:
        yield (
            "donner des nouvelles du plan",
            f"{compte(len(bref.en_retard), 'action a passé son échéance,actions ont passé leur échéance')}"
            "\u00a0: finies, à repousser ou bloquées\u00a0?",
            "plan_par_etat",
            "Voir ce qui est en retard",
        )
    if not bref.vote_le:
        yield (
            f"préparer le dossier du {conseil}",
            "Le diagnostic est signé, le plan est écrit\u00a0: un seul PDF les porte devant le conseil.",
            "evaluation",
            "Préparer le dossier",
        )


# --- The days to come --------------------------------------------------------------------------------------------
def a_venir(tableau: TableauDeBord, bref: EnBref) -> list[Echeance]:
    """What the reader may know of, soonest first."""
    siennes = (_echeance(date, bref) for date in bref.echeances if _lisible(date, bref))
    dites = [*_campagne(tableau, bref.etablissement.droits), *siennes]
    return sorted(dites, key=lambda dite: dite.jour)[:MONTREES]


def _campagne(tableau: TableauDeBord, droits: frozenset[Droit]) -> Iterator[Echeance]:
    campagne = tableau.campagne
    if campagne is None or not {Droit.LIRE_BROUILLON, Droit.LIRE_DIAGNOSTIC} & droits:
        return
    if tableau.se_prepare:
        yield Echeance(campagne.date_ouverture, f"Ouverture de la campagne {campagne.annee_scolaire}")
    if campagne.fin >= tableau.jour:
        yield Echeance(campagne.fin, f"Fin de la campagne {campagne.annee_scolaire}")


def _lisible(date: Date, bref: EnBref) -> bool:
    demandes = {
        "action": {Droit.LIRE_PLAN, Droit.LIRE_PLAN_PUBLIE},
        "formation": {Droit.LIRE_FORMATION},
        "conseil": {Droit.LIRE_DOSSIER},
    }
    return bool(demandes[date.sorte] & bref.etablissement.droits)


def _echeance(date: Date, bref: EnBref) -> Echeance:
    uai = bref.etablissement.uai
    if date.sorte == "action":
        return Echeance(date.jour, date.intitule, reverse("action", args=[uai, date.cle]))
    if date.sorte == "formation":
        return Echeance(date.jour, f"Formation\u00a0: {date.intitule}", reverse("formations", args=[uai]))
    conseil = "Conseil d'école" if bref.etablissement.premier_degre else "Conseil d'administration"
    return Echeance(date.jour, conseil, reverse("evaluation", args=[uai]))
