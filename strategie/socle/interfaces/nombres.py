"""Decimal numbers as people type them: « 1 234,5 », « 12.5 », « −3 »; never a float."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from strategie.socle.rules import decimal_en_phrase

FORME = re.compile(r"(?P<signe>[+-]?)(?P<entier>[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:[.,](?P<decimales>[0-9]+))?")
ESPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2212": "-"})
CHIFFRES_MAX, DECIMALES_MAX = 12, 2
ILLISIBLE = "Écrivez un nombre seul, sans son unité\u00a0: par exemple 12,5 ou 1\u202f234."
TROP_GRAND = "Ce nombre est trop grand\u00a0: douze chiffres au plus avant la virgule."
TROP_PRECIS = "Deux chiffres au plus après la virgule. Les milliers se séparent par une espace\u00a0: 1\u202f234,5."


class NombreRefuse(ValueError):
    """Its text is the French sentence that the person reads."""


def lire_decimal(texte: str, unite: str = "") -> Decimal:
    """Exact; typed with its own unit (« 12,5 % » for %), it is read without. Raises NombreRefuse."""
    forme = FORME.fullmatch(_sans_unite(texte.translate(ESPACES).strip(), unite.strip()))
    if forme is None:
        raise NombreRefuse(ILLISIBLE)
    entier, decimales = forme["entier"].replace(" ", "").lstrip("0"), forme["decimales"] or ""
    if len(entier) > CHIFFRES_MAX:
        raise NombreRefuse(TROP_GRAND)
    if len(decimales) > DECIMALES_MAX:  # « 1.234 » may mean a thousand: nobody guesses
        raise NombreRefuse(TROP_PRECIS)
    valeur = Decimal(f"{entier or 0}.{decimales or 0}")
    return -valeur if forme["signe"] == "-" and valeur else valeur


def _sans_unite(texte: str, unite: str) -> str:
    if unite and texte.casefold().endswith(unite.casefold()):
        return texte[: -len(unite)].rstrip()
    return texte


class ChampDecimal(forms.Field):
    """A decimal number; `unite`, when set, may be typed after it."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "effectif"})
    unite = ""

    def to_python(self, value: Any) -> Decimal | None:
        if value in self.empty_values or not str(value).strip():
            return None
        try:
            return lire_decimal(str(value)[:200], self.unite)
        except NombreRefuse as refus:
            raise ValidationError(str(refus)) from refus

    def prepare_value(self, value: Any) -> Any:
        return decimal_en_phrase(value) if isinstance(value, Decimal) else value
