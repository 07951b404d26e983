"""The Centre's own texts stand on the site: in English word for word, in the other languages in full."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from tests.paths import PAGE_PATHS
from translations.languages import get_language

DATA = Path(__file__).resolve().parent.parent / "data"

# The slips of spacing in the source that were mended, and nothing else.
MENDED = {
    "Director -General": "Director-General",
    "UNESCO- ICHEI": "UNESCO-ICHEI",
    "functions —knowledge": "functions — knowledge",
}
# Where each text of the source stands, in the order of the source.
ABOUT = [
    "",
    "about/",
    "about/directors-message/",
    "about/mission/",
    "about/functions/",
    "about/milestones/?order=oldest",
]
NEWS = ["news/", "news/netdragon-strategic-cooperation/"]


def squeeze(text: str) -> str:
    """Text without white space, bullets and case, which differ between a text file and a page."""
    return re.sub(r"[\s•]+", "", unicodedata.normalize("NFC", text)).casefold()


def source_lines(name: str) -> list[str]:
    text = (DATA / f"{name}.txt").read_text(encoding="utf-8")
    for slip, mended in MENDED.items():
        text = text.replace(slip, mended)
    return [line for line in map(str.strip, text.splitlines()) if line]


def sentences(line: str) -> list[str]:
    return [piece for piece in re.split(r"(?<=[.!?]) +(?=[A-Z\"“])", line) if squeeze(piece)]


@pytest.fixture
def text_of(read):
    def of_pages(paths, language):
        # The banner stands above every page: here it is read once, before the first of them.
        pages = [read(f"/{language}/{path}") for path in paths]
        parts = [pages[0].select_one(".banners"), *(page.main for page in pages)]
        return " ".join(part.get_text(" ") for part in parts)

    return of_pages


def test_every_mended_slip_is_in_the_source():
    source = "".join((DATA / f"{name}.txt").read_text(encoding="utf-8") for name in ("about", "news"))
    assert all(slip in source for slip in MENDED)


@pytest.mark.parametrize(("name", "paths"), [("about", ABOUT), ("news", NEWS)])
def test_every_sentence_of_the_source_stands_on_the_english_pages_in_its_order(text_of, name, paths):
    site = squeeze(text_of(paths, "en"))
    position = 0
    for line in source_lines(name):
        for sentence in sentences(line):
            found = site.find(squeeze(sentence), position)
            assert found >= 0, f"{sentence!r} is not on the site, or not in its place"
            position = found + len(squeeze(sentence))


def test_the_check_notices_a_missing_word(text_of):
    site = squeeze(text_of(NEWS, "en"))
    assert squeeze("The two parties will engage in in-depth collaboration") in site
    assert squeeze("The two parties will never engage in in-depth collaboration") not in site


def test_no_english_sentence_stands_in_another_language(text_of, translated):
    site = squeeze(text_of(PAGE_PATHS, translated))
    english = {
        squeeze(sentence)
        for name in ("about", "news")
        for line in source_lines(name)
        for sentence in sentences(line)
        if len(sentence.split()) >= 4
    }
    english |= {
        squeeze(sentence)
        for path in PAGE_PATHS
        for line in text_of([path], "en").splitlines()
        for sentence in sentences(line.strip())
        if len(re.findall(r"[A-Za-z]+", sentence)) >= 5
    }
    assert len(english) > 150
    assert not [sentence for sentence in english if sentence in site]


SCRIPTS = {"Arab": "ARABIC", "Hans": "CJK", "Latn": "LATIN", "Cyrl": "CYRILLIC"}


@pytest.mark.parametrize("path", PAGE_PATHS)
def test_a_page_is_written_in_the_script_of_its_language(text_of, language, path):
    letters = Counter(
        unicodedata.name(letter, "").partition(" ")[0]
        for letter in text_of([path], language)
        if unicodedata.category(letter).startswith("L")
    )
    own = letters[SCRIPTS[get_language(language).script]]
    # Chinese writes in one sign what takes others five letters, so acronyms weigh more in it.
    least = 0.65 if language == "zh-hans" else 0.85
    assert own / letters.total() > least, letters


@pytest.mark.parametrize(
    ("language", "wrong"),
    [
        ("fr", r"[a-zé]'[a-zé]|\"|\w[!?;]|[«]\S|\S»|\.\.\."),
        ("ru", r"\"|“[А-Я]|\.\.\.|\w - \w"),
        ("es", r"\"|[^\s¿][^¿]*\?\"|\.\.\."),
        ("ar", r"[\u0600-\u06ff],|[\u0600-\u06ff];|[\u0600-\u06ff]\?|\"|\.\.\."),
        ("zh-hans", r"[\u4e00-\u9fff][,;:?!]|[\u4e00-\u9fff]\.(?!\w)|\"|[\u4e00-\u9fff] [\u4e00-\u9fff]"),
    ],
)
def test_a_translation_keeps_the_typography_of_its_language(language, wrong):
    folder = Path(__file__).resolve().parent.parent.parent / "content" / language
    for path in sorted(folder.rglob("*.*")):
        text = path.read_text(encoding="utf-8")
        # Marks of the format itself: heads, tables, quotation marks around values, pictures, links.
        text = re.sub(
            r"(?m)^\s*#.*$|^\+\+\+$|^\[.*\]$|^[\w-]+ = (\"{1,3}|')|(\"{1,3}|')\s*$|!\[\]\([\w-]+ \"|\"\)$",
            "",
            text,
        )
        found = re.search(rf".{{0,20}}(?:{wrong}).{{0,20}}", text)
        assert not found, f"{path.name}: {found[0]!r}"
