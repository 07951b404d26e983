"""Somebody writes to the Centre: without a cookie, without a script, in any of the six languages."""

import time
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from contact import guards
from contact.forms import OPENED, TRAP
from contact.models import ContactMessage
from translations.languages import all_languages

from .conftest import WORDS


def parsed(response):
    return BeautifulSoup(response.content.decode(), "html.parser")


def message():
    return ContactMessage.objects.get()


def summary(response) -> list[str]:
    return [item.get_text(" ", strip=True) for item in parsed(response).select(".contact-errors li")]


def test_a_message_in_each_language_is_kept_and_thanked_for_in_it(send, client):
    for language in all_languages():
        response = send(language.code)
        assert response.status_code == 303
        assert response.headers["Location"] == f"/{language.code}/contact/?sent=1#result"
        thanks = client.get(response.headers["Location"])
        html = parsed(thanks)
        assert thanks.status_code == 200
        assert html.html["lang"] == language.tag
        assert html.h1["id"] == "result"
        assert html.h1.get_text(strip=True)
        assert not html.select("main form")
        assert html.select_one('meta[name="robots"]')["content"] == "noindex"
        sent = ContactMessage.objects.latest("pk")
        assert sent.language == language.code
        # The choice is one in every language, and staff read it in English.
        assert sent.form_data["subject"] == "Press and media"
        assert sent.form_data["your_message"] == WORDS
        assert not response.cookies
        assert not thanks.cookies
    assert ContactMessage.objects.count() == 6


@pytest.mark.django_db
def test_the_form_leads_to_the_page_about_privacy_once(client, contact_page):
    def links():
        return parsed(client.get("/fr/contact/")).select('main form a[href="/fr/privacy/"]')

    assert [link.find_parent(class_="field") is not None for link in links()] == [True]
    contact_page.form_fields.filter(field_type="consent").delete()
    assert [link.parent["class"] for link in links()] == [["privacy"]]


def test_the_form_is_in_the_language_of_its_page(read):
    choices, labels = set(), set()
    for language in all_languages():
        html = read(f"/{language.code}/contact/")
        select = html.select_one("#id_subject")
        assert select.option["value"] == ""
        choices.add(tuple(option.get_text() for option in select.select("option")[1:]))
        labels.add(html.select_one('label[for="id_your_message"]').get_text(strip=True))
        assert not html.select("main form [lang]")
    assert len(choices) == len(labels) == 6


def test_a_choice_without_translation_stands_in_english_and_says_so(client, contact_page):
    field = contact_page.form_fields.get(clean_name="subject")
    field.choices_fr = [dict(item) for item in field.choices_fr.raw_data][1:]
    field.save()
    labels = [choice.label for choice in field_in(contact_page, "fr")]
    assert [(str(label), label.is_fallback) for label in labels][:2] == [
        ("Cooperation and partnership", True),
        ("Formations et programmes", False),
    ]


def field_in(page, language):
    with translation.override(language):
        return page.form_fields.get(clean_name="subject").choice_list()


def test_the_page_may_come_from_a_cache_and_sets_nothing(client, contact_page):
    response = client.get("/en/contact/")
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        client.get("/ar/contact/")
    assert len(captured) <= 12


def test_only_reading_and_the_form_are_answered(client, db):
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)("/en/contact/").status_code == 405
    assert client.post("/en/privacy/", {"name": "x"}).status_code == 405


def test_other_pages_keep_djangos_protection_against_forgery(db):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/en/privacy/", {"name": "x"}).status_code == 403
    assert strict.get("/en/privacy/").status_code == 200


# What is wrong ----------------------------------------------------------------------------------------------


def test_what_is_missing_is_named_and_all_that_was_typed_stays(send):
    response = send(changes={"e_mail_address": "nobody", "name": "", "subject": ""})
    html = parsed(response)
    assert response.status_code == 422
    assert html.title.get_text().startswith("Error: ")
    links = html.select(".contact-errors a")
    assert [link["href"] for link in links] == ["#id_name", "#id_e_mail_address", "#id_subject"]
    for link in links:
        field = html.select_one(link["href"])
        assert field["aria-invalid"] == "true"
        described = field["aria-describedby"].split()
        assert link.get_text(strip=True) in html.find(id=described[-1]).get_text()
    assert html.select_one("#id_e_mail_address")["value"] == "nobody"
    assert html.select_one("#id_your_message").get_text().strip() == WORDS
    assert html.select_one(".choice input")["checked"] == ""
    assert html.select_one(".contact-errors")["id"] == "result"
    assert html.select_one("main form")["action"].endswith("#result")
    assert not ContactMessage.objects.exists()
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies


