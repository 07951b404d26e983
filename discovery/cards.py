"""The picture that stands for a page where its address is shared: what is on it, and where it is kept."""

from contextlib import suppress

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import translation

from library.stores import StoreUnavailable
from pages.identity import centre_name
from pages.models import BasePage
from pages.templatetags.navigation import breadcrumbs, navigation
from translations import calendars
from translations.languages import Language

from .drawing import Card, draw


def card_of(page: BasePage, language: Language, request) -> Card:
    """What the card of a page says in a language."""
    context = {"request": request}
    site = navigation(context)
    with translation.override(language.code):
        centre = centre_name(site.settings)
        is_home = site.home is not None and page.pk == site.home.pk
        # The kind of page: where it belongs, if that is more than the home page.
        above = [] if is_home else breadcrumbs(context, page)[1:]
        day = getattr(page, "date", None)
        return Card(
            language=language.code,
            title=centre if is_home else str(page.localize("title")),
            section=str(above[0].localize("title")) if above else "",
            date=calendars.long_date(day, language.code) if day else "",
            centre=centre,
        )


def card_path(page: BasePage, card: Card) -> str:
    """The path of a card on the site."""
    return f"/{card.language}/card/{page.pk}-{card.version}.png"


def picture(page: BasePage, card: Card) -> bytes:
    """The card of a page, drawn when somebody asks for it for the first time; older ones are thrown away."""
    folder = f"cards/{page.pk}"
    name = f"{card.language}-{card.version}.png"
    # It can be drawn at any time, so nobody waits for a store that is away.
    with suppress(StoreUnavailable, FileNotFoundError), default_storage.open(f"{folder}/{name}") as file:
        return file.read()
    drawn = draw(card)
    with suppress(StoreUnavailable):
        throw_away(folder, f"{card.language}-")
        default_storage.save(f"{folder}/{name}", ContentFile(drawn))
    return drawn


def forget_cards(instance: BasePage, **kwargs) -> None:
    """For the signal `page_unpublished`, which comes before a page is deleted too."""
    # What is left behind is shown to nobody: the page is asked for first.
    with suppress(StoreUnavailable):
        throw_away(f"cards/{instance.pk}")


def throw_away(folder: str, beginning: str = "") -> None:
    """Deletes the files of a folder whose names begin so."""
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for file in files:
        if file.startswith(beginning):
            default_storage.delete(f"{folder}/{file}")
