"""What the marks of a segment are, in words for people."""

from collections.abc import Iterable

import swapper
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model

from .segments import Code, Segment

KINDS = {
    "bold": lambda: _("bold"),
    "italic": lambda: _("italic"),
    "link": lambda: _("link"),
    "document": lambda: _("document"),
    "line-break": lambda: _("line break"),
    "superscript": lambda: _("superscript"),
    "subscript": lambda: _("subscript"),
}


def describe(codes: Iterable[Code]) -> dict[tuple[str, str], str]:
    """{mark: what it is} for many codes, with the titles of what they link to, in two queries."""
    codes = list(codes)
    titles = _titles(swapper.load_model("wagtailcore", "Page"), codes, "page ")
    titles |= _titles(get_document_model(), codes, "document ")
    return {code.mark: _description(code, titles) for code in codes}


def _titles(model, codes: list[Code], prefix: str) -> dict[str, str]:
    numbers = {
        code.target.removeprefix(prefix)
        for code in codes
        if code.kind in {"link", "document"} and code.target.startswith(prefix)
    }
    records = model.objects.in_bulk([number for number in numbers if number.isdecimal()]) if numbers else {}
    return {f"{prefix}{pk}": record.title for pk, record in records.items()}


def _description(code: Code, titles: dict[str, str]) -> str:
    if code.kind not in KINDS:
        return code.kind
    target = code.target if code.kind in {"link", "document"} else ""
    if not target:
        return KINDS[code.kind]()
    if target in titles:
        return _("link to “%(title)s”") % {"title": titles[target]}
    return _("link to %(address)s") % {"address": target}


def codes_of(segments: Iterable[Segment]) -> list[Code]:
    return [code for segment in segments for code in (*segment.codes, *segment.target_codes)]
