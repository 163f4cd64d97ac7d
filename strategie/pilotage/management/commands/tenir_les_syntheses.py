"""`manage.py tenir_les_syntheses`, beside the web server: what dashboards count follows the facts, seconds behind."""

import signal
import time
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.utils import timezone

from strategie.pilotage.domain.syntheses import replier

LIGNES = 300  # of the queue, at a time: a fold that short lets the process stop within a second


class Command(BaseCommand):
    help = "Tient à jour les chiffres des tableaux de bord, jusqu'à ce qu'on l'arrête."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--une-fois", action="store_true", help="s'arrêter quand tout ce qui attend est compté")
        parser.add_argument(
            "--intervalle", type=float, default=2, metavar="SECONDES", help="temps entre deux lectures (2 secondes)"
        )

    def handle(self, *, une_fois: bool, intervalle: float, **options: Any) -> None:
        if une_fois:
            self.stdout.write(f"Établissements comptés à nouveau : {replier_tout()}")
            return
        for numero in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(numero, _lever_arret)
        try:
            while True:
                self.suivre()
                time.sleep(intervalle)
        except Arret:
            return  # a fold that was under way is undone whole: its lines wait for the next start

    def suivre(self) -> None:
        """A database that is away is waited for: nothing is lost, lines stay in the queue."""
        close_old_connections()
        try:
            replier_tout()
        except (DatabaseError, InterfaceError) as erreur:
            self.stderr.write(f"Synthèses : la base de données n'a pas répondu, nouvel essai bientôt ({erreur}).")
            connection.close()


def replier_tout() -> int:
    total = 0
    while repliees := replier(maintenant=timezone.now(), maximum=LIGNES):
        total += repliees
    return total


class Arret(BaseException):
    """A signal asked to stop. Not an Exception: no handler on the way may swallow it."""


def _lever_arret(numero: int, cadre: object) -> NoReturn:
    raise Arret
