"""The day's reminders sent by a process of its own, on the tests' database: it may be killed.

`python -m tests.pilotage.expediteur BASE JOUR DOSSIER SECONDES`: each message is a file of DOSSIER, and takes so long.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection


def un_expediteur(jour: str, dossier: Path, secondes: float) -> subprocess.Popen:
    """On the database of this process's connection."""
    base = connection.settings_dict["NAME"]
    commande = [sys.executable, "-m", "tests.pilotage.expediteur", base, jour, str(dossier), str(secondes)]
    environnement = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.reglages"}
    return subprocess.Popen(commande, env=environnement, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


class Boite(BaseEmailBackend):
    """A slow mail server: the message is there at the end, as a file that says to whom."""

    def __init__(self, dossier: str, secondes: float, **options: object) -> None:
        super().__init__(**options)
        self.dossier, self.secondes = Path(dossier), secondes

    def send_messages(self, messages: list) -> int:
        for message in messages:
            time.sleep(self.secondes)
            (self.dossier / f"{message.to[0]}-{os.getpid()}-{time.monotonic_ns()}").write_text(message.subject)
        return len(messages)


def main(base: str, jour: str, dossier: str, secondes: str) -> None:
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = base
    settings.MAILERS = {
        "default": {
            "BACKEND": "tests.pilotage.expediteur.Boite",
            "OPTIONS": {"dossier": dossier, "secondes": float(secondes)},
        }
    }
    django.setup()

    from django.core.management import call_command

    call_command("envoyer_rappels", jour=jour)


if __name__ == "__main__":
    main(*sys.argv[1:])
