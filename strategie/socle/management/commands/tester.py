"""`manage.py tester`: the whole suite on every core; pytest's own options pass through."""

import signal
import subprocess
import sys

from django.conf import settings
from django.core.management import BaseCommand

from strategie import amorce


class Command(BaseCommand):
    help = "Lance les tests ; accepte les options de pytest : manage.py tester -k cotation"
    requires_system_checks = ()  # the tests run them

    def run_from_argv(self, argv):
        """Not parsed: every option is pytest's."""
        amorce.fournir_pdf()
        amorce.fournir_chromium()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for pytest, which reports before it stops
        options = ["-n", "auto", "--dist", "worksteal", *argv[2:]]  # a later -n wins
        sys.exit(subprocess.call([sys.executable, "-m", "pytest", *options], cwd=settings.BASE_DIR))
