"""The components of the site, each with when to use it and real examples from the site's own content.

A new template in one of the folders joins with one `Entry` here; a test names it until it does.

Of the other folders only `OTHERS` holds components. The rest of templates/search/ and templates/contact/ are
parts of one page each: a result, a filter or a question says what its page's own view has made, nothing
else includes it, and it is seen on that page.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import RichText

from library.downloads import Download
from library.models import CustomDocument, CustomImage
from milestones.chronicle import Chronicle
from milestones.models import Milestone
from news.archive import Archive
from news.models import NewsCategory, NewsPage
from pages.models import BasePage, FunctionsPage, HomePage
from pages.site import Announcement, HoldingPage, SiteSettings
from pages.surroundings import Item, Navigation, Picture
from pages.videos import video_at
from translations.languages import all_languages, column, current_language
from translations.states import State

TEMPLATES = settings.BASE_DIR / "templates"
FOLDERS = ("components", "navigation", "blocks")
# Components that live beside the page that they were first made for.
OTHERS = ("search/field.html",)
Context = dict[str, object]
# Where blocks stand.
TEXT = '<div class="prose">{}</div>'


@dataclass(frozen=True)
class Entry:
    """A component: its template, when to use it, {argument: what it is}, and {example: its context}.

    `around` is the HTML in which it stands, with "{}" in its place.
    """

    template: str
    use: str
    arguments: dict[str, str] = field(default_factory=dict)
    examples: Callable[[], dict[str, Context]] = lambda: {"As it is": {}}
    around: str = "{}"
    # What works unseen has no examples.
    is_seen: bool = True

    @property
    def name(self) -> str:
        return self.template.removesuffix(".html")

    @property
    def folder(self) -> str:
        return self.name.rpartition("/")[0]

    @property
    def short_name(self) -> str:
        return self.name.rpartition("/")[2]

    @property
    def code(self) -> str:
        """How a template includes it; a block is included by the text that it stands in."""
        if self.template.startswith("blocks/"):
            return "{% include_block block %}"
        given = " ".join(f"{name}={name}" for name in self.arguments)
        return f'{{% include "{self.template}"' + (f" with {given} only %}}" if given else " %}")

    @property
    def source(self) -> str:
        return (TEMPLATES / self.template).read_text()

    def in_its_place(self, html: SafeString) -> SafeString:
        return format_html(mark_safe(self.around), html)  # noqa: S308


def available() -> list[str]:
    """The templates of all components."""
    paths = (path for folder in FOLDERS for path in (TEMPLATES / folder).rglob("*.html"))
    return sorted([*OTHERS, *(str(path.relative_to(TEMPLATES)) for path in paths)])


def undescribed() -> list[str]:
    return sorted(set(available()) - {entry.template for entry in ENTRIES})


def article() -> NewsPage | None:
    return NewsPage.objects.live().order_by("-date").first()


def inner_page() -> BasePage | None:
    """A page with another above it."""
    page = BasePage.objects.live().filter(url_path__endswith="/about/mission/").first()
    return page.specific if page else None


def picture() -> CustomImage | None:
    page = article()
    return page.lead_image if page else None


def examples_with(record, examples: Callable[[object], dict[str, Context]]) -> dict[str, Context]:
    """The examples of a record; none where the site has no such record."""
    return examples(record) if record else {}


def with_page(page, name="A page of the site", **more) -> dict[str, Context]:
    return {name: {"page": page} | more} if page else {}


def notices() -> dict[str, Context]:
    page = inner_page()
    return {
        "Not translated": {"page": page, "is_missing": True},
        "In parts": {"page": page, "falls_back": True},
        "By machine": {"page": page, "machine_translated": True},
        "Older than the English": {"page": page, "outdated_since": timezone.now()},
    }


def functions() -> dict[str, Context]:
    page = FunctionsPage.objects.live().first()
    return {"The Centre's functions": {"functions": page.functions.all(), "level": 3}} if page else {}


def pictures() -> dict[str, Context]:
    return examples_with(
        picture(),
        lambda one: {
            "Whole": {"image": one, "shape": "whole"},
            "Wide, beside words that say what it shows": {"image": one, "shape": "wide", "decorative": True},
            "Square, as portraits are": {"image": one, "shape": "square"},
        },
    )


def sign_in() -> dict[str, Context]:
    forms = {
        "To be filled in": AuthenticationForm(auto_id="empty_%s"),
        "Sent without a password": AuthenticationForm(None, {"username": "editor"}, auto_id="sent_%s"),
    }
    for form in forms.values():
        # The guide would begin there.
        form.fields["username"].widget.attrs.pop("autofocus")
    return {name: {"form": form} for name, form in forms.items()}


def choices() -> dict[str, Context]:
    def of(year: int, count: int, **more) -> Context:
        return {"value": year, "count": count, "url": f"?year={year}", **more}

    return {
        "To be chosen": of(2026, 12),
        "Chosen": of(2026, 12, chosen=2026),
        "With nothing left": of(2020, 0),
    }


def language_links() -> dict[str, Context]:
    here = current_language()
    other = next(language for language in all_languages() if language != here)
    return {
        "Another language": {"other": other, "url": f"/{other.code}/"},
        "The one being read": {"other": here, "url": f"/{here.code}/", "reading": here},
    }


def news_choices() -> dict[str, Context]:
    articles = NewsPage.objects.live()
    counts = Archive.from_query(articles.tally(), NewsCategory.objects.in_bulk, {}).counts
    if not counts:
        return {}
    years = {year for year, _category in counts}
    if len(years) == 1:
        # One year offers no choice: beside it stands the year before, of which there is nothing.
        counts = counts | {(min(years) - 1, None): 0}
    return {
        "All of it": {"archive": Archive(counts)},
        "A year is chosen": {"archive": Archive(counts, year=max(years))},
    }


def chronicle() -> Chronicle | None:
    by_year = Milestone.objects.live().by_year()
    return Chronicle(by_year) if by_year else None


def timeline_choices() -> dict[str, Context]:
    def examples(everything: Chronicle) -> dict[str, Context]:
        theme = next(iter(everything.themes()), None)
        narrowed = Chronicle(everything.by_year, theme=theme, year=everything.last_year)
        return {"All of it": {"chronicle": everything}, "Narrowed": {"chronicle": narrowed}}

    return examples_with(chronicle(), examples)


def timeline_dots() -> dict[str, Context]:
    def examples(everything: Chronicle) -> dict[str, Context]:
        theme = next(iter(everything.themes()), None)
        narrowed = Chronicle(everything.by_year, theme=theme)
        fullest = max(narrowed.year_choices(), key=lambda choice: len(everything.by_year[choice.year]))
        return {"The fullest year, with a theme chosen": {"choice": fullest, "chronicle": narrowed}}

    return examples_with(chronicle(), examples)


def timeline_summary() -> dict[str, Context]:
    def examples(everything: Chronicle) -> dict[str, Context]:
        by_year = everything.by_year
        found = {
            "All of it": {"chronicle": everything},
            "Of one year": {"chronicle": Chronicle(by_year, year=everything.last_year)},
        }
        for theme in everything.themes():
            for choice in Chronicle(by_year, theme=theme).year_choices():
                if not choice.count:
                    return found | {
                        "Nothing": {"chronicle": Chronicle(by_year, theme=theme, year=choice.year)}
                    }
        return found

    return examples_with(chronicle(), examples)


def pages_meant() -> dict[str, Context]:
    """As ichei_site/wrong_addresses.py finds pages, which this room may not import."""

    def meant(page: BasePage, **more) -> SimpleNamespace:
        return SimpleNamespace(page=page, address=page.url_in(current_language().code), **more)

    def examples(page: BasePage) -> dict[str, Context]:
        others = [each for each in all_languages() if each != current_language()]
        elsewhere = [(each, page.url_in(each.code)) for each in others]
        return {
            "At the very place": {
                "meant": [meant(page, is_here=True, is_missing=False, elsewhere=elsewhere)]
            },
            "Of the same name": {
                "meant": [
                    meant(one, is_here=False, is_missing=False, elsewhere=[])
                    for one in (page, page.get_parent().specific)
                ]
            },
        }

    return examples_with(inner_page(), examples)


def documents() -> dict[str, Context]:
    """Unsaved documents under the title of a page: nobody has uploaded any to begin with."""

    def examples(page: BasePage) -> dict[str, Context]:
        title = page.localize("title")
        files = [
            Download(
                CustomDocument(
                    pk=0,
                    title=str(title),
                    file=f"mission-{language.tag.lower()}.pdf",
                    file_size=1_234_000,
                    language=language.code,
                )
            )
            for language in all_languages()
        ]
        mine = next(file for file in files if file.language == current_language())
        others = tuple(file for file in files if file is not mine)
        reader = {"reader": current_language()}
        return {
            "In one language": {"offers": [mine]} | reader,
            "In all languages": {"offers": [Download(mine.document, others)]} | reader,
        }

    return examples_with(inner_page(), examples)


def videos() -> dict[str, Context]:
    """The words of a page stand in for those of a video, of which the site has none to begin with."""

    def examples(page: BasePage) -> dict[str, Context]:
        value = {"title": str(page.localize("title")), "transcript": paragraph()}
        # What nearly everybody's first video is: the first that YouTube ever showed.
        video = video_at("https://www.youtube.com/watch?v=jNQXAC9IVRw")
        return {
            "With a picture in its place": {"value": value | {"poster": page_picture()}, "video": video},
            "Its site is no longer allowed": {"value": value},
        }

    return examples_with(inner_page(), examples)


def quotes() -> dict[str, Context]:
    """The words of the home page about the Centre's mission."""

    def examples(home: HomePage) -> dict[str, Context]:
        text = str(home.localize("mission"))
        return {
            "With its author": {"value": {"text": text, "attribution": "UNESCO-ICHEI"}},
            "Alone": {"value": {"text": text}},
        }

    return examples_with(HomePage.objects.first(), examples)


