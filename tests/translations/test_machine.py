"""Machine translation, against a real HTTP server on this machine."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.urls import reverse

from pages.models import ContentPage
from tests.ichei_site.test_settings import GOOD, ask
from translations import machine, workflow
from translations.languages import get_language, source_language
from translations.machine import LibreTranslate, MachineTranslationError
from translations.segments import SegmentError, segments
from translations.states import Origin, State

from .pieces import plain, rich

FRENCH, CHINESE = get_language("fr"), get_language("zh-hans")


class Service(BaseHTTPRequestHandler):
    """A service that answers what the test says, and keeps what it was asked."""

    def do_POST(self):
        length = int(self.headers["Content-Length"])
        question = json.loads(self.rfile.read(length))
        self.server.questions.append((self.path, question))
        self.server.answer(self, question)

    def do_GET(self):
        self.server.questions.append((self.path, None))
        self.reply(200, {"translatedText": ["stolen"]})

    def reply(self, status, content, **headers):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def in_capitals(handler, question):
    """What a good service does: it translates the words and keeps the tags."""
    texts = [re.sub(r"(?<![<\w/\"=-])\w+(?![^<]*>)", lambda word: word[0].upper(), q) for q in question["q"]]
    handler.reply(200, {"translatedText": texts})


@pytest.fixture
def service():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.questions, server.answer, server.released = [], in_capitals, threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def available(service, settings):
    settings.MACHINE_TRANSLATION = {
        "backend": "translations.machine.LibreTranslate",
        "url": service.url,
        "api_key": "the key",
        "timeout": 5,
    }
    return service


def translate(service, texts=("Hello",), language=FRENCH, **options):
    options = {"timeout": 5} | options
    return LibreTranslate(service.url, **options).translate(list(texts), source_language(), language)


# The client -------------------------------------------------------------------------------------------------


def test_a_text_is_asked_for_and_its_translation_comes_back(service):
    assert translate(service, ["Hello <b>world</b>"], api_key="secret") == ["HELLO <b>WORLD</b>"]
    path, question = service.questions[0]
    assert path == "/translate"
    assert question == {
        "q": ["Hello <b>world</b>"],
        "source": "en",
        "target": "fr",
        "format": "html",
        "api_key": "secret",
    }


def test_without_a_key_none_is_sent(service):
    translate(service)
    assert "api_key" not in service.questions[0][1]


def test_many_texts_go_in_several_requests_and_stay_in_order(service):
    texts = [f"number {n}" for n in range(120)]
    assert translate(service, texts) == [text.upper() for text in texts]
    assert [len(question["q"]) for _path, question in service.questions] == [50, 50, 20]


def test_long_texts_go_one_by_one(service):
    translate(service, ["a" * 15_000, "b" * 15_000, "c"])
    assert [len(question["q"]) for _path, question in service.questions] == [1, 2]


def test_chinese_is_asked_for_by_either_of_its_names(service):
    def only_zh(handler, question):
        if question["target"] != "zh":
            handler.reply(400, {"error": f"{question['target']} is not supported"})
        else:
            handler.reply(200, {"translatedText": ["你好"]})

    service.answer = only_zh
    assert translate(service, language=CHINESE) == ["你好"]
    assert [question["target"] for _path, question in service.questions] == ["zh-Hans", "zh"]


def answer(status, content, **headers):
    return lambda handler, question: handler.reply(status, content, **headers)


def cut_short(handler, question):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"translatedText"')
    handler.close_connection = True


@pytest.mark.parametrize(
    ("reaction", "sentence"),
    [
        (answer(500, b"Traceback: key=hidden"), "answers with an error (500)"),
        (answer(403, {"error": "hidden"}), "refuses the site’s key"),
        (answer(429, {"error": "hidden"}), "too many questions"),
        (answer(400, {"error": "fr is not supported"}), "doesn’t know Français"),
        (answer(400, b"<html>"), "answers with an error (400)"),
        (answer(200, b"<html>hidden</html>"), "can’t be read"),
        (answer(200, {"hidden": 1}), "can’t be read"),
        (answer(200, []), "can’t be read"),
        (answer(200, {"translatedText": [1]}), "can’t be read"),
        (answer(200, {"translatedText": None}), "can’t be read"),
        (answer(200, b"[" * 100_000), "can’t be read"),
        (answer(200, b"\xff\xfe\xff"), "can’t be read"),
        (answer(200, {"translatedText": []}), "left out some"),
        (answer(200, {"translatedText": ["a", "b"]}), "left out some"),
        (answer(200, b" " * 4_100_000), "too long"),
        (cut_short, "can’t be read"),
    ],
)
def test_whatever_goes_wrong_is_said_in_one_sentence(service, reaction, sentence):
    service.answer = reaction
    with pytest.raises(MachineTranslationError) as caught:
        translate(service)
    assert sentence in str(caught.value)
    assert str(caught.value).count(".") == 1
    assert "hidden" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(service, status):
    service.answer = answer(status, b"", Location=f"{service.url}/elsewhere")
    with pytest.raises(MachineTranslationError, match="another address"):
        translate(service)
    assert [path for path, _question in service.questions] == ["/translate"]


def test_a_service_that_never_answers_is_given_up(service):
    service.answer = lambda handler, question: service.released.wait(10)
    with pytest.raises(MachineTranslationError, match="too long to answer"):
        translate(service, timeout=0.2)


def test_a_service_that_answers_drop_by_drop_is_given_up(service):
    def drip(handler, question):
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        try:
            while not service.released.wait(0.05):
                handler.wfile.write(b" ")
        except OSError:
            pass

    service.answer = drip
    with pytest.raises(MachineTranslationError, match="too long to answer"):
        translate(service, timeout=0.5)


def test_a_service_that_is_not_there_is_reported():
    with pytest.raises(MachineTranslationError, match="can’t be reached"):
        LibreTranslate("http://127.0.0.1:9", timeout=2).translate(["Hello"], source_language(), FRENCH)


@pytest.mark.parametrize(
    "url",
    [
        "http://translate.example/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "https://user:password@translate.example/",
        "https://translate.example/?to=fr",
        "https:///translate",
        "http://127.0.0.1.example/",
        "",
    ],
)
def test_texts_are_sent_over_safe_ways_only(url):
    with pytest.raises(ImproperlyConfigured) as caught:
        LibreTranslate(url)
    assert "password" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["https://translate.example/api/", "http://localhost:5000", "http://[::1]:5000"]
)
def test_https_and_this_machine_are_safe(url):
    assert LibreTranslate(url).url == url.rstrip("/")


def test_the_environment_names_the_service():
    expression = "settings.MACHINE_TRANSLATION"
    assert ask(expression, **GOOD).stdout.strip() == "None"
    configured = ask(
        expression, **GOOD, MACHINE_TRANSLATION_URL="https://translate.example", MACHINE_TRANSLATION_KEY="k"
    )
    assert "'url': 'https://translate.example', 'api_key': 'k'" in configured.stdout


# Codes ------------------------------------------------------------------------------------------------------

SEGMENT = rich("<p>Read the <b>report</b><br/>by <a href='https://a.example/'>A &amp; B</a> &lt;1&gt;</p>")
GOOD_REPLY = (
    'Lisez le <span data-code="1">rapport</span><span data-code="2"></span>de '
    '<span data-code="3">A &amp; B</span> &lt;1&gt;'
)


def test_codes_travel_as_spans_and_come_back():
    assert machine.to_html(SEGMENT) == (
        'Read the <span data-code="1">report</span><span data-code="2"></span>by '
        '<span data-code="3">A &amp; B</span> &lt;1&gt;'
    )
    assert machine.from_html(SEGMENT, GOOD_REPLY) == "Lisez le <1>rapport</1><2/>de <3>A & B</3> \\<1>"


@pytest.mark.parametrize(
    "reply",
    [
        "Lisez le rapport",
        GOOD_REPLY.replace('<span data-code="2"></span>', ""),
        GOOD_REPLY.replace('data-code="3"', 'data-code="1"'),
        GOOD_REPLY.replace('data-code="3"', 'data-code="4"'),
        GOOD_REPLY.replace('data-code="3"', 'data-code="٣"'),
        GOOD_REPLY.replace('data-code="3"', ""),
        GOOD_REPLY + "<script>alert(1)</script>",
        GOOD_REPLY + '<img src="https://a.example/">',
        GOOD_REPLY + "<b>de plus</b>",
        GOOD_REPLY + "<!-- note -->",
        "",
        " ",
    ],
)
def test_a_reply_that_breaks_the_codes_is_refused(reply):
    with pytest.raises(SegmentError):
        machine.from_html(SEGMENT, reply)


def test_a_plain_field_gets_plain_words():
    segment = plain("Research & <innovation>")
    assert machine.to_html(segment) == "Research &amp; &lt;innovation&gt;"
    assert machine.from_html(segment, "Recherche &amp; &lt;innovation&gt;") == "Recherche & <innovation>"
    with pytest.raises(SegmentError):
        machine.from_html(segment, "<b>Recherche</b>")
    with pytest.raises(SegmentError):
        machine.from_html(plain("Title", max_length=5), "Un titre")


# Records ----------------------------------------------------------------------------------------------------


@pytest.fixture
def record(page):
    """A page with a title and two paragraphs in English, and a human's title in French."""
    body = '<p data-block-key="a1">First <b>paragraph</b>.</p><p data-block-key="b2">Second paragraph.</p>'
    child = ContentPage(title_en="New page", slug="new-page", body_en=[("text", body)])
    page("").add_child(instance=child)
    return child


