"""Django settings, from the environment alone.

``BIHUAN_ENV=production`` turns on what must be on behind TLS and refuses to make secrets up;
``manage.py check --deploy`` is clean there. Everything else is the same in every place.
"""

from __future__ import annotations

import os
from pathlib import Path

from csp.constants import NONE, SELF

from bihuan import env

BASE_DIR = Path(__file__).resolve().parent
DATA_DIR = env.data_dir()
PRODUCTION = os.environ.get("BIHUAN_ENV") == "production"
DEBUG = False

SECRET_KEY = env.secret("BIHUAN_SECRET_KEY")
PERSONAL_DATA_KEY = env.secret("BIHUAN_PERSONAL_DATA_KEY")
ALLOWED_HOSTS = env.words("BIHUAN_HOSTS", "" if PRODUCTION else "*")
PUBLIC_URL = os.environ.get("BIHUAN_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
PROXY_COUNT = int(os.environ.get("BIHUAN_PROXY_COUNT", "0"))  # of ours, before the site; X-Forwarded-For counts then

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "bihuan.people",  # before allauth: its templates and words come first
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.weixin",
    "csp",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "bihuan.kernel",
    "bihuan.areas",
    "bihuan.methods",
    "bihuan.matters",
    "bihuan.meetings",
    "bihuan.fieldwork",
    "bihuan.activities",
    "bihuan.reporting",
    "bihuan.web",
    "bihuan.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "bihuan.web.csp.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "bihuan.people.middleware.FirstPasswordMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "bihuan.urls"
WSGI_APPLICATION = "bihuan.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    }
]

DATABASES = env.databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "bihuan.people.backends.PasswordBackend",
    "bihuan.people.backends.SignInBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Sign-in. Accounts hold no rights. Staff accounts are made by an administrator; a resident's is made by the
# first code sent to a phone, the same page answering alike for known and unknown numbers.
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_ADAPTER = "bihuan.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 180
ACCOUNT_FORMS = {"login": "bihuan.people.forms.SignInForm", "request_login_code": "bihuan.people.forms.CodeForm"}
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# Counted in the shared cache below. A code has a million values and three guesses: ten requests a day for one
# number leave a guesser one chance in 33,000 a day.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/5m/ip,5/5m/key",
    "request_login_code": "20/m/ip,200/d/ip,1/30s/key,10/d/key",
    "reset_password": "10/m/ip,3/h/key",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT
MFA_ADAPTER = "bihuan.people.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # 127.0.0.1 without TLS
SOCIALACCOUNT_ADAPTER = "bihuan.people.adapters.SocialAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "weixin": {
        "APPS": [{"client_id": os.environ["BIHUAN_WEIXIN_ID"], "secret": os.environ.get("BIHUAN_WEIXIN_SECRET", "")}]
        if os.environ.get("BIHUAN_WEIXIN_ID")
        else []
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
# Each package carries its own English; these are the command line's and sample's, and the portal's and shared parts'.
LOCALE_PATHS = [BASE_DIR / "locale", *(BASE_DIR / "web" / front / "locale" for front in ("portal", "desk", "field"))]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns where the folder is missing
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files", "base_url": None},
    },
    "staticfiles": {"BACKEND": "bihuan.web.assets.AssetStorage"},
}

WHITENOISE_USE_FINDERS = True  # built files are served from the package until they are gathered
CSRF_FAILURE_VIEW = "bihuan.web.errors.csrf_failed"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.flag("BIHUAN_SSL_REDIRECT", default=True)
    if PROXY_COUNT:  # only a proxy of ours may say that the caller came by TLS
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# A map needs no tiles: shapes are enough. Where a service is configured, its host alone may send images.
TILE_URL = os.environ.get("BIHUAN_TILE_URL", "")  # "https://tiles.example/{z}/{x}/{y}.png"
TILE_SYSTEM = os.environ.get("BIHUAN_TILE_SYSTEM", "wgs84")  # or "gcj02": what most Chinese services draw in
TILE_WORDS = os.environ.get("BIHUAN_TILE_WORDS", "")  # whose map it is, shown beside it

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *env.words("BIHUAN_TILE_HOSTS"), *env.origin(TILE_URL)],
        "media-src": [SELF, "blob:"],  # voice notes, those that still wait on the phone too
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        # The button for WeChat is a form whose answer leads to WeChat's own page.
        "form-action": [SELF, *(["https://open.weixin.qq.com"] if os.environ.get("BIHUAN_WEIXIN_ID") else [])],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# Uploads: told to people before they choose a file, checked again on the server.
PHOTO_MAX_BYTES = 10 * 1024 * 1024
PHOTO_MAX_COUNT = 6
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 12
UPLOAD_MAX_BYTES = 20 * 1024 * 1024  # any one file; photos have their own, smaller limit
UPLOAD_MAX_TOTAL_BYTES = 80 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "bihuan.web.uploads.CappedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Faults go to standard error with their traceback; addresses there lose the secrets of personal links.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_secrets": {"()": "bihuan.kernel.logs.WithoutSecrets"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "level": "ERROR", "filters": ["without_secrets"]},
    },
    "loggers": {"django": {"handlers": ["stderr"], "level": "INFO"}},
}

EMAIL_BACKEND = os.environ.get("BIHUAN_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = os.environ.get("BIHUAN_EMAIL_HOST", "localhost")
_EMAIL_SECURITY = os.environ.get("BIHUAN_EMAIL_SECURITY", "none")
EMAIL_USE_SSL = _EMAIL_SECURITY == "ssl"
EMAIL_USE_TLS = _EMAIL_SECURITY == "starttls"
EMAIL_PORT = int(os.environ.get("BIHUAN_EMAIL_PORT", {"ssl": "465", "starttls": "587"}.get(_EMAIL_SECURITY, "25")))
EMAIL_HOST_USER = os.environ.get("BIHUAN_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("BIHUAN_EMAIL_PASSWORD", "")
EMAIL_TIMEOUT = 20  # well within the lease of the outbox: a hanging server must not make a second deliverer send again
DEFAULT_FROM_EMAIL = os.environ.get("BIHUAN_EMAIL_FROM", "bihuan@localhost")

# Group robots may be added only at these hosts: the site must not be made to knock at doors of its own house.
ROBOT_HOSTS = env.words("BIHUAN_ROBOT_HOSTS", "qyapi.weixin.qq.com,oapi.dingtalk.com")

# Hooks go to the public internet alone, by https; hosts named here may stand in the house's own network, http too.
HOOK_HOSTS = env.words("BIHUAN_HOOK_HOSTS")

# Names by which Open311 clients may know a jurisdiction besides its area code: "example.gov.cn=410802,…".
OPEN311_JURISDICTIONS = env.words("BIHUAN_OPEN311_JURISDICTIONS")

# Under which licence open data is given away; stands in every file of it.
OPEN_DATA_LICENCE = os.environ.get("BIHUAN_OPEN_DATA_LICENCE", "CC BY 4.0 https://creativecommons.org/licenses/by/4.0/")

# In the database, so that sign-in limits hold over all workers and restarts; a migration makes the table.
# Large enough that nobody can push a count out of it by making many others.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "bihuan_cache",
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}
