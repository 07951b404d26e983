"""A text that is missing in a language is read in English, is marked so, and the page says so."""

import pytest
from django.core.files.base import ContentFile
from django.utils import translation

from library.models import CustomDocument
from milestones.models import Milestone
from news.models import NewsPage
from tests.translating import MACHINE, approve, state

NOTICES = {
    "ar": "لم تُترجم بعض أجزاء هذه الصفحة بعد",
    "zh-hans": "尚未翻译",
    "fr": "n’ont pas encore été traduites",
    "ru": "еще не переведен",
    "es": "todavía no se han traducido",
}


def blank(record, language, *names, value=None):
    for name in names:
        setattr(record, f"{name}_{language.replace('-', '_')}", value)
    record.save_revision().publish()


def notice(html) -> str:
    return " ".join(element.get_text(" ", strip=True) for element in html.select(".notice"))


def test_an_empty_field_is_read_in_english_and_marked(get, page, translated):
    blank(page("about/mission/"), translated, "lead")
    html = get(f"/{translated}/about/mission/")
    lead = html.select_one(".lead")
    assert lead.get_text().startswith("UNESCO-ICHEI works closely around")
    assert (lead["lang"], lead["dir"]) == ("en", "ltr")
    assert not html.h1.has_attr("lang")


def test_a_page_with_an_empty_field_says_so_in_the_language_of_the_visitor(get, page, translated):
    mission = page("about/mission/")
    assert not mission.falls_back()
    before = notice(get(f"/{translated}/about/mission/"))
    blank(mission, translated, "lead")
    after = notice(get(f"/{translated}/about/mission/"))
    assert len(after) > len(before)
    assert NOTICES[translated] in after


@pytest.mark.parametrize(
    "value",
    [
        "<p></p>",
        '<p data-block-key="abcde"></p>',
        "<p>&nbsp;</p>",
        " ",
        '<ul><li data-block-key="x"></li></ul>',
    ],
)
def test_what_the_editor_leaves_in_an_empty_text_counts_as_empty(get, page, translated, value):
    blank(page("about/functions/"), translated, "activities", value=value)
    html = get(f"/{translated}/about/functions/")
    activities = html.select_one('section .prose[lang="en"]')
    assert "building a global laboratory of ideas" in activities.get_text()


@pytest.mark.parametrize("value", [None, [], [("text", '<p data-block-key="x"></p>')], [("heading", " ")]])
def test_an_empty_stream_counts_as_empty(get, page, translated, value):
    from wagtail.rich_text import RichText

    value = value and [(kind, RichText(text) if kind == "text" else text) for kind, text in value]
    blank(page("about/mission/"), translated, "body", value=value)
    html = get(f"/{translated}/about/mission/")
    body = html.select_one(".prose")
    assert (body["lang"], body["dir"]) == ("en", "ltr")
    assert "Relying on the advantages of Shenzhen" in body.get_text()
    mission = page("about/mission/")
    assert len(getattr(mission, f"body_{translated.replace('-', '_')}") or []) == 0


def test_a_text_without_a_word_of_its_own_is_nobodys_english(get, page, translated):
    """A list of documents, say: nothing in it is to be translated, and what is said of each is elsewhere."""
    file = ContentFile(b"x", "report.pdf")
    document = CustomDocument.objects.create(title="report", file=file, language="en", name_en="Report")
    mission = page("about/mission/")
    mission.body_en = [("documents", [document])]
    blank(mission, translated, "body")
    html = get(f"/{translated}/about/mission/")
    assert NOTICES[translated] not in notice(html)
    assert not html.select_one(".prose").has_attr("lang")
    # Nobody has translated the name of this one.
    assert html.select_one(".documents b")["lang"] == "en"


def test_nothing_is_marked_on_a_page_that_is_translated_in_full(read, translated, path):
    html = read(f"/{translated}/{path}")
    # But for the names of the languages in which it can be read too.
    assert not html.select('main [lang="en"]:not([hreflang])')


def test_english_never_falls_back(read, path):
    html = read(f"/en/{path}")
    assert not html.select("main [lang]:not([hreflang]), .notice")


def test_a_fallback_in_a_menu_or_list_is_marked(get, page, translated):
    blank(page("about/mission/"), translated, "title")
    html = get(f"/{translated}/about/")
    for link in html.select(f'a[href="/{translated}/about/mission/"]'):
        assert link.get_text() == "Mission"
        assert link["lang"] == "en"
    assert "lang" not in html.select_one(f'a[href="/{translated}/about/functions/"]').attrs


