"""The components of the site, each with when to use it and real examples from the site's own content.

A new template in one of the folders joins with one `Entry` here; a test names it until it does.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.utils import timezone
from wagtail.rich_text import RichText

from library.models import CustomImage
from milestones.models import Milestone
from news.models import NewsPage
from pages.models import BasePage, FunctionsPage, HomePage

TEMPLATES = settings.BASE_DIR / "templates"
FOLDERS = ("components", "navigation", "blocks")
Context = dict[str, object]
MOTTO = "Building peace in the minds of men and women"


@dataclass(frozen=True)
class Entry:
    """A component: its template, when to use it, {argument: what it is}, and {example: its context}."""

    template: str
    use: str
    arguments: dict[str, str] = field(default_factory=dict)
    examples: Callable[[], dict[str, Context]] = lambda: {"As it is": {}}

    @property
    def name(self) -> str:
        return self.template.removesuffix(".html")

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


def available() -> list[str]:
    """The templates of all components."""
    paths = (path for folder in FOLDERS for path in (TEMPLATES / folder).rglob("*.html"))
    return sorted(str(path.relative_to(TEMPLATES)) for path in paths)


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
                "Another caption": {"image": one, "caption": "Shenzhen, 2025"},
            },
        ),
    ),
    Entry(
        "components/functions.html",
        "The four functions with their icons.",
        {"functions": "the functions of a FunctionsPage", "level": "the level of their headings, 2 or 3"},
        functions,
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
    ),
    Entry(
        "components/translation_notice.html",
        "Above a page that is not, or not quite, in the reader's language. base.html includes it.",
        {},
        notices,
    ),
    Entry(
        "navigation/breadcrumbs.html",
        "The way back up, on every page but the home page. base.html includes it.",
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
    ),
    Entry("blocks/heading.html", "A heading in a text.", {}, lambda: {"In a text": {"value": "2014"}}),
    Entry("blocks/subheading.html", "A heading below that.", {}, lambda: {"In a text": {"value": "2014"}}),
    Entry(
        "blocks/text.html",
        "Paragraphs, lists and links.",
        {},
        lambda: {"A paragraph": {"value": RichText("<p>UNESCO <b>ICHEI</b>, <a href='/'>2014</a></p>")}},
    ),
    Entry(
        "blocks/figure.html",
        "A picture in a text; it shows components/figure.",
        {},
        lambda: examples_with(picture(), lambda one: {"In a text": {"value": {"image": one, "caption": ""}}}),
    ),
    Entry(
        "blocks/quote.html",
        "A quotation, with or without its author.",
        {},
        lambda: {
            "With its author": {"value": {"text": MOTTO, "attribution": "UNESCO"}},
            "Alone": {"value": {"text": MOTTO}},
        },
    ),
)
