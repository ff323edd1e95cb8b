"""Settings, all from the environment; see docs/operations.md for the list of variables.

``MASSY_MODE`` is ``demo`` (one machine, invented people, mail kept in a mailbox page),
``test`` or ``production`` (refuses to start on demo secrets).
"""

import re
from pathlib import Path
from typing import Any

import bootstrap_wrapper
import fontpkg_atkinson_hyperlegible
import js_lib_leaflet
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from massy_grc.common.logs import redact_addresses, redact_rows
from massy_grc.env import (
    all_or_none,
    choice,
    env,
    load_secret_files,
    origin_of,
    socket_address,
)
from massy_grc.schedule import ALWAYS, WITH_ANTIVIRUS

load_secret_files()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("MASSY_VAR_DIR", default=str(BASE_DIR / "var")))

MASSY_MODE = choice("MASSY_MODE", ("demo", "test", "production"), default="demo")
PRODUCTION = MASSY_MODE == "production"
DEMO = MASSY_MODE == "demo"
DEBUG = env.bool("DJANGO_DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DJANGO_DEBUG: must be off in production")

# --- secrets and addresses -----------------------------------------------------------------
SECRET_KEY = env.str("DJANGO_SECRET_KEY", default="" if PRODUCTION else "demo-only-for-one-machine")
if PRODUCTION and (len(SECRET_KEY) < 50 or SECRET_KEY.startswith("demo-")):
    raise ImproperlyConfigured(
        "DJANGO_SECRET_KEY: production needs a random value of at least 50 characters"
    )
SECRET_KEY_FALLBACKS = env.list("DJANGO_SECRET_KEY_FALLBACKS", default=[])

ALLOWED_HOSTS = env.list(
    "DJANGO_ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]
)
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("DJANGO_ALLOWED_HOSTS: name the public host names")
PUBLIC_URL = env.str("MASSY_PUBLIC_URL", default="" if PRODUCTION else "http://localhost:8000")
if PRODUCTION and not PUBLIC_URL.startswith("https://"):
    raise ImproperlyConfigured("MASSY_PUBLIC_URL: the portal's public https address is needed")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []

# --- applications --------------------------------------------------------------------------
INSTALLED_APPS = [
    "massy_grc.common",
    "massy_grc.users",
    "massy_grc.outbox",
    "massy_grc.audit",
    "prestations",
    "citizens",
    "requests",
    "backoffice",
    "massy_grc.users.technical_app.TechnicalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "lucide",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "phonenumber_field",
    "django_structlog",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "massy_grc.common.middleware.HeadersMiddleware",
    "massy_grc.common.middleware.RefuseNulMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "massy_grc.common.middleware.NoStoreMiddleware",
    "massy_grc.common.middleware.LongAddressMiddleware",
    "massy_grc.common.middleware.MethodPageMiddleware",
    "backoffice.middleware.StaffPolicyMiddleware",
    "citizens.middleware.CitizenSessionMiddleware",
]

ROOT_URLCONF = "massy_grc.urls"
WSGI_APPLICATION = "massy_grc.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

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
                "django.template.context_processors.i18n",
                "prestations.context_processors.town",
                "massy_grc.users.skin.account_pages",
                "backoffice.context_processors.workplace",
            ],
        },
    },
]

# --- database, cache, broker ---------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default="postgres:///massy_grc")}
DATABASES["default"].setdefault("OPTIONS", {})
if env.bool("DATABASE_POOL", default=not env.bool("MASSY_COMMAND", default=False)):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 5}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "massy_grc.common.cache.FailsafeRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "massy",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "visibility_timeout": 3600,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/Paris"
CLAMD = socket_address("CLAMD_URL")
CELERY_BEAT_SCHEDULE = ALWAYS | (WITH_ANTIVIRUS if CLAMD else {})

