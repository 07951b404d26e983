"""The glossary: terms with their established translations, found in texts, read from files and written."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import etree

from .checks import Level, Problem
from .exchange import safe_xml
from .exchange.units import ExchangeError
from .languages import Language, all_languages, column, source_language, target_languages
from .models import Term
from .numbers import ARABIC_MARKS
from .segments import Segment, plain_text

# Between the words that are accepted for a term, the preferred one first.
ALTERNATIVES = "|"


def in_language(term: Term, language: Language) -> str:
    """What stands in the glossary for a term in a language, alternatives included."""
    return getattr(term, column("term", language))


def accepted(term: Term, language: Language) -> list[str]:
    """The words that are accepted for a term in a language, the preferred one first."""
    if term.do_not_translate:
        return split(term.term_en)
    return split(in_language(term, language))


def split(words: str) -> list[str]:
    """The alternatives in a cell of the glossary."""
    return [word.strip() for word in words.split(ALTERNATIVES) if word.strip()]


# Finding terms ----------------------------------------------------------------------------------------------

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def normal_form(word: str) -> str:
    """An English word as it is compared: without plural, possessive and differences of spelling."""
    word = re.sub(r"['’](?:s)?$", "", word)
    if word.endswith("s") and word[:-1].isupper():  # HEIs
        word = word[:-1]
    word = word.casefold()
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    word = re.sub(r"isation$", "ization", word)
    word = re.sub(r"ise(d?)$", r"ize\1", word)
    return {"center": "centre", "program": "programme"}.get(word, word)


@dataclass(frozen=True)
class Occurrence:
    """A term where it stands in a text."""

    term: Term
    # As the text writes it.
    text: str
    start: int
    end: int


class Terms:
    """A glossary that is ready to be asked, many times over: made of one query."""

    def __init__(self, terms: Iterable[Term]):
        self._by_first_word: dict[str, list[tuple[list[str], Term]]] = {}
        for term in terms:
            for name in split(term.term_en):
                words = [normal_form(word) for word in WORD.findall(name)]
                if words:
                    self._by_first_word.setdefault(words[0], []).append((words, term))
        for entries in self._by_first_word.values():
            entries.sort(key=lambda entry: -len(entry[0]))

    @classmethod
    def all(cls) -> "Terms":
        return cls(Term.objects.all())

    def occurrences(self, text: str) -> list[Occurrence]:
        """The terms of an English text, the longest at each place: no "education" in "higher education"."""
        words = list(WORD.finditer(text))
        normal = [normal_form(word[0]) for word in words]
        found, position = [], 0
        while position < len(words):
            occurrence = self._at(position, text, words, normal)
            if occurrence:
                found.append(occurrence[0])
            position += occurrence[1] if occurrence else 1
        return found

    def _at(self, position, text, words, normal) -> tuple[Occurrence, int] | None:
        for wanted, term in self._by_first_word.get(normal[position], []):
            last = position + len(wanted) - 1
            if normal[position : last + 1] != wanted or not _is_one_phrase(text, words[position : last + 1]):
                continue
            start, end = words[position].start(), words[last].end()
            if not term.case_sensitive or _same_capitals(term, text[start:end]):
                return Occurrence(term, text[start:end], start, end), len(wanted)
        return None

    def in_source(self, segment: Segment) -> list[Occurrence]:
        return self.occurrences(plain_text(segment.source) if segment.is_rich else segment.source)

    def missing(self, segment: Segment, language: Language) -> list[Problem]:
        """A warning for each term of the source whose translation isn't in the target."""
        if not segment.is_translated:
            return []
        target = plain_text(segment.target) if segment.is_rich else segment.target
        problems, seen = [], set()
        for occurrence in self.in_source(segment):
            term, words = occurrence.term, accepted(occurrence.term, language)
            if term.pk in seen or not words:
                continue
            seen.add(term.pk)
            if term.do_not_translate:
                if occurrence.text not in target and not any(name in target for name in words):
                    problems.append(_keep(occurrence.text))
            elif not any(is_used(word, target, language) for word in words):
                problems.append(_use(words[0], occurrence.text))
        return problems


def _keep(term: str) -> Problem:
    return Problem(
        Level.WARNING, "term", format_lazy(gettext_lazy("“{term}” should stay as it is."), term=term)
    )


def _use(word: str, term: str) -> Problem:
    if word == term:
        return _keep(term)
    sentence = gettext_lazy("The glossary has “{word}” for “{term}”.")
    return Problem(Level.WARNING, "term", format_lazy(sentence, word=word, term=term))


