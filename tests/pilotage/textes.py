"""Reading back what was laid out or written."""

import csv
import io
import re


def serre(texte: str) -> str:
    """Without what a layout adds or takes: spaces, and the hyphens of cut words."""
    return re.sub(r"[\s\u200b\u00ad\u2010-]+", "", texte)


def rangees_csv(octets: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(octets.decode("utf-8-sig")), delimiter=";"))
