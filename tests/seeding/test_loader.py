"""Loading the starting content: all of it, again without a change, and never over what staff have written."""

import shutil

import pytest
from django.conf import settings
from django.core.files import File
from django.core.management import call_command
from django.utils import translation
from wagtail.models import Site

from contact.models import ContactFormField, ContactPage
from library.models import CustomImage
from milestones.models import Milestone, MilestoneTheme
from news.models import NewsCategory, NewsPage
from pages.models import (
    AboutPage,
    BasePage,
    ContentPage,
    FunctionsPage,
    HoldingPage,
    HomePage,
    MissionPage,
    SiteSettings,
)
from seeding.loader import Loader, digest
from seeding.models import SeededRecord
from seeding.sources import read_content
from tests.snapshots import snapshot
from tests.translating import APPROVED, MACHINE, approve, state

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    """A copy of the starting content that a test may change."""
    return shutil.copytree(settings.CONTENT_DIR, tmp_path / "content")


@pytest.fixture
def edit(folder):
    """Changes a text in a file of the copied content."""

    def replace(name, old, new):
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture(autouse=True)
def _no_encoding(monkeypatch):
    """These tests load everything over and over, and none looks at the files of a picture."""
    monkeypatch.setattr("seeding.loader.make_renditions", lambda image: None)


@pytest.fixture
def load(folder):
    return lambda **options: Loader(**options).load(read_content(folder))


def everything():
    records = [
        *BasePage.objects.filter(depth__gt=1).specific(),
        *Milestone.objects.all(),
        *CustomImage.objects.all(),
        *NewsCategory.objects.all(),
        *MilestoneTheme.objects.all(),
        *HoldingPage.objects.all(),
    ]
    return {f"{record._meta.label}:{record.pk}": snapshot(record) for record in records}


def publish(page, **changes):
    for name, value in changes.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return page


def test_the_content_has_every_page_milestone_picture_and_category():
    assert BasePage.objects.filter(depth__gt=1).count() == 12
    assert Milestone.objects.live().count() == 35
    assert CustomImage.objects.count() == 4
    assert NewsCategory.objects.count() == 1
    assert MilestoneTheme.objects.count() == 6
    assert not Milestone.objects.filter(theme=None).exists()
    assert Site.objects.get().root_page.specific == HomePage.objects.get()
    assert all(
        page.live and not page.has_unpublished_changes for page in BasePage.objects.filter(depth__gt=1)
    )


def test_loading_again_changes_nothing(load):
    before, revisions = everything(), MissionPage.objects.get().latest_revision_id
    report = load()
    assert (report.created, report.updated, report.kept) == ([], [], [])
    assert everything() == before
    assert MissionPage.objects.get().latest_revision_id == revisions


def test_a_change_of_a_file_reaches_the_site(load, edit):
    edit("fr/pages/mission.md", 'title = "', 'title = "Notre ')
    edit("es/milestones.toml", "Suzhou", "Suzhou, China")
    edit("ru/pages/about.md", 'term = "', 'term = "Вот: ')
    report = load()
    assert set(report.updated) == {
        "page:mission",
        "milestone:2014-memorandum-of-understanding",
        "page:about",
    }
    assert MissionPage.objects.get().title_fr.startswith("Notre ")
    assert "Suzhou, China" in Milestone.objects.get(year=2014).text_es
    assert all(fact.term_ru.startswith("Вот: ") for fact in AboutPage.objects.get().facts.all())


def test_a_site_from_before_the_themes_gets_them_without_losing_what_staff_wrote(load):
    edited, cleared = Milestone.objects.filter(year=2015)
    publish(edited, text_en="Approved.")
    for milestone in (edited, cleared):
        Milestone.objects.filter(pk=milestone.pk).update(theme=None)
        seeded = SeededRecord.objects.get(key__startswith="milestone:", object_id=milestone.pk)
        del seeded.digests["theme"]
        seeded.save()
    assert sorted(load().updated) == ["milestone:2015-approval", "milestone:2015-framework-agreement"]
    assert not Milestone.objects.filter(theme=None).exists()
    edited.refresh_from_db()
    assert (edited.text_en, edited.theme.slug) == ("Approved.", "centre-and-governance")
    publish(cleared, theme=None)
    load()
    cleared.refresh_from_db()
    assert cleared.theme is None


