"""Fixtures shared by the whole suite."""

import pytest

from diagnostic.models import Referentiel
from tests.client import ClientStrict
from tests.dossier import Dossier, charger, creer_dossier
from tests.personnages import Monde, creer_monde


def pytest_sessionstart() -> None:
    """Watches for rows fetched one by one, as the application `zeal` would if it were installed."""
    from zeal.constants import initialize_app_registry
    from zeal.patch import patch

    initialize_app_registry()
    patch()


@pytest.fixture
def monde(db) -> Monde:
    return creer_monde()


@pytest.fixture
def referentiel(db) -> Referentiel:
    return charger()


@pytest.fixture
def dossier(monde: Monde, referentiel: Referentiel) -> Dossier:
    return creer_dossier(monde, referentiel)


@pytest.fixture
def client() -> ClientStrict:
    """Looks at every answer: see `tests.client`."""
    return ClientStrict()


@pytest.fixture
def client_csrf() -> ClientStrict:
    """The same, with the protection of forms as in production."""
    return ClientStrict(enforce_csrf_checks=True)
