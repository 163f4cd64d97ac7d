"""Django's settings under test: ours, read in the tests' own environment."""

import os

import tests.environnement  # noqa: F401 - first, because the settings read it
from strategie.settings import *  # noqa: F403

os.environ["DJANGO_SETTINGS_MODULE"] = "strategie.settings"  # for the commands that tests run: the real ones
