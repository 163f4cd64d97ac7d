"""When districts may be drawn, a drawing taken back, a district destroyed."""

from __future__ import annotations

from collections.abc import Sequence

RIEN_A_CHANGER = "Rien ne change\u00a0: ces établissements sont déjà là où vous les mettez."
A_RELIRE = "Quelque chose a changé entre-temps\u00a0: voici ce que ferait ce dessin maintenant. Relisez-le."
IMPORT_EN_COURS = "L'annuaire est en cours d'import\u00a0: recommencez dans quelques minutes."
RIEN_A_ANNULER = "Il n'y a pas de mouvement à annuler\u00a0: le dernier a déjà été annulé, ou un autre l'a suivi."


def empechement_annuler(*, bouges: int, disparus: Sequence[str]) -> str | None:
    """`bouges`: schools that moved again since; `disparus`: districts that schools should go back to."""
    if disparus:
        return f"{' et '.join(disparus)} n'existe plus\u00a0: ce mouvement ne s'annule plus."
    if bouges:
        combien = f"{bouges} établissements ont" if bouges > 1 else "un établissement a"
        return f"Depuis, {combien} encore changé de place\u00a0: ce mouvement ne s'annule plus."
    return None


def empechement_supprimer(retenues: Sequence[str]) -> str | None:
    """`retenues`: what holds the district, each with its number."""
    if not retenues:
        return None
    return f"Il ne peut pas être supprimé\u00a0: {', '.join(retenues)}."
