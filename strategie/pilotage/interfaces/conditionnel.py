"""Pages that are kept: by a browser, which asks each time whether its copy still holds, and the answer costs next to
nothing; by the process, for the next reader who may read the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response

from strategie.pilotage.queries.territoires import Territoire

SOURCES = {".py", ".html", ".css", ".js", ".json"}
DOSSIERS = ("strategie", "budget", "plans", "diagnostic", "templates", "static")


@cache
def version_du_code() -> str:
    """Of what pages are made of besides data: another version of Paliers makes other pages."""
    empreinte = hashlib.sha256()
    for dossier in DOSSIERS:
        for chemin in sorted(Path(settings.BASE_DIR, dossier).rglob("*")):
            if chemin.suffix in SOURCES:
                empreinte.update(str(chemin.relative_to(settings.BASE_DIR)).encode() + chemin.read_bytes())
    return empreinte.hexdigest()


def cle_du_contenu(territoire: Territoire, annee: str) -> str:
    """Of what the page shows to whoever has these rights there, all readers alike: whoever is asked late sees other
    things late, hence the day; an age of figures that is restored from a backup has another instant.
    """
    return _empreinte(
        version_du_code(),
        territoire.niveau,
        territoire.cle,
        territoire.version,
        territoire.change_le,
        territoire.en_attente,
        territoire.marque,
        sorted(territoire.droits),
        timezone.localdate().isoformat(),
        annee,
    )


def etag_du_territoire(request: HttpRequest, territoire: Territoire) -> str | None:
    """Of all that a page of this territory shows; None when it shows a message, which is read once.

    Beside what all readers share: the reader's name, rights and function; the token of forms and the choice of light or
    dark, in the cookies.
    """
    if request.COOKIES.get("messages"):
        return None
    empreinte = _empreinte(
        cle_du_contenu(territoire, request.get_full_path()),
        territoire.lecteur,
        request.user.pk,
        str(request.user),
        request.COOKIES.get("apparence"),
        request.COOKIES.get(settings.CSRF_COOKIE_NAME),
    )
    return f'"{empreinte}"'


def _empreinte(*parties: object) -> str:
    return hashlib.sha256(repr(parties).encode()).hexdigest()[:32]


def si_change(request: HttpRequest, etag: str | None, rendre: Callable[[], HttpResponse]) -> HttpResponse:
    """304 when the browser's copy still holds, else the page."""
    reponse = get_conditional_response(request, etag=etag) if etag else None
    if reponse is None:
        reponse = rendre()
        if etag:
            reponse["ETag"] = etag
    reponse["Cache-Control"] = "private, no-cache"
    return reponse
