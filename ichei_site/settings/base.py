"""Settings that every environment shares. Nothing here reads a secret; see production.py for those."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from monitoring import logs

from .databases import database  # noqa: F401

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def hour_of_day(text: str) -> int:
    """Raises `ImproperlyConfigured` with one sentence for anything but a whole number from 0 to 23."""
    if not text.isdecimal() or int(text) > 23:
        raise ImproperlyConfigured("The environment variable DIGEST_HOUR is no hour: write 0 to 23.")
    return int(text)


DEBUG = False
ROOT_URLCONF = "ichei_site.urls"
WSGI_APPLICATION = "ichei_site.wsgi.application"

INSTALLED_APPS = [
    "modeltranslation",
    # Our rooms, each after those that it builds on.
    "background",
    "caching",
    "translations",
    "accounts",
    "library",
    "pages",
    "milestones",
    "news",
    "contact",
    "search",
    "discovery",
    "seeding",
    "monitoring",
    "backups",
    "ichei_site",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Its fields and indexes are used on PostgreSQL, and its checks say so before each migration there.
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django_tasks_db",
    "django.forms",
]

MIDDLEWARE = [
    # Outermost, so that no answer goes past it.
    "monitoring.middleware.PageTypeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Outside all that says whether an answer depends on a cookie.
    "ichei_site.compression.PublicCompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "translations.middleware.PathLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Knows who is signed in, and keeps everything below it from visitors of a closed site.
    "ichei_site.holding.HoldingPageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "ichei_site.middleware.StoreMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    # Innermost, so that an old path without its last slash needs one redirect and not two.
    "pages.redirects.RedirectMiddleware",
]

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
                "translations.context_processors.language",
            ],
        },
    },
]

# Widgets have their templates in templates/ too.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Languages -----------------------------------------------------------------------------------------------

# The order of the United Nations, which is also the order of the language bar. Each language's own name.
LANGUAGES = [
    ("ar", "العربية"),
    ("zh-hans", "中文"),
    ("en", "English"),
    ("fr", "Français"),
    ("ru", "Русский"),
    ("es", "Español"),
]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("en",)
MODELTRANSLATION_CUSTOM_FIELDS = ("StreamField", "BodyField", "ChoicesField")

# One page tree with a column for each language: Wagtail's own idea of languages (a tree for each) stays off.
WAGTAIL_I18N_ENABLED = False
WAGTAIL_CONTENT_LANGUAGES = [("en", "English")]
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES

# Whether visitors may read what a machine translated and nobody has reviewed yet, under a notice that says
# so.
SHOW_UNREVIEWED_TRANSLATIONS = False

# A service that translates drafts: {"backend": path of a `MachineTranslator`, and its own options}. None is
# off.
MACHINE_TRANSLATION = None
if MACHINE_TRANSLATION_URL := os.environ.get("MACHINE_TRANSLATION_URL", "").strip():
    MACHINE_TRANSLATION = {
        "backend": "translations.machine.LibreTranslate",
        "url": MACHINE_TRANSLATION_URL,
        "api_key": os.environ.get("MACHINE_TRANSLATION_KEY", ""),
        "timeout": 20,
    }

# Models --------------------------------------------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.StaffBackend"]
WAGTAIL_PAGE_MODEL = "pages.BasePage"
WAGTAILIMAGES_IMAGE_MODEL = "library.CustomImage"
WAGTAILDOCS_DOCUMENT_MODEL = "library.CustomDocument"
WAGTAILIMAGES_IMAGE_FORM_BASE = "library.forms.ImageForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "library.forms.DocumentForm"

# Where somebody goes who signed in to read a private page and came from nowhere.
LOGIN_REDIRECT_URL = "/"
# A form that Django refuses because its token is missing or old.
CSRF_FAILURE_VIEW = "ichei_site.views.form_refused"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Files ---------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# What is found at the root of the site: browsers ask for /favicon.ico by themselves.
WHITENOISE_ROOT = BASE_DIR / "static" / "icons" / "root"
STATIC_ROOT = BASE_DIR / "build" / "static"
# What a proxy shows while the application is down; `make_error_pages` writes it.
ERROR_PAGES_ROOT = BASE_DIR / "build" / "errors"
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT") or BASE_DIR / "var" / "media")
# Documents may be private, so the site hands them out itself wherever they are kept.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# Whether Django serves pictures itself; where a web server stands in front, that does it better.
SERVE_MEDIA = False
CONTENT_DIR = BASE_DIR / "content"
# Whether /styleguide/ shows the components of the site, for those who build it.
STYLEGUIDE = False

# Where `ensure_admin` keeps the password that it generates.
ADMIN_PASSWORD_FILE = BASE_DIR / "var" / "admin-password"

# Wagtail -------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "UNESCO-ICHEI"
WAGTAILADMIN_BASE_URL = os.environ.get("BASE_URL") or "http://127.0.0.1:8000"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
# The eye sees no difference to the files that came; AVIF's scale is another than that of the rest.
WAGTAILIMAGES_AVIF_QUALITY = 50
WAGTAILIMAGES_WEBP_QUALITY = 78
WAGTAILIMAGES_JPEG_QUALITY = 78
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "odt", "pdf", "pptx", "txt", "xlsx", "zip"]
WAGTAIL_ALLOW_UNICODE_SLUGS = False
# pages/redirects.py makes them, in all six languages.
WAGTAILREDIRECTS_AUTO_CREATE = False
# A page editor with six languages posts more fields than Django's default of 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# How many proxies stand in front and add to X-Forwarded-For the address from which they were asked.
PROXIES_IN_FRONT = 0
# Nothing leaves the machine: no avatars from elsewhere, no call for updates.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False

# From where a text may show a video, once its reader asks for it: also what a content security policy needs
# for `frame-src`. pages/videos.py knows what a video's address is like on each.
EMBED_HOSTS = (
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
    "https://player.bilibili.com",
    "https://v.qq.com",
    "https://player.youku.com",
)

# The hour of the day, on the clock of TIME_ZONE, at which `run_schedule` sends the digest of translations.
DIGEST_HOUR = hour_of_day(os.environ.get("DIGEST_HOUR") or "7")

# "default" is for what is quick and has to be right at once, as Wagtail's own tasks. "worker" is for what
# nobody is to wait for; here each process does that by itself, too.
IMMEDIATELY = {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend", "QUEUES": []}
BY_A_WORKER = {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}
TASKS = {"default": IMMEDIATELY, "worker": IMMEDIATELY}

# How much memory of each process may hold finished pages: 0 makes each page anew, None each part of it, too.
PAGE_CACHE_MEGABYTES = None
# The name of a cache that all machines share, where there is one.
PAGE_CACHE_SHARED = ""
# Caches in front that are told of each change, as wagtail.contrib.frontend_cache takes them, and for how many
# seconds they may keep a page. Ours (caching/outer.py) names each address in its own language.
WAGTAILFRONTENDCACHE = {}
WAGTAILFRONTENDCACHE_LANGUAGES = []
OUTER_CACHE_SECONDS = 3600

# What happens by itself leaves a line.
LOGGERS = {
    "ichei_site.schedule": {"level": "INFO"},
    "background": {"level": "INFO"},
    # Two lines for each of Wagtail's own, which nobody waits for to read.
    "django.tasks": {"level": "WARNING"},
}
LOGGING = logs.configuration(logs.chosen_format("text"), LOGGERS)
# From how many milliseconds on a query leaves a line; 0 for none.
SLOW_QUERY_MS = 0
# What whoever reads /metrics has to show; without one, there is no such address.
METRICS_TOKEN = ""
# Modules with what is measured when somebody reads it.
METRICS_MEASURES = ["monitoring.measures", "background.measures", "backups.measures", "ichei_site.measures"]

STORAGES = {
    "default": {"BACKEND": "library.stores.DiskStore"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
