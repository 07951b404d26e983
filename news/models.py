"""Articles and their index."""

from datetime import date

from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.models import PageManager
from wagtail.url_routing import RouteResult

from caching import tags
from caching.parts import parts
from pages.fields import BodyField
from pages.findable import SearchKind
from pages.models import BasePage, BasePageQuerySet, LeadPicture
from translations.forms import TranslatedRecordForm
from translations.languages import all_languages, column, current_language
from translations.models import TranslatedInPlace
from translations.panels import language_tabs

from .archive import Archive

ARTICLES_PER_PAGE = 12
# How many the home page shows.
NEWEST_ARTICLES = 3
RELATED_ARTICLES = 3


class NewsCategory(TranslatedInPlace):
    """What an article is about, such as cooperation or events."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("slug"), unique=True)

    base_form_class = TranslatedRecordForm
    edit_handler = language_tabs(fields=["name"], shared=[FieldPanel("slug")])

    class Meta:
        verbose_name = _("news category")
        verbose_name_plural = _("news categories")
        ordering = ["slug"]

    def __str__(self):
        return str(self.localize("name"))


class NewsPageQuerySet(BasePageQuerySet):
    def newest_first(self):
        # Each is of some day. To say so lets SQLite read along the dates, where it would sort all articles.
        # And by the number beside the date: that of the page itself stands in another table.
        return self.filter(date__gte=date.min).order_by("-date", "-basepage_ptr_id")

    def newer_than(self, article):
        """Those that stand above an article in a list with the newest first."""
        # The day is said twice: a database finds its place in an index by a condition without an "or".
        same_day = Q(date__gt=article.date) | Q(date=article.date, pk__gt=article.pk or 0)
        return self.filter(same_day, date__gte=article.date)

    def older_than(self, article):
        same_day = Q(date__lt=article.date) | Q(date=article.date, pk__lt=article.pk or 0)
        return self.filter(same_day, date__lte=article.date)

    def any_of(self, *few):
        """Those that are in any of some short querysets, in one query that finds each by its number."""
        # With an "or" between them a database would look at every article. SQLite takes no limit in a part of
        # a union, so each of these is wrapped in another.
        parts = [NewsPage.objects.filter(pk__in=each.values("pk")).order_by().values("pk") for each in few]
        return self.filter(pk__in=parts[0].union(*parts[1:], all=True))

    def tally(self) -> list[tuple[int, int | None, int]]:
        """(year, number of the category, how many articles) of all there are, in one query."""
        counts = self.order_by().values_list("date__year", "category").annotate(count=models.Count("pk"))
        return list(counts)

    def without_texts(self):
        return self.defer("body", *(column("body", language) for language in all_languages()))

    def for_cards(self):
        """With all that a list shows of an article, in a fixed number of queries; without their texts."""
        return (
            self.select_related("category", "lead_image")
            .prefetch_related("lead_image__renditions")
            .without_texts()
        )


class NewsIndexPage(BasePage):
    """All articles, newest first, in pages; a category or a year alone where a reader asks for it."""

    body = BodyField()

    template = "pages/news_index_page.html"
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["news.NewsPage"]

    translated_content = ["body"]

    class Meta:
        verbose_name = _("news index")

    def articles(self) -> NewsPageQuerySet:
        tags.shows("list:news.newspage")
        return NewsPage.objects.child_of(self).visible().in_language()

    def tally(self) -> list[tuple[int, int | None, int]]:
        """What `NewsPageQuerySet.tally` counts below this page: that takes longer the more there is."""
        key = ("tally", self.path, current_language().code)
        return parts.remembered(key, lambda: self.articles().tally())

    @staticmethod
    def articles_on(page: Page, articles: NewsPageQuerySet, archive: Archive) -> list["NewsPage"]:
        """The articles of one page of the list. The last one takes hardly longer than the first.

        A database counts its way to where a page begins, so it starts at the year in which that lies.
        """
        first = max(page.start_index() - 1, 0)
        year, before = archive.place_of(first)
        if before:
            articles = articles.filter(date__year__lte=year)
        return list(articles[first - before : first - before + page.paginator.per_page])

    def route(self, request, path_components):
        # Below the list, wherever staff move it: `feed/`, and `feed/<category>/`.
        match path_components:
            case ["feed", *category] if self.live and len(category) < 2:
                return RouteResult(self, kwargs={"feed": True, "category": next(iter(category), None)})
        return super().route(request, path_components)

    def serve(self, request, feed=False, category=None):
        if feed:
            from .feeds import NewsFeed

            return NewsFeed()(request, index=self, slug=category)
        return super().serve(request)

    def get_context(self, request, *args, **kwargs):
        archive = Archive.from_query(self.tally(), NewsCategory.objects.in_bulk, request.GET)
        articles = self.articles().filter(**archive.conditions).newest_first().for_cards()
        paginator = Paginator(articles, ARTICLES_PER_PAGE)
        # Known from the tally; else it takes a query of its own.
        paginator.count = archive.found
        page = paginator.get_page(request.GET.get("page"))
        page.object_list = self.articles_on(page, articles, archive)
        # What is newest of all opens the front of the news; a list that was asked for begins at once.
        opens = page.number == 1 and not archive.is_filtered and page.object_list
        return super().get_context(request, *args, **kwargs) | {
            "archive": archive,
            "articles": page,
            "lead_story": page.object_list[0] if opens else None,
            "listed": page.object_list[1:] if opens else page.object_list,
        }


class NewsPage(LeadPicture):
    """An article."""

    date = models.DateField(_("date"))
    category = models.ForeignKey(
        NewsCategory,
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    summary = models.TextField(_("summary"), blank=True)
    body = BodyField()

    template = "pages/news_page.html"
    parent_page_types = ["news.NewsIndexPage"]
    subpage_types = []

    translated_content = [("summary", {"widget": AdminAutoHeightTextInput}), "body"]
    listed_fields = ("title", "summary")
    search_kind = SearchKind("article", _("News"))
    place_columns = ("date", "category_id")
    shared_panels = [FieldPanel("date"), FieldPanel("category"), FieldPanel("lead_image")]

    objects = PageManager.from_queryset(NewsPageQuerySet)()

    class Meta:
        verbose_name = _("news article")
        verbose_name_plural = _("news articles")
        # A list is read in its order up to where it ends, however many articles there are.
        indexes = [
            models.Index(fields=["-date", "-basepage_ptr"], name="news_by_date"),
            models.Index(fields=["category", "-date", "-basepage_ptr"], name="news_by_category"),
        ]

    def shown_records(self):
        return [*super().shown_records(), *([self.category] if self.category else [])]

    def get_context(self, request, *args, **kwargs):
        neighbours = self.neighbours()
        pictures = [*self.pictures(), *(article.lead_image for article in neighbours["related"])]
        prefetch_related_objects([picture for picture in pictures if picture], "renditions")
        return super().get_context(request, *args, **kwargs) | neighbours

    def neighbours(self) -> dict[str, object]:
        """The next articles by date, `newer` and `older`, and those `related` to this one, the closest first.

        All in one query, which brings this article's own category and picture along.
        """
        if self.date is None:
            # A preview of what has no date yet.
            return {"newer": None, "older": None, "related": []}
        # A draft may have others than what is published.
        key = ("neighbours", self.pk, self.date, self.category_id, current_language().code)
        found, itself = parts.remembered(key, self._find_neighbours)
        if itself is not None:
            if itself.category_id == self.category_id:
                self.category = itself.category
            if itself.lead_image_id == self.lead_image_id:
                self.lead_image = itself.lead_image
        return found

    def _find_neighbours(self) -> tuple[dict[str, object], "NewsPage | None"]:
        """What `neighbours` returns, and this article with its published category and picture."""
        others = (
            NewsPage.objects.visible()
            .in_language()
            .filter(depth=self.depth, path__startswith=self.path[: -self.steplen])
            .exclude(pk=self.pk)
        )
        newer = others.newer_than(self).order_by("date", "basepage_ptr_id")[:1]
        older = others.older_than(self).newest_first()[:1]
        # Without a category, the same as the newest.
        alike = others.filter(category=self.category_id) if self.category_id else others
        # Where fewer are alike than are shown, the newest of the rest join them: these stand among as many
        # more of the newest as there may be that are alike.
        newest = others.newest_first()[: 2 * RELATED_ARTICLES]
        itself = NewsPage.objects.filter(pk=self.pk)
        found = NewsPage.objects.any_of(itself, newer, older, alike.newest_first()[:RELATED_ARTICLES], newest)
        # More are read than are shown: the page depends on the latter alone.
        with tags.apart():
            found = list(found.newest_first().select_related("category", "lead_image").without_texts())
        itself = next((article for article in found if article.pk == self.pk), None)
        found = [article for article in found if article.pk != self.pk]
        place = (self.date, self.pk or 0)
        above = [article for article in found if (article.date, article.pk) > place]
        below = [article for article in found if (article.date, article.pk) < place]
        in_category = [article for article in found if self.category_id in {article.category_id} - {None}]
        rest = [article for article in found if article not in in_category]
        language = current_language()
        place_in_list = self.pk if self.is_public_in(language) else language.code
        tags.shows(f"news:beside:{place_in_list}", f"news:related:{self.category_id or ''}")
        if len(in_category) < RELATED_ARTICLES:
            tags.shows("news:related:")
        neighbours = {
            "newer": above[-1] if above else None,
            "older": below[0] if below else None,
            "related": [*in_category, *rest][:RELATED_ARTICLES],
        }
        shown = [neighbours["newer"], neighbours["older"], *neighbours["related"], itself]
        for article in filter(None, shown):
            for record in filter(None, (article, article.category, article.lead_image)):
                tags.shows(*record.shown_tags(is_partial=True))
        return neighbours, itself

    @property
    def updated_on(self):
        """The day on which its English was last published, if that was on a later day than it came out."""
        if self.date is None or self.last_published_at is None:
            return None
        updated = timezone.localdate(self.last_published_at)
        first = timezone.localdate(self.first_published_at or self.last_published_at)
        return updated if updated > max(first, self.date) else None

    def facts_for_translators(self):
        return [
            (_("Date"), date_format(self.date, "DATE_FORMAT") if self.date else ""),
            (_("Category"), self.category),
            (_("Lead picture"), self.lead_image),
        ]

    def search_date(self):
        return self.date
