"""A campaign in the small world, and the chef's draft."""

import datetime
from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import timezone

from diagnostic.domain.cotation import Valeur
from diagnostic.domain.reponses import commencer_diagnostic
from diagnostic.models import Campagne, Diagnostic, Referentiel
from strategie.socle.domain.calendrier import annee_scolaire
from tests.client import ClientStrict
from tests.dossier import campagne_ouverte, repondre_partout
from tests.personnages import Monde


@pytest.fixture
def maintenant() -> datetime.datetime:
    return timezone.now()


@pytest.fixture
def campagne(monde: Monde, referentiel: Referentiel, maintenant: datetime.datetime) -> Campagne:
    jour = maintenant.astimezone(monde.academie.zone).date()
    return campagne_ouverte(monde.academie, annee_scolaire(jour), referentiel, maintenant)


@pytest.fixture
def brouillon(monde: Monde, campagne: Campagne, maintenant: datetime.datetime) -> Diagnostic:
    return commencer_diagnostic(
        etablissement=monde.college, campagne=campagne, auteur=monde.chef, maintenant=maintenant
    )


@pytest.fixture
def tout_repondre(monde: Monde, maintenant: datetime.datetime) -> Callable[..., None]:
    """`tout_repondre(diagnostic, sauf={"PIL-1-1": Valeur.non})`: « oui » to everything else."""

    def repondre(diagnostic: Diagnostic, sauf: dict[str, Valeur] | None = None) -> None:
        repondre_partout(diagnostic, Valeur.oui, monde.chef, maintenant, sauf or {})

    return repondre


@pytest.fixture
def adresse(brouillon: Diagnostic) -> Callable[..., str]:
    """`adresse("diagnostic_champ", "PIL")`: an address of the chef's draft."""

    def adresse(nom: str, *suite: str) -> str:
        return reverse(nom, args=[brouillon.etablissement.uai, brouillon.campagne.annee_scolaire, *suite])

    return adresse


@pytest.fixture
def connectee(client: ClientStrict, monde: Monde) -> ClientStrict:
    """The client, signed in as the chef."""
    client.force_login(monde.chef)
    return client
