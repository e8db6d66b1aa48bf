"""One settings file; everything that differs between places comes from the environment.

`manage.py` fills in SECRET_KEY, DATABASE_URL and REDIS_URL from MOBILITY_HOME when they are missing.
"""

import os
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import dj_database_url
import pghistory
import plotly
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from kombu import Exchange as KombuExchange
from kombu import Queue as KombuQueue

from atlas.web import rate_limits
from engagements.permissions import Role
from mobility_portal import beat_schedule
from mobility_portal.api_tags import API_TAGS
from mobility_portal.background import queues
from mobility_portal.backup.rotation import Keep
from mobility_portal.code_version import code_version
from mobility_portal.embedded.home import find_home
from mobility_portal.identity.providers import ProviderProblem, read_providers, sign_on_origins
from mobility_portal.identity.saml.options import read_saml_providers
from mobility_portal.object_storage.options import bucket_storage
from mobility_portal.observing.log_settings import FORMATS, log_settings
from mobility_portal.time_limits.database import database_options

BASE_DIR = Path(__file__).resolve().parent.parent


def _read(name: str, hint: str) -> str:
    value = os.environ.get(name, "")
    if not value and not OFFLINE:
        raise ImproperlyConfigured(f"{name} is not set: {hint}, or start through manage.py, which provides it.")
    return value


def _read_list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


# --- What this place is -----------------------------------------------------------------------
OFFLINE = os.environ.get("PORTAL_OFFLINE") == "1"  # commands that touch no database: help, check, collectstatic
PORTAL_EMBEDDED = os.environ.get("PORTAL_EMBEDDED") == "1"  # our own Postgres and Valkey run in MOBILITY_HOME
# Nobody named a database: demo accounts live in ours, and in no other.
DEMO_ACCOUNTS = PORTAL_EMBEDDED and os.environ.get("PORTAL_OWN_DATABASE") == "1"
DEMO_PASSWORD = os.environ.get("DEMO_PASSWORD", "")  # empty: a random one, printed by `manage.py up`
MOBILITY_HOME = find_home().path
ATLAS_DATA_DIR = Path(os.environ["ATLAS_DATA_DIR"]).expanduser() if os.environ.get("ATLAS_DATA_DIR") else None
# Bases asked before the publishers' own addresses, for example https://mirror.example.org/atlas/
PUBLISHER_MIRRORS = tuple(_read_list("PUBLISHER_MIRRORS"))
FETCH_FIRST_DATA = os.environ.get("FETCH_FIRST_DATA", "1") == "1"  # on a first start without ATLAS_DATA_DIR
# Who turns an address into a tract; the address is sent in a query and kept by nobody here.
CENSUS_GEOCODER_URL = os.environ.get("CENSUS_GEOCODER_URL") or "https://geocoding.geo.census.gov/geocoder/"
CENSUS_GEOCODER_SECONDS = 5.0  # for one try; there are two
STARTER_SET = os.environ.get("STARTER_SET", "1") == "1"  # likewise: what came with the portal, until something better
PORT = int(os.environ.get("PORT") or 8000)
# In the key of everything cached that holds computed figures.
CODE_VERSION = code_version(BASE_DIR, os.environ.get("BUILD_ID", ""))
BEHIND_HTTPS = os.environ.get("BEHIND_HTTPS") == "1"  # a proxy sets X-Forwarded-Proto, appends X-Forwarded-For

