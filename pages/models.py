"""The base of all pages, and the institutional pages."""

from functools import cache
from http import HTTPMethod

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, prefetch_related_objects
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.fields import RichTextField, StreamField
from wagtail.models import (
    AbstractPage,
    DefaultBasePageMixin,
    Orderable,
    PageManager,
    PageViewRestriction,
    Site,
)
from wagtail.models.pages import AbstractPageMeta
from wagtail.query import PageQuerySet
from wagtail.search import index

from caching import tags
from caching.parts import parts
from library.pictures import picture_with_renditions
from translations import calendars
from translations.languages import all_languages, column, current_language
from translations.models import (
    LanguagePreviews,
    LocalizedValue,
    TranslatedOwner,
    TranslatedRecord,
    TranslatedRevisions,
    translated_fields,
)
from translations.models.records import public_in
from translations.panels import language_tabs, source_panels

from .blocks import TEXT_FEATURES, picture_in
from .copying import SourceTitleCopyForm
from .fields import BodyField
from .findable import SearchKind, SearchText, is_reserved, plain_lines
from .forms import PageForm

# Models of this room too.
from .site import (  # noqa: F401
    SURROUNDINGS,
    Announcement,
    FooterLink,
    HoldingPage,
    Partner,
    SiteItem,
    SiteSettings,
    SocialProfile,
)
from .sites import site_root_paths

# The columns on which it depends where visitors find a page; a page type may have more.
PLACE = {"live", "path", "url_path", "show_in_menus", "translation_status"}
# What only the page itself shows, and not a list of pages.
UNLISTED = ("last_published_at", "first_published_at", "translation_dates", "seo_title")

LONG_TEXT = {"widget": AdminAutoHeightTextInput}


def private_above() -> Exists:
    """The condition that a page is private or lies below a private one."""
    # What is private is few. A database that doesn't know must have no way to begin with all pages, of which
    # SQLite would look at each for each.
    path = ExpressionWrapper(OuterRef("path"), output_field=models.CharField())
    restricted = BasePage.objects.filter(pk__in=PageViewRestriction.objects.order_by().values("page"))
    return Exists(restricted.alias(path_below=path).filter(path_below__startswith=F("path")))


def is_of_base(name: str) -> bool:
    """Whether a list of pages of any type may show a column of a page, as opposed to the page alone."""
    return not name.startswith(UNLISTED) and name in base_columns()


@cache
def base_columns() -> set[str]:
    return {field.attname for field in BasePage._meta.concrete_fields}


def is_listed(model: type["BasePage"], name: str) -> bool:
    """Whether a list of pages of one type may show a column of it, such as the summary of an article."""
    if name.startswith((*UNLISTED, "search_description")):
        return False
    try:
        return not isinstance(model._meta.get_field(name), RichTextField | StreamField)
    except FieldDoesNotExist:
        return True


def is_around(pk: int, faces: list[dict]) -> bool:
    """Whether other pages may name a page with one of these faces in their menus, paths or lists."""
    return (
        any(len(face["path"]) <= 3 * BasePage.steplen or face["show_in_menus"] for face in faces)
        or SiteItem.objects.filter(page=pk).exists()
    )


class BasePageQuerySet(PageQuerySet):
    def visible(self):
        """Published, and neither private nor below a private page.

        Says in one query what `live().public()` needs two for.
        """
        return self.live().filter(~private_above())

    def in_language(self, language=None):
        """Those that visitors may read in a language, the active one by default."""
        return self.filter(public_in(language or current_language()))


