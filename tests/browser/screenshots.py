"""Takes the pictures of the guides anew, into docs/images/: `make screenshots`.

`make screenshots ARGS="translators-home editors-form"` takes these two alone. Needs Chromium, and for the
Chinese in the pictures a font that has it (Debian: apt install chromium fonts-noto-cjk).

It serves a site of its own, with the starting content and a small situation on top of it: a few articles
whose translations have come to different points, and people who are named by what they do.
"""

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = Path(tempfile.mkdtemp(prefix="ichei-screenshots-"))
os.environ |= {"VAR_DIR": str(FOLDER), "DJANGO_SETTINGS_MODULE": "ichei_site.settings.dev"}

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone, translation  # noqa: E402
from openpyxl import load_workbook  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Locator, Page, sync_playwright  # noqa: E402
from wagtail.users.models import UserProfile  # noqa: E402

from accounts.models import User  # noqa: E402
from library.models import CustomImage  # noqa: E402
from milestones.models import Milestone  # noqa: E402
from news.models import NewsCategory, NewsIndexPage, NewsPage  # noqa: E402
from tests.browser.conftest import ARGUMENTS, free_port, wait_for  # noqa: E402
from translations import workflow  # noqa: E402
from translations.assignments import assign  # noqa: E402
from translations.languages import get_language  # noqa: E402
from translations.models import RecordEntry  # noqa: E402

PICTURES = ROOT / "docs" / "images"
LARGEST = 60_000
GROUPS = {
    "Editor": ["Editors"],
    "Publisher": ["Publishers"],
    **{
        f"{language} {role}": [f"{language} {role}s"]
        for language in ("Arabic", "Chinese", "French", "Russian", "Spanish")
        for role in ("translator", "reviewer")
    },
}

# The situation ------------------------------------------------------------------------------------------

TITLE = "Online course on digital teaching opens"
SUMMARY = "A free course helps university teachers to plan and to teach lessons online."
CERTIFICATE = "The course is free, and everybody who completes it receives a certificate."
BODY = [
    "<p>The Centre opens an online course for teachers in higher education. It has <b>six units</b> of one "
    "week each and starts on 1 March 2027.</p>",
    f"<p>{CERTIFICATE}</p>",
    '<p>Teachers of all subjects may enrol until 12 February 2027. <a linktype="page" id="{functions}">Our '
    "functions</a> say more about the Centre’s training.</p>",
]
# The words of the first article in French, Spanish and Russian, segment by segment.
FRENCH = [
    "Ouverture d’un cours en ligne sur l’enseignement numérique",
    "Un cours gratuit aide les enseignants d’université à préparer et à donner des cours en ligne.",
    "Le Centre ouvre un cours en ligne destiné aux enseignants de l’enseignement supérieur. Il comporte "
    "<1>six unités</1> d’une semaine et commence le 1er mars 2027.",
    "Le cours est gratuit et toute personne qui le termine reçoit un certificat.",
    "Les enseignants de toutes les disciplines peuvent s’inscrire jusqu’au 12 février 2027. <1>Nos "
    "fonctions</1> en disent plus sur les formations du Centre.",
]
SPANISH = [
    "Se abre un curso en línea sobre enseñanza digital",
    "Un curso gratuito ayuda al profesorado universitario a preparar e impartir clases en línea.",
    "El Centro abre un curso en línea para docentes de educación superior. Consta de <1>seis unidades</1> de "
    "una semana y comienza el 1 de marzo de 2027.",
    "El curso es gratuito y quien lo completa recibe un certificado.",
    "Docentes de todas las asignaturas pueden inscribirse hasta el 12 de febrero de 2027. <1>Nuestras "
    "funciones</1> dicen más sobre la formación del Centro.",
]
RUSSIAN = [
    "Открывается онлайн-курс по цифровому преподаванию",
    "Бесплатный курс помогает преподавателям вузов готовить и проводить занятия онлайн.",
]
# What a translator outside writes, by the beginning of the English.
RUSSIAN_OUTSIDE = {
    "The course is free": "Курс бесплатный; каждый, кто его завершит, получит сертификат.",
    "Teachers of all": "Преподаватели всех предметов могут записаться до 26 февраля 2027 года. Подробнее "
    "об обучении в Центре — в разделе <1>«Наши функции».",
}
SECOND_TITLE = "Second round of the course on digital teaching"
SECOND_BODY = [
    "<p>The Centre repeats its online course for teachers in higher education. The second round starts on "
    "<b>7 June 2027</b>.</p>",
    f"<p>{CERTIFICATE}</p>",
]


