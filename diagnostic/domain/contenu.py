"""The frozen content of a signature: one JSON shape, written once and read for ever. No Django here."""

import hashlib
import json
from fractions import Fraction
from typing import Any

# Format 1 had neither « regle » and « reunion » on an indicator, nor « ancienne » on a proof, nor « contradictions ».
FORMAT = "paliers-diagnostic/2"


def json_canonique(contenu: dict[str, Any]) -> str:
    """The one text of `contenu`: keys sorted, no space, accents as they are. Its SHA-256 is the fingerprint."""
    return json.dumps(contenu, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def empreinte(texte: str | bytes) -> str:
    """SHA-256 in hexadecimal of a text (as UTF-8) or of bytes."""
    return hashlib.sha256(texte.encode() if isinstance(texte, str) else texte).hexdigest()


def fraction_ecrite(score: Fraction | None) -> str | None:
    """« 5/6 », « 1 », or None when nothing is known: exact, as the rule computed it."""
    return None if score is None else str(score)
