"""Django's settings under test: ours, read in the tests' own environment."""

from tests import environnement  # noqa: F401, I001 - first, because the settings read it
from strategie.settings import *  # noqa: F403
