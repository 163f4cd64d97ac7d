"""Settings, driven by environment variables that fail loudly.

With none set, Paliers runs on this machine only: embedded PostgreSQL, a secret key made at the first
start, plain HTTP. `PALIERS_ADRESSE` (the public https address) makes it a deployment: then the secret
key has no default and every cookie and header is the strict one.
"""

import os
import secrets
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

import environ
import pghistory
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DONNEES = Path(env.str("PALIERS_DONNEES", default=str(BASE_DIR / ".paliers"))).absolute()
ADRESSE = env.str("PALIERS_ADRESSE", default="")
DEPLOIEMENT = bool(ADRESSE)


def cle_secrete_locale() -> str:
    """The key of a local run, made once and kept beside its data."""
    fichier = DONNEES / "cle-secrete"
    if not fichier.exists():
        DONNEES.mkdir(parents=True, exist_ok=True)
        provisoire = DONNEES / f"cle-secrete.{os.getpid()}"
        provisoire.touch(mode=0o600)
        provisoire.write_text(secrets.token_urlsafe(64))
        provisoire.replace(fichier)
    return fichier.read_text()


def cle_secrete_du_site() -> str:
    cle = env.str("PALIERS_CLE_SECRETE", default="")
    if len(cle) < 50:
        raise ImproperlyConfigured(
            "PALIERS_CLE_SECRETE doit contenir au moins 50 caractères tirés au hasard ; par exemple : "
            'python3 -c "import secrets; print(secrets.token_urlsafe(64))"'
        )
    return cle


def oui_ou_non(nom: str, *, defaut: bool) -> bool:
    """A switch; a value that is neither is an error, where django-environ reads "off" by default."""
    valeur = env.str(nom, default="1" if defaut else "0")
    if valeur not in ("0", "1"):
        raise ImproperlyConfigured(f"{nom} vaut 1 (oui) ou 0 (non), pas « {valeur} ».")
    return valeur == "1"


def adresse_de_service(nom: str, schemas: set[str], exemple: str) -> SplitResult | None:
    """The address of another server, or None; one that cannot be read is an error that keeps its password."""
    adresse = urlsplit(env.str(nom, default=""))
    try:
        lisible = adresse.scheme in schemas and bool(adresse.hostname) and (adresse.port or 1) > 0
    except ValueError:
        lisible = False
    if adresse.geturl() and not lisible:
        raise ImproperlyConfigured(f"{nom} est illisible ; sa forme est {exemple}")
    return adresse if lisible else None


DEBUG = False
if DEPLOIEMENT:
    if urlsplit(ADRESSE).scheme != "https" or not urlsplit(ADRESSE).hostname:
        raise ImproperlyConfigured(f"PALIERS_ADRESSE doit commencer par https:// et nommer un hôte, pas « {ADRESSE} ».")
    SECRET_KEY = cle_secrete_du_site()
    ALLOWED_HOSTS = [urlsplit(ADRESSE).hostname]
    CSRF_TRUSTED_ORIGINS = [ADRESSE.rstrip("/")]
else:
    SECRET_KEY = cle_secrete_locale()
    ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
# The secrets before this one: sessions, links and the urns of surveys that are still open rest on them.
SECRET_KEY_FALLBACKS = env.list("PALIERS_CLES_PRECEDENTES", default=[])

# --- Database -----------------------------------------------------------------------------------------
if adresse_de_service("DATABASE_URL", {"postgres", "postgresql"}, "postgres://compte:secret@hote:5432/base"):
    BASE_DE_DONNEES = env.db_url("DATABASE_URL", engine="django.db.backends.postgresql")
else:
    from strategie import postgres_embarque

    DURABLE = oui_ou_non("PALIERS_BASE_DURABLE", defaut=True)
    BASE_DE_DONNEES = {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": postgres_embarque.start(DONNEES / "postgresql", durable=DURABLE),
        "NAME": "paliers",
        "USER": "paliers",
    }
