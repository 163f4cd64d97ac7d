"""Fixtures shared by the whole suite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import caches
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.utils import timezone
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from diagnostic.models import Referentiel
from tests.bases import cloner_un_modele, vider
from tests.client import ClientStrict
from tests.dossier import Dossier, Moules, avec_sa_piece, deja_lu, mouler_le_dossier
from tests.personnages import Monde

# A busy machine is no fault of what is tested: no example has to be quick. A property that writes does so in the
# transaction of its own test, one example after the other.
settings.register_profile(
    "paliers", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
settings.load_profile("paliers")

# The hasher of the real sites, but for its slowness: tests sign in often.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1


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
    """After a test that commits, its rows go. At the end, no session is left on the database that goes: a browser may
    hold a request's thread, hence its session, longer than the server that answered it.
    """
    TransactionTestCase._fixture_teardown = lambda essai: vider()
    yield
    with django_db_blocker.unblock(), connection.cursor() as curseur:
        curseur.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )


@pytest.fixture(scope="session")
def moules(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Moules:
    """The world, the référentiel and the dossier, made once: see `tests.moules`."""
    with django_db_blocker.unblock(), transaction.atomic():
        moules = mouler_le_dossier()
        transaction.set_rollback(True)
    return moules


@pytest.fixture(autouse=True)
def memoire_vide() -> None:
    """What a process keeps of its pages is of the database of one test."""
    caches["memoire"].clear()


@pytest.fixture
def monde(moules: Moules, db: None) -> Monde:
    return moules.monde.couler()


@pytest.fixture
def referentiel(moules: Moules, db: None) -> Referentiel:
    return deja_lu(moules.referentiel.couler())


@pytest.fixture
def dossier(moules: Moules, monde: Monde, referentiel: Referentiel) -> Dossier:
    return avec_sa_piece(moules.dossier.couler(monde=monde, referentiel=referentiel))


@pytest.fixture(scope="session")
def lire_d_un_dossier(moules: Moules, django_db_blocker: DjangoDbBlocker) -> Callable[[Callable[[Dossier], Any]], Any]:
    """What is read of a dossier that goes at once, for the fixtures of a whole module: no row stays, and it is read
    outside of the tests, so that whichever comes first finds what the others find.
    """

    def lire(de: Callable[[Dossier], Any]) -> Any:
        caches["memoire"].clear()
        with django_db_blocker.unblock(), transaction.atomic():
            monde, referentiel = moules.monde.couler(), deja_lu(moules.referentiel.couler())
            lu = de(avec_sa_piece(moules.dossier.couler(monde=monde, referentiel=referentiel)))
            transaction.set_rollback(True)
        return lu

    return lire


class HtmlSansPages:
    """A document of WeasyPrint that is never laid out: its file is its HTML."""

    pages = ()

    def __init__(self, string: str, **options: Any) -> None:
        self.html = string

    def render(self, **options: Any) -> HtmlSansPages:
        return self

    def write_pdf(self, **options: Any) -> bytes:
        return self.html.encode()


@pytest.fixture
def sans_mise_en_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF is the HTML that would be laid out, for what it says rather than how it looks."""
    monkeypatch.setattr("weasyprint.HTML", HtmlSansPages)


@pytest.fixture
def apres_la_rentree(monkeypatch: pytest.MonkeyPatch) -> None:
    """From 15 August on, « this year » is the next one, which holds neither today nor yesterday: twenty days later, it
    does, and the campaign is still open.
    """
    vrai, aujourd_hui = timezone.now, timezone.localdate()
    if (8, 15) <= (aujourd_hui.month, aujourd_hui.day) < (9, 3):
        monkeypatch.setattr(timezone, "now", lambda: vrai() + timedelta(days=20))


@pytest.fixture
def client() -> ClientStrict:
    """Looks at every answer: see `tests.client`."""
    return ClientStrict()


@pytest.fixture
def client_csrf() -> ClientStrict:
    """The same, with the protection of forms as in production."""
    return ClientStrict(enforce_csrf_checks=True)
