"""The records that have translations, whatever room they live in."""

from functools import cache

from django.apps import apps
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from wagtail.admin.admin_url_finder import AdminURLFinder

from .languages import Language, target_languages
from .rights import can_read_translations


@cache
def owner_models() -> tuple[type[models.Model], ...]:
    """The models whose translations have a state of their own, pages of each type among them."""
    from .models import TranslatedOwner

    return tuple(
        model
        for model in apps.get_models()
        if issubclass(model, TranslatedOwner) and not is_root_of_a_tree(model)
    )


def is_root_of_a_tree(model: type[models.Model]) -> bool:
    """Whether it only is the base of the page types."""
    return hasattr(model, "specific") and any(
        issubclass(other, model) and other is not model for other in apps.get_models()
    )


@cache
def owner_model(label: str) -> type[models.Model]:
    """ "pages.aboutpage" → the model; raises `LookupError` for what isn't an owner."""
    for model in owner_models():
        if model._meta.label_lower == label:
            return model
    raise LookupError(label)


def get_record(label: str, pk: int | str) -> models.Model:
    """The row of a record;

    raises `Http404` where there is none or where it has no translations of its own.
    """
    try:
        record = owner_model(label)._base_manager.get(pk=pk)
    except (LookupError, ValueError, OverflowError, models.ObjectDoesNotExist) as error:
        raise Http404(f"{label}:{pk}") from error
    if getattr(record, "alias_of_id", None):
        return get_record(label, record.alias_of_id)
    return record


def translate_url(record: models.Model, language: Language) -> str:
    """The address in the admin where a record is translated into a language."""
    return reverse("translations:edit", args=[record._meta.label_lower, quote(record.pk), language.code])


def source_url(record: models.Model, user=None) -> str | None:
    """The address of the form of a record's source; None where this user has none."""
    try:
        return AdminURLFinder(user).get_edit_url(record)
    except NoReverseMatch:
        return None


def preview_url(record: models.Model, language: Language) -> str:
    """The address in the admin that shows the saved draft of a translation."""
    return reverse("translations:preview", args=[record._meta.label_lower, quote(record.pk), language.code])


def find(request, label: str, pk: str, code: str) -> tuple[models.Model, Language]:
    """The record and the language of an address in the admin, for anybody who works on the site.

    Raises `PermissionDenied` or `Http404`.
    """
    if not can_read_translations(request.user):
        raise PermissionDenied
    for language in target_languages():
        if language.code == code:
            return get_record(label, unquote(pk)), language
    raise Http404(code)
