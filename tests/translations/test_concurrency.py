"""People who work on one page at the same time keep what each of them wrote.

On PostgreSQL with real threads, each with a connection of its own. Elsewhere the same steps run one after the
other, in every order, on what each had opened before.
"""

import threading
from itertools import permutations

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from pages.models import ContentPage, HomePage
from tests.admin_forms import form_data
from tests.people import person, reviewer, translator
from translations import workflow
from translations.index import index_record
from translations.languages import get_language
from translations.models import LanguageState
from translations.states import State

HAS_THREADS = connection.vendor == "postgresql"
FRENCH, RUSSIAN = get_language("fr"), get_language("ru")
WORDS = {"fr": "Une phrase en français.", "ru": "Предложение на русском языке."}
ENGLISH = "Another sentence."


class Desk:
    """A page that several people have opened: what each of them does with it then."""

    def __init__(self):
        self.people = {
            "editor": person("an editor", "Editors"),
            "publisher": person("a publisher", "Publishers"),
            "fr": translator("fr"),
            "ru": translator("ru"),
            "fr reviewer": reviewer("fr"),
            "ru reviewer": reviewer("ru"),
        }
        with translation.override("en"):
            page = ContentPage(title_en="A page", slug="shared", lead_en="A sentence.")
            HomePage.objects.get().add_child(instance=page)
            page.save_revision(user=self.people["publisher"]).publish()
        self.pk = page.pk
        self.segments = {
            language.code: workflow.progress(self.page(), language).segments for language in (FRENCH, RUSSIAN)
        }
        form = ContentPage.get_edit_handler().get_form_class()
        with translation.override("en"):
            opened = form(instance=self.page(), for_user=self.people["publisher"])
            self.form = form_data(opened) | {"lead_en": ENGLISH}

    def page(self):
        return ContentPage.objects.get(pk=self.pk)

    def translate(self, language, user=None, words=None):
        found = self.segments[language.code]
        words = words or WORDS[language.code]
        workflow.save_translation(
            self.page(),
            language,
            {segment.id: words for segment in found},
            user=user or self.people[language.code],
            base={segment.id: segment.target for segment in found},
        )

    def post(self, who, **data):
        client = Client()
        client.force_login(self.people[who])
        response = client.post(reverse("wagtailadmin_pages:edit", args=[self.pk]), self.form | data)
        assert response.status_code == 302

    def edit(self):
        self.post("editor")

    def publish(self):
        self.post("publisher", **{"action-publish": "on"})

    def unpublish(self):
        self.page().unpublish(user=self.people["publisher"])

    def french(self):
        self.translate(FRENCH)

    def russian(self):
        self.translate(RUSSIAN)

    def approve(self):
        """Russian, which was translated before; of the old English or the new, whichever stands there."""
        try:
            workflow.approve(self.page(), RUSSIAN, self.people["ru reviewer"])
        except workflow.ApprovalBlocked:
            workflow.approve_again(self.page(), RUSSIAN, self.people["ru reviewer"])


def at_once(*steps) -> list[Exception]:
    """Does all steps at the same time, and returns what went wrong."""
    barrier, failures = threading.Barrier(len(steps)), []

    def run(step):
        try:
            with translation.override("en"):
                barrier.wait(timeout=20)
                step()
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    return failures


def one_by_one(*steps) -> list[Exception]:
    failures = []
    for step in steps:
        try:
            with translation.override("en"), transaction.atomic():
                step()
        except workflow.EditConflict as error:
            failures.append(error)
    return failures


together = at_once if HAS_THREADS else one_by_one


@pytest.fixture(scope="module", autouse=True)
def content_again(django_db_setup, django_db_blocker):
    """A test with threads empties the tables after it: what was there comes back, for those that follow."""
    if not HAS_THREADS:
        yield
        return
    with django_db_blocker.unblock(), translation.override("en"):
        # Where Django looks for what a test with `serialized_rollback` begins with.
        before = getattr(connection, "_test_serialized_contents", None)
        connection._test_serialized_contents = connection.creation.serialize_db_to_string()
    yield
    with django_db_blocker.unblock(), translation.override("en"):
        connection.creation.deserialize_db_from_string(connection._test_serialized_contents)
        connection._test_serialized_contents = before


