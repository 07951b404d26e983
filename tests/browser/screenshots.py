"""Takes the pictures of the guides anew, into docs/images/: `make screenshots`.

`make screenshots ARGS="translators-home editors-form"` takes these two alone. Needs Chromium, and for the
Chinese in the pictures a font that has it (Debian: apt install chromium fonts-noto-cjk).

It serves a site of its own, with the starting content and the situation of situation.py on top of it.
"""

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = Path(tempfile.mkdtemp(prefix="ichei-screenshots-"))
os.environ |= {"VAR_DIR": str(FOLDER), "DJANGO_SETTINGS_MODULE": "ichei_site.settings.dev"}

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Locator, Page, sync_playwright  # noqa: E402

from tests.browser.conftest import ARGUMENTS, Site, serving  # noqa: E402
from tests.browser.situation import hand_in, username  # noqa: E402

PICTURES = ROOT / "docs" / "images"
LARGEST = 60_000

# The pictures -------------------------------------------------------------------------------------------


class Studio:
    """A browser at the site, in which anybody of the situation can be signed in."""

    browser: Browser

    def __init__(self, site: Site):
        self.url, self.numbers = site.url, site.ask("prepare")
        self.sessions = site.sessions

    @contextmanager
    def open(self, person: str, path: str, width: int = 1280, height: int = 800) -> Iterator[Page]:
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            base_url=self.url,
            locale="en",
            timezone_id=settings.TIME_ZONE,
            reduced_motion="reduce",
            color_scheme="light",
        )
        context.add_cookies(
            [
                {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": self.sessions[username(person)],
                    "url": self.url,
                }
            ]
        )
        tab = context.new_page()
        tab.goto(path)
        tab.wait_for_load_state("networkidle")
        yield tab
        context.close()

    def page(self, what: str) -> str:
        return f"/admin/pages/{self.numbers[what]}/edit/"

    def translation(self, what: str, code: str) -> str:
        return f"/admin/translations/news.newspage/{self.numbers[what]}/{code}/"


Take = Callable[[Studio], bytes]
TAKES: dict[str, Take] = {}


def picture(take: Take) -> Take:
    """A function that takes a picture; its name is that of the file."""
    TAKES[take.__name__.replace("_", "-")] = take
    return take


def top_of(tab: Page, height: int) -> bytes:
    return tab.screenshot(clip={"x": 0, "y": 0, "width": 1280, "height": height})


def settle(place: Locator) -> None:
    """Waits until something is there and has stopped moving."""
    place.wait_for()
    place.evaluate("e => Promise.allSettled(e.getAnimations({subtree: true}).map(a => a.finished))")


@picture
def editors_form(studio: Studio) -> bytes:
    with studio.open("Editor", studio.page("first")) as tab:
        return tab.screenshot()


@picture
def editors_shared(studio: Studio) -> bytes:
    with studio.open("Editor", studio.page("second"), height=760) as tab:
        tab.get_by_role("tab", name="For all languages").click()
        return tab.screenshot()


@picture
def editors_actions(studio: Studio) -> bytes:
    with studio.open("Publisher", studio.page("submitted")) as tab:
        tab.locator("footer [aria-expanded]").last.click()
        settle(tab.get_by_role("button", name="Approve and Publish"))
        return tab.screenshot(clip={"x": 200, "y": 380, "width": 1080, "height": 420})


@picture
def editors_preview(studio: Studio) -> bytes:
    with studio.open("Editor", studio.page("first")) as tab:
        tab.get_by_role("button", name="Toggle preview").click()
        tab.get_by_label("Preview mode").select_option("fr")
        tab.frame_locator("#w-preview-iframe").locator("html[lang=fr] h1").wait_for()
        tab.wait_for_load_state("networkidle")
        return tab.screenshot()


@picture
def editors_picture(studio: Studio) -> bytes:
    with studio.open("Editor", f"/admin/images/{studio.numbers['picture']}/", height=900) as tab:
        return tab.screenshot()


