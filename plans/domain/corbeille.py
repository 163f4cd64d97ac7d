"""The bin: what is taken away waits there, may come back, and is destroyed after thirty days."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError
from django.db.models import F

from plans.models import Action, Axe, Besoin, Constat, Experimentation, IndicateurSuivi, ModeleCorbeille
from plans.rules.corbeille import (
    empechement_restaurer_action,
    empechement_restaurer_experimentation,
    empechement_restaurer_indicateur,
)
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Utilisateur

# The name of each kind in the acts' names (« retirer_axe »), in addresses and in the history.
SORTES: Mapping[type[ModeleCorbeille], str] = {
    Constat: "constat",
    Besoin: "besoin",
    Axe: "axe",
    Action: "action",
    IndicateurSuivi: "indicateur",
    Experimentation: "experimentation",
}
Regle = Callable[[Any], str | None]
# Rules that a kind adds: each is given the row as it is kept, locked.
EMPECHEMENTS_DE_RETIRER: dict[type[ModeleCorbeille], Regle] = {}
EMPECHEMENTS_DE_RESTAURER: dict[type[ModeleCorbeille], Regle] = {
    Action: empechement_restaurer_action,
    IndicateurSuivi: empechement_restaurer_indicateur,
    Experimentation: empechement_restaurer_experimentation,
}
REPRIS = "Il ne peut pas être restauré\u00a0: le même existe de nouveau hors de la corbeille."


def mettre_a_la_corbeille(*, objet: ModeleCorbeille, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """It leaves every page but the bin; asked twice, it is done once. Raises Empeche."""
    with acte(f"retirer_{SORTES[type(objet)]}", auteur):
        tenu = _verrouiller(objet)
        if tenu.supprime_le is None:
            refuser(_empechement(EMPECHEMENTS_DE_RETIRER, tenu))
            _ecrire(tenu, supprime_le=maintenant, supprime_par=auteur)
        _mettre_a_jour(objet)


def restaurer(*, objet: ModeleCorbeille, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """Back where it was; asked twice, it is done once. Raises Empeche."""
    try:
        with acte(f"restaurer_{SORTES[type(objet)]}", auteur):
            tenu = _verrouiller(objet)
            if tenu.supprime_le is not None:
                refuser(_empechement(EMPECHEMENTS_DE_RESTAURER, tenu))
                _ecrire(tenu, supprime_le=None, supprime_par=None)
            _mettre_a_jour(objet)
    except IntegrityError as doublon:  # kept again in the meantime, by somebody else, at the same moment
        raise Empeche(REPRIS) from doublon


def _verrouiller(objet: ModeleCorbeille) -> ModeleCorbeille:
    tenu: ModeleCorbeille = type(objet).objects.select_for_update(no_key=True).get(pk=objet.pk)
    return tenu


def _empechement(regles: Mapping[type[ModeleCorbeille], Regle], tenu: ModeleCorbeille) -> str | None:
    regle = regles.get(type(tenu))
    return regle(tenu) if regle else None


def _ecrire(tenu: ModeleCorbeille, **valeurs: Any) -> None:
    type(tenu).objects.filter(pk=tenu.pk).update(version=F("version") + 1, **valeurs)


def _mettre_a_jour(objet: ModeleCorbeille) -> None:
    objet.refresh_from_db(fields=["version", "supprime_le", "supprime_par"])
