"""The program's settings, read once from the environment (docs/operations.md lists them)."""

import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = env.folder("PIX_VAR", BASE_DIR / "var")
VAR.mkdir(parents=True, exist_ok=True)

DEBUG = env.flag("PIX_DEBUG", False)
DEMO = env.flag("PIX_DEMO", False)
"""The demonstration: gallery, clock, outbox and ready-made people. Never on a real school's instance."""

BRAND = env.text("PIX_BRAND", "Pix")


def _key(name: str, file: str) -> str:
    """The variable, else a key made once and kept beside the data, readable by its owner only."""
    given = env.text(name, "")
    if given:
        return given
    kept = VAR / file
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text().strip()


SECRET_KEY = _key("PIX_SECRET_KEY", "secret-key")
VARIANT_KEY = _key("PIX_VARIANT_KEY", "variant-key")
"""Draws each pupil's variants. Never changed while answers are in the log: their corrections are drawn again from it."""
ALLOWED_HOSTS = env.words("PIX_ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.words("PIX_TRUSTED_ORIGINS", [])
HTTPS = env.flag("PIX_HTTPS", False)
"""Behind TLS: secure cookies, HSTS, the proxy's header trusted."""

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
    "pix.audit",
    "pix.jobs",
    "pix.mailing",
    "pix.accounts",
    "pix.organizations",
    "pix.learners",
    "pix.assessment",
    "pix.campaigns",
    "pix.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pix.web.middleware.SecurityHeaders",
    "pix.accounts.sessions.SessionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "pix.web.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "pix.accounts.sessions.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pix.web.middleware.NoNul",
    "pix.web.middleware.LoginRequired",
    "pix.web.middleware.StaffSecondFactor",
    "pix.web.middleware.ReadOnlyGet",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

FACES = ["ui", "public", "app", "orga", "certif", "admin", "team", "demo"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "pix" / "web" / face / "templates" for face in FACES],
        "OPTIONS": {
            "environment": "pix.web.jinja.environment",
            "context_processors": ["pix.web.jinja.page_context"],
        },
    },
    {
        # Only the mail texts of the account library, where we have none of our own.
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

DATABASES = {"default": env.database("PIX_DATABASE_URL", f"sqlite:///{quote(str(VAR / 'pix.sqlite3'))}")}
if "sqlite" in str(DATABASES["default"]["ENGINE"]):
    # A file, not memory: tests of two people at once need two real connections.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR / "test.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Accounts
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["pix.accounts.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "pix.accounts.passwords.SchoolPasswordValidator"}]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "public:spaces"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_ENGINE = "pix.accounts.sessions"
SESSION_COOKIE_AGE = int(timedelta(days=7).total_seconds())
SESSION_COOKIE_NAME = "session"
CSRF_COOKIE_NAME = "csrf"
CSRF_FAILURE_VIEW = "pix.web.public.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
ACCOUNT_ADAPTER = "pix.web.public.accounts.Adapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "login": "pix.web.public.accounts.LoginForm",
    "signup": "pix.web.public.accounts.SignupForm",
    "reset_password": "pix.web.public.accounts.ResetForm",
    "reset_password_from_key": "pix.web.public.accounts.ResetKeyForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/10m/key",  # codes of a second factor, by person; passwords have a count of ours (docs/security.md)
    "signup": "60/m/ip",
    "login": "600/m/ip",
    "confirm_email": "1/3m/key",
    "reset_password": "60/m/ip,5/10m/key",
    "reset_password_from_key": "120/m/ip",
}
"""A whole class signs in behind one address in the same minute: limits by account are strict, limits by address wide."""
ACCOUNT_EMAIL_NOTIFICATIONS = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "pix.web.app.account.passkeys.Adapter"
MFA_FORMS = {
    "add_webauthn": "pix.web.app.account.passkeys.AddForm",
    "edit_webauthn": "pix.web.app.account.passkeys.RenameForm",
    "authenticate_webauthn": "pix.web.app.account.passkeys.SignInForm",
    "reauthenticate_webauthn": "pix.web.app.account.passkeys.ConfirmForm",
}
MFA_TOTP_ISSUER = BRAND
MFA_TOTP_TOLERANCE = 1
"""One step of thirty seconds either way: telephones are not all on time."""
STAFF_SECOND_FACTOR = env.flag("PIX_STAFF_SECOND_FACTOR", not DEMO)
"""Staff pages open only to those who have a second factor."""
ACCOUNT_LOGIN_TIMEOUT = int(timedelta(hours=1).total_seconds())
"""Between the right password and the end of the sign-in: a second factor, a password of one's own (schools 12)."""
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "pix.accounts.passwords.ResetKeys"  # noqa: S105 - a class
PASSWORD_RESET_TIMEOUT = int(timedelta(days=1).total_seconds())
ALLAUTH_TRUSTED_PROXY_COUNT = env.integer("PIX_PROXIES", 0)
"""Proxies in front, whose ``X-Forwarded-For`` tells a visitor's address: limits by address count on it."""
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"

# Access: identity providers
GAR_METADATA = env.file("PIX_GAR_METADATA", VAR / "ent" / "metadata.xml" if DEMO else None)
"""Metadata of the médiacentre's identity provider; none = no entry from a médiacentre."""
GAR_ENTITY = env.text("PIX_GAR_ENTITY", "")
"""Our name at the provider; empty = the address of our own metadata."""
GAR_ATTRIBUTES = env.names("PIX_GAR_ATTRIBUTES", ("IDO", "PRE", "NOM"))

SOCIALACCOUNT_ADAPTER = "pix.web.public.openid.Adapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # the content policy lets no form end on another site; the state holds the return
SOCIALACCOUNT_STORE_TOKENS = False

# Cookies and transport
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())

