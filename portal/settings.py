"""Settings, all from environment variables. A bad value is refused with a sentence that says what to write."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

from portal.secret_key import KeyNotUsable, kept_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()


def read(kind: str, name: str, default: Any) -> Any:
    """Read one variable; say what to write when it cannot be understood."""
    try:
        return getattr(env, kind)(name, default)
    except EnvError as error:
        raise ImproperlyConfigured(f"{name} is not usable: {error} See README.md for the values it takes.") from error


# --- what kind of installation this is ------------------------------------------------------------------------
PRODUCTION = read("bool", "PRODUCTION", False)
DEBUG = read("bool", "DEBUG", False)
DEMO = read("bool", "DEMO", False)
DEFAULT_SECRET_KEY = "for-this-machine-only-set-SECRET_KEY-before-anyone-else-can-reach-it"  # noqa: S105
DATA_DIR = Path(read("str", "DATA_DIR", str(BASE_DIR / "var" / "data"))).resolve()
try:  # a command run by hand beside bin/serve finds the key that it made
    SECRET_KEY = read("str", "SECRET_KEY", "") or kept_key(DATA_DIR) or DEFAULT_SECRET_KEY
except KeyNotUsable as problem:
    raise ImproperlyConfigured(str(problem)) from problem
ALLOWED_HOSTS = read("list", "ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
PUBLIC_URL = read("str", "PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
if urlsplit(PUBLIC_URL).scheme not in {"http", "https"} or not urlsplit(PUBLIC_URL).hostname:
    raise ImproperlyConfigured("PUBLIC_URL must be a full address, like https://licences.example.com")

if PRODUCTION:
    if SECRET_KEY == DEFAULT_SECRET_KEY or len(SECRET_KEY) < 40:
        raise ImproperlyConfigured("PRODUCTION needs a SECRET_KEY of its own, at least 40 characters long.")
    if DEBUG:
        raise ImproperlyConfigured("PRODUCTION refuses DEBUG: unset DEBUG.")
    if DEMO:
        raise ImproperlyConfigured("PRODUCTION refuses demo accounts: unset DEMO.")
    if not PUBLIC_URL.startswith("https://"):
        raise ImproperlyConfigured("PRODUCTION needs PUBLIC_URL with https://, where people reach the portal.")

# --- where data lives -----------------------------------------------------------------------------------------
BLOB_DIR = DATA_DIR / "blobs"
KEY_DIR = DATA_DIR / "keys"
DOORBELL_DIR = DATA_DIR / "doorbell"
KEY_SECRET = read("str", "KEY_SECRET", SECRET_KEY)  # encrypts the built-in authority's private keys

DATABASE_URL = read("str", "DATABASE_URL", f"sqlite:///{DATA_DIR / 'licence-desk.sqlite3'}")
if urlsplit(DATABASE_URL).scheme not in {"sqlite", "postgres", "postgresql"}:
    raise ImproperlyConfigured("DATABASE_URL must start with sqlite:/// or postgresql://")
DATABASES = {"default": env.dj_db_url("DATABASE_URL", DATABASE_URL)}
SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if SQLITE:
    # IMMEDIATE: a writer waits at BEGIN instead of failing at its first write.
    # FULL: a committed sign-off survives power loss.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
    }
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # What a connection asks a third time is planned once: with joins, planning takes longer than the answer.
    if read("bool", "PREPARE_STATEMENTS", True):
        DATABASES["default"].setdefault("OPTIONS", {}).update(server_side_binding=True, prepare_threshold=2)

REDIS_URL = read("str", "REDIS_URL", "")
if REDIS_URL and urlsplit(REDIS_URL).scheme not in {"redis", "rediss", "unix"}:
    raise ImproperlyConfigured("REDIS_URL must start with redis://, rediss:// or unix://")
if REDIS_URL:
    CACHES: dict[str, Any] = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    }
else:  # shared by the web processes of this machine, so that sign-in limits hold across them
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(DATA_DIR / "cache"),
        }
    }

OUTBOUND_ALLOW = read(
    "list", "OUTBOUND_ALLOW", []
)  # extra networks, like 10.1.0.0/16, that entered addresses may reach

# --- the rooms ------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "foundation.audit",
    "foundation.jobs",
    "foundation.keys",
    "foundation.files",
    "foundation.outbound",
    "foundation.accounts",
    "licences",
    "deployments",
    "reviews",
    "gate",
    "evidence",
    "notifications",
    "portal",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "lucide",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.RequestContextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.middleware.PersonTimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.SentAfterSignOutMiddleware",
    "portal.middleware.OwnPageFor405Middleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context_processors.shell",
            ],
            "builtins": ["lucide.templatetags.lucide", "portal.templatetags.desk", "portal.templatetags.kept"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- people and sign-in ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["foundation.accounts.backends.PeopleWithAccess"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "foundation.accounts.adapter.InvitedPeopleOnly"
MFA_ADAPTER = "foundation.accounts.adapter.SealedFactors"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # the portal does not write to strangers
ACCOUNT_FORMS = {
    "login": "foundation.accounts.sign_in_forms.SignIn",
    "reset_password": "foundation.accounts.sign_in_forms.AskForPasswordLink",
    "change_password": "foundation.accounts.sign_in_forms.ChangePassword",
    "set_password": "foundation.accounts.sign_in_forms.ChoosePassword",
    "reset_password_from_key": "foundation.accounts.sign_in_forms.ChoosePasswordFromLink",
    "reauthenticate": "foundation.accounts.sign_in_forms.ProveByPassword",
}
MFA_FORMS = {
    "authenticate": "foundation.accounts.sign_in_forms.SecondStep",
    "reauthenticate": "foundation.accounts.sign_in_forms.ProveByCode",
    "activate_totp": "foundation.accounts.sign_in_forms.SetUpApp",
    "add_webauthn": "foundation.accounts.sign_in_forms.AddKey",
    "edit_webauthn": "foundation.accounts.sign_in_forms.RenameKey",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Licence Desk] "
ALLAUTH_TRUSTED_PROXY_COUNT = read("int", "TRUSTED_PROXY_COUNT", 0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "Licence Desk"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_ENGINE = "foundation.accounts.sessions"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "portal.views.errors.csrf_failure"

# --- the browser's rules --------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # data: for the QR code of TOTP enrolment
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = PRODUCTION and read("bool", "SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # the machine asks itself, without TLS
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
if read("int", "TRUSTED_PROXY_COUNT", 0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

# --- words and time -------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
COMPANY_NAME = read("str", "COMPANY_NAME", "Norrbro Group" if DEMO else "Your company")
COMPANY_TIME_ZONE = read("str", "COMPANY_TIME_ZONE", "Europe/Amsterdam")  # due dates end at midnight here

# --- static files ---------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
BUILT_STATIC_DIR = BASE_DIR / "var" / "built"  # fonts turned into WOFF2 by manage.py build_fonts
STATICFILES_DIRS = [BASE_DIR / "static", BUILT_STATIC_DIR]
BUILT_STATIC_DIR.mkdir(parents=True, exist_ok=True)
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns about a folder that is not there yet
TESTING = "pytest" in sys.modules
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- mail -----------------------------------------------------------------------------------------------------
MAIL_FROM = read("str", "MAIL_FROM", "Licence Desk <licence-desk@localhost>")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
EMAIL_HOST = read("str", "EMAIL_HOST", "")
if EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_PORT = read("int", "EMAIL_PORT", 25)
    EMAIL_HOST_USER = read("str", "EMAIL_HOST_USER", "")
    EMAIL_HOST_PASSWORD = read("str", "EMAIL_HOST_PASSWORD", "")
    EMAIL_USE_TLS = read("bool", "EMAIL_USE_TLS", False)
else:  # one file per message in DATA_DIR/mail, so that a first look needs no mail server
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_TIMEOUT = 20

# --- work -----------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost/"
CELERY_BROKER_TRANSPORT = None if REDIS_URL else "foundation.jobs.folder_transport:FolderTransport"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {
        "visibility_timeout": 3600,
        "socket_connect_timeout": 2,
    }  # a page that has committed never hangs on an absent broker
    if REDIS_URL
    else {
        "polling_interval": 0.25,  # seconds between looks into the folder
        "data_folder_in": str(DOORBELL_DIR),
        "data_folder_out": str(DOORBELL_DIR),
        "control_folder": str(DOORBELL_DIR / "control"),
    }
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(
    REDIS_URL
)  # with files, the mailboxes of dead workers would never be emptied

# --- reviews --------------------------------------------------------------------------------------------------
REVIEW_DUE_DAYS = read("int", "REVIEW_DUE_DAYS", 10)  # days a review may take before it is overdue
APPROVAL_DAYS = read("int", "APPROVAL_DAYS", 365)  # proposed validity of an approval
RENEWAL_NOTICE_DAYS = read("int", "RENEWAL_NOTICE_DAYS", 45)  # before an approval ends, its next review opens
GATE_MODE = read("str", "GATE_MODE", "enforce")
if GATE_MODE not in {"enforce", "observe"}:
    raise ImproperlyConfigured("GATE_MODE must be enforce or observe.")

# --- logs -----------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": read("str", "LOG_LEVEL", "INFO")},
    # these narrate every step
    "loggers": {name: {"level": "WARNING"} for name in ("celery", "fontTools", "kombu", "weasyprint")},
}
DATA_DIR.mkdir(parents=True, exist_ok=True)
if not REDIS_URL:  # the file-system transport expects its folders to exist
    (DOORBELL_DIR / "control").mkdir(parents=True, exist_ok=True)
