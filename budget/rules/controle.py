"""The yearly check of what is there: what counts as seen, and what is said to the second of two who check at once."""

from __future__ import annotations

import datetime

A_LA_FOIS = 100
TROP_DE_LIGNES = f"Contrôlez {A_LA_FOIS} lignes à la fois, au plus."


def debut_du_controle(annee: str) -> datetime.date:
    """What is seen from that day counts for « 2026-2027 »: 15 August, when the calendar begins to mean it."""
    return datetime.date(int(annee[:4]), 8, 15)


def empechement_compter(trouves: int, sur: int, combien: int | None) -> str | None:
    """`trouves` of the `sur` things of a line, `combien` of which are in another state."""
    if not 0 <= trouves <= sur:
        return f"Cette ligne compte {sur} choses\u00a0: dites combien sont là, de 0 à {sur}."
    if combien is not None and not 1 <= combien <= trouves:
        return f"Dites combien ont changé d'état, de 1 à {trouves}." if trouves else "Aucune n'est là pour changer."
    return None


# --- What somebody else has done meanwhile ---------------------------------------------------------------
def ecart_parti(designation: str) -> str:
    return f"«\u00a0{designation}\u00a0» n'est plus dans l'inventaire\u00a0: rien n'en est noté."


def ecart_ailleurs(designation: str, salle: str) -> str:
    ou = f"en «\u00a0{salle}\u00a0»" if salle else "hors des salles"
    return (
        f"Pendant ce temps, quelqu'un a rangé «\u00a0{designation}\u00a0» {ou}. S'il est bien ici, donnez son numéro "
        "dans «\u00a0Trouvé ici, rangé ailleurs\u00a0»."
    )


def ecart_etat(designation: str, actuel: str, voulu: str) -> str:
    return (
        f"Pendant ce temps, quelqu'un a noté «\u00a0{designation}\u00a0» «\u00a0{actuel}\u00a0»\u00a0: votre réponse, "
        f"«\u00a0{voulu}\u00a0», n'est pas enregistrée. Redites-la si elle est juste."
    )


def ecart_nombre(designation: str, actuel: int, trouves: int) -> str:
    return (
        f"Pendant ce temps, quelqu'un a compté «\u00a0{designation}\u00a0»\u00a0: la ligne est maintenant de {actuel}, "
        f"vous en avez trouvé {trouves}. Rien n'en est enregistré\u00a0: recomptez, puis redites-le."
    )
