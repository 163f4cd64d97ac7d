"""What goes to the board, read once: one dictionary, the only source of the screen, of the PDF, of its attached tables,
of the workbook and of the documents.

It holds text, whole numbers, ISO dates and None; an amount is a text with two decimals. Drafts, comments and the names
of people stay out: an action is carried by a function.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Collection
from typing import Any

from django.db.models import QuerySet

from diagnostic.queries.copies import derniere_copie, resultats_signes
from plans.models import Theme
from plans.queries.besoins import besoins_de_l_annee
from plans.queries.vision import pourquoi
from strategie.pilotage.domain.changements import changements
from strategie.pilotage.models import Dossier, SectionsChoisies
from strategie.pilotage.queries.deliberations import projet_d_acte
from strategie.pilotage.queries.moyens_du_dossier import LecteurDesMoyens
from strategie.pilotage.rules.dossiers import SECTIONS, dans_l_ordre
from strategie.socle.models import Etablissement

FORMAT = 1
THEMES = dict(Theme.choices)


def contenu_du_dossier(
    etablissement: Etablissement, *, sections: Collection[str], annee: str, exercice: int, jour: datetime.date
) -> dict[str, Any]:
    """Each part is None when it was not asked for; the diagnostic also when nothing is signed, the changes when nothing
    was voted. About forty queries, whatever the school has.
    """
    moyens = LecteurDesMoyens(etablissement, annee=annee, exercice=exercice, jour=jour)
    parties: dict[str, Callable[[], Any]] = {
        "rapport": lambda: rapport_de(etablissement),
        "diagnostic": lambda: _diagnostic(etablissement),
        "besoins": lambda: _besoins(etablissement, annee),
        "plan": moyens.plan,
        "equipement": moyens.equipement,
        "formation": moyens.formation,
        "budget": moyens.budget,
        "responsabilites": moyens.responsabilites,
        "deliberation": lambda: projet_d_acte(etablissement),
    }
    contenu: dict[str, Any] = {
        "format": FORMAT,
        **en_tete(etablissement),
        "annee_scolaire": annee,
        "exercice": exercice,
        "fait_le": jour.isoformat(),
        "sections": dans_l_ordre(sections),
    }
    contenu |= {code: lire() if code in sections else None for code, lire in parties.items()}
    contenu["rapport"] = contenu["rapport"] or ""
    contenu["vision"] = _vision(etablissement) if "besoins" in sections else None
    return contenu | (_changements(etablissement, contenu) if "changements" in sections else SANS_CHANGEMENTS)


def choix_de(etablissement: Etablissement) -> SectionsChoisies | None:
    return SectionsChoisies.objects.filter(etablissement=etablissement).first()


def sections_choisies(choix: SectionsChoisies | None) -> list[str]:
    """Everything, until somebody chose."""
    return dans_l_ordre(choix.sections) if choix else list(SECTIONS)


def rapport_de(etablissement: Etablissement) -> str:
    choix = choix_de(etablissement)
    return choix.rapport if choix else ""


def en_tete(etablissement: Etablissement) -> dict[str, Any]:
    return {
        "etablissement": _etablissement(etablissement),
        "instance": "conseil d'école" if etablissement.premier_degre else "conseil d'administration",
    }


def _etablissement(etablissement: Etablissement) -> dict[str, Any]:
    return {
        "uai": etablissement.uai,
        "nom": etablissement.nom,
        "type": etablissement.get_type_display(),
        "commune": etablissement.commune,
        "academie": etablissement.academie.nom,
        "effectif": etablissement.effectif,
        "premier_degre": etablissement.premier_degre,
    }


def _diagnostic(etablissement: Etablissement) -> dict[str, Any] | None:
    copie = derniere_copie(etablissement)
    if copie is None:
        return None
    signes = resultats_signes(copie)
    return {
        "annee": signes.annee,
        "annee_avant": signes.annee_avant or "",
        "signe_le": signes.contenu["signature"]["date_locale"],
        "champs": [
            {
                "code": champ.code,
                "libelle": champ.libelle,
                "palier": champ.palier,
                "palier_avant": champ.palier_avant,
                "manque": champ.premier_manquant,
            }
            for champ in signes.champs
        ],
    }


def _besoins(etablissement: Etablissement, annee: str) -> list[dict[str, Any]]:
    return [
        {
            "cle": besoin.pk,
            "intitule": besoin.intitule,
            "theme": THEMES.get(besoin.theme, ""),
            "faits": [*filter(None, [besoin.constat]), *(constat.texte for constat in besoin.retours.all())],
            "effectif": besoin.effectif,
            "axes": [axe.intitule for axe in besoin.axes.all()],
        }
        for besoin in besoins_de_l_annee(etablissement, annee)
    ]


def _vision(etablissement: Etablissement) -> dict[str, Any]:
    lu = pourquoi(etablissement)
    champs = ("valeurs", "eleves", "equipes", "limites")
    return {champ: getattr(lu.vision, champ) if lu.vision else "" for champ in champs} | {
        "objectifs": [
            {
                "champ": suivi.champ,
                "palier": suivi.palier,
                "vise": suivi.objectif.palier_vise,
                "annee": suivi.objectif.annee_scolaire,
            }
            for suivi in lu.objectifs
        ]
    }


# --- Since the last vote -----------------------------------------------------------------------------------------
SANS_CHANGEMENTS: dict[str, Any] = {"changements": None, "depuis": None}


def votes_de(etablissement: Etablissement) -> QuerySet[Dossier]:
    """The files that the board voted, the last first, with their content and without their PDF."""
    votes: QuerySet[Dossier] = Dossier.objects.filter(etablissement=etablissement, vote=True)
    return votes.defer("pdf").order_by("-fait_le", "-pk")


def _changements(etablissement: Etablissement, contenu: dict[str, Any]) -> dict[str, Any]:
    vote = votes_de(etablissement).first()
    if vote is None:
        return SANS_CHANGEMENTS
    ancien = json.loads(vote.contenu)
    acte = ancien.get("deliberation") or {}
    seance = acte.get("seance") or {}
    return {
        "changements": [un.en_dict() for un in changements(ancien, contenu)],
        "depuis": {
            "numero": vote.numero,
            "le": seance.get("date") or vote.fait_le.astimezone(etablissement.academie.zone).date().isoformat(),
            "exercice": ancien["exercice"],
        },
    }
