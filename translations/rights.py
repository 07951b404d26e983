"""Who may do what with a translation. Rights are Django permissions, given by group, one pair a language."""

from django.core.exceptions import PermissionDenied
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


def can_read_translations(user) -> bool:
    """Whether a user may look at all languages of all records: everybody who works on the site."""
    return user.is_active and user.has_perm("wagtailadmin.access_admin")


def require(allowed: bool, language: Language) -> None:
    """Raises `PermissionDenied`, with a sentence, where something is not allowed."""
    if not allowed:
        raise PermissionDenied(
            _("You have no right to do this in %(language)s.") % {"language": language.name}
        )