def words(record, code):
    name = code.replace("-", "_")
    return [getattr(record, f"{field}_{name}") for field in ("title", "lead")]


def assert_in_order(desk):
    """The latest revision is the newest, and lists say what the page says."""
    page = desk.page()
    assert page.latest_revision == page.revisions.order_by("-pk").first()
    cells = list(LanguageState.objects.filter(entry__object_id=desk.pk).order_by("pk").values())
    index_record(page)
    assert list(LanguageState.objects.filter(entry__object_id=desk.pk).order_by("pk").values()) == cells


MARKS = [
    pytest.mark.django_db(transaction=HAS_THREADS, serialized_rollback=HAS_THREADS),
    pytest.mark.xdist_group("threads"),
]
pytestmark = MARKS

ORDERS = [list(order) for order in permutations(["french", "russian", "edit"])]
ROUNDS = ORDERS if not HAS_THREADS else ORDERS[:4]


@pytest.mark.parametrize("order", ROUNDS, ids="-".join)
def test_two_translators_and_an_editor_all_keep_their_words(order):
    desk = Desk()
    assert together(*(getattr(desk, name) for name in order)) == []
    work = workflow.working_copy(desk.page())
    assert words(work, "fr") == [WORDS["fr"]] * 2
    assert words(work, "ru") == [WORDS["ru"]] * 2
    assert work.lead_en == ENGLISH
    assert_in_order(desk)


@pytest.mark.parametrize("order", ROUNDS, ids="-".join)
def test_an_approval_and_a_publication_at_the_same_time_both_take_effect(order):
    desk = Desk()
    desk.russian()
    steps = {"french": desk.french, "russian": desk.approve, "edit": desk.publish}
    assert together(*(steps[name] for name in order)) == []
    page, work = desk.page(), workflow.working_copy(desk.page())
    assert page.live
    assert page.lead_en == work.lead_en == ENGLISH
    assert words(page, "ru") == words(work, "ru") == [WORDS["ru"]] * 2
    assert work.translation_entry(RUSSIAN)["state"] == State.APPROVED
    # A draft is kept, and is not public.
    assert words(work, "fr") == [WORDS["fr"]] * 2
    assert words(page, "fr") == [None, None]
    assert_in_order(desk)


@pytest.mark.parametrize("order", ROUNDS, ids="-".join)
def test_a_page_that_is_taken_back_meanwhile_loses_nothing(order):
    desk = Desk()
    desk.russian()
    # Read before the others have done anything, as the view of the admin does.
    stale = desk.page()
    steps = {
        "french": desk.french,
        "russian": desk.approve,
        "edit": lambda: stale.unpublish(user=desk.people["publisher"]),
    }
    assert together(*(steps[name] for name in order)) == []
    page, work = desk.page(), workflow.working_copy(desk.page())
    assert not page.live
    assert words(work, "fr") == [WORDS["fr"]] * 2
    assert words(work, "ru") == [WORDS["ru"]] * 2
    assert work.translation_entry(RUSSIAN)["state"] == State.APPROVED
    assert_in_order(desk)


@pytest.mark.parametrize("round_number", range(3))
def test_of_two_people_in_the_same_language_one_is_warned(round_number):
    desk = Desk()
    texts = {"first": "La première phrase.", "second": "La seconde phrase."}
    failures = together(
        lambda: desk.translate(FRENCH, desk.people["fr"], texts["first"]),
        lambda: desk.translate(FRENCH, desk.people["fr reviewer"], texts["second"]),
    )
    assert [type(failure) for failure in failures] == [workflow.EditConflict]
    kept = words(workflow.working_copy(desk.page()), "fr")
    # All of one of them, and the warning shows what that was.
    assert kept in ([texts["first"]] * 2, [texts["second"]] * 2)
    assert {segment.target for segment in failures[0].segments} == set(kept)
    assert_in_order(desk)