def test_what_was_typed_is_shown_as_text(send):
    response = send(changes={"name": "", "your_message": "</textarea><script>alert(1)</script>"})
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("your_message", "x" * 5001),
        ("name", "x" * 256),
        ("name", "nul\x00"),
        ("e_mail_address", "a@example.org\nBcc: b@example.org"),
        ("e_mail_address", "a@example.org, b@example.org"),
        ("subject", "Press and media"),
        ("subject", "../../etc"),
    ],
)
def test_what_the_form_does_not_ask_for_is_refused(send, field, value):
    response = send(changes={field: value})
    assert response.status_code == 422
    assert len(summary(response)) == 1
    assert not ContactMessage.objects.exists()


def test_each_kind_of_question_is_kept_in_words(send, question, client):
    question("Telephone", "tel", purpose="tel")
    question("Website", "url", purpose="url")
    question("How many", "number")
    question("When", "date")
    question("Which", "radio", choices=["One", "Two"])
    question("All that apply", "checkboxes", choices=["Red", "Green", "Blue"])
    question("Newsletter", "checkbox", required=False)
    html = parsed(client.get("/ar/contact/"))
    assert html.select_one("#id_telephone")["autocomplete"] == "tel"
    assert html.select_one("#id_which_0")["type"] == "radio"
    # Their words have no Arabic yet.
    assert html.select_one('label[for="id_which_0"]')["lang"] == "en"
    assert html.select_one("fieldset legend span")["lang"] == "en"
    response = send()
    assert len(summary(response)) == 6
    assert [link["href"] for link in parsed(response).select(".contact-errors a")][
        -1
    ] == "#id_all_that_apply_0"
    groups = parsed(response).select("fieldset")
    assert all(parsed(response).find(id=group["aria-describedby"]) for group in groups)
    good = {
        "telephone": "+86 755 0000 0000",
        "website": "example.org",
        "how_many": "12.5",
        "when": "2027-03-31",
        "which": "id-of-Two",
        "all_that_apply": ["id-of-Red", "id-of-Blue"],
    }
    assert summary(send(changes=good | {"when": "31 March", "how_many": "many", "website": "x y"})) != []
    assert send(changes=good).status_code == 303
    answers = message().form_data
    assert answers["website"] == "https://example.org"
    assert answers["how_many"] == "12.5"
    assert answers["when"] == "2027-03-31"
    assert answers["which"] == "Two"
    assert answers["all_that_apply"] == ["Red", "Blue"]
    assert answers["newsletter"] is False


def test_defaults_are_chosen_when_the_form_opens(question, client):
    question("Which", "radio", choices=["One", "Two"], default_value="Two")
    question("All that apply", "checkboxes", choices=["Red", "Green"], default_value="Red\nGreen")
    question("Newsletter", "checkbox", required=False, default_value="yes")
    html = parsed(client.get("/fr/contact/"))
    assert [box["id"] for box in html.select("main input[checked]")] == [
        "id_which_1",
        "id_all_that_apply_0",
        "id_all_that_apply_1",
        "id_newsletter",
    ]


# Spam -------------------------------------------------------------------------------------------------------


def resent(client, response):
    """The form as it came back, sent again unchanged."""
    html = parsed(response)
    boxes = html.select("main form input:not([type=checkbox])")
    data = {box["name"]: box.get("value", "") for box in boxes}
    data |= {box["name"]: "on" for box in html.select("main form input[checked]")}
    data["subject"] = html.select_one("#id_subject option[selected]")["value"]
    data["your_message"] = html.textarea.get_text().strip()
    return client.post("/en/contact/", data)


