"""The plan as a text document: axes by theme, matrix, the seed's table. A word processor may redraw its model."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from plans.interfaces.tableau_en_mots import LigneEnMots, matrice_en_mots
from plans.models import Axe, Theme
from plans.queries.matrice import LigneMatrice
from strategie.socle.models import Etablissement
from strategie.socle.rules import date_en_phrase

MODELE = Path(settings.BASE_DIR) / "templates" / "plans" / "plan.docx"
# What XML cannot hold; the model gives a meaning of its own to the bell and to the form feed.
INTERDITS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def ecrire_document(
    etablissement: Etablissement,
    annee: str,
    jour: datetime.date,
    axes: Sequence[Axe],
    tableau: Sequence[LigneEnMots],
    matrice: Sequence[LigneMatrice],
) -> bytes:
    """The DOCX. What people typed is text, never markup of the document nor of its model."""
    from docxtpl import DocxTemplate  # costs a tenth of a second

    document = DocxTemplate(MODELE)
    contexte = {
        "etablissement": etablissement.nom,
        "uai": etablissement.uai,
        "academie": etablissement.academie.nom,
        "annee": annee,
        "jour": date_en_phrase(jour),
        "themes": themes(axes),
        "tableau": [ligne.cellules for ligne in tableau],
        "matrice": matrice_en_mots(matrice),
    }
    document.render(_sans_interdits(contexte), autoescape=True)
    proprietes = document.docx.core_properties
    proprietes.title = _sans_interdits(f"Plan d'action {annee} · {etablissement.nom}")[:255]
    document.save(sortie := io.BytesIO())
    return sortie.getvalue()


def themes(axes: Sequence[Axe]) -> list[dict[str, Any]]:
    """Those that have axes, in their order, each with its axes."""
    return [
        {"libelle": theme.label, "axes": siens}
        for theme in Theme
        if (siens := [_axe(axe) for axe in axes if axe.theme == theme])
    ]


def _axe(axe: Axe) -> str:
    return f"{axe.intitule} (clos)" if axe.clos_le else axe.intitule


def _sans_interdits(valeur: Any) -> Any:
    match valeur:
        case str():
            return INTERDITS.sub("", valeur)
        case dict():
            return {cle: _sans_interdits(une) for cle, une in valeur.items()}
        case list() | tuple():
            return [_sans_interdits(une) for une in valeur]
    return valeur
