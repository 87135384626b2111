"""Django settings, composed from the environment (see guanxi.core.config)."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from guanxi.core import config as environment

CONFIG = environment.load()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = CONFIG.secret_key
DEBUG = CONFIG.debug
ALLOWED_HOSTS = list(CONFIG.allowed_hosts)
CSRF_TRUSTED_ORIGINS = [
    f"https://{host}" for host in CONFIG.allowed_hosts if host not in {"localhost", "127.0.0.1", "[::1]", "*"}
]
USE_X_FORWARDED_HOST = False
# Only a proxy of ours may say that the browser spoke HTTPS to it.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIG.proxies else None
DATA_DIR = CONFIG.data_dir

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "guanxi.core",
    "guanxi.ui",
    "guanxi.people",
    "guanxi.search",
    "guanxi.files",
    "guanxi.tasks",
    "guanxi.importing",
    "guanxi.integration",
    "guanxi.workflow",
    "guanxi.customers",
    "guanxi.catalog",
    "guanxi.routing",
    "guanxi.conversations",
    "guanxi.commerce",
    "guanxi.service",
    "guanxi.insight",
    "guanxi.demo",
]

MIDDLEWARE = [
    "guanxi.ui.middleware.SecurityPolicyMiddleware",
    "guanxi.core.middleware.DatabaseAwayMiddleware",
    "guanxi.integration.middleware.ApiMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "guanxi.ui.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "guanxi.core.middleware.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "guanxi.core.middleware.ActorMiddleware",
    "guanxi.people.middleware.SecondFactorMiddleware",
    "guanxi.people.middleware.SeeingAsMiddleware",
]

ROOT_URLCONF = "guanxi.project.urls"
ASGI_APPLICATION = "guanxi.project.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "guanxi.ui.context.shell",
            ],
        },
    }
]

DATABASES = {"default": CONFIG.django_database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}}}

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["guanxi.core.sign_in.UserBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email"), "max_similarity": 0.7},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "guanxi.people.signing_in.passwords.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "guanxi.people.signing_in.passwords.GuessableValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_ADAPTER = "guanxi.people.adapter.ClosedAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = True
# Our own throttles are rows, which hold across processes (people.signing_in.services.throttling).
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "guanxi.people.signing_in.factors_adapter.FactorsAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_DIGITS = 12
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RATE_LIMITS = False

# Not cached: with several web processes a sign-out seen by one must be seen by all at once.
SESSION_ENGINE = "guanxi.core.sessions"
SESSION_COOKIE_NAME = "guanxi_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CONFIG.secure_cookies
CSRF_COOKIE_NAME = "guanxi_csrf"
CSRF_FAILURE_VIEW = "guanxi.ui.errors.csrf_failure"
CSRF_COOKIE_SECURE = CONFIG.secure_cookies
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = CONFIG.language
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
# The other modules are apps and bring their own.
LOCALE_PATHS = [PACKAGE / "project" / "locale", PACKAGE.parent / "guanxi_methods" / "locale"]
LANGUAGE_COOKIE_NAME = "guanxi_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = CONFIG.timezone

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_DIR / "files")},
    },
    "staticfiles": {"BACKEND": "guanxi.project.static_files.ManifestStorage"},
}
WHITENOISE_USE_FINDERS = True
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

EMAIL_BACKEND = "guanxi.core.mail_sending.NotedBackend"
if CONFIG.mail is not None:
    EMAIL_HOST, EMAIL_PORT = CONFIG.mail.host, CONFIG.mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = CONFIG.mail.user, CONFIG.mail.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = CONFIG.mail.security == "starttls", CONFIG.mail.security == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = CONFIG.mail_from

TASKS = {
    "default": {
        "BACKEND": "guanxi.core.jobs.backend.LeasedBackend",
        "QUEUES": ["now", "default", "long", "outside"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"guanxi": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
