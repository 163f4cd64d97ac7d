"""One business act: one transaction, and its name, author and source in the history."""

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from django.db import transaction

from strategie.socle.models import Utilisateur


@contextmanager
def acte(nom: str, auteur: Utilisateur | None) -> Iterator[None]:
    """Everything written inside is kept whole or not at all, and traced as `nom` by `auteur`."""
    with transaction.atomic(), pghistory.context(acte=nom, auteur=auteur.pk if auteur else None):
        yield
