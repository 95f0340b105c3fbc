"""Settings of the whole house, read from the environment; without any variable they serve one machine on loopback.

The variables are listed in the README. ``THONBURI_PRODUCTION=1`` is the office's server behind HTTPS.
"""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from thonburi_registry import database, evidence_store, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent


def _switched_on(variable: str) -> bool:
    return os.environ.get(variable, "") == "1"


def _listed(variable: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(variable, default).split(",") if part.strip()]


PRODUCTION = _switched_on("THONBURI_PRODUCTION")
DEBUG = _switched_on("DJANGO_DEBUG") and not PRODUCTION
SECRET_KEY = os.environ.get("SECRET_KEY") or secret_key.kept_in(BASE_DIR / ".database")
SECRET_KEY_FALLBACKS = _listed("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = _listed("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = _listed("CSRF_TRUSTED_ORIGINS")

# --- the apps, upper floors first: a template of an upper app may replace one of a lower ---

INSTALLED_APPS = [
    "reports",
    "verification",
    "households",
    "communities",
    "thonburi_registry",
    "communities.admin_site.OfficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "import_export",
]

MIDDLEWARE = [
    "thonburi_registry.opening_times.OpeningTimeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "thonburi_registry.language.LanguageByChoiceMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "thonburi_registry.sign_in.NewPasswordFirstMiddleware",
    "thonburi_registry.second_factor.SecondFactorFirstMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "thonburi_registry.urls"
WSGI_APPLICATION = "thonburi_registry.wsgi.application"

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
                "thonburi_registry.navigation.navigation",
            ],
        },
    },
]

# --- data ---


def _database() -> dict[str, Any]:
    """Describe the office's database if ``DATABASE_URL`` names one, else the private cluster's."""
    named = os.environ.get("DATABASE_URL")
    described: dict[str, Any] = dict(dj_database_url.parse(named)) if named else database.django_settings()
    # A connection a request would cost more than the queries of most pages.
    described |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    described["TEST"] = {"NAME": "_".join(filter(None, ["test", "thonburi", os.environ.get("TEST_DB_SUFFIX")]))}
    return described


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The limits on sign-in attempts count over all worker processes, so the cache is shared.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}}

MEDIA_ROOT = BASE_DIR / "media"  # never served as files: views hand them out to those who may see them
LIST_UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a page of 500 ticked houses with some fields each
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_USE_TRANSACTIONS = True

# The section gives out codes of digits alone, and nobody has promised how many.
COMMUNITY_CODE_PATTERN = r"^\d{1,8}$"

# --- people ---

AUTH_USER_MODEL = "communities.Person"
AUTHENTICATION_BACKENDS = ["communities.role_permissions.RolePermissions"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "thonburi_registry.sign_in.OfficeAccountAdapter"
ACCOUNT_FORMS = {"login": "thonburi_registry.sign_in.OfficeLoginForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True  # no tick to forget: everybody's session lasts a working day
ACCOUNT_LOGOUT_ON_GET = False
# By account, not by line: half a district's phones share the address of one mobile carrier. The line's limit only holds
# back a flood. (A PIN is counted more strictly: communities.pin_sign_in.)
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": "5/5m/key", "receipt": "60/m/ip"}
SESSION_COOKIE_AGE = 8 * 60 * 60
PHONE_SESSION_AGE = int(os.environ.get("PHONE_SESSION_DAYS", "60")) * 24 * 60 * 60  # presidents and their delegates

# The KPI of cases: within how many working days of its report a case is to end.
CASE_CLOSED_WITHIN_WORKING_DAYS = int(os.environ.get("CASE_CLOSED_WITHIN_WORKING_DAYS", "30"))
MFA_ADAPTER = "thonburi_registry.second_factor.OfficeSecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "thonburi_registry.second_factor.CodeForm",
    "reauthenticate": "thonburi_registry.second_factor.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Thonburi Registry"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
# Officers, heads and administrators must set a second factor up: on the office's server, not on a clerk's machine.
SECOND_FACTOR_REQUIRED = os.environ.get("SECOND_FACTOR_REQUIRED", "1" if PRODUCTION else "") == "1"

# Citizen numbers of applicants are sealed with the first of these, opened with any; without them with SECRET_KEY.
CITIZEN_NUMBER_KEYS = _listed("CITIZEN_NUMBER_KEYS")

# --- e-mail: reminders to presidents ---

EMAIL_BACKEND = os.environ.get("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "") == "1"
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "registry@localhost")

# --- language and time ---

LANGUAGE_CODE = "th"
LANGUAGES = [("th", "ไทย"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Bangkok"
USE_TZ = True

# --- static files ---


def _folder_of_sarabun() -> Path:
    """Return where the package fontpkg-sarabun keeps its .ttf files (eight weights from Thin to ExtraBold)."""
    package = find_spec("fontpkg_sarabun")
    if package is None or package.origin is None:
        raise ImportError("The package fontpkg-sarabun is not installed: run make setup.")
    return Path(package.origin).parent / "files"


STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static_collected"
STATICFILES_DIRS = [BASE_DIR / "static", ("fonts/sarabun", _folder_of_sarabun())]
WHITENOISE_MIMETYPES = {".ttf": "font/ttf"}  # not in every machine's table of types
_STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
_PRIVATE_FOLDER: dict[str, Any] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
}
STORAGES: dict[str, dict[str, Any]] = {
    "default": _PRIVATE_FOLDER,
    # Photos and scanned papers.
    "evidence": evidence_store.named_by(os.environ.get("EVIDENCE_STORE", "")) or _PRIVATE_FOLDER,
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}

# --- safety ---

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    # The office's web server ends the HTTPS and must set (and never pass on) this header.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT", "1"))

# --- what is written to stderr ---

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"letters": {"()": "thonburi_registry.unlogged.HideKeys"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["letters"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
