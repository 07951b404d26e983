"""What staff set for the whole site stands around every page, in the language of the reader."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from wagtail.models import PageViewRestriction, Site

from library.models import CustomImage
from pages import surroundings
from pages.models import (
    Announcement,
    ContentPage,
    FooterLink,
    HoldingPage,
    HomePage,
    Partner,
    SiteSettings,
    SocialProfile,
)
from tests.pages.test_queries import LIMIT, queries
from tests.translating import approve, column
from translations import workflow
from translations.languages import all_languages, get_language, target_languages

pytestmark = pytest.mark.django_db

# A word for each language, to tell one from the other.
WORDS = {"ar": "ألف", "zh-hans": "甲", "en": "First", "fr": "Premier", "ru": "Первый", "es": "Primero"}


@pytest.fixture
def site():
    return Site.objects.get()


@pytest.fixture
def picture():
    return CustomImage.objects.first()


@pytest.fixture
def no_banner():
    HoldingPage.objects.update(mode=HoldingPage.Mode.OFF)
    cache.clear()


def in_all_languages(*names, ending=""):
    return {column(name, code): f"{word}{ending}" for name in names for code, word in WORDS.items()}


def text_of(element):
    return " ".join(element.get_text(" ").split())


def everything(site, picture):
    """A site on which all is set, in six languages, as its staff approved it."""
    records = [
        SiteSettings(
            site=site,
            logo=picture,
            email="office@example.org",
            telephone="+86 755 8801 0000",
            icp_number="粤ICP备12345678号",
            public_security_number="粤公网安备 44030402000000号",
            **in_all_languages("centre_name", ending=" centre"),
            **in_all_languages("footer_note", ending=" note"),
            **in_all_languages("postal_address", ending=" street"),
        ),
        FooterLink(url="https://example.org/", sort_order=0, **in_all_languages("label", ending=" link")),
        SocialProfile(service="x", url="https://x.example/", sort_order=0),
        SocialProfile(
            service="other",
            url="https://o.example/",
            sort_order=1,
            **in_all_languages("label", ending=" net"),
        ),
        SocialProfile(service="wechat", account="ICHEI", picture=picture, sort_order=2),
        Partner(
            picture=picture,
            url="https://p.example/",
            sort_order=0,
            **in_all_languages("name", ending=" ally"),
        ),
        Announcement(
            url="https://a.example/",
            level=Announcement.Level.WARNING,
            **in_all_languages("title", ending=" news"),
            **in_all_languages("text", ending=" more"),
        ),
    ]
    for record in records:
        record.full_clean(exclude=["site"])
        record.save()
        approve(record)
    return records


def test_every_setting_is_read_in_every_language(get, site, picture):
    everything(site, picture)
    for code, word in WORDS.items():
        html = get(f"/{code}/privacy/")
        header, footer, banners = html.select_one("body > header"), html.footer, html.select_one(".banners")
        logo = header.select_one(".wordmark img")
        assert logo["alt"] == f"UNESCO-ICHEI – {word} centre"
        assert logo["src"].startswith("/media/")
        assert f"{word} note" in text_of(footer)
        assert f"{word} street" in text_of(footer.address)
        assert footer.select_one('a[href="mailto:office@example.org"]')
        assert footer.select_one('a[href="tel:+8675588010000"][dir="ltr"]')
        assert [link.get_text() for link in footer.select(".footer-filing[lang=zh-Hans] a")] == [
            "粤ICP备12345678号",
            "粤公网安备 44030402000000号",
        ]
        assert footer.select_one('a[href="https://beian.miit.gov.cn/"]')
        assert footer.select_one('a[href$="code=44030402000000"]')
        assert footer.select(".footer-links a")[-1].get_text() == f"{word} link"
        assert [link.get_text() for link in footer.select(".footer-social a[rel]")] == ["X", f"{word} net"]
        details = footer.select_one(".footer-social details")
        assert "ICHEI" in details.img["alt"]
        assert "ICHEI" in text_of(details.select_one("p"))
        assert footer.select_one('.footer-partners a[href="https://p.example/"] img')["alt"] == f"{word} ally"
        assert banners["aria-label"]
        warning = banners.select_one(".announcement-warning")
        assert warning.a.get_text() == f"{word} news"
        assert f"{word} more" in text_of(warning)
        # What is set is in the reader's language: nothing names another.
        assert not warning.select("[lang]")
        assert not footer.select(".footer-note[lang], address [lang]")


def test_what_is_not_approved_is_read_in_english_and_says_so(get, site):
    # Written and waiting, but nobody has approved it.
    link = FooterLink.objects.create(url="https://example.org/", **in_all_languages("label"))
    SiteSettings.objects.create(site=site, **in_all_languages("footer_note"))
    Announcement.objects.create(**in_all_languages("title"))
    for language in target_languages():
        html = get(f"/{language.code}/privacy/")
        shown = [
            html.select(".footer-links a")[-1],
            html.select_one(".footer-note"),
            html.select(".announcement b")[-1],
        ]
        for element in shown:
            assert (element.get_text(), element["lang"], element["dir"]) == ("First", "en", "ltr")
    approve(link, "fr")
    shown = get("/fr/privacy/").select(".footer-links a")[-1]
    assert shown.get_text() == "Premier"
    assert not shown.has_attr("lang")


def test_the_lists_stand_in_the_order_that_staff_drag_them_into(admin_client, get):
    links = [
        FooterLink.objects.create(label_en=name, url="https://example.org/", sort_order=number)
        for number, name in enumerate("ABC")
    ]

    def shown():
        return [link.get_text() for link in get("/en/privacy/").select(".footer-links a")][-3:]

    assert shown() == ["A", "B", "C"]
    address = f"/admin/snippets/pages/footerlink/reorder/{links[2].pk}/?position=0"
    assert admin_client.post(address).json() == {"success": True}
    assert shown() == ["C", "A", "B"]


REFUSED = [
    # model, what was written, the field, its sentence
    (FooterLink, {"label_en": "A"}, "url", "Choose a page or write a web address: one of the two."),
    (
        FooterLink,
        {"label_en": "A", "url": "https://a.example/", "page": True},
        "url",
        "Choose a page or write a web address: one of the two.",
    ),
    (FooterLink, {"label_en": "A", "url": "ftp://a.example/"}, "url", "Enter a valid URL."),
    (SocialProfile, {"service": "x"}, "url", "Give the web address of the profile."),
    (
        SocialProfile,
        {"service": "wechat"},
        "picture",
        "WeChat needs the QR code and the name of the account.",
    ),
    (
        SocialProfile,
        {"service": "wechat", "url": "https://a.example/"},
        "url",
        "WeChat has no web address: give the QR code and the name of the account.",
    ),
    (
        SocialProfile,
        {"service": "other", "url": "https://a.example/"},
        "label_en",
        "Give the name of this service.",
    ),
    (Partner, {"name_en": "A"}, "picture", "Choose the partner's logo."),
    (
        Announcement,
        {"title_en": "A", "url": "https://a.example/", "page": True},
        "url",
        "Choose a page or write a web address: one of the two.",
    ),
    (
        Announcement,
        {"title_en": "A", "starts": timedelta(hours=2), "ends": timedelta(hours=1)},
        "ends",
        "The end must come after the start.",
    ),
    (
        SiteSettings,
        {"analytics": "matomo", "analytics_address": "http://s.example/", "analytics_site": "1"},
        "analytics_address",
        "Write an address that starts with https://, such as https://example.org/.",
    ),
    (
        SiteSettings,
        {"analytics": "matomo", "analytics_site": "1"},
        "analytics_address",
        "Say where the counting program is, or choose “None” above.",
    ),
    (
        SiteSettings,
        {"analytics": "matomo", "analytics_address": "https://s.example/", "analytics_site": "one"},
        "analytics_site",
        "Matomo's site ID is a number, such as 1.",
    ),
    (
        SiteSettings,
        {"analytics": "umami", "analytics_address": "https://s.example/", "analytics_site": "1"},
        "analytics_site",
        "Umami's website ID looks like 94db1cb1-74f4-4a40-ad6c-962362670409: copy it from Umami.",
    ),
    (
        SiteSettings,
        {"security_contact": "http://s.example/"},
        "security_contact",
        "Write an e-mail address, or a web address that starts with https://.",
    ),
    (
        SiteSettings,
        {"telephone": "call us"},
        "telephone",
        "Write figures and spaces alone, with the country first: +86 755 8801 0000.",
    ),
]


def test_what_cannot_be_is_refused_with_one_clear_sentence(site):
    for model, written, field, sentence in REFUSED:
        values = {
            name: timezone.now() + value if isinstance(value, timedelta) else value
            for name, value in written.items()
        }
        if values.get("page"):
            values["page"] = HomePage.objects.get()
        record = model(**values, **({"site": site} if model is SiteSettings else {}))
        with pytest.raises(ValidationError) as refusal:
            record.full_clean()
        assert refusal.value.message_dict == {field: [sentence]}


def test_a_form_shows_the_sentence_and_keeps_what_was_written(admin_client, page):
    response = admin_client.post(
        "/admin/snippets/pages/footerlink/add/",
        {"label_en": "Our privacy", "url": "https://a.example/", "page": str(page("privacy/").pk)},
    )
    html = BeautifulSoup(response.content.decode(), "html.parser")
    assert "Choose a page or write a web address: one of the two." in html.get_text()
    assert html.select_one('[name="label_en"]')["value"] == "Our privacy"
    assert not FooterLink.objects.exists()


def test_a_link_to_a_page_comes_and_goes_with_the_page(get, page):
    mission = page("about/mission/")
    mission.show_in_menus = False
    mission.save_revision().publish()
    FooterLink.objects.create(label_en="What for", page=mission)

    def target(code="en"):
        links = {link.get_text(): link["href"] for link in get(f"/{code}/privacy/").select(".footer-links a")}
        return links.get("What for")

    assert target() == "/en/about/mission/"
    assert target("ar") == "/ar/about/mission/"
    assert not get("/en/").select('.menu a[href="/en/about/mission/"]')
    mission = page("about/mission/")
    mission.slug = "purpose"
    mission.save_revision().publish()
    assert target() == "/en/about/purpose/"
    page("about/purpose/").move(page(""), pos="last-child")
    assert target() == "/en/purpose/"
    restriction = PageViewRestriction.objects.create(page=page("purpose/"), restriction_type="login")
    assert target() is None
    restriction.delete()
    assert target() == "/en/purpose/"
    page("purpose/").unpublish()
    assert target() is None
    page("purpose/").save_revision().publish()
    assert target() == "/en/purpose/"
    page("purpose/").delete()
    assert target() is None
    assert FooterLink.objects.get().page is None


def test_what_surrounds_a_page_is_renewed_by_every_change(get, administrator, site, no_banner):
    def french():
        return text_of(get("/fr/privacy/").footer), text_of(get("/fr/privacy/").select_one(".menu"))

    before = french()
    link = FooterLink.objects.create(label_en="Elsewhere", url="https://example.org/")
    assert "Elsewhere" in french()[0]
    language = get_language("fr")
    segments = workflow.progress(link, language).segments
    workflow.save_translation(link, language, {segments[0].id: "Ailleurs"}, user=administrator)
    assert "Elsewhere" in french()[0]
    workflow.approve(link, language, administrator)
    assert "Ailleurs" in french()[0]
    workflow.withdraw(link, language, administrator)
    assert "Elsewhere" in french()[0]
    FooterLink.objects.get(pk=link.pk).delete()
    assert french() == before
    new = ContentPage(title_en="Another", title_fr="Autre", slug="another", show_in_menus=True)
    HomePage.objects.get().add_child(instance=new)
    approve(new, "fr")
    assert "Autre" in french()[1]
    new.unpublish()
    assert french() == before


def test_a_change_waits_for_no_transaction_and_survives_a_race(django_capture_on_commit_callbacks):
    first = surroundings.new_generation()
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        FooterLink.objects.create(label_en="A", url="https://example.org/")
        second = cache.get(surroundings.GENERATION)
    # At once for this transaction, and again when others can see what it wrote.
    assert len({first, second, cache.get(surroundings.GENERATION)}) == 3
    assert callbacks


def test_no_setting_makes_a_page_ask_the_database_more_often(client, site, picture):
    from django.db import connection

    records = everything(site, picture)
    few = queries(client, "/fr/")
    for number in range(5):
        for model in (FooterLink, SocialProfile, Partner, Announcement):
            model.objects.create(
                **{
                    FooterLink: {"label_en": "A", "page": ContentPage.objects.first()},
                    SocialProfile: {"service": "wechat", "account": "A", "picture": picture},
                    Partner: {"name_en": "A", "picture": picture},
                    Announcement: {"title_en": "A", "page": ContentPage.objects.last()},
                }[model],
                sort_order=10 + number,
            )
    assert queries(client, "/fr/") == few <= LIMIT
    assert queries(client, "/fr/news/") <= LIMIT
    assert queries(client, "/fr/news/netdragon-strategic-cooperation/") <= LIMIT
    # Once read, it is not read again.
    with CaptureQueriesContext(connection) as captured:
        client.get("/fr/privacy/")
    tables = [record._meta.db_table for record in records] + ["pages_siteitem", "pages_holdingpage"]
    assert not [query["sql"] for query in captured if any(table in query["sql"] for table in tables)]


@pytest.fixture
def clock(monkeypatch):
    """Sets the time."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


