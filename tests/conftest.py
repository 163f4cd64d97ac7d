"""Fixtures shared by the whole suite."""

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from diagnostic.models import Referentiel
from tests.bases import cloner_un_modele
from tests.client import ClientStrict
from tests.dossier import Dossier, charger, creer_dossier
from tests.personnages import Monde, creer_monde


def pytest_sessionstart() -> None:
    """Watches for rows fetched one by one, as the application `zeal` would if it were installed."""
    from zeal.constants import initialize_app_registry
    from zeal.patch import patch

    initialize_app_registry()
    patch()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker) -> None:
    """How the database of this worker is to be made."""
    with django_db_blocker.unblock():
        cloner_un_modele()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """At the end, no session is left on the database that goes: a browser may hold a request's thread, hence its
    session, longer than the server that answered it.
    """
    yield
    with django_db_blocker.unblock(), connection.cursor() as curseur:
        curseur.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )


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
