"""What opens above the list: a hundred links that filter, some thirty boxes that choose columns, joined as strings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe

from budget.interfaces.colonnes import COLONNES, ColonneInventaire
from budget.interfaces.selection import GroupeDeLiens, Lien


def liens_des_filtres(groupes: Sequence[GroupeDeLiens]) -> SafeString:
    """The inside of a `dl`: each group, and what each of its links would show."""
    return mark_safe("".join(map(_groupe, groupes)))  # noqa: S308 - escaped link by link


def _groupe(groupe: GroupeDeLiens) -> str:
    return f"<dt>{groupe.libelle}</dt><dd><ul>{''.join(map(_lien, groupe.liens))}</ul></dd>"


def _lien(lien: Lien) -> str:
    etat = ' class="filtre actif" aria-current="true"' if lien.actif else ' class="filtre"'
    nombre = f' <span class="discret">{lien.nombre:,}</span>'.replace(",", "\u202f") if lien.nombre is not None else ""
    return f'<li><a{etat} href="{escape(lien.adresse)}"><bdi>{escape(lien.libelle)}</bdi>{nombre}</a></li>'


def cases_des_colonnes(choisies: Collection[ColonneInventaire]) -> SafeString:
    """A box for each column but the first, which is always there."""
    return mark_safe("".join(_case(colonne, colonne in choisies) for colonne in COLONNES[1:]))  # noqa: S308 - our words


def _case(colonne: ColonneInventaire, choisie: bool) -> str:
    cle = f"colonne-{colonne.code}"
    return (
        f'<div class="form-check"><input type="checkbox" class="form-check-input" id="{cle}" name="colonne"'
        f' value="{colonne.code}"{" checked" if choisie else ""}>'
        f'<label class="form-check-label" for="{cle}">{colonne.entete}</label></div>'
    )