class BasePage(LanguagePreviews, TranslatedRevisions, DefaultBasePageMixin, AbstractPage):
    """What all pages share. Its translated columns let menus name any page without its own table."""

    # Translated fields of a page type, in the order of its form; `title` comes first on every page.
    translated_content: list[str | tuple[str, dict]] = []
    # What a page type holds once for all languages.
    shared_panels: list = []

    # Pages are for reading; one with a form says so itself.
    allowed_http_methods = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]

    # Whether it answers for itself to what other sites may send through a visitor's browser; see `serving`.
    guards_itself_against_forgery = False

    # The form in which staff write a page.
    admin_form_class = PageForm

    # Under what the search counts pages of this type, and the field that sums a page up, if it has one.
    search_kind = SearchKind("page", _("Pages"))
    summary_fields: tuple[str, ...] = ("lead", "summary", "introduction", "headline")

    # Columns of this type on which it depends where lists have a page.
    place_columns: tuple[str, ...] = ()

    # Translated fields that a list shows of a page.
    listed_fields: tuple[str, ...] = ("title",)

    objects = PageManager.from_queryset(BasePageQuerySet)()

    copy_form_class = SourceTitleCopyForm

    # Whether the request that looked this page up has seen that nobody restricts it.
    is_known_to_be_open = False

    search_fields = [
        *AbstractPage.search_fields,
        *DefaultBasePageMixin.search_fields,
        # The admin sorts what it found by title, which modeltranslation takes to be a column of its language.
        *(index.FilterField(column("title", language)) for language in all_languages()),
    ]

    class Meta(AbstractPageMeta):
        indexes = [models.Index(fields=["url_path"], name="pages_url_path")]

    @classproperty
    def edit_handler(cls):  # noqa: N805
        """Built for each page type, since every type adds its own fields to those of the base."""
        return language_tabs(
            fields=["title", *cls.translated_content, "seo_title", ("search_description", LONG_TEXT)],
            shared=[
                *cls.shared_panels,
                FieldPanel("slug"),
                FieldPanel("show_in_menus"),
            ],
            settings=cls.settings_panels,
            # Not `base_form_class`: Wagtail overwrites that of the base page when it starts.
            form_class=cls.admin_form_class,
        )

    @staticmethod
    def route_for_request(request, path):
        """Finds a page by its whole path; Wagtail's own way takes two queries for each level of the tree.

        A path that no page has is left to Wagtail, for page types that have routes of their own.
        """
        if not hasattr(request, "_wagtail_route_for_request") and (site := Site.find_for_request(request)):
            roots = {root.site_id: root.root_path for root in site_root_paths(request)}
            url_path = roots.get(site.pk, "") + "".join(f"{part}/" for part in path.split("/") if part)
            page = BasePage.at(url_path)
            if page is not None:
                try:
                    request._wagtail_route_for_request = page.route(request, [])
                except Http404:
                    request._wagtail_route_for_request = None
        return AbstractPage.route_for_request(request, path)

    @staticmethod
    def at(url_path: str) -> "BasePage | None":
        """The page with this path, as what it is; None without one. Knows whether anybody restricts it."""
        if (known := _known_paths.get(url_path)) is not None:
            # What was found there before is asked for at once. The query sees whether it still is there.
            model, pk = known
            if (page := _read(model, pk, url_path)) is not None:
                return page
            _known_paths.pop(url_path, None)
        found = (
            BasePage.objects.filter(url_path=url_path).select_related("content_type").order_by("path").first()
        )
        if found is None:
            return None
        model = found.content_type.model_class() or BasePage
        if len(_known_paths) < MOST_KNOWN_PATHS:
            _known_paths[url_path] = model, found.pk
        return _read(model, found.pk, url_path)

    def get_context(self, request, *args, **kwargs):
        prefetch_related_objects(self.pictures(), "renditions")
        context = super().get_context(request, *args, **kwargs)
        records = self.shown_records()
        language = current_language()
        context["is_missing"] = not self.shows_translation(language)
        context["falls_back"] = any(record.falls_back() for record in records)
        context["machine_translated"] = any(
            record.is_machine_translated() for record in records if isinstance(record, TranslatedOwner)
        )
        context["outdated_since"] = None if self.shows_drafts else self.outdated_since(language)
        return context

    def get_view_restrictions(self):
        # Most sites have no private page: one query then says so, instead of one for each page above.
        if self.is_known_to_be_open or not PageViewRestriction.objects.exists():
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()

    def serve_password_required_response(self, request, form, action_url):
        """Wagtail's, without the page: its title and description are as private as its text."""
        return TemplateResponse(
            request, "wagtailcore/password_required.html", {"form": form, "action_url": action_url}
        )

    def pictures(self) -> list[models.Model]:
        """The pictures of this page and of its text, as the reader gets it."""
        body = self.localize("body").value if hasattr(self, "body") else []
        return [image for block in body if (image := picture_in(block))]

    def shown_records(self) -> list[TranslatedRecord]:
        """The records whose words make up this page, but for lists that only link elsewhere."""
        return [self, *self.pictures()]

    @staticmethod
    def _slug_is_available(slug, parent_page, page=None):
        # Asked for by forms, by moves and by copies.
        return AbstractPage._slug_is_available(slug, parent_page, page) and not is_reserved(slug, parent_page)

    def search_texts(self) -> dict[str, SearchText]:
        """What the search finds of this page, by the code of each language in which visitors read it."""
        if not BasePage.objects.visible().filter(pk=self.pk).exists() or self.get_url() is None:
            return {}
        texts = {}
        for language in all_languages():
            if self.is_public_in(language):
                with translation.override(language.code):
                    texts[language.code] = self._search_text()
        return {code: text for code, text in texts.items() if text.has_words}

    def _search_text(self) -> SearchText:
        """What is to be found of this page in the active language."""
        words = {name: list(self._own_lines(self, name)) for name in self.searched_fields()}
        summary = next((name for name in self.summary_fields if words.get(name)), None)
        lines = [line for name, lines in words.items() if name != summary for line in lines]
        for relation in get_all_child_relations(type(self)):
            if issubclass(relation.related_model, TranslatedRecord):
                for child in getattr(self, relation.get_accessor_name()).all():
                    for name in translated_fields(relation.related_model):
                        lines += self._own_lines(child, name)
        day = self.search_date()
        return SearchText(
            title=next(self._own_lines(self, "title"), ""),
            summary=" ".join(words[summary]) if summary else "",
            lines=lines,
            page=self,
            day=day,
            day_in_words=calendars.long_date(day, current_language().code) if day else "",
        )

    @staticmethod
    def _own_lines(record: TranslatedRecord, name: str):
        """The words of a field in the active language, none of them from the source in their place."""
        value = record.localize(name)
        if not value or value.is_fallback:
            return iter(())
        return plain_lines(value.value, isinstance(record._meta.get_field(name), RichTextField))

    def searched_fields(self) -> list[str]:
        """The translated fields, but the title, that visitors read on this page."""
        return [name if isinstance(name, str) else name[0] for name in self.translated_content]

    def search_date(self):
        """The day that a page of this type is about; None where there is none."""
        return

    def url_in(self, code: str, request=None) -> str:
        """The path of this page in the language with this code."""
        url = self.get_url(request)
        # Paths differ in their first part alone, and a page names itself in six languages several times.
        own = f"/{current_language().code}/"
        if url and url.startswith(own):
            return f"/{code}/{url.removeprefix(own)}"
        with translation.override(code):
            return self.get_url(request)

    def shown_tags(self, is_partial=False):
        # Where a page is, all pages above it say, too.
        places = {
            f"at:{self.path[:end]}" for end in range(2 * self.steplen, len(self.path) + 1, self.steplen)
        }
        if type(self) is BasePage:
            return {f"base:{self.pk}", *places}
        return {f"listed:{self.pk}" if is_partial else f"page:{self.pk}", *places}

    def tags_of_change(self, before, after, changed):
        faces = [face for face in (before, after) if face]
        model = self.specific_class or type(self)
        found = {"pages", f"page:{self.pk}"}
        if any(is_listed(model, name) for name in changed):
            found.add(f"listed:{self.pk}")
        if any(is_of_base(name) for name in changed):
            found.add(f"base:{self.pk}")
            if is_around(self.pk, faces):
                found.add(SURROUNDINGS)
        if changed & {"live", "path", "url_path"}:
            found |= {f"at:{face['path']}" for face in faces}
        if changed & {*PLACE, *model.place_columns}:
            label = model._meta.label_lower
            found |= {f"list:{label}", f"placed:{label}:{self.pk}"}
            found |= {f"children:{face['path'][: -self.steplen]}" for face in faces}
        return found

    @property
    def heading(self) -> LocalizedValue:
        """The title for the browser's tab and for search engines, in the reader's language if any is."""
        titles = [self.localize("seo_title"), self.localize("title")]
        own = [title for title in titles if title and not title.is_fallback]
        return next(iter(own or filter(None, titles)), titles[-1])


