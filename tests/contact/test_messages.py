"""What becomes of a message: it is kept, sent, sent again, read by the right people and deleted in time."""

import csv
import io
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from contact import delivery
from contact.models import ContactFormField, ContactMessage, ContactPage
from contact.views import defused
from pages.models import HomePage
from tests.people import person, reviewer, translator
from translations import workflow
from translations.languages import get_language, target_languages

from .conftest import ADDRESS, WORDS


@pytest.fixture
def recipients(contact_page):
    """Gives the page somebody to whom messages are sent."""
    ContactPage.objects.update(recipients="office@example.org, press@example.org")
    return ["office@example.org", "press@example.org"]


@pytest.fixture
def broken_mail(monkeypatch):
    """A mail server that hangs up, until it is mended."""

    def hang_up(self, messages):
        raise SMTPServerDisconnected("Gone")

    monkeypatch.setattr(EmailBackend, "send_messages", hang_up)
    return monkeypatch.undo


@pytest.fixture
def written(contact_page):
    """A message as it is kept, at some time."""

    def keep(page=contact_page, age=timedelta(0), **answers):
        message = ContactMessage.objects.create(
            page=page,
            form_data={"name": "A visitor"} | answers,
            language="ar",
            delivery="kept",
        )
        ContactMessage.objects.filter(pk=message.pk).update(submit_time=timezone.now() - age)
        return message

    return keep


# By e-mail --------------------------------------------------------------------------------------------------


def test_an_e_mail_says_all_and_is_answered_to_the_visitor(send, recipients):
    send("ar", {"organisation": "An office\r\nBcc: everybody@example.org"})
    (sent,) = mail.outbox
    assert sent.to == recipients
    assert sent.reply_to == [ADDRESS]
    assert sent.subject == "UNESCO-ICHEI – Contact – Press and media"
    for line in (
        "Your message",
        *(f"  {line}" for line in WORDS.splitlines()),
        "Subject",
        "  Press and media",
    ):
        assert line in sent.body.splitlines()
    assert "العربية" in sent.body
    # Our language, not the visitor's, and no words of theirs in the head.
    assert "الاسم" not in sent.body
    head = sent.message().as_string().partition("\n\n")[0]
    assert "everybody@example.org" not in head
    assert sent.message().get_content_type() == "text/plain"
    message = ContactMessage.objects.get()
    assert (message.delivery, message.next_attempt) == ("sent", None)


def test_a_title_with_several_lines_makes_one_subject(send, recipients):
    ContactPage.objects.update(title_en="Contact\nBcc: everybody@example.org")
    send()
    (sent,) = mail.outbox
    assert "\n" not in sent.subject
    assert sent.bcc == []
    assert sent.message()["Bcc"] is None


def test_without_recipients_a_message_is_only_kept(send):
    assert send().status_code == 303
    assert ContactMessage.objects.get().delivery == "kept"
    call_command("run_schedule", "--once")
    assert not mail.outbox


def test_a_message_that_can_not_be_sent_is_kept_and_sent_later(send, recipients, broken_mail, monkeypatch):
    assert send().status_code == 303
    message = ContactMessage.objects.get()
    assert (message.delivery, message.attempts) == ("waiting", 1)
    broken_mail()
    call_command("run_schedule", "--once")
    assert not mail.outbox, "not before its time"
    ContactMessage.objects.update(next_attempt=timezone.now() - timedelta(seconds=1))
    call_command("run_schedule", "--once")
    call_command("run_schedule", "--once")
    assert len(mail.outbox) == 1
    message.refresh_from_db()
    assert (message.delivery, message.attempts) == ("sent", 2)


def test_the_longer_it_fails_the_longer_it_waits_and_it_never_gives_up(send, recipients, broken_mail):
    send()
    waits = []
    for _attempt in range(6):
        now = timezone.now()
        ContactMessage.objects.update(next_attempt=now)
        assert delivery.deliver_due(timezone.now()) == 0
        waits.append(round((ContactMessage.objects.get().next_attempt - now) / timedelta(minutes=1)))
    assert waits == [15, 60, 360, 360, 360, 360]
    assert ContactMessage.objects.get().delivery == "waiting"


