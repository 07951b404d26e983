"""Finds, counts, ranks and pages."""

from collections import Counter
from dataclasses import dataclass, field
from math import log2

from django.db import connection
from django.db.models import Count, F
from django.db.models.expressions import RawSQL

from translations.languages import all_languages

from . import analysis, words
from .index import prefix, title_word
from .models import Entry, EntryText
from .query import (
    LONGEST_QUERY,
    MOST_UNITS,
    AnyOf,
    Beginnings,
    Query,
    TitleQuery,
    Unit,
    parse,
    tidy,
    words_in,
)

PER_PAGE = 10
# Among so many, the database's own first ones, the order is made with care.
RANKED = 200
# Nobody reads on, and a database has to count its way to each page.
MOST_PAGES = 100

MATCHES = {
    "sqlite": ("SELECT rowid FROM search_fts WHERE search_fts MATCH %s", lambda query: query.fts5()),
    "postgresql": ("SELECT entry FROM search_matches(%s::tsquery) AS entry", lambda query: query.tsquery()),
}


def matching(query: Query | TitleQuery | AnyOf | Beginnings) -> RawSQL:
    """The numbers of all entries that a query matches, for `pk__in`."""
    sql, words_for_it = MATCHES[connection.vendor]
    return RawSQL(sql, [words_for_it(query)])  # noqa: S611 -- one parameter and no more