def test_a_text_links_to_a_page_wherever_that_stands(load, folder, client):
    privacy = ContentPage.objects.get(slug="privacy")
    contact = ContactPage.objects.get()
    link = f'<a linktype="page" id="{contact.pk}">'
    assert link in str(privacy.body.raw_data)
    assert link in str(privacy.body_zh_hans.raw_data)
    assert 'href="/zh-hans/contact/"' in client.get("/zh-hans/privacy/").content.decode().split("</h1>")[1]
    contact.delete()
    # Without that page its words are left, and nobody is led nowhere.
    assert load().updated == ["page:accessibility", "page:privacy"]
    assert "page:contact" not in str(ContentPage.objects.get(slug="privacy").body.raw_data)
    assert "linktype" not in str(ContentPage.objects.get(slug="privacy").body.raw_data)


def test_what_staff_edited_stays_while_other_fields_follow_their_files(load, edit):
    publish(MissionPage.objects.get(), title_en="What we are for", lead_ar="نص جديد")
    edit("en/pages/mission.md", 'title = "Mission"', 'title = "The Mission"')
    edit("fr/pages/mission.md", 'title = "', 'title = "Notre ')
    report = load()
    mission = MissionPage.objects.get()
    assert (mission.title_en, mission.lead_ar) == ("What we are for", "نص جديد")
    assert mission.title_fr.startswith("Notre ")
    assert report.kept == ["page:mission"]


def test_what_staff_edited_stays_even_if_no_file_changed(load):
    publish(MissionPage.objects.get(), title_en="What we are for", lead_fr="Autre chose.")
    milestone = Milestone.objects.get(year=2014)
    publish(milestone, text_en="Signed.")
    load()
    mission = MissionPage.objects.get()
    assert mission.title_en == "What we are for"
    assert mission.lead_fr == "Autre chose."
    assert Milestone.objects.get(year=2014).text_en == "Signed."


def test_reset_brings_the_starting_content_back(load):
    before = everything()
    publish(MissionPage.objects.get(), title_en="What we are for", slug="purpose")
    publish(Milestone.objects.get(year=2014), text_fr=None)
    functions = FunctionsPage.objects.get()
    first = functions.functions.all()[0]
    first.name_ar = "غير ذلك"
    functions.functions = [first, *functions.functions.all()[1:]]
    publish(functions)
    assert everything() != before
    load(reset=True)
    assert everything() == before
    assert MissionPage.objects.get().slug == "mission"


def test_settings_follow_their_files_until_staff_change_them(load, edit):
    holding = HoldingPage.objects.get()
    assert (holding.mode, holding.title_en) == ("banner", "The site is currently under configuration")
    assert state(holding, "fr") == MACHINE
    edit("fr/settings.toml", "Il sera", "Le site sera")
    assert load().updated == ["settings:holding"]
    holding = HoldingPage.objects.get()
    assert holding.text_fr.startswith("Le site sera")
    holding.mode = "off"
    holding.save()
    edit("fr/settings.toml", "Le site sera", "Il sera")
    report = load()
    holding = HoldingPage.objects.get()
    assert (holding.mode, holding.text_fr[:7]) == ("off", "Il sera")
    assert report.kept == ["settings:holding"]
    holding.delete()
    assert load().kept == ["settings:holding"]
    assert not HoldingPage.objects.exists()
    load(reset=True)
    assert HoldingPage.objects.get().mode == "banner"


def test_settings_that_a_site_has_already_are_adopted_and_kept(load, folder):
    HoldingPage.objects.all().delete()
    SeededRecord.objects.filter(key="settings:holding").delete()
    site = Site.objects.get()
    HoldingPage.objects.create(site=site, title_en="Ours", mode="off")
    SiteSettings.objects.create(site=site, centre_name_en="Our Centre")
    with (folder / "site.toml").open("a") as file:
        file.write('\n[[settings]]\nkey = "site"\n')
    with (folder / "en" / "settings.toml").open("a") as file:
        file.write('\n[site]\ncentre_name = "The Centre"\nfooter_note = "A note."\n')
    report = load()
    holding, settings = HoldingPage.objects.get(), SiteSettings.objects.get()
    assert (holding.title_en, holding.mode) == ("Ours", "off")
    assert holding.text_fr
    assert (settings.centre_name_en, settings.footer_note_en) == ("Our Centre", "A note.")
    assert set(report.kept) == {"settings:holding", "settings:site"}
    assert load().updated == []


