"""The real settings, with the floor's address beside the real ones."""

from strategie.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bancs.adresses_enquete"
