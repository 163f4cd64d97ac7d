"""The journal of a school, page by page, without counting or skipping rows."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from diagnostic.models import Visite
from strategie.socle.models import Etablissement

TAILLE_PAGE = 50


@dataclass(frozen=True)
class PageDuJournal:
    """One page, newest first; the key after which the next begins (None: it is the last); whether it is the first."""

    visites: Sequence[Visite]
    suivante: str | None
    debut: bool


def page_du_journal(etablissement: Etablissement, apres: str) -> PageDuJournal:
    """The page after the key `apres` (« date|number »; anything else: the first)."""
    lignes = Visite.objects.filter(etablissement=etablissement).select_related("auteur").order_by("-date", "-pk")
    if cle := _lire(apres):
        date, numero = cle
        lignes = lignes.filter(Q(date__lt=date) | Q(pk__lt=numero), date__lte=date)
    trouvees = list(lignes[: TAILLE_PAGE + 1])
    montrees = trouvees[:TAILLE_PAGE]
    suivante = f"{montrees[-1].date.isoformat()}|{montrees[-1].pk}" if len(trouvees) > TAILLE_PAGE else None
    return PageDuJournal(visites=montrees, suivante=suivante, debut=cle is None)


def _lire(cle: str) -> tuple[datetime.date, int] | None:
    date, _, numero = cle.partition("|")
    try:
        return datetime.date.fromisoformat(date), int(numero)
    except ValueError:
        return None
