"""From a number that was read or typed to the thing that carries it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Q
from django.db.models.functions import Lower

from budget.models import Equipement
from strategie.socle.models import Etablissement


def trouver(etablissement: Etablissement, numeros: Collection[str]) -> Mapping[str, Equipement]:
    """The school's things by tag, else by serial number, whatever the case; what is unknown is left out.

    What has left the inventory is found too, for the person to be told.
    """
    cherches = {numero.lower() for numero in numeros}
    lignes = (
        Equipement.objects.vivants()
        .filter(etablissement=etablissement)
        .alias(serie=Lower("numero_serie"), tag=Lower("etiquette"))
        .filter((Q(serie__in=cherches) & ~Q(numero_serie="")) | (Q(tag__in=cherches) & ~Q(etiquette="")))
        .select_related("salle")
        if cherches
        else ()
    )
    par_serie, par_etiquette = {}, {}
    for ligne in lignes:
        par_serie[ligne.numero_serie.lower()] = ligne
        par_etiquette[ligne.etiquette.lower()] = ligne
    par_numero = par_serie | par_etiquette
    return {numero: par_numero[numero.lower()] for numero in numeros if numero.lower() in par_numero}
