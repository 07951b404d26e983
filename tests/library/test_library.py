"""Pictures and documents have their words in six languages."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation
from PIL import Image
from wagtail.users.models import UserProfile

from library.models import CustomDocument, CustomImage
from tests.snapshots import base_columns, snapshot
from tests.translating import state


@pytest.fixture
def editor(admin_client, administrator, language):
    UserProfile.objects.update_or_create(user=administrator, defaults={"preferred_language": language})
    return admin_client


def picture():
    file = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, "PNG")
    return SimpleUploadedFile("navy.png", file.getvalue(), "image/png")


def test_a_picture_is_uploaded_with_english_words_and_waits_for_its_translators(editor):
    url = reverse("wagtailimages:add")
    data = {
        "title": "Navy",
        "file": picture(),
        "description_en": "A dark blue",
        "description_ar": "أزرق داكن",
    }
    assert editor.post(url, data).status_code == 302
    image = CustomImage.objects.get(title="Navy")
    # What a form doesn't show, it doesn't take.
    assert (image.description_en, image.description_ar) == ("A dark blue", None)
    assert state(image, "ar") == {}
    assert all((base or None) == (source or None) for base, source in base_columns(image).values())


def test_saving_a_picture_unchanged_changes_no_words(editor):
    image = CustomImage.objects.get(title="two-signatories")
    before = snapshot(image)
    url = reverse("wagtailimages:edit", args=[image.pk])
    form = editor.get(url).context["form"]
    data = {name: form[name].value() or "" for name in form.fields if name not in {"file", "tags"}} | {
        "tags": ""
    }
    assert editor.post(url, data).status_code == 302
    assert snapshot(CustomImage.objects.get(pk=image.pk)) == before


def test_the_alternative_text_is_in_the_language_of_the_reader(db, language):
    image = CustomImage.objects.get(title="converging-paths")
    with translation.override(language):
        assert image.default_alt_text == getattr(image, f"description_{language.replace('-', '_')}")


def test_a_picture_without_alternative_text_is_decoration_and_never_read_out_by_its_file_name(db):
    image = CustomImage.objects.get(title="converging-paths")
    image.description_en = image.description_fr = ""
    with translation.override("fr"):
        assert image.default_alt_text == ""


def test_a_document_is_uploaded_with_english_words_and_waits_for_its_translators(editor):
    file = SimpleUploadedFile("report.txt", b"Numbers", "text/plain")
    data = {"title": "Report", "file": file, "name_en": "Annual report", "name_es": "Informe anual"}
    assert editor.post(reverse("wagtaildocs:add"), data).status_code == 302
    document = CustomDocument.objects.get(title="Report")
    assert (document.name_en, document.name_es, document.name_ru) == ("Annual report", None, None)
    assert all((base or None) == (source or None) for base, source in base_columns(document).values())


def test_a_picture_that_only_decorates_is_passed_over_in_every_language(db, language):
    image = CustomImage.objects.get(title="converging-paths")
    image.is_decorative = True
    with translation.override(language):
        assert image.default_alt_text == ""
        assert not image.localize("description")
        assert "description" not in set(image.fallback_fields())


def test_a_figure_that_only_decorates_has_an_empty_alternative_text(get, page, language):
    image = CustomImage.objects.get(title="converging-paths")
    article = "news/netdragon-strategic-cooperation/"
    assert get(f"/{language}/{article}").select_one("main img")["alt"]
    image.is_decorative = True
    image.save()
    assert get(f"/{language}/{article}").select_one("main img")["alt"] == ""


def test_a_picture_says_whether_it_needs_words(db):
    assert CustomImage(title="bare").lacks_alternative_text
    assert CustomImage(title="bare", description_fr="Deux personnes").lacks_alternative_text
    assert not CustomImage(title="bare", is_decorative=True).lacks_alternative_text
    assert not CustomImage(title="bare", description_en="Two people").lacks_alternative_text


def test_staff_mark_a_picture_as_decoration(admin_client):
    image = CustomImage.objects.get(title="two-signatories")
    url = reverse("wagtailimages:edit", args=[image.pk])
    form = admin_client.get(url).context["form"]
    data = {
        name: form[name].value() or ""
        for name in form.fields
        if name not in {"file", "tags", "is_decorative"}
    }
    assert admin_client.post(url, data | {"tags": "", "is_decorative": "on"}).status_code == 302
    image.refresh_from_db()
    assert image.is_decorative