DATABASES = {
    "default": {
        **BASE_DE_DONNEES,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **BASE_DE_DONNEES.get("OPTIONS", {}),
            "options": "-c statement_timeout=60000 -c lock_timeout=10000",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Applications -------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "strategie.pilotage",
    "budget",
    "plans",
    "diagnostic",
    "strategie.socle",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_tables2",
    "django_include_bootstrap",
    "allauth",
    "allauth.account",
    "pgtrigger",
    "pghistory",
    "django_tasks_db",
    "strategie.socle.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
]
MIDDLEWARE = [
    "strategie.socle.views.contexte.SansTraceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "strategie.socle.views.contexte.PagesPriveesMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "strategie.socle.views.contexte.HeureLocaleMiddleware",
    "strategie.socle.views.contexte.HistoriqueMiddleware",
]
ROOT_URLCONF = "strategie.urls"
WSGI_APPLICATION = "strategie.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["strategie.socle.templatetags.paliers"],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "strategie.socle.interfaces.formulaires.RenduDesFormulaires"

# --- Who answers for this installation: named on the public pages ------------------------------------
EDITEUR = env.str("PALIERS_EDITEUR", default="")
HEBERGEUR = env.str("PALIERS_HEBERGEUR", default="")
CONTACT = env.str("PALIERS_CONTACT", default="")  # an e-mail address

# --- Surveys: no group under this number of people is ever shown ----------------------------------------
SEUIL_ANONYMAT = env.int("PALIERS_SEUIL_ANONYMAT", default=5)
if SEUIL_ANONYMAT < 3:
    raise ImproperlyConfigured(f"PALIERS_SEUIL_ANONYMAT vaut 3 ou plus, pas {SEUIL_ANONYMAT}.")

# --- Language and time --------------------------------------------------------------------------------
LANGUAGE_CODE = "fr"
USE_I18N = True
TIME_ZONE = "Europe/Paris"
USE_TZ = True

# --- People and sessions ------------------------------------------------------------------------------
AUTH_USER_MODEL = "socle.Utilisateur"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accueil"
LOGOUT_REDIRECT_URL = "accueil"
ACCOUNT_ADAPTER = "strategie.socle.interfaces.comptes.AdaptateurComptes"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation's link has already proved the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
# allauth's own would keep a second list of addresses, which would outlive a change of the account's.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
# A whole school shares one address on the Internet: per address wide, per account narrow.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "100/m/ip,5/5m/key",
    "reset_password": "60/m/ip,5/h/key",
    "reset_password_from_key": "60/m/ip",
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "strategie.socle.interfaces.connexion.Connexion",
    "reset_password": "strategie.socle.interfaces.connexion.MotDePasseOublie",
    "reset_password_from_key": "strategie.socle.interfaces.connexion.NouveauMotDePasse",
    "change_password": "strategie.socle.interfaces.connexion.ChangementDeMotDePasse",
    "reauthenticate": "strategie.socle.interfaces.connexion.Confirmation",
}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = DEPLOIEMENT
CSRF_COOKIE_SECURE = DEPLOIEMENT
CSRF_FAILURE_VIEW = "strategie.socle.views.erreurs.jeton_refuse"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"  # no write on GET

# --- Security headers ---------------------------------------------------------------------------------
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],  # Bootstrap draws its arrows and ticks as data: images
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = DEPLOIEMENT
SECURE_HSTS_SECONDS = 63_072_000 if DEPLOIEMENT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = DEPLOIEMENT
SECURE_HSTS_PRELOAD = DEPLOIEMENT
if oui_ou_non("PALIERS_DERRIERE_MANDATAIRE", defaut=False):
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else every visitor would count as the proxy in rate limits
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- Files --------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 31_536_000  # every address carries the content's fingerprint
WHITENOISE_INDEX_FILE = False
MEDIA_ROOT = DONNEES / "fichiers"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "strategie.socle.interfaces.statiques.StatiquesVersionnes"},
}

# --- Mail, background work, history -------------------------------------------------------------------
if COURRIEL := adresse_de_service("PALIERS_COURRIEL", {"smtp"}, "smtp://compte:secret@hote:587"):
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": COURRIEL.hostname,
                "port": COURRIEL.port or 587,
                "username": unquote(COURRIEL.username or ""),
                "password": unquote(COURRIEL.password or ""),
                "use_tls": True,
                "timeout": 20,
            },
        }
    }
else:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": DONNEES / "courriels"},
        }
    }
DEFAULT_FROM_EMAIL = env.str("PALIERS_EXPEDITEUR", default="Paliers <ne-pas-repondre@paliers.invalid>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Holds the counts of attempts: at Django's 300, a flood of addresses would push out what it is counted by.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
    # Of each process, what its dashboards show: a hundred pages of a hundred kilobytes.
    "memoire": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "tableaux",
        "OPTIONS": {"MAX_ENTRIES": 100},
    },
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_APPEND_ONLY = True
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="evenements", related_query_name="evenements_query")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ligne": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ligne"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"weasyprint": {"level": "ERROR"}},  # one warning for each character without a glyph
}