# {path: (type, number)} of pages that this process has shown; only ever a guess, see `BasePage.at`.
_known_paths: dict[str, tuple[type[BasePage], int]] = {}
MOST_KNOWN_PATHS = 10_000


# What stands for the number and the path of a page in a query that is written once.
A_NUMBER, A_PATH = -1, "\0"


@cache
def _query(model: type[BasePage]) -> tuple[str, tuple]:
    """(SQL, parameters) that read a page of a type. To write it takes longer than to ask it."""
    pages = model._base_manager.filter(pk=A_NUMBER, url_path=A_PATH).annotate(is_restricted=private_above())
    return pages.order_by().query.sql_with_params()


def _read(model: type[BasePage], pk: int, url_path: str) -> BasePage | None:
    sql, parameters = _query(model)
    values = {A_NUMBER: pk, A_PATH: url_path}
    for page in model._base_manager.raw(sql, [values.get(value, value) for value in parameters]):
        page.is_known_to_be_open = not page.is_restricted
        return page
    return None


class LeadPicture(BasePage):
    """A page that opens with a picture."""

    lead_image = models.ForeignKey(
        "library.CustomImage",
        verbose_name=_("lead picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Its caption and credit are kept with the picture."),
    )

    class Meta:
        abstract = True

    def pictures(self):
        lead = picture_with_renditions(self, "lead_image")
        return [lead, *super().pictures()] if lead else super().pictures()


