"""When the hours of a district's trainers may be fixed: a French sentence that says why not, or None."""

from __future__ import annotations

from decimal import Decimal

from strategie.socle.rules import decimal_en_phrase

CAPACITE_MAX = Decimal(99_999)


def empechement_fixer_capacite(heures: Decimal) -> str | None:
    if 0 <= heures <= CAPACITE_MAX:
        return None
    return f"Les heures d'un district vont de 0 à {decimal_en_phrase(CAPACITE_MAX)}."
