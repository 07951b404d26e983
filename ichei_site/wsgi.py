import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ichei_site.settings.production")
application = get_wsgi_application()

# Imported here: it needs the settings, which Django has read by now.
from django.conf import settings  # noqa: E402

from monitoring.front import Monitored  # noqa: E402
from monitoring.metrics import count_cache  # noqa: E402

from .release import release  # noqa: E402

if settings.PAGE_CACHE_MEGABYTES is not None:
    from caching.front import PageCache

    application = PageCache(application, count=count_cache, release=release())

# Outermost: what the page cache answers is seen as well.
application = Monitored(application, release=release)