def test_an_announcement_stands_from_its_start_to_its_end(get, clock, no_banner):
    start = timezone.now().replace(microsecond=0) + timedelta(days=3)
    end = start + timedelta(hours=2)
    Announcement.objects.create(title_en="Closed on Friday", starts=start, ends=end)
    second = timedelta(seconds=1)
    # The cache is warm all the while.
    for moment, is_shown in [
        (start - second, False),
        (start, True),
        (end - second, True),
        (end, False),
        (end + timedelta(days=30), False),
    ]:
        clock(moment)
        html = get("/fr/privacy/")
        assert ("Closed on Friday" in str(html)) == is_shown
        assert bool(html.select("aside.banners")) == is_shown


def test_an_announcement_needs_neither_start_nor_end(get, no_banner):
    now, hour = timezone.now(), timedelta(hours=1)
    Announcement.objects.create(title_en="Always")
    Announcement.objects.create(title_en="Since", starts=now - hour)
    Announcement.objects.create(title_en="Until", ends=now + hour)
    Announcement.objects.create(title_en="Later", starts=now + hour)
    Announcement.objects.create(title_en="Over", ends=now - hour)
    titles = [title.get_text() for title in get("/en/privacy/").select(".announcement b")]
    assert titles == ["Always", "Since", "Until"]


