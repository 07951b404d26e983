"""Template tags for text in six languages."""

from datetime import datetime

from django import template
from django.utils import timezone

from translations import calendars
from translations.languages import current_language

register = template.Library()


@register.simple_tag
def localized(record, field_name):
    """A translated field as the reader gets it; see `LocalizedValue`.

    {% localized page "lead" as lead %}<p{{ lead.attributes }}>{{ lead }}</p>
    """
    return record.localize(field_name)


@register.simple_tag
def any_falls_back(records):
    """Whether a reader of a list of these records sees any of them in the source language."""
    return any(record.falls_back_in_lists() for record in records)


@register.filter
def long_date(day):
    """A date, or the date of a moment, in the words of the active language."""
    if isinstance(day, datetime):
        day = timezone.localdate(day)
    return calendars.long_date(day, current_language().code)
