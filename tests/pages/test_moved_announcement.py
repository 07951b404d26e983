"""The announcement that older versions kept with the home page is the banner of the site now."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from wagtail.models import Revision

from pages.models import HoldingPage, HomePage
from translations.languages import target_languages

migration = import_module("pages.migrations.0009_move_announcement")

pytestmark = pytest.mark.django_db

APPROVED = {
    "state": "approved",
    "origin": "human",
    "by": None,
    "at": "2026-01-02T03:04:05+00:00",
    "sources": {"announcement_title//0": "a" * 16, "announcement//0": "b" * 16, "mission//0": "c" * 16},
    "note": "Look at the mission again.",
}
MACHINE = {"state": "draft", "origin": "machine", "by": None, "sources": {}}


class OldHome(SimpleNamespace):
    """A home page as the database had it."""


def old_registry(home):
    """The models as the migration finds them, with this home page alone."""
    homes = SimpleNamespace(objects=SimpleNamespace(all=lambda: [home]))
    return SimpleNamespace(get_model=lambda name: homes if name == "pages.HomePage" else apps.get_model(name))


@pytest.fixture
def move():
    """Runs the migration on a home page with these values."""

    def run(**values):
        HoldingPage.objects.all().delete()
        home = HomePage.objects.get()
        old = OldHome(
            **{
                "pk": home.pk,
                "translation_status": {},
                "has_unpublished_changes": False,
                "latest_revision_id": None,
            }
            | values
        )
        # Twice, since it may run again.
        migration.move(old_registry(old), None)
        migration.move(old_registry(old), None)
        return HoldingPage.objects.get()

    return run


def test_its_words_and_their_states_move_and_visitors_read_them_as_before(move, settings):
    holding = move(
        announcement_title_en="Soon",
        announcement_en="Wait.",
        announcement_title_fr="Bientôt",
        announcement_fr="Attendez.",
        announcement_title_ru="Скоро",
        translation_status={"fr": APPROVED, "ru": MACHINE, "es": MACHINE},
    )
    assert (holding.mode, holding.title_en, holding.text_en) == ("banner", "Soon", "Wait.")
    assert (holding.title_fr, holding.text_fr, holding.title_ru) == ("Bientôt", "Attendez.", "Скоро")
    assert holding.translation_status["fr"] == {
        "state": "approved",
        "origin": "human",
        "by": None,
        "at": "2026-01-02T03:04:05+00:00",
        "sources": {"title//0": "a" * 16, "text//0": "b" * 16},
    }
    # Nothing was written in Spanish: a state without words would be no state.
    assert set(holding.translation_status) == {"fr", "ru"}
    assert holding.translation_drafts == {}
    settings.SHOW_UNREVIEWED_TRANSLATIONS = False
    public = [language.code for language in target_languages() if holding.is_public_in(language)]
    assert public == ["fr"]
    # It can be saved like any other.
    holding.save()


def test_a_draft_of_a_translation_moves_as_a_draft(move):
    home = HomePage.objects.get()
    revision = home.save_revision()
    draft = {"state": "review", "origin": "human", "by": None, "sources": {}}
    content = revision.content | {
        "announcement_title_fr": "Très bientôt",
        "translation_status": {"fr": draft},
    }
    Revision.objects.filter(pk=revision.pk).update(content=content)
    holding = move(
        announcement_title_en="Soon",
        announcement_title_fr="Bientôt",
        translation_status={"fr": APPROVED},
        has_unpublished_changes=True,
        latest_revision_id=revision.pk,
    )
    assert holding.title_fr == "Bientôt"
    work = holding.working_copy()
    assert work.title_fr == "Très bientôt"
    assert work.translation_status["fr"]["state"] == "review"


def test_an_announcement_that_was_ended_stays_ended(move):
    holding = move(announcement_title_en=None, announcement_title_fr="Bientôt", translation_status={})
    assert holding.mode == "off"
    # Nor does the starting content bring it back.
    call_command("load_content", verbosity=0)
    assert HoldingPage.objects.get().mode == "off"


def test_a_site_that_has_a_holding_page_keeps_it(move):
    holding = move(announcement_title_en="Soon")
    holding.title_en = "Ours"
    holding.save()
    migration.move(old_registry(OldHome(pk=HomePage.objects.get().pk, announcement_title_en="Soon")), None)
    assert HoldingPage.objects.get().title_en == "Ours"
