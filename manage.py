#!/usr/bin/env python3
"""Command line of Paliers. Any Python 3 may run it: amorce finds the right one."""

import os
import sys

from strategie import amorce


def main():
    amorce.preparer(sys.argv)
    if sys.argv[1:2] == ["tester"]:
        import tests.environnement  # noqa: F401 - the tests' own data folder, before the settings are read
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "strategie.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as erreur:
        amorce.abandonner(str(erreur))


if __name__ == "__main__":
    main()
