"""When a priority, an axe of a district or a school's answer to it may be written: a French sentence, or None."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from plans.rules.besoins import est_une_annee
from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante

if TYPE_CHECKING:
    from plans.models import Axe, AxeDistrict, PrioriteAcademique
    from strategie.socle.models import District, Etablissement

INTITULE_MAX = 250
PRECISION_MAX = 2000
MOTIF_MAX = 400
SERVI = "servi"
AXE_RETIRE = "Cet axe de district a été retiré\u00a0: rétablissez-le avant de le modifier."
PRIORITE_RETIREE = "Cette priorité a été retirée\u00a0: rétablissez-la avant de la modifier."
PRIORITE_ABSENTE = "Cette priorité n'est pas, ou n'est plus, celle de l'académie."
CHOISIR_UN_AXE = "Choisissez celui de vos axes qui le sert."
DIRE_POURQUOI = "Dites en une phrase pourquoi."
AXE_ABSENT = "Cet axe n'est pas, ou n'est plus, dans la liste de l'établissement."


def empechement_annee(annee: str, jour: datetime.date) -> str | None:
    """`jour`: the date it is in the académie."""
    if not est_une_annee(annee):
        return "Écrivez l'année scolaire ainsi\u00a0: 2026-2027."
    if annee > annee_suivante(annee_suivante(annee_scolaire(jour))):
        return "Cette année scolaire est trop lointaine\u00a0: choisissez-en une des deux prochaines."
    return None


def empechement_servir_la_priorite(district: District, priorite: PrioriteAcademique | None) -> str | None:
    if priorite is not None and (priorite.academie_id != district.academie_id or priorite.retiree_le):
        return PRIORITE_ABSENTE
    return None


def empechement_repondre(etablissement: Etablissement, axe_district: AxeDistrict) -> str | None:
    """An answer stays as it is once its axe is dropped: « orphelin », and no longer asked for."""
    if axe_district.district_id != etablissement.district_id:
        return "Cet axe n'est pas de votre district."
    if axe_district.retire_le:
        return "Le district a retiré cet axe\u00a0: il n'attend plus de réponse."
    return None


def empechement_dire(etablissement: Etablissement, reponse: str, axe: Axe | None, motif: str) -> str | None:
    """Served by one of the school's own axes; else a reason."""
    if reponse == SERVI and axe is None:
        return CHOISIR_UN_AXE
    if reponse == SERVI and axe and (axe.etablissement_id != etablissement.pk or axe.supprime_le):
        return AXE_ABSENT
    return DIRE_POURQUOI if reponse != SERVI and not motif.strip() else None
