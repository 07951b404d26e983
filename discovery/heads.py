"""What stands in the head of a page for machines."""

from dataclasses import dataclass, field

from django.utils import translation

from news.models import NewsCategory, NewsIndexPage, NewsPage
from pages.addresses import addresses_in, page_address, site_address
from pages.identity import SHORT_NAME
from pages.models import BasePage, HomePage
from pages.surroundings import shows_surroundings
from pages.templatetags.navigation import navigation, page_of_type
from translations.languages import Language, all_languages, current_language, source_language

from .cards import card_of, card_path
from .drawing import can_draw

# Facebook's names for languages, which the other readers of Open Graph took over.
LOCALES = {"ar": "ar_AR", "zh-hans": "zh_CN", "en": "en_US", "fr": "fr_FR", "ru": "ru_RU", "es": "es_ES"}
# Where a page says in a sentence or two what it is about, the best first.
SUMMARIES = ("search_description", "summary", "lead", "introduction")


@dataclass(frozen=True)
class Alternate:
    """The same page in a language. `tag` is a BCP 47 tag, or "x-default" for readers of all others."""

    tag: str
    url: str


@dataclass(frozen=True)
class Feed:
    """A feed of the news of a category, or of all without one."""

    url: str
    category: NewsCategory | None = None


@dataclass
class Head:
    canonical: str
    # Whether the page only stands in for a translation that is missing.
    is_stand_in: bool
    alternates: list[Alternate]
    title: str
    description: str
    kind: str
    locale: str
    language: Language
    card: str = ""
    markdown: str = ""
    feeds: list[Feed] = field(default_factory=list)
    published: str = ""
    modified: str = ""

    site_name = SHORT_NAME


def public_languages(page: BasePage) -> list[Language]:
    """The languages in which visitors may read a page."""
    return [language for language in all_languages() if page.is_public_in(language)]


def alternates(page: BasePage, request) -> list[Alternate]:
    """The page in each language in which it is public, itself among them; English for everybody else."""
    languages = public_languages(page)
    names = [*(language.tag for language in languages), "x-default"]
    addresses = addresses_in(page, [*languages, source_language()], request)
    return [Alternate(name, address) for name, address in zip(names, addresses, strict=True)]


def page_of_list(context) -> int:
    """The number of the page of a list that is shown, where nothing else is chosen; 1 without a list."""
    articles = context.get("articles")
    number = getattr(articles, "number", 1)
    # A list that is narrowed to a year is part of the whole one; its later pages are those of no other list.
    return number if set(context["request"].GET) == {"page"} else 1


def description_of(page: BasePage) -> str:
    """What a page is about in a sentence or two, in the active language alone; empty without one."""
    values = (page.localize(name) for name in SUMMARIES if hasattr(page, name))
    return next((" ".join(str(value).split()) for value in values if value and not value.is_fallback), "")


def feeds_of(page: BasePage, context) -> list[Feed]:
    """The feeds that belong to a page: of all news, and of the categories that it lists or belongs to."""
    match page:
        case NewsIndexPage():
            categories = [category for category, _count in context["archive"].category_choices()]
        case NewsPage():
            categories = [page.category] if page.category else []
        case HomePage():
            categories = []
        case _:
            return []
    index = page_of_type(context, NewsIndexPage)
    if index is None:
        return []
    address = f"{page_address(index, current_language(), context['request'])}feed/"
    return [Feed(address), *(Feed(f"{address}{category.slug}/", category) for category in categories)]


def head_of(page: BasePage, context) -> Head:
    """Needs no query: navigation is built once a request, and a page knows its own languages."""
    request = context["request"]
    is_stand_in = not page.is_public_in(current_language())
    language = source_language() if is_stand_in else current_language()
    # A stand-in says in the source language, too, in which section it stands.
    shows_surroundings(request, language)
    site = site_address(request)
    # Before anything is said in another language: menus are built once, in that of the reader.
    navigation(context)
    with translation.override(language.code):
        canonical = page_address(page, language, request)
        number = page_of_list(context)
        head = Head(
            canonical=canonical if number == 1 else f"{canonical}?page={number}",
            is_stand_in=is_stand_in,
            # Another language need not have as many pages of a list.
            alternates=[] if is_stand_in or number > 1 else alternates(page, request),
            title=str(page.heading),
            description=description_of(page),
            kind="article" if isinstance(page, NewsPage) else "website",
            locale=LOCALES[language.code],
            language=language,
            feeds=[] if is_stand_in else feeds_of(page, context),
        )
        if can_draw(language):
            head.card = site + card_path(page, card_of(page, language, request))
        if not is_stand_in and number == 1:
            head.markdown = f"{canonical}index.md"
        if isinstance(page, NewsPage):
            head.published = page.date.isoformat()
            head.modified = page.modified_in(language).isoformat(timespec="seconds")
    return head
