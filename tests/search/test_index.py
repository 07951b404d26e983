"""The index follows whatever changes what visitors may read, in the same transaction."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import Collection, CollectionViewRestriction, PageViewRestriction
from wagtail.rich_text import RichText

from library.models import CustomDocument, CustomImage
from milestones.models import Milestone, MilestonesPage
from news.models import NewsIndexPage, NewsPage
from pages.models import BasePage, ContentPage
from search import index
from search.models import Entry, Word
from search.query import parse
from search.results import search
from tests.search.conftest import make_article
from translations import workflow
from translations.languages import get_language
from translations.segments import align
from translations.states import Origin, State
from translations.workflow import mark

FRENCH = get_language("fr")


def paths(query: str, language: str = "en") -> set[str]:
    return {entry.page.url_path.removeprefix("/home/") for entry in search(parse(query, language)).entries}


@pytest.fixture
def article(db):
    return make_article(
        "zebras",
        {"en": ["Zebras in the snow", "They came early.", "Nobody had seen them."]},
    )


def test_an_article_is_found_from_its_publication_to_its_unpublication(article):
    assert paths("zebra") == {"news/zebras/"}
    article.title_en = "Giraffes in the snow"
    article.save_revision()
    assert paths("zebra") == {"news/zebras/"}
    assert paths("giraffe") == set()
    article.get_latest_revision().publish()
    assert paths("zebra") == set()
    assert paths("giraffe") == {"news/zebras/"}
    NewsPage.objects.get(pk=article.pk).unpublish()
    assert paths("giraffe") == set()


def test_what_was_deleted_is_gone(article):
    NewsPage.objects.get(pk=article.pk).delete()
    assert paths("zebra") == set()
    assert not Entry.objects.filter(object_id=article.pk, label="news.newspage").exists()


def test_a_page_deleted_with_its_parent_is_gone(page):
    page("about/").delete()
    assert not Entry.objects.filter(page__url_path__startswith="/home/about/").exists()
    assert paths("Shenzhen") <= {
        "news/netdragon-strategic-cooperation/",
        "",
        "terms/",
        "privacy/",
        "accessibility/",
    }


def test_an_undone_transaction_leaves_the_index_as_it_was(article):
    with transaction.atomic():
        article.title_en = "Giraffes"
        article.save_revision().publish()
        assert paths("zebra") == set()
        transaction.set_rollback(True)
    assert paths("zebra") == {"news/zebras/"}


def test_a_moved_or_renamed_page_is_found_at_its_new_address(article, client, page):
    NewsIndexPage.objects.get().add_child(instance=ContentPage(title_en="Animals", slug="animals"))
    article.slug = "zebras-again"
    article.save_revision().publish()
    assert "/en/news/zebras-again/" in client.get("/en/search/?q=zebra").content.decode()
    BasePage.objects.get(pk=article.pk).move(page("about/"), "last-child")
    assert "/en/about/zebras-again/" in client.get("/en/search/?q=zebra").content.decode()


def test_what_lies_below_a_private_page_is_found_by_nobody(article, page):
    restriction = PageViewRestriction.objects.create(
        page=BasePage.objects.get(url_path="/home/news/"), restriction_type=PageViewRestriction.LOGIN
    )
    assert paths("zebra") == set()
    article.save_revision().publish()
    assert paths("zebra") == set()
    restriction.delete()
    assert paths("zebra") == {"news/zebras/"}
    PageViewRestriction.objects.create(page=page("about/"), restriction_type=PageViewRestriction.LOGIN)
    BasePage.objects.get(pk=article.pk).move(page("about/"), "last-child")
    assert paths("zebra") == set()


def test_a_translation_is_found_from_its_approval_to_its_withdrawal(article, administrator):
    segments = align(article.working_copy(), FRENCH).segments
    words = {segment.id: "Un zèbre sage" for segment in segments}
    workflow.save_translation(article, FRENCH, words, user=administrator)
    assert paths("zebre", "fr") == set()
    workflow.approve(article, FRENCH, administrator)
    assert paths("zebre", "fr") == {"news/zebras/"}
    workflow.withdraw(article, FRENCH, administrator)
    assert paths("zebre", "fr") == set()
    assert paths("zebra") == {"news/zebras/"}


def test_english_that_stands_in_for_a_translation_is_not_found_in_that_language(article):
    for code in ("fr", "ar", "zh-hans", "ru", "es"):
        assert paths("zebra", code) == set()
        assert paths("snow", code) == set()


def test_a_milestone_is_found_on_the_timeline(client, page):
    milestone = Milestone.objects.filter(text_en__contains="DeepSeek").get()
    html = client.get("/en/search/?q=DeepSeek&kind=milestone").content.decode()
    assert f'href="/en/about/milestones/#milestone-{milestone.pk}"' in html
    milestone.unpublish()
    assert not Entry.objects.filter(label="milestones.milestone", object_id=milestone.pk).exists()
    Milestone.objects.get(pk=milestone.pk).save_revision().publish()
    assert Entry.objects.filter(label="milestones.milestone", object_id=milestone.pk).count() == 6
    number = milestone.pk
    Milestone.objects.get(pk=number).delete()
    assert not Entry.objects.filter(label="milestones.milestone", object_id=number).exists()


def test_milestones_go_and_come_back_with_the_timeline(db):
    milestones = Entry.objects.filter(label="milestones.milestone")
    before = milestones.count()
    MilestonesPage.objects.get().unpublish()
    assert not milestones.exists()
    MilestonesPage.objects.get().save_revision().publish()
    assert milestones.count() == before > 0


def test_the_caption_of_a_picture_is_found_on_the_pages_that_show_it(article):
    picture = CustomImage.objects.first()
    article.body_en = [("figure", {"image": picture, "caption": ""})]
    article.save_revision().publish()
    picture.caption_en = "A hippopotamus"
    picture.save()
    assert paths("hippopotamus") == {"news/zebras/"}


@pytest.fixture
def report(article, administrator):
    """A report that is all the text of an article, which was translated into French as people do it."""

    def made(language, **values):
        file = ContentFile(b"x", f"report-{language}.pdf")
        return CustomDocument.objects.create(title="report", file=file, language=language, **values)

    english = made("en", name_en="Walrus report", name_fr="Rapport sur les morses")
    made("fr", name_en="Walrus report", name_fr="Rapport sur les morses", version_of=english)
    article.body_en = [
        ("documents", [english]),
        ("figure", {"image": CustomImage.objects.first(), "caption": ""}),
    ]
    article.save_revision().publish()
    words = {segment.id: "Des zèbres" for segment in align(article.working_copy(), FRENCH).segments}
    workflow.save_translation(article, FRENCH, words, user=administrator)
    workflow.approve(article, FRENCH, administrator)
    return english


def test_a_document_is_found_on_the_pages_that_offer_it(report):
    assert paths("walrus") == {"news/zebras/"}
    # Nobody has approved its French name yet, and no English is found in the place of French.
    assert paths("morses", "fr") == paths("walrus", "fr") == paths("walrus", "ru") == set()
    french = report.versions.get()
    mark(french, FRENCH, State.APPROVED, Origin.HUMAN)
    french.save()
    assert paths("morses", "fr") == {"news/zebras/"}


def test_the_caption_of_a_picture_beside_documents_is_found_in_its_language(report):
    picture = CustomImage.objects.first()
    picture.caption_en, picture.caption_fr = "A hippopotamus", "Un hippopotame"
    picture.save()
    assert paths("hippopotame", "fr") == paths("hippopotamus") == {"news/zebras/"}


def test_what_is_found_of_a_document_changes_with_it_and_ends_with_it(report):
    french = report.versions.get()
    french.name_fr = "Rapport sur les phoques"
    mark(french, FRENCH, State.APPROVED, Origin.HUMAN)
    french.save()
    assert paths("phoques", "fr") == {"news/zebras/"}
    report.description_en = "All that lives on the ice floe."
    report.save()
    assert paths("floe") == {"news/zebras/"}
    report.delete()
    assert paths("floe") == paths("phoques", "fr") == set()


def test_a_document_that_is_not_for_everybody_is_not_found(report):
    private = CollectionViewRestriction.objects.create(
        collection=report.collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    assert paths("walrus") == set()
    private.delete()
    assert paths("walrus") == {"news/zebras/"}


@pytest.fixture
def private_collection(report):
    collection = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    return collection


def test_many_documents_that_are_moved_into_a_private_collection_are_not_found(
    client, administrator, report, private_collection
):
    client.force_login(administrator)
    where = f"/admin/bulk/library/customdocument/add_to_collection/?id={report.pk}"
    assert client.post(where, {"collection": private_collection.pk}).status_code == 302
    assert paths("walrus") == set()


def test_the_documents_of_a_collection_that_is_moved_below_a_private_one_are_not_found(
    client, administrator, report, private_collection, django_capture_on_commit_callbacks
):
    report.collection = Collection.get_first_root_node().add_child(name="Reports")
    report.save()
    assert paths("walrus") == {"news/zebras/"}
    client.force_login(administrator)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            f"/admin/collections/{report.collection.pk}/",
            {"name": "Reports", "parent": private_collection.pk},
        )
    assert answer.status_code == 302
    assert paths("walrus") == set()


def test_a_version_that_leaves_its_document_is_not_found_in_its_place(report):
    french = report.versions.get()
    mark(french, FRENCH, State.APPROVED, Origin.HUMAN)
    french.save()
    assert paths("morses", "fr") == {"news/zebras/"}
    french.version_of = None
    french.save()
    assert paths("morses", "fr") == set()


def test_a_restriction_asks_no_more_for_many_documents(report):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            CollectionViewRestriction.objects.create(
                collection=report.collection, restriction_type=CollectionViewRestriction.LOGIN
            ).delete()
        return len(captured)

    # Content types are looked up once.
    queries()
    one = queries()
    for number in range(5):
        file = ContentFile(b"x", f"{number}.pdf")
        CustomDocument.objects.create(title=str(number), file=file)
    assert queries() == one


def test_a_picture_that_is_deleted_takes_its_caption_along(article):
    picture = CustomImage.objects.first()
    picture.caption_en = "A hippopotamus"
    picture.save()
    article.body_en = [("figure", {"image": picture, "caption": ""})]
    article.save_revision().publish()
    assert paths("hippopotamus") == {"news/zebras/"}
    picture.delete()
    assert paths("hippopotamus") == set()


def test_every_text_of_a_page_is_found(page):
    assert "about/functions/" in paths("catalyst") | paths("think tank") | paths("knowledge production")
    assert "about/directors-message/" in paths("“brush of innovation”")
    about = page("about/")
    fact = about.facts.all()[0]
    assert "about/" in paths(f"“{fact.detail_en}”")


def test_the_words_of_the_site_are_counted(db, django_capture_on_commit_callbacks):
    words = Word.objects.filter(language="en", word="zebras")
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article("zebras", {"en": ["Zebras", "zebras, zebras", "none"]})
    assert words.get().count == 1
    with django_capture_on_commit_callbacks(execute=True):
        NewsPage.objects.get(pk=article.pk).delete()
    assert not words.filter(count__gt=0).exists()


def state() -> list:
    entries = Entry.objects.order_by("label", "object_id", "language")
    return list(
        entries.values_list("label", "object_id", "language", "digest", "title", "text__heads", "page_id")
    )


def test_the_command_mends_whatever_is_wrong(article):
    before = state()
    Entry.objects.filter(language="en", object_id=article.pk).update(digest="wrong", title="wrong")
    Entry.objects.filter(label="milestones.milestone")[0].delete()
    Entry.objects.create(label="news.newspage", object_id=10**9, language="en", page_id=article.pk, digest="")
    Entry.objects.create(label="old.model", object_id=1, language="en", page_id=article.pk, digest="")
    Word.objects.filter(language="en").update(count=77)
    out = StringIO()
    call_command("index_search", stdout=out)
    assert state() == before
    assert f"{len(before)} entries" in out.getvalue()
    assert "2 removed" in out.getvalue()
    assert not Word.objects.filter(language="en", count=77).exists()
    call_command("index_search", anew=True, verbosity=0)
    assert state() == before
    assert paths("zebra") == {"news/zebras/"}


def test_the_index_of_the_database_holds_what_the_rows_hold(article):
    """Triggers and the generated column are still there, whatever migrations have done."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO search_fts(search_fts, rank) VALUES ('integrity-check', 1)")
            cursor.execute(
                "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search_fts_%'"
            )
            assert cursor.fetchone() == (3,)
        else:
            cursor.execute("SELECT count(*) FROM search_entrytext WHERE vector IS NULL OR vector = ''")
            assert cursor.fetchone() == (0,)


