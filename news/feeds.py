"""The articles as an Atom feed (RFC 4287), one a language, and one for each category."""

import uuid
from datetime import datetime, time
from urllib.parse import urljoin

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html

from caching import tags
from library.pictures import rendition_or_none
from pages.addresses import page_address, site_address
from pages.identity import SHORT_NAME, centre_name
from pages.templatetags.navigation import navigation
from translations.languages import current_language

from .models import NewsCategory

NEWEST = 20
PICTURE = "fill-640x360|format-webp"


def permanent_id(page, *parts: str) -> str:
    """An id that outlives every change of a page's title, path and host (RFC 4287, 4.2.6)."""
    return uuid.uuid5(page.translation_key, "/".join([current_language().code, *parts])).urn


class AtomFeed(Atom1Feed):
    """Django's, with a category's own name beside its slug, and a date where there is no article yet."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else self.feed["changed"]

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        if item["category"]:
            handler.addQuickElement("category", "", item["category"])


class NewsFeed(Feed):
    """The newest articles that are public in the active language."""

    feed_type = AtomFeed

    def get_object(self, request, index, slug):
        self.request = request
        self.index = index
        self.category = None
        if slug is not None:
            self.category = NewsCategory.objects.filter(slug=slug).first()
            if self.category is None:
                raise Http404
        return index

    def get_feed(self, obj, request):
        self.language = current_language().tag
        return super().get_feed(obj, request)

    def title(self):
        parts = [SHORT_NAME, str(self.index.localize("title"))]
        return " – ".join([*parts, str(self.category)] if self.category else parts)

    def subtitle(self):
        return str(self.index.localize("search_description"))

    def link(self):
        return page_address(self.index, current_language(), self.request)

    def feed_url(self):
        return f"{self.link()}feed/{self.category.slug}/" if self.category else f"{self.link()}feed/"

    def feed_guid(self):
        return permanent_id(self.index, "feed", *([self.category.slug] if self.category else []))

    def feed_extra_kwargs(self, obj):
        return {"changed": self.index.modified_in(current_language())}

    def author_name(self):
        return centre_name(navigation({"request": self.request}).settings)

    def author_link(self):
        return site_address(self.request) + "/"

    def items(self):
        articles = self.index.articles()
        if self.category:
            articles = articles.filter(category=self.category)
        newest = list(articles.newest_first().for_cards()[:NEWEST])
        # Each says when it changed, even if its title did not.
        tags.shows(*(f"page:{article.pk}" for article in newest))
        return newest

    def item_title(self, item):
        return str(item.localize("title"))

    def item_description(self, item):
        summary = item.localize("summary")
        if not summary:
            return ""
        # Atom has no direction of its own; the HTML in it has.
        language = summary.language
        return format_html('<p lang="{}" dir="{}">{}</p>', language.tag, language.direction, summary)

    def item_link(self, item):
        return page_address(item, current_language(), self.request)

    def item_guid(self, item):
        return permanent_id(item)

    def item_pubdate(self, item):
        return datetime.combine(item.date, time.min, timezone.get_default_timezone())

    def item_updateddate(self, item):
        return max(item.modified_in(current_language()), self.item_pubdate(item))

    def item_extra_kwargs(self, item):
        category = item.category
        return {"category": category and {"term": category.slug, "label": str(category)}}

    def item_enclosure_url(self, item):
        self.picture = rendition_or_none(item.lead_image, PICTURE) if item.lead_image else None
        if self.picture is None:
            return None
        return urljoin(site_address(self.request), self.picture.url)

    def item_enclosure_length(self, item):
        return self.picture.file.size

    item_enclosure_mime_type = "image/webp"
