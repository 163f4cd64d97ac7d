"""Fixtures shared by the whole suite."""

import pytest

from tests.personnages import Monde, creer_monde


@pytest.fixture
def monde(db) -> Monde:
    return creer_monde()
