"""What an académie may set of its local trainings: a French sentence by field that says why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from budget.domain.reglages_formation import SaisieReglages

SIGLE_MAX, NOM_MAX = 12, 80
GROUPE_MAX, SEMAINES_MAX = 100, 52


def defauts_des_reglages(saisie: SaisieReglages) -> dict[str, str]:
    defauts = {}
    for champ, longueur in (("sigle", SIGLE_MAX), ("nom_local", NOM_MAX)):
        texte = getattr(saisie, champ)
        if not texte:
            defauts[champ] = "Écrivez-le comme l'académie le dit."
        elif len(texte) > longueur:
            defauts[champ] = f"Ce texte dépasse {longueur}\u00a0caractères\u00a0: raccourcissez-le."
    if not 1 <= saisie.effectif_minimum <= GROUPE_MAX:
        defauts["effectif_minimum"] = f"Un groupe minimum va de 1 à {GROUPE_MAX} personnes."
    if not 0 <= saisie.semaines_avant <= SEMAINES_MAX:
        defauts["semaines_avant"] = f"Un préavis va de 0 à {SEMAINES_MAX} semaines."
    return defauts