@dataclass
class Results:
    query: Query
    kind: str = ""
    year: int | None = None
    page: int = 1
    entries: list[Entry] = field(default_factory=list)
    # {(kind, year): number of entries} of all that match, whatever the filters.
    counts: Counter = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """How many there are of the chosen kind and year."""
        return sum(self.kinds(self.kind).values()) if self.kind else sum(self.kinds().values())

    @property
    def unfiltered_total(self) -> int:
        return sum(self.counts.values())

    @property
    def pages(self) -> int:
        return min(-(-self.total // PER_PAGE), MOST_PAGES)

    def kinds(self, only: str = "") -> dict[str, int]:
        """{kind: number of entries} in the chosen year."""
        found = Counter()
        for (kind, year), count in self.counts.items():
            if (self.year is None or year == self.year) and (not only or kind == only):
                found[kind] += count
        return dict(found)

    def years(self) -> dict[int, int]:
        """{year: number of entries} of the chosen kind, the newest first."""
        found = Counter()
        for (kind, year), count in self.counts.items():
            if year is not None and (not self.kind or kind == self.kind):
                found[year] += count
        return dict(sorted(found.items(), reverse=True))


def search(query: Query, kind: str = "", year: int | None = None, page: int = 1) -> Results:
    """A page of what a query finds, with the counts of all; two to four queries."""
    results = Results(query, kind, year, page)
    if not query:
        return results
    wanted = max(1, min(page, MOST_PAGES))
    results.counts, numbers = _look_up(results, wanted)
    results.page = max(1, min(wanted, results.pages))
    if results.page < wanted and _is_beyond(wanted):
        _counts, numbers = _look_up(results, results.page)
    if not _is_beyond(results.page):
        first = (results.page - 1) * PER_PAGE
        numbers = ranked(numbers, query)[first : first + PER_PAGE]
    found = Entry.objects.select_related("page", "text").in_bulk(numbers)
    results.entries = [found[number] for number in numbers if number in found]
    return results


def _is_beyond(page: int) -> bool:
    """Whether a page lies behind the entries whose order is made with care."""
    return page * PER_PAGE > RANKED


# In one statement, since to look for the words is what takes the time among many thousands: counts and first
# entries share it. What has the words in its title comes first, then the newest.
LOOK_UP = """
    WITH found AS MATERIALIZED (
        SELECT id, kind, year, date FROM search_entry WHERE id IN ({matches}) AND language = %s
    ), first AS (
        SELECT id, id IN ({matches}) AS is_in_title, date FROM found WHERE {conditions}
        ORDER BY is_in_title DESC, date DESC NULLS LAST, id DESC LIMIT %s OFFSET %s
    )
    SELECT kind, year, count(*), NULL AS id, NULL AS is_in_title, NULL AS date FROM found GROUP BY kind, year
    UNION ALL SELECT NULL, NULL, NULL, id, is_in_title, date FROM first
    ORDER BY is_in_title DESC, date DESC NULLS LAST, id DESC
"""


def _look_up(results: Results, page: int) -> tuple[Counter, list[int]]:
    """The counts, and the numbers of a page's entries; of all that are to be ranked, for an early page."""
    query = results.query
    matches, words_for_it = MATCHES[connection.vendor]
    chosen = {"kind": results.kind or None, "year": results.year}
    chosen = {name: value for name, value in chosen.items() if value is not None}
    sql = LOOK_UP.format(
        matches=matches, conditions=" AND ".join([f"{name} = %s" for name in chosen] or ["TRUE"])
    )
    limits = [PER_PAGE, (page - 1) * PER_PAGE] if _is_beyond(page) else [RANKED, 0]
    parameters = [words_for_it(query), query.language, words_for_it(query.in_title()), *chosen.values()]
    counts, numbers = Counter(), []
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters + limits)
        for kind, year, count, number, *_order in cursor:
            if number is None:
                counts[kind, year] = count
            else:
                numbers.append(number)
    return counts, numbers


# The order --------------------------------------------------------------------------------------------------

TITLE, SUMMARY, BODY = 12, 5, 2
TOGETHER = {TITLE: 6, SUMMARY: 3, BODY: 2}
# In signs: words that are this near belong together about half as much as neighbours do.
NEAR = 60


def ranked(numbers: list[int], query: Query) -> list[int]:
    """Entries in the order of their merit, the same on every database; of equal ones the newest first."""
    texts = EntryText.objects.filter(pk__in=numbers).values_list(
        "pk", "title_terms", "summary_terms", "body_terms", "entry__date"
    )
    order = []
    for number, title, summary, body, day in texts:
        merit = round(score(query, title, summary, body), 1)
        order.append((-merit, -(day.toordinal() if day else 0), -number, number))
    return [item[-1] for item in sorted(order)]


def needle(units: tuple[Unit, ...], mark: str) -> str:
    terms = " ".join(mark + term for unit in units for term in unit.terms)
    return f" {terms}" + ("" if units[-1].is_open else " ")


def score(query: Query, title: str, summary: str, body: str) -> float:
    """The merit of an entry: a word counts most in the title, and words count more beside each other."""
    mark = prefix(query.language)
    fields = {weight: f" {terms} " for weight, terms in ((TITLE, title), (SUMMARY, summary), (BODY, body))}
    needles = [needle((unit,), mark) for unit in query.units]
    merit = 0.0
    for wanted in needles:
        if wanted in fields[TITLE]:
            merit += TITLE
        if wanted in fields[SUMMARY]:
            merit += SUMMARY
        if count := fields[BODY].count(wanted):
            merit += BODY * min(1 + log2(count) / 2, 2.5)
    if title:
        # A title that says nothing else is what was looked for.
        said = sum(text.count(" ") - 1 or 1 for text in needles if text in fields[TITLE])
        merit += TITLE / 2 * said / len(title.split())
    for place in range(len(needles) - 1):
        pair = needle(query.units[place : place + 2], mark)
        for weight, bonus in TOGETHER.items():
            if pair in fields[weight]:
                merit += bonus
                break
        else:
            merit += _nearness(fields[BODY], needles[place], needles[place + 1])
    return merit


def _nearness(text: str, one: str, other: str) -> float:
    """From 0 to 1: how near two words come to each other in a text."""
    firsts, seconds = _finds(text, one), _finds(text, other)
    if not firsts or not seconds:
        return 0.0
    gap = min(abs(first - second) for first in firsts for second in seconds)
    return NEAR / (NEAR + gap)


def _finds(text: str, wanted: str, most: int = 12) -> list[int]:
    found, place = [], text.find(wanted)
    while place >= 0 and len(found) < most:
        found.append(place)
        place = text.find(wanted, place + 1)
    return found


# What else might help ---------------------------------------------------------------------------------------


def in_other_languages(text: str, language: str) -> dict[str, int]:
    """{code of a language: how many entries the same words find in it}, in the UN's order; one query."""
    others = [other.code for other in all_languages() if other.code != language]
    queries = tuple(query for code in others if (query := parse(text, code)))
    if not queries:
        return {}
    found = dict(
        Entry.objects.filter(pk__in=matching(AnyOf(queries)))
        .order_by()
        .values_list("language")
        .annotate(Count("pk"))
    )
    return {code: found[code] for code in others if found.get(code)}


MOST_CORRECTIONS = 2


def did_you_mean(query: Query) -> str | None:
    """The query with its unknown words put right, if that finds anything; four queries at most."""
    if not query:
        return None
    known = words.known_terms(query.terms, query.language)
    corrected, end, left = [], 0, MOST_CORRECTIONS
    for word in query.words:
        missing = query.terms - known
        unknown = [piece for piece in word.pieces if analysis.term(piece.text, query.language) in missing]
        if not unknown or not left:
            continue
        left -= 1
        typed = query.text[word.start : word.end]
        if word.pieces[0].is_han:
            better = words.nearest_chinese(typed, unknown, word.start, query.language)
        else:
            better = words.nearest(typed, query.language)
        if better is None:
            return None
        corrected += [query.text[end : word.start], better]
        end = word.end
    if not corrected:
        return None
    text = "".join(corrected) + query.text[end:]
    better = parse(text, query.language)
    is_found = Entry.objects.filter(pk__in=matching(better), language=query.language).exists()
    return text if is_found else None


MOST_SUGGESTIONS = 8


def suggestions(text: str, language: str) -> list[str]:
    """Titles with words that begin as those that were typed; the newest first."""
    typed = []
    for word in words_in(tidy(text)[:LONGEST_QUERY], language)[:MOST_UNITS]:
        pairs = [piece for piece in word.pieces if not (piece.is_end_of_run and len(word.pieces) > 1)]
        typed += [letters for piece in pairs if (letters := analysis.letters(piece.text))]
    # One letter of an alphabet says nothing yet; one Chinese sign does.
    if not typed or (len(typed) == 1 and len(typed[0]) < 2 and not analysis.is_han(typed[0])):
        return []
    query = Beginnings(tuple(title_word(letters, language) for letters in typed))
    titles = (
        Entry.objects.filter(pk__in=matching(query), language=language)
        .order_by(F("date").desc(nulls_first=True), "pk")
        .values_list("title", flat=True)[: 2 * MOST_SUGGESTIONS]
    )
    return list(dict.fromkeys(titles))[:MOST_SUGGESTIONS]
