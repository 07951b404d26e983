"""The guides: readable in the admin, and true to the screens that they describe."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import wagtail
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup
from django.conf import settings
from markdown_it import MarkdownIt
from PIL import Image
from wagtail.users.models import UserProfile

from ichei_site import guides
from tests import people

DOCS = settings.BASE_DIR / "docs"
FILES = sorted([settings.BASE_DIR / "README.md", *DOCS.rglob("*.md")])
NAMES = list(guides.available())
# Written for those who sit in front of the screen.
WITH_LABELS = ["editors", "translators"]
# Labels in which a screen fills something in, with their messages.
FILLED_IN = {
    "Add milestone": "Add %(model_name)s",
    "Download as CSV": "Download as %(format)s",
    "Download as XLSX": "Download as %(format)s",
    "Approve and Publish": "%(label)s and Publish",
    "Approve with comment and Publish": "%(label)s and Publish",
    "Submit to Approval by a publisher": "Submit to %(workflow_name)s",
}


def tokens(path: Path):
    """All tokens of a file, those inside paragraphs too."""
    for token in MarkdownIt("commonmark", {"html": False}).enable("table").parse(path.read_text()):
        yield token
        yield from token.children or ()


def anchors(path: Path) -> set[str]:
    parsed = guides.parser.parse(path.read_text())
    return {heading.anchor for heading in guides.number_headings(parsed)}


# What the files hold --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(settings.BASE_DIR).as_posix())
def test_every_link_and_picture_leads_to_something(path):
    for token in tokens(path):
        link = token.attrGet("href") if token.type == "link_open" else None
        link = token.attrGet("src") if token.type == "image" else link
        if link is None or urlsplit(link).scheme:
            continue
        file, _hash, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(settings.BASE_DIR).as_posix())
def test_every_picture_has_an_alternative_text(path):
    assert all(token.content for token in tokens(path) if token.type == "image")


def test_every_picture_is_in_a_guide_and_none_is_heavy():
    named = {
        (path.parent / token.attrGet("src")).resolve()
        for path in FILES
        for token in tokens(path)
        if token.type == "image"
    }
    assert {path for path in named if path.parent == guides.PICTURES} == set(guides.PICTURES.iterdir())
    for path in guides.PICTURES.iterdir():
        with Image.open(path) as picture:
            assert picture.width <= 1280
        # Those of the design show several pages.
        assert path.stat().st_size <= (90_000 if path.stem.startswith("design-") else 60_000)


@cache
def messages() -> frozenset[str]:
    """What the interface and Wagtail's admin can show, in English."""
    wagtails = Path(wagtail.__file__).parent.rglob("locale/fr/LC_MESSAGES/*.po")
    found = set()
    for catalogue in [*(settings.BASE_DIR / "locale").rglob("*.po"), *wagtails]:
        with catalogue.open("rb") as file:
            for message in read_po(file):
                found.update([message.id] if isinstance(message.id, str) else message.id)
    return frozenset(message.casefold().strip() for message in found if message)


def is_on_the_screen(label: str) -> bool:
    return FILLED_IN.get(label, label).casefold() in messages()


def labels(name: str) -> list[str]:
    """What stands in bold in a guide; “A → B” are two."""
    bold = re.findall(r"\*\*(.+?)\*\*", guides.file_of(name).read_text(), re.DOTALL)
    return [label for text in bold for label in " ".join(text.split()).split(" → ")]


@pytest.mark.parametrize("name", WITH_LABELS)
def test_every_label_in_bold_is_one_that_the_screen_shows(name):
    assert not {label for label in labels(name) if not is_on_the_screen(label)}


def test_a_label_that_no_screen_shows_is_found():
    assert not is_on_the_screen("Save everything for ever")
    assert is_on_the_screen("Save draft")
    assert is_on_the_screen("Add milestone")


# In the admin ---------------------------------------------------------------------------------------------