class HomePage(LeadPicture):
    """The front page: who the Centre is, what it does and what is new."""

    introduction = models.TextField(_("introduction"), blank=True)
    mission = models.TextField(_("the mission in a sentence"), blank=True)
    body = BodyField()

    parent_page_types = ["pages.BasePage"]
    max_count = 1

    translated_content = [
        ("introduction", LONG_TEXT),
        ("mission", LONG_TEXT),
        "body",
    ]
    shared_panels = [FieldPanel("lead_image")]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {"functions": self.functions()}

    def shown_records(self):
        return [*super().shown_records(), *self.functions()]

    def functions(self) -> list["CentreFunction"]:
        """The Centre's functions, as its page of functions has them."""

        def find():
            tags.shows("list:pages.functionspage", "list:pages.centrefunction")
            pages = FunctionsPage.objects.visible().in_language().descendant_of(self)
            return list(CentreFunction.objects.filter(page__in=pages).select_related("page"))

        if not hasattr(self, "_functions"):
            self._functions = parts.remembered(("functions", self.path, current_language().code), find)
        return self._functions


class AboutPage(LeadPicture):
    """Who the Centre is; the parent of the pages that say more."""

    lead = models.TextField(_("lead"), blank=True)
    body = BodyField()

    parent_page_types = ["pages.HomePage"]

    translated_content = [("lead", LONG_TEXT), "body"]
    shared_panels = [
        FieldPanel("lead_image"),
        InlinePanel("facts", heading=_("Founding facts"), label=_("fact")),
    ]

    class Meta:
        verbose_name = _("about page")

    def get_context(self, request, *args, **kwargs):
        return super().get_context(request, *args, **kwargs) | {"children": self.children()}

    def children(self) -> list[BasePage]:
        """The pages below this one that can be read in the active language."""

        def find():
            tags.shows(f"children:{self.path}")
            return list(self.get_children().visible().in_language())

        return parts.remembered(("children", self.path, current_language().code), find)

    def shown_records(self):
        return [*super().shown_records(), *self.facts.all()]


