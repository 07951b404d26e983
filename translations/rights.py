"""Who may do what with a translation. Rights are Django permissions, given by group, one pair a language."""

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import gettext as _

from .languages import Language, target_languages


def codename(right: str, language: Language) -> str:
    """ "translate" or "review", and a language → "translate_zh_hans"."""
    return f"{right}_{language.code.replace('-', '_')}"


def can_review(user, language: Language) -> bool:
    return not language.is_source and user.has_perm(f"translations.{codename('review', language)}")


def can_translate(user, language: Language) -> bool:
    """Whether a user may change the words of a language; a reviewer may too."""
    return not language.is_source and (
        user.has_perm(f"translations.{codename('translate', language)}") or can_review(user, language)
    )


def translated_by(user) -> list[Language]:
    """The languages that a user may change."""
    return [language for language in target_languages() if can_translate(user, language)]


def reviewed_by(user) -> list[Language]:
    return [language for language in target_languages() if can_review(user, language)]


def can_assign(user, language: Language) -> bool:
    """Whether a user may give translations into a language to people: a reviewer of it, or a publisher."""
    return can_review(user, language) or (
        not language.is_source and user.has_perm("translations.assign_translations")
    )


def assigned_by(user) -> list[Language]:
    """The languages whose translations a user may give to people."""
    return [language for language in target_languages() if can_assign(user, language)]


def translators(language: Language) -> models.QuerySet:
    """The active people who may translate into a language, by name."""
    users = get_user_model()._default_manager
    rights = [
        users.with_perm(f"translations.{codename(right, language)}") for right in ("translate", "review")
    ]
    return (rights[0] | rights[1]).distinct().order_by("last_name", "first_name", "username")


def can_read_translations(user) -> bool:
    """Whether a user may look at all languages of all records: everybody who works on the site."""
    return user.is_active and user.has_perm("wagtailadmin.access_admin")


def require(allowed: bool, language: Language) -> None:
    """Raises `PermissionDenied`, with a sentence, where something is not allowed."""
    if not allowed:
        raise PermissionDenied(
            _("You have no right to do this in %(language)s.") % {"language": language.name}
        )