def test_saving_what_has_not_changed_writes_nothing_into_the_index(article):
    with CaptureQueriesContext(connection) as captured:
        index.index_record(article)
    assert not [query["sql"] for query in captured if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_no_page_can_stand_where_the_search_is(page):
    home = page("")
    assert not BasePage._slug_is_available("search", home)
    assert BasePage._slug_is_available("search", page("about/"))
    assert BasePage._slug_is_available("research", home)
    with pytest.raises(ValidationError, match="slug 'search' is already in use"):
        home.add_child(instance=ContentPage(title_en="Search", slug="search"))


def test_a_text_with_rich_words_and_signs_is_kept_as_readers_see_it(db):
    article = make_article("signs", {"en": ["A < B & C", "5 > 4 &amp; 3", "x"]})
    article.body_en = [("text", RichText("<p>in<b>ter</b>esting &amp; new<br/>line</p><p>next</p>"))]
    article.save_revision().publish()
    entry = Entry.objects.select_related("text").get(
        language="en", object_id=article.pk, label="news.newspage"
    )
    assert entry.title == "A < B & C"
    assert entry.text.shown == "5 > 4 &amp; 3\ninteresting & new\nline\nnext"


def test_a_private_page_can_be_deleted_with_all_below_it(page):
    section = page("about/")
    PageViewRestriction.objects.create(page=section, restriction_type=PageViewRestriction.LOGIN)
    section.delete()
    assert not BasePage.objects.filter(slug="about").exists()
    assert not Entry.objects.filter(page__url_path__contains="/about/").exists()
