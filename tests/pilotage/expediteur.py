"""The day's reminders sent by a process of its own, on the tests' database: it may be killed.

`python -m tests.pilotage.expediteur BASE JOUR DOSSIER PROCESSUS MEURT_AU`: each message is a file of DOSSIER. None of
PROCESSUS processes sends a second one before each has sent one; this one dies as it sends its MEURT_AUth, unless zero.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection


def un_expediteur(jour: str, dossier: Path, *, processus: int = 1, meurt_au: int = 0) -> subprocess.Popen:
    """On the database of this process's connection."""
    base = connection.settings_dict["NAME"]
    reglages = (base, jour, dossier, processus, meurt_au)
    commande = [sys.executable, "-m", "tests.pilotage.expediteur", *map(str, reglages)]
    environnement = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.reglages"}
    return subprocess.Popen(commande, env=environnement, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


class Boite(BaseEmailBackend):
    """A message that is sent is a file, whose name says to whom and by which process."""

    def __init__(self, dossier: str, processus: int, meurt_au: int, **options: object) -> None:
        super().__init__(**options)
        self.dossier, self.processus, self.meurt_au = Path(dossier), processus, meurt_au

    def send_messages(self, messages: list) -> int:
        for message in messages:
            if self.partis_de().count(str(os.getpid())) + 1 == self.meurt_au:
                os.kill(os.getpid(), signal.SIGKILL)
            (self.dossier / f"{message.to[0]}-{os.getpid()}-{time.monotonic_ns()}").write_text(message.subject)
            self.attendre_les_autres()
        return len(messages)

    def partis_de(self) -> list[str]:
        """The process of each message."""
        return [fichier.name.split("-")[1] for fichier in self.dossier.iterdir()]

    def attendre_les_autres(self) -> None:
        fin = time.monotonic() + 240
        while len(set(self.partis_de())) < self.processus:
            if time.monotonic() > fin:
                os._exit(3)  # an exception would only make it a message that was not sent
            time.sleep(0.02)


def main(base: str, jour: str, dossier: str, processus: str, meurt_au: str) -> None:
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = base
    settings.MAILERS = {
        "default": {
            "BACKEND": "tests.pilotage.expediteur.Boite",
            "OPTIONS": {"dossier": dossier, "processus": int(processus), "meurt_au": int(meurt_au)},
        }
    }
    django.setup()

    from django.core.management import call_command

    call_command("envoyer_rappels", jour=jour)


if __name__ == "__main__":
    main(*sys.argv[1:])