def _is_one_phrase(text: str, words: Sequence[re.Match]) -> bool:
    """Whether nothing but a blank or a hyphen stands between words."""
    gaps = (text[one.end() : other.start()] for one, other in pairwise(words))
    return all(re.fullmatch(r"[\s\-‐‑–/]{1,2}", gap) for gap in gaps)


def _same_capitals(term: Term, written: str) -> bool:
    """Whether a term that minds capitals has them here, its plural's "s" aside."""
    return any(written.startswith(name) for name in split(term.term_en))


def terms_in(text: str, terms: Terms | None = None) -> list[Term]:
    """The terms of an English text, each once, in the order in which they appear."""
    found = (occurrence.term for occurrence in (terms or Terms.all()).occurrences(text))
    return list({term.pk: term for term in found}.values())


def missing_terms(segment: Segment, language: Language, terms: Terms | None = None) -> list[Problem]:
    return (terms or Terms.all()).missing(segment, language)


# Terms in the target ----------------------------------------------------------------------------------------

# What is added to a word by its case, number or gender, in letters: so much of its end may differ.
ENDINGS = {"ru": 3, "ar": 2, "fr": 2, "es": 2}
# What Arabic writes together with the word after it: "and", "so"; then "by", "as", "for" and the article.
ARABIC_CONJUNCTIONS = ("", "و", "ف")
ARABIC_PREFIXES = ("", "ال", "بال", "كال", "لل", "ب", "ك", "ل")


def is_used(phrase: str, text: str, language: Language) -> bool:
    """Whether a text has all words of a phrase, in whatever form and order its grammar needs."""
    if language.script == "Hans":
        return phrase.casefold() in text.casefold()
    stems = [_stem(word, language) for word in WORD.findall(phrase)]
    forms = _forms_in(text, language)
    return bool(stems) and all(any(form.startswith(stem) for form in forms) for stem in stems)


@lru_cache(maxsize=1024)
def _forms_in(text: str, language: Language) -> frozenset[str]:
    """All words of a text, folded, and without what may be written together with them."""
    forms = {_folded(word, language) for word in WORD.findall(_without_marks(text))}
    if language.code != "ar":
        return frozenset(forms)
    prefixes = [before + prefix for before in ARABIC_CONJUNCTIONS for prefix in ARABIC_PREFIXES]
    return frozenset(
        word.removeprefix(prefix)
        for word in forms
        for prefix in prefixes
        if word.startswith(prefix) and (not prefix or len(word) > len(prefix) + 1)
    )


def _without_marks(text: str) -> str:
    """Arabic vowel signs stand between letters, where they would part a word in two."""
    return ARABIC_MARKS.sub("", text)


def _folded(word: str, language: Language) -> str:
    word = word.casefold()
    if language.code == "ar":
        return word.translate(str.maketrans("أإآىة", "ااايه"))
    # French elision: l’enseignement.
    word = re.sub(r"^(?:[cdjlmnst]|qu)['’]", "", word)
    if language.script == "Latn":
        word = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return word.replace("ё", "е")


def _stem(word: str, language: Language) -> str:
    """The beginning of a word of the glossary that all its forms have in common, more or less."""
    folded = _folded(_without_marks(word), language)
    if language.code == "ar" and len(folded) > 4:
        folded = folded.removeprefix("ال")
    return folded[: max(3, len(folded) - ENDINGS.get(language.code, 0))]


# Files ------------------------------------------------------------------------------------------------------

LARGEST_FILE = 1_000_000
MOST_ENTRIES = 5_000
LONGEST_TERM = 255
FLAGS = ("do_not_translate", "case_sensitive")
YES = frozenset(["1", "yes", "true", "x", "y"])
NO = frozenset(["", "0", "no", "false", "n"])
# Spreadsheets run what begins with one of these.
FORMULA = ("=", "+", "-", "@", "\t")


class GlossaryFileError(Exception):
    """A file can't be read as a glossary; its text is one sentence that says why."""


@dataclass
class Entry:
    """A term as a file has it; what the file leaves open is absent."""

    # Where it stands in the file, for people.
    place: str
    values: dict[str, str] = field(default_factory=dict)
    flags: dict[str, bool] = field(default_factory=dict)
    # Why it can't be taken.
    fault: str = ""

    @property
    def term(self) -> str:
        return self.values.get("term_en", "")


