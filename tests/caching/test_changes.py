"""What staff change is seen by the next visitor in every language, and nothing else is made anew."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import transaction
from django.utils import timezone
from wagtail.models import PageViewRestriction, Site

from ichei_site.schedule import publish_due
from library.models import CustomImage
from milestones.dates import FuzzyDate
from milestones.models import Milestone
from news.models import RELATED_ARTICLES, NewsCategory, NewsIndexPage, NewsPage
from pages.models import (
    AboutPage,
    BasePage,
    CentreFunction,
    ContentPage,
    FunctionsPage,
    HomePage,
    MissionPage,
)
from pages.site import Announcement, FooterLink, HoldingPage, SiteSettings
from tests.paths import PAGE_PATHS
from tests.people import person
from tests.translating import approve
from translations.languages import all_languages, get_language
from translations.workflow import withdraw

CODES = [language.code for language in all_languages()]
ARTICLE = "news/netdragon-strategic-cooperation/"
NEW = "Words that were never on this site before"


@pytest.fixture
def kept(visitor):
    """All pages in all languages, kept."""
    for path in PAGE_PATHS:
        for code in CODES:
            assert visitor.get(f"/{code}/{path}").code == 200
    return visitor


def made_anew(visitor, codes=CODES) -> dict[str, set[str]]:
    """{path: codes of the languages in which it had to be made anew}, without those that were kept."""
    found = {}
    for path in PAGE_PATHS:
        for code in codes:
            if not visitor.was_kept(f"/{code}/{path}"):
                found.setdefault(path, set()).add(code)
    return found


def publish(page, **values):
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return page


def new_article(**values) -> NewsPage:
    values = {"title": "News", "title_en": "News", "slug": "new", "date": date(2026, 11, 1)} | values
    article = NewsPage(**values)
    NewsIndexPage.objects.get().add_child(instance=article)
    return publish(article)


def test_a_page_with_new_words_is_made_anew_and_no_other(kept, committed):
    with committed():
        publish(MissionPage.objects.get(), lead_en=NEW)
    assert NEW.encode() in kept.get("/en/about/mission/").body
    assert made_anew(kept).keys() == {"about/mission/"}


def test_a_draft_changes_nothing(kept, committed):
    with committed():
        page = MissionPage.objects.get()
        page.lead_en = NEW
        page.save_revision()
    assert made_anew(kept) == {}


def test_what_is_rolled_back_changes_nothing(kept, committed):
    with committed(), transaction.atomic():
        publish(MissionPage.objects.get(), lead_en=NEW)
        transaction.set_rollback(True)
    assert made_anew(kept) == {}


@pytest.mark.parametrize("code", ["ar", "fr"])
def test_an_approved_translation_is_seen_at_once(kept, committed, code):
    page = MissionPage.objects.get()
    with committed():
        setattr(page, f"lead_{code}", NEW)
        approve(page, code)
    assert NEW.encode() in kept.get(f"/{code}/about/mission/").body


def test_a_translation_that_is_taken_back_is_gone_from_every_language(kept, committed):
    page = MissionPage.objects.get()
    with committed():
        approve(page, "fr")
    before = kept.get("/fr/about/mission/").body
    assert alternates(kept.get("/es/about/mission/")) == {
        "ar",
        "zh-Hans",
        "en",
        "fr",
        "ru",
        "es",
        "x-default",
    }
    with committed():
        withdraw(page, get_language("fr"), person("director", is_superuser=True))
    after = kept.get("/fr/about/mission/").body
    assert after != before
    # The others no longer name it as an alternate.
    assert "fr" not in alternates(kept.get("/es/about/mission/"))


def alternates(answer) -> set[str]:
    links = BeautifulSoup(answer.body, "html.parser").select('link[rel="alternate"][hreflang]')
    return {link["hreflang"] for link in links}


def test_a_new_title_is_in_the_menus_of_the_whole_site(kept, committed):
    with committed():
        publish(AboutPage.objects.get(), title_en=NEW)
    for path in PAGE_PATHS:
        assert NEW.encode() in kept.get(f"/en/{path}").body, path


def test_an_unpublished_page_is_gone_at_once_with_every_link_to_it(kept, committed):
    with committed():
        MissionPage.objects.get().unpublish()
    for code in CODES:
        assert kept.get(f"/{code}/about/mission/").code == 404
        assert f'href="/{code}/about/mission/"'.encode() not in kept.get(f"/{code}/about/").body


def test_a_page_that_is_published_again_is_back(kept, committed):
    page = MissionPage.objects.get()
    with committed():
        page.unpublish()
    assert kept.get("/en/about/mission/").code == 404
    with committed():
        publish(MissionPage.objects.get())
    assert kept.get("/en/about/mission/").code == 200
    assert b'href="/en/about/mission/"' in kept.get("/en/about/").body


def test_a_renamed_address_takes_all_below_it_along(kept, committed):
    with committed():
        publish(AboutPage.objects.get(), slug="centre")
    for code in CODES:
        assert kept.get(f"/{code}/about/mission/").code in {301, 302}
        assert kept.get(f"/{code}/centre/mission/").code == 200
        assert f'href="/{code}/centre/"'.encode() in kept.get(f"/{code}/").body


def test_a_moved_page_is_found_in_its_new_place(kept, committed):
    page = ContentPage.objects.get(slug="terms")
    with committed():
        page.move(AboutPage.objects.get(), pos="last-child")
    assert kept.get("/en/terms/").code in {301, 302}
    assert kept.get("/en/about/terms/").code == 200
    assert b'href="/en/about/terms/"' in kept.get("/en/about/").body


def test_a_private_section_is_closed_at_once(kept, committed):
    with committed():
        PageViewRestriction.objects.create(
            page=AboutPage.objects.get(), restriction_type=PageViewRestriction.LOGIN
        )
    for code in CODES:
        for path in PAGE_PATHS:
            assert (kept.get(f"/{code}/{path}").code == 200) == (not path.startswith("about/"))
    with committed():
        PageViewRestriction.objects.all().delete()
    assert kept.get("/fr/about/mission/").code == 200


def test_a_new_article_is_on_the_pages_that_list_it_and_on_no_other(kept, committed):
    with committed():
        new_article()
    assert b'href="/en/news/new/"' in kept.get("/en/").body
    assert b'href="/en/news/new/"' in kept.get("/en/news/").body
    touched = made_anew(kept, ["ar", "fr"])
    assert touched.keys() <= {"", "news/", ARTICLE}


def test_an_old_article_touches_the_list_and_its_neighbours_alone(visitor, committed):
    category = NewsCategory.objects.first()
    with committed():
        for number in range(RELATED_ARTICLES + 8):
            new_article(
                slug=f"a{number}", date=date(2024, 1, 1) + timedelta(days=30 * number), category=category
            )
    urls = [f"/en/news/a{number}/" for number in range(RELATED_ARTICLES + 8)]
    for url in ["/en/", *urls]:
        visitor.get(url)
    with committed():
        new_article(slug="between", date=date(2024, 2, 10), category=category)
    touched = {url for url in ["/en/", *urls] if not visitor.was_kept(url)}
    assert touched == {"/en/news/a1/", "/en/news/a2/"}
    assert b"/en/news/between/" in visitor.get("/en/news/a1/").body


def test_the_text_of_an_article_is_on_its_own_page_alone(kept, committed):
    article = NewsPage.objects.get()
    with committed():
        article.body_en.append(("text", f"<p>{NEW}</p>"))
        publish(article)
    assert NEW.encode() in kept.get(f"/en/{ARTICLE}").body
    assert made_anew(kept, ["ar", "fr"]).keys() == {ARTICLE}


def test_a_new_milestone_is_on_the_timeline_and_an_old_one_not_on_the_home_page(kept, committed):
    with committed():
        milestone = Milestone(text_en=NEW)
        milestone.moment = FuzzyDate(date(2010, 1, 1))
        milestone.save()
    assert NEW.encode() in kept.get("/en/about/milestones/").body
    assert made_anew(kept, ["en"]).keys() <= {"about/milestones/"}


def test_the_newest_milestone_is_on_the_home_page_too(kept, committed):
    with committed():
        milestone = Milestone(text_en=NEW)
        milestone.moment = FuzzyDate(timezone.localdate())
        milestone.save()
    assert NEW.encode() in kept.get("/en/").body
    with committed():
        milestone.delete()
    assert NEW.encode() not in kept.get("/en/").body


def test_a_new_function_is_on_the_home_page(kept, committed):
    with committed():
        page = FunctionsPage.objects.get()
        page.functions.set([*page.functions.all(), CentreFunction(name=NEW, name_en=NEW)])
        publish(page)
    for path in ("", "about/functions/"):
        assert NEW.encode() in kept.get(f"/en/{path}").body
    assert made_anew(kept).keys() <= {"", "about/functions/"}


def test_a_setting_is_seen_on_every_page(kept, committed):
    with committed():
        record, _made = SiteSettings.objects.get_or_create(site=Site.objects.get())
        record.footer_note_en = NEW
        record.save()
    for path in PAGE_PATHS:
        assert NEW.encode() in kept.get(f"/en/{path}").body, path


def test_a_setting_saved_without_a_change_makes_nothing_anew(kept, committed):
    with committed():
        record, _made = SiteSettings.objects.get_or_create(site=Site.objects.get())
        record.footer_note_en = NEW
        record.save()
    made_anew(kept)
    with committed():
        record.save()
    assert made_anew(kept) == {}


def test_a_link_in_the_footer_comes_and_goes(kept, committed):
    with committed():
        link = FooterLink.objects.create(label=NEW, label_en=NEW, url="https://example.org/")
    assert NEW.encode() in kept.get("/en/terms/").body
    with committed():
        link.delete()
    assert NEW.encode() not in kept.get("/en/terms/").body


def test_an_announcement_begins_and_ends_by_itself(kept, committed, monkeypatch):
    now = timezone.now()
    with committed():
        Announcement.objects.create(
            title=NEW, title_en=NEW, starts=now + timedelta(hours=1), ends=now + timedelta(hours=2),
            place=Announcement.Place.EVERYWHERE,
        )  # fmt: skip
    seen = []
    for hours in (0, 1.5, 2.5):
        moment = now + timedelta(hours=hours)
        monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
        monkeypatch.setattr("caching.front.time.time", lambda moment=moment: moment.timestamp())
        seen.append(NEW.encode() in kept.get("/en/terms/").body)
    assert seen == [False, True, False]


def test_a_site_that_closes_shows_no_kept_page(kept, committed):
    with committed():
        record, _made = HoldingPage.objects.get_or_create(site=Site.objects.get())
        record.mode = next(mode for mode in HoldingPage.Mode.values if HoldingPage(mode=mode).is_closed)
        record.save()
    for path in PAGE_PATHS:
        assert kept.get(f"/fr/{path}").code == 503
    with committed():
        record.delete()
    assert kept.get("/fr/").code == 200


def test_a_page_goes_live_and_expires_by_the_schedule(kept, committed):
    page = MissionPage.objects.get()
    with committed():
        page.lead_en = NEW
        page.go_live_at = timezone.now() - timedelta(minutes=1)
        page.save_revision(approved_go_live_at=page.go_live_at)
        publish_due(timezone.now())
    assert NEW.encode() in kept.get("/en/about/mission/").body
    with committed():
        BasePage.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
        publish_due(timezone.now())
    assert kept.get("/en/about/mission/").code == 404


def test_a_picture_with_another_caption_changes_the_pages_that_show_it(kept, committed):
    article = NewsPage.objects.get()
    image = CustomImage.objects.get(pk=article.lead_image_id)
    with committed():
        image.caption_en = NEW
        image.save()
    assert NEW.encode() in kept.get(f"/en/{ARTICLE}").body
    assert "about/mission/" not in made_anew(kept, ["en"])


def test_a_deleted_page_is_gone(kept, committed):
    with committed():
        ContentPage.objects.get(slug="terms").delete()
    assert kept.get("/en/terms/").code == 404
    assert b'href="/en/terms/"' not in kept.get("/en/privacy/").body


def test_the_home_page_has_its_new_picture(kept, committed):
    home = HomePage.objects.get()
    before = kept.get("/ar/").body
    with committed():
        publish(home, lead_image=None if home.lead_image else CustomImage.objects.first())
    assert kept.get("/ar/").body != before


def test_the_title_of_an_article_is_on_the_pages_that_show_it_alone(visitor, committed):
    with committed():
        articles = [
            new_article(slug=f"a{number}", date=date(2024, 1, 1) + timedelta(days=number))
            for number in range(4 * RELATED_ARTICLES)
        ]
    urls = [f"/en/news/a{number}/" for number in range(4 * RELATED_ARTICLES)]
    for url in urls:
        visitor.get(url)
    with committed():
        publish(NewsPage.objects.get(pk=articles[5].pk), title_en="A title of today")
    assert {url for url in urls if not visitor.was_kept(url)} == {
        f"/en/news/a{number}/" for number in (4, 5, 6)
    }
