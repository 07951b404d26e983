"""The translation memory: every approved translation, found again by its source.

Units are kept in the notation of rich segments, those of plain fields too; only `fitted` turns them into what
a segment can take.
"""

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.formats import date_format
from rapidfuzz import fuzz, process

from .languages import Language
from .models import MemoryUnit, RecordEntry, SourceText
from .segments import Code, Segment, escape, plain_text, tokens

# What a match can reach whose words are the same and whose links or marks are not.
SAME_WORDS = 99
# How many matches of a source may differ only in where they come from.
SAME_TARGETS = 3
# Shorter texts match by chance.
SHORTEST = 4


@dataclass(frozen=True)
class Match:
    """An approved translation of the same source, or of one like it."""

    # 100 where the source is the same, its marks and links included.
    score: int
    # The source that was translated, and its translation: both as the segment can take them.
    source: str
    target: str
    # Where it stands: the title of the record, and the parts of its address in the admin.
    title: str
    label: str
    object_id: int | None
    segment: str
    approved_at: datetime
    approved_by: str

    @property
    def is_exact(self) -> bool:
        return self.score == 100

    @property
    def origin(self) -> str:
        """Where it comes from, for people: record, date and who approved it, as far as it is known."""
        day = date_format(self.approved_at, "DATE_FORMAT")
        return " · ".join(filter(None, (self.title, day, self.approved_by)))

    @property
    def percentage(self) -> str:
        return f"{self.score} %"


# Codes ------------------------------------------------------------------------------------------------------


def codes_of(stored: Iterable) -> list[Code]:
    """The codes of a stored text: [[number, opening, closing, kind], …]."""
    return [Code(*code) for code in stored]


def fitted(text: str, codes: Iterable[Code], segment: Segment) -> str:
    """A text of the memory with the marks of a segment in the place of its own.

    A mark goes to the segment's mark that is the same, else to the next one of its kind. Marks that the
    segment doesn't have are dropped, and their words kept; so are all in a field without marks.
    """
    if not segment.is_rich:
        return plain_text(text)
    numbers = _numbers(list(codes), list(segment.codes))
    alone = {code.number for code in segment.codes if code.is_alone}
    parts = []
    for token in tokens(text):
        if isinstance(token, str):
            parts.append(escape(token))
            continue
        kind, number = token
        if number in numbers and (kind == "alone") == (numbers[number] in alone):
            parts.append({"open": "<{}>", "close": "</{}>", "alone": "<{}/>"}[kind].format(numbers[number]))
    return "".join(parts)


def _numbers(own: list[Code], wanted: list[Code]) -> dict[int, int]:
    """{number of a code: number of the segment's code that takes its place}."""
    free, found = list(wanted), {}
    for is_same in (lambda one, other: one.mark == other.mark, lambda one, other: one.kind == other.kind):
        for code in own:
            if code.number in found:
                continue
            match = next((other for other in free if is_same(code, other)), None)
            if match:
                free.remove(match)
                found[code.number] = match.number
    return found


# Writing ----------------------------------------------------------------------------------------------------


def remember(record: models.Model, language: Language, segments: Collection[Segment], user) -> int:
    """Keeps the approved translations of a record; how many units are new or have changed.

    To be called in the transaction that approves. A second call with the same segments writes nothing; a
    changed translation of the same segment and source takes the place of the older one.
    """
    segments = [segment for segment in segments if segment.is_translated]
    SourceText.objects.bulk_create(
        [
            SourceText(digest=segment.digest, text=segment.source, codes=stored_codes(segment.codes))
            for _digest, segment in sorted({segment.digest: segment for segment in segments}.items())
        ],
        ignore_conflicts=True,
    )
    known = {
        (unit.segment, unit.source_id): unit
        for unit in MemoryUnit.objects.filter(
            language=language.code, segment__in=[segment.id for segment in segments]
        )
    }
    entry = RecordEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(record, for_concrete_model=False), object_id=record.pk
    ).first()
    new, changed, now = [], [], timezone.now()
    for segment in segments:
        target = segment.target if segment.is_rich else escape(segment.target)
        unit = known.get((segment.id, segment.digest)) or MemoryUnit(
            source_id=segment.digest, language=language.code, segment=segment.id
        )
        if unit.pk and (unit.target, unit.codes) == (target, stored_codes(all_codes(segment))):
            continue
        unit.target, unit.codes, unit.entry = target, stored_codes(all_codes(segment)), entry
        unit.approved_at, unit.approved_by = now, user
        (changed if unit.pk else new).append(unit)
    with transaction.atomic():
        MemoryUnit.objects.bulk_create(new)
        MemoryUnit.objects.bulk_update(changed, ["target", "codes", "entry", "approved_at", "approved_by"])
    return len(new) + len(changed)


def stored_codes(codes: Iterable[Code]) -> list[list]:
    return [[code.number, code.opening, code.closing, code.kind] for code in codes]


def all_codes(segment: Segment) -> list[Code]:
    """The codes that may stand in the target of a segment: its source's, and those of its own."""
    return list(({c.number: c for c in segment.target_codes} | {c.number: c for c in segment.codes}).values())


# Finding ----------------------------------------------------------------------------------------------------


def exact(segment: Segment, language: Language, limit: int = 5) -> list[Match]:
    """Approved translations of the very same source, the newest first."""
    return exact_for([segment], language, limit)[segment.id]