@dataclass(frozen=True)
class Change:
    """What an entry would do to a term: {field: (before, after)}."""

    entry: Entry
    term: Term
    differences: dict[str, tuple]

    @property
    def rows(self) -> list["Row"]:
        """The differences as people read them, in the order of the columns."""
        languages = {column("term", language): language for language in columns()}
        names = [*languages, "note", *FLAGS]
        return [
            Row(
                capfirst(Term._meta.get_field(name).verbose_name),
                languages.get(name),
                *(_in_words(value) for value in self.differences[name]),
            )
            for name in names
            if name in self.differences
        ]


@dataclass(frozen=True)
class Row:
    """One value that an import would change."""

    heading: str
    # None for a value that isn't a term.
    language: Language | None
    before: str
    after: str


def _in_words(value: str | bool) -> str:
    return (_("yes") if value else _("no")) if isinstance(value, bool) else value


@dataclass
class Plan:
    """What an import would do."""

    added: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[Entry] = field(default_factory=list)
    refused: list[Entry] = field(default_factory=list)

    @property
    def has_effect(self) -> bool:
        return bool(self.added or self.changed)

    @property
    def fingerprint(self) -> list:
        """What was shown before it is done: the same only if it would do the same."""
        return [
            [kind, change.entry.term, sorted((name, *pair) for name, pair in change.differences.items())]
            for kind, changes in (("added", self.added), ("changed", self.changed))
            for change in changes
        ]


def language_of(tag: str) -> Language | None:
    """The site's language that a file means: "zh", "zh_CN" and "zh-Hans" are one."""
    tag = tag.strip().casefold().replace("_", "-")
    for language in all_languages():
        if tag in {language.code, language.name.casefold()}:
            return language
    # A region says nothing here, another script does.
    primary, *rest = tag.split("-")
    if primary == "zh" and ("hant" in rest or {"tw", "hk", "mo"} & set(rest)):
        return None
    return next((one for one in all_languages() if one.code.split("-")[0] == primary), None)


