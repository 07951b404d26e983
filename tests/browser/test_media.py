"""A video asks nothing of another site before its reader does."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("browser")

PLAYER = "https://player.bilibili.com/player.html?bvid=BV1xx411c7mD&autoplay=1&danmaku=0"
MAKE = """
from wagtail.rich_text import RichText
from pages.models import ContentPage, HomePage
page = ContentPage(title_en="Lecture", slug="lecture")
page.body_en = [("video", {
    "address": "https://www.bilibili.com/video/BV1xx411c7mD",
    "title": "A lecture",
    "poster": None,
    "transcript": RichText("<p>Good morning.</p>"),
})]
HomePage.objects.get().add_child(instance=page)
page.save_revision().publish()
"""
REMOVE = "from pages.models import ContentPage; ContentPage.objects.get(slug='lecture').delete()"


@pytest.fixture
def lecture(site):
    site.run(MAKE)
    yield "/en/lecture/"
    site.run(REMOVE)


@pytest.fixture
def open_lecture(browser, site, lecture):
    """Opens the page; returns its tab, and a list of what it asks of other hosts, which nothing reaches."""
    contexts = []

    def make(**options):
        context = browser.new_context(base_url=site.url, locale="en", **options)
        contexts.append(context)
        asked = []

        def answer(route):
            asked.append(route.request.url)
            route.fulfill(body="<title>Player</title>", content_type="text/html")

        context.route(lambda url: not url.startswith(site.url), answer)
        tab = context.new_page()
        tab.goto(lecture)
        return tab, asked

    yield make
    for context in contexts:
        context.close()


def test_the_player_comes_when_it_is_asked_for_and_takes_the_focus(open_lecture):
    tab, asked = open_lecture()
    button = tab.locator(".video button")
    button.wait_for(state="visible")
    assert asked == []
    button.focus()
    tab.keyboard.press("Enter")
    frame = tab.locator(".video iframe")
    frame.wait_for()
    tab.wait_for_function("frames.length === 1")
    assert asked == [PLAYER]
    assert frame.get_attribute("title") == "A lecture"
    assert frame.get_attribute("referrerpolicy") == "strict-origin-when-cross-origin"
    assert "allow-top-navigation" not in frame.get_attribute("sandbox")
    expect(frame).to_be_focused()
    expect(tab.locator(".video button")).to_have_count(0)


def test_without_scripts_there_is_a_link_to_the_other_site_that_names_it(open_lecture):
    tab, asked = open_lecture(java_script_enabled=False)
    expect(tab.locator(".video button")).to_be_hidden()
    link = tab.locator(".video-frame a")
    expect(link).to_be_visible()
    assert link.get_attribute("href") == "https://www.bilibili.com/video/BV1xx411c7mD/"
    assert "bilibili.com" in tab.locator(".video-offer").inner_text()
    assert asked == []
