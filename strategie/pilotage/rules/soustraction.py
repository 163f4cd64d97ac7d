"""Which totals may be shown side by side, so that none of fewer than `seuil` schools can be worked out from them.

An académie is cut in two ways: by districts (schools without one are one more) and by départements. Of each way, what
is not shown is known all together: it is the académie's total less what is shown. Whatever one adds or takes away is
then made of whole crossings of the two ways: it is enough that each of them holds `seuil` schools, or none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

# How many schools, by district and département.
Croisements = Mapping[tuple[int, int], int]


def districts_montrables(effectifs: Mapping[int, int], seuil: int) -> frozenset[int]:
    """Of the schools of each: all but the smallest, until those hold `seuil` schools together."""
    par_taille, tus = sorted((nombre, district) for district, nombre in effectifs.items() if nombre), 0
    for rang, (nombre, _) in enumerate(par_taille):
        if nombre >= seuil and not 0 < tus < seuil:
            return frozenset(district for _, district in par_taille[rang:])
        tus += nombre
    return frozenset()


def departements_montrables(croisements: Croisements, seuil: int) -> frozenset[int]:
    """Beside the districts that are shown: all but those that cross one of them in too few schools."""
    effectifs, tailles = Counter[int](), Counter[int]()
    for (district, departement), nombre in croisements.items():
        effectifs[district] += nombre
        tailles[departement] += nombre
    districts = districts_montrables(effectifs, seuil)
    montres = set(tailles)
    while montres:
        groupes = Counter[tuple[int | None, int | None]]()  # None: those that are not shown, together
        for (district, departement), nombre in croisements.items():
            colonne = departement if departement in montres else None
            groupes[district if district in districts else None, colonne] += nombre
        trop_petits = {departement for (_, departement), nombre in groupes.items() if 0 < nombre < seuil}
        if not trop_petits:
            break
        montres -= (trop_petits & montres) or {min(montres, key=lambda cle: (tailles[cle], cle))}
    return frozenset(montres)


def ensemble_montrable(effectifs: Mapping[int, int], seuil: int) -> bool:
    """Whether a whole may be shown to whoever reads one of its parts: the others hold `seuil` schools together."""
    return sum(effectifs.values()) - max(effectifs.values(), default=0) >= seuil
