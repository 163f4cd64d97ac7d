"""Numbers that are typed, pasted, or read by a scanner: one a line."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

from django import forms
from django.core.exceptions import ValidationError

from budget.rules.equipements import A_LA_FOIS

LONGUEUR_MAX = 80
# What a scanner makes of our own labels: the address that their square holds.
ADRESSE_D_ETIQUETTE = re.compile(r"^https?://[^/]+/etablissements/[^/]+/equipements/e/(?P<etiquette>[^?#]+)")
FINS_DE_LIGNE = re.compile(r"[\r\n\t\v\f]+")
CONTROLES = re.compile(r"[\x00-\x1f\x7f]")


def lire_numeros(texte: str) -> list[str]:
    """In their order, each once, whatever its case."""
    par_numero: dict[str, str] = {}
    for ligne in FINS_DE_LIGNE.split(texte):
        if numero := _numero(ligne):
            par_numero.setdefault(numero.lower(), numero)
    return list(par_numero.values())


def _numero(ligne: str) -> str:
    ligne = ligne.strip()
    if lue := ADRESSE_D_ETIQUETTE.match(ligne):
        ligne = unquote(lue["etiquette"])
    return CONTROLES.sub("", ligne).strip()


class Numeros(forms.CharField):
    """Its value is the list of them."""

    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"})

    def __init__(self, **options: Any) -> None:
        super().__init__(strip=False, **options)

    def to_python(self, value: object) -> list[str]:
        numeros = lire_numeros(str(value or ""))
        if len(numeros) > A_LA_FOIS:
            raise ValidationError(f"Donnez {A_LA_FOIS} numéros à la fois, au plus\u00a0: il y en a {len(numeros)}.")
        if longs := [numero for numero in numeros if len(numero) > LONGUEUR_MAX]:
            raise ValidationError(
                f"Ce numéro dépasse {LONGUEUR_MAX}\u00a0caractères\u00a0: «\u00a0{longs[0][:40]}…\u00a0»."
            )
        return numeros
