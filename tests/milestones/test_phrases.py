"""The phrases that visitors read, against tables that were written by hand."""

import csv
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milestones.dates import FuzzyDate, InvalidDateError, Precision, Qualifier, first_day
from translations.languages import all_languages

DATA = Path(__file__).resolve().parent.parent / "data"
CONTENT = Path(__file__).resolve().parent.parent.parent / "content"
LANGUAGES = [language.code for language in all_languages()]


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def parse(written: str) -> FuzzyDate:
    text, _, qualifier = written.partition(" ")
    return FuzzyDate.parse(text, Qualifier.BY_THE_END if qualifier else Qualifier.PLAIN)


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    "row", [*rows("milestone_phrases"), *rows("more_phrases")], ids=lambda row: row["date"]
)
def test_a_date_below_its_year_reads_as_written_by_hand(row, code):
    assert parse(row["date"]).phrase(code) == row[code]


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("row", rows("phrases_with_year"), ids=lambda row: row["date"])
def test_a_date_with_its_year_reads_as_written_by_hand(row, code):
    assert parse(row["date"]).phrase(code, with_year=True) == row[code]


def test_the_table_holds_every_milestone_of_the_starting_content():
    entries = tomllib.loads((CONTENT / "milestones.toml").read_text()).values()
    written = [entry["date"] + (" by the end" if entry.get("by_the_end") else "") for entry in entries]
    assert [row["date"] for row in rows("milestone_phrases")] == written


# Any date that can be -----------------------------------------------------------------------------------

days = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@st.composite
def moments(draw) -> FuzzyDate:
    precision = draw(st.sampled_from(Precision))
    start, end = sorted(first_day(draw(days), precision) for _day in range(2))
    if start == end or draw(st.booleans()):
        by_the_end = precision != Precision.DAY and draw(st.booleans())
        return FuzzyDate(start, None, precision, Qualifier.BY_THE_END if by_the_end else Qualifier.PLAIN)
    return FuzzyDate(start, end, precision)


@given(moments(), st.sampled_from(LANGUAGES), st.booleans())
def test_every_valid_date_has_a_phrase(moment, code, with_year):
    phrase = moment.phrase(code, with_year)
    assert phrase.strip() == phrase != ""
    assert not re.search(r"[{}]|None|  ", phrase)
    if with_year or moment.precision == Precision.YEAR:
        assert str(moment.start.year) in phrase
    if moment.precision == Precision.DAY:
        assert re.search(rf"(?<!\d){moment.start.day}(?!\d)", phrase)


@given(moments())
def test_a_date_survives_being_written_down(moment):
    assert FuzzyDate.parse(str(moment), moment.qualifier) == moment


@given(moments(), moments(), moments())
def test_the_order_of_dates_is_total(a, b, c):
    assert (a < b) + (b < a) + (a == b) == 1
    if a <= b <= c:
        assert a <= c


@given(moments(), moments())
def test_two_dates_with_the_same_place_in_the_order_are_the_same_date(a, b):
    assert (a.sort_key == b.sort_key) == (a == b)


@given(st.lists(moments(), max_size=8))
def test_years_never_mix_in_a_sorted_list(moments):
    years = [moment.year for moment in sorted(moments)]
    assert years == sorted(years)


def test_what_is_known_only_to_the_month_follows_the_days_of_that_month():
    written = ["2021-06", "2021-06-08", "2021", "2021-05/2021-06", "2021-06-30", "2021-07-01"]
    assert [str(moment) for moment in sorted(map(FuzzyDate.parse, written))] == [
        "2021-06-08",
        "2021-05/2021-06",
        "2021-06",
        "2021-06-30",
        "2021-07-01",
        "2021",
    ]


# Dates that can't be ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("2014-06-31", "30 days"),
        ("2023-02-29", "28 days"),
        ("2014-13", "twelve months"),
        ("2014-00-05", "twelve months"),
        ("2014-06-00", "no day 0"),
        ("2014-06-12/2014-06-11", "before the start"),
        ("2014-06/2014-06", "same as the start"),
        ("2014-06-11/2014-07", "equally well"),
        ("2014/2015-01", "equally well"),
        ("0999-01-01", "between 1900 and 2199"),
        ("June 5", "is not a date"),
        ("5.6.2014", "is not a date"),
        ("2014-6-5", "is not a date"),
        ("", "is not a date"),
        ("2014-06-01/", "is not a date"),
        ("2014/2015/2016", "is not a date"),
    ],
)
def test_an_impossible_date_is_refused_with_one_sentence(text, complaint):
    with pytest.raises(InvalidDateError) as refusal:
        FuzzyDate.parse(text)
    sentence = str(refusal.value.message)
    assert complaint in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("text", "complaint"), [("2022-05-01", "leave the day empty"), ("2021/2022", "not with a range")]
)
def test_by_the_end_of_goes_with_one_month_or_year_alone(text, complaint):
    with pytest.raises(InvalidDateError, match=complaint):
        FuzzyDate.parse(text, Qualifier.BY_THE_END)


def test_a_month_that_names_a_day_is_refused():
    with pytest.raises(InvalidDateError, match="can't name a day"):
        FuzzyDate(date(2014, 6, 5), precision=Precision.MONTH)
