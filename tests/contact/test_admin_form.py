"""Staff write the form of a contact page in the admin."""

from django.urls import reverse

from tests.admin_forms import form_data


def edit(client, page, **changes):
    url = reverse("wagtailadmin_pages:edit", args=[page.pk])
    response = client.get(url)
    assert response.status_code == 200
    data = form_data(response.context["form"])
    return client.post(url, data | changes | {"action-publish": "yes"})


def test_a_page_that_is_saved_unchanged_keeps_its_form(admin_client, contact_page):
    before = [(field.pk, field.clean_name, list(field.choices_fr.raw_data)) for field in fields(contact_page)]
    assert edit(admin_client, contact_page).status_code == 302
    assert [
        (field.pk, field.clean_name, list(field.choices_fr.raw_data)) for field in fields(contact_page)
    ] == before


def fields(page):
    return page.form_fields.model.objects.filter(page=page).order_by("sort_order")


def test_a_question_is_added_and_shown(admin_client, contact_page, client):
    number = fields(contact_page).count()
    response = edit(
        admin_client,
        contact_page,
        **{
            "form_fields-TOTAL_FORMS": str(number + 1),
            f"form_fields-{number}-label_en": "Which day?",
            f"form_fields-{number}-help_text_en": "",
            f"form_fields-{number}-field_type": "radio",
            f"form_fields-{number}-choices_en-count": "1",
            f"form_fields-{number}-choices_en-0-type": "choice",
            f"form_fields-{number}-choices_en-0-value": "Monday",
            f"form_fields-{number}-choices_en-0-order": "0",
            f"form_fields-{number}-choices_en-0-deleted": "",
            f"form_fields-{number}-choices_en-0-id": "",
            f"form_fields-{number}-default_value": "",
            f"form_fields-{number}-purpose": "",
            f"form_fields-{number}-ORDER": str(number + 1),
            f"form_fields-{number}-id": "",
            "recipients": "office@example.org",
        },
    )
    assert response.status_code == 302, response.context["form"].formsets["form_fields"].errors
    html = client.get("/en/contact/").content.decode()
    assert "Which day?" in html
    assert "Monday" in html
    assert fields(contact_page).last().clean_name == "which_day"


def test_two_questions_of_one_name_are_refused(admin_client, contact_page):
    number = fields(contact_page).count()
    response = edit(
        admin_client,
        contact_page,
        **{
            "form_fields-TOTAL_FORMS": str(number + 1),
            f"form_fields-{number}-label_en": "Name",
            f"form_fields-{number}-field_type": "singleline",
            f"form_fields-{number}-choices_en-count": "0",
            f"form_fields-{number}-ORDER": str(number + 1),
            f"form_fields-{number}-id": "",
        },
    )
    assert response.status_code == 200
    assert "choose another label" in response.content.decode()


def test_recipients_that_are_no_addresses_are_refused(admin_client, contact_page):
    response = edit(admin_client, contact_page, recipients="office@example.org; nobody")
    assert response.status_code == 200
    assert response.context["form"].errors["recipients"]


def test_addresses_are_shown_where_there_are_any(admin_client, contact_page, client):
    assert "<dl>" not in client.get("/en/contact/").content.decode()
    edit(
        admin_client,
        contact_page,
        postal_address_en="First line\nSecond line",
        telephone="+86 (755) 00-00",
        email="office@example.org",
        map_url="https://maps.example.org/?q=1&z=2",
    )
    html = client.get("/ar/contact/").content.decode()
    assert "First line<br>Second line" in html
    assert 'href="tel:+867550000"' in html
    assert 'href="mailto:office@example.org"' in html
    assert 'href="https://maps.example.org/?q=1&amp;z=2"' in html
    assert "<iframe" not in html


def test_a_preview_in_arabic_has_the_form_as_it_is_being_written(admin_client, contact_page):
    form = admin_client.get(reverse("wagtailadmin_pages:edit", args=[contact_page.pk])).context["form"]
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[contact_page.pk])
    data = form_data(form) | {"form_fields-0-label_en": "What is your name?", "retention_days": "77"}
    assert admin_client.post(url, data).json()["is_valid"]
    for language, words in (("en", "What is your name?"), ("ar", "الاسم")):
        html = admin_client.get(f"{url}?mode={language}").content.decode()
        assert words in html
        assert "77" in html