def test_an_announcement_for_the_home_page_stands_nowhere_else(get, page, no_banner):
    Announcement.objects.create(title_en="Welcome", place="home", page=page("about/"))
    assert get("/es/").select_one(".announcement a")["href"] == "/es/about/"
    assert not get("/es/about/").select(".announcement")
    assert not get("/es/nowhere/", status=404).select(".announcement")


def test_the_holding_page_as_a_banner_stands_above_every_page_in_every_language(get, site):
    holding = HoldingPage.objects.get()
    assert holding.is_banner
    for language in all_languages():
        with translation.override(language.code):
            title = str(holding.localize("title"))
        for address in (f"/{language.code}/", f"/{language.code}/privacy/"):
            banner = get(address).select_one("body > aside.banners")
            assert title in text_of(banner)
            assert not banner.select("[lang]")
    holding.back_at = timezone.now() + timedelta(days=1)
    holding.save()
    assert get("/ar/").select_one(".banners time")["datetime"]
    holding.mode = HoldingPage.Mode.OFF
    holding.save()
    assert not get("/en/").select(".banners")


def test_a_holding_page_without_words_has_the_usual_ones(get, site):
    HoldingPage.objects.all().delete()
    HoldingPage.objects.create(site=site, mode="banner")
    banner = text_of(get("/en/").select_one(".banners"))
    assert banner == "The site is currently under configuration Will be available soon......"