def test_a_milestone_without_a_translation_is_read_in_english_under_the_notice(get, translated):
    blank(Milestone.objects.get(year=2014), translated, "text")
    html = get(f"/{translated}/about/milestones/")
    english = html.select_one('.timeline [lang="en"]')
    assert english.get_text().startswith("Shenzhen Municipal People's Government signed MoU")
    assert NOTICES[translated] in notice(html)


def test_a_function_without_a_translation_is_read_in_english_under_the_notice(get, page, translated):
    functions = page("about/functions/")
    first = functions.functions.all()[0]
    setattr(first, f"name_{translated.replace('-', '_')}", None)
    functions.functions = [first, *functions.functions.all()[1:]]
    functions.save_revision().publish()
    html = get(f"/{translated}/")
    assert html.select_one('.functions [lang="en"]').get_text() == "Knowledge production"
    assert NOTICES[translated] in notice(html)


def test_news_without_a_translation_is_listed_in_english_under_a_notice(get, translated):
    blank(NewsPage.objects.get(), translated, "title")
    for url in (f"/{translated}/", f"/{translated}/news/"):
        html = get(url)
        assert (
            html.select_one('.card [lang="en"], .lead-story [lang="en"]')
            .get_text(strip=True)
            .startswith("New Milestone in International")
        )
        assert len(html.select(".notice")) == 2


def test_a_translation_by_machine_says_so_until_somebody_has_reviewed_it(get, page, translated):
    mission = page("about/mission/")
    url = f"/{translated}/about/mission/"
    html = get(url)
    link = html.select_one(".notice a")
    assert link["href"] == "/en/about/mission/"
    assert link["hreflang"] == "en"
    approve(mission, translated)
    assert not get(url).select(".notice")


def test_every_translation_of_the_starting_content_is_marked_as_not_reviewed(page, translated, path):
    assert state(page(path), translated) == MACHINE
    assert all(state(milestone, translated) == MACHINE for milestone in Milestone.objects.all()[:3])


def test_a_page_without_a_search_title_is_called_by_its_own_title_not_by_an_english_one(
    get, page, translated
):
    mission = page("about/mission/")
    with translation.override("en"):
        mission.seo_title_en = "The mission of ICHEI"
        mission.save_revision().publish()
    own = getattr(mission, f"title_{translated.replace('-', '_')}")
    assert get(f"/{translated}/about/mission/").title.get_text().startswith(own)


def test_an_english_heading_of_the_home_page_is_marked(get, page, translated):
    blank(page(""), translated, "title", "seo_title")
    html = get(f"/{translated}/")
    assert html.h1["lang"] == "en"
    assert NOTICES[translated] in notice(html)


def test_words_of_a_picture_in_an_english_text_are_marked_as_what_they_are(get, translated):
    blank(NewsPage.objects.get(), translated, "body")
    figure = get(f"/{translated}/news/netdragon-strategic-cooperation/").select_one(".prose figure")
    assert figure.img["lang"].lower() == figure.small["lang"].lower() == translated


def test_words_of_pictures_and_categories_fall_back_under_the_notice(get, translated):
    article = NewsPage.objects.get()
    url = f"/{translated}/news/netdragon-strategic-cooperation/"
    for record, name in ((article.lead_image, "description"), (article.category, "name")):
        column = f"{name}_{translated.replace('-', '_')}"
        kept = getattr(record, column)
        assert NOTICES[translated] not in notice(get(url))
        setattr(record, column, None)
        record.save()
        assert NOTICES[translated] in notice(get(url))
        setattr(record, column, kept)
        record.save()


def test_a_picture_described_in_english_alone_says_so_to_a_screen_reader(get, translated):
    image = NewsPage.objects.get().lead_image
    setattr(image, f"description_{translated.replace('-', '_')}", None)
    image.save()
    assert (
        get(f"/{translated}/news/netdragon-strategic-cooperation/").select_one("figure img")["lang"] == "en"
    )


def test_a_page_with_no_translation_at_all_is_not_called_a_translation(get, page, translated):
    mission = page("about/mission/")
    blank(mission, translated, "title", "seo_title", "search_description", "lead", "body")
    html = get(f"/{translated}/about/mission/")
    assert NOTICES[translated] in notice(html)
    assert not html.select(".notice a")
