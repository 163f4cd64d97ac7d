"""Who may write a constat, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strategie.socle.droits import Droit

if TYPE_CHECKING:
    from plans.models import Constat
    from strategie.socle.models import Etablissement, Utilisateur

TEXTE_MAX = 600
LIEN_MAX = 400
LE_SIEN = "Un établissement ne dit pas d'un constat qu'il a noté qu'il lui est utile."
PAS_PARTAGE = "Ce constat n'est pas, ou n'est plus, partagé dans le district."


def peut_ecrire_constat(constat: Constat, personne: Utilisateur, droits: frozenset[Droit]) -> bool:
    """Its author, and whoever writes the plan."""
    return Droit.MODIFIER_PLAN in droits or (Droit.COMMENTER_PLAN in droits and constat.cree_par_id == personne.pk)


def empechement_dire_utile(constat: Constat, etablissement: Etablissement) -> str | None:
    """`constat` comes with its school."""
    if constat.etablissement_id == etablissement.pk:
        return LE_SIEN
    meme_district = etablissement.district_id and constat.etablissement.district_id == etablissement.district_id
    partage = constat.partage != constat.Partage.NON and constat.supprime_le is None
    return None if meme_district and partage else PAS_PARTAGE