def title_in_a_text() -> dict[str, Context]:
    return examples_with(inner_page(), lambda one: {"In a text": {"value": str(one.localize("title"))}})


def paragraph() -> RichText | None:
    page = inner_page()
    blocks = page.localize("body").value if page else []
    return next((block.value for block in blocks if block.block_type == "text"), None)


def page_picture() -> CustomImage | None:
    home = HomePage.objects.first()
    return home.lead_image if home else None


def surrounded_by(**more) -> HttpRequest:
    """A request to a site around whose pages this stands."""
    request = HttpRequest()
    request._navigation = Navigation(**more)
    return request


def banners() -> dict[str, Context]:
    """Unsaved announcements in the words of a page."""

    def announcement(page: BasePage, level: str) -> Item:
        record = Announcement(level=level)
        for language in all_languages():
            for name, words in {"title": "title", "text": "lead"}.items():
                setattr(record, column(name, language), str(page.localize(words, language)))
            record.translation_status[language.code] = {"state": State.APPROVED}
        return Item(record)

    def examples(page: BasePage) -> dict[str, Context]:
        both = [announcement(page, level) for level in Announcement.Level.values]
        closed, banner = (
            HoldingPage(mode=mode) for mode in (HoldingPage.Mode.CLOSED, HoldingPage.Mode.BANNER)
        )
        return {
            "Announcements": {"request": surrounded_by(announcements=both)},
            "The holding page as a banner": {"request": surrounded_by(holding=banner)},
            "For staff, while the site is closed": {"request": surrounded_by(holding=closed)},
        }

    return examples_with(inner_page(), examples)


