"""Articles and their index."""

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Case, Q, Value, When, prefetch_related_objects
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
        return self.order_by("-date", "-pk")

    def newer_than(self, article):
        """Those that stand above an article in a list with the newest first."""
        return self.filter(Q(date__gt=article.date) | Q(date=article.date, pk__gt=article.pk or 0))

    def older_than(self, article):
        return self.filter(Q(date__lt=article.date) | Q(date=article.date, pk__lt=article.pk or 0))

    def closest_first(self, article):
        """Those of the article's category first, and among each the newest first."""
        if article.category_id is None:
            return self.newest_first()
        is_other = Case(When(category=article.category_id, then=Value(0)), default=Value(1))
        return self.order_by(is_other, "-date", "-pk")

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
        articles = self.articles()
        archive = Archive.from_query(articles.tally(), NewsCategory.objects.in_bulk, request.GET)
        articles = articles.filter(**archive.conditions).newest_first().for_cards()
        paginator = Paginator(articles, ARTICLES_PER_PAGE)
        # Known from the tally; else it takes a query of its own.
        paginator.count = archive.found
        page = paginator.get_page(request.GET.get("page"))
        page.object_list = list(page.object_list)
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
        indexes = [models.Index(fields=["-date"], name="news_newest")]

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
        newer = others.newer_than(self).order_by("date", "pk").values("pk")[:1]
        older = others.older_than(self).newest_first().values("pk")[:1]
        related = others.closest_first(self).values("pk")[:RELATED_ARTICLES]
        found = NewsPage.objects.filter(Q(pk=self.pk) | Q(pk__in=newer) | Q(pk__in=older) | Q(pk__in=related))
        found = list(found.newest_first().select_related("category", "lead_image").without_texts())
        itself = next((article for article in found if article.pk == self.pk), None)
        found = [article for article in found if article.pk != self.pk]
        place = (self.date, self.pk or 0)
        above = [article for article in found if (article.date, article.pk) > place]
        below = [article for article in found if (article.date, article.pk) < place]
        in_category = [article for article in found if self.category_id in {article.category_id} - {None}]
        rest = [article for article in found if article not in in_category]
        tags.shows(f"news:beside:{self.pk}", f"news:related:{self.category_id or ''}")
        if len(in_category) < RELATED_ARTICLES:
            tags.shows("news:related:")
        neighbours = {
            "newer": above[-1] if above else None,
            "older": below[0] if below else None,
            "related": [*in_category, *rest][:RELATED_ARTICLES],
        }
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
