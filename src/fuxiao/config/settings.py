"""The settings of the web application: one file, from environment variables (``FUXIAO_…``) with safe defaults."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from fuxiao.config import env

HOME = Path(env.text("FUXIAO_HOME", "fuxiao-home")).resolve()
"""The home folder: everything of the organisation, the database of the web application included."""

DEBUG = env.flag("FUXIAO_DEBUG", default=False)
HTTPS = env.flag("FUXIAO_HTTPS", default=False)
"""Whether people reach the site by https: cookies and transport security follow."""
SECRET_KEY = env.secret("FUXIAO_SECRET_KEY", HOME / "secret.key")
ALLOWED_HOSTS = env.words("FUXIAO_HOSTS", "localhost,127.0.0.1,[::1]")
LOCAL_HOSTS = env.LOCAL
CSRF_TRUSTED_ORIGINS = env.words("FUXIAO_ORIGINS")
ADDRESS = env.address(CSRF_TRUSTED_ORIGINS, ALLOWED_HOSTS, https=HTTPS)
"""Where links in letters lead."""

INSTALLED_APPS = [
    "fuxiao.base",
    "fuxiao.org",
    "fuxiao.datasets",
    "fuxiao.service",
    "fuxiao.metrics",
    "fuxiao.performance.cycles",
    "fuxiao.performance.objectives",
    "fuxiao.performance.reviews",
    "fuxiao.performance.events",
    "fuxiao.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.feishu",
    "allauth.socialaccount.providers.dingtalk",
    "allauth.usersessions",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "template_partials",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fuxiao.web.shell.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "fuxiao.web.accounts.seen.SeenMiddleware",
    "fuxiao.web.shell.middleware.ViewerMiddleware",
    "fuxiao.web.accounts.viewing.AccountRulesMiddleware",
    "fuxiao.web.shell.middleware.NamesOnceMiddleware",
    "fuxiao.web.shell.middleware.ErrorsInWordsMiddleware",
]

ROOT_URLCONF = "fuxiao.config.urls"
THREADS = env.number("FUXIAO_THREADS", 8)
"""Requests that one process answers at once: more than there are cores, as some wait for figures."""
ASGI_APPLICATION = "fuxiao.config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("fuxiao.web.rendering.loader.Loader", ["django.template.loaders.app_directories.Loader"])],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "fuxiao.web.shell.context.shell",
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "fuxiao.web.templatetags.frame",
                *(f"fuxiao.web.templatetags.{name}" for name in ("numbers", "names", "states", "pages")),
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

DATABASES = {"default": env.database(env.text("FUXIAO_DATABASE"), default=HOME / "fuxiao.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "fuxiao_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # with Django's 300, a busy hour forgets which forms were sent already
    }
}  # fmt: skip

AUTH_USER_MODEL = "org.User"
AUTHENTICATION_BACKENDS = ["fuxiao.web.accounts.sessions.AuthenticationBackend"]
SESSION_ENGINE = "fuxiao.web.accounts.sessions"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name, "OPTIONS": options}
    for name, options in (
        ("django.contrib.auth.password_validation.UserAttributeSimilarityValidator", {}),
        ("fuxiao.web.accounts.passwords.LongEnough", {"min_length": 10}),
        ("django.contrib.auth.password_validation.CommonPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "fuxiao.web.accounts.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "fuxiao.web.accounts.adapter.SocialAccountAdapter"
MFA_ADAPTER = "fuxiao.web.accounts.adapter.SecondFactorAdapter"
ACCOUNT_FORMS = {
    name: f"fuxiao.web.accounts.sign_in.{form}"
    for name, form in (
        ("login", "LoginForm"),
        ("change_password", "ChangePasswordForm"),
        ("set_password", "SetPasswordForm"),
        ("reset_password", "ResetPasswordForm"),
        ("reset_password_from_key", "ResetPasswordKeyForm"),
        ("reauthenticate", "ReauthenticateForm"),
        ("add_email", "AddEmailForm"),
    )
}
MFA_FORMS = {
    name: f"fuxiao.web.accounts.sign_in.{form}"
    for name, form in (
        ("authenticate", "CodeForm"),
        ("reauthenticate", "ConfirmingCodeForm"),
        ("activate_totp", "ActivateTOTPForm"),
        ("add_webauthn", "AddPasskeyForm"),
        ("authenticate_webauthn", "PasskeyForm"),
        ("login_webauthn", "LoginPasskeyForm"),
        ("reauthenticate_webauthn", "ConfirmingPasskeyForm"),
        ("edit_webauthn", "EditPasskeyForm"),
    )
}
"""The forms of django-allauth with our words."""
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "10/15m/key,40/15m/ip"}
"""A whole company signs in from one address at nine; guessing is stopped by what failed."""
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Fuxiao"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS = env.json_object("FUXIAO_SIGN_IN_PROVIDERS")
"""Sign-in with OpenID Connect, Feishu or DingTalk, in the form that django-allauth documents."""
SIGN_IN_ORIGINS = env.words("FUXIAO_SIGN_IN_ORIGINS")
"""Where these providers' sign-in pages live, such as https://login.example.com: browsers send our form only there."""

SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "fuxiao.web.shell.views.forbidden_form"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *SIGN_IN_ORIGINS],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
UPLOAD_LIMIT = env.number("FUXIAO_UPLOAD_MB", 2_048) * 1024 * 1024
"""The largest file that the import wizard takes, in bytes."""

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
"""Moments are shown in the organisation's zone, which is a setting of the home folder."""

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "uploads"}},
    "staticfiles": {"BACKEND": "fuxiao.web.shell.static.HashedStatic"},
}

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if env.text('FUXIAO_MAIL_HOST') else 'console'}.EmailBackend"
EMAIL_HOST = env.text("FUXIAO_MAIL_HOST")
EMAIL_PORT = env.number("FUXIAO_MAIL_PORT", 465)
EMAIL_HOST_USER = env.text("FUXIAO_MAIL_USER")
EMAIL_HOST_PASSWORD = env.text("FUXIAO_MAIL_PASSWORD")
EMAIL_USE_SSL = env.flag("FUXIAO_MAIL_SSL", default=True)
DEFAULT_FROM_EMAIL = env.text("FUXIAO_MAIL_FROM", "fuxiao@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "fuxiao.web.shell.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": env.text("FUXIAO_LOG_LEVEL", "WARNING")},
    "loggers": {"fuxiao": {"level": env.text("FUXIAO_LOG_LEVEL", "INFO")}, "sqlglot": {"level": "ERROR"}},
}
