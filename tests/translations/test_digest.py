"""The daily e-mail: to whom, about what, in which language, and never twice."""

import io
import smtplib
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.utils import timezone, translation
from wagtail.users.models import UserProfile

from tests import people
from translations.models import LanguageState, RecordEntry, SentDigest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _address_of_the_admin(settings):
    settings.WAGTAILADMIN_BASE_URL = "https://www.example.org/"


@pytest.fixture
def person():
    def make(name, *groups, language="", **fields):
        user = people.person(name, *groups, **{"email": f"{name}@example.org"} | fields)
        if language:
            UserProfile.objects.create(user=user, preferred_language=language)
        return user

    return make


@pytest.fixture
def entry(page):
    return RecordEntry.objects.for_record(page("about/mission/")).get()


def change(entry, language="fr", **fields):
    LanguageState.objects.filter(entry=entry, language=language).update(**fields)


def give(entry, user, days=3, language="fr"):
    due = timezone.localdate() + timedelta(days=days)
    change(entry, language, assignee=user, assigned_at=timezone.now(), due=due)


def send(**options):
    out = io.StringIO()
    call_command("send_translation_digest", stdout=out, **options)
    return out.getvalue()


def test_a_translator_is_told_what_was_assigned(entry, person):
    give(entry, person("marie", "French translators", first_name="Marie", last_name="Curie"))
    assert "Sent 1 mail" in send()
    [message] = mail.outbox
    assert message.to == ["marie@example.org"]
    assert message.subject == "UNESCO-ICHEI: 1 translation waits for you"
    assert "Marie Curie" in message.body
    assert entry.title in message.body
    assert f"https://www.example.org/admin/translations/{entry.label}/{entry.object_id}/fr/" in message.body
    assert "(new, due " in message.body


def test_the_mail_is_plain_text(entry, person):
    give(entry, person("marie", "French translators"))
    RecordEntry.objects.filter(pk=entry.pk).update(title="Law & <order>")
    send()
    [message] = mail.outbox
    assert message.content_subtype == "plain"
    assert not getattr(message, "alternatives", [])
    assert "Law & <order>" in message.body


def test_what_is_overdue_is_called_so(entry, person):
    give(entry, person("marie", "French translators"), days=-2)
    send()
    assert "overdue since" in mail.outbox[0].body


def test_what_was_returned_comes_with_the_reason(entry, person):
    person("marie", "French translators")
    change(entry, note="Not the official\nname.")
    send()
    assert "Returned to you by a reviewer: 1" in mail.outbox[0].body
    assert "Not the official name." in mail.outbox[0].body


def test_a_reviewer_is_told_what_is_to_review(entry, person):
    person("jean", "French reviewers")
    person("marie", "French translators")
    change(entry, state="review")
    send()
    [message] = mail.outbox
    assert message.to == ["jean@example.org"]
    assert "To review: 1" in message.body


def test_each_language_has_its_part(entry, person):
    user = person("polyglot", "French translators", "Russian translators")
    give(entry, user, language="fr")
    give(entry, user, language="ru")
    send()
    assert mail.outbox[0].subject == "UNESCO-ICHEI: 2 translations wait for you"
    assert mail.outbox[0].body.index("Français\n") < mail.outbox[0].body.index("Русский\n")


def test_long_lists_are_cut_short(person):
    user = person("marie", "French translators")
    LanguageState.objects.filter(language="fr").update(assignee=user)
    send()
    number = LanguageState.objects.filter(language="fr").exclude(state="approved").count()
    assert (
        f"and {number - 10} more: https://www.example.org/admin/translations/?language=fr"
        in mail.outbox[0].body
    )


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_everybody_is_written_to_in_the_language_of_their_admin(entry, person, language):
    give(entry, person("marie", "French translators", language=language))
    with translation.override(language):
        from django.utils.formats import date_format

        day = date_format(timezone.localdate() + timedelta(days=3), "DATE_FORMAT")
    send()
    assert day in mail.outbox[0].body
    assert translation.get_language() == "en"


def test_texts_that_are_anybodys_are_counted_but_are_no_reason_for_a_mail(entry, person):
    user = person("marie", "French translators")
    send()
    assert mail.outbox == []
    give(entry, user)
    send()
    assert "To translate or to check: " in mail.outbox[0].body


@pytest.mark.parametrize(
    ("groups", "fields"),
    [
        (["French translators"], {"email": ""}),
        (["French translators"], {"is_active": False}),
        (["Editors"], {}),
        ([], {}),
    ],
)
def test_nobody_else_is_written_to(entry, person, groups, fields):
    user = person("somebody", *groups, **fields)
    give(entry, user)
    change(entry, "fr", note="Returned.")
    send()
    assert mail.outbox == []


def test_a_second_run_on_the_same_day_sends_nothing(entry, person):
    give(entry, person("marie", "French translators"))
    send()
    assert "Sent 0 mails" in send()
    assert len(mail.outbox) == 1


def test_the_next_day_it_is_sent_again_and_is_no_longer_new(entry, person):
    user = person("marie", "French translators")
    give(entry, user)
    send()
    SentDigest.objects.update(day=timezone.localdate() - timedelta(days=1))
    LanguageState.objects.filter(assignee=user).update(assigned_at=timezone.now() - timedelta(days=3))
    send()
    assert len(mail.outbox) == 2
    assert "(due " in mail.outbox[1].body


def test_a_dry_run_prints_the_mails_and_sends_none(entry, person):
    give(entry, person("marie", "French translators"))
    printed = send(dry_run=True)
    assert "To: marie@example.org" in printed
    assert entry.title in printed
    assert mail.outbox == []
    assert not SentDigest.objects.exists()


@pytest.mark.parametrize("error", [smtplib.SMTPRecipientsRefused({}), ConnectionRefusedError("no server")])
def test_an_address_that_fails_keeps_nobody_else_from_theirs(entry, person, monkeypatch, error):
    for name in ("anna", "marie", "zoe"):
        person(name, "French translators")
    change(entry, note="Returned.")
    original = EmailMessage.send

    def fail_for_marie(message, *args, **kwargs):
        if message.to == ["marie@example.org"]:
            raise error
        return original(message, *args, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", fail_for_marie)
    with pytest.raises(CommandError, match=r"No mail could be sent to marie@example\.org\."):
        call_command("send_translation_digest", stdout=io.StringIO(), stderr=io.StringIO())
    assert [message.to for message in mail.outbox] == [["anna@example.org"], ["zoe@example.org"]]
    monkeypatch.undo()
    send()
    assert mail.outbox[-1].to == ["marie@example.org"]


def test_a_name_cannot_forge_a_head_of_the_mail(entry, person):
    user = person("marie", "French translators", first_name="Marie\nBcc: all@example.org")
    give(entry, user)
    send()
    assert mail.outbox[0].bcc == []
    assert "\n" not in mail.outbox[0].subject


def test_it_costs_few_queries_a_person(entry, person, django_assert_max_num_queries):
    for number in range(5):
        person(f"translator{number}", "French translators")
    change(entry, note="Returned.")
    with django_assert_max_num_queries(2 + 5 * 12):
        send()