SECRET_KEY = _read("SECRET_KEY", "set it to 50 or more random characters") or "offline commands sign nothing"
DEBUG = os.environ.get("DEBUG") == "1"
ALLOWED_HOSTS = _read_list("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = _read_list("CSRF_TRUSTED_ORIGINS")

# --- Applications -----------------------------------------------------------------------------
OWN_APPS = ["mobility_portal", "dashboards", "engagements", "atlas"]
INSTALLED_APPS = [
    *OWN_APPS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "pghistory",
    "pgtrigger",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
AUTH_USER_MODEL = "engagements.User"
ROOT_URLCONF = "mobility_portal.urls"
WSGI_APPLICATION = "mobility_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
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
                "dashboards.base.context_processors.sample",
                "mobility_portal.context.accounts",
            ]
        },
    }
]
MIDDLEWARE = [
    "mobility_portal.request_id.RequestIdMiddleware",  # outside everything: every answer has an id
    "mobility_portal.observing.request_log.RequestLogMiddleware",
    "mobility_portal.observing.probes.ProbesMiddleware",  # by any name of the host, over http or https
    "django.middleware.security.SecurityMiddleware",
    "mobility_portal.page_cache.middleware.PageCacheMiddleware",  # what a kept page skips: everything below
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "mobility_portal.headers.PermissionsPolicyMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "mobility_portal.shared_accounts.SharedAccountsMiddleware",
    "mobility_portal.second_factor.RequireSecondFactorMiddleware",
    "engagements.security_log.middleware.SecurityLogMiddleware",
    "engagements.sessions.middleware.SessionsMiddleware",
    "engagements.quotas.middleware.ExportQuotaMiddleware",
    "mobility_portal.heavy_pages.middleware.HeavyPagesMiddleware",
    "engagements.base.time_zone_middleware.OwnTimeZoneMiddleware",
    "engagements.device.middleware.DeviceMiddleware",  # behind all that sends people elsewhere
    "engagements.base.sent_drafts_middleware.SentDraftsMiddleware",
    "atlas.web.middleware.ConsistentReadsMiddleware",
    "atlas.web.public_reads_middleware.PublicReadsMiddleware",
    "dashboards.base.choice_errors.UnknownChoiceMiddleware",
]
AUTH_PASSWORD_VALIDATORS = [
    *(
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in (
            "UserAttributeSimilarityValidator",
            "MinimumLengthValidator",
            "CommonPasswordValidator",
            "NumericPasswordValidator",
        )
    ),
    {"NAME": "mobility_portal.identity.house_words.HouseWordsValidator"},
]
PASSWORD_WORDS = tuple(_read_list("PASSWORD_WORDS"))  # of the house: no password may be made of them and digits alone

# --- Sign-in ----------------------------------------------------------------------------------
# Accounts are made by an operator of the machine or by an invitation; nobody signs up. Reading needs no account.
AUTHENTICATION_BACKENDS = ["mobility_portal.accounts.PortalBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "mobility_portal.accounts.ClosedAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# An operator typed the address or its owner followed an invitation sent to it; nobody changes it on a page.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no mail from us
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Mobility Portal] "
ACCOUNT_EMAIL_NOTIFICATIONS = True  # password or second factor changed: its owner is told
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900  # seconds; then changing a second factor asks for the password again
ACCOUNT_RATE_LIMITS = rate_limits.ACCOUNTS

# --- Second factor ----------------------------------------------------------------------------
MFA_ADAPTER = "mobility_portal.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = rate_limits.SECOND_FACTOR
MFA_TOTP_ISSUER = "Mobility Portal"
MFA_TOTP_TOLERANCE = 1  # a clock half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # as above: every account's address is known
# Browsers use passkeys on http://localhost too; anywhere else only behind HTTPS.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = (DEBUG or DEMO_ACCOUNTS) and not BEHIND_HTTPS
# Who must have one: "" nobody, "all", or roles: REQUIRE_MFA=lead,adviser,operator
REQUIRE_MFA = frozenset(_read_list("REQUIRE_MFA"))
if not REQUIRE_MFA <= {"all", "operator", *(role.value for role in Role)}:
    raise ImproperlyConfigured('REQUIRE_MFA is "all" or roles: operator, ' + ", ".join(role.value for role in Role))

