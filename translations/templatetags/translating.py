"""Template tags for the admin's pages about translations."""

from dataclasses import dataclass

from django import template
from django.contrib.contenttypes.models import ContentType
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.admin.panels import get_edit_handler

from translations.languages import Language, all_languages
from translations.models import LanguageState, TranslatedOwner
from translations.registry import source_url, translate_url
from translations.segments import plain_text, tokens
from translations.states import State

register = template.Library()


@dataclass(frozen=True)
class SwitchItem:
    language: Language
    url: str
    state: str
    state_label: str
    is_current: bool


@dataclass(frozen=True)
class LanguageSwitch:
    """Where each language of a record is edited, and how far it has come."""

    source_url: str | None
    is_source_current: bool
    # Whether the form of the source has a part of its own for what all languages share.
    has_shared: bool
    items: list[SwitchItem]


def _has_shared_fields(model) -> bool:
    if not hasattr(model, "edit_handler"):
        return False
    return any("shared-tab" in panel.classname for panel in get_edit_handler(model).children)


@register.simple_tag
def language_switch(record, user, current=None):
    """The `LanguageSwitch` of a record; None for one that isn't stored yet or has no translations of its own.

    `current` is the language that is being edited; the source if left out.
    """
    if not isinstance(record, TranslatedOwner) or not record.pk or getattr(record, "alias_of_id", None):
        return None
    states = {
        state.language: state
        for state in LanguageState.objects.filter(
            entry__content_type=ContentType.objects.get_for_model(record, for_concrete_model=False),
            entry__object_id=record.pk,
        )
    }
    # Those who may not open the form of the source get no link to it.
    url = source_url(record, user)
    items = []
    for language in all_languages():
        if language.is_source:
            is_current = current is None or current.is_source
            label = pgettext("state of a language", "original")
            items.append(SwitchItem(language, url or "", "source", label, is_current))
            continue
        state = State(states[language.code].state) if language.code in states else State.MISSING
        returned = state == State.DRAFT and states[language.code].note
        label = _("Returned") if returned else state.label
        items.append(
            SwitchItem(
                language,
                translate_url(record, language),
                "returned" if returned else state.value,
                label,
                current is not None and current == language,
            )
        )
    return LanguageSwitch(url, current is None or current.is_source, _has_shared_fields(type(record)), items)


@register.filter
def with_marks(text, is_rich=True):
    """A segment's text with its codes as small chips, which keep their direction among other words."""
    if not is_rich:
        return text
    return format_html_join("", "{}", ((_piece(token),) for token in tokens(text)))


def _piece(token):
    if isinstance(token, str):
        return token
    kind, number = token
    written = {"open": "<{}>", "close": "</{}>", "alone": "<{}/>"}[kind].format(number)
    return format_html('<bdi class="mark-chip" dir="ltr">{}</bdi>', written)


@register.filter
def without_marks(text, is_rich=True):
    """The plain words of a segment's text."""
    return plain_text(text) if is_rich else text
