"""Takes the pictures of the guides and of docs/design.md anew, into docs/images/: `make screenshots`.

`make screenshots ARGS="translators-home editors-form"` takes these two alone. Needs Chromium, and for the
Chinese in the pictures a font that has it (Debian: apt install chromium fonts-noto-cjk).

It serves a site of its own, with the starting content; those of the guides have the situation of
situation.py on top of it.
"""

import io
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from urllib.parse import quote

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
# In bytes: what a picture of the guides may weigh, and one of the design, which shows several pages.
LARGEST, LARGEST_OF_DESIGN = 60_000, 90_000
WIDEST = 1280
# A sheet of paper and its margins, in pixels of CSS.
A4, MARGIN = (794, 1123), 57
# Stands out from the paper of both schemes.
GREY = "#8d99a5"

# The pictures -------------------------------------------------------------------------------------------


class Studio:
    """A browser at the site, in which anybody of the situation can be signed in."""

    browser: Browser

    def __init__(self, site: Site):
        self.url, self.site = site.url, site

    @cached_property
    def situation(self) -> tuple[dict[str, int], dict[str, str]]:
        """Made when somebody first asks for it: numbers in the admin, and keys of sessions."""
        return self.site.ask("prepare"), self.site.sessions

    @property
    def numbers(self) -> dict[str, int]:
        return self.situation[0]

    @property
    def sessions(self) -> dict[str, str]:
        return self.situation[1]

    @contextmanager
    def open(self, person: str, path: str, width: int = 1280, height: int = 800) -> Iterator[Page]:
        """The tab of somebody who is signed in."""
        cookie = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": self.sessions[username(person)],
            "url": self.url,
        }
        with self.visit(path, width, height, locale="en", cookies=[cookie]) as tab:
            yield tab

    @contextmanager
    def visit(
        self, path: str, width: int = 1280, height: int = 800, cookies: Iterable[dict] = (), **options
    ) -> Iterator[Page]:
        """The tab of a visitor; options are those of a context of Playwright's."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            base_url=self.url,
            timezone_id=settings.TIME_ZONE,
            reduced_motion="reduce",
            **{"color_scheme": "light"} | options,
        )
        context.add_cookies(list(cookies))
        tab = context.new_page()
        tab.goto(path)
        tab.wait_for_load_state("networkidle")
        yield tab
        context.close()

    def page(self, what: str) -> str:
        return f"/admin/pages/{self.numbers[what]}/edit/"

    def translation(self, what: str, code: str) -> str:
        return f"/admin/translations/news.newspage/{self.numbers[what]}/{code}/"


@dataclass(frozen=True)
class Take:
    """How a picture is taken, and how many bytes it may have."""

    shoot: Callable[[Studio], bytes]
    largest: int


TAKES: dict[str, Take] = {}


def picture(shoot=None, *, largest: int = LARGEST):
    """A function that takes a picture; its name is that of the file."""
    if shoot is None:
        return partial(picture, largest=largest)
    TAKES[shoot.__name__.replace("_", "-")] = Take(shoot, largest)
    return shoot


def top_of(tab: Page, height: int) -> bytes:
    return tab.screenshot(clip={"x": 0, "y": 0, "width": 1280, "height": height})


def settle(place: Locator) -> None:
    """Waits until something is there and has stopped moving."""
    place.wait_for()
    place.evaluate("e => Promise.allSettled(e.getAnimations({subtree: true}).map(a => a.finished))")


def as_png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def sheet(screenshots: list[bytes], columns: int, across: int = WIDEST, gap: int = 16) -> bytes:
    """Screenshots of one size side by side, as a PNG of a width."""
    taken = [Image.open(io.BytesIO(screenshot)).convert("RGB") for screenshot in screenshots]
    width = (across - (columns - 1) * gap) // columns
    height = round(taken[0].height * width / taken[0].width)
    rows = -(-len(taken) // columns)
    whole = Image.new("RGB", (across, rows * height + (rows - 1) * gap), GREY)
    for number, one in enumerate(taken):
        row, column = divmod(number, columns)
        small = one.resize((width, height), Image.Resampling.LANCZOS)
        whole.paste(small, (column * (width + gap), row * (height + gap)))
    return as_png(whole)


def row(screenshots: list[bytes], height: int, gap: int = 12) -> bytes:
    """Screenshots of any size side by side, as a PNG, all brought to one height."""
    taken = [Image.open(io.BytesIO(screenshot)).convert("RGB") for screenshot in screenshots]
    small = [
        one.resize((round(one.width * height / one.height), height), Image.Resampling.LANCZOS)
        for one in taken
    ]
    whole = Image.new("RGB", (sum(one.width for one in small) + gap * (len(small) - 1), height), GREY)
    place = 0
    for one in small:
        whole.paste(one, (place, 0))
        place += one.width + gap
    return as_png(whole)


def on_paper(screenshot: bytes) -> bytes:
    """A screenshot without its margins, on a white sheet with them."""
    paper = Image.new("RGB", A4, "white")
    paper.paste(Image.open(io.BytesIO(screenshot)), (MARGIN, MARGIN))
    return as_png(paper)


design = picture(largest=LARGEST_OF_DESIGN)

# The public site, as it comes: before the first picture that asks for the situation ----------------------


@design
def design_site(studio: Studio) -> bytes:
    """For the README: the home page in two directions, and the timeline on a phone."""
    taken = []
    for path in ("/en/", "/ar/"):
        with studio.visit(path, height=1150) as tab:
            taken.append(tab.screenshot())
    with studio.visit("/zh-hans/about/milestones/#y2024", 390, 900, device_scale_factor=2) as tab:
        taken.append(tab.screenshot())
    return row(taken, 470)


@design
def design_home(studio: Studio) -> bytes:
    """The home page in the six languages of the United Nations, in their order."""
    taken = []
    for code, _name in settings.LANGUAGES:
        with studio.visit(f"/{code}/", height=910) as tab:
            taken.append(tab.screenshot())
    return sheet(taken, 2, across=1120)


@design
def design_phone(studio: Studio) -> bytes:
    """Four page types on a phone, each in another script."""
    taken = []
    for path in (
        "/en/",
        "/ar/about/milestones/",
        "/zh-hans/news/netdragon-strategic-cooperation/",
        "/ru/about/directors-message/",
    ):
        with studio.visit(path, 390, 1000, device_scale_factor=2) as tab:
            taken.append(tab.screenshot())
    return sheet(taken, 4)


@design
def design_timeline(studio: Studio) -> bytes:
    """The timeline, light and dark."""
    taken = []
    for scheme in ("light", "dark"):
        with studio.visit("/en/about/milestones/", height=1100, color_scheme=scheme) as tab:
            taken.append(tab.screenshot())
    return sheet(taken, 2)


@design
def design_letter(studio: Studio) -> bytes:
    """The Director's letter in a script with serifs, and in one that has none."""
    taken = []
    for code in ("fr", "zh-hans"):
        with studio.visit(f"/{code}/about/directors-message/", height=1200) as tab:
            taken.append(tab.screenshot())
    return sheet(taken, 2)


