"""What is printed to invite to a survey: the poster of its link, the sheet of its slips."""

from collections.abc import Iterator, Sequence
from itertools import batched, groupby
from typing import Any

import segno
from django.urls import reverse

from diagnostic.domain.codes import en_paquets
from diagnostic.interfaces.enquetes import adresse_du_lien
from diagnostic.interfaces.repondre import minutes
from diagnostic.models import Enquete
from strategie.socle.interfaces.pdf import rendre_pdf

COUPONS_PAR_PAGE = 10
MARGE = 4  # modules left white around the square, as readers ask


def rendre_affiche_pdf(enquete: Enquete, racine: str) -> bytes:
    """One page, to pin up. `racine` is the site's address."""
    contexte = _contexte(enquete, racine) | {
        "code": en_paquets(enquete.code),
        "carre": carre_a_viser(adresse_du_lien(racine, enquete.code)),
        "invites_autour": bool({"parents", "eleves"} & set(enquete.invites)),
    }
    nom = enquete.etablissement.nom
    return rendre_pdf("diagnostic/pdf/affiche.html", contexte, titre=f"Affiche de l'enquête · {nom}", auteur=nom)


def rendre_coupons_pdf(enquete: Enquete, codes: Sequence[str], racine: str) -> bytes:
    """A page that says what to do with them, then ten slips a page."""
    coupons = [{"code": en_paquets(code), "carre": carre_a_viser(adresse_du_lien(racine, code))} for code in codes]
    contexte = _contexte(enquete, racine) | {
        "nombre": len(codes),
        "planches": list(batched(coupons, COUPONS_PAR_PAGE, strict=False)),
    }
    nom = enquete.etablissement.nom
    return rendre_pdf("diagnostic/pdf/coupons.html", contexte, titre=f"Coupons de l'enquête · {nom}", auteur=nom)


def _contexte(enquete: Enquete, racine: str) -> dict[str, Any]:
    return {
        "enquete": enquete,
        "etablissement": enquete.etablissement,
        "minutes": minutes(enquete),
        "adresse": f"{racine.rstrip('/')}{reverse('enquete_entree')}".removeprefix("https://"),
    }


def carre_a_viser(adresse: str) -> dict[str, Any]:
    """A QR code as one SVG path: its side in modules, margin included, and the runs of dark modules of each row."""
    lignes = [list(ligne) for ligne in segno.make(adresse, error="m", micro=False).matrix]
    traces = (trace for rang, ligne in enumerate(lignes) for trace in _traces(rang, ligne))
    return {"cote": len(lignes) + 2 * MARGE, "trace": "".join(traces)}


def _traces(rang: int, ligne: Sequence[int]) -> Iterator[str]:
    colonne = 0
    for noir, suite in groupby(ligne):
        longueur = len(list(suite))
        if noir:
            yield f"M{colonne + MARGE} {rang + MARGE}.5h{longueur}"
        colonne += longueur
