"""The site that a request is for, and where its pages begin: the same until a site changes."""

from django.http.request import split_domain_port
from wagtail.models import Site
from wagtail.models.sites import SiteRootPath

from caching import tags
from caching.parts import parts

from .site import SURROUNDINGS


def find_site(request) -> Site | None:
    """Wagtail's `Site.find_for_request`, without a query for each request."""
    if not hasattr(request, "_wagtail_site"):
        address = split_domain_port(request._get_raw_host())[0], request.get_port()
        with tags.apart():
            request._wagtail_site = parts.remembered(
                ("site", *address), lambda: Site._find_for_request(request)
            )
    return request._wagtail_site


def site_root_paths(request) -> list[SiteRootPath]:
    """Wagtail's `Site.get_site_root_paths`, kept with the request, where `Page.get_url` looks for them."""
    if not hasattr(request, "_wagtail_cached_site_root_paths"):

        def find():
            # The path of a home page is part of them.
            tags.shows(SURROUNDINGS)
            return Site.get_site_root_paths()

        with tags.apart():
            request._wagtail_cached_site_root_paths = parts.remembered(("paths of sites",), find)
    return request._wagtail_cached_site_root_paths
