"""Each page as Markdown, for those who read no HTML: made of the same fields, in the same words."""

import json
from collections.abc import Iterator
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdownify import ATX, MarkdownConverter
from wagtail.fields import RichTextField, StreamField
from wagtail.rich_text import expand_db_html

from caching import tags
from library.pictures import largest_file
from milestones.models import MilestonesPage
from news.models import NewsIndexPage, NewsPage
from pages.addresses import page_address
from pages.models import AboutPage, BasePage, HomePage
from translations import calendars
from translations.languages import Language, current_language, source_language
from translations.models import TranslatedRecord, translated_fields
from translations.models.records import own_children

from .changes import Changes

NEWEST = 20


class Converter(MarkdownConverter):
    """A quotation's author stands below it, and a picture's caption below the picture."""

    def convert_figure(self, element, text, parent_tags):
        return f"\n\n{text.strip()}\n\n"

    def convert_figcaption(self, element, text, parent_tags):
        words = " ".join(text.split())
        return f"\n\n— {words}\n\n" if "quote" in (element.parent.get("class") or []) else f"\n\n{words}\n\n"


def twin_address(page: BasePage, language: Language, request) -> str:
    return f"{page_address(page, language, request)}index.md"


def front_matter(page: BasePage, language: Language, request, changes: Changes) -> str:
    """What the page is, as YAML; a text in JSON is one in YAML too."""
    facts = {"title": str(page.localize("title")), "language": language.tag}
    facts["canonical"] = page_address(page, language, request)
    if isinstance(page, NewsPage):
        facts["date"] = page.date.isoformat()
    facts["modified"] = changes.modified_in(page, language).isoformat(timespec="seconds")
    if not language.is_source:
        facts["translation_of"] = page_address(page, source_language(), request)
    lines = (f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items())
    return "\n".join(["---", *lines, "---"])


def markdown_twin(page: BasePage, request) -> str:
    """A page in the active language as CommonMark, with its facts before it."""
    language, changes = current_language(), Changes()
    html = expand_db_html("".join(parts(page, request, changes)))
    soup = BeautifulSoup(html, "html.parser")
    base = page_address(page, language, request)
    for control in soup(["button", "script"]):
        control.decompose()
    for picture in soup("img", srcset=True):
        # The largest comes last.
        picture["src"] = picture["srcset"].split(",")[-1].split()[0]
    for element in soup(["a", "img"]):
        attribute = "href" if element.name == "a" else "src"
        element[attribute] = urljoin(base, element.get(attribute, ""))
    text = Converter(heading_style=ATX, bullets="-").convert_soup(soup).strip()
    lines = [line.rstrip() for line in text.splitlines()]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return f"{front_matter(page, language, request, changes)}\n\n" + "\n".join(kept) + "\n"


def parts(page: BasePage, request, changes: Changes) -> Iterator[SafeString]:
    """The page as plain HTML: its title, what a reader must know of it, its fields, and what it lists."""
    yield format_html("<h1>{}</h1>", page.localize("title"))
    yield from notes(page)
    if isinstance(page, NewsPage):
        day = calendars.long_date(page.date, current_language().code)
        category = f" · {page.category.localize('name')}" if page.category else ""
        yield format_html("<p>{}{}</p>", day, category)
        if page.lead_image:
            yield figure(page.lead_image)
    if isinstance(page, MilestonesPage) and (years := page.timeline()):
        yield format_html("<p>{}</p>", period(min(years), max(years)))
    hidden = {"title", *page.unseen_fields}
    for name in translated_fields(type(page)):
        if name not in hidden:
            yield field_as_html(page, name)
    yield from children_as_html(own_children(page))
    yield from lists(page, request, changes)


def period(first: int, last: int) -> str:
    if first == last:
        return _("The history of the Centre in %(year)s") % {"year": first}
    return _("The history of the Centre from %(first)s to %(last)s") % {"first": first, "last": last}


