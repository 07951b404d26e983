"""What people do with a translation. Each step checks rights on the record as it is now, in one transaction.

missing → draft → in review → approved; a reviewer may give a translation back. Approving makes it public as
soon as the source that it translates is public. Steps are kept in Wagtail's log with the record's history.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field

from django.db import models, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from . import checks, memory
from .languages import Language, source_language
from .models import SourceText, TranslatedOwner
from .models.records import lock
from .progress import Progress, progress_of
from .rights import can_review, can_translate, require
from .segments import Segment, SegmentError, align, markup_of, write_segments
from .states import Origin, State


class EditConflict(Exception):
    """Somebody else has changed the same segments since they were opened.

    `segments` has them as they are now.
    """

    def __init__(self, segments: list[Segment]):
        super().__init__(", ".join(str(segment.label) for segment in segments))
        self.segments = segments


class ApprovalBlocked(Exception):
    """A translation can't be sent or approved as it is. `problems` has (segment, sentence) pairs."""

    def __init__(self, problems: list[tuple[Segment | None, str]]):
        super().__init__(" ".join(str(sentence) for _segment, sentence in problems))
        self.problems = problems


class SegmentErrors(Exception):
    """Some of the texts can't be taken. `errors` is {segment id: sentence}; nothing was saved."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True)
class Saved:
    """What a save did: the ids of the segments whose words it changed, and of those it confirmed."""

    changed: list[str] = field(default_factory=list)
    confirmed: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.changed or self.confirmed)


def working_copy(record: TranslatedOwner) -> TranslatedOwner:
    """The record with the drafts of all languages in it, freshly read."""
    return record.working_copy()


def progress(record: TranslatedOwner, language: Language, working: models.Model | None = None) -> Progress:
    """Where the translation of a record into a language stands."""
    return progress_of(working or record.working_copy(), language)


@contextmanager
def at_work_on(record: TranslatedOwner) -> Iterator[TranslatedOwner]:
    """The working copy of a record that nobody else may change meanwhile."""
    with transaction.atomic(), translation.override(source_language().code):
        lock(record)
        yield record.working_copy()


def _note(work: TranslatedOwner, language: Language, user, **changes) -> None:
    """Writes into the state of a language; None takes a value away."""
    status = deepcopy(work.translation_status)
    entry = status.setdefault(language.code, {})
    entry |= changes | {"at": timezone.now().isoformat(), "by": user.pk if user else None}
    status[language.code] = {key: value for key, value in entry.items() if value is not None or key == "by"}
    work.translation_status = status


def _sources(work: TranslatedOwner, language: Language, digests: Mapping[str, str]) -> dict[str, str]:
    """What to remember of the sources of all segments, after some were translated anew from `digests`.

    Names of pieces that are neither in the source nor in the translation any more are forgotten.
    """
    known = (work.translation_status.get(language.code) or {}).get("sources", {})
    status = dict(work.translation_status)
    status[language.code] = {**(status.get(language.code) or {}), "sources": {**known, **digests}}
    work.translation_status = status
    alignment = align(work, language)
    sources = {
        segment.key: segment.translated_digest
        for segment in alignment.segments
        if segment.is_translated and segment.translated_digest
    }
    return {key: digest for key, digest in known.items() if key in alignment.target_keys} | sources


def mark(record: TranslatedOwner, language: Language, state: State, origin: Origin) -> None:
    """Says of the words that a record has in a language that they translate its present source. Saves
    nothing.

    For words that come from elsewhere, such as the files of the starting content.
    """
    _note(record, language, None, state=state.value, origin=origin.value, sources={})
    digests = {
        segment.key: segment.digest for segment in align(record, language).segments if segment.is_translated
    }
    _note(record, language, None, sources=_sources(record, language, digests))
    _keep_sources([segment for segment in align(record, language).segments if segment.is_translated])


def _keep_sources(segments: Collection[Segment]) -> None:
    """Keeps the sources as they are now, so that a later change can be shown."""
    SourceText.objects.bulk_create(
        [
            SourceText(
                digest=segment.digest,
                text=segment.source,
                codes=[[code.number, code.opening, code.closing, code.kind] for code in segment.codes],
            )
            # In one order, so that two who keep the same texts don't wait for each other for ever.
            for _digest, segment in sorted({segment.digest: segment for segment in segments}.items())
        ],
        ignore_conflicts=True,
    )


def save_translation(
    record: TranslatedOwner,
    language: Language,
    targets: Mapping[str, str],
    *,
    user,
    origin: Origin = Origin.HUMAN,
    base: Mapping[str, str] | None = None,
    confirm: Collection[str] = (),
    digests: Mapping[str, str] | None = None,
) -> Saved:
    """Saves the words of some segments as a draft; what was public stays public until the draft is approved.

    `targets` is {segment id: text}; `base` the same texts as they were when they were opened, if that was a
    while ago; `confirm` names segments whose present words are right for the present source; `digests` gives
    the sources that the texts were made from, where these may be older. `user` is None for what the site does
    by itself.

    Raises `PermissionDenied`, `EditConflict` or `SegmentErrors`; then nothing is saved. A machine's words
    never replace any: where a segment has a translation, they are left out.
    """
    if user is not None:
        require(can_translate(user, language), language)
    with at_work_on(record) as work:
        before = align(work, language).segments
        known = {segment.id: segment for segment in before}
        if foreign := [name for name in (*targets, *confirm) if name not in known]:
            sentence = _("This segment is no longer in the source.")
            raise SegmentErrors(dict.fromkeys(foreign, sentence))
        changed, conflicts = {}, []
        for name, text in targets.items():
            segment = known[name]
            text = text if segment.is_rich else text.replace("\r\n", "\n")
            if text == segment.target or (origin == Origin.MACHINE and segment.is_translated):
                continue
            if base is not None and base.get(name, segment.target) != segment.target:
                if text != base[name]:
                    conflicts.append(segment)
                continue
            changed[name] = text
        if conflicts:
            raise EditConflict(conflicts)
        confirmed = [name for name in confirm if name not in changed and known[name].is_stale]
        if not changed and not confirmed:
            return Saved()
        _write(work, language, before, changed)
        new = {known[name].key: (digests or {}).get(name) or known[name].digest for name in changed}
        new |= {known[name].key: known[name].digest for name in confirmed}
        had_words = any(segment.is_translated for segment in before)
        entry = work.translation_entry(language)
        keeps_machine = origin == Origin.MACHINE and (not had_words or entry.get("origin") == Origin.MACHINE)
        only_confirmed = not changed and entry.get("origin") == Origin.MACHINE
        _note(
            work,
            language,
            user,
            state=State.DRAFT.value,
            origin=(Origin.MACHINE if keeps_machine or only_confirmed else Origin.HUMAN).value,
            sources=_sources(work, language, new),
            note=entry.get("note"),
            outdated_since=None,
        )
        _keep_sources([known[name] for name in (*changed, *confirmed)])
        work.store_working_copy(user, "translations.save")
        return Saved(list(changed), confirmed)


def _write(work, language, before, changed) -> None:
    """Writes the segments one by one first, so that each that can't be taken is named."""
    errors = {}
    for segment in before:
        if changed.get(segment.id):
            try:
                markup_of(segment, changed[segment.id])
            except SegmentError as error:
                errors[segment.id] = str(error)
    if errors:
        raise SegmentErrors(errors)
    write_segments(work, language, before, changed)


