"""When an act on the plan is possible: a French sentence that says why not, or None."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from strategie.socle.domain.calendrier import annee_scolaire, annee_suivante

if TYPE_CHECKING:
    from plans.models import Besoin

TEXTE_MAX = 400
EFFECTIF_MAX = 100_000
ORIGINE_INCONNUE = (
    "Ce besoin ne vient ni du diagnostic, ni d'une enquête, ni d'un retour d'expérience\u00a0: revenez à la page "
    "qui le montre."
)
CONSTAT_ABSENT = (
    "Un des constats choisis n'est plus parmi ceux de l'établissement\u00a0: il a été retiré entre-temps. Vérifiez "
    "votre choix, puis enregistrez de nouveau."
)
ANNEE = re.compile(r"(20[0-9]{2})-(20[0-9]{2})")
# What a need may point at, by where it comes from: « PIL-1-2 », « E07 », « F3 », « C12 ». One that is typed has none.
REFERENCES = {
    "indicateur": re.compile(r"[A-Z]{2,4}-[1-3]-[0-9]{1,2}"),
    "question": re.compile(r"E[0-9]{2}"),
    "ecart": re.compile(r"E[0-9]{2}"),
    "formation": re.compile(r"F[0-9]{1,2}"),
    "constat": re.compile(r"C[0-9]{1,12}"),
}


def est_une_annee(annee: str) -> bool:
    """« 2026-2027 », and not « 2026-2028 »."""
    forme = ANNEE.fullmatch(annee)
    return forme is not None and int(forme[2]) == int(forme[1]) + 1


def empechement_designer(origine: str, reference: str) -> str | None:
    forme = REFERENCES.get(origine)
    return None if forme and forme.fullmatch(reference) else ORIGINE_INCONNUE


def empechement_retenir(annee: str, jour: datetime.date) -> str | None:
    """`jour`: the date it is in the académie. The next year is open: its diagnostic may begin in June."""
    if not est_une_annee(annee) or annee > annee_suivante(annee_scolaire(jour)):
        return "Un besoin se retient pour une année scolaire passée, celle-ci ou la prochaine."
    return None


def empechement_modifier_besoin(besoin: Besoin) -> str | None:
    if besoin.supprime_le:
        return "Ce besoin est à la corbeille\u00a0: restaurez-le d'abord."
    return None


def empechement_restaurer_besoin(besoin: Besoin) -> str | None:
    """A need that points at something is there once a year: what was kept again stays."""
    if not besoin.reference:
        return None
    memes = besoin.etablissement.besoins.filter(
        annee_scolaire=besoin.annee_scolaire,
        origine=besoin.origine,
        reference=besoin.reference,
        supprime_le__isnull=True,
    )
    if memes.exists():
        return (
            f"Ce besoin a été retenu de nouveau en {besoin.annee_scolaire}\u00a0: celui de la liste le remplace. Pour "
            "restaurer l'ancien, retirez d'abord le nouveau."
        )
    return None