def holding_words() -> dict[str, Context]:
    soon = timezone.now() + timedelta(days=1)
    return {
        "Above a page": {"holding": HoldingPage()},
        "In its place": {"holding": HoldingPage(back_at=soon), "is_page": True},
    }


class Untranslated:
    """Any record that a list shows in English, also to those who read the guide in English."""

    def falls_back_in_lists(self) -> bool:
        return True


ENTRIES = (
    Entry(
        "components/article_card.html",
        "An article in a list: on the home page and in the news. The whole card is its link.",
        {"article": "a NewsPage", "level": "the level of its heading, 2 or 3"},
        lambda: examples_with(article(), lambda one: {"The newest": {"article": one, "level": 3}}),
        around='<div class="cards">{}</div>',
    ),
    Entry(
        "components/body.html",
        "The text of a page, made of the blocks below.",
        {"page": "any page with a body"},
        lambda: with_page(inner_page()),
    ),
    Entry(
        "components/fallback_notice.html",
        "Above a list whose entries come from elsewhere, where some are shown in English.",
        {"records": "the entries of the list"},
        lambda: {"One in English": {"records": [Untranslated()]}},
    ),
    Entry(
        "components/figure.html",
        "A picture with its caption and its credit, in the size that the screen needs.",
        {
            "image": "a CustomImage",
            "caption": "in place of the picture's own, or nothing",
            "loading": "“eager” for what is seen at once",
        },
        lambda: examples_with(
            picture(),
            lambda one: {
                "Its own caption": {"image": one},
                "Another caption": {"image": one, "caption": str(one.localize("description"))},
            },
        ),
        around=TEXT,
    ),
    Entry(
        "components/form_fields.html",
        "The fields of one of Django's short forms: to sign in, to give a password. Contact has its own.",
        {"form": "a Form"},
        sign_in,
        around='<div class="sign-in">{}</div>',
    ),
    Entry(
        "components/choice.html",
        "A choice that narrows a list, with how many records it would leave; in a list of chips.",
        {
            "value": "what it chooses, such as a year; shown if there is no name",
            "name": "a LocalizedValue, if the value has one",
            "chosen": "the value that a reader did choose",
            "url": "where it leads",
            "count": "how many records would be left; without any it is no link",
        },
        choices,
        around='<div class="chips">{}</div>',
    ),
    Entry(
        "components/count.html",
        "How many records a choice leaves, after its name; whoever hears the page hears “12 results”.",
        {"count": "a number"},
        lambda: {"Many": {"count": 12}, "None": {"count": 0}},
        around='<p class="meta">2026 {}</p>',
    ),
    Entry(
        "components/functions.html",
        "The four functions with their icons.",
        {"functions": "the functions of a FunctionsPage", "level": "the level of their headings, 2 or 3"},
        functions,
    ),
    Entry(
        "components/language_link.html",
        "A link to a page in another language, by that language's own name.",
        {
            "other": "a Language",
            "url": "the address of the page in it",
            "reading": "the Language that is being read, where it is one of those to choose from",
        },
        language_links,
    ),
    Entry(
        "components/lead_story.html",
        "The newest article, large at the front of the news; once a page. Elsewhere use article_card.",
        {"article": "a NewsPage"},
        lambda: examples_with(article(), lambda one: {"The newest": {"article": one}}),
    ),
    Entry(
        "components/news_choices.html",
        "Links that narrow the news by category and year, each with how many articles it would leave.",
        {"archive": "an Archive of news/archive.py"},
        news_choices,
        around='<div class="news">{}</div>',
    ),
    Entry(
        "components/page_header.html",
        "The heading of a page, with its lead where its type has one.",
        {"page": "any page", "has_lead": "whether its type has a lead"},
        lambda: (
            with_page(BasePage.objects.live().filter(depth=3).first(), has_lead=False)
            | with_page(inner_page(), "Another", has_lead=False)
        ),
    ),
    Entry(
        "components/pages_meant.html",
        "On the page of a wrong address: what its reader may have been looking for.",
        {"meant": "what ichei_site/wrong_addresses.py found, at least one"},
        pages_meant,
    ),
    Entry(
        "components/picture.html",
        "A picture without caption, in one of the shapes of library/pictures.py. In a text use figure.",
        {
            "image": "a CustomImage",
            "shape": "“whole”, “wide” (16:9) or “square”",
            "sizes": "how wide it is shown, if not as the shape says",
            "loading": "“eager” for the picture that readers wait for, one a page",
            "decorative": "whether words beside it say what it shows",
            "in_fallback": "whether the text around it is in the source language",
        },
        pictures,
    ),
    Entry(
        "components/timeline_choices.html",
        "Links that narrow the timeline by theme and year, and an overview of its years.",
        {"chronicle": "a Chronicle of milestones/chronicle.py"},
        timeline_choices,
        around='<div class="milestones">{}</div>',
    ),
    Entry(
        "components/timeline_dots.html",
        "A column with a dot for each milestone of a year, for the eye alone; part of timeline_choices.",
        {"choice": "a YearChoice", "chronicle": "the Chronicle that it belongs to"},
        timeline_dots,
        around='<div class="overview">{}</div>',
    ),
    Entry(
        "components/timeline_entry.html",
        'One milestone; it stands in an <ol class="timeline">.',
        {"milestone": "a Milestone", "with_year": "whether its date names the year"},
        lambda: examples_with(
            Milestone.objects.first(),
            lambda one: {
                "With its year": {"milestone": one, "with_year": True},
                "Below its year": {"milestone": one, "with_year": False},
            },
        ),
        around='<ol class="timeline">{}</ol>',
    ),
    Entry(
        "components/timeline_summary.html",
        "How many milestones are shown, and how to see more of them.",
        {"chronicle": "a Chronicle of milestones/chronicle.py"},
        timeline_summary,
        around='<div class="milestones"><div class="shown">{}</div></div>',
    ),
    Entry(
        "components/translation_notice.html",
        "Above a page that is not, or not quite, in the reader's language. base.html includes it.",
        {},
        notices,
    ),
    Entry(
        "navigation/analytics.html",
        "Counts visits with the program that the settings of the site name. base.html includes it.",
        is_seen=False,
    ),
    Entry(
        "navigation/banner.html",
        "Above the content of every page: announcements, the holding page. base.html includes it.",
        {},
        banners,
    ),
    Entry(
        "navigation/breadcrumbs.html",
        "The way back up, on every page but the home page. base.html includes it.",
        {},
        lambda: with_page(inner_page()),
    ),
    Entry(
        "navigation/centre_name.html",
        "The Centre's name as staff have set it, or else the usual one.",
        {"settings": "the SiteSettings, or None"},
        lambda: {"The usual one": {"settings": None}},
    ),
    Entry(
        "navigation/holding_words.html",
        "What the holding page says, in the place of a page or in the banner above one.",
        {"holding": "the HoldingPage", "is_page": "whether it stands in the place of a page"},
        holding_words,
    ),
    Entry(
        "navigation/logo.html",
        "The Centre's own logo, if staff have chosen one in the settings of the site; part of header.",
        {"logo": "a Picture of pages/surroundings.py", "settings": "the SiteSettings"},
        lambda: {
            "The site's icon in its place": {
                "logo": Picture(static("icons/icon-192.png"), 192, 192),
                "settings": SiteSettings(),
            }
        },
        around='<div class="wordmark">{}</div>',
    ),
    Entry(
        "navigation/section.html",
        "The other pages of a section of the menu, beside a text: the second column of .with-aside.",
        {},
        lambda: with_page(inner_page()),
    ),
    Entry(
        "navigation/header.html",
        "Above every page: languages, name and menu. base.html includes it.",
        {},
        lambda: with_page(HomePage.objects.first()),
    ),
    Entry(
        "navigation/footer.html",
        "Below every page. base.html includes it.",
        {},
        lambda: with_page(HomePage.objects.first()),
    ),
    Entry(
        "blocks/body.html",
        "A text: its blocks one after the other.",
        {},
        lambda: examples_with(inner_page(), lambda one: {"A page's text": {"value": one.body}}),
        TEXT,
    ),
    Entry(
        "blocks/documents.html",
        "Documents to download, each in the reader's language where there is such a file.",
        {},
        documents,
        TEXT,
    ),
    Entry("blocks/heading.html", "A heading in a text.", {}, title_in_a_text, TEXT),
    Entry("blocks/subheading.html", "A heading below that.", {}, title_in_a_text, TEXT),
    Entry(
        "blocks/text.html",
        "Paragraphs, lists and links.",
        {},
        lambda: examples_with(paragraph(), lambda one: {"A paragraph": {"value": one}}),
        TEXT,
    ),
    Entry(
        "blocks/figure.html",
        "A picture in a text; it shows components/figure.",
        {},
        lambda: examples_with(picture(), lambda one: {"In a text": {"value": {"image": one, "caption": ""}}}),
        TEXT,
    ),
    Entry(
        "blocks/quote.html",
        "A quotation, with or without its author.",
        {},
        quotes,
        TEXT,
    ),
    Entry(
        "blocks/video.html",
        "A video of another site: nothing of it loads before the reader asks; its transcript stands below.",
        {},
        videos,
        TEXT,
    ),
    Entry(
        "search/field.html",
        "Where readers search: in the header, on the page of the search and on that of a wrong address.",
        {
            "id": "the beginning of the ids in it",
            "query": "what stands in the field, or nothing",
            "is_quiet": "whether its label is for screen readers alone",
        },
        lambda: {
            "With its label": {"id": "example", "query": "UNESCO"},
            "In the header": {"id": "example-quiet", "is_quiet": True},
        },
    ),
)
