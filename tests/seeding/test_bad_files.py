"""A broken file is reported with its name and line, in one sentence, and nothing is half-loaded."""

import shutil

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from milestones.models import Milestone
from pages.models import BasePage
from seeding.models import SeededRecord

BROKEN = [
    # file, what stands there, what is put in its place, line, complaint
    ("fr/pages/mission.md", 'title = "Mission"', 'title = "Mission', 3, "not valid TOML"),
    ("fr/pages/mission.md", "+++\nstatus", "++\nstatus", 1, "starts with a line of +++"),
    ("fr/pages/mission.md", "title =", "titel =", 3, "“titel” is not a field here; there are"),
    ("fr/pages/mission.md", 'status = "machine-translated"', 'status = "perfect"', 2, "Write status ="),
    ("fr/pages/mission.md", 'status = "machine-translated"\n', "", None, "Write status ="),
    ("en/pages/mission.md", 'title = "Mission"\n', "", 1, "“title” is missing"),
    ("en/pages/mission.md", 'title = "Mission"', "title = 5", 2, "must be a text in quotation marks"),
    ("en/pages/mission.md", "Relying on", "<b>Relying</b> on", 7, "HTML is not known here"),
    ("en/pages/mission.md", "Relying on", "# Relying on", 7, "Only paragraphs"),
    ("en/pages/mission.md", "Relying on", "[Relying](javascript:alert) on", 7, "A link starts with"),
    ("en/pages/mission.md", "Relying on", "![](portrait) Relying on", 7, "A picture stands alone"),
    (
        "en/pages/about.md",
        "[facts.approved]",
        "[facts.aproved]",
        6,
        "There is nothing with the key “facts.aproved”",
    ),
    ("es/milestones.toml", '[2015-approval]\ntext = """', '[2015-approval]\ntext = ""', 14, "not valid TOML"),
    ("milestones.toml", '"2014-06-05"', '"2014-06-31"', 4, "That month has 30 days in 2014"),
    ("milestones.toml", '"2014-06-05"', '"5 June 2014"', 4, "is not a date"),
    (
        "milestones.toml",
        'theme = "centre-and-governance"',
        'theme = "sports"',
        4,
        "names the theme “sports”, which is not in [[themes]]",
    ),
    ("milestones.toml", 'theme = "centre-and-governance"', "theme = 5", 4, "names the theme “5”"),
    ("fr/themes.toml", "[conferences]", "[conferencse]", 13, "nothing with the key “conferencse”"),
    ("en/themes.toml", "[conferences]", "[x]", None, "nothing with the key “x”"),
    ("milestones.toml", 'date = "2014-06-05"', 'dates = "2014-06-05"', 4, "“dates” is not known here"),
    ("site.toml", 'type = "pages.MissionPage"', 'type = "pages.Mission"', None, "which is no page type"),
    ("site.toml", 'parent = "about"', 'parent = "abuot"', None, "to stand before it"),
    ("site.toml", "date = 2025-06-12", 'date = "June 12"', None, "needs a date such as"),
    ("site.toml", 'category = "cooperation"', 'category = "sports"', None, "which is not in [[categories]]"),
    ("site.toml", 'key = "terms"', 'key = "privacy"', None, "stands twice"),
    ("site.toml", "images/two-signatories.webp", "images/none.webp", None, "has no file"),
    ("site.toml", 'slug = "terms"', 'slug = "terms of use"', None, "needs a slug of small letters"),
    ("site.toml", 'slug = "terms"', 'slug = "privacy"', None, "have the same slug in the same place"),
    ("site.toml", "date = 2025-06-12\n", "", None, "needs a date such as"),
    ("site.toml", "date = 2025-06-12", "owner = 1\ndate = 2025-06-12", None, "can't have “owner”"),
    (
        "site.toml",
        'parent = "home"\nin_menus = true',
        'parent = "home"\nin_menus = "no"',
        None,
        "neither true nor",
    ),
    ("site.toml", 'lead_image = "converging-paths"', 'lead_image = ["x"]', None, "not in [[images]]"),
    ("site.toml", 'icon = "sharing"', 'icon = "star"', None, "needs one of knowledge, capacity"),
    ("site.toml", 'icon = "sharing"', 'symbol = "sharing"', None, "can't have “symbol”"),
    ("site.toml", '"approved", ', "5, ", None, "without a key in “facts”"),
    (
        "site.toml",
        '["approved", "established", "designation", "renewed"]',
        '"approved"',
        None,
        "a list in square",
    ),
    ("site.toml", 'privacy_page = "privacy"', 'privacy_page = "contact"', None, "needs the page “contact”"),
    ("site.toml", 'privacy_page = "privacy"', "retention_days = 0", None, "a whole number above 0"),
    ("site.toml", "required = false", 'required = "no"', None, "neither true nor false for “required”"),
    ("site.toml", 'field_type = "dropdown"', 'field_type = "menu"', None, "needs one of singleline"),
    ("fr/pages/contact.md", "press =", "pres =", 27, "“choices” has no “pres” in English"),
    ("fr/pages/contact.md", 'press = "', 'press = ["x"]#', 24, "must be a table of keys and texts"),
    ("milestones.toml", "by_the_end = true\n", 'by_the_end = "no"\n', None, "true or false"),
    ("ru/milestones.toml", "[2015-approval]", "[2015-aproval]", None, "nothing with the key “2015-aproval”"),
    (
        "fr/pages/about.md",
        "[facts.approved]",
        "[facts.aproved]",
        None,
        "nothing with the key “facts.aproved”",
    ),
    ("site.toml", 'mode = "banner"', 'mode = "loud"', None, "needs one of off, banner, closed"),
    ("site.toml", 'mode = "banner"', 'mode = "off"\ntitle = "A"', None, "can't have “title”"),
    (
        "site.toml",
        'mode = "banner"',
        'mode = "off"\n\n[[settings]]\nkey = "x"',
        None,
        "there are site, holding",
    ),
    ("fr/settings.toml", "[holding]", "[holdings]", 4, "nothing with the key “holdings”"),
    ("es/settings.toml", "title =", "titel =", 5, "“titel” is not a field here; there are title, text"),
    ("en/pages/privacy.md", "## Cookies and tracking", "## Cookies **and** tracking", 12, "plain text only"),
    ("ru/pages/accessibility.md", "(page:contact)", "(page:contacts)", 42, "no page “contacts” in site.toml"),
    ("en/pages/privacy.md", "## Cookies and tracking", "##", 12, "A heading needs its words"),
    ("en/pages/privacy.md", "## Cookies and tracking", "> - Cookies", 12, "plain text only"),
    (
        "en/news/netdragon-strategic-cooperation.md",
        "![](two-signatories",
        "![](three-signatories",
        25,
        "no picture “three-signatories”",
    ),
]


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(settings.CONTENT_DIR, tmp_path / "content")


