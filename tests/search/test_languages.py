"""What is found in each language: tests/search/data has a table of queries for each."""

import csv

from search.models import Entry
from search.query import parse
from search.results import did_you_mean, matching
from tests.search.conftest import DATA
from translations.languages import all_languages


def rows(language: str) -> list[dict[str, str]]:
    """query, paths that are found, paths that aren't, what was meant ("nothing" for no suggestion)."""
    with (DATA / f"{language}.tsv").open(newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def found(query: str, language: str) -> set[str]:
    """The paths of all pages that a query finds."""
    entries = Entry.objects.filter(pk__in=matching(parse(query, language)), language=language)
    return {path.removeprefix("/home/") for path in entries.values_list("page__url_path", flat=True)}


def paths(cell: str) -> set[str]:
    return set() if cell == "-" else set(cell.split())


def faults(language: str) -> list[str]:
    """One line for each query of a table that finds too little, or too much, or suggests something else."""
    table, wrong = rows(language), []
    assert len(table) >= 15
    for row in table:
        query, pages = row["query"], found(row["query"], language)
        if missing := paths(row["finds"]) - pages:
            wrong.append(f"{language}, {query}: misses {missing}")
        if surplus := paths(row["not"]) & pages:
            wrong.append(f"{language}, {query}: finds {surplus}")
        if row["meant"] != "-":
            meant = did_you_mean(parse(query, language)) or "nothing"
            if pages or meant != row["meant"]:
                wrong.append(f"{language}, {query}: {len(pages)} pages, suggests {meant}")
    return wrong


# Not a test for each language: to publish the articles takes longer than all queries.
def test_readers_of_each_language_find_what_they_mean(articles):
    wrong = [fault for language in all_languages() for fault in faults(language.code)]
    assert not wrong, "\n".join(wrong)


def test_what_has_no_language_is_found_in_each_language_alone(articles):
    for query in ("UNESCO", "ICHEI2030", "2030"):
        for language in all_languages():
            entries = Entry.objects.filter(pk__in=matching(parse(query, language.code)))
            assert set(entries.values_list("language", flat=True)) <= {language.code}
            assert query != "ICHEI2030" or entries.exists()
