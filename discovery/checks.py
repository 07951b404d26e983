"""What this machine lacks for the social cards."""

from django.core.checks import Warning as Complaint

from translations.languages import all_languages

from .drawing import can_draw


def can_draw_every_language(app_configs, **kwargs):
    """Without FriBiDi, pages in Arabic are shared without a picture: better none than a broken one."""
    names = [language.name for language in all_languages() if not can_draw(language)]
    if not names:
        return []
    return [
        Complaint(
            f"Social cards in {', '.join(names)} can't be drawn on this machine.",
            hint="Install FriBiDi (Debian: apt install libfribidi0).",
            id="discovery.W001",
        )
    ]
