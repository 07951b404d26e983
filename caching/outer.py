"""Caches in front of the site that keep its pages for longer than a second, and have to be told of changes.

Wagtail's `frontend_cache` knows how to tell nginx, Varnish and CDNs, but not of which addresses: its own
signals name the page that was published, in one language, and nothing that shows it. So each address that is
made is noted with its tags while such a cache is set up, and a change purges those that show it.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from wagtail.contrib.frontend_cache.utils import purge_urls_from_cache

from .models import Address

BATCH = 500


def is_in_use() -> bool:
    return bool(settings.WAGTAILFRONTENDCACHE)


def note(url: str, tags: Iterable[str]) -> None:
    """The answer at an address may be kept outside from now on, and shows this."""
    with transaction.atomic():
        Address.objects.filter(url=url).delete()
        Address.objects.bulk_create(
            (Address(url=url, tag=tag) for tag in sorted(tags)), ignore_conflicts=True, batch_size=BATCH
        )


def purge(tags: set[str], everything: bool = False) -> None:
    """Purges each address that shows any of these."""
    found = Address.objects.all() if everything else Address.objects.filter(tag__in=tags)
    urls = sorted(set(found.values_list("url", flat=True)))
    for start in range(0, len(urls), BATCH):
        batch = urls[start : start + BATCH]
        Address.objects.filter(url__in=batch).delete()
        purge_urls_from_cache(batch)
