"""The site in a real browser, on a phone and on a desk, with the keyboard."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.paths import PAGE_PATHS

pytestmark = pytest.mark.xdist_group("browser")

LANGUAGES = [code for code, _name in settings.LANGUAGES]


# What is longest and what runs the other way; the audit looks at all.
@pytest.mark.parametrize("language", ["ar", "ru"])
def test_no_page_is_wider_than_the_window(open_tab, language):
    tab = open_tab()
    for path in PAGE_PATHS:
        assert tab.goto(f"/{language}/{path}").status == 200
        for width in (320, 360, 1440):
            tab.set_viewport_size({"width": width, "height": 800})
            root = "document.documentElement"
            assert tab.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0, (path, width)


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_can_be_four_times_as_large(open_tab, language):
    """WCAG 2.2, 1.4.10: 1280 pixels at 400 % are 320."""
    tab = open_tab(320, 256)
    tab.goto(f"/{language}/about/milestones/")
    for element in tab.query_selector_all("h1, h2, .when, .timeline p"):
        box = element.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320.5


# From the end of the page on, takes away one part after the other, and names those before it that move.
ARRIVING = """() => {
  const main = document.querySelector("main"), moved = [];
  const parts = [...document.body.children].flatMap((one) => (one === main ? [main, ...main.children] : one));
  const tops = () => parts.map((part) => part.getBoundingClientRect().top);
  while (parts.length > 1) {
    const before = tops(), last = parts.pop();
    last.remove();
    tops().forEach((top, place) => {
      if (top !== before[place]) moved.push(`${parts[place].localName} without ${last.localName}`);
    });
  }
  return moved;
}"""


@pytest.mark.parametrize("width", [360, 1440])
def test_what_has_arrived_stays_where_it_is_when_the_rest_comes(open_tab, width):
    """On a slow network a page is shown before it is all there. A high window has room to share out."""
    tab = open_tab(width, 2400)
    for path in [*PAGE_PATHS, "search/?q=UNESCO", "no-such-page/"]:
        tab.goto(f"/ru/{path}")
        # Without it, the parts of the page are as many as rows that anybody would think of.
        assert tab.locator("body > .banners").count() == 1, path
        assert tab.evaluate(ARRIVING) == [], path


def middle(tab, selector):
    box = tab.locator(selector).first.bounding_box()
    return box["x"] + box["width"] / 2


@pytest.mark.parametrize("path", ["", "about/", "about/milestones/"])
def test_arabic_is_the_mirror_image_of_english(open_tab, path):
    tab, width = open_tab(1280), 1280
    sides = {}
    for language in ("en", "ar"):
        tab.goto(f"/{language}/{path}")
        sides[language] = {
            selector: middle(tab, selector) < width / 2 for selector in (".wordmark", ".menu", "main h1")
        }
    assert sides["en"] == {".wordmark": True, ".menu": False, "main h1": True}
    assert sides["ar"] == {selector: not side for selector, side in sides["en"].items()}


def test_the_first_tab_stop_leads_to_the_content(open_tab):
    tab = open_tab()
    tab.goto("/fr/about/")
    tab.keyboard.press("Tab")
    skip = tab.locator(".skip-link")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    tab.keyboard.press("Enter")
    expect(tab.locator("#content")).to_be_focused()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_menu_opens_and_is_walked_through_with_the_keyboard(open_tab, language, width):
    tab = open_tab(width)
    tab.goto(f"/{language}/")
    tab.locator(".menu summary").focus()
    tab.keyboard.press("Enter")
    panel = tab.locator(".menu details ul")
    expect(panel).to_be_visible()
    box = panel.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    for _stop in range(3):
        tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"**/{language}/about/mission/")


def test_a_visitor_changes_the_language_and_stays_on_the_page(open_tab):
    tab = open_tab(360)
    tab.goto("/en/about/functions/")
    tab.get_by_role("link", name="Русский").click()
    tab.wait_for_url("**/ru/about/functions/")
    expect(tab.locator("html")).to_have_attribute("lang", "ru")


def test_the_browser_decides_the_language_of_the_root(open_tab):
    tab = open_tab(locale="zh-CN")
    tab.goto("/")
    assert tab.url.endswith("/zh-hans/")


def test_the_site_can_be_read_without_javascript(open_tab):
    tab = open_tab(java_script_enabled=False)
    tab.goto("/en/")
    tab.locator(".menu summary").click()
    tab.get_by_role("navigation", name="Main menu").get_by_role("link", name="Milestones").click()
    expect(tab.locator(".year h2").last).to_have_text("2014")
    tab.get_by_role("link", name="Oldest year first").click()
    expect(tab.locator(".year h2").first).to_have_text("2014")


def test_a_visitor_receives_no_cookie(open_tab):
    tab = open_tab()
    for path in PAGE_PATHS:
        tab.goto(f"/es/{path}")
    assert tab.context.cookies() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_there(open_tab, language):
    tab = open_tab()
    for path in ("", "news/netdragon-strategic-cooperation/"):
        tab.goto(f"/{language}/{path}")
        for picture in tab.locator("img").all():
            picture.scroll_into_view_if_needed()
            picture.evaluate("image => image.decode()")
            assert picture.evaluate("image => image.naturalWidth") > 0
