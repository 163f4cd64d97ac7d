"""Giving a tag to what has none."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError
from django.db.models import F

from budget.domain.equipements import DEJA_LA, Tenant
from budget.models import Equipement
from budget.rules.equipements import A_LA_FOIS, empechement_tenir
from budget.rules.etiquettes import PREFIXE, numeros_suivants
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement


def numeroter(*, etablissement: Etablissement, cles: Collection[int], tenant: Tenant) -> list[Equipement]:
    """Those of the lines that are one thing without a tag, in the order of their names, by one update. What is in the
    bin keeps its number: the sticker may still be on it. Raises Empeche.
    """
    refuser(empechement_tenir(etablissement, tenant.proprietaire, tenant.proprietaire))
    refuser(f"Numérotez {A_LA_FOIS} choses à la fois, au plus." if len(cles) > A_LA_FOIS else None)
    with acte("numeroter_equipements", tenant.personne):
        Etablissement.objects.select_for_update(no_key=True).get(pk=etablissement.pk)  # one at a time: both count
        siens = Equipement.objects.filter(etablissement=etablissement)
        donnes = siens.filter(etiquette__istartswith=PREFIXE).values_list("etiquette", flat=True)
        sans = siens.vivants().filter(pk__in=cles, nombre=1, etiquette="").exclude(etat=Equipement.Etat.SORTI)
        if tenant.proprietaire:
            sans = sans.filter(proprietaire=tenant.proprietaire)
        lignes = list(sans.select_for_update(no_key=True).order_by("designation", "numero_serie", "pk"))
        for ligne, numero in zip(lignes, numeros_suivants(donnes), strict=False):
            ligne.etiquette, ligne.version = numero, F("version") + 1
        try:
            Equipement.objects.bulk_update(lignes, ["etiquette", "version"])
        except IntegrityError as doublon:
            raise Empeche(DEJA_LA.format(", ".join(ligne.etiquette for ligne in lignes[:10]))) from doublon
    return lignes