@pytest.fixture
def opened(client, person):
    """Opens a guide as a French translator, who has no other right in the admin."""
    client.force_login(person("French translators"))

    def read(name):
        return BeautifulSoup(client.get(f"/admin/guides/{name}/").content, "html.parser")

    return read


@pytest.fixture
def person(db):
    def make(group, language=""):
        user = people.person("person", group)
        UserProfile.objects.create(user=user, preferred_language=language)
        return user

    return make


@pytest.mark.parametrize("name", NAMES)
def test_everybody_with_access_to_the_admin_reads_every_guide(opened, name):
    page = opened(name)
    article = page.select_one("article.guide")
    contents = [link["href"] for link in page.select("nav[aria-labelledby=guide-contents] a")]
    assert contents
    assert contents == [f"#{heading['id']}" for heading in article.select("h2, h3")]
    assert not article.select("h1")


def test_a_guide_shows_its_pictures(client, opened):
    pictures = opened("translators").select("article img")
    assert pictures
    for picture in pictures:
        assert picture["alt"]
        response = client.get(picture["src"])
        with Image.open(BytesIO(response.getvalue())) as found:
            assert (found.width, found.height) == (int(picture["width"]), int(picture["height"]))


@pytest.mark.parametrize("name", NAMES)
def test_links_of_a_guide_work_in_the_admin(client, opened, name):
    for link in opened(name).select("article a"):
        assert client.get(link["href"]).status_code == 200, link


def test_a_link_to_a_file_of_the_repository_is_no_link_in_the_admin(opened):
    article = opened("translators").select_one("article")
    assert "see its README" in " ".join(article.get_text().split())
    assert not [link for link in article.select("a") if "README" in link["href"]]


@pytest.mark.parametrize("name", NAMES)
def test_the_guides_stay_english_and_left_to_right_in_an_arabic_admin(client, person, name):
    client.force_login(person("Editors", "ar"))
    page = BeautifulSoup(client.get(f"/admin/guides/{name}/").content, "html.parser")
    assert (page.html["lang"], page.html["dir"]) == ("ar", "rtl")
    for part in page.select("article.guide, nav[aria-labelledby=guide-contents] ol"):
        assert (part["lang"], part["dir"]) == ("en", "ltr")


@pytest.mark.parametrize("group", ["Editors", "French translators"])
def test_the_help_menu_leads_to_the_guides(client, person, group):
    client.force_login(person(group))
    menu = client.get("/admin/").content.decode()
    for name in NAMES:
        assert f"/admin/guides/{name}/" in menu


@pytest.mark.parametrize("address", ["editors/", "pictures/editors-form.webp"])
def test_who_is_not_signed_in_is_sent_to_sign_in(client, db, address):
    response = client.get(f"/admin/guides/{address}")
    assert response.status_code == 302
    assert response.url.startswith("/admin/login/")


@pytest.mark.parametrize(
    "address",
    ["architecture/", "..%2FREADME/", "pictures/none.webp"],
)
def test_nothing_else_is_served(admin_client, address):
    assert admin_client.get(f"/admin/guides/{address}").status_code == 404


def test_markup_in_a_guide_is_shown_as_text():
    assert guides.parser.render("<script>a</script>") == "<p>&lt;script&gt;a&lt;/script&gt;</p>\n"


def test_headings_get_the_ids_that_links_on_github_have():
    parsed = guides.parser.parse("## What’s new?\n\n## The marks <1>…</1>\n\n## What’s new?\n")
    found = [heading.anchor for heading in guides.number_headings(parsed)]
    assert found == ["whats-new", "the-marks-11", "whats-new-1"]


def test_tables_have_names_of_their_own_and_no_empty_headings(opened):
    article = opened("editors").select_one("article")
    names = [region["aria-label"] for region in article.select("[role=region]")]
    assert len(names) == len(set(names)) == len(article.select("table"))
    assert all(heading.get_text(strip=True) for heading in article.select("th"))
