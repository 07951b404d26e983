"""The page on which a record is translated into one language, with the source beside it."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from django.contrib.admin.utils import unquote
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages
from wagtail.admin.utils import get_user_display_name

from translations import machine, presence, workflow
from translations.aids import Help, help_for
from translations.differences import Difference, differences
from translations.index import title_of
from translations.isolates import isolated, without_isolates
from translations.languages import Language, source_language, target_languages
from translations.marks import codes_of, describe
from translations.models import TranslatedRevisions
from translations.progress import Progress, progress_of
from translations.registry import find, preview_url, source_url, translate_url
from translations.rights import can_review, can_translate
from translations.segments import Segment, segments
from translations.states import State
from translations.workflow import ApprovalBlocked, EditConflict, SegmentErrors

from .preview import TranslationPreviewPanel, can_be_previewed

SHOW = ("all", "todo", "outdated")
# Stands for a text that was opened, that is no longer there, and of which only the digest is known.
ANOTHER_TEXT = "\0"


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass
class Typed:
    """What came back from the form, by the key of each segment."""

    texts: dict[str, str] = field(default_factory=dict)
    # As they were when the form was made: the digest of the source, and a fingerprint of the translation.
    sources: dict[str, str] = field(default_factory=dict)
    targets: dict[str, str] = field(default_factory=dict)
    confirmed: set[str] = field(default_factory=set)

    @classmethod
    def from_post(cls, data, language: Language) -> "Typed":
        typed = cls()
        for name, value in data.items():
            kind, _colon, key = name.partition(":")
            if kind == "text":
                typed.texts[key] = without_isolates(value.replace("\r\n", "\n"), language)
            elif kind == "base":
                source, _dot, target = value.partition(".")
                typed.sources[key], typed.targets[key] = source, target
            elif kind == "right":
                typed.confirmed.add(key)
        return typed

    def is_changed(self, key: str) -> bool:
        return key in self.texts and fingerprint(self.texts[key]) != self.targets.get(key)

    def base(self, segment: Segment) -> str:
        """The translation as it was when the form was made, as far as it is known."""
        if self.targets.get(segment.key) == fingerprint(segment.target):
            return segment.target
        if not self.is_changed(segment.key):
            return self.texts[segment.key]
        return ANOTHER_TEXT


@dataclass
class Row:
    """A segment as the page shows it."""

    segment: Segment
    number: int
    text: str
    # What the page was made from; comes back with the form.
    base: str
    # The headings above it, where they differ from those of the row before.
    field_heading: str = ""
    block_heading: str = ""
    part_label: str = ""
    error: str = ""
    # What somebody else wrote meanwhile.
    theirs: str | None = None
    is_confirmed: bool = False
    difference: Difference | None = None
    marks: list[tuple[str, str, str]] = field(default_factory=list)
    picture: models.Model | None = None
    beside: Segment | None = None
    language: Language | None = None
    help: Help | None = None

    @property
    def anchor(self) -> str:
        return f"s{self.number}"

    @property
    def input_text(self) -> str:
        return isolated(self.text, self.language) if self.segment.is_rich else self.text

    @property
    def state(self) -> str:
        if self.segment.is_stale:
            return "outdated"
        return "done" if self.segment.is_translated else "todo"

    @property
    def is_long(self) -> bool:
        """Whether one line is too little."""
        return self.segment.is_rich or len(self.segment.source) > 60 or not self.segment.max_length


@dataclass
class Page:
    """All that the page shows of a record in a language, to one person."""

    request: object
    record: models.Model
    language: Language
    typed: Typed | None = None
    errors: dict[str, str] = field(default_factory=dict)
    conflicts: dict[str, Segment] = field(default_factory=dict)
    # What doesn't belong to one segment.
    faults: list[str] = field(default_factory=list)

    @cached_property
    def working(self) -> models.Model:
        return workflow.working_copy(self.record)

    @cached_property
    def progress(self) -> Progress:
        return progress_of(self.working, self.language)

    @cached_property
    def may_translate(self) -> bool:
        return can_translate(self.request.user, self.language)

    @cached_property
    def may_review(self) -> bool:
        return can_review(self.request.user, self.language)

    @property
    def show(self) -> str:
        asked = self.request.GET.get("show")
        return asked if asked in SHOW else "all"

    @cached_property
    def beside_language(self) -> Language | None:
        """A third language, shown to compare with."""
        code = self.request.GET.get("beside")
        others = {other.code: other for other in target_languages() if other != self.language}
        return others.get(code)

    def _is_shown(self, segment: Segment) -> bool:
        if self.show == "all" or segment.id in self.errors or segment.id in self.conflicts:
            return True
        if self.typed and self.typed.is_changed(segment.key):
            return True
        return segment.is_stale if self.show == "outdated" else not segment.is_current

    @cached_property
    def rows(self) -> list[Row]:
        beside = {}
        if self.beside_language:
            beside = {segment.id: segment for segment in segments(self.working, self.beside_language)}
        changed = differences(self.progress.segments)
        described = describe(codes_of(self.progress.segments))
        pictures = pictures_of(self.working)
        # The checks look at what stands in the inputs, saved or not.
        helps = help_for(
            [replace(segment, target=self._text(segment)) for segment in self.progress.segments],
            self.language,
        )
        rows, last = [], (None, None)
        for number, segment in enumerate(self.progress.segments, start=1):
            if not self._is_shown(segment):
                continue
            field_heading, block_heading, part = headings(segment)
            # The fields of a child stand under one heading.
            own_field = "" if segment.is_child else segment.field
            place = (segment.record, own_field, field_heading), segment.block
            rows.append(
                Row(
                    segment=segment,
                    number=number,
                    text=self._text(segment),
                    base=self._base(segment),
                    field_heading=field_heading if place[0] != last[0] else "",
                    block_heading=block_heading if place != last else "",
                    part_label=part,
                    error=self.errors.get(segment.id, ""),
                    theirs=self.conflicts[segment.id].target if segment.id in self.conflicts else None,
                    is_confirmed=bool(self.typed and segment.key in self.typed.confirmed),
                    difference=changed.get(segment.id),
                    marks=[
                        (
                            f"<{code.number}/>" if code.is_alone else f"<{code.number}>",
                            "" if code.is_alone else f"</{code.number}>",
                            described[code.mark],
                        )
                        for code in segment.codes
                    ],
                    picture=pictures.get(segment.block) if place != last else None,
                    beside=beside.get(segment.id),
                    language=self.language,
                    help=helps[segment.id],
                )
            )
            last = place
        return rows

    def _text(self, segment: Segment) -> str:
        if self.typed and self.typed.is_changed(segment.key):
            return self.typed.texts[segment.key]
        return segment.target

    def _base(self, segment: Segment) -> str:
        text = self._text(segment)
        source, target = segment.digest, fingerprint(segment.target)
        if text != segment.target:
            # Typed and not saved: still on top of what it was typed on, unless the person has been told.
            source = self.typed.sources.get(segment.key, source)
            if segment.id not in self.conflicts:
                target = self.typed.targets.get(segment.key, target)
        return f"{source}.{target}"

    @cached_property
    def lost(self) -> list[str]:
        """What was typed for segments that the source has no longer."""
        if not self.typed:
            return []
        known = {segment.key for segment in self.progress.segments}
        return [
            text
            for key, text in self.typed.texts.items()
            if key not in known and text and self.typed.is_changed(key)
        ]

    @property
    def filters(self) -> list[tuple[str, str, int, str]]:
        """(name, label, number of segments, address) of each way to look at the page."""
        progress = self.progress
        left = progress.total - progress.done
        return [
            ("all", _("All"), progress.total, self.address(show=None)),
            ("todo", _("To do"), left, self.address(show="todo")),
            ("outdated", _("Out of date"), len(progress.stale), self.address(show="outdated")),
        ]

    @property
    def beside_choices(self) -> list[tuple[Language, str, bool]]:
        chosen = self.beside_language
        return [
            (other, self.address(beside=None if other == chosen else other.code), other == chosen)
            for other in target_languages()
            if other != self.language
        ]

    def address(self, **changes) -> str:
        """This page with other parameters; None takes one away."""
        query = self.request.GET.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        own = translate_url(self.record, self.language)
        return f"{own}?{query.urlencode()}" if query else own

    @property
    def offers_machine(self) -> bool:
        return self.may_translate and machine.is_available() and bool(self.progress.untranslated)

    @property
    def next_to_do(self) -> str:
        return next((f"#{row.anchor}" for row in self.rows if row.state != "done"), "")

    @cached_property
    def facts(self) -> list[tuple[str, object, bool]]:
        """What all languages share of the record, to know what one is writing about."""
        return [
            (label, value, hasattr(value, "get_rendition"))
            for label, value in self.working.facts_for_translators()
            if value
        ]

    @cached_property
    def is_public(self) -> bool:
        return self.record.is_public_in(self.language) and getattr(self.record, "live", True)

    @cached_property
    def changed_by(self) -> str:
        person = get_user_model().objects.filter(pk=self.progress.changed_by).first()
        return get_user_display_name(person) if person else ""

    @cached_property
    def others(self) -> list[tuple[str, datetime]]:
        if not self.may_translate:
            return []
        seen = presence.others(self.record, self.language, self.request.user)
        return [(get_user_display_name(person), when) for person, when in seen]

    # Which actions are offered; the workflow decides again whether they are allowed.

    @property
    def can_submit(self) -> bool:
        state = self.progress.state
        return self.may_translate and state in {State.MISSING, State.DRAFT, State.OUTDATED}

    @property
    def can_approve(self) -> bool:
        return self.may_review and self.progress.total > 0 and self.progress.state != State.APPROVED

    @property
    def can_approve_again(self) -> bool:
        return self.may_translate and self.progress.state == State.OUTDATED and not self.progress.untranslated

    @property
    def can_send_back(self) -> bool:
        return self.may_review and self.progress.state == State.REVIEW

    @property
    def can_withdraw(self) -> bool:
        if self.progress.state in {State.APPROVED, State.OUTDATED}:
            return self.may_review and self.progress.total > 0
        return self.may_translate and self.progress.state == State.REVIEW


def headings(segment: Segment) -> tuple[str, str, str]:
    """(field, block, part) out of a label such as "Text: Quotation: source"."""
    parts = segment.label.split(": ")
    if segment.is_child:
        return ": ".join(parts[:1]), "", ": ".join(parts[1:])
    return parts[0], parts[1] if len(parts) > 1 else "", ": ".join(parts[2:])


def pictures_of(working: models.Model) -> dict[str, models.Model]:
    """{id of a block: its picture}, so that a caption can be translated with the picture in view."""
    found = {}
    for model_field in working._meta.get_fields():
        if not hasattr(model_field, "stream_block") or not model_field.name.endswith(
            f"_{source_language().code}"
        ):
            continue
        for block in getattr(working, model_field.name) or []:
            values = block.value.values() if hasattr(block.value, "values") else [block.value]
            picture = next((value for value in values if hasattr(value, "get_rendition")), None)
            if picture is not None:
                found[block.id] = picture
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, label: str, pk: str, code: str) -> HttpResponse:
    record, language = find(request, label, pk, code)
    if str(record.pk) != unquote(pk):
        # A page that only mirrors another has the translations of that one.
        return redirect(translate_url(record, language))
    page = Page(request, record, language)
    if page.may_translate:
        presence.is_here(record, language, request.user)
    if request.method == "POST":
        if not page.may_translate:
            raise PermissionDenied
        if carry_out(page, request.POST.get("action", "save")):
            return redirect(page.address())
        # Read again: what was saved before something was refused stays saved.
        page = Page(request, record, language, page.typed, page.errors, page.conflicts, page.faults)
    return TemplateResponse(request, "translations/editor.html", context(page))


def carry_out(page: Page, action: str) -> bool:
    """Saves what was typed and takes the step that was asked for; whether all of it was done."""
    request, language = page.request, page.language
    step = STEPS.get(action)
    if step is None:
        raise Http404(action)
    page.typed = typed = Typed.from_post(request.POST, language)
    if action == "return" and not request.POST.get("note", "").strip():
        page.faults.append(_("Write a note that says what should be changed."))
        return False
    try:
        # An approval is taken back before new words turn it into a draft.
        sentence = step(page, workflow.Saved()) if action == "withdraw" else ""
        saved = save(page, typed)
    except SegmentErrors as error:
        page.errors = error.errors
        return False
    except EditConflict as conflict:
        page.conflicts = {segment.id: segment for segment in conflict.segments}
        return False
    if page.lost:
        page.faults.append(_("The English has lost paragraphs while you were translating them."))
        return False
    try:
        sentence = sentence or step(page, saved)
    except ApprovalBlocked as blocked:
        page.errors = {segment.id: sentence for segment, sentence in blocked.problems if segment}
        page.faults = [sentence for segment, sentence in blocked.problems if segment is None]
        if saved:
            messages.success(request, saved_sentence(saved))
        return False
    messages.success(request, sentence)
    return True


def save(page: Page, typed: Typed) -> workflow.Saved:
    known = {segment.key: segment for segment in page.progress.segments}
    posted = {key: segment for key, segment in known.items() if key in typed.texts}
    moved_on = {
        known[key].id: _("The English has changed again since you opened this page: look at it once more.")
        for key in typed.confirmed & known.keys()
        if typed.sources.get(key) != known[key].digest
    }
    if moved_on:
        raise SegmentErrors(moved_on)
    return workflow.save_translation(
        page.record,
        page.language,
        {segment.id: typed.texts[key] for key, segment in posted.items()},
        user=page.request.user,
        base={segment.id: typed.base(segment) for segment in posted.values()},
        confirm=[known[key].id for key in typed.confirmed & known.keys()],
        digests={segment.id: typed.sources[key] for key, segment in posted.items() if typed.sources.get(key)},
    )


def saved_sentence(saved: workflow.Saved) -> str:
    if not saved:
        return _("There was nothing new to save.")
    count = len(saved.changed) + len(saved.confirmed)
    return ngettext("Saved: %(count)d segment.", "Saved: %(count)d segments.", count) % {"count": count}


def published_sentence(is_public: bool) -> str:
    if is_public:
        return _("Approved: visitors can read it now.")
    return _("Approved: it will be public as soon as this version of the English is.")


def _save(page, saved):
    return saved_sentence(saved)


def _submit(page, saved):
    workflow.submit(page.record, page.language, page.request.user)
    return _("Sent to review.")


def _approve(page, saved):
    return published_sentence(workflow.approve(page.record, page.language, page.request.user))


def _approve_again(page, saved):
    is_public = workflow.approve_again(page.record, page.language, page.request.user)
    if page.may_review:
        return published_sentence(is_public)
    return _("Sent to review as still right.")


def _send_back(page, saved):
    workflow.send_back(page.record, page.language, page.request.user, page.request.POST["note"])
    return _("Returned to its translators with your note.")


def _withdraw(page, saved):
    was_approved = page.progress.state in {State.APPROVED, State.OUTDATED}
    workflow.withdraw(page.record, page.language, page.request.user)
    if was_approved:
        return _("The approval is taken back: visitors no longer read this translation.")
    return _("Taken back from review.")


STEPS = {
    "save": _save,
    "submit": _submit,
    "approve": _approve,
    "approve-again": _approve_again,
    "return": _send_back,
    "withdraw": _withdraw,
}


def context(page: Page) -> dict:
    title = title_of(page.working)
    url = source_url(page.record, page.request.user)
    is_previewable = can_be_previewed(page.record)
    address = [page.record._meta.label_lower, page.record.pk, page.language.code]
    return {
        "page": page,
        "record": page.record,
        "record_label": page.record._meta.label_lower,
        "language": page.language,
        "source_language": source_language(),
        "title": title,
        "source_form_url": url,
        "header_title": _("%(title)s in %(language)s") % {"title": title, "language": page.language.name},
        "header_icon": "globe",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": url or "", "label": title},
            {"url": "", "label": page.language.name},
        ],
        "side_panels": (
            [TranslationPreviewPanel(page.record, page.request, page.language)] if is_previewable else []
        ),
        "preview_url": preview_url(page.record, page.language) if is_previewable else "",
        "history_url": (
            reverse("translations:history", args=address)
            if isinstance(page.record, TranslatedRevisions)
            else ""
        ),
        "is_refused": bool(page.errors or page.conflicts or page.faults),
    }


@require_POST
def here(request, label: str, pk: str, code: str) -> HttpResponse:
    """Says that the page is still open, and answers with who else has it open."""
    record, language = find(request, label, pk, code)
    page = Page(request, record, language)
    if not page.may_translate:
        raise PermissionDenied
    presence.is_here(record, language, request.user)
    return TemplateResponse(request, "translations/editor_others.html", {"page": page})