def test_what_staff_deleted_stays_deleted_unless_reset(load):
    MissionPage.objects.get().delete()
    Milestone.objects.filter(year=2014).delete()
    NewsPage.objects.get().delete()
    report = load()
    assert not MissionPage.objects.exists()
    assert not Milestone.objects.filter(year=2014).exists()
    assert "page:mission" in report.kept
    load(reset=True)
    assert MissionPage.objects.get().live
    assert Milestone.objects.filter(year=2014).exists()


def test_a_draft_that_somebody_is_writing_is_left_alone(load, edit):
    mission = MissionPage.objects.get()
    mission.title_en = "Half a thought"
    mission.save_revision()
    edit("en/pages/mission.md", 'title = "Mission"', 'title = "The Mission"')
    load()
    mission = MissionPage.objects.get()
    assert mission.title_en == "Mission"
    assert mission.get_latest_revision_as_object().title_en == "Half a thought"


def test_pages_that_staff_added_are_not_touched(load):
    page = MissionPage(title_en="Another", slug="another")
    AboutPage.objects.get().add_child(instance=page)
    load(reset=True)
    assert MissionPage.objects.get(slug="another").title_en == "Another"


def test_a_page_of_staff_at_the_same_address_wins(load):
    MissionPage.objects.get().delete()
    SeededRecord.objects.filter(key="page:mission").delete()
    AboutPage.objects.get().add_child(instance=MissionPage(title_en="Ours", slug="mission"))
    report = load()
    assert MissionPage.objects.get().title_en == "Ours"
    assert "page:mission" in report.kept


def test_a_new_milestone_in_the_files_appears(load, folder):
    with (folder / "milestones.toml").open("a") as file:
        file.write('\n[2026-anniversary]\ndate = "2026-06-08"\n')
    with (folder / "en" / "milestones.toml").open("a") as file:
        file.write('\n[2026-anniversary]\ntext = "UNESCO-ICHEI was ten years old."\n')
    assert load().created == ["milestone:2026-anniversary"]
    milestone = Milestone.objects.get(year=2026)
    assert (milestone.live, milestone.text_fr) == (True, None)
    assert milestone.translation_status == {}


def test_a_translation_that_is_added_to_the_files_later_arrives(load, folder):
    late = folder / "fr" / "pages" / "mission.md"
    text = late.read_text()
    late.unlink()
    MissionPage.objects.get().delete()
    SeededRecord.objects.filter(key="page:mission").delete()
    load()
    mission = MissionPage.objects.get()
    assert (mission.title_fr, "fr" in mission.translation_status) == (None, False)
    late.write_text(text)
    assert load().updated == ["page:mission"]
    mission = MissionPage.objects.get()
    assert mission.title_fr == "Mission"
    assert len(mission.body_fr) == 1
    assert state(mission, "fr") == MACHINE


def test_a_reviewed_translation_no_longer_follows_its_file(load, edit):
    mission = MissionPage.objects.get()
    approve(mission, "fr")
    edit("fr/pages/mission.md", 'title = "', 'title = "Notre ')
    edit("es/pages/mission.md", 'title = "', 'title = "Nuestra ')
    report = load()
    mission = MissionPage.objects.get()
    assert not mission.title_fr.startswith("Notre ")
    assert mission.title_es.startswith("Nuestra ")
    assert state(mission, "fr") == APPROVED
    assert report.kept == ["page:mission"]


def test_a_reviewed_file_is_reviewed_on_the_site(load, edit):
    edit("fr/pages/mission.md", "machine-translated", "reviewed")
    load()
    assert state(MissionPage.objects.get(), "fr") == APPROVED


def test_a_text_keeps_its_status_when_its_file_is_taken_away(load, folder):
    (folder / "fr" / "pages" / "mission.md").unlink()
    load()
    mission = MissionPage.objects.get()
    assert mission.title_fr
    assert state(mission, "fr") == MACHINE


def test_a_picture_follows_its_file_until_staff_replace_it(load, folder):
    image = CustomImage.objects.get(title="two-signatories")
    old = image.get_rendition("width-100")
    original = image.file_hash
    shutil.copy(folder / "images" / "converging-paths.webp", folder / "images" / "two-signatories.webp")
    load()
    image = CustomImage.objects.get(title="two-signatories")
    assert image.file_hash != original
    assert not image.renditions.filter(pk=old.pk).exists()
    with (settings.CONTENT_DIR / "images" / "two-signatories.webp").open("rb") as file:
        image.file.save("of-staff.webp", File(file), save=False)
    image._set_image_file_metadata()
    image.save()
    assert "image:two-signatories" in load().kept
    assert CustomImage.objects.get(title="two-signatories").file_hash == original


