"""How long a search takes among 50,000 articles in six languages: `make bench-search`.

The articles are made of the site's own words, the frequent ones often, with a fixed seed. Bound: 95 of 100
searches within 150 ms, without the page around them. It runs in a scratch database, on SQLite or, if
DATABASE_URL names one, on PostgreSQL, where it makes a database of its own beside the named one and removes
it again. `ARTICLES=5000` makes fewer, `LANGUAGES=en,ar` in fewer languages. Time of the processor is this
process's own: on SQLite all of it, on PostgreSQL without the server's.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="ichei-bench-")
os.environ["DJANGO_SETTINGS_MODULE"] = "ichei_site.settings.dev"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from pages.models import BasePage  # noqa: E402
from search.index import heads, terms  # noqa: E402
from search.models import Entry, EntryText, Word  # noqa: E402
from search.query import parse  # noqa: E402
from search.results import did_you_mean, in_other_languages, search  # noqa: E402
from translations.languages import all_languages  # noqa: E402

ARTICLES = int(os.environ.get("ARTICLES", "50000"))
WANTED = os.environ.get("LANGUAGES", ",".join(language.code for language in all_languages())).split(",")
LANGUAGES = [language for language in all_languages() if language.code in WANTED]
QUERIES, MILLISECONDS, BATCH = 240, 150, 1000
WORDS = {"title": 7, "summary": 18, "body": 110}


class Writer:
    """Writes texts of a language from the words that the site has in it, as often as it has them."""

    def __init__(self, language: str, chance: random.Random):
        self.language, self.chance = language, chance
        self.joint = "" if language.startswith("zh") else " "
        words = Word.objects.filter(language=language, count__gt=0).order_by("word")
        self.words = [word for word in words.values_list("word", flat=True) if len(word) > 1]
        # The most frequent word about as often as each page has it, the rest after Zipf's law.
        by_count = dict(words.values_list("word", "count"))
        order = sorted(self.words, key=lambda word: -by_count[word])
        # A language has more words than the site has used yet.
        self.words = order + [f"{word}{number}" for number in range(3) for word in order]
        self.weights = [1 / (place + 5) for place in range(len(self.words))]
        self.total = []
        sum_so_far = 0.0
        for weight in self.weights:
            sum_so_far += weight
            self.total.append(sum_so_far)

    def text(self, words: int) -> str:
        return self.joint.join(self.chance.choices(self.words, cum_weights=self.total, k=words))


def make_pages() -> list[int]:
    """Bare pages below the list of news, for the articles to stand on."""
    news = BasePage.objects.get(url_path="/home/news/").specific
    first = 1000
    for start in range(0, ARTICLES, BATCH):
        BasePage.objects.bulk_create(
            BasePage(
                title_en=f"Article {number}",
                title=f"Article {number}",
                draft_title="",
                slug=f"article-{number}",
                url_path=f"/home/news/article-{number}/",
                path=news.path + BasePage._int2str(first + number).rjust(BasePage.steplen, "0"),
                depth=news.depth + 1,
                content_type_id=news.content_type_id,
                locale_id=news.locale_id,
                live=True,
            )
            for number in range(start, min(start + BATCH, ARTICLES))
        )
    return list(
        BasePage.objects.filter(slug__startswith="article-").order_by("pk").values_list("pk", flat=True)
    )


def fill(numbers: list[int]) -> None:
    chance = random.Random(2026)
    for language in LANGUAGES:
        code, writer = language.code, Writer(language.code, chance)
        for start in range(0, len(numbers), BATCH):
            entries, texts = [], []
            for number in numbers[start : start + BATCH]:
                title, summary, body = (writer.text(words) for words in WORDS.values())
                day = date(2010, 1, 1) + timedelta(days=chance.randrange(6000))
                entries.append(
                    Entry(
                        label="news.newspage", object_id=10**6 + number, language=code, kind="article",
                        year=day.year, date=day, page_id=number, title=title, digest="bench",
                    )
                )  # fmt: skip
                texts.append((title, summary, body))
            with transaction.atomic():
                made = Entry.objects.bulk_create(entries)
                EntryText.objects.bulk_create(
                    EntryText(
                        entry=entry,
                        shown=f"{summary}\n{body}",
                        title_terms=terms(title, code),
                        summary_terms=terms(summary, code),
                        body_terms=terms(body, code),
                        heads=heads(title, code),
                    )
                    for entry, (title, summary, body) in zip(made, texts, strict=True)
                )


def queries() -> Iterator[tuple[str, str, dict]]:
    """(language, what is typed, filters): frequent and rare words, several, phrases, slips, other pages."""
    chance = random.Random(7)
    for language in LANGUAGES:
        writer = Writer(language.code, chance)
        for number in range(QUERIES // len(LANGUAGES)):
            filters = {}
            match number % 8:
                case 0:
                    typed = writer.text(1)
                case 1:
                    typed = chance.choice(writer.words[:20])
                case 2 | 3:
                    typed = " ".join(writer.text(1) for _word in range(2))
                case 4:
                    typed = " ".join(writer.text(1) for _word in range(4))
                case 5:
                    typed = f"“{writer.text(2)}”"
                case 6:
                    word = chance.choice(writer.words[:500])
                    typed = word[:2] + "q" + word[3:]
                case _:
                    typed, filters = writer.text(1), {"year": 2020, "page": 3}
            yield language.code, typed, filters


def searched(code: str, typed: str, filters: dict) -> int:
    """All that the page asks of the index."""
    query = parse(typed, code)
    found = search(query, **filters)
    if found.unfiltered_total <= 5:
        in_other_languages(query.text, code)
    if not found.unfiltered_total:
        did_you_mean(query)
    return found.total


def table(name: str, times: list[float]) -> float:
    ordered = sorted(times)
    high = ordered[int(len(ordered) * 0.95)]
    print(f"{name:<34}{len(times):>8}{statistics.median(times):>8.0f}{high:>8.0f}{ordered[-1]:>8.0f}")
    return high


def prepare() -> None:
    call_command("migrate", verbosity=0)
    call_command("load_content", verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver"]
    start = time.perf_counter()
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if postgresql:
            # Built at once afterwards, which is quicker than row by row.
            cursor.execute("DROP INDEX search_vector")
        fill(make_pages())
        if postgresql:
            cursor.execute(
                "CREATE INDEX search_vector ON search_entrytext USING gin (vector) WITH (fastupdate = off)"
            )
        cursor.execute("ANALYZE")
    print(
        f"{connection.vendor}: {Entry.objects.count()} entries, {Word.objects.count()} words, "
        f"made in {time.perf_counter() - start:.0f} s.\n"
    )


def measure() -> int:
    prepare()
    asked = list(queries())
    client = Client()
    client.get("/en/search/?q=unesco")
    times, at_work, of_view, empty, found = {}, [], [], 0, []
    for code, typed, filters in asked:
        start, of_processor = time.perf_counter(), time.process_time()
        total = searched(code, typed, filters)
        at_work.append((time.process_time() - of_processor) * 1000)
        times.setdefault(code, []).append((time.perf_counter() - start) * 1000)
        found.append(total)
        empty += not total
        start = time.perf_counter()
        response = client.get(f"/{code}/search/", {"q": typed} | filters)
        of_view.append((time.perf_counter() - start) * 1000)
        assert response.status_code == 200, typed
    print(
        f"{len(asked)} searches find {statistics.median(found):.0f} entries in the middle, "
        f"{max(found)} at most; {empty} find nothing.\n"
    )
    print(f"{'milliseconds':<34}{'number':>8}{'p50':>8}{'p95':>8}{'most':>8}")
    for code, of_language in times.items():
        table(code, of_language)
    high = table("all, the search alone", [value for values in times.values() for value in values])
    table("the same, time of the processor", at_work)
    table("all, the whole page", of_view)
    if high > MILLISECONDS:
        print(f"\nOver its bound of {MILLISECONDS} ms.")
    return int(high > MILLISECONDS)


def main() -> int:
    if connection.vendor == "sqlite":
        return measure()
    # Never in the named database itself.
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return measure()
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    sys.exit(main())