# --- Single sign-on: OpenID Connect servers, as many as are named (identity/providers.py says how) ---
try:
    OIDC_APPS = read_providers(os.environ)
    SAML_APPS = read_saml_providers(os.environ)  # needs requirements-saml.txt
except ProviderProblem as problem:
    raise ImproperlyConfigured(str(problem)) from problem
SOCIALACCOUNT_ADAPTER = "mobility_portal.single_sign_on.KnownPeopleAdapter"
SOCIALACCOUNT_STORE_TOKENS = False  # nothing is asked in anybody's name after the sign-in
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, Any]] = {
    "openid_connect": {
        "provider_class": "mobility_portal.identity.oidc.provider.PortalOpenIDConnectProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": OIDC_APPS,
    }
}
if SAML_APPS:
    if find_spec("onelogin") is None:
        raise ImproperlyConfigured("SAML_PROVIDERS needs more packages: pip install -r requirements-saml.txt.")
    INSTALLED_APPS.append("allauth.socialaccount.providers.saml")
    SOCIALACCOUNT_PROVIDERS["saml"] = {
        "provider_class": "mobility_portal.identity.saml.provider.PortalSAMLProvider",
        "APPS": SAML_APPS,
    }
# The buttons of the sign-in page.
SIGN_ON_SERVERS = [
    *({"id": app["provider_id"], "name": app["name"], "kind": "oidc"} for app in OIDC_APPS),
    *({"id": app["provider_id"], "name": app["name"], "kind": "saml"} for app in SAML_APPS),
]
if len({server["id"] for server in SIGN_ON_SERVERS}) < len(SIGN_ON_SERVERS):
    raise ImproperlyConfigured("OIDC_PROVIDERS and SAML_PROVIDERS: two servers have the same id.")
# Where the form of such a button leads: a browser sends a form on only to addresses that our policy names.
SIGN_ON_ORIGINS = sign_on_origins(OIDC_APPS, SAML_APPS)

# --- E-mail: a server when one is named, else files to look at --------------------------------
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT") or 587)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_PORT == 587
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL") or "portal@localhost"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if EMAIL_HOST else "mobility_portal.mail_files.Backend"
EMAIL_FILE_PATH = MOBILITY_HOME / "mail"
CONTACT_EMAIL = os.environ.get("CONTACT_EMAIL") or DEFAULT_FROM_EMAIL  # whom users of the API and of files may write to
# Where readers reach this portal: the beginning of every link in a mail.
PORTAL_URL = os.environ.get("PORTAL_URL") or f"http://127.0.0.1:{PORT}"
# Whether a reminder of a quarterly update holds a link that writes it without signing in: seven days, one submission.
UPDATE_LINKS = os.environ.get("UPDATE_LINKS", "1") == "1"
# Whether an organization without an account can be mailed a link to reply to a sentence about its city: until the reply
# is due, one reply.
REPLY_LINKS = os.environ.get("REPLY_LINKS", "1") == "1"
# What identifiers of grants begin with; 360Giving registers prefixes. The default is good on this portal only.
GRANT_ID_PREFIX = os.environ.get("GRANT_ID_PREFIX") or "mobility-portal"
# Replies by mail: the address they come to (such as reply@in.portal.example.org) and the key with which the mail
# service signs its calls of /inbound-mail/. Without both, mails say nothing of replying.
REPLY_ADDRESS = os.environ.get("REPLY_ADDRESS", "")
INBOUND_MAIL_KEY = os.environ.get("INBOUND_MAIL_KEY", "")
MAIL_IS_READABLE = not EMAIL_HOST and (DEBUG or DEMO_ACCOUNTS)  # at /mail/, by whom it was sent to and operators

