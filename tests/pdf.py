"""PDFs read back. Reading one costs as much as laying it out: the same bytes are read once, whatever they are asked."""

import io
from collections.abc import Iterator
from functools import lru_cache

import page
import pikepdf
import pypdf


@lru_cache(maxsize=8)
def pages_lues(pdf: bytes) -> tuple[str, ...]:
    return tuple(feuille.extract_text() for feuille in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def texte_de(pdf: bytes) -> str:
    return "\n".join(pages_lues(pdf))


def feuilles(pdf: bytes) -> list[str]:
    """Text of each page, every blank made a plain space."""
    return [" ".join(lue.split()) for lue in pages_lues(pdf)]


def manquements(pdf: bytes, *profils: str) -> list[tuple[str, str]]:
    """What breaks the rules of those profiles: PDF/UA-1 when none is named."""
    rapports = [page.validate_pdf_bytes(pdf, profile=profil) for profil in profils or ("ua1",)]
    assert all(rapport.rules.total > 100 for rapport in rapports)
    return [(constat.rule_id, constat.message) for rapport in rapports for constat in rapport.failures]


def manquements_de_l_archive(pdf: bytes) -> list[tuple[str, str]]:
    return manquements(pdf, "ua1", "pdfa-3a")


def arbre(noeud: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Object]]:
    """Structure types below it, in reading order."""
    enfants = noeud.get("/K", [])
    for enfant in enfants if isinstance(enfants, pikepdf.Array) else [enfants]:
        if isinstance(enfant, pikepdf.Dictionary) and "/S" in enfant:
            yield str(enfant.S), enfant
            yield from arbre(enfant)


@lru_cache(maxsize=8)
def elements(pdf: bytes) -> tuple[tuple[str, str, int], ...]:
    """The structure tree in reading order: kind, alternative, number of headers."""
    with pikepdf.open(io.BytesIO(pdf)) as ouvert:
        return tuple(
            (sorte, str(noeud.get("/Alt", "")), len(noeud.get("/A", {}).get("/Headers", [])))
            for sorte, noeud in arbre(ouvert.Root.StructTreeRoot)
        )
