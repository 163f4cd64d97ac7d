"""The plan by state, and one's own actions by urgency: lists of actions, with what brings each up to date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from plans.domain.fraicheur import perimee
from plans.interfaces import mots
from plans.interfaces.morceaux import ETATS, etiquettes, liste, saisi
from plans.interfaces.selection import Selection
from plans.interfaces.suivi_rapide import SuiviRapide
from plans.queries.plan import IndicateurLu, LigneDuPlan

EN_RETARD = "En retard"
ORDRE = ("bloquee", "en_cours", "a_venir", "en_pause", "brouillon", "realisee", "abandonnee")


@dataclass(frozen=True)
class Section:
    code: str
    titre: str
    nombre: int
    actions: SafeString


def sections(selection: Selection, suivi: SuiviRapide) -> list[Section]:
    """What is late is there only, whatever its state; the other states follow, from the most to the least pressing."""
    tardives = [ligne for ligne in selection.lignes if ligne.en_retard]
    par_etat = {
        etat: [ligne for ligne in selection.lignes if ligne.action.etat == etat and not ligne.en_retard]
        for etat in ORDRE
    }
    groupes = [("en_retard", EN_RETARD, tardives), *((etat, ETATS[etat], par_etat[etat]) for etat in ORDRE)]
    return [_section(code, titre, lignes, suivi) for code, titre, lignes in groupes if lignes]


def groupes_des_miennes(lignes: Sequence[LigneDuPlan], suivi: SuiviRapide) -> list[Section]:
    """What is late, what goes on, what is not begun, what is done; each with the values to read."""
    groupes = {
        "en_retard": (EN_RETARD, [ligne for ligne in lignes if ligne.en_retard]),
        "a_suivre": ("À suivre", _dans(lignes, "bloquee", "en_cours")),
        "a_venir": ("À venir ou en pause", _dans(lignes, "a_venir", "en_pause", "brouillon")),
        "finies": ("Finies cette année", _dans(lignes, "realisee", "abandonnee")),
    }
    return [
        _section(code, titre, siennes, suivi, releves=True) for code, (titre, siennes) in groupes.items() if siennes
    ]


def _dans(lignes: Sequence[LigneDuPlan], *etats: str) -> list[LigneDuPlan]:
    return [ligne for ligne in lignes if ligne.action.etat in etats and not ligne.en_retard]


def _section(
    code: str, titre: str, lignes: Sequence[LigneDuPlan], suivi: SuiviRapide, *, releves: bool = False
) -> Section:
    elements = "".join(_element(ligne, suivi, releves=releves) for ligne in lignes)
    return Section(code, titre, len(lignes), mark_safe(f'<ul class="suivis">{elements}</ul>'))  # noqa: S308 - escaped


def _element(ligne: LigneDuPlan, suivi: SuiviRapide, *, releves: bool) -> str:
    action = ligne.action
    titre = f'<a href="{suivi.adresse_action(action.pk)}">{saisi(action.intitule)}</a>'
    raison = f"<p>{saisi(action.raison)}</p>" if action.raison else ""
    valeurs = liste([_valeur(ligne, indicateur, suivi) for indicateur in ligne.indicateurs]) if releves else ""
    return (
        f'<li id="action-{action.pk}"><h3>{titre} {etiquettes(ligne)}</h3>{raison}'
        f'<p class="discret">{" · ".join(_en_bref(ligne))}</p>{valeurs}{suivi.etat(ligne)}</li>'
    )


def _en_bref(ligne: LigneDuPlan) -> list[str]:
    """Quoi, qui, quand: a line."""
    axes = ", ".join(saisi(axe.intitule) for axe in ligne.axes) or "Sans axe"
    mere = [f"Sous-action de «\u00a0{saisi(ligne.parent)}\u00a0»"] if ligne.parent else []
    premier, *suite = mots.quand(ligne.action)
    quand = suite[0] if ligne.action.echeance else premier
    return [axes, *mere, saisi(ligne.qui) if ligne.qui else "Sans porteur", escape(quand)]


def _valeur(ligne: LigneDuPlan, indicateur: IndicateurLu, suivi: SuiviRapide) -> str:
    """An indicator, its last value, and the form of the next one."""
    chemin, releve = mots.chemin(indicateur), mots.dernier_releve(indicateur)
    vise = f' <span class="discret">({escape(chemin)})</span>' if chemin else ""
    ancienne = " (valeur ancienne)" if perimee(indicateur.date, indicateur.cadence, suivi.jour) else ""
    dernier = f"{escape(releve)}{ancienne}" if releve else "aucun relevé encore"
    return f"{saisi(indicateur.intitule)}{vise}\u00a0: {dernier}{suivi.releve(ligne, indicateur)}"
