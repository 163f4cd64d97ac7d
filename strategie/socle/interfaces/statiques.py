"""Addresses of static files that change with their content, so that browsers may keep them for a year."""

import hashlib
from functools import cache

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


@cache
def empreinte(nom: str) -> str:
    """Eight characters of the file's SHA-256; empty when there is no such file."""
    chemin = finders.find(nom)
    if not chemin:
        return ""
    with open(chemin, "rb") as fichier:
        return hashlib.file_digest(fichier, "sha256").hexdigest()[:8]


class StatiquesVersionnes(StaticFilesStorage):
    """Serves the files where they are (no collectstatic) under addresses that carry their fingerprint."""

    def url(self, name: str) -> str:
        version = empreinte(name)
        return f"{super().url(name)}?v={version}" if version else super().url(name)
