"""What became of the translation of a record into one language, revision by revision."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.models import Revision

from translations import workflow
from translations.differences import Change, compare
from translations.index import title_of
from translations.languages import Language, column, source_language
from translations.models import TranslatedRevisions
from translations.registry import find, translate_url
from translations.rights import can_translate
from translations.segments import plain_text, segments
from translations.states import Origin, State

# A page that is worked on for years has many; older ones are in the history of the record.
MOST = 300


@dataclass(frozen=True)
class Step:
    """A revision in which the words or the state of a language changed."""

    revision: Revision
    state: str
    state_label: str
    origin: str
    has_new_words: bool


@dataclass(frozen=True)
class ChangedSegment:
    label: str
    source: str
    is_rich: bool
    changes: list[Change]


def find_with_revisions(request, label: str, pk: str, code: str):
    record, language = find(request, label, pk, code)
    if not isinstance(record, TranslatedRevisions):
        raise Http404(label)
    return record, language


def words_in(content, ending: str):
    """What stands in the columns of a language, in a revision and in its children."""
    if isinstance(content, dict):
        return {
            key: value if key.endswith(ending) else words_in(value, ending)
            for key, value in content.items()
            if key.endswith(ending) or isinstance(value, list)
        }
    return [words_in(item, ending) for item in content if isinstance(item, dict)]


def without_nothing(words):
    """An empty column counts as one that isn't there."""
    if isinstance(words, dict):
        return {key: kept for key, value in words.items() if (kept := without_nothing(value))}
    if isinstance(words, list):
        return [kept for item in words if (kept := without_nothing(item))]
    return words


def steps(record: TranslatedRevisions, language: Language) -> list[Step]:
    """The newest first."""
    ending = column("", language)
    found: list[Step] = []
    known_words, known_entry = {}, {}
    newest = list(record.revisions.select_related("user").order_by("-created_at", "-pk")[:MOST])
    for revision in reversed(newest):
        words = without_nothing(words_in(revision.content, ending))
        entry = (revision.content.get("translation_status") or {}).get(language.code) or {}
        said = {key: entry.get(key) for key in ("state", "note", "sources", "origin")}
        if words != known_words or said != known_entry:
            state = State(entry.get("state", State.DRAFT if words else State.MISSING))
            origin = Origin(entry["origin"]).label if entry.get("origin") == Origin.MACHINE else ""
            found.append(Step(revision, state.value, state.label, origin, words != known_words))
        known_words, known_entry = words, said
    return found[::-1]


def shared_context(record, language: Language, title: str) -> dict:
    return {
        "record": record,
        "language": language,
        "source_language": source_language(),
        "header_title": title,
        "header_icon": "history",
        "edit_url": translate_url(record, language),
    }


@require_safe
def history(request, label: str, pk: str, code: str) -> HttpResponse:
    record, language = find_with_revisions(request, label, pk, code)
    title = title_of(record)
    address = [record._meta.label_lower, record.pk, language.code]
    return TemplateResponse(
        request,
        "translations/history.html",
        shared_context(
            record,
            language,
            _("History of %(title)s in %(language)s") % {"title": title, "language": language.name},
        )
        | {
            "steps": [
                (step, reverse("translations:revision", args=[*address, step.revision.pk]))
                for step in steps(record, language)
            ],
            "breadcrumbs_items": [
                {"url": reverse("wagtailadmin_home"), "label": _("Home")},
                {"url": translate_url(record, language), "label": f"{title}: {language.name}"},
                {"url": "", "label": _("History")},
            ],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def revision(request, label: str, pk: str, code: str, number: int) -> HttpResponse:
    """A revision's words beside those of now; a POST brings them back."""
    record, language = find_with_revisions(request, label, pk, code)
    old = get_object_or_404(record.revisions.select_related("user"), pk=number)
    if request.method == "POST":
        if workflow.restore(record, language, old, request.user):
            messages.success(request, _("Restored, and approved as it was."))
        else:
            messages.success(request, _("Restored as a draft."))
        return redirect(translate_url(record, language))
    title = title_of(record)
    address = [record._meta.label_lower, record.pk, language.code]
    return TemplateResponse(
        request,
        "translations/revision.html",
        shared_context(
            record,
            language,
            _("%(title)s in %(language)s, earlier words") % {"title": title, "language": language.name},
        )
        | {
            "revision": old,
            "changed": changed_segments(record, old, language),
            "may_restore": can_translate(request.user, language),
            "breadcrumbs_items": [
                {"url": reverse("wagtailadmin_home"), "label": _("Home")},
                {"url": translate_url(record, language), "label": f"{title}: {language.name}"},
                {"url": reverse("translations:history", args=address), "label": _("History")},
                {"url": "", "label": _("Compare")},
            ],
        },
    )


def changed_segments(record: TranslatedRevisions, old: Revision, language: Language) -> list[ChangedSegment]:
    """The segments whose words would change if a revision were restored, with how they would."""
    work = workflow.working_copy(record)
    now = segments(work, language)
    work.copy_language(old.as_object(), language)
    then = {segment.id: segment for segment in segments(work, language)}
    return [
        ChangedSegment(
            segment.label,
            plain_text(segment.source) if segment.is_rich else segment.source,
            segment.is_rich,
            compare(segment.target, then[segment.id].target),
        )
        for segment in now
        if segment.target != then[segment.id].target
    ]
