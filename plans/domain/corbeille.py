"""The bin: what is taken away waits there, may come back, and is destroyed after thirty days."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, ProtectedError
from django.tasks import task
from django.utils import timezone

from plans.domain.verrou import verrouiller_le_plan
from plans.models import (
    Action,
    Axe,
    Besoin,
    Constat,
    Experimentation,
    IndicateurSuivi,
    ModeleCorbeille,
    QuerySetCorbeille,
)
from plans.queries.axes import actions_sans_autre_axe
from plans.rules.axes import empechement_restaurer_axe, empechement_retirer_axe
from plans.rules.besoins import empechement_restaurer_besoin
from plans.rules.corbeille import (
    JOURS_EN_CORBEILLE,
    empechement_restaurer_action,
    empechement_restaurer_experimentation,
    empechement_restaurer_indicateur,
    purge_le,
)
from strategie.socle.domain.empechement import Empeche, refuser
from strategie.socle.domain.historique import acte
from strategie.socle.models import Etablissement, Utilisateur
from strategie.socle.rules import empechement_ecrire

# The name of each kind in the acts' names (« retirer_axe »), in addresses and in the history.
SORTES: dict[type[ModeleCorbeille], str] = {
    Constat: "constat",
    Besoin: "besoin",
    Axe: "axe",
    Action: "action",
    IndicateurSuivi: "indicateur",
    Experimentation: "experimentation",
}
Regle = Callable[[Any], str | None]
# Rules that a kind adds: each is given the row as it is kept, locked.
EMPECHEMENTS_DE_RETIRER: dict[type[ModeleCorbeille], Regle] = {
    Axe: lambda axe: empechement_retirer_axe([str(action) for action in actions_sans_autre_axe(axe)]),
}
EMPECHEMENTS_DE_RESTAURER: dict[type[ModeleCorbeille], Regle] = {
    Besoin: empechement_restaurer_besoin,
    Axe: empechement_restaurer_axe,
    Action: empechement_restaurer_action,
    IndicateurSuivi: empechement_restaurer_indicateur,
    Experimentation: empechement_restaurer_experimentation,
}
# What hangs from another is destroyed before it.
ORDRE_DE_PURGE: list[type[ModeleCorbeille]] = [Experimentation, IndicateurSuivi, Action, Axe, Besoin, Constat]
DETRUIT = "Il n'est plus dans la corbeille\u00a0: ce qui y passe trente jours est détruit."
REPRIS = "Il ne peut pas être restauré\u00a0: le même existe de nouveau hors de la corbeille."


def inscrire(
    sorte: type[ModeleCorbeille], nom: str, *, retirer: Regle | None = None, restaurer: Regle | None = None
) -> None:
    """A kind of a floor above joins the bin, with its rules; it is destroyed before those that are there already."""
    SORTES[sorte] = nom
    ORDRE_DE_PURGE.insert(0, sorte)
    if retirer:
        EMPECHEMENTS_DE_RETIRER[sorte] = retirer
    if restaurer:
        EMPECHEMENTS_DE_RESTAURER[sorte] = restaurer


def mettre_a_la_corbeille(*, objet: ModeleCorbeille, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """It leaves every page but the bin; asked twice, it is done once. Raises Empeche."""
    with acte(f"retirer_{SORTES[type(objet)]}", auteur):
        tenu = _verrouiller(objet)
        etablissement = _ouvert(tenu)
        if tenu.supprime_le is None:
            refuser(_empechement(EMPECHEMENTS_DE_RETIRER, tenu))
            _ecrire(tenu, supprime_le=maintenant, supprime_par=auteur)
            promettre_la_purge(etablissement.pk, maintenant)
        _mettre_a_jour(objet)


def restaurer(*, objet: ModeleCorbeille, auteur: Utilisateur, maintenant: datetime.datetime) -> None:
    """Back where it was, with the sub-actions that left with it; asked twice, it is done once. Raises Empeche."""
    try:
        with acte(f"restaurer_{SORTES[type(objet)]}", auteur):
            tenu = _verrouiller(objet)
            _ouvert(tenu)
            if tenu.supprime_le is not None:
                refuser(_empechement(EMPECHEMENTS_DE_RESTAURER, tenu))
                for suivante in [tenu, *_parties_avec(tenu)]:
                    _ecrire(suivante, supprime_le=None, supprime_par=None)
            _mettre_a_jour(objet)
    except IntegrityError as doublon:  # kept again in the meantime, by somebody else, at the same moment
        raise Empeche(REPRIS) from doublon


# --- After thirty days -----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Purge:
    """How many were destroyed, and what could not be, with what still rests on it."""

    detruits: int
    gardes: tuple[str, ...]


def promettre_la_purge(etablissement: int, maintenant: datetime.datetime) -> None:
    """Of what has just gone to the bin, once that is kept."""
    a_l_heure = purger_a_l_heure.using(run_after=purge_le(maintenant))
    transaction.on_commit(partial(a_l_heure.enqueue, etablissement))


@task()
def purger_a_l_heure(etablissement: int) -> None:
    """Thirty days after each thing thrown away, whenever the background worker is there."""
    purger_corbeille(etablissement=etablissement, maintenant=timezone.now())


def purger_corbeilles(*, maintenant: datetime.datetime) -> Iterator[tuple[int, Purge]]:
    """Every school's that has something to destroy, by its key; asked twice, the second time destroys nothing."""
    echues = (_echus(sorte, maintenant).values_list(sorte.PERIMETRE[1], flat=True) for sorte in SORTES)
    for etablissement in sorted(set().union(*echues)):
        yield etablissement, purger_corbeille(etablissement=etablissement, maintenant=maintenant)


