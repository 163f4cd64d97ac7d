"""What the pages that change a draft of the référentiel read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import Q, QuerySet

from diagnostic.models import Champ, Correspondance, Indicateur, Referentiel, ReglePlausibilite
from diagnostic.queries.referentiels import NATURES_A_UNE_SUITE, codes_de, codes_servis

# Two wordings that share nine tenths of their letters say, as a rule, the same thing.
MEME_SENS = 0.9


@dataclass(frozen=True)
class SuiteDunAncien:
    """An indicator of the version before, and what it became."""

    ancien: Indicateur
    liens: tuple[Correspondance, ...]

    @property
    def nature(self) -> str:
        return self.liens[0].nature if self.liens else ""

    @property
    def libelle(self) -> str:
        return Correspondance.Nature(self.nature).label if self.nature else ""

    @property
    def nouveaux(self) -> list[Indicateur]:
        return [lien.nouveau for lien in self.liens if lien.nouveau]

    @property
    def codes(self) -> list[str]:
        return [nouveau.code for nouveau in self.nouveaux]


def lire_indicateur(version: Referentiel, code: str) -> Indicateur | None:
    return Indicateur.objects.filter(referentiel=version, code=code).select_related("champ").first()


def lire_champ(version: Referentiel, code: str) -> Champ | None:
    return Champ.objects.filter(referentiel=version, code=code).first()


def lien_simple(indicateur: Indicateur) -> Correspondance | None:
    """The correspondance of an indicator that is an old one, reworded or not; None for any other."""
    liens = list(Correspondance.objects.filter(nouveau=indicateur).select_related("ancien")[:2])
    return liens[0] if len(liens) == 1 and liens[0].nature in NATURES_A_UNE_SUITE else None


def sens_propose(ancien: str, enonce: str) -> str:
    """« oui » when the new wording is far enough from the old one to mean something else, as a first guess."""
    return "non" if SequenceMatcher(a=ancien, b=enonce, autojunk=False).ratio() >= MEME_SENS else "oui"


def code_libre(version: Referentiel, champ: str, palier: int) -> str:
    """The first code of the champ and palier that no version of the line has used; empty when all have served."""
    pris = {*codes_de(version), *(codes_servis(version.precedent) if version.precedent else ())}
    return next((code for rang in range(1, 100) if (code := f"{champ}-{palier}-{rang}") not in pris), "")


def lire_suites(version: Referentiel) -> list[SuiteDunAncien]:
    """Each indicator of the version before, in its order."""
    liens: dict[int | None, list[Correspondance]] = defaultdict(list)
    for lien in Correspondance.objects.filter(referentiel=version).select_related("nouveau").order_by("pk"):
        liens[lien.ancien_id].append(lien)
    anciens = Indicateur.objects.filter(referentiel=version.precedent_id).order_by("ordre")
    return [SuiteDunAncien(ancien, tuple(liens[ancien.pk])) for ancien in anciens]


def lire_ancien(version: Referentiel, code: str) -> SuiteDunAncien | None:
    ancien = Indicateur.objects.filter(referentiel=version.precedent_id, code=code).first()
    if ancien is None:
        return None
    liens = Correspondance.objects.filter(referentiel=version, ancien=ancien).select_related("nouveau").order_by("pk")
    return SuiteDunAncien(ancien, tuple(liens))


def regles_citant(version: Referentiel, indicateur: Indicateur) -> QuerySet[ReglePlausibilite]:
    """The rules of plausibility that would go with it."""
    return version.regles.filter(Q(si=indicateur) | Q(alors=indicateur))
