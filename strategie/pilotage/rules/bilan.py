"""What a head may write at the top of a yearly report."""

from __future__ import annotations

from strategie.pilotage.rules.dossiers import CONTROLES

MOT_MAX = 2_000


def defaut_du_mot(texte: str) -> str | None:
    if len(texte) > MOT_MAX:
        return f"Ce mot compte {len(texte)} caractères\u00a0: {MOT_MAX} au plus."
    if CONTROLES.search(texte):
        return "Ce texte contient un caractère invisible\u00a0: effacez-le, puis écrivez-le de nouveau."
    return None
