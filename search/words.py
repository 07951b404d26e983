"""The words that the site uses in each language, counted; and what somebody may have meant by another one."""

from collections import Counter
from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Length
from rapidfuzz.distance import OSA

from . import analysis
from .analysis import BREAK, Piece
from .models import Entry, Word

SHORTEST, LONGEST = 3, 60
# Shorter words are too near to too many others.
SHORTEST_CORRECTED = 4
MOST_CANDIDATES = 30_000
BATCH = 150


def words_of(language: str, *texts: str) -> set[tuple[str, str]]:
    """(language, word) of each word that can be meant by somebody: no numbers, nothing very short."""
    found = set()
    for text in texts:
        for piece in analysis.pieces(text, language):
            if piece.text == BREAK or piece.is_end_of_run:
                continue
            word = piece.text if piece.is_han else analysis.surface(piece.text)
            if piece.is_han or (SHORTEST <= len(word) <= LONGEST and not any(map(str.isdecimal, word))):
                found.add((language, word))
    return found


def count_words(changes: Counter) -> None:
    """Adds to the counts of words, once this transaction is safe: {(language, word): change}.

    A rare word may be off by one for a moment; that many transactions wait for each other may not be.
    """
    changes = {key: change for key, change in changes.items() if change}
    if changes:
        transaction.on_commit(lambda: _add(changes))


@transaction.atomic
def _add(changes: dict[tuple[str, str], int]) -> None:
    # In one order, so that two who count the same words don't wait for each other for ever.
    rows = [
        (language, word, analysis.fold(word)[:LONGEST], analysis.term(word, language), change)
        for (language, word), change in sorted(changes.items())
    ]
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(batch))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO search_word (language, word, folded, term, count) VALUES {places} "  # noqa: S608
                "ON CONFLICT (language, word) DO UPDATE SET count = search_word.count + excluded.count",
                [value for row in batch for value in row],
            )


def recount(language: str) -> int:
    """Counts the words of a language anew, and how many counts were wrong."""
    counts = Counter()
    texts = Entry.objects.filter(language=language).order_by("pk").values_list("title", "text__shown")
    for title, shown in texts.iterator(chunk_size=500):
        counts.update(words_of(language, title, shown or ""))
    with transaction.atomic():
        known = dict(Word.objects.filter(language=language).values_list("word", "count"))
        wrong = {
            (language, word): counts[language, word] - known.get(word, 0)
            for word in {*known, *(word for _language, word in counts)}
            if counts[language, word] != known.get(word, 0)
        }
        _add(wrong)
        Word.objects.filter(language=language, count__lte=0).delete()
    return len(wrong)


def known_terms(terms: Iterable[str], language: str) -> set[str]:
    """Those of these terms that some word of the site has."""
    found = Word.objects.filter(language=language, term__in=list(terms), count__gt=0)
    return set(found.values_list("term", flat=True))


def nearest(word: str, language: str) -> str | None:
    """The site's own word that is most like a misspelt one, in the form that is used most; None without one.

    One slip is forgiven in a short word, two in a longer one: a letter too many, too few or wrong, or two
    that changed places.
    """
    folded = analysis.fold(word)
    if not SHORTEST_CORRECTED <= len(folded) <= LONGEST or any(map(str.isdecimal, folded)):
        return None
    slips = 1 if len(folded) < 7 else 2
    candidates = (
        Word.objects.alias(length=Length("folded"))
        .filter(language=language, count__gt=0)
        .filter(length__gte=len(folded) - slips, length__lte=len(folded) + slips)
        .order_by("-count", "word")
        .values_list("word", "folded", "count")[:MOST_CANDIDATES]
    )
    best = None
    for candidate, its_folded, count in candidates:
        distance = OSA.distance(folded, its_folded, score_cutoff=slips)
        # The first letter is seldom the wrong one.
        merit = (distance, its_folded[0] != folded[0], -count)
        if distance <= slips and (best is None or merit < best[0]):
            best = merit, candidate
    return best[1] if best else None


def nearest_chinese(run: str, wrong: list[Piece], start: int, language: str) -> str | None:
    """A Chinese run with one sign put right between two others, if both pairs around it are on the site.

    `wrong` are the pairs that the site doesn't know; `start` is the place of the run in the query. At the
    ends of a run there is only one neighbour, which says too little.
    """
    places = [piece.start - start for piece in wrong]
    if len(places) != 2 or places[1] != places[0] + 1:
        return None
    place = places[1]
    before, after = run[place - 1], run[place + 1]
    around = Word.objects.filter(Q(word__startswith=before) | Q(word__endswith=after))
    pairs = dict(around.filter(language=language, count__gt=0).values_list("word", "count"))
    fits = {
        pair[1]: min(count, pairs[pair[1] + after])
        for pair, count in pairs.items()
        if len(pair) == 2 and pair[0] == before and pair[1] + after in pairs
    }
    if not fits:
        return None
    sign = max(fits, key=lambda key: (fits[key], key))
    return run[:place] + sign + run[place + 1 :]