@picture
def editors_news(studio: Studio) -> bytes:
    with studio.open("Editor", f"/admin/pages/{studio.numbers['index']}/") as tab:
        return top_of(tab, 640)


@picture
def editors_milestone(studio: Studio) -> bytes:
    with studio.open(
        "Editor", f"/admin/snippets/milestones/milestone/edit/{studio.numbers['milestone']}/"
    ) as tab:
        tab.get_by_role("tab", name="For all languages").click()
        return top_of(tab, 740)


@picture
def editors_waiting(studio: Studio) -> bytes:
    with studio.open("Publisher", "/admin/", height=760) as tab:
        return tab.screenshot()


@picture
def translators_home(studio: Studio) -> bytes:
    with studio.open("French translator", "/admin/", height=900) as tab:
        return tab.screenshot()


@picture
def translators_editor(studio: Studio) -> bytes:
    with studio.open("French translator", studio.translation("second", "fr"), height=900) as tab:
        return tab.screenshot()


@picture
def translators_help(studio: Studio) -> bytes:
    """A match of the memory, a term, and a problem that is found while somebody types."""
    with studio.open("French translator", studio.translation("second", "fr"), height=900) as tab:
        segment = tab.locator("[data-segment]").nth(2)
        segment.locator("textarea").fill(
            "Le Centre propose de nouveau son cours en ligne destiné aux enseignants. La deuxième session "
            "commence le <1>7 juin 2026</1>."
        )
        # The checks look at it when the input is left.
        segment.locator("textarea").press("Tab")
        segment.locator("[data-problems] li").first.wait_for()
        segment.evaluate("e => e.scrollIntoView({block: 'start'})")
        tab.mouse.wheel(0, -120)
        return tab.screenshot()


@picture
def translators_difference(studio: Studio) -> bytes:
    with studio.open(
        "French translator", studio.translation("first", "fr") + "?show=outdated", height=900
    ) as tab:
        return tab.screenshot()


@picture
def translators_review(studio: Studio) -> bytes:
    with studio.open("Spanish reviewer", studio.translation("first", "es")) as tab:
        tab.get_by_text("Return", exact=True).click()
        settle(tab.get_by_label("What should be changed?"))
        return tab.screenshot()


@picture
def translators_overview(studio: Studio) -> bytes:
    with studio.open("French reviewer", "/admin/translations/?type=news.newspage", height=900) as tab:
        return tab.screenshot()


@picture
def translators_import(studio: Studio) -> bytes:
    """What a workbook would do that a translator outside has filled in; half of a mark got lost."""
    with studio.open("Russian translator", "/admin/", height=900) as tab:
        hand_in(tab, studio.numbers["first"])
        return tab.screenshot()


# At work --------------------------------------------------------------------------------------------------


def store(name: str, screenshot: bytes) -> int:
    """Writes a picture as small as it needs to be; its size in bytes."""
    path = PICTURES / f"{name}.webp"
    with Image.open(io.BytesIO(screenshot)) as taken:
        for quality in (80, 70, 60, 50, 40):
            taken.convert("RGB").save(path, "WEBP", quality=quality, method=6)
            if path.stat().st_size <= LARGEST:
                break
    return path.stat().st_size


def main(names: list[str]) -> None:
    if unknown := set(names) - TAKES.keys():
        sys.exit(f"There is no picture {', '.join(sorted(unknown))}; there are {', '.join(TAKES)}.")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium is missing: install the package chromium.")
    PICTURES.mkdir(exist_ok=True)
    try:
        with serving(FOLDER) as site:
            studio = Studio(site)
            with sync_playwright() as playwright:
                studio.browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
                for name in names or TAKES:
                    print(f"{name}: {store(name, TAKES[name](studio)):,} bytes")
    finally:
        shutil.rmtree(FOLDER)


if __name__ == "__main__":
    main(sys.argv[1:])
