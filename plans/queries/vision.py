"""Reading the « pourquoi »: the vision, and each aim beside what the school has signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from diagnostic.models import Champ, Referentiel
from diagnostic.queries.copies import derniere_copie, resultats_signes
from plans.models import Objectif, Vision
from strategie.socle.models import Etablissement


@dataclass(frozen=True)
class ObjectifSuivi:
    """An aim, and where its champ stands in the last signed copy (None: nothing signed, or no such champ)."""

    objectif: Objectif
    champ: str
    palier: int | None

    @property
    def atteint(self) -> bool:
        return self.palier is not None and self.palier >= self.objectif.palier_vise

    @property
    def reste(self) -> int | None:
        """Paliers left to climb."""
        return None if self.palier is None else max(0, self.objectif.palier_vise - self.palier)


@dataclass(frozen=True)
class Pourquoi:
    """`annee_signee`: the year of the signed copy that the aims are set against; `champs`: libellés by code."""

    vision: Vision | None
    objectifs: Sequence[ObjectifSuivi]
    champs: Mapping[str, str]
    annee_signee: str | None

    @property
    def vide(self) -> bool:
        return self.vision is None and not self.objectifs


def vision_de(etablissement: Etablissement) -> Vision | None:
    return Vision.objects.filter(etablissement=etablissement).select_related("modifiee_par").first()


def pourquoi(etablissement: Etablissement) -> Pourquoi:
    copie = derniere_copie(etablissement)
    signes = resultats_signes(copie, comparer=False) if copie else None
    paliers = {champ.code: champ.palier for champ in signes.champs} if signes else {}
    champs = {champ.code: champ.libelle for champ in signes.champs} if signes else champs_en_vigueur(etablissement)
    objectifs = Objectif.objects.filter(etablissement=etablissement)
    return Pourquoi(
        vision=vision_de(etablissement),
        objectifs=[
            ObjectifSuivi(objectif, champs.get(objectif.champ, objectif.champ), paliers.get(objectif.champ))
            for objectif in objectifs
        ],
        champs=champs,
        annee_signee=signes.annee if signes else None,
    )


def champs_en_vigueur(etablissement: Etablissement) -> dict[str, str]:
    """Code and libellé of each champ of the newest version published for the school's académie, in order."""
    champs = Champ.objects.filter(referentiel=_derniere_version(etablissement)[:1])
    return dict(champs.order_by("ordre").values_list("code", "libelle"))


def _derniere_version(etablissement: Etablissement) -> QuerySet[Referentiel, int]:
    lisibles = Referentiel.objects.filter(
        Q(academie__isnull=True) | Q(academie=etablissement.academie_id), publie_le__isnull=False
    )
    return lisibles.order_by("-version", "-publie_le").values_list("pk", flat=True)
