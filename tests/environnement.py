"""Loaded before Django's settings: tests have their own data folder and a PostgreSQL that need not survive."""

import os
import sys
from pathlib import Path

os.environ.setdefault("PALIERS_DONNEES", str(Path(__file__).resolve().parent.parent / ".paliers" / "tests"))
os.environ.setdefault("PALIERS_BASE_DURABLE", "0")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps an event loop in the test's thread
(Path(os.environ["PALIERS_DONNEES"]) / "static").mkdir(parents=True, exist_ok=True)  # whitenoise warns without it

# Where Python may leave no bytecode beside its sources, each process of the tests would compile two thousand modules.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(Path(os.environ["PALIERS_DONNEES"]) / "bytecode")
    sys.dont_write_bytecode = False