# Words and time
LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"

# Static files
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "pix" / "web" / face / "static" for face in FACES if face in {"ui", "app"}]
STATICFILES_DIRS = [place for place in STATICFILES_DIRS if place.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(VAR / "files")}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if env.flag("PIX_PLAIN_STATIC", DEBUG)
        else "pix.web.static.HashedFiles"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_MAX_AGE = 3600

# Uploads: a school file is 20 MiB at most (schools 4.2); a little more for the form around it.
ROLL_FILE_MAX_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
IMPORT_CHECK_ENABLED = env.flag("PIX_IMPORT_CHECK", True)
IMPORT_APPLY_ENABLED = env.flag("PIX_IMPORT_APPLY", True)

# Content
BANK_FOLDER = env.folder("PIX_BANK", BASE_DIR / "bank")
RELEASES_FOLDER = VAR / "releases"
CONTENT_RELEASE = env.text("PIX_RELEASE", "")
"""Content hash of the release to serve; empty = the newest one built here."""

# Measurement
PLACEMENT_ENGINE = env.choice("PIX_ENGINE", "classic", {"classic"})
MAX_LEVEL = env.integer("PIX_MAX_LEVEL", 7, least=1)

# Access: recovery, legal, language
RECOVERY_HOURS = env.integer("PIX_RECOVERY_HOURS", 24, least=1)
"""How long the link that gives an account back works (schools 9.8)."""
OPERATOR = {
    "PIX_OPERATOR_NAME": env.text("PIX_OPERATOR_NAME", "").strip(),
    "PIX_OPERATOR_ADDRESS": env.text("PIX_OPERATOR_ADDRESS", "").strip(),
    "PIX_OPERATOR_EMAIL": env.email("PIX_OPERATOR_EMAIL"),
    "PIX_OPERATOR_PHONE": env.text("PIX_OPERATOR_PHONE", "").strip(),
    "PIX_PUBLISHER": env.text("PIX_PUBLISHER", "").strip(),
    "PIX_HOST_COMPANY": env.text("PIX_HOST_COMPANY", "").strip(),
    "PIX_DPO_EMAIL": env.email("PIX_DPO_EMAIL"),
}
"""Who runs this instance, as the legal pages say it. Whatever is empty is announced there as still to be given."""
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_SECURE = HTTPS

# Mail
DEFAULT_FROM_EMAIL = env.text("PIX_MAIL_FROM", "ne-pas-repondre@pix.test")
globals().update(env.mail("PIX_MAIL_URL"))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.text("PIX_LOG", "WARNING")},
    "loggers": {"django.request": {"level": "ERROR"}, "pix": {"level": "INFO"}},
}
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # the username is unique, whatever its case: a constraint of the table says so
]
