from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.documents import urls as wagtaildocs_urls

from discovery import urls as discovery_urls
from library.views import serve_picture
from pages import serving
from translations.views.source import ping

from . import views

urlpatterns = [
    path("", views.choose_language),
    # Before Wagtail's own view with this address.
    path(
        "admin/editing-sessions/ping/<str:app_label>/<str:model_name>/<str:object_id>/<int:session_id>/",
        never_cache(require_admin_access(ping)),
    ),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    *discovery_urls.site_patterns,
    # What people type for Chinese, and what the United Nations' own sites use.
    re_path(
        r"^(?!zh-hans/)[zZ][hH](?:-(?:[cC][nN]|[hH][aA][nN][sS]))?/(?P<rest>.*)$",
        RedirectView.as_view(url="/zh-hans/%(rest)s", permanent=True, query_string=True),
    ),
]

if settings.SERVE_MEDIA:
    # Pictures alone: documents may be private, and have an address of their own that asks who is there.
    urlpatterns.append(re_path(r"^media/(?P<path>(?:images|original_images)/.+)$", serve_picture))

if settings.STYLEGUIDE:
    urlpatterns.append(path("styleguide/", include("styleguide.urls")))

# Wagtail's addresses, with our view of a page in the place of its own.
page_urls = [
    re_path(wagtail_urls.serve_pattern, serving.serve, name=pattern.name)
    if pattern.name == "wagtail_serve"
    else pattern
    for pattern in wagtail_urls.urlpatterns
]
urlpatterns += i18n_patterns(
    path("search/", include("search.urls")),
    *discovery_urls.language_patterns,
    path("", include(page_urls)),
)

handler400 = "ichei_site.views.bad_request"
handler403 = "ichei_site.views.forbidden"
handler404 = "ichei_site.views.not_found"
handler500 = "ichei_site.views.server_error"