# --- people and log-in ---------------------------------------------------------------------
AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "backoffice:home"
LOGOUT_REDIRECT_URL = "home"
# Proxies in front of us whose X-Forwarded-For is believed: throttles count by visitor.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if PRODUCTION else 0)
ACCOUNT_ADAPTER = "citizens.adapter.OutboxAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "login": "massy_grc.users.forms.LoginForm",
    "reset_password_from_key": "massy_grc.users.forms.ResetPasswordKeyForm",
    "set_password": "massy_grc.users.forms.SetPasswordForm",
    "change_password": "massy_grc.users.forms.ChangePasswordForm",
}
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told to its owner
PASSWORD_RESET_TIMEOUT = 4 * 3600
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # counted in PostgreSQL (massy_grc.users.limits)
MFA_FORMS = {
    "activate_totp": "massy_grc.users.forms.ActivateCodeForm",
    "add_webauthn": "massy_grc.users.forms.AddKeyForm",
    "authenticate": "massy_grc.users.forms.AuthenticateForm",
    "authenticate_webauthn": "massy_grc.users.forms.AuthenticateKeyForm",
    "edit_webauthn": "massy_grc.users.forms.EditKeyForm",
    "reauthenticate": "massy_grc.users.forms.ReauthenticateForm",
    "reauthenticate_webauthn": "massy_grc.users.forms.ReauthenticateKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_ADAPTER = "massy_grc.users.second_factor.SecondFactorAdapter"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # a demonstration on localhost has no https
MFA_TOTP_ISSUER = "Massy GRC"
# Every address was given by an administrator: none waits to be proven by a mail of ours.
MFA_ALLOW_UNVERIFIED_EMAIL = True
STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", default=PRODUCTION)
STAFF_IDLE_MINUTES = env.int("STAFF_IDLE_MINUTES", default=30)
STAFF_SESSION_HOURS = env.int("STAFF_SESSION_HOURS", default=12)

# FranceConnect (L11): absent unless all three are set; see citizens/franceconnect/.
FRANCECONNECT: dict[str, str] = {}
if all_or_none("FRANCECONNECT_ISSUER", "FRANCECONNECT_CLIENT_ID", "FRANCECONNECT_CLIENT_SECRET"):
    FRANCECONNECT = {
        "issuer": env.str("FRANCECONNECT_ISSUER").rstrip("/"),
        "client_id": env.str("FRANCECONNECT_CLIENT_ID"),
        "client_secret": env.str("FRANCECONNECT_CLIENT_SECRET"),
        "acr": choice("FRANCECONNECT_ACR", ("eidas1", "eidas2", "eidas3"), default="eidas1"),
    }
    if PRODUCTION and not FRANCECONNECT["issuer"].startswith("https://"):
        raise ImproperlyConfigured("FRANCECONNECT_ISSUER: an https address is needed")

SESSION_COOKIE_AGE = STAFF_SESSION_HOURS * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "__Host-massy_session" if PRODUCTION else "massy_session"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_NAME = "__Host-massy_csrf" if PRODUCTION else "massy_csrf"
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "massy_grc.common.views.csrf_failure"

# --- map -----------------------------------------------------------------------------------
# The plan is drawn from the street register; tiles of a map server may lie under it.
MAP_TILES_URL = env.str("MASSY_TILES_URL", default="")
MAP_ATTRIBUTION = env.str("MASSY_TILES_ATTRIBUTION", default="")
_tiles_origin = re.fullmatch(r"(https://[\w.-]+(?::\d+)?)/\S*\{z\}\S*", MAP_TILES_URL)
if MAP_TILES_URL and not (_tiles_origin and MAP_ATTRIBUTION):
    raise ImproperlyConfigured(
        "MASSY_TILES_URL: an https address with {z}, {x} and {y}, and MASSY_TILES_ATTRIBUTION"
    )

# --- hardening -----------------------------------------------------------------------------
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *(_tiles_origin.groups() if _tiles_origin else ())],
        "object-src": [NONE],
        "base-uri": [NONE],
        # The form that signs out is answered by a redirection to FranceConnect's own log-out.
        "form-action": [SELF, *origin_of(FRANCECONNECT.get("issuer", ""))],
        "frame-ancestors": [NONE],
    }
}

# --- language and time ---------------------------------------------------------------------
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("Français")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
USE_I18N = True
PHONENUMBER_DEFAULT_REGION = "FR"
PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_FORMAT = "NATIONAL"

# --- files ---------------------------------------------------------------------------------
FONT_DIR = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", bootstrap_wrapper.get_bootstrap_dir()),
    ("fonts", FONT_DIR),
    ("leaflet", Path(js_lib_leaflet.__file__).parent / "static" / "js_lib_leaflet"),
]
MEDIA_ROOT = Path(env.str("MASSY_MEDIA_DIR", default=str(VAR_DIR / "media")))
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "massy_grc.common.static.HashedStaticFilesStorage"
        if MASSY_MODE != "test"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- mail ----------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("MASSY_FROM_EMAIL", default="Mairie de Massy <guichet@massy.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if "EMAIL_URL" in env.ENVIRON:
    vars().update(env.email_url("EMAIL_URL"))
elif PRODUCTION:
    raise ImproperlyConfigured("EMAIL_URL: production needs a mail server (smtp+tls://…)")
else:
    EMAIL_BACKEND = "massy_grc.outbox.mailbox.KeptMailBackend"
EMAIL_TIMEOUT = 20
# A gateway that speaks Kannel's HTTP: http://user:password@host:13013/cgi-bin/sendsms?from=MASSY
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default="")
SMS_KEPT = not PRODUCTION  # without a gateway, shown on the mailbox page

# --- forms and tables ----------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
DJANGO_TABLES2_TEMPLATE = "components/table.html"

# --- logs ----------------------------------------------------------------------------------
DJANGO_STRUCTLOG_CELERY_ENABLED = True
LOG_LEVEL = choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), default="INFO")
_shared_processors: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,
    redact_addresses,
    redact_rows,
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer(),
            "foreign_pre_chain": _shared_processors,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {"django.server": {"level": "WARNING"}, "fontTools": {"level": "ERROR"}},
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_shared_processors,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
