"""Documents say what they are in six languages, and a reader gets the version in their own."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import translation
from wagtail.documents.forms import get_document_form
from wagtail.models import Collection, CollectionViewRestriction
from wagtail.rich_text import RichText

from library.downloads import Download, size_phrase
from library.models import CustomDocument
from pages.models import ContentPage
from tests.pages.test_queries import queries
from translations.languages import all_languages, column, get_language
from translations.states import Origin, State
from translations.workflow import mark

KILOBYTE = 1000


def made(title, language="", size=1_234_567, version_of=None, extension="pdf", **fields):
    file = ContentFile(b"x", f"{title.lower()}.{extension}")
    return CustomDocument.objects.create(
        title=title, language=language, version_of=version_of, file=file, file_size=size, **fields
    )


@pytest.fixture
def report(db):
    """A report in English, French and Arabic, as {language code: document}."""
    english = made("report-en", "en", name_en="Annual report", name_fr="Rapport annuel")
    return {
        "en": english,
        "fr": made("report-fr", "fr", 2_000_000, english, name_en="Annual report", name_fr="Rapport annuel"),
        "ar": made("report-ar", "ar", 900_000, english, name_en="Annual report"),
    }


@pytest.fixture
def publish(page):
    """Puts blocks into the text of a page, which alone French has too, and gives its address."""

    def write(*blocks):
        privacy = page("privacy/")
        for language in all_languages():
            setattr(
                privacy, column("body", language), list(blocks) if language.code in {"en", "fr"} else None
            )
        privacy.save_revision().publish()
        return "/{}/privacy/"

    return write


SIZES = {
    # bytes: in each language, in the order of the United Nations
    1: ("1 كيلوبايت", "1 kB", "1 kB", "1\u202fko", "1 кБ", "1 kB"),
    12_400: ("12 كيلوبايت", "12 kB", "12 kB", "12\u202fko", "12 кБ", "12 kB"),
    999_600: ("1 ميغابايت", "1 MB", "1 MB", "1\u202fMo", "1 МБ", "1 MB"),
    1_234_567: ("1.2 ميغابايت", "1.2 MB", "1.2 MB", "1,2\u202fMo", "1,2 МБ", "1,2 MB"),
    2_500_000_000: ("2.5 غيغابايت", "2.5 GB", "2.5 GB", "2,5\u202fGo", "2,5 ГБ", "2,5 GB"),
}


@pytest.mark.parametrize("size", SIZES)
def test_a_size_is_written_as_each_language_writes_it(size):
    codes = ("ar", "zh-hans", "en", "fr", "ru", "es")
    written = [size_phrase(size, get_language(code)).replace("\u200f", "") for code in codes]
    assert tuple(phrase.replace("\u00a0", " ") for phrase in written) == SIZES[size]


def test_format_size_and_language_are_named_in_the_language_of_the_reader(report):
    found = {}
    for code in ("ar", "zh-hans", "en", "fr", "ru", "es"):
        with translation.override(code):
            found[code] = Download(report["fr"]).all_facts
    assert found["en"] == "PDF, 2 MB, French"
    names = {"ar": "الفرنسية", "zh-hans": "法语", "fr": "français", "ru": "французский", "es": "francés"}
    for code, name in names.items():
        assert name in found[code]
        assert size_phrase(2_000_000, get_language(code)) in found[code]
    # Or the figures of the size would run on from the letters of the format.
    assert "\u2066PDF\u2069" in found["ar"]


def test_a_reader_gets_the_version_in_their_language_and_the_others_below_it(get, report, publish):
    url = publish(("documents", [report["ar"]]))
    for code, best, others in (
        ("fr", "fr", ["ar", "en"]),
        ("ar", "ar", ["en", "fr"]),
        ("es", "en", ["ar", "fr"]),
    ):
        links = get(url.format(code)).select(".documents a")
        assert [link["hreflang"] for link in links] == [best, *others]
        assert [link["href"] for link in links] == [report[key].url for key in (best, *others)]
        assert all(link["type"] == "application/pdf" for link in links)
    # A name that nobody has approved in French yet is a draft.
    assert get(url.format("fr")).select_one(".documents b")["lang"] == "en"
    mark(report["fr"], get_language("fr"), State.APPROVED, Origin.HUMAN)
    report["fr"].save()
    main, arabic, _english = get(url.format("fr")).select(".documents a")
    assert main.b.get_text() == "Rapport annuel"
    assert "lang" not in main.b.attrs
    assert "2\u202fMo" in main.get_text() or "2\xa0Mo" in main.get_text()
    assert "français" in main.get_text()
    assert arabic.span["lang"] == "ar"
    assert arabic.span["dir"] == "rtl"
    assert arabic.span.get_text() == "العربية"


def test_a_link_in_a_text_says_what_it_leads_to_and_prefers_the_language_of_the_reader(get, report, publish):
    text = f'<p>See the <a id="{report["en"].pk}" linktype="document"><b>report</b></a>.</p>'
    url = publish(("text", RichText(text)))
    for code, version in (("en", "en"), ("fr", "fr"), ("ru", "en")):
        link = get(url.format(code)).select_one(".prose a")
        assert (link["href"], link["hreflang"]) == (report[version].url, version)
        assert link.b.get_text() == "report"
        assert "PDF" in link.select_one(".file").get_text()
    # A reader of Russian hears that the file is in English, in Russian.
    facts = get(url.format("ru")).select_one(".prose a .file")
    assert "английский" in facts.get_text()
    assert facts["lang"] == "ru"
    assert "lang" not in get(url.format("fr")).select_one(".prose a .file").attrs
    assert "English" not in get(url.format("en")).select_one(".prose a .file").get_text()


def test_a_document_that_is_not_for_everybody_is_neither_offered_nor_described(get, report, publish):
    closed = Collection.get_first_root_node().add_child(name="Internal")
    below = closed.add_child(name="Below it")
    CollectionViewRestriction.objects.create(collection=closed, restriction_type="login")
    CustomDocument.objects.filter(pk=report["fr"].pk).update(collection=below)
    secret = made("secret", "en", name_en="Secret plans", collection=closed)
    text = f'<p><a id="{secret.pk}" linktype="document">plans</a></p>'
    url = publish(("documents", [report["en"], secret]), ("text", RichText(text)))
    html = get(url.format("fr"))
    assert [link["hreflang"] for link in html.select(".documents a")] == ["en", "ar"]
    assert "Secret plans" not in html.get_text()
    assert not html.find("a", string="plans").select(".file")


def test_the_number_of_queries_does_not_grow_with_the_documents_of_a_text(client, report, publish):
    counts = []
    for number in (1, 8):
        more = [made(f"other-{number}-{index}", "en", name_en="Other") for index in range(number)]
        link = f'<p><a id="{report["fr"].pk}" linktype="document">x</a></p>'
        blocks = [("documents", [report["en"], *more]), ("text", RichText(link))] * number
        counts.append(queries(client, publish(*blocks).format("fr")))
    assert counts[0] == counts[1] <= 12


def test_a_translation_keeps_the_documents_of_its_source_and_none_is_a_segment(report, publish):
    from translations.segments import segments

    publish(("heading", "Reports"), ("documents", [report["en"]]))
    page = ContentPage.objects.get(slug="privacy")
    words = [segment.source for segment in segments(page, get_language("fr")) if segment.field == "body"]
    assert words == ["Reports"]


def test_a_version_names_one_original_and_a_language_of_its_own(report):
    spanish = CustomDocument(title="es", file="es.pdf", language="es", version_of=report["fr"])
    spanish.clean()
    # Not the version that was chosen: what that is a version of.
    assert spanish.version_of == report["en"]
    unknown = made("unknown")
    for language, version_of, field, sentence in (
        ("fr", report["en"], "version_of", "“report-fr” is in this language already."),
        ("", report["en"], "language", "Say in which language this version is."),
        ("es", unknown, "version_of", "Say first in which language “unknown” is."),
    ):
        with pytest.raises(ValidationError) as error:
            CustomDocument(title="x", file="x.pdf", language=language, version_of=version_of).clean()
        assert error.value.message_dict == {field: [sentence]}
    report["en"].version_of = unknown
    with pytest.raises(ValidationError, match="Other documents are versions of this one"):
        report["en"].clean()


def test_the_form_offers_originals_alone(report):
    form = get_document_form(CustomDocument)
    offered = form(instance=report["fr"]).fields["version_of"].queryset
    assert list(offered) == [report["en"]]
    assert report["en"] not in form(instance=report["en"]).fields["version_of"].queryset