def read_entries(name: str, data: bytes) -> list[Entry]:
    """The entries of a glossary file, in CSV, TSV or TBX. Raises `GlossaryFileError`."""
    if len(data) > LARGEST_FILE:
        raise GlossaryFileError(_("The file is larger than %(size)s kB.") % {"size": LARGEST_FILE // 1000})
    is_xml = data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or name.casefold().endswith(
        (".tbx", ".xml")
    )
    entries = list(read_tbx(data) if is_xml else read_csv(data))
    if not entries:
        raise GlossaryFileError(_("There are no terms in this file."))
    if len(entries) > MOST_ENTRIES:
        raise GlossaryFileError(_("The file has more than %(most)s terms.") % {"most": MOST_ENTRIES})
    _check_entries(entries)
    return entries


def _check_entries(entries: Sequence[Entry]) -> None:
    seen: dict[str, str] = {}
    for entry in entries:
        if entry.fault:
            continue
        if not entry.term:
            entry.fault = _("It has no term in English.")
        elif too_long := [name for name, text in entry.values.items() if _is_too_long(name, text)]:
            entry.fault = _("A term has at most %(most)s characters; %(column)s has more.") % {
                "most": LONGEST_TERM,
                "column": too_long[0].removeprefix("term_").replace("_", "-"),
            }
        elif any(unicodedata.category(c) == "Cc" and c != "\n" for t in entry.values.values() for c in t):
            entry.fault = _("It has characters that nobody can read.")
        elif entry.term.casefold() in seen:
            entry.fault = _("The same term stands in the file twice; see %(place)s.") % {
                "place": seen[entry.term.casefold()]
            }
        else:
            seen[entry.term.casefold()] = entry.place


def _is_too_long(name: str, text: str) -> bool:
    return name.startswith("term_") and len(text) > LONGEST_TERM


def _tidy(text: str, is_note: bool = False) -> str:
    text = unicodedata.normalize("NFC", text.strip())
    if text.startswith("'") and text[1:2] in FORMULA:
        text = text[1:]
    return text.replace("\r\n", "\n") if is_note else " ".join(text.split())


def read_csv(data: bytes) -> Iterator[Entry]:
    """The rows of a table whose first row names the languages by their codes. Raises `GlossaryFileError`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GlossaryFileError(_("The file isn’t in UTF-8; save it so, as “CSV UTF-8”.")) from error
    if "\0" in text:
        raise GlossaryFileError(_("The file isn’t a table in plain text."))
    first_line = text.partition("\n")[0]
    delimiter = max(";,\t", key=first_line.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [_column(name) for name in next(rows, [])]
        repeated = [name for name in columns if name and columns.count(name) > 1]
        if repeated:
            raise GlossaryFileError(
                _("The first row names the column “%(column)s” twice.") % {"column": repeated[0]}
            )
        if "term_en" not in columns:
            raise GlossaryFileError(_("The first row must name the languages by their codes: en, ar, fr …"))
        for row in rows:
            if any(cell.strip() for cell in row):
                yield _entry_of_row(columns, row, _("line %(line)s") % {"line": rows.line_num})
    except csv.Error as error:
        raise GlossaryFileError(
            _("Line %(line)s isn’t a row of a table.") % {"line": rows.line_num}
        ) from error


def _column(name: str) -> str | None:
    """The field that a column of a table holds; None for one that isn't read."""
    plain = re.sub(r"[\s-]+", "_", name.strip().casefold()).replace("’", "'")
    if plain in {"note", *FLAGS}:
        return plain
    if plain.startswith("term_"):
        plain = plain.removeprefix("term_")
    if not re.fullmatch(r"[^\W\d]{2,}(?:_[a-z]{2,4})?", plain):
        return None
    language = language_of(plain)
    return column("term", language) if language else None


def _entry_of_row(columns: Sequence[str | None], row: Sequence[str], place: str) -> Entry:
    entry = Entry(place)
    if len(row) > len(columns) and any(cell.strip() for cell in row[len(columns) :]):
        entry.fault = _("It has more cells than the first row.")
    for name, cell in zip(columns, row, strict=False):
        value = _tidy(cell, is_note=name == "note")
        if name is None or not value:
            continue
        if name not in FLAGS:
            entry.values[name] = value
        elif value.casefold() in YES | NO:
            entry.flags[name] = value.casefold() in YES
        else:
            entry.fault = _("“%(value)s” is neither yes nor no.") % {"value": value[:40]}
    return entry


# TBX: ISO 30042. Version 3 (2019) has conceptEntry, langSec, termSec; version 2 (2008) termEntry, langSet,
# tig or ntig. The names of what matters here are the same, whatever the namespace.
CONCEPTS = {"conceptEntry", "termEntry"}
LANGUAGE_SECTIONS = {"langSec", "langSet"}
TERM_SECTIONS = {"termSec", "tig", "ntig"}
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
TBX = "urn:iso:std:iso:30042:ed-2"
# A reference to a DTD is usual in version 2. It isn't followed: without it, the rest can be read as it is.
BARE_DOCTYPE = re.compile(
    rb"<!DOCTYPE\s+martif(?:\s+(?:SYSTEM|PUBLIC)(?:\s+(?:\"[^\"<>\[]*\"|'[^'<>\[]*')){1,2})?\s*>"
)
ADMITTED = ("admittedTerm-admn-sts", "admittedTerm")
REJECTED = ("deprecatedTerm-admn-sts", "deprecatedTerm", "supersededTerm-admn-sts", "supersededTerm")


def read_tbx(data: bytes) -> Iterator[Entry]:
    """The concepts of a TBX file. Raises `GlossaryFileError`."""
    try:
        root = safe_xml.parse(BARE_DOCTYPE.sub(b"", data, count=1))
    except ExchangeError as error:
        raise GlossaryFileError(str(error)) from error
    if _name(root) not in {"tbx", "martif"}:
        raise GlossaryFileError(_("The file is neither a TBX glossary nor a table."))
    for number, concept in enumerate((one for one in root.iter() if _name(one) in CONCEPTS), start=1):
        label = concept.get("id") or str(number)
        yield _entry_of_concept(concept, _("entry %(entry)s") % {"entry": label[:40]})


def _name(element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _entry_of_concept(concept, place: str) -> Entry:
    entry, notes = Entry(place), []
    for child in concept:
        if _name(child) in LANGUAGE_SECTIONS:
            language = language_of(child.get(XML_LANG, child.get("lang", "")))
            if language:
                words = [*entry.values.get(column("term", language), "").split("\0"), *_terms_of(child)]
                entry.values[column("term", language)] = "\0".join(filter(None, words))
            continue
        for part in child.iter():
            kind, text = part.get("type", ""), _tidy("".join(part.itertext()), is_note=True)
            if _name(part) == "note" or (_name(part) == "descrip" and kind == "definition"):
                notes.append(text)
            elif _name(part) == "admin" and kind == "projectSubset":
                entry.flags |= {flag: True for flag in FLAGS if text == flag}
    for name, words in entry.values.items():
        entry.values[name] = f" {ALTERNATIVES} ".join(words.split("\0"))
    entry.values = {name: words for name, words in entry.values.items() if words}
    if any(notes):
        entry.values["note"] = "\n".join(filter(None, notes))
    return entry


def _terms_of(section) -> list[str]:
    """The terms of a language section, the preferred ones first, without those that aren't to be used."""
    preferred, admitted = [], []
    for part in section.iter():
        if _name(part) not in TERM_SECTIONS:
            continue
        status = ""
        words = ""
        for element in part.iter():
            if _name(element) == "term" and not words:
                words = _tidy("".join(element.itertext()))
            # As an element of its own in the style "dct".
            elif "administrativeStatus" in {_name(element), element.get("type")}:
                status = (element.text or "").strip()
        if words and status not in REJECTED:
            (admitted if status in ADMITTED else preferred).append(words.replace(ALTERNATIVES, "/"))
    return preferred + admitted


def plan(entries: Iterable[Entry], only_add: bool = False) -> Plan:
    """What an import would do. What a file leaves blank stays as it is; `only_add` changes no term."""
    known = {term.term_en.casefold(): term for term in Term.objects.all()}
    result = Plan()
    for entry in entries:
        if entry.fault:
            result.refused.append(entry)
            continue
        term = known.get(entry.term.casefold())
        values = entry.values | entry.flags
        if term is None:
            new = Term(**values)
            differences = {name: ("", value) for name, value in values.items() if value}
            result.added.append(Change(entry, new, differences))
            continue
        differences = {
            name: (getattr(term, name), value)
            for name, value in values.items()
            if getattr(term, name) != value
        }
        if differences and not only_add:
            result.changed.append(Change(entry, term, differences))
        else:
            result.unchanged.append(entry)
    return result


def may_change(user) -> bool:
    return user.has_perm("translations.change_term") and user.has_perm("translations.add_term")


@transaction.atomic
def carry_out(what: Plan, user=None) -> None:
    """Writes a plan, all of it or nothing. `user` is None for a command. Raises `PermissionDenied`."""
    if user is not None and not may_change(user):
        raise PermissionDenied(_("Only those who keep the glossary may change it."))
    Term.objects.bulk_create([change.term for change in what.added])
    for change in what.changed:
        for name, (_before, after) in change.differences.items():
            setattr(change.term, name, after)
        change.term.save(update_fields=list(change.differences))


def columns() -> list[Language]:
    """The languages of a file, the source first."""
    return [source_language(), *target_languages()]


def write_csv(terms: Iterable[Term]) -> str:
    """All terms as a table that spreadsheets open as it is: UTF-8 with a mark, formulas made harmless."""
    output = io.StringIO(newline="")
    rows = csv.writer(output)
    rows.writerow([*(language.code for language in columns()), "note", *FLAGS])
    for term in terms:
        cells = [*(in_language(term, language) for language in columns()), term.note]
        flags = ["yes" if getattr(term, flag) else "" for flag in FLAGS]
        rows.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells] + flags)
    return "\ufeff" + output.getvalue()


def write_tbx(terms: Iterable[Term]) -> bytes:
    """All terms as TBX-Basic of ISO 30042:2019, in the style "dca"."""
    root = etree.Element(f"{{{TBX}}}tbx", nsmap={None: TBX}, type="TBX-Basic", style="dca")
    root.set(XML_LANG, source_language().tag)
    description = _add(_add(root, "tbxHeader"), "fileDesc")
    _add(_add(description, "titleStmt"), "title", "UNESCO-ICHEI glossary")
    _add(_add(description, "sourceDesc"), "p", "The glossary of the UNESCO-ICHEI website.")
    terms = list(terms)
    text = _add(root, "text")
    if terms:
        body = _add(text, "body")
        for term in terms:
            _add_concept(body, term)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _add(parent, name: str, text: str | None = None, **attributes):
    element = etree.SubElement(parent, f"{{{TBX}}}{name}", **attributes)
    element.text = text
    return element


def _add_concept(body, term: Term) -> None:
    concept = _add(body, "conceptEntry", id=f"t{term.pk}")
    for flag in FLAGS:
        if getattr(term, flag):
            _add(concept, "admin", flag, type="projectSubset")
    if term.note:
        _add(concept, "note", term.note)
    for language in columns():
        words = split(in_language(term, language))
        if not words:
            continue
        section = _add(concept, "langSec")
        section.set(XML_LANG, language.tag)
        for number, word in enumerate(words):
            part = _add(section, "termSec")
            _add(part, "term", word)
            status = "admittedTerm-admn-sts" if number else "preferredTerm-admn-sts"
            _add(part, "termNote", status, type="administrativeStatus")
