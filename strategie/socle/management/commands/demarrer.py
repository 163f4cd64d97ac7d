"""`manage.py demarrer`: everything from an empty folder to the address to open."""

import contextlib
import errno
import http.client
import io
import os
import signal
import socket
import subprocess
import sys
import time

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import DatabaseError, connection

from strategie import amorce

ATTENTE_MAXIMALE = 60
ARRET_MAXIMAL = 25


class Command(BaseCommand):
    help = "Prépare la base, charge le référentiel et la démonstration, puis sert Paliers."
    requires_system_checks = ()  # migrate runs them

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000, help="port d’écoute (8000)")
        parser.add_argument("--hote", default="127.0.0.1", help="adresse d’écoute (127.0.0.1)")
        parser.add_argument("--sans-demonstration", action="store_true", help="ne pas créer les écoles fictives")

    def handle(self, *, port, hote, sans_demonstration, **options):
        # From here on, both signals unwind the stack: what was started is stopped, whatever the moment.
        for numero in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(numero, _lever_arret)
        try:
            verifier_adresse_libre(hote, port)
            amorce.fournir_pdf()
            self.preparer_la_base()
            self.servir(hote, port, sans_demonstration)
        except Arret:
            self.dire("Paliers est arrêté.")

    def preparer_la_base(self):
        self.dire("Base de données…")
        try:
            connection.ensure_connection()
        except DatabaseError as erreur:
            amorce.abandonner("La base de données désignée par DATABASE_URL n’a pas pu être ouverte.", str(erreur))
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        self.dire("Référentiel…")
        call_command("charger_referentiel", stdout=io.StringIO())

    def installer_la_demonstration(self, sans_demonstration):
        """Return what the command of the top floor says: the accounts."""
        if sans_demonstration:
            return ""
        if settings.DEPLOIEMENT:
            self.dire("Démonstration non installée : PALIERS_ADRESSE désigne un vrai site.")
            return ""
        self.dire("Démonstration…")
        comptes = io.StringIO()
        call_command("installer_demonstration", stdout=comptes)
        return comptes.getvalue()

    def servir(self, hote, port, sans_demonstration):
        with contextlib.ExitStack() as arrets:
            ouvrier = arrets.enter_context(processus(_manage("db_worker", "--verbosity", "0")))
            syntheses = arrets.enter_context(processus(_manage("tenir_les_syntheses")))
            adresse = f"[{hote}]:{port}" if ":" in hote else f"{hote}:{port}"
            serveur = arrets.enter_context(processus(_gunicorn(adresse)))
            for autre in (ouvrier, syntheses):
                arrets.callback(autre.terminate)  # all stop at once; each is then waited for
            enfants = {
                "le serveur web": serveur,
                "le travail en arrière-plan": ouvrier,
                "le suivi des tableaux de bord": syntheses,
            }
            comptes = self.installer_la_demonstration(sans_demonstration)  # while they start
            self.dire("Serveur…")
            attendre_reponse(hote, port, enfants)
            self.annoncer(adresse, comptes)
            while True:
                verifier_vivants(enfants)
                time.sleep(0.5)

    def annoncer(self, adresse, comptes):
        self.dire(f"\nPaliers répond à l’adresse {settings.ADRESSE or f'http://{adresse}'}/\n")
        if comptes:
            self.dire(comptes)
        if "file_path" in settings.MAILERS["default"].get("OPTIONS", {}):
            self.dire(f"Les courriels s’écrivent dans {settings.MAILERS['default']['OPTIONS']['file_path']}")
        self.dire("Ctrl-C pour arrêter.")

    def dire(self, ligne):
        self.stdout.write(ligne)
        self.stdout.flush()


class Arret(BaseException):
    """A signal asked to stop. Not an Exception: no handler on the way may swallow it."""


def _lever_arret(numero, cadre):
    for autre in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(autre, signal.SIG_IGN)  # a second one would cut the orderly stop short
    raise Arret


def verifier_adresse_libre(hote, port):
    """Say that the port is taken before working for half a minute, not after."""
    if not 0 < port < 65536:
        amorce.abandonner(f"Le port doit être compris entre 1 et 65535, pas {port}.")
    try:
        famille, _, _, _, adresse = socket.getaddrinfo(hote, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(famille) as essai:
            essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            essai.bind(adresse)
    except PermissionError:
        amorce.abandonner(f"Le port {port} est réservé à l’administrateur ; essayez --port 8000.")
    except OSError as erreur:
        if erreur.errno == errno.EADDRINUSE:
            amorce.abandonner(
                f"Le port {port} est déjà pris, peut-être par un autre Paliers. "
                f"Arrêtez-le, ou choisissez-en un autre : manage.py demarrer --port {port % 65535 + 1}"
            )
        amorce.abandonner(f"Impossible d’écouter sur {hote}, port {port} : {erreur.strerror}.")


@contextlib.contextmanager
def processus(commande):
    """Run a child in a session of its own, so that Ctrl-C reaches this process only, which stops it in order."""
    enfant = subprocess.Popen(commande, start_new_session=True, stdin=subprocess.DEVNULL, cwd=settings.BASE_DIR)
    try:
        yield enfant
    finally:
        enfant.terminate()
        try:
            enfant.wait(ARRET_MAXIMAL)
        except subprocess.TimeoutExpired:
            os.killpg(enfant.pid, signal.SIGKILL)
            enfant.wait()


def attendre_reponse(hote, port, enfants):
    echeance = time.monotonic() + ATTENTE_MAXIMALE
    while not repond(hote, port):
        verifier_vivants(enfants)
        if time.monotonic() > echeance:
            amorce.abandonner(f"Le serveur n’a pas répondu en {ATTENTE_MAXIMALE} secondes.")
        time.sleep(0.1)


def repond(hote, port):
    """Any HTTP answer will do: behind a proxy, an address without https is redirected."""
    visible = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(hote, hote)  # noqa: S104 - compared, not listened to
    connexion = http.client.HTTPConnection(visible, port, timeout=10)
    try:
        connexion.request("GET", "/connexion/", headers={"Host": settings.ALLOWED_HOSTS[0]})
        return connexion.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connexion.close()


def verifier_vivants(enfants):
    for nom, enfant in enfants.items():
        if enfant.poll() is not None:
            amorce.abandonner(f"Arrêt inattendu : {nom} s’est terminé (code {enfant.returncode}). Paliers s’arrête.")


def _manage(*arguments):
    return [sys.executable, settings.BASE_DIR / "manage.py", *arguments]


def _gunicorn(adresse):
    return [sys.executable, "-m", "gunicorn", "--config", "python:strategie.gunicorn", "--bind", adresse]
