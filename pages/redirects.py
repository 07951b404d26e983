"""Old paths of pages that were renamed or moved lead to where the pages are now, in every language.

Wagtail's own automatic redirects know the path in the active language alone, so they are switched off
(`WAGTAILREDIRECTS_AUTO_CREATE`) and made here. Each points at its page, not at a path: after two renames,
both old paths lead straight to the newest.
"""

from collections.abc import Iterable, Iterator
from itertools import batched
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from wagtail.contrib.redirects.middleware import RedirectMiddleware as WagtailRedirectMiddleware
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from translations.languages import all_languages

from .models import BasePage

# Fewer than the variables that SQLite takes in a query.
BATCH = 500
LONGEST_PATH = Redirect._meta.get_field("old_path").max_length


class RedirectMiddleware(WagtailRedirectMiddleware):
    """Wagtail's, so that it asks the database only about what no page answers; and safe from loops."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer = super().process_response(request, response)
        if answer is response:
            return response
        target = urlsplit(answer.headers["Location"])
        if target.path == request.path and target.netloc in {"", request.get_host()}:
            # The page that stands there isn't published: that is a 404 and no redirect.
            return response
        # A browser may keep a permanent redirect for ever. If the page moves back, it would go in circles.
        answer.headers["Cache-Control"] = "no-cache"
        return answer


def keep_paths_after_rename(instance, instance_before, **kwargs):
    """For the signal `page_slug_changed`."""
    keep_old_paths(instance, instance_before.url_path)


def keep_paths_after_move(instance, url_path_before, **kwargs):
    """For the signal `post_page_move`, which comes for a new order among siblings too."""
    keep_old_paths(instance, url_path_before)


def free_paths_of_published(instance, **kwargs):
    """For the signal `page_published`: where a page stands, no redirect is wanted any more."""
    for site_id, root_path in site_roots():
        forget(site_id, [(instance.pk, path) for path in public_paths(instance.url_path, root_path)])


@transaction.atomic
def keep_old_paths(page, old_url_path: str) -> None:
    """Redirects every path that the page and those below it had to where they are now."""
    if page.url_path == old_url_path:
        return
    # What visitors never could reach needs no redirect.
    family = BasePage.objects.filter(path__startswith=page.path, first_published_at__isnull=False)
    pages = [
        (pk, old_url_path + path.removeprefix(page.url_path), path)
        for pk, path in family.values_list("pk", "url_path")
    ]
    for site_id, root_path in site_roots():
        old = [(pk, path) for pk, before, _now in pages for path in public_paths(before, root_path)]
        now = [(pk, path) for pk, _before, after in pages for path in public_paths(after, root_path)]
        forget(site_id, now)
        remember(site_id, old)


def site_roots() -> Iterator[tuple[int, str]]:
    """(its id, the path of its home page in the tree) of each site."""
    return ((root.site_id, root.root_path) for root in Site.get_site_root_paths())


def public_paths(url_path: str, root_path: str) -> list[str]:
    """The path in each language of what stands at `url_path` in the tree, as redirects hold paths.

    None for the home page, which has no path of its own to lose, and for what lies outside the site.
    """
    if not url_path.startswith(root_path) or url_path == root_path:
        return []
    paths = []
    for language in all_languages():
        with translation.override(language.code):
            path = reverse("wagtail_serve", args=[url_path.removeprefix(root_path)])
        paths.append(Redirect.normalise_path(path))
    return [path for path in paths if len(path) <= LONGEST_PATH]


def forget(site_id: int, places: Iterable[tuple[int, str]]) -> None:
    """Deletes the redirects from paths at which these pages stand.

    One that staff have made stays, since it may serve when the page is unpublished one day; unless it
    leads to this very page.
    """
    for batch in batched(places, BATCH):
        at_these = Redirect.objects.filter(
            Q(site=site_id) | Q(site=None), old_path__in=[path for _pk, path in batch]
        )
        page_at = {path: pk for pk, path in batch}
        Redirect.objects.filter(
            pk__in=[
                redirect.pk
                for redirect in at_these
                if redirect.automatically_created or redirect.redirect_page_id == page_at[redirect.old_path]
            ]
        ).delete()


def remember(site_id: int, places: Iterable[tuple[int, str]]) -> None:
    """Redirects each path to its page, in the place of an older automatic redirect; staff's own stay."""
    for batch in batched(places, BATCH):
        at_these = Redirect.objects.filter(
            Q(site=site_id) | Q(site=None), old_path__in=[path for _pk, path in batch]
        )
        at_these.filter(automatically_created=True).delete()
        taken = set(at_these.values_list("old_path", flat=True))
        Redirect.objects.bulk_create(
            Redirect(old_path=path, site_id=site_id, redirect_page_id=pk, automatically_created=True)
            for pk, path in batch
            if path not in taken
        )
