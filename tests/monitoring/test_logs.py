"""The log says what was asked and how it went, and nothing of who asked."""

import logging
from urllib.parse import urlencode

import pytest
from django.core.mail import EmailMessage
from django.db import DatabaseError
from django.urls import reverse

from contact.models import ContactPage
from monitoring import exchange
from monitoring.exchange import Exchange
from monitoring.logs import JsonLines, TextLines, WithoutVisitor
from monitoring.masking import masked
from search import views as search_views
from tests.contact.conftest import *  # noqa: F403, the form as a browser fills it in
from tests.contact.conftest import ADDRESS, WORDS

ID = "0123456789abcdef"


def record(message: str, *args, error: Exception | None = None, name: str = "somewhere", **extra):
    information = (type(error), error, error.__traceback__) if error is not None else None
    made = logging.LogRecord(name, logging.ERROR, __file__, 1, message, args, information)
    vars(made).update(extra)
    return made


def caught(error: Exception) -> Exception:
    try:
        raise error
    except Exception as raised:
        return raised


def test_a_request_leaves_one_line_with_all_that_is_needed(site, db, log):
    answer = site.get("/fr/news/", x_request_id=ID)
    (line,) = log.requests
    assert line["time"].endswith("+00:00")
    assert line["milliseconds"] > 0
    expected = {
        "level": "INFO", "logger": "monitoring.access", "request_id": ID, "method": "GET",
        "path": "/fr/news/", "status": 200, "page_type": "news.newsindexpage", "language": "fr",
        "bytes": len(answer.body),
    }  # fmt: skip
    assert {name: line[name] for name in expected} == expected


def test_the_line_tells_nothing_of_the_visitor(site, db, log):
    site.get(
        "/en/search/?q=Maria+Perez",
        user_agent="Mozilla/5.0 (of somebody)",
        cookie="sessionid=abcdefgh",
        referer="https://elsewhere.example/?from=somebody",
        x_forwarded_for="198.51.100.9",
    )
    told = log.getvalue()
    assert '"path": "/en/search/"' in told
    for secret in ("Maria", "Perez", "Mozilla", "sessionid", "abcdefgh", "elsewhere", "198.51", "203.0.113"):
        assert secret not in told


def test_an_address_in_a_path_is_masked(site, db, log):
    for path in ("/en/visitor@example.org/", "/en/visitor%40example.org/", "/en/%D1%8F/"):
        site.get(path)
    assert [line["path"] for line in log.requests][:2] == ["/en/[e-mail]/", "/en/[e-mail]/"]
    assert "example.org" not in log.getvalue()


def test_a_path_can_not_begin_a_line_of_its_own(site, db):
    assert Exchange({"PATH_INFO": "/en/\n{}\r/"}).path == "/en/%0A%7B%7D%0D/"


def test_a_link_to_a_new_password_is_not_kept(site, db, log):
    url = reverse("wagtailadmin_password_reset_confirm", args=["MTIz", "c0ffee-0123456789abcdef"])
    site.get(url)
    assert "c0ffee" not in log.getvalue()
    assert "MTIz" not in log.getvalue()
    assert log.requests[0]["path"].startswith("/admin/password_reset/")


def test_an_error_in_the_contact_form_is_told_without_what_was_written(
    site, contact_page, filled, log, monkeypatch
):
    def fail(self, form):
        try:
            int(form.cleaned_data["your_message"])
        except ValueError as error:
            raise DatabaseError(f"Failing row contains ({form.cleaned_data})") from error

    monkeypatch.setattr(ContactPage, "process_form_submission", fail)
    body = urlencode(filled()).encode()
    answer = site.get("/en/contact/", method="POST", body=body, origin="http://testserver")
    assert answer.code == 500
    error = next(line for line in log.lines if "exception" in line)
    assert "ValueError" in error["exception"]
    assert "django.db.utils.DatabaseError" in error["exception"]
    assert "in process_form_submission" not in error["exception"]
    assert "in receive" in error["exception"]
    assert error["request_id"] == log.requests[0]["request_id"]
    for secret in (ADDRESS, "Visitor", "Зоя", *WORDS.splitlines(), "First line"):
        assert secret not in log.getvalue()


def test_an_error_in_the_search_is_told_without_what_was_looked_for(site, db, log, monkeypatch):
    def fail(text, *args, **kwargs):
        raise ValueError(f"can't read {text}")

    monkeypatch.setattr(search_views, "parse", fail)
    assert site.get("/en/search/?q=Perez").code == 500
    assert "ValueError" in log.getvalue()
    assert "Perez" not in log.getvalue()


def test_an_error_in_the_background_says_what_it_was_but_not_with_which_row():
    error = caught(DatabaseError("null value in column\nDETAIL:  Failing row contains (1, a message)."))
    told = JsonLines().format(record("Could not do it.", error=error))
    assert "DatabaseError: null value in column" in told
    assert "a message" not in told


def test_a_mail_that_could_not_be_sent_names_nobody(contact_page, log, monkeypatch, db):
    from contact import delivery
    from contact.models import ContactMessage

    def refuse(self, **kwargs):
        raise OSError(f"550 <{ADDRESS}> is unknown here")

    monkeypatch.setattr(EmailMessage, "send", refuse)
    contact_page.recipients = "office@ichei.example"
    contact_page.save()
    message = ContactMessage.objects.create(
        page=contact_page, form_data={}, language="en", next_attempt=delivery.timezone.now()
    )
    ContactMessage.objects.filter(pk=message.pk).update(delivery=ContactMessage.Delivery.WAITING)
    delivery.deliver(message)
    assert "550 <[e-mail]> is unknown here" in log.getvalue()
    assert ADDRESS not in log.getvalue()


