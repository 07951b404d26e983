"""What the page for translating asks while somebody types: matches, checks, and a machine's draft."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from translations import machine, memory
from translations.aids import problems_of_text
from translations.glossary import Terms
from translations.isolates import without_isolates
from translations.languages import Language, target_languages
from translations.registry import get_record, translate_url
from translations.rights import can_read_translations, can_translate, require
from translations.segments import Segment, segments
from translations.workflow import working_copy

# Longer texts than a paragraph ever is are not checked while somebody types.
LONGEST_TEXT = 100_000


def target_language(code: str) -> Language:
    for language in target_languages():
        if language.code == code:
            return language
    raise Http404(code)


def asked_segment(parameters) -> tuple[Segment, Language]:
    """The segment that a request names, by its record ("pages.aboutpage:5"), its id and the language."""
    language = target_language(parameters.get("language", ""))
    label, _colon, pk = parameters.get("record", "").partition(":")
    record = working_copy(get_record(label, pk))
    for segment in segments(record, language):
        if segment.id == parameters.get("segment"):
            return segment, language
    raise Http404("segment")


@require_GET
def memory_matches(request: HttpRequest) -> JsonResponse:
    """The matches of a segment, exact ones first: {"matches": [{score, source, target, …}]}."""
    if not can_read_translations(request.user):
        raise PermissionDenied
    segment, language = asked_segment(request.GET)
    return JsonResponse(
        {"matches": [as_json(match, language) for match in memory.matches(segment, language)]}
    )


def as_json(match: memory.Match, language: Language) -> dict:
    return {
        "score": match.score,
        "source": match.source,
        "target": match.target,
        "title": match.title,
        "url": match_url(match, language),
        "origin": match.origin,
    }


def match_url(match: memory.Match, language: Language) -> str | None:
    """Where the record of a match is translated; None if it is gone."""
    if match.object_id is None:
        return None
    return reverse("translations:edit", args=[match.label, match.object_id, language.code])


@require_POST
def check_text(request: HttpRequest) -> JsonResponse:
    """The problems of a translation before it is saved: {"problems": [{level, code, message}]}."""
    if not can_read_translations(request.user):
        raise PermissionDenied
    segment, language = asked_segment(request.POST)
    typed = request.POST.get("text", "")[:LONGEST_TEXT].replace("\r\n", "\n")
    text = without_isolates(typed, language)
    problems = problems_of_text(segment, text, language, Terms.all())
    return JsonResponse(
        {
            "problems": [
                {
                    "level": one.level.value,
                    "label": str(one.level.label),
                    "code": one.code,
                    "message": str(one.message),
                }
                for one in problems
            ]
        }
    )


@require_POST
def machine_draft(request: HttpRequest, label: str, pk: str, code: str) -> HttpResponse:
    """Fills what has no translation yet with a machine's words."""
    language = target_language(code)
    require(can_translate(request.user, language), language)
    record = get_record(label, pk)
    try:
        suggestions = machine.suggest(record, language, request.user)
    except machine.MachineTranslationError as error:
        messages.error(request, str(error))
    else:
        tell(request, suggestions)
    return redirect(translate_url(record, language))


def tell(request: HttpRequest, suggestions: machine.Suggestions) -> None:
    filled, refused = len(suggestions.filled), len(suggestions.refused)
    if filled:
        sentence = ngettext(
            "%(count)s text was translated by machine. Please read it before you send it to review.",
            "%(count)s texts were translated by machine. Please read them before you send them to review.",
            filled,
        )
        messages.success(request, sentence % {"count": filled})
    if refused:
        sentence = ngettext(
            "The machine’s translation of %(count)s text could not be used.",
            "The machine’s translations of %(count)s texts could not be used.",
            refused,
        )
        messages.warning(request, sentence % {"count": refused})
    if not filled and not refused:
        messages.info(request, _("Everything is translated already."))