def unfinished(segments: Collection[Segment]) -> list[tuple[Segment, str]]:
    """What keeps a translation from being sent: segments without words, or with words for an older source."""
    return [
        (
            segment,
            _("This has not been translated yet.")
            if not segment.is_translated
            else _(
                "The English has changed since this was translated: "
                "mend it, or confirm that it is still right."
            ),
        )
        for segment in segments
        if not segment.is_current
    ]


def faults(segments: Collection[Segment], language: Language) -> list[tuple[Segment, str]]:
    """The errors that the checks find, which only words can mend."""
    found = checks.errors(segments, language)
    return [(segment, str(problem.message)) for segment in segments for problem in found.get(segment.id, ())]


def submit(record: TranslatedOwner, language: Language, user) -> None:
    """Sends a draft to the reviewers of its language. Raises `ApprovalBlocked` if it isn't complete."""
    require(can_translate(user, language), language)
    with at_work_on(record) as work:
        if problems := unfinished(align(work, language).segments):
            raise ApprovalBlocked(problems)
        _note(work, language, user, state=State.REVIEW.value, note=None)
        work.store_working_copy(user, "translations.submit")


def approve(record: TranslatedOwner, language: Language, user) -> bool:
    """Approves a translation; whether it is public now, or else will be with its source.

    Raises `ApprovalBlocked` if it isn't complete or if a check finds an error.
    """
    require(can_review(user, language), language)
    with at_work_on(record) as work:
        return _approve(work, language, user, "translations.approve")


