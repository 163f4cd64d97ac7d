"""The pages of a lever, from one another: equipment, training, budget."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from strategie.socle.droits import Droit
from strategie.socle.models import Etablissement

# Code, name on screen, page, who opens it.
SousPage = tuple[str, str, str, set[Droit]]


@dataclass(frozen=True)
class LienDeSousPage:
    libelle: str
    adresse: str
    ici: bool


def liens_des_sous_pages(etablissement: Etablissement, pages: Iterable[SousPage], page: str) -> list[LienDeSousPage]:
    """Those that the reader for whom the school was fetched opens; `page` is the code of the one that is shown."""
    return [
        LienDeSousPage(libelle, reverse(nom, args=[etablissement.uai]), ici=code == page)
        for code, libelle, nom, droits in pages
        if droits & etablissement.droits
    ]