# --- Database, cache, background jobs ---------------------------------------------------------
DATABASE_URL = _read("DATABASE_URL", "for example postgres://user:password@host:5432/portal")
DATABASES: dict[str, dict[str, Any]] = {"default": {}}
if DATABASE_URL:
    DATABASES["default"] = {**dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
    DATABASES["default"]["ENGINE"] = "mobility_portal.outages.postgres"
    # Seconds: a host that is gone must not hold a request, whether it connects or waits for an answer on the way.
    connecting = {"connect_timeout": 2, "keepalives_idle": 10, "keepalives_interval": 3, "keepalives_count": 3}
    DATABASES["default"]["OPTIONS"] = connecting | DATABASES["default"].get("OPTIONS", {})
    # 0 behind a pooler that takes no options of a session: then the role's own limits hold.
    if os.environ.get("DATABASE_TIME_LIMITS", "1") == "1":
        _options = DATABASES["default"]["OPTIONS"]
        _limits = database_options(os.environ.get("PORTAL_PROCESS", ""))
        _options["options"] = f"{_options.get('options', '')} {_limits}".strip()

REDIS_URL = _read("REDIS_URL", "for example redis://host:6379/0")
# Redis away must cost a request milliseconds, not minutes.
REDIS_TIMEOUTS = {"socket_connect_timeout": 0.3, "socket_timeout": 0.5}
CACHES = {
    "default": {
        "BACKEND": "mobility_portal.limits.portal_cache.PortalCache",
        "LOCATION": REDIS_URL or "redis://127.0.0.1:6379/0",
        "KEY_PREFIX": "portal",
        "VERSION": 2,  # 1 was of releases that wrote pickles: those entries are not looked at and end by themselves
        "OPTIONS": dict(REDIS_TIMEOUTS),
    },
    # In Postgres: Redis throws out what it likes when its memory is full.
    "sign_in_limits": {"BACKEND": "mobility_portal.limits.store.SignInLimits"},
}

# History by triggers: an event row can't be changed, and carries who and why itself.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="+", related_query_name="+")
PGHISTORY_CREATED_AT_FUNCTION = "CLOCK_TIMESTAMP()"

CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None  # the job's row in the database is the truth
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = False  # lost work is found again by recover_jobs, never run twice by the broker
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # imports take minutes: none may wait behind another in a busy process
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a broker may be away for a night
CELERY_BEAT_SCHEDULER = "mobility_portal.background.beat:KeepsGoingScheduler"
# One quick second try: the default tries go on for six seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    **REDIS_TIMEOUTS,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
# Publishing from a web request gives up at once: the row is saved, recover_jobs sends it later.
CELERY_TASK_PUBLISH_RETRY = False
# Each queue has its own processes, each task its time: the table is in background/queues.py.
CELERY_TASK_QUEUES = tuple(KombuQueue(name, KombuExchange(name), routing_key=name) for name in queues.ALL)
CELERY_TASK_DEFAULT_QUEUE = queues.OTHERS.queue.value
CELERY_TASK_ROUTES = (queues.route,)
CELERY_TASK_ANNOTATIONS = queues.annotations()
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = queues.OTHERS.seconds, queues.OTHERS.kill_after
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {**beat_schedule.SCHEDULE, **(beat_schedule.DEMO_SCHEDULE if DEMO_ACCOUNTS else {})}

# --- Language and time ------------------------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
USE_I18N = True
LANGUAGES = [("en-us", "English")]  # another one is a catalog in locale/ and a line here
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Static and uploaded files ----------------------------------------------------------------
STATIC_FROM_SOURCE = DEBUG or os.environ.get("STATIC_FROM_SOURCE") == "1"  # no collectstatic: development, tests
STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or MOBILITY_HOME / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "mobility_portal.static_files.VendorFinder",
    "mobility_portal.static_files.FontFinder",
]
# Scripts that installed packages ship outside their static folders: name under static/ -> file.
VENDOR_FILES = {"vendor/plotly.min.js": Path(plotly.__file__).parent / "package_data" / "plotly.min.js"}
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if STATIC_FROM_SOURCE
        else "mobility_portal.static_files.PortalStaticStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = STATIC_FROM_SOURCE
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = MOBILITY_HOME / "media"
# Documents, reports and files that operators bring in, when the portal runs on more than one host.
if _bucket := bucket_storage(os.environ):
    STORAGES["bucket"] = _bucket