def purger_corbeille(*, etablissement: int, maintenant: datetime.datetime) -> Purge:
    """Destroy what has waited long enough, what hangs from it first; the history keeps all its lines."""
    detruits, gardes = 0, list[str]()
    with acte("purger_corbeille", None):
        for sorte in ORDRE_DE_PURGE:
            siens = _echus(sorte, maintenant).filter(**{sorte.PERIMETRE[1]: etablissement})
            if sorte is Action:
                siens = siens.order_by(F("parent").asc(nulls_last=True), "pk")  # the parts before the whole
            for objet in siens.select_for_update(of=("self",)):
                try:
                    _detruire(objet)
                    detruits += 1
                except ProtectedError as refus:
                    tenants = sorted(f"{tenant._meta.verbose_name} {tenant.pk}" for tenant in refus.protected_objects)
                    gardes.append(f"{SORTES[sorte]} {objet.pk}, dont dépend\u00a0: {', '.join(tenants)}")
    return Purge(detruits, tuple(gardes))


def _echus(sorte: type[ModeleCorbeille], maintenant: datetime.datetime) -> QuerySetCorbeille[Any]:
    limite = maintenant - datetime.timedelta(days=JOURS_EN_CORBEILLE)
    echus: QuerySetCorbeille[Any] = sorte.objects.en_corbeille().filter(supprime_le__lte=limite)
    return echus


def _detruire(objet: ModeleCorbeille) -> None:
    """All of it or nothing: an action goes with its indicators and its experiment, never with a part still there."""
    with transaction.atomic():
        if isinstance(objet, Action):
            objet.indicateurs.all().delete()
            Experimentation.objects.filter(action=objet).delete()
        objet.delete()


# --- What they share -------------------------------------------------------------------------------------------
def _parties_avec(tenu: ModeleCorbeille) -> Iterable[Action]:
    """The sub-actions that were thrown away in the same act as theirs."""
    if not isinstance(tenu, Action):
        return []
    return tenu.sous_actions.filter(supprime_le=tenu.supprime_le).select_for_update(no_key=True)


def _ouvert(tenu: ModeleCorbeille) -> Etablissement:
    """Its school. Raises Empeche when it is closed."""
    [sien] = Etablissement.objects.filter(pk__in=type(tenu).objects.filter(pk=tenu.pk).values(tenu.PERIMETRE[1]))
    refuser(empechement_ecrire(sien))
    return sien


def _verrouiller(objet: ModeleCorbeille) -> ModeleCorbeille:
    """The row as it is kept, held until the end of the transaction, and before it what counts rows of its kind: the
    plan its axes, an action its indicators. Raises Empeche when it is destroyed.
    """
    if isinstance(objet, Axe):
        verrouiller_le_plan(objet.etablissement)
    if isinstance(objet, IndicateurSuivi):
        Action.objects.select_for_update(no_key=True).get(pk=objet.action_id)
    tenu: ModeleCorbeille | None = type(objet).objects.select_for_update(no_key=True).filter(pk=objet.pk).first()
    if tenu is None:
        raise Empeche(DETRUIT)
    return tenu


def _empechement(regles: Mapping[type[ModeleCorbeille], Regle], tenu: ModeleCorbeille) -> str | None:
    regle = regles.get(type(tenu))
    return regle(tenu) if regle else None


def _ecrire(tenu: ModeleCorbeille, **valeurs: Any) -> None:
    type(tenu).objects.filter(pk=tenu.pk).update(version=F("version") + 1, **valeurs)


def _mettre_a_jour(objet: ModeleCorbeille) -> None:
    objet.refresh_from_db(fields=["version", "supprime_le", "supprime_par"])
