"""The test client of the whole suite: it looks at every answer, so that no test has to.

Each HTML answer passes `tests.pages`; each answer carries the security headers; reading writes nothing
and costs at most twelve queries; nothing is fetched row by row.
"""

import hashlib
import re
from contextlib import nullcontext
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.db import connection
from django.dispatch import receiver
from django.test import Client
from django.test.client import ClientHandler
from zeal import zeal_context

from tests.pages import defauts

REQUETES_MAX = 12
ECRITURE = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|COPY|CREATE|ALTER|DROP)\b")
# Views of others ask for the same person or session twice, which looks like one query per row.
VUES_D_AUTRUI = re.compile(r"^/(administration|connexion|deconnexion|mot-de-passe|compte/mot-de-passe)/")
# allauth keeps the key of a reset link in the session and redirects, so that no referrer carries it.
SESSION_ECRITE_EN_LECTURE = re.compile(r"^/mot-de-passe/")
JETON_OU_RETOUR = re.compile(r'(name="(?:csrfmiddlewaretoken|suite)" value=")[\w/-]+')
PAGES_SANS_DEFAUT: set[bytes] = set()
ENTETES = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class RequetesVues:
    """Every statement of one request, as a wrapper of `connection.execute`; refuses writes when asked to."""

    def __init__(self, *, lecture: bool, session_admise: bool = False) -> None:
        self.lecture = lecture
        self.session_admise = session_admise
        self.sql: list[str] = []
        self.ecritures: list[str] = []

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        enonce = str(sql)
        if enonce.startswith(("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")):
            return execute(sql, params, many, context)
        self.sql.append(enonce)
        if self.lecture and self.ecrit(enonce):
            self.ecritures.append(enonce)
            raise AssertionError(f"A reading request writes: {enonce[:200]}")
        return execute(sql, params, many, context)

    def ecrit(self, enonce: str) -> bool:
        if self.session_admise and '"django_session"' in enonce:
            return False
        sans_chaines = re.sub(r"'[^']*'|\"[^\"]*\"", "", enonce).upper()
        return not sans_chaines.lstrip(" (\n").startswith(("SELECT", "WITH")) or bool(ECRITURE.search(sans_chaines))


@cache
def gestionnaire(enforce_csrf_checks: bool) -> ClientHandler:
    """Shared, because loading the middleware lists every static file; loaded again where a setting changes."""
    partage = ClientHandler(enforce_csrf_checks)
    partage.load_middleware()  # at once: threads that share it would load it together
    return partage


@receiver(setting_changed)
def oublier_les_gestionnaires(**_: Any) -> None:
    gestionnaire.cache_clear()


class ClientSimple(Client):
    """Looks at nothing: for tests that read hundreds of pages, or send by several threads."""

    def request(self, **environ: Any) -> Any:
        self.handler = gestionnaire(self.handler.enforce_csrf_checks)
        return super().request(**environ)


class ClientStrict(ClientSimple):
    """`response.requetes` holds the SQL of the request, for tests that want its exact number."""

    def request(self, **environ: Any) -> Any:
        methode, chemin = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        administration = chemin.startswith("/administration/")
        vues = RequetesVues(
            lecture=methode in ("GET", "HEAD", "OPTIONS"),
            session_admise=bool(SESSION_ECRITE_EN_LECTURE.match(chemin)),
        )
        with nullcontext() if VUES_D_AUTRUI.match(chemin) else zeal_context(), connection.execute_wrapper(vues):
            reponse = super().request(**environ)
        reponse.requetes = vues.sql
        if vues.ecritures:  # the view may have swallowed the refusal
            raise AssertionError(f"{methode} {chemin} writes: {vues.ecritures[0][:200]}")
        if not chemin.startswith(settings.STATIC_URL):
            verifier_entetes(reponse)
        if not administration and not reponse.streaming and "text/html" in reponse.headers.get("Content-Type", ""):
            verifier_page(f"{methode} {chemin}", reponse.content.decode())
            if methode == "GET" and len(vues.sql) > REQUETES_MAX:
                liste = "\n".join(enonce[:150] for enonce in vues.sql)
                raise AssertionError(f"GET {chemin}: {len(vues.sql)} queries\n{liste}")
        return reponse


def verifier_page(demande: str, html: str) -> None:
    """A page seen before, but for its token and its way back, has nothing more to say: most refusals are."""
    page = hashlib.sha256(JETON_OU_RETOUR.sub(r"\1", html).encode()).digest()
    if page in PAGES_SANS_DEFAUT:
        return
    if trouves := defauts(html) if html.strip() else []:
        raise AssertionError(f"{demande}:\n" + "\n".join(trouves))
    PAGES_SANS_DEFAUT.add(page)


def verifier_entetes(reponse: Any) -> None:
    politique = reponse.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in politique or "unsafe" in politique or "nonce" in politique:
        raise AssertionError(f"Content-Security-Policy: « {politique} »")
    for entete, attendu in ENTETES.items():
        if reponse.headers.get(entete) != attendu:
            raise AssertionError(f"{entete}: « {reponse.headers.get(entete)} » instead of « {attendu} »")