def test_two_processes_send_a_message_once(send, recipients, broken_mail):
    send()
    broken_mail()
    ContactMessage.objects.update(next_attempt=timezone.now())
    first, second = ContactMessage.objects.get(), ContactMessage.objects.get()
    assert [delivery.deliver(first), delivery.deliver(second)] == [True, False]
    assert len(mail.outbox) == 1


def test_one_message_that_fails_keeps_no_other_from_being_sent(send, recipients, broken_mail, monkeypatch):
    send()
    send()
    broken_mail()
    ContactMessage.objects.update(next_attempt=timezone.now())
    bad = ContactMessage.objects.earliest("pk")
    whole = delivery.mail_of

    def mail_of(message, *args):
        if message.pk == bad.pk:
            raise ValueError("Something is wrong with this one")
        return whole(message, *args)

    monkeypatch.setattr(delivery, "mail_of", mail_of)
    assert delivery.deliver_due(timezone.now()) == 1


def test_a_message_whose_recipients_were_taken_out_stays_in_the_admin(send, recipients, broken_mail):
    send()
    broken_mail()
    ContactPage.objects.update(recipients="")
    ContactMessage.objects.update(next_attempt=timezone.now())
    assert delivery.deliver_due(timezone.now()) == 0
    assert ContactMessage.objects.get().delivery == "kept"


# For how long -----------------------------------------------------------------------------------------------


def test_messages_are_deleted_when_their_page_has_kept_them_for_long_enough(written, contact_page, capsys):
    ContactPage.objects.update(retention_days=30)
    other = HomePage.objects.get().add_child(
        instance=ContactPage(title_en="Other", slug="other", retention_days=10)
    )
    young, old = written(age=timedelta(days=29)), written(age=timedelta(days=31))
    written(other, timedelta(days=11))
    call_command("purge_messages")
    assert capsys.readouterr().out == "Deleted 2 messages.\n"
    assert list(ContactMessage.objects.all()) == [young]
    assert not ContactMessage.objects.filter(pk=old.pk).exists()


def test_the_schedule_deletes_them_too_and_the_page_says_when(written, contact_page, client):
    written(age=timedelta(days=181))
    call_command("run_schedule", "--once")
    assert not ContactMessage.objects.exists()
    assert "180" in client.get("/en/contact/").content.decode()


# In the admin -----------------------------------------------------------------------------------------------


def listing(page, query=""):
    return reverse("wagtailforms:list_submissions", args=[page.pk]) + query


def test_staff_read_what_was_written_in_any_language(admin_client, contact_page, written):
    written(subject="Press and media", gone="An answer to an old question", newsletter=True)
    written(name="<script>alert(1)</script>", your_message="One line\n<b>another</b>")
    page = admin_client.get(listing(contact_page)).content.decode()
    for word in (
        "A visitor",
        "Press and media",
        "العربية",
        "gone: An answer to an old question",
        "newsletter: yes",
    ):
        assert word in page
    assert "One line<br>&lt;b&gt;another&lt;/b&gt;" in page
    assert "<script>alert" not in page
    assert reverse("wagtailforms:index") in admin_client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_list_takes_no_more_queries_for_more_messages(admin_client, contact_page, written):
    counts = []
    for number in (1, 10):
        for _message in range(number):
            written()
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(listing(contact_page))
        counts.append(len(captured))
    assert counts[0] == counts[1]


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\n=1", "＝1", '=HYPERLINK("http://x","y")']


def test_nothing_in_a_download_is_a_formula(admin_client, contact_page, written):
    field = contact_page.form_fields.get(clean_name="name")
    field.label_en = "=Name"
    field.save()
    for formula in FORMULAS:
        written(name=formula, lost=formula)
    text = b"".join(admin_client.get(listing(contact_page, "?export=csv"))).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["'=Name"] for row in rows] == [f"'{formula}" for formula in FORMULAS]
    book = b"".join(admin_client.get(listing(contact_page, "?export=xlsx")))
    sheet = load_workbook(io.BytesIO(book)).active
    cells = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert len(cells) > len(FORMULAS)
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.value[:1] in "=+-@\t\r\n＝"]


def test_words_that_are_no_formula_stay_as_they_are():
    for word in ("A - B", "1 + 1 = 2", "", "a@example.org", "–", None, 5):
        assert defused(word) == word


