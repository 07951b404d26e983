"""A site at work: a few articles whose translations have come to different points, and people who are named
by what they do. The pictures of the guides and the audit of the admin begin with it.
"""

import io
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone, translation
from openpyxl import load_workbook
from wagtail.users.models import UserProfile

from accounts.models import User
from library.models import CustomImage
from milestones.models import Milestone
from news.models import NewsCategory, NewsIndexPage, NewsPage
from translations import workflow
from translations.assignments import assign
from translations.languages import get_language
from translations.models import RecordEntry

GROUPS = {
    "Editor": ["Editors"],
    "Publisher": ["Publishers"],
    **{
        f"{language} {role}": [f"{language} {role}s"]
        for language in ("Arabic", "Chinese", "French", "Russian", "Spanish")
        for role in ("translator", "reviewer")
    },
}

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


def username(name: str) -> str:
    """ "French translator" → "french-translator"."""
    return name.lower().replace(" ", "-")


def make_people() -> dict[str, User]:
    """A person for each entry of `GROUPS`, by name."""
    people = {}
    for name, groups in GROUPS.items():
        person = User.objects.create_user(
            username(name),
            f"{name.lower().replace(' ', '.')}@example.org",
            first_name=name,
        )
        # Nobody is there to get an e-mail.
        UserProfile.objects.create(user=person, submitted_notifications=False)
        person.groups.set(Group.objects.filter(name__in=groups))
        people[name] = person
    return people


def sessions() -> dict[str, str]:
    """{user name: key of a session} of everybody there is. Each gets a profile, as with a first visit."""
    keys = {}
    for user in User.objects.all():
        UserProfile.get_for_user(user)
        client = Client()
        client.force_login(user)
        keys[user.username] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return keys


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


def hand_in(tab, article: int) -> None:
    """Brings the filled-in workbook to the page that shows what it would do."""
    tab.goto(f"/admin/translations/files/export/?record=news.newspage:{article}")
    for box in tab.locator("[name=languages]").all():
        box.set_checked(box.get_attribute("value") == "ru")
    tab.locator("[name=format]").select_option("xlsx")
    with tab.expect_download() as file:
        tab.locator("main form [type=submit]").click()
    tab.goto("/admin/translations/files/import/")
    tab.locator("[name=file]").set_input_files(
        {
            "name": file.value.suggested_filename,
            "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "buffer": filled_in(file.value.path().read_bytes()),
        }
    )
    tab.locator("main form [type=submit]").click()
    tab.locator(".import-counts").wait_for()
