"""A background worker of its own process, on the tests' database: it may be killed.

`python -m tests.pilotage.ouvrier BASE [SECONDES [MEURT_AU]]`: until nothing is ready. With SECONDES, files of no layout
that take so long; without, real ones. With MEURT_AU, it dies in that one of its files.
"""

import itertools
import os
import signal
import subprocess
import sys
import time
from typing import Any

from django.db import connection


def un_ouvrier(secondes: float | None = None, meurt_au: int = 0, **options: Any) -> subprocess.Popen:
    """On the database of this process's connection."""
    commande = [sys.executable, "-m", "tests.pilotage.ouvrier", connection.settings_dict["NAME"]]
    commande += [] if secondes is None else [str(secondes), str(meurt_au)]
    environnement = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.reglages"}
    return subprocess.Popen(commande, env=environnement, stdin=subprocess.DEVNULL, **options)


def main(base: str, secondes: str = "", meurt_au: str = "0") -> None:
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = base
    django.setup()

    from django.core.management import call_command

    from strategie.pilotage.interfaces import taches_des_lots
    from tests.pilotage.dossiers import pdf_de_poche

    rangs = itertools.count(1)

    def lent(contenu, numero):
        if next(rangs) == int(meurt_au):
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(float(secondes))
        return pdf_de_poche(contenu, numero)

    if secondes:
        taches_des_lots.imprimer_dossier = lent
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0, interval=0.1, reload=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