def test_visits_are_counted_only_where_staff_chose_it_and_never_in_a_preview(get, site, page, rf):
    assert not get("/en/").select("script[src]")
    settings = SiteSettings.objects.create(
        site=site, analytics="matomo", analytics_address="https://stats.example.org/in", analytics_site="7"
    )
    script = get("/ru/").select_one("head script[defer]")
    assert script["src"] == "/static/js/analytics.js"
    assert [script[f"data-{name}"] for name in ("program", "folder", "site")] == [
        "matomo",
        "https://stats.example.org/in/",
        "7",
    ]
    assert settings.analytics_origin == "https://stats.example.org"
    preview = page("privacy/").make_preview_request(rf.get("/"), "fr")
    assert b"analytics.js" not in preview.content
    settings.analytics = "none"
    settings.save()
    assert not get("/ru/").select("script[src]")
    assert settings.analytics_origin == ""


def test_the_contact_for_security_is_an_address_for_programs(site):
    assert SiteSettings(security_contact="it@example.org").security_contact_address == "mailto:it@example.org"
    assert (
        SiteSettings(security_contact="https://a.example/").security_contact_address == "https://a.example/"
    )
    assert SiteSettings().security_contact_address == ""


def test_a_picture_that_is_gone_from_the_disk_breaks_no_page(get, site, picture):
    Partner.objects.create(name_en="Partner", picture=picture)
    picture.renditions.all().delete()
    CustomImage.objects.filter(pk=picture.pk).update(file="original_images/gone.png")
    cache.clear()
    assert get("/en/privacy/").select(".footer-partners img")


def test_the_admin_has_every_form_and_list(admin_client, site, picture):
    records = everything(site, picture)
    for record in records[1:]:
        name = record._meta.model_name
        for address in (f"/admin/snippets/pages/{name}/", f"/admin/snippets/pages/{name}/add/"):
            assert admin_client.get(address).status_code == 200, address
        for view in ("edit", "history", "usage", "delete"):
            address = f"/admin/snippets/pages/{name}/{view}/{record.pk}/"
            assert admin_client.get(address).status_code == 200, address
    for name in ("sitesettings", "holdingpage"):
        assert admin_client.get(f"/admin/settings/pages/{name}/{site.pk}/").status_code == 200
    # A logo and a QR code are in use, so that nobody takes the picture for a spare one.
    assert "Partner" in admin_client.get(f"/admin/images/usage/{picture.pk}/").content.decode()
