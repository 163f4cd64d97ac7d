"""What is in a school's bin."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from plans.models import Action, Axe, Besoin, Constat, Experimentation, IndicateurSuivi, ModeleCorbeille
from plans.rules.corbeille import purge_le
from strategie.socle.models import Etablissement

EN_CORBEILLE_PAR_PAGE = 50
# The field that tells one from another, by kind; floors above add theirs.
SORTES: dict[str, tuple[type[ModeleCorbeille], str]] = {
    "constat": (Constat, "texte"),
    "besoin": (Besoin, "intitule"),
    "axe": (Axe, "intitule"),
    "action": (Action, "intitule"),
    "indicateur": (IndicateurSuivi, "intitule"),
    "experimentation": (Experimentation, "question"),
}


@dataclass(frozen=True)
class EnCorbeille:
    sorte: str
    cle: int
    libelle: str
    le: datetime.datetime
    par: str

    def jours_restants(self, maintenant: datetime.datetime) -> int:
        """Whole days before it may be destroyed; zero once it may."""
        return max(0, -(-(purge_le(self.le) - maintenant) // datetime.timedelta(days=1)))


def corbeille_de(etablissement: Etablissement, sortes: Iterable[str]) -> QuerySet[Any, Any]:
    """The last thrown away first; slices and counts like any queryset, and gives the columns of `EnCorbeille`."""
    bras = [_bras(etablissement, sorte) for sorte in sortes]
    return bras[0].union(*bras[1:], all=True).order_by("-supprime_le", "sorte", "pk")


def _bras(etablissement: Etablissement, sorte: str) -> QuerySet[Any, Any]:
    modele, champ = SORTES[sorte]
    siens = modele.objects.en_corbeille().filter(**{modele.PERIMETRE[1]: etablissement})
    bras: QuerySet[Any, Any] = (
        siens.order_by()
        .annotate(
            sorte=Value(sorte, output_field=TextField()),
            libelle=Cast(champ, TextField()),
            par=Concat(F("supprime_par__first_name"), Value(" "), F("supprime_par__last_name")),
        )
        .values_list("sorte", "pk", "libelle", "supprime_le", "par")
    )
    return bras


def objet_en_corbeille(etablissement: Etablissement, sorte: str, cle: int) -> ModeleCorbeille | None:
    """One of the school's, even if it has come back in the meantime."""
    if sorte not in SORTES:
        return None
    modele = SORTES[sorte][0]
    trouve: ModeleCorbeille | None = modele.objects.filter(pk=cle, **{modele.PERIMETRE[1]: etablissement}).first()
    return trouve
