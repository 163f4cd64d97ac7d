"""`manage.py tenir_les_syntheses`, beside the web server: what dashboards count follows the facts, seconds behind."""

import contextlib
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from strategie.pilotage.domain.syntheses import replier

LIGNES = 300  # of the queue, at a time
SIGNAUX = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Command(BaseCommand):
    help = "Tient à jour les chiffres des tableaux de bord, jusqu'à ce qu'on l'arrête."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--une-fois", action="store_true", help="s'arrêter quand tout ce qui attend est compté")
        parser.add_argument(
            "--intervalle", type=float, default=2, metavar="SECONDES", help="temps entre deux lectures (2 secondes)"
        )

    def handle(self, *, une_fois: bool, intervalle: float, **options: Any) -> None:
        arret = threading.Event()
        if une_fois:
            self.stdout.write(f"Établissements comptés à nouveau : {replier_tout(arret)}")
            return
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNAUX)  # the thread waits for them
        threading.Thread(target=attendre_un_signal, args=(arret, connections["default"]), daemon=True).start()
        while not arret.is_set():
            self.suivre(arret)
            arret.wait(intervalle)

    def suivre(self, arret: threading.Event) -> None:
        """A database that is away is waited for: nothing is lost, lines stay in the queue."""
        close_old_connections()
        try:
            replier_tout(arret)
        except (DatabaseError, InterfaceError) as erreur:
            if not arret.is_set():
                self.stderr.write(f"Synthèses : la base de données n'a pas répondu, nouvel essai bientôt ({erreur}).")
            connection.close()


def replier_tout(arret: threading.Event) -> int:
    total = 0
    while not arret.is_set() and (repliees := replier(maintenant=timezone.now(), maximum=LIGNES)):
        total += repliees
    return total


def attendre_un_signal(arret: threading.Event, base: BaseDatabaseWrapper) -> None:
    """A fold that is under way is cancelled and undone whole: its lines wait for the next start."""
    signal.sigwait(SIGNAUX)
    arret.set()
    with contextlib.suppress(DatabaseError, InterfaceError):
        if base.connection is not None:
            base.connection.cancel()