def words(record):
    return {s.source: s.target for s in segments(workflow.working_copy(record), FRENCH)}


def named(record, source):
    return next(s.id for s in segments(workflow.working_copy(record), FRENCH) if s.source == source)


def test_a_record_without_translation_becomes_a_draft_by_machine(record, available, administrator):
    suggestions = machine.suggest(record, FRENCH, administrator)
    assert len(suggestions.filled) == 3
    assert not suggestions.refused
    assert words(record)["First <1>paragraph</1>."] == "FIRST <1>PARAGRAPH</1>."
    progress = workflow.progress(record, FRENCH)
    assert (progress.state, progress.origin) == (State.DRAFT, Origin.MACHINE)


def test_a_humans_words_stay_and_are_not_even_sent(record, available, administrator):
    workflow.save_translation(record, FRENCH, {named(record, "New page"): "Page"}, user=administrator)
    machine.suggest(record, FRENCH, administrator)
    assert words(record)["New page"] == "Page"
    assert words(record)["Second paragraph."] == "SECOND PARAGRAPH."
    assert "New page" not in available.questions[0][1]["q"]
    assert workflow.progress(record, FRENCH).origin == Origin.HUMAN


def test_what_a_human_writes_while_the_machine_thinks_stays(record, available, administrator):
    class Slow:
        def translate(self, texts, source, target):
            workflow.save_translation(record, FRENCH, {named(record, "New page"): "Page"}, user=administrator)
            return [text.upper().replace("SPAN DATA-CODE", "span data-code") for text in texts]

    suggestions = machine.suggest(record, FRENCH, administrator, Slow())
    assert words(record)["New page"] == "Page"
    assert len(suggestions.filled) == 2