def test_a_new_fact_appears_and_a_removed_one_comes_back_only_with_reset(load, edit):
    edit("site.toml", '"renewed"]', '"renewed", "seat"]')
    with_seat = '[facts.seat]\nterm = "Seat"\ndetail = "Shenzhen"\n\n[facts.renewed]'
    edit("en/pages/about.md", "[facts.renewed]", with_seat)
    load()
    about = AboutPage.objects.get()
    assert [fact.term_en for fact in about.facts.all()] == [
        "Approved",
        "Established",
        "Status",
        "Renewed",
        "Seat",
    ]
    about.facts = [fact for fact in about.facts.all() if fact.term_en != "Status"]
    publish(about)
    load()
    assert "Status" not in [fact.term_en for fact in AboutPage.objects.get().facts.all()]
    load(reset=True)
    assert "Status" in [fact.term_en for fact in AboutPage.objects.get().facts.all()]


def test_the_choices_of_a_question_follow_their_files_and_are_the_same_in_each_language(load, edit):
    field = ContactFormField.objects.get(clean_name="subject")
    ids = [item["id"] for item in field.choices_en.raw_data]
    assert len(set(ids)) == 5
    assert [item["id"] for item in field.choices_ar.raw_data] == ids
    edit("fr/pages/contact.md", "Presse et médias", "Journalistes")
    edit("es/pages/contact.md", 'press = "Prensa y medios de comunicación"\n', "")
    assert load().updated == ["page:contact"]
    field.refresh_from_db()
    assert [item["id"] for item in field.choices_es.raw_data] == ids[:2] + ids[3:]
    assert field.choices_fr.raw_data[2]["value"] == "Journalistes"
    assert ContactPage.objects.get().privacy_page.slug == "privacy"


def as_on_the_first_start():
    """Only the pages of Wagtail's own migrations are left; returns the welcome page."""
    Milestone.objects.all().delete()
    MilestoneTheme.objects.all().delete()
    HomePage.objects.get().delete()
    CustomImage.objects.all().delete()
    NewsCategory.objects.all().delete()
    SeededRecord.objects.all().delete()
    welcome = BasePage.get_first_root_node().add_child(instance=BasePage(title="Welcome", slug="home"))
    Site.objects.create(hostname="localhost", root_page=welcome, is_default_site=True)
    return welcome


def test_a_site_with_a_home_page_of_its_own_keeps_it(load):
    welcome = as_on_the_first_start()
    own = BasePage.get_first_root_node().add_child(instance=HomePage(title_en="Our own", slug="ours"))
    Site.objects.update(root_page=own)
    report = load()
    assert HomePage.objects.get() == own
    assert Site.objects.get().root_page_id == own.pk
    assert BasePage.objects.filter(pk=welcome.pk).exists()
    assert "page:home" in report.kept


@pytest.mark.thorough
def test_pages_below_the_welcome_page_are_not_deleted_with_it(load):
    welcome = as_on_the_first_start()
    page = welcome.add_child(instance=MissionPage(title_en="Ours", slug="ours"))
    load()
    assert BasePage.objects.filter(pk=page.pk).exists()
    assert Site.objects.get().root_page.slug == "home"


def test_the_language_of_the_shell_makes_no_difference(load, language):
    before = everything()
    with translation.override(language):
        load(reset=True)
    assert everything() == before


def test_an_empty_database_becomes_the_whole_site(load):
    """As on the first start: only the pages of Wagtail's own migrations are there."""
    before = {key.partition(":")[0]: 0 for key in everything()}
    for key in everything():
        before[key.partition(":")[0]] += 1
    as_on_the_first_start()
    load()
    after = dict.fromkeys(before, 0)
    for key in everything():
        after[key.partition(":")[0]] += 1
    assert after == before
    assert Site.objects.get().root_page.slug == "home"
    assert not BasePage.objects.filter(title="Welcome").exists()


def test_a_digest_ignores_what_the_editor_makes_anew():
    assert digest('<p data-block-key="abcde">x</p>') == digest('<p data-block-key="fghij">x</p>')
    assert digest([{"id": "1", "value": "x"}]) == digest([{"id": "2", "value": "x"}])
    assert digest(None) == digest("")
    assert digest("x") != digest("y")


def test_the_command_says_what_it_did(capsys):
    call_command("load_content")
    assert (
        capsys.readouterr().out == "Starting content: 0 records new, 0 renewed, 0 left as staff have them.\n"
    )
