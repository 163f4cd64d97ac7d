"""Reading lines of the inventory one by one: a sheet, those that are ticked, numbers that are taken."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from django.db.models.functions import Lower

from budget.models import Equipement
from strategie.socle.models import Etablissement


def lignes_cochees(etablissement: Etablissement, cles: Collection[int]) -> list[Equipement]:
    """The school's own, those in the bin apart."""
    siennes = Equipement.objects.vivants().filter(etablissement=etablissement, pk__in=cles)
    return list(siennes.select_related("salle").order_by("classement", "pk"))


def numeros_pris(
    etablissement: Etablissement,
    champ: str,
    numeros: Sequence[str],
    *,
    sauf: int | None = None,
    envoi: uuid.UUID | None = None,
) -> list[Equipement]:
    """The lines that carry one of these numbers already, whatever their case: `champ` is the serial's or the tag's.
    `sauf`: the line that is being changed; `envoi`: the key of a form, whose own lines do not count.
    """
    if not numeros:
        return []
    lignes = (
        Equipement.objects.vivants()
        .filter(etablissement=etablissement)
        .alias(bas=Lower(champ))
        .filter(bas__in={numero.lower() for numero in numeros})
        .exclude(pk__in=[] if sauf is None else [sauf])
        .select_related("salle")
        .order_by("pk")
    )
    cles = {uuid.uuid5(envoi, str(rang)) for rang in range(len(numeros))} if envoi else set()
    return [ligne for ligne in lignes if ligne.cle not in cles]
