import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ichei_site.settings.production")
application = get_wsgi_application()

# Imported here: it needs the settings, which Django has read by now.
from django.conf import settings  # noqa: E402

if settings.PAGE_CACHE_MEGABYTES is not None:
    from caching.front import PageCache

    from .release import release

    application = PageCache(application, release=release())
