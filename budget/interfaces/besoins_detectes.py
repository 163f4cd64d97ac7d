"""What the page of detected needs shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from budget.models import BesoinFormation
from budget.queries.besoins_detectes import BesoinDetecte
from strategie.socle.models import Etablissement

Origine = BesoinFormation.Origine
# Title; what is said when nothing is detected there.
GROUPES = {
    Origine.ENQUETE: (
        "Ce que disent les équipes",
        "La dernière enquête dépouillée ne montre ni souhait de formation, ni question faible sur une "
        "compétence\u00a0; ou aucune n'est encore dépouillée.",
    ),
    Origine.INDICATEUR: (
        "Ce qui manque au diagnostic",
        "Aucune condition qui manque ne se lève par une formation\u00a0; ou le diagnostic n'est pas commencé.",
    ),
    Origine.ACTION: (
        "Ce que prévoit le plan",
        "Chaque action publiée du moyen «\u00a0Formation\u00a0» a sa formation, ou il n'y en a pas.",
    ),
}


@dataclass(frozen=True)
class DetecteDit:
    """`adresse`: the form, filled; `source`: the page that shows it and the words of the link."""

    besoin: BesoinDetecte
    adresse: str
    source: tuple[str, str]


@dataclass(frozen=True)
class GroupeDetecte:
    code: str
    titre: str
    rien: str
    besoins: tuple[DetecteDit, ...]
    plus_tard: tuple[DetecteDit, ...]


def groupes_de_besoins_detectes(etablissement: Etablissement, detectes: Sequence[BesoinDetecte]) -> list[GroupeDetecte]:
    groupes = []
    for code, (titre, rien) in GROUPES.items():
        dits = [_dit(etablissement, un) for un in detectes if un.origine == code]
        a_voir = tuple(dit for dit in dits if not dit.besoin.plus_tard)
        groupes.append(GroupeDetecte(code.value, titre, rien, a_voir, tuple(d for d in dits if d.besoin.plus_tard)))
    return groupes


def _dit(etablissement: Etablissement, besoin: BesoinDetecte) -> DetecteDit:
    choix = urlencode({"origine": besoin.origine, "reference": besoin.reference})
    return DetecteDit(
        besoin, f"{reverse('formation_ajouter', args=[etablissement.uai])}?{choix}", _source(etablissement, besoin)
    )


def _source(etablissement: Etablissement, besoin: BesoinDetecte) -> tuple[str, str]:
    if besoin.origine == Origine.ENQUETE:
        return reverse("enquete_resultats", args=[etablissement.uai, besoin.source]), "Résultats de l'enquête"
    if besoin.origine == Origine.INDICATEUR:
        return reverse("proposition", args=[etablissement.uai, besoin.reference]), f"Indicateur {besoin.reference}"
    return reverse("action", args=[etablissement.uai, besoin.source]), "Action du plan"
