"""What a record still lacks before visitors may see it.

A draft may be as incomplete as its editor likes. The form checks it when it is published or sent for
approval; where a draft goes live without its form, this does.
"""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from modelcluster.models import get_all_child_relations
from wagtail.admin import messages
from wagtail.fields import StreamField

from translations.languages import source_language
from translations.models import translated_fields


def faults(record: models.Model) -> list[str]:
    """One sentence for each thing that keeps this record, as it is in memory, from being published."""
    return [*incomplete_fields(record), *pictures_without_words(record)]


def incomplete_fields(record: models.Model) -> Iterator[str]:
    """What is empty or wrong in the record and in its children, as their forms would say it."""
    yield from wrong_fields(record)
    for relation in get_all_child_relations(type(record)):
        for child in getattr(record, relation.get_accessor_name()).all():
            yield from wrong_fields(child)


def wrong_fields(record: models.Model) -> Iterator[str]:
    # The columns without a language mirror the source's.
    mirrors = set(translated_fields(type(record)))
    for field in record._meta.concrete_fields:
        if field.name in mirrors or field.is_relation or not field.editable:
            continue
        value = getattr(record, field.attname)
        try:
            if isinstance(field, StreamField):
                field.stream_block.clean(value)
            elif not (field.blank and value in field.empty_values):
                field.clean(value, record)
        except ValidationError as error:
            yield _("“%(field)s”: %(problem)s") % {
                "field": label(field),
                "problem": _("A block is not complete.")
                if isinstance(field, StreamField)
                else " ".join(error.messages),
            }


def label(field: models.Field) -> str:
    # modeltranslation adds the language to the name; here it is the source's anyhow.
    return capfirst(getattr(field, "translated_field", field).verbose_name)


def pictures_without_words(record: models.Model) -> Iterator[str]:
    """The pictures of a page that have no alternative text and are not marked as decoration."""
    if not hasattr(record, "pictures"):
        return
    # Which pictures a text has, its source says.
    with translation.override(source_language().code):
        pictures = {picture.pk: picture for picture in record.pictures()}
    for picture in pictures.values():
        if picture.lacks_alternative_text:
            yield _(
                "The picture “%(title)s” has no alternative text in English: write one under Images, or mark "
                "the picture as decoration there."
            ) % {"title": picture.title}


def all_are_ready(request: HttpRequest, records: list[models.Model]) -> bool:
    """Whether the newest drafts of these records may be published together; says what is in the way."""
    ready = True
    for record in records:
        revision = record.get_latest_revision()
        draft = revision.as_object() if revision else record
        if found := faults(draft):
            ready = False
            messages.error(
                request,
                _("Nothing was published, since “%(title)s” is not ready. %(faults)s")
                % {"title": title_of(record), "faults": " ".join(found)},
            )
    return ready


def title_of(record: models.Model) -> str:
    return record.get_admin_display_title() if hasattr(record, "get_admin_display_title") else str(record)