@design
def design_search(studio: Studio) -> bytes:
    with studio.visit(f"/zh-hans/search/?q={quote('创新')}", 1024, 860) as tab:
        return tab.screenshot()


@design
def design_contact(studio: Studio) -> bytes:
    """The contact form, sent without a word."""
    with studio.visit("/ar/contact/", 1024, 1000) as tab:
        tab.locator(".contact-form button[type=submit]").click()
        tab.locator(".contact-errors").wait_for()
        tab.evaluate("scrollTo(0, 0)")
        return tab.screenshot()


@design
def design_print(studio: Studio) -> bytes:
    """The timeline and the letter with the styles of print, on A4 with margins of 15 mm."""
    taken = []
    for path in ("/en/about/milestones/", "/ar/about/directors-message/"):
        with studio.visit(path, A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN) as tab:
            tab.emulate_media(media="print")
            taken.append(on_paper(tab.screenshot()))
    return sheet(taken, 2)


# The admin, in the situation of situation.py ---------------------------------------------------------------


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


def store(name: str, screenshot: bytes, largest: int) -> int:
    """Writes a picture as small as it needs to be; its size in bytes."""
    path = PICTURES / f"{name}.webp"
    with Image.open(io.BytesIO(screenshot)) as taken:
        for quality in (80, 70, 60, 50, 40, 30):
            taken.convert("RGB").save(path, "WEBP", quality=quality, method=6)
            if path.stat().st_size <= largest:
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
                # In the order in which they stand here, whatever was asked for first.
                for name in [name for name in TAKES if name in (names or TAKES)]:
                    take = TAKES[name]
                    print(f"{name}: {store(name, take.shoot(studio), take.largest):,} bytes", flush=True)
    finally:
        shutil.rmtree(FOLDER)


if __name__ == "__main__":
    main(sys.argv[1:])
