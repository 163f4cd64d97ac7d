"""Reading lines of the inventory one by one: a sheet, those that are ticked, numbers that are taken."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Sequence

from django.db.models import Q
from django.db.models.functions import Lower

from budget.models import Equipement
from strategie.socle.models import Etablissement

# What lines alike share, with its name: all but how many they are, when they were seen, and how they came here.
A_CHACUNE = {
    *("id", "nombre", "vu_le", "source", "cle", "cree_le", "version"),
    *("supprime_le", "supprime_par", "recherche", "classement"),
}
PAREILS = {
    champ.attname: str(champ.verbose_name) for champ in Equipement._meta.concrete_fields if champ.name not in A_CHACUNE
}
PAREILLES_MAX = 50


def lignes_cochees(etablissement: Etablissement, cles: Collection[int]) -> list[Equipement]:
    """The school's own, those in the bin apart."""
    siennes = Equipement.objects.vivants().filter(etablissement=etablissement, pk__in=cles)
    return list(siennes.select_related("salle").order_by("classement", "pk"))


def pareilles(ligne: Equipement, debut: datetime.date) -> list[Equipement]:
    """The other lines that say all that it says; `debut`: what the year's check has seen of it, it has seen of them."""
    if ligne.numero_serie or ligne.etiquette:
        return []
    vue = ligne.vu_le is not None and ligne.vu_le >= debut
    vues = Q(vu_le__gte=debut) if vue else Q(vu_le__isnull=True) | Q(vu_le__lt=debut)
    autres = Equipement.objects.vivants().exclude(pk=ligne.pk).filter(vues).select_related("salle")
    return list(autres.filter(**{champ: getattr(ligne, champ) for champ in PAREILS})[:PAREILLES_MAX])


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