# Files of engagements: no address leads there, a view serves them after a look at the permission.
DOCUMENTS_DIR = Path(os.environ.get("DOCUMENTS_DIR") or MOBILITY_HOME / "documents")
# Files that operators bring in: they are written here while they arrive, never through memory.
UPLOAD_DIR = MOBILITY_HOME / "uploads"
UPLOAD_MAX_BYTES = int(os.environ.get("UPLOAD_MAX_BYTES") or 2_000_000_000)
# Backups: made by beat into this folder, for the key of `manage.py backup_key`. Without a folder none is made.
BACKUP_DIR = Path(os.environ["BACKUP_DIR"]).expanduser().absolute() if os.environ.get("BACKUP_DIR") else None
BACKUP_RECIPIENT = os.environ.get("BACKUP_RECIPIENT", "")
BACKUP_EVERY = timedelta(hours=float(os.environ.get("BACKUP_HOURS") or 24))
BACKUP_RETRY = timedelta(hours=1)  # after one that failed
BACKUP_KEEP = Keep.of_text(os.environ.get("BACKUP_KEEP") or "7,4,12")  # days, weeks, months
BACKUP_VERIFY = os.environ.get("BACKUP_VERIFY", "1") == "1"  # each is restored into a scratch server and compared
# Hosts in a private network that feeds of indicators may ask, separated by commas; no other is asked.
FEED_PRIVATE_HOSTS = frozenset(
    filter(None, os.environ.get("FEED_PRIVATE_HOSTS", "").lower().replace(" ", "").split(","))
)
# Hosts in a private network that webhooks may send to, such as a chat server of the house; http is let in there.
WEBHOOK_PRIVATE_HOSTS = frozenset(
    filter(None, os.environ.get("WEBHOOK_PRIVATE_HOSTS", "").lower().replace(" ", "").split(","))
)
# Every other form: more than 25 MB is thrown away while it arrives.
FILE_UPLOAD_HANDLERS = ["engagements.discussion.files.capped_upload.CappedUpload"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # larger uploads go to disk while they arrive
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # form fields without files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600

# --- Security ---------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],  # plotly's "download as PNG" draws through a blob
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF, *SIGN_ON_ORIGINS],
    }
}
CSRF_FAILURE_VIEW = "engagements.base.views.typed_text.csrf_failure"  # gives back what was typed
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 86_400 * int(os.environ.get("SESSION_DAYS") or 14)
# Nothing asked for so long, and one signs in again; 0: no such limit on a computer of one's own.
SESSION_IDLE_MINUTES = int(os.environ.get("SESSION_IDLE_MINUTES") or 0)
SHARED_SESSION_MINUTES = int(os.environ.get("SHARED_SESSION_MINUTES") or 30)
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = BEHIND_HTTPS
if BEHIND_HTTPS:
    # A browser takes these from this host over HTTPS only: another host of the city can't plant them.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]  # asked for by machines inside, in plain HTTP
if BEHIND_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # Asks browsers to list the whole domain for good: for who owns the domain to say, so its absence is no mistake.
    SECURE_HSTS_PRELOAD = os.environ.get("HSTS_PRELOAD") == "1"
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # SECURE_HSTS_PRELOAD, as said above

# What an address without an account may read of the API and of files within a minute; 0: as much as it likes.
PUBLIC_READS_PER_MINUTE = int(os.environ.get("PUBLIC_READS_PER_MINUTE") or rate_limits.PUBLIC_READS)
# Heavy pages and files (areas, tables, pictures, searches) that an address without an account may ask for within a
# minute, and as many at once; an account has twice as many; 0: as many as they like.
HEAVY_PAGES_PER_MINUTE = int(os.environ.get("HEAVY_PAGES_PER_MINUTE") or rate_limits.HEAVY_PAGES)

