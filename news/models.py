"""Articles and their index."""

from django.core.paginator import Paginator
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.models import PageManager

from pages.fields import BodyField
from pages.models import BasePage, BasePageQuerySet
from translations.forms import TranslatedRecordForm
from translations.languages import all_languages, column
from translations.models import TranslatedInPlace
from translations.panels import language_tabs

ARTICLES_PER_PAGE = 12


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

    def for_cards(self):
        """With all that a list shows of an article, in a fixed number of queries; without their texts."""
        return (
            self.select_related("category", "lead_image")
            .prefetch_related("lead_image__renditions")
            .defer("body", *(column("body", language) for language in all_languages()))
        )


class NewsIndexPage(BasePage):
    """All articles, newest first, in pages of twelve; one year alone where a reader asks for it."""

    body = BodyField()

    template = "pages/news_index_page.html"
    parent_page_types = ["pages.HomePage"]
    subpage_types = ["news.NewsPage"]

    translated_content = ["body"]

    class Meta:
        verbose_name = _("news index")

    def articles(self) -> NewsPageQuerySet:
        return NewsPage.objects.child_of(self).visible().in_language()

    def get_context(self, request, *args, **kwargs):
        articles = self.articles()
        years = [day.year for day in articles.dates("date", "year", order="DESC")]
        year = request.GET.get("year", "")
        chosen = int(year) if year.isdecimal() and int(year) in years else None
        if chosen:
            articles = articles.filter(date__year=chosen)
        paginator = Paginator(articles.newest_first().for_cards(), ARTICLES_PER_PAGE)
        page_of_articles = paginator.get_page(request.GET.get("page"))
        page_of_articles.object_list = list(page_of_articles.object_list)
        return super().get_context(request, *args, **kwargs) | {
            "articles": page_of_articles,
            "years": years,
            "chosen_year": chosen,
        }


class NewsPage(BasePage):
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
    lead_image = models.ForeignKey(
        "library.CustomImage",
        verbose_name=_("lead picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Its caption and credit are kept with the picture."),
    )
    summary = models.TextField(_("summary"), blank=True)
    body = BodyField()

    template = "pages/news_page.html"
    parent_page_types = ["news.NewsIndexPage"]
    subpage_types = []

    translated_content = [("summary", {"widget": AdminAutoHeightTextInput}), "body"]
    listed_fields = ("title", "summary")
    shared_panels = [FieldPanel("date"), FieldPanel("category"), FieldPanel("lead_image")]

    objects = PageManager.from_queryset(NewsPageQuerySet)()

    class Meta:
        verbose_name = _("news article")
        verbose_name_plural = _("news articles")
        indexes = [models.Index(fields=["-date"], name="news_newest")]

    def shown_records(self):
        return [*super().shown_records(), *([self.category] if self.category else [])]

    def facts_for_translators(self):
        return [
            (_("Date"), date_format(self.date, "DATE_FORMAT") if self.date else ""),
            (_("Category"), self.category),
            (_("Lead picture"), self.lead_image),
        ]

    def pictures(self):
        return [self.lead_image, *super().pictures()] if self.lead_image else super().pictures()