def test_messages_are_for_those_who_may_edit_their_page_alone(client, contact_page, written):
    message = written(name="Confidential words")
    deleting = reverse("wagtailforms:delete_submissions", args=[contact_page.pk])
    deleting += f"?selected-submissions={message.pk}"
    places = [
        listing(contact_page),
        listing(contact_page, "?export=csv"),
        listing(contact_page, "?export=xlsx"),
        reverse("wagtailforms:list_submissions_results", args=[contact_page.pk]),
        reverse("wagtailforms:index"),
        reverse("wagtailforms:delete_submissions", args=[contact_page.pk])
        + f"?selected-submissions={message.pk}",
        reverse("wagtailadmin_pages:edit", args=[contact_page.pk]),
        reverse("wagtailadmin_pages:usage", args=[contact_page.pk]),
        reverse("wagtailadmin_reports:site_history"),
    ]
    for user in (translator("fr"), reviewer("ru"), person("stranger"), None):
        client.logout()
        if user:
            client.force_login(user)
        for place in places:
            response = client.get(place)
            assert b"Confidential words" not in b"".join(response), place
            if "submissions" in place:
                assert response.status_code in {302, 403}, (user, place)
        client.post(deleting)
        assert ContactMessage.objects.filter(pk=message.pk).exists()
    for name in ("Editors", "Publishers"):
        client.force_login(person(name.lower(), name))
        assert "Confidential words" in client.get(listing(contact_page)).content.decode()
        # The form of the page leads there.
        form = client.get(reverse("wagtailadmin_pages:edit", args=[contact_page.pk]))
        assert f'href="{listing(contact_page)}"' in form.content.decode()


def test_a_message_of_another_page_is_not_deleted_by_way_of_this_one(admin_client, contact_page, written):
    other = HomePage.objects.get().add_child(instance=ContactPage(title_en="Other", slug="other"))
    message = written(other)
    place = reverse("wagtailforms:delete_submissions", args=[contact_page.pk])
    admin_client.post(f"{place}?selected-submissions={message.pk}")
    assert ContactMessage.objects.filter(pk=message.pk).exists()
    own = written()
    admin_client.post(f"{place}?selected-submissions={own.pk}")
    assert not ContactMessage.objects.filter(pk=own.pk).exists()


# The questions ----------------------------------------------------------------------------------------------


def test_translators_see_each_question_choice_and_help(contact_page):
    for language in target_languages():
        segments = workflow.progress(contact_page, language).segments
        labels = {segment.source: segment.target for segment in segments}
        for words in ("Your message", "Press and media", "We write our answer to this address.", "Subject"):
            assert labels[words]


def test_a_translated_choice_that_was_approved_is_shown(client, contact_page):
    french = get_language("fr")
    segment = next(
        segment
        for segment in workflow.progress(contact_page, french).segments
        if segment.source == "Press and media"
    )
    user = reviewer("fr")
    workflow.save_translation(contact_page, french, {segment.id: "Journalistes"}, user=user)
    workflow.approve(contact_page, french, user)
    assert "Journalistes" in client.get("/fr/contact/").content.decode()


def valid(**values):
    choices = [{"type": "choice", "value": word, "id": word} for word in values.pop("choices", ())]
    field = ContactFormField(label_en="A question", **values)
    if choices:
        field.choices_en = choices
    field.clean()


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"field_type": "radio"}, "needs choices"),
        ({"field_type": "radio", "choices": ["One", "One"]}, "same words"),
        ({"field_type": "consent", "default_value": "yes"}, "Nobody consents"),
        ({"field_type": "dropdown", "choices": ["One"], "default_value": "Two"}, "as they stand above"),
        ({"field_type": "radio", "choices": ["One", "Two"], "default_value": "One\nTwo"}, "Only one"),
    ],
)
def test_a_question_that_can_not_work_is_refused_with_a_sentence(values, complaint):
    with pytest.raises(ValidationError, match=complaint):
        valid(**values)


def test_a_question_has_its_key_from_the_english_whatever_the_language_of_the_admin(question, contact_page):
    with translation.override("fr"):
        field = question("How many people?", "number", label_fr="Combien de personnes ?")
    assert field.clean_name == "how_many_people"
    field.label_en = "How many?"
    field.save()
    assert field.clean_name == "how_many_people"
    assert question("Delivery", "singleline").clean_name == "delivery_field"
    assert question("？！", "singleline").clean_name == "question"
