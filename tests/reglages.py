"""Django's settings under test: ours, read in the tests' own environment."""

import os

from django.contrib.auth.hashers import Argon2PasswordHasher

import tests.environnement  # noqa: F401 - first, because the settings read it
from strategie.settings import *  # noqa: F403

# The hasher of the real sites, but for its slowness: tests sign in often.
Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 8, 1

os.environ["DJANGO_SETTINGS_MODULE"] = "strategie.settings"  # for the commands that tests run: the real ones