def notes(page: BasePage) -> Iterator[SafeString]:
    records = page.shown_records()
    if any(record.falls_back() for record in records):
        text = _("Parts of this page have not been translated yet and are shown in English.")
        yield format_html("<blockquote><p>{}</p></blockquote>", text)
    if page.is_machine_translated():
        text = _("This page was translated by machine, and the translation has not been reviewed yet.")
        yield format_html("<blockquote><p>{}</p></blockquote>", text)


def field_as_html(record: TranslatedRecord, name: str) -> SafeString:
    value = record.localize(name)
    if not value:
        return mark_safe("")
    field = record._meta.get_field(name)
    if isinstance(field, StreamField):
        return value.value.render_as_block()
    if isinstance(field, RichTextField):
        return mark_safe(value.value)  # noqa: S308
    if name == "pull_quote":
        return format_html("<blockquote>{}</blockquote>", mark_safe(linebreaks(str(value), autoescape=True)))  # noqa: S308
    return mark_safe(linebreaks(str(value), autoescape=True))  # noqa: S308


def children_as_html(children: list[TranslatedRecord]) -> Iterator[SafeString]:
    """The records that a page is made of, such as the Centre's functions: "**name**: text" each."""
    items = []
    for child in children:
        values = [str(value) for name in translated_fields(type(child)) if (value := child.localize(name))]
        if values:
            rest = format_html(": {}", " ".join(values[1:])) if values[1:] else ""
            items.append(format_html("<li><b>{}</b>{}</li>", values[0], rest))
    if items:
        yield format_html("<ul>{}</ul>", mark_safe("".join(items)))  # noqa: S308


def figure(image) -> SafeString:
    rendition = largest_file(image)
    if rendition is None:
        return mark_safe("")
    caption = " ".join(str(image.localize(name)) for name in ("caption", "credit")).strip()
    return format_html(
        '<figure><img src="{}" alt="{}">{}</figure>',
        rendition.url,
        image.localize("description"),
        format_html("<figcaption>{}</figcaption>", caption) if caption else "",
    )


def lists(page: BasePage, request, changes: Changes) -> Iterator[SafeString]:
    """What the page shows of other records."""
    language = current_language()
    if isinstance(page, HomePage):
        if page.functions():
            yield heading(_("What we do"))
            yield from children_as_html(page.functions())
        yield heading(_("Latest news"))
        yield links(changes.articles_on(page, language), request)
        yield heading(_("Recent milestones"))
        yield milestones(changes.milestones_on(page, language))
    elif isinstance(page, AboutPage):
        tags.shows(f"children:{page.path}")
        yield links(page.get_children().visible().in_language(), request)
    elif isinstance(page, MilestonesPage):
        for year, entries in page.timeline().items():
            yield heading(str(year))
            yield milestones(entries)
    elif isinstance(page, NewsIndexPage):
        yield links(page.articles().newest_first().without_texts()[:NEWEST], request)


def heading(text: str) -> SafeString:
    return format_html("<h2>{}</h2>", text)


def milestones(entries) -> SafeString:
    items = (
        format_html(
            "<li><b>{}</b>: {}</li>",
            entry.moment.phrase(current_language().code, with_year=True),
            entry.localize("text"),
        )
        for entry in entries
    )
    return format_html("<ul>{}</ul>", mark_safe("".join(items)))  # noqa: S308


def links(pages, request) -> SafeString:
    """A list of pages, each leading to its own twin."""
    items = []
    for page in pages:
        summary = page.localize("summary" if isinstance(page, NewsPage) else "search_description")
        day = f" ({page.date.isoformat()})" if isinstance(page, NewsPage) else ""
        items.append(
            format_html(
                '<li><a href="{}">{}</a>{}{}</li>',
                twin_address(page, current_language(), request),
                page.localize("title"),
                day,
                f": {summary}" if summary else "",
            )
        )
    return format_html("<ul>{}</ul>", mark_safe("".join(items)))  # noqa: S308
