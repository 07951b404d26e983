"""Many articles at once, as a news room writes them in years: for measuring what grows with the content.

Each is in six languages, with approved translations, a category, one of the pictures of the starting content
and a text of a usual length. They have no revisions, and the index of the search knows nothing of them.
"""

import json
import random
import uuid
from datetime import UTC, date, datetime, time, timedelta
from itertools import batched

from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from caching import journal
from library.models import CustomImage
from milestones.models import Milestone
from news.models import NewsCategory, NewsIndexPage, NewsPage
from pages import surroundings
from pages.models import BasePage
from translations.languages import Language, all_languages, column, source_language, target_languages
from translations.states import Origin, State

FIRST_DAY, LAST_DAY = date(2010, 1, 1), date(2026, 6, 30)
BATCH = 1000
LONGEST_TITLE = 120
# Beside those of the starting content: as many as a reader can take in.
CATEGORIES = ("conferences", "training", "publications", "partners", "visits")
# Of a hundred articles.
WITHOUT_CATEGORY, WITHOUT_PICTURE, UNTRANSLATED, UNPUBLISHED = 3, 20, 10, 2


class Writer:
    """Writes titles, summaries and texts in each language from what the starting content says in it."""

    def __init__(self, chance: random.Random):
        self.chance = chance
        self.sayings = {
            language: [
                text for milestone in Milestone.objects.live() if (text := own(milestone, "text", language))
            ]
            for language in all_languages()
        }
        pages = NewsPage.objects.live()[:20]
        self.bodies = {
            language: [encoded(body) for page in pages if (body := getattr(page, column("body", language)))]
            for language in all_languages()
        }

    def columns(self, number: int, language: Language) -> dict[str, object]:
        """{column: value} of an article's words in a language."""
        sayings = self.sayings[language]
        title, summary = self.chance.choice(sayings), self.chance.choice(sayings)
        return {
            column("title", language): f"{title[:LONGEST_TITLE]} ({number})",
            column("summary", language): summary,
            column("body", language): self.chance.choice(self.bodies[language]),
        }


def encoded(body) -> str:
    """A text as the database holds it: to take it apart and put it together for each row takes minutes."""
    value = NewsPage._meta.get_field("body").get_prep_value(body)
    return value if isinstance(value, str) else json.dumps(value, cls=DjangoJSONEncoder)


def own(record, name: str, language: Language) -> str:
    return getattr(record, column(name, language)) or ""


def grow(articles: int, seed: int = 2026) -> None:
    """Adds this many articles below the list of news, the same ones for the same seed.

    The starting content has to be there (`load_content`); raises `NewsIndexPage.DoesNotExist` without it.
    What is kept is forgotten, and the database counts its rows anew, as it does by itself after a while.
    """
    index = NewsIndexPage.objects.get()
    categories, pictures = all_categories(), list(CustomImage.objects.order_by("pk"))
    last = index.get_children().order_by("path").last()
    first = BasePage._str2int(last.path[-BasePage.steplen :]) + 1 if last else 1
    writer = Writer(random.Random(f"{seed} {first}"))
    for numbers in batched(range(first, first + articles), BATCH):
        made = [article(number, index, writer, categories, pictures) for number in numbers]
        store(made)
    with transaction.atomic():
        BasePage.objects.filter(pk=index.pk).update(numchild=index.get_children().count())
        journal.forget_all()
        surroundings.renew()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def all_categories() -> list[NewsCategory]:
    for slug in CATEGORIES:
        if not NewsCategory.objects.filter(slug=slug).exists():
            NewsCategory.objects.create(slug=slug, name_en=slug.title())
    return list(NewsCategory.objects.order_by("pk"))


def article(number: int, index, writer: Writer, categories, pictures) -> tuple[BasePage, dict[str, object]]:
    """(page, {column: value} of its row as an article), not stored yet, as Wagtail would have filled them in.

    The keys are column names of the table of articles, but for the page's own number.
    """
    chance = writer.chance
    day = FIRST_DAY + timedelta(days=chance.randrange((LAST_DAY - FIRST_DAY).days))
    moment = datetime.combine(day, time(3), UTC)
    words = {}
    languages = all_languages() if chance.randrange(100) >= UNTRANSLATED else (source_language(),)
    for language in languages:
        words |= writer.columns(number, language)
    approved = {"state": State.APPROVED.value, "origin": Origin.HUMAN.value, "sources": {}}
    slug = f"report-{number}"
    source = words[column("title", source_language())]
    titles = {name: value for name, value in words.items() if name.startswith("title")}
    page = BasePage(
        path=index.path + BasePage._int2str(number).rjust(BasePage.steplen, "0"),
        depth=index.depth + 1,
        slug=slug,
        url_path=f"{index.url_path}{slug}/",
        title=source,
        draft_title=source,
        content_type=ContentType.objects.get_for_model(NewsPage),
        locale_id=index.locale_id,
        translation_key=uuid.uuid5(index.translation_key, slug),
        live=chance.randrange(100) >= UNPUBLISHED,
        first_published_at=moment,
        last_published_at=moment,
        translation_status={
            language.code: approved | {"at": moment.isoformat(), "by": None}
            for language in target_languages()
            if column("title", language) in words
        },
        **titles,
    )
    row = {
        "date": day,
        "category_id": chance.choice(categories).pk if chance.randrange(100) >= WITHOUT_CATEGORY else None,
        "lead_image_id": chance.choice(pictures).pk if chance.randrange(100) >= WITHOUT_PICTURE else None,
        "summary": words[column("summary", source_language())],
        "body": words[column("body", source_language())],
    }
    return page, row | {name: value for name, value in words.items() if name not in titles}


@transaction.atomic
def store(articles: list[tuple[BasePage, dict[str, object]]]) -> None:
    """Two rows each; Django itself makes no rows of a model with a parent in bulk."""
    pages = BasePage.objects.bulk_create(page for page, _row in articles)
    columns = [field.column for field in NewsPage._meta.local_concrete_fields]
    parent = NewsPage._meta.pk.column
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    marks = ", ".join(["%s"] * len(columns))
    rows = (
        [page.pk if name == parent else row.get(name) for name in columns]
        for page, (_page, row) in zip(pages, articles, strict=True)
    )
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {NewsPage._meta.db_table} ({names}) VALUES ({marks})", rows)