def exact_for(segments: Collection[Segment], language: Language, limit: int = 5) -> dict[str, list[Match]]:
    """{segment id: approved translations of the very same source}, in one query for all."""
    units = _units(language, {segment.digest for segment in segments})
    return {segment.id: _matches(segment, {segment.digest: 100}, units)[:limit] for segment in segments}


def fuzzy(segment: Segment, language: Language, limit: int = 5, minimum: int = 70) -> list[Match]:
    """Approved translations of sources that read alike, the most alike first; exact ones are left out."""
    words = _comparable(plain_text(segment.source) if segment.is_rich else segment.source)
    if len(words) < SHORTEST:
        return []
    scores = {}
    for digest, score in corpus.alike(words, language, limit * SAME_TARGETS, minimum):
        if digest != segment.digest:
            scores[digest] = min(int(score), SAME_WORDS)
    return _matches(segment, scores, _units(language, scores))[:limit]


def matches(segment: Segment, language: Language, limit: int = 5, minimum: int = 70) -> list[Match]:
    """Exact matches, then those that are alike."""
    found = exact(segment, language, limit)
    return (found + fuzzy(segment, language, limit, minimum))[:limit]


def _units(language: Language, digests: Collection[str]) -> dict[str, list[MemoryUnit]]:
    """{digest: its units, the newest first}."""
    found: dict[str, list[MemoryUnit]] = {}
    if digests:
        units = MemoryUnit.objects.filter(language=language.code, source__in=list(digests))
        for unit in units.select_related("source", "entry", "approved_by").order_by("-approved_at", "-pk"):
            found.setdefault(unit.source_id, []).append(unit)
    return found


def _matches(
    segment: Segment, scores: Mapping[str, int], units: Mapping[str, list[MemoryUnit]]
) -> list[Match]:
    """A match for each different translation, the best first; of the same words the newest alone."""
    found, seen = [], set()
    for digest, score in sorted(scores.items(), key=lambda item: -item[1]):
        for unit in units.get(digest, []):
            target = fitted(unit.target, codes_of(unit.codes), segment)
            if target in seen:
                continue
            seen.add(target)
            found.append(_match(unit, score, target, segment))
    return found


def _match(unit: MemoryUnit, score: int, target: str, segment: Segment) -> Match:
    person, entry = unit.approved_by, unit.entry
    return Match(
        score=score,
        source=fitted(unit.source.text, codes_of(unit.source.codes), segment),
        target=target,
        title=entry.title if entry else "",
        label=entry.label if entry else "",
        object_id=entry.object_id if entry else None,
        segment=unit.segment,
        approved_at=unit.approved_at,
        approved_by=(person.get_full_name() or person.get_username()) if person else "",
    )


# The sources in memory --------------------------------------------------------------------------------------


def _comparable(text: str) -> str:
    """What two texts are compared by: blanks and capitals don't count."""
    return " ".join(text.casefold().split())


class Corpus:
    """The sources of a language's units, kept by this process, and brought up to date before each question.

    Another process may have added units since: one cheap query says whether. What is kept only finds
    candidates; the units themselves are always read from the database.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._languages: dict[str, _Sources] = {}

    def alike(self, words: str, language: Language, limit: int, minimum: int) -> list[tuple[str, float]]:
        """(digest, score from 0 to 100) of the sources that read most alike."""
        with self._lock:
            sources = self._languages.setdefault(language.code, _Sources(language.code))
            sources.refresh()
            # A new dictionary takes the place of the old one: this one stays as it is.
            texts = sources.texts
        found = process.extract(
            words, texts, scorer=fuzz.ratio, processor=None, limit=limit, score_cutoff=minimum
        )
        return [(digest, score) for _text, score, digest in found]

    def forget(self) -> None:
        """Starts anew, as a process does."""
        with self._lock:
            self._languages.clear()


class _Sources:
    """The sources of one language: {digest: text}, and which units they are from."""

    def __init__(self, language: str):
        self.language = language
        self.texts: dict[str, str] = {}
        self._units: dict[int, str] = {}
        self._stamp = (0, None, None)

    def refresh(self) -> None:
        units = MemoryUnit.objects.filter(language=self.language)
        stamp = tuple(units.aggregate(Count("pk"), Max("pk"), Max("approved_at")).values())
        if stamp == self._stamp:
            return
        count, _last, newest = stamp
        changed = {}
        if self._stamp[2] is not None and newest is not None and newest >= self._stamp[2]:
            changed = self._read(units.filter(approved_at__gte=self._stamp[2]))
            self._units |= changed
        # Units that were deleted, or approved earlier by a transaction that ended later.
        if not changed or len(self._units) != count:
            self._units = {}
            self.texts = {}
            self._units = self._read(units)
        self._stamp = stamp

    def _read(self, units) -> dict[int, str]:
        texts, found = dict(self.texts), {}
        for pk, digest in units.values_list("pk", "source_id"):
            found[pk] = digest
        missing = set(found.values()) - texts.keys()
        if missing:
            sources = SourceText.objects.filter(units__in=units).distinct()
            for digest, text in sources.values_list("pk", "text").iterator():
                if digest in missing:
                    texts[digest] = _comparable(plain_text(text))
        self.texts = texts
        return found


corpus = Corpus()
