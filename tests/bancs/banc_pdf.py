"""W9: the printed diagnostic (processor time), against the same words as plain paragraphs through the same engine.

Run by hand: `python -m tests.bancs.banc_pdf [rounds]`. No database.
"""

import io
import resource
import statistics
import sys
import time
from html import unescape
from re import sub

import django

django.setup()

import pypdf  # noqa: E402
import weasyprint  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402

from diagnostic.interfaces.pdf import contexte_pdf, rendre_pdf_diagnostic  # noqa: E402
from tests.diagnostic.test_pdf import BAVARD, MELANGE  # noqa: E402


def mediane(fonction, tours: int) -> float:
    durees = []
    for _ in range(tours):
        debut = time.process_time()
        fonction()
        durees.append(time.process_time() - debut)
    return statistics.median(durees)


def mots_seuls(contenu: dict) -> str:
    """Every word of the diagnostic, one plain paragraph a line, in a system font and without a style."""
    html = render_to_string("diagnostic/pdf/diagnostic.html", contexte_pdf(contenu))
    lignes = unescape(sub(r"<[^>]+>", "\n", html.split("<body>")[1])).splitlines()
    paragraphes = "".join(f"<p>{ligne.strip()}" for ligne in lignes if ligne.strip())
    return f'<!doctype html><html lang="fr"><title>Mots</title><body>{paragraphes}'


def main() -> None:
    tours = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    for nom, contenu in (("half filled", MELANGE), ("a comment on each indicator", BAVARD)):
        pdf = rendre_pdf_diagnostic(contenu)
        pages = len(pypdf.PdfReader(io.BytesIO(pdf)).pages)
        nu = mots_seuls(contenu)
        duree = mediane(lambda c=contenu: rendre_pdf_diagnostic(c), tours)
        plancher = mediane(lambda n=nu: weasyprint.HTML(string=n).write_pdf(), tours)
        print(
            f"{nom}: {pages} pages, {len(pdf) / 1000:.0f} kB, {duree:.2f} s, {duree / pages:.3f} s a page, "
            f"{duree / plancher:.2f} x plain paragraphs ({plancher:.2f} s)"
        )
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
