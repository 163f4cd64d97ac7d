"""The lines of the inventory as rows, made by joining strings: fifty at a time, the columns that were chosen."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from budget.domain.argent import euros
from budget.interfaces.colonnes import ColonneInventaire
from plans.interfaces.morceaux import adresses, saisi
from strategie.socle.interfaces.csv_en_sql import Genre

# What each row says besides the columns: its name, what tells it apart, and what a reader may do with it.
TOUJOURS = ("designation", "numero_serie", "etiquette", "proprietaire", "prete_a")
# What may serve needs no label: the eye goes to the rest.
ETIQUETTES = {"a_reparer": "etiquette attention", "reformable": "etiquette retard", "sorti": "etiquette"}
CLASSES = {Genre.NOMBRE: "nombre", Genre.MONTANT: "nombre", Genre.DATE: "court"}
PRETE = ' <span class="etiquette attention">prêté</span>'


def champs(colonnes: Sequence[ColonneInventaire]) -> list[str]:
    """What the rows are made of, as `values_list` takes it."""
    return [*TOUJOURS, *(colonne.valeur for colonne in colonnes[1:])]


def entetes(colonnes: Sequence[ColonneInventaire]) -> list[tuple[str, str]]:
    return [(CLASSES.get(colonne.genre, ""), colonne.entete) for colonne in colonnes]


def corps_du_tableau(
    lignes: Sequence[tuple[Any, ...]],
    colonnes: Sequence[ColonneInventaire],
    uai: str,
    *,
    tient: Callable[[str], bool] | None,
    coches: bool,
) -> SafeString:
    """`tient`: whether the reader keeps the things of an owner, None when she only reads; `coches`: ticked already."""
    adresse, suivantes = adresses("equipement", uai), colonnes[1:]
    rangees = []
    for cle, _, designation, serie, etiquette, proprietaire, prete_a, *valeurs in lignes:
        case = _case(cle, f"{designation} {serie or etiquette}", coches) if tient and tient(proprietaire) else ""
        cellules = "".join(map(_cellule, suivantes, valeurs, [prete_a] * len(valeurs)))
        rangees.append(
            f'<tr id="equipement-{cle}">{f"<td class=cocher>{case}</td>" if tient else ""}'
            f'<th scope="row"><a href="{adresse(cle)}">{saisi(designation)}</a></th>{cellules}</tr>'
        )
    return mark_safe("".join(rangees))  # noqa: S308 - escaped cell by cell


def _case(cle: int, nom: str, coche: bool) -> str:
    return (
        f'<label><span class="visually-hidden">Cocher {saisi(nom.strip())}</span><input type="checkbox"'
        f' class="form-check-input" name="cles" value="{cle}"{" checked" if coche else ""}></label>'
    )


def _cellule(colonne: ColonneInventaire, valeur: Any, prete_a: str) -> str:
    dit = _dire(colonne, valeur)
    if colonne.code == "etat":
        dit = f'<span class="{ETIQUETTES[valeur]}">{dit}</span>' if valeur in ETIQUETTES else dit
        dit += PRETE if prete_a else ""
    classe = f' class="{CLASSES[colonne.genre]}"' if colonne.genre in CLASSES else ""
    return f'<td{classe} data-titre="{colonne.entete}">{dit}</td>'


def _dire(colonne: ColonneInventaire, valeur: Any) -> str:
    if valeur is None or valeur == "":
        return ""
    if colonne.choix:
        return escape(colonne.choix[valeur])
    match colonne.genre:
        case Genre.DATE:
            return _jour(valeur)
        case Genre.MONTANT:
            return euros(valeur)
        case Genre.NOMBRE:
            return f"{valeur:,}".replace(",", "\u202f")
        case _:
            return saisi(valeur)


@lru_cache(maxsize=4096)
def _jour(jour: datetime.date) -> str:
    return f"{jour:%d/%m/%Y}"
