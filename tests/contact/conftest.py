import itertools
import time

import pytest

from contact.forms import OPENED
from contact.guards import opened_at
from contact.models import ContactFormField, ContactPage
from translations.languages import source_language

ADDRESS = "visitor@example.org"
WORDS = "First line.\nSecond line – вторая строка, 第二行, سطر ثان."


@pytest.fixture
def contact_page(db):
    return ContactPage.objects.get()


@pytest.fixture
def question(contact_page):
    """Adds a question to the form."""

    # Below those that the page has, each after the one before.
    orders = itertools.count(99)

    def add(label, kind, choices=(), **options):
        blocks = [{"type": "choice", "value": word, "id": f"id-of-{word}"} for word in choices]
        field = ContactFormField(
            page=contact_page, label_en=label, field_type=kind, sort_order=next(orders), **options
        )
        if blocks:
            field.choices_en = blocks
        field.save()
        return field

    return add


@pytest.fixture
def filled(contact_page):
    """What a browser sends from the form, filled in as it should be a minute after it was opened."""

    def make(**changes):
        subject = contact_page.form_fields.get(clean_name="subject")
        choices = {choice.source: choice.value for choice in subject.choice_list()}
        consent = contact_page.form_fields.get(field_type="consent")
        data = {
            "name": "Зоя Visitor",
            "e_mail_address": ADDRESS,
            "organisation": "",
            "country": "",
            "subject": choices["Press and media"],
            "your_message": WORDS,
            consent.clean_name: "on",
            OPENED: opened_at(time.time() - 60),
            "form-remarks": "",
        }
        return {name: value for name, value in (data | changes).items() if value is not None}

    return make


@pytest.fixture
def send(client, filled):
    """Sends the form, with some of it changed."""

    def post(language=None, changes=None, headers=None, **options):
        code = language or source_language().code
        return client.post(f"/{code}/contact/", filled(**changes or {}), headers=headers, **options)

    return post