def test_who_fills_in_what_nobody_sees_is_refused_once(send, client):
    response = send(changes={TRAP: "https://spam.example"})
    assert response.status_code == 422
    assert not ContactMessage.objects.exists()
    trap = parsed(response).select_one(f"[name={TRAP}]")
    assert not trap.get("value")
    hidden = trap.find_parent(attrs={"aria-hidden": "true"})
    assert hidden.has_attr("inert")
    assert trap["tabindex"] == "-1"
    # A browser may have filled it in for somebody: nothing that they wrote is lost.
    assert resent(client, response).status_code == 303


def test_a_form_that_was_sent_at_once_waits_for_three_seconds(send, client, monkeypatch):
    now = time.time()
    response = send(changes={OPENED: guards.opened_at(now)})
    assert response.status_code == 422
    assert not ContactMessage.objects.exists()
    assert resent(client, response).status_code == 422
    monkeypatch.setattr(guards.time, "time", lambda: now + guards.QUICKEST + 1)
    assert resent(client, response).status_code == 303


def test_a_form_from_a_page_that_was_kept_for_a_week_is_taken(send):
    week = 7 * 24 * 60 * 60
    assert send(changes={OPENED: guards.opened_at(time.time() - week)}).status_code == 303


@pytest.mark.parametrize("note", [guards.opened_at(1), "1795646884:forged", "", "nonsense", None])
def test_a_form_that_is_too_old_or_has_no_note_is_refused_once(send, client, note):
    response = send(changes={OPENED: note})
    assert response.status_code == 422
    assert len(summary(response)) == 1
    assert not ContactMessage.objects.exists()
    assert resent(client, response).status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://testserver"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[broken"}, 403),
    ],
)
def test_other_sites_can_not_send_the_form(filled, db, headers, status):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/en/contact/", filled(), headers=headers)
    assert response.status_code == status
    assert ContactMessage.objects.exists() == (status == 303)
    assert not response.cookies
    if status == 403:
        assert parsed(response).textarea.get_text().strip() == WORDS


def test_an_address_may_send_so_many_messages_in_an_hour(send, monkeypatch):
    monkeypatch.setattr(guards, "PER_ADDRESS", 2)
    assert [send(REMOTE_ADDR="192.0.2.1").status_code for _ in range(3)] == [303, 303, 429]
    # What can't be taken doesn't count, and others aren't kept from writing.
    assert send(REMOTE_ADDR="192.0.2.2").status_code == 303
    response = send(REMOTE_ADDR="192.0.2.1")
    assert parsed(response).textarea.get_text().strip() == WORDS
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(guards.timezone, "now", lambda: later)
    assert send(REMOTE_ADDR="192.0.2.1").status_code == 303


def test_no_address_is_kept_in_plain(send, monkeypatch):
    kept = []
    keep = guards.cache.set
    monkeypatch.setattr(
        guards.cache, "set", lambda *args, **options: [kept.append(args), keep(*args, **options)]
    )
    assert send(REMOTE_ADDR="192.0.2.77").status_code == 303
    assert [timeout for key, _value, timeout in kept if key.startswith("contact:")] == [3600]
    assert "192.0.2.77" not in f"{kept}{message().__dict__}"


def test_all_together_may_send_so_many_messages_in_an_hour(send, monkeypatch):
    monkeypatch.setattr(guards, "IN_ALL", 2)
    addresses = [f"192.0.2.{number}" for number in range(3)]
    assert [send(REMOTE_ADDR=address).status_code for address in addresses] == [303, 303, 429]
    ContactMessage.objects.update(submit_time=timezone.now() - timedelta(hours=2))
    assert send(REMOTE_ADDR="192.0.2.9").status_code == 303


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "198.51.100.1", "192.0.2.1"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1, 192.0.2.3", "198.51.100.1"),
        (2, "198.51.100.1", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:198.51.100.1", "198.51.100.1"),
        (1, "nonsense", "nonsense"),
    ],
)
def test_an_address_is_the_one_that_our_own_proxies_saw(rf, settings, proxies, forwarded, expected):
    settings.PROXIES_IN_FRONT = proxies
    request = rf.post("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="192.0.2.1")
    assert guards.client_address(request) == expected