def approve_again(record: TranslatedOwner, language: Language, user) -> bool:
    """Says that a translation is still right although its source has changed, and approves it.

    A translator who is no reviewer sends it to review by this.
    """
    require(can_translate(user, language), language)
    with at_work_on(record) as work:
        segments = align(work, language).segments
        digests = {segment.key: segment.digest for segment in segments if segment.is_translated}
        _note(work, language, user, sources=_sources(work, language, digests))
        _keep_sources(segments)
        if can_review(user, language):
            return _approve(work, language, user, "translations.approve_again")
        if problems := unfinished(align(work, language).segments):
            raise ApprovalBlocked(problems)
        _note(work, language, user, state=State.REVIEW.value, note=None)
        work.store_working_copy(user, "translations.submit")
        return False


def _approve(work: TranslatedOwner, language: Language, user, action: str) -> bool:
    segments = align(work, language).segments
    if problems := unfinished(segments) or faults(segments, language):
        raise ApprovalBlocked(problems)
    # What the source no longer has goes with the approval.
    _drop_orphans(work, language)
    segments = align(work, language).segments
    _note(
        work,
        language,
        user,
        state=State.APPROVED.value,
        origin=work.translation_entry(language).get("origin", Origin.HUMAN.value),
        sources={segment.key: segment.digest for segment in segments},
        note=None,
        outdated_since=None,
    )
    _keep_sources(segments)
    memory.remember(work, language, segments, user)
    work.store_working_copy(user, action)
    return work.publish_language(language)


def _drop_orphans(work: TranslatedOwner, language: Language) -> None:
    """Builds those fields anew that hold words for what the source no longer has, or under older names."""
    alignment = align(work, language)
    if alignment.untidy:
        write_segments(work, language, alignment.segments, {}, also=alignment.untidy, keeps_rest=False)


def restore(record: TranslatedOwner, language: Language, revision, user) -> bool:
    """Brings the words of a language back from a revision, as a draft; whether they are approved at once.

    They are if they were, by a reviewer, and if they are right for the present source.
    """
    require(can_translate(user, language), language)
    with at_work_on(record) as work:
        withdrawn = work.translation_entry(language).get("withdrawn")
        work.copy_language(revision.as_object(), language)
        segments = align(work, language).segments
        was_approved = work.translation_entry(language).get("state") == State.APPROVED
        _note(
            work,
            language,
            user,
            state=State.DRAFT.value,
            note=None,
            outdated_since=None,
            withdrawn=withdrawn,
        )
        problems = unfinished(segments) or faults(segments, language)
        if was_approved and can_review(user, language) and not problems:
            _approve(work, language, user, "translations.restore")
            return True
        work.store_working_copy(user, "translations.restore")
        return False


def send_back(record: TranslatedOwner, language: Language, user, note: str) -> None:
    """Gives a translation back to its translators, with the reason."""
    require(can_review(user, language), language)
    with at_work_on(record) as work:
        _note(
            work, language, user, state=State.DRAFT.value, note=note.strip() or _("Please look at it again.")
        )
        work.store_working_copy(user, "translations.send_back")


def withdraw(record: TranslatedOwner, language: Language, user) -> None:
    """Takes a translation out of review;

    a reviewer may also take back an approval, which ends its publication.
    """
    with at_work_on(record) as work:
        approved = work.translation_entry(language).get("state") == State.APPROVED
        require(can_review(user, language) if approved else can_translate(user, language), language)
        withdrawn = {"withdrawn": timezone.now().isoformat()} if approved else {}
        _note(work, language, user, state=State.DRAFT.value, **withdrawn)
        work.store_working_copy(user, "translations.withdraw")
        if approved:
            work.unpublish_language(language)