def test_a_source_that_changes_while_the_machine_thinks_is_left_out_of_date(record, administrator):
    class Slow:
        def translate(self, texts, source, target):
            newer = record.working_copy()
            newer.title_en = "Another title"
            newer.save_revision()
            return [text.upper().replace("SPAN DATA-CODE", "span data-code") for text in texts]

    machine.suggest(record, FRENCH, administrator, Slow())
    title = next(s for s in segments(workflow.working_copy(record), FRENCH) if s.source == "Another title")
    assert not title.is_current


def test_a_reply_that_breaks_codes_leaves_that_segment_empty(record, available, administrator):
    available.answer = lambda handler, question: handler.reply(
        200, {"translatedText": ["<i>x</i>" if "span" in text else text.upper() for text in question["q"]]}
    )
    suggestions = machine.suggest(record, FRENCH, administrator)
    assert list(suggestions.refused) == [named(record, "First <1>paragraph</1>.")]
    assert words(record)["First <1>paragraph</1>."] == ""
    assert words(record)["Second paragraph."] == "SECOND PARAGRAPH."


def test_an_error_of_the_service_writes_nothing(record, available, administrator):
    available.answer = answer(500, b"")
    with pytest.raises(MachineTranslationError):
        machine.suggest(record, FRENCH, administrator)
    assert set(words(record).values()) == {""}


def test_who_may_not_translate_asks_no_machine(record, available, django_user_model):
    with pytest.raises(PermissionDenied):
        machine.suggest(record, FRENCH, django_user_model.objects.create_user("nobody"))
    assert available.questions == []


def test_a_site_without_a_service_says_so(record, administrator):
    assert not machine.is_available()
    with pytest.raises(MachineTranslationError, match="no machine translation"):
        machine.suggest(record, FRENCH, administrator)


def test_the_button_fills_a_record_and_says_how_much(record, available, admin_client):
    url = reverse("translations:machine", args=["pages.contentpage", record.pk, "fr"])
    assert admin_client.get(url).status_code == 405
    response = admin_client.post(url)
    assert response.status_code == 302
    assert response.url == reverse("translations:edit", args=["pages.contentpage", record.pk, "fr"])
    assert words(record)["New page"] == "NEW PAGE"