def prepare() -> dict[str, int]:
    """Makes the people and the articles; {what it is: its number in the admin}."""
    with translation.override("en"):
        people = make_people()
        index = NewsIndexPage.objects.get()
        functions = index.get_parent().get_descendants().get(slug="functions").pk
        body = [text.replace("{functions}", str(functions)) for text in BODY]
        first = add_article(index, TITLE, SUMMARY, body, date(2026, 11, 20), people["Editor"])
        publish(first, people["Publisher"])
        translate(first, "fr", FRENCH, people["French translator"])
        workflow.submit(first, get_language("fr"), people["French translator"])
        workflow.approve(first, get_language("fr"), people["French reviewer"])
        # The English changes after the French has been approved.
        first = NewsPage.objects.get(pk=first.pk)
        later = [text.replace("12 February", "26 February") for text in body]
        first.body_en = stream(later)
        publish(first, people["Publisher"])
        translate(
            first, "es", [text.replace("12 de", "26 de") for text in SPANISH], people["Spanish translator"]
        )
        workflow.submit(first, get_language("es"), people["Spanish translator"])
        translate(first, "ru", RUSSIAN, people["Russian translator"])

        second = add_article(index, SECOND_TITLE, SUMMARY, SECOND_BODY, date(2026, 11, 23), people["Editor"])
        publish(second, people["Publisher"])
        translate(
            second,
            "fr",
            ["Deuxième session du cours sur l’enseignement numérique"],
            people["French translator"],
        )
        entry = RecordEntry.objects.get(object_id=second.pk, label="news.newspage")
        assign(
            [entry],
            get_language("fr"),
            people["French translator"],
            user=people["Publisher"],
            due=timezone.localdate() + timedelta(days=7),
        )
        submitted = add_article(
            index,
            "Workshop on smart classrooms in Shenzhen",
            "University teachers try out smart classrooms for two days.",
            ["<p>The workshop takes place on 14 and 15 January 2027.</p>"],
            date(2026, 12, 1),
            people["Editor"],
        )
        submitted.get_workflow().start(submitted, people["Editor"])
    return {
        "index": index.pk,
        "first": first.pk,
        "second": second.pk,
        "submitted": submitted.pk,
        "picture": CustomImage.objects.earliest("pk").pk,
        "milestone": Milestone.objects.filter(end__isnull=False).earliest("pk").pk,
    }


def make_people() -> dict[str, User]:
    people = {}
    for name, groups in GROUPS.items():
        person = User.objects.create_user(
            name.lower().replace(" ", "-"),
            f"{name.lower().replace(' ', '.')}@example.org",
            first_name=name,
        )
        # Nobody is there to get an e-mail.
        UserProfile.objects.create(user=person, submitted_notifications=False)
        person.groups.set(Group.objects.filter(name__in=groups))
        people[name] = person
    return people


def stream(paragraphs: list[str]) -> list:
    return [
        {"type": "text", "value": text, "id": f"00000000-0000-4000-8000-00000000000{number}"}
        for number, text in enumerate(paragraphs)
    ]


def add_article(index, title, summary, body, day, person) -> NewsPage:
    article = NewsPage(
        title_en=title,
        slug=title.lower().replace(" ", "-"),
        summary_en=summary,
        date=day,
        category=NewsCategory.objects.first(),
        body_en=stream(body),
        live=False,
        owner=person,
    )
    index.add_child(instance=article)
    article.save_revision(user=person)
    return NewsPage.objects.get(pk=article.pk)


def publish(article: NewsPage, person: User) -> None:
    article.save_revision(user=person).publish(user=person)


def translate(record, code: str, texts: list[str], person: User) -> None:
    """Saves the words of the first segments as a draft."""
    language = get_language(code)
    segments = workflow.progress(record, language).segments
    workflow.save_translation(
        record,
        language,
        {segment.id: text for segment, text in zip(segments, texts, strict=False)},
        user=person,
    )


# The pictures -------------------------------------------------------------------------------------------


class Studio:
    """A browser at the site, in which anybody of the situation can be signed in."""

    browser: Browser

    def __init__(self, url: str, numbers: dict[str, int]):
        self.url, self.numbers = url, numbers
        # Asked for here, since the database can't be asked while the browser runs.
        self.cookies = {}
        for name in GROUPS:
            client = Client()
            client.force_login(User.objects.get(username=name.lower().replace(" ", "-")))
            self.cookies[name] = client.cookies[settings.SESSION_COOKIE_NAME].value

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
            [{"name": settings.SESSION_COOKIE_NAME, "value": self.cookies[person], "url": self.url}]
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
    chosen = f"?record=news.newspage:{studio.numbers['first']}"
    with studio.open("Russian translator", f"/admin/translations/files/export/{chosen}", height=900) as tab:
        tab.get_by_label("Format").select_option("xlsx")
        with tab.expect_download() as file:
            tab.get_by_role("button", name="Download").click()
        tab.goto("/admin/translations/files/import/")
        tab.get_by_label("File").set_input_files(
            {
                "name": file.value.suggested_filename,
                "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "buffer": filled_in(Path(file.value.path()).read_bytes()),
            }
        )
        tab.get_by_role("button", name="Show what it would do").click()
        tab.get_by_role("button", name="Save as drafts").wait_for()
        return tab.screenshot()


def filled_in(workbook: bytes) -> bytes:
    """The workbook with two more texts in Russian; the second lacks half of its mark."""
    book = load_workbook(io.BytesIO(workbook))
    sheet = next(sheet for sheet in book if sheet.sheet_state == "visible")
    columns = [cell.value for cell in sheet[1]]
    source, target = columns.index("source"), columns.index("translation")
    for row in sheet.iter_rows(min_row=3):
        for start, text in RUSSIAN_OUTSIDE.items():
            if str(row[source].value).startswith(start):
                row[target].value = text
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


# At work --------------------------------------------------------------------------------------------------


@contextmanager
def running_site() -> Iterator[str]:
    """A server as `make run` starts it, with a folder of its own; its address."""
    port, log = free_port(), FOLDER / "log"
    with log.open("w") as lines:
        server = subprocess.Popen(
            [sys.executable, "-u", "manage.py", "serve", str(port)],
            cwd=ROOT,
            stdout=lines,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/en/", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


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
        with running_site() as url:
            studio = Studio(url, prepare())
            with sync_playwright() as playwright:
                studio.browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
                for name in names or TAKES:
                    print(f"{name}: {store(name, TAKES[name](studio)):,} bytes")
    finally:
        shutil.rmtree(FOLDER)


if __name__ == "__main__":
    main(sys.argv[1:])