class FoundingFact(TranslatedRecord, Orderable):
    """A fact about the Centre's foundation, such as "Established: June 8, 2016"."""

    page = ParentalKey(AboutPage, on_delete=models.CASCADE, related_name="facts")
    term = models.CharField(pgettext_lazy("a founding fact", "term"), max_length=100)
    detail = models.CharField(_("detail"), max_length=255)

    panels = source_panels(["term", "detail"])

    class Meta(Orderable.Meta):
        verbose_name = _("founding fact")
        verbose_name_plural = _("founding facts")

    def __str__(self):
        return str(self.localize("term"))

    @property
    def translation_owner(self):
        return self.page


class DirectorMessagePage(BasePage):
    """A letter from the director."""

    director_name = models.CharField(_("director's name"), max_length=255, blank=True)
    director_role = models.CharField(_("director's role"), max_length=255, blank=True)
    portrait = models.ForeignKey(
        "library.CustomImage",
        verbose_name=_("portrait"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    headline = models.CharField(_("headline"), max_length=255, blank=True)
    pull_quote = models.TextField(_("pull quote"), blank=True)
    body = BodyField()

    parent_page_types = ["pages.AboutPage"]
    subpage_types = []

    translated_content = ["director_name", "director_role", "headline", ("pull_quote", LONG_TEXT), "body"]
    shared_panels = [FieldPanel("portrait")]

    class Meta:
        verbose_name = _("director's message")

    def pictures(self):
        return [self.portrait, *super().pictures()] if self.portrait else super().pictures()


class MissionPage(BasePage):
    lead = models.TextField(_("lead"), blank=True)
    body = BodyField()

    parent_page_types = ["pages.AboutPage"]
    subpage_types = []

    translated_content = [("lead", LONG_TEXT), "body"]

    class Meta:
        verbose_name = _("mission page")


class FunctionsPage(BasePage):
    """What the Centre does: its functions, and the activities by which it fulfils them."""

    body = BodyField()
    activities = RichTextField(_("activities"), blank=True, features=TEXT_FEATURES)

    parent_page_types = ["pages.AboutPage"]
    subpage_types = []

    translated_content = ["body", "activities"]
    shared_panels = [InlinePanel("functions", heading=_("Functions"), label=_("function"))]

    class Meta:
        verbose_name = _("functions page")

    def shown_records(self):
        return [*super().shown_records(), *self.functions.all()]


class CentreFunction(TranslatedRecord, Orderable):
    """One of the Centre's main functions."""

    class Icon(models.TextChoices):
        KNOWLEDGE = "knowledge", _("Knowledge (a book)")
        CAPACITY = "capacity", _("Capacity (rising steps)")
        SUPPORT = "support", _("Support (a wrench)")
        SHARING = "sharing", _("Sharing (linked points)")

    page = ParentalKey(FunctionsPage, on_delete=models.CASCADE, related_name="functions")
    icon = models.CharField(_("icon"), max_length=20, choices=Icon, default=Icon.KNOWLEDGE)
    name = models.CharField(_("name"), max_length=100)
    text = models.TextField(_("text"), blank=True)

    panels = [FieldPanel("icon"), *source_panels(["name", ("text", LONG_TEXT)])]

    class Meta(Orderable.Meta):
        verbose_name = _("function")
        verbose_name_plural = _("functions")

    def __str__(self):
        return str(self.localize("name"))

    @property
    def translation_owner(self):
        return self.page


class ContentPage(BasePage):
    """A plain page: privacy, terms, accessibility. Directly below the home page, the footer links to it."""

    lead = models.TextField(_("lead"), blank=True)
    body = BodyField()

    translated_content = [("lead", LONG_TEXT), "body"]

    class Meta:
        verbose_name = _("plain page")