def test_what_led_to_an_error_is_told():
    try:
        try:
            raise KeyError("first")
        except KeyError as error:
            raise ValueError("second") from error
    except ValueError as error:
        told = TextLines().format(record("Failed.", error=error))
    assert told.index("KeyError: 'first'") < told.index("ValueError: second")
    assert told.count("test_what_led_to_an_error_is_told") == 2


@pytest.mark.parametrize("lines", [JsonLines(), TextLines()])
@pytest.mark.parametrize(
    "address",
    [
        "a.b+c@mail.example.org",
        "пример@почта.рф",
        "x@y.cn",
        "visitor%40example.org",
        "visitor%2540example.org",
    ],
)
def test_no_line_holds_an_e_mail_address(lines, address):
    told = lines.format(record("Sent to\n%s, and to <%s>.", address, address))
    assert told.count("[e-mail]") == 2
    assert address not in told


def test_a_line_stays_json_whatever_is_in_it(log):
    logging.getLogger("somewhere").warning('A "quote"\nvisitor@example.org\\n \x00 %s', "عربي")
    (line,) = log.lines
    assert line["message"] == 'A "quote"\n[e-mail]\\n \x00 عربي'


def test_a_long_word_does_not_hold_up_the_log():
    import time

    began = time.monotonic()
    masked("a" * 200_000 + "@")
    masked("@" * 200_000)
    assert time.monotonic() - began < 2


def test_what_others_attach_to_a_line_stays_out(rf):
    request = rf.get("/en/search/?q=Perez")
    told = JsonLines().format(record("Forbidden", request=request, status_code=403, user="somebody"))
    assert "Perez" not in told
    assert "somebody" not in told


@pytest.mark.parametrize("given", [ID, "7f3c1f1e-6a0b-4d2e-9e55-3a0c0f8f1b11", "A.b_c-12"])
def test_the_id_that_a_proxy_gave_is_kept(site, db, log, given):
    site.get("/nowhere", x_request_id=given)
    assert log.requests[0]["request_id"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "visitor@example.org", "two words", 'a"b"c"d"e"', "é" * 9]
)
def test_another_id_is_made_where_that_is_no_token(site, db, log, given):
    site.get("/nowhere", x_request_id=given)
    site.get("/nowhere", x_request_id=given)
    ids = [line["request_id"] for line in log.requests]
    assert given not in ids
    assert len(set(ids)) == 2


def test_an_answer_that_nobody_may_keep_has_the_id_of_its_request(site, db):
    assert site.get("/", x_request_id=ID).header("x-request-id") == ID


def test_a_public_page_has_none_so_that_no_cache_gives_it_to_others(cached_site, db):
    for _visit in range(2):
        assert cached_site.get("/fr/about/", x_request_id=ID).header("x-request-id") == ""


def test_each_request_to_a_kept_page_has_its_own_line_and_id(cached_site, db, log):
    for _visit in range(3):
        cached_site.get("/fr/about/")
    assert len({line["request_id"] for line in log.requests}) == 3
    assert {line["page_type"] for line in log.requests} == {"pages.aboutpage"}


def test_what_happens_outside_of_requests_has_no_id(site, db, log):
    site.get("/nowhere")
    logging.getLogger("somewhere").warning("By itself.")
    assert "request_id" not in log.lines[-1]
    assert exchange.current() is None


def test_an_error_around_django_is_answered_and_told_without_the_query(site, db, log, monkeypatch):
    def fail(environ, start_response):
        raise RuntimeError(f"could not answer {environ['QUERY_STRING']}")

    monkeypatch.setattr(site.application, "application", fail)
    answer = site.get("/en/search/?q=Perez")
    assert (answer.code, answer.body) == (500, b"Internal Server Error")
    assert log.requests[0]["status"] == 500
    assert "RuntimeError" in log.getvalue()
    assert "Perez" not in log.getvalue()


def test_a_file_is_given_to_the_server_as_it_came_and_counted(site, db, log, monkeypatch):
    from wsgiref.util import FileWrapper

    given = []

    def file(environ, start_response):
        start_response("200 OK", [("Content-Length", "5"), ("Content-Type", "text/plain")])
        given.append(FileWrapper(open(__file__, "rb")))  # noqa: SIM115, closed by the server
        return given[0]

    monkeypatch.setattr(site.application, "application", file)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/media/a.txt", "wsgi.file_wrapper": FileWrapper}
    answer = site.application(environ, lambda status, headers: None)
    assert answer is given[0]
    answer.close()
    assert log.requests[0]["bytes"] == 5
    assert given[0].filelike.closed


def test_a_stream_is_counted_as_it_goes(site, db, log, monkeypatch):
    def stream(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return iter([b"one", b"two"])

    monkeypatch.setattr(site.application, "application", stream)
    assert site.get("/en/").body == b"onetwo"
    assert log.requests[0]["bytes"] == 6


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("Invalid request from ip=203.0.113.7: Invalid Version: 'x'", "Invalid request: Invalid Version"),
        ("Invalid request from ip=::1: Invalid Header: 'COOKIE: x'", "Invalid request: Invalid Header"),
        ("Error handling request GET /en/search/?q=Perez", "Error handling request GET /en/search/"),
        ("Listening at: http://0.0.0.0:8000 (1)", "Listening at: http://0.0.0.0:8000 (1)"),
    ],
)  # fmt: skip
def test_the_server_s_own_lines_tell_nothing_of_the_visitor(told, kept):
    passed = WithoutVisitor().filter(record(told))
    assert (record(told) if passed is True else passed).getMessage() == kept


def test_the_log_of_people_is_one_line_with_level_place_and_time():
    told = TextLines().format(record("It happened to %s.", "somebody", name="contact.delivery"))
    assert told.endswith("Z ERROR contact.delivery: It happened to somebody.")
