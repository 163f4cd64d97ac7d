"""When the list of rooms may be written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from budget.rules.equipements import repetes

if TYPE_CHECKING:
    import datetime

NOM_MAX = 60
SALLES_A_LA_FOIS = 200
ARCHIVEE = "Cette salle est archivée\u00a0: rétablissez-la pour la modifier."
DEJA = "L'établissement a déjà une salle de ce nom."
DISPARUE = "Cette salle n'est plus à l'établissement\u00a0: rechargez la page."
VERS_ELLE_MEME = "Choisissez une autre salle que celle que vous archivez."


def empechement_noms(noms: Sequence[str]) -> str | None:
    """Names typed or pasted together, one a line."""
    if not noms:
        return "Donnez au moins un nom de salle."
    if len(noms) > SALLES_A_LA_FOIS:
        return f"Ajoutez {SALLES_A_LA_FOIS} salles à la fois, au plus."
    if longs := [nom for nom in noms if len(nom) > NOM_MAX]:
        return f"Un nom de salle a {NOM_MAX} caractères au plus\u00a0: «\u00a0{longs[0][:NOM_MAX]}…\u00a0»."
    if doubles := repetes(noms):
        return f"Ce nom est donné deux fois\u00a0: {', '.join(doubles)}."
    return None


def empechement_deja_la(noms: Sequence[str], archives: Sequence[str]) -> str | None:
    """`noms` are rooms that the school has already; `archives`, those that it had."""
    if noms:
        ont = "une salle de ce nom" if len(noms) == 1 else "des salles de ces noms"
        return f"L'établissement a déjà {ont}\u00a0: {', '.join(noms)}."
    if archives:
        sont = "Cette salle est archivée" if len(archives) == 1 else "Ces salles sont archivées"
        return f"{sont}\u00a0: {', '.join(archives)}. Rétablissez-la depuis la liste des salles archivées."
    return None


def empechement_wifi(wifi: str, wifi_le: datetime.date | None, jour: datetime.date) -> str | None:
    """A date of observation goes with what was observed."""
    if wifi_le and not wifi:
        return "Dites ce que vous avez constaté du Wi-Fi, ou laissez la date vide."
    if wifi_le and wifi_le > jour:
        return "Cette date n'est pas encore passée."
    return (
        "Cette date est antérieure à 1997\u00a0: le Wi-Fi n'existait pas." if wifi_le and wifi_le.year < 1997 else None
    )


def empechement_archiver(restants: int, *, ou_aller_dit: bool) -> str | None:
    """`restants`: how many live things are there."""
    if restants and not ou_aller_dit:
        return "Il y a encore du matériel dans cette salle\u00a0: dites où il va."
    return None