def load(folder):
    call_command("load_content", content=folder)


def fingerprint():
    return (
        list(BasePage.objects.order_by("pk").values_list("pk", "latest_revision_id")),
        list(Milestone.objects.order_by("pk").values_list("pk", "latest_revision_id")),
        list(SeededRecord.objects.order_by("pk").values_list("pk", "digests")),
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "complaint"), BROKEN, ids=[f"{row[0]}:{row[4]}" for row in BROKEN]
)
def test_a_mistake_is_named_with_its_file_and_line(db, folder, name, old, new, line, complaint):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    # A change elsewhere, which must not be loaded either.
    other = folder / "en" / "pages" / "home.md"
    other.write_text(
        other.read_text(encoding="utf-8").replace("UNESCO-ICHEI is", "ICHEI is"), encoding="utf-8"
    )
    before = fingerprint()
    with pytest.raises(CommandError) as refusal:
        load(folder)
    sentence = str(refusal.value)
    assert sentence.startswith(str(path))
    assert complaint in sentence
    assert sentence.endswith(" Nothing was loaded.")
    assert "\n" not in sentence
    if line:
        assert f", line {line}: " in sentence
    assert fingerprint() == before


def test_a_file_that_is_not_utf8_is_named_with_its_line(db, folder):
    path = folder / "fr" / "pages" / "terms.md"
    path.write_bytes(path.read_bytes().replace("é".encode(), "é".encode("latin-1"), 1))
    with pytest.raises(CommandError, match=r"terms\.md, line \d+: This is not UTF-8 text"):
        load(folder)


def test_a_file_that_an_editor_began_with_a_mark_of_byte_order_is_read(db, folder):
    path = folder / "fr" / "pages" / "terms.md"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    load(folder)


def test_a_file_that_is_no_picture_is_named(db, folder):
    (folder / "images" / "two-signatories.webp").write_text("not a picture")
    with pytest.raises(CommandError, match=r"two-signatories\.webp: This file is not a picture"):
        load(folder)


def test_a_folder_in_the_place_of_a_file_is_named(db, folder):
    (folder / "fr" / "milestones.toml").unlink()
    (folder / "fr" / "milestones.toml").mkdir()
    with pytest.raises(CommandError, match=r"milestones\.toml: This file can't be read"):
        load(folder)


def test_a_file_with_a_slip_in_its_name_is_not_passed_over(db, folder):
    (folder / "fr" / "pages" / "mission.md").rename(folder / "fr" / "pages" / "misson.md")
    with pytest.raises(CommandError, match=r"misson\.md: site\.toml names no page with this key"):
        load(folder)


def test_a_missing_english_file_is_named(db, folder):
    (folder / "en" / "pages" / "mission.md").unlink()
    with pytest.raises(CommandError, match=r"mission\.md: This file is missing"):
        load(folder)


def test_a_missing_translation_is_no_mistake(db, folder):
    (folder / "fr" / "pages" / "terms.md").unlink()
    (folder / "es" / "milestones.toml").unlink()
    load(folder)


def test_a_missing_folder_is_named(db, tmp_path):
    with pytest.raises(CommandError, match=r"site\.toml: This file is missing"):
        load(tmp_path / "nowhere")


def test_a_failure_while_writing_leaves_nothing_behind(db, folder, monkeypatch):
    from seeding.loader import Loader

    def fail(self, source):
        raise RuntimeError("the disk is full")

    path = folder / "en" / "milestones.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("signed MoU", "signed an MoU"), encoding="utf-8")
    monkeypatch.setattr(Loader, "load_page", fail)
    before = fingerprint()
    with pytest.raises(RuntimeError):
        load(folder)
    assert fingerprint() == before
