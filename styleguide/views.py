"""The living style guide: every component and every token as they are now, for those who build the site."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from translations.languages import all_languages

from . import tokens
from .components import ENTRIES, Entry, undescribed

# What single page types add to site.css, and the guide's own sheet.
PARTS = (
    "cards",
    "home",
    "about",
    "letter",
    "timeline",
    "news",
    "search",
    "forms",
    "contact",
    "errors",
    "styleguide",
)
SHEETS = [f"css/{name}.css" for name in PARTS]


@dataclass(frozen=True)
class Shown:
    """A component with {example: its HTML}."""

    entry: Entry
    examples: dict[str, SafeString]


def show(entry: Entry, request: HttpRequest) -> Shown:
    examples = entry.examples() if entry.is_seen else {}
    return Shown(
        entry,
        {
            name: entry.in_its_place(render_to_string(entry.template, context, request))
            for name, context in examples.items()
        },
    )


def guide(request: HttpRequest, code: str) -> HttpResponse:
    if code not in {language.code for language in all_languages()}:
        raise Http404
    with translation.override(code):
        return render(
            request,
            "styleguide/guide.html",
            {
                "shown": [show(entry, request) for entry in ENTRIES],
                "undescribed": undescribed(),
                "tokens": tokens.read(),
                "swatches": swatches(tokens.read()),
                "languages": all_languages(),
                "sheets": SHEETS,
            },
        )


def swatches(read: tokens.Tokens) -> list[tuple[str, dict[str, str]]]:
    """(name, {scheme: value}) of each colour."""
    return [(name, {scheme: read.value(name, scheme) for scheme in tokens.SCHEMES}) for name in read.colours]


def sheet(request: HttpRequest) -> HttpResponse:
    return HttpResponse(tokens.read().sheet, content_type="text/css")
