"""Columns that a school has named already, for the next file with the same headings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from budget.models import CorrespondanceImport
from strategie.socle.models import Etablissement


def correspondance_retenue(etablissement: Etablissement, entetes: str) -> Mapping[str, Any] | None:
    """`entetes`: the print of the headings."""
    retenues = CorrespondanceImport.objects.filter(etablissement=etablissement, entetes=entetes)
    colonnes: Mapping[str, Any] | None = retenues.values_list("colonnes", flat=True).first()
    return colonnes