# --- Security log -----------------------------------------------------------------------------
# Where the end of the log's chain is written every ten minutes: a place that a database's operator cannot change.
SECURITY_LOG_ANCHORS = Path(os.environ.get("SECURITY_LOG_ANCHORS") or MOBILITY_HOME / "security-log-anchors.jsonl")
# How long the log keeps browser, network and address hash of an event; the event itself stays.
SECURITY_LOG_SOURCE_DAYS = int(os.environ.get("SECURITY_LOG_SOURCE_DAYS") or 400)

# Quotas of one engagement; 0: none. Documents in bytes, rows and exports in a day, tokens at one time.
QUOTAS = {
    "documents": int(os.environ.get("QUOTA_DOCUMENT_MB") or 20_000) * 1_000_000,
    "rows": int(os.environ.get("QUOTA_IMPORT_ROWS") or 200_000),
    "exports": int(os.environ.get("QUOTA_EXPORTS") or 500),
    "tokens": int(os.environ.get("QUOTA_TOKENS") or 100),
}

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_SCHEMA_CLASS": "atlas.web.openapi.ApiSchema",
    "DEFAULT_PAGINATION_CLASS": "atlas.web.api_pagination.ListPagination",
    "EXCEPTION_HANDLER": "atlas.web.api_problems.handle_exception",
    "DEFAULT_THROTTLE_RATES": rate_limits.API,
    "URL_FORMAT_OVERRIDE": None,  # `format` is an unknown parameter like any other
}
SPECTACULAR_SETTINGS = {
    # A milestone and an amount of money both have a “stage”, an indicator and a report a “kind”.
    "ENUM_NAME_OVERRIDES": {
        "PrecisionEnum": "engagements.models.Precision",
        "ProjectStatusEnum": "engagements.models.results.PROJECT_STATUSES",
        "ResultStatusEnum": "engagements.workflow.RESULT_CHOICES",
        "IndicatorKindEnum": "engagements.models.Indicator.Kind",
        "FeedKindEnum": "engagements.models.Feed.Kind",
        "ReportKindEnum": "engagements.models.Report.Kind",
        "RiskLevelEnum": "engagements.models.Risk.Level",
        "MilestoneStageEnum": "engagements.milestones.import_rows.STAGES",
        "ChecklistAnswerEnum": "engagements.reviews.rules.checklists.ANSWERS",
        "MoneyStageEnum": "engagements.money.rules.stages.CHOICES",
    },
    "TITLE": "Mobility Portal",
    "DESCRIPTION": "Economic mobility in ten US cities: tracts, measures, estimates and sources; the cities’ work.",
    "VERSION": "1.1.0",
    "CONTACT": {"name": "Administrators of this portal", "email": CONTACT_EMAIL},
    "LICENSE": {"name": "MIT; data under the licenses of their sources, named in each answer's sources"},
    "EXTERNAL_DOCS": {"description": "How the numbers are made", "url": "/methods/"},
    "TAGS": [{"name": name, "description": said} for name, said in API_TAGS.items()],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "atlas.web.openapi.add_problem_schema",
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- Logging ----------------------------------------------------------------------------------
# "line" for people at a terminal, "json" for a place that collects logs.
LOG_FORMAT = os.environ.get("LOG_FORMAT") or "line"
if LOG_FORMAT not in FORMATS:
    raise ImproperlyConfigured("LOG_FORMAT is line or json.")
LOGGING = log_settings(LOG_FORMAT)
SENTRY_DSN = os.environ.get("SENTRY_DSN", "")  # where errors of the log are sent to as well; nowhere by default
# What a collector of metrics sends as "Authorization: Bearer ..." to /metrics; without one, only this machine may ask.
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")
if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured("METRICS_TOKEN is too short: 20 random characters or more.")
