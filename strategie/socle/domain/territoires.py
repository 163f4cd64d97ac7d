"""The académies and départements of France: our own small table. Rows are created as schools need them."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from strategie.socle.models import Academie, Departement

FICHIER = Path(__file__).resolve().parent.parent / "donnees" / "territoires.json"


@dataclass(frozen=True)
class Territoire:
    """A département and the académie it belongs to. `autres_codes` are the prefixes of UAI that differ from
    the département's code (620 for 02A); `autres_noms` the codes and names an académie had before."""

    code: str
    nom: str
    autres_codes: tuple[str, ...]
    code_academie: str
    nom_academie: str
    autres_noms: tuple[str, ...]
    fuseau: str


@cache
def territoires() -> Mapping[str, Territoire]:
    """Every département by its three-character code."""
    return {
        departement["code"]: Territoire(
            code=departement["code"],
            nom=departement["nom"],
            autres_codes=tuple(departement["autres_codes"]),
            code_academie=academie["code"],
            nom_academie=academie["nom"],
            autres_noms=tuple(academie["autres_noms"]),
            fuseau=academie["fuseau"],
        )
        for academie in json.loads(FICHIER.read_text(encoding="utf-8"))["academies"]
        for departement in academie["departements"]
    }


def creer_departements(codes: Collection[str]) -> None:
    """Creates the départements that are not there yet, and their académies. Existing rows stay as they are."""
    connus = set(Departement.objects.filter(code__in=codes).values_list("code", flat=True))
    for territoire in (territoires()[code] for code in sorted(set(codes) - connus)):
        academie, _ = Academie.objects.get_or_create(
            code=territoire.code_academie, defaults={"nom": territoire.nom_academie, "fuseau": territoire.fuseau}
        )
        Departement.objects.create(code=territoire.code, nom=territoire.nom, academie=academie)
