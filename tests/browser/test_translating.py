"""From an editor's first draft to six languages: everybody at their own screen, in a real browser."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations

pytestmark = pytest.mark.xdist_group("browser")

MISSION = "/admin/translations/pages.missionpage/{}/{}/"


def mission(site, language) -> str:
    return MISSION.format(site.page_number("about/mission/"), language)


def saved(tab, sentence):
    tab.locator(".messages .success", has_text=sentence).wait_for()


def press(tab, name):
    """Presses a button of the footer of the page of one language."""
    tab.locator(".translating__actions").get_by_role("button", name=name, exact=True).click()


def segment(tab, source):
    """The segment with this English text."""
    return tab.locator("[data-segment]").filter(has=tab.locator(f"[data-source={json.dumps(source)}]"))


def choose_action(tab, name):
    """Chooses an action in the footer of one of Wagtail's forms."""
    button = tab.locator(name).first
    button.wait_for(state="attached")
    # Before the scripts are at work, some of these buttons only save.
    tab.wait_for_load_state("networkidle")
    if not button.is_visible():
        tab.locator("footer [aria-expanded]").last.click()
    button.click()


SUMMARY = "UNESCO-ICHEI works closely around the UN's Sustainable Development Goal 4 (Education 2030)."
TITLE = "A journey through six languages"
TEXT = "Teachers from four regions met in Shenzhen."
CHANGED = "Teachers from five regions met in Shenzhen."


def type_text(tab, text):
    """Types into the text editor, and waits until it has put the words into the form."""
    tab.keyboard.type(text)
    tab.wait_for_function(
        "text => [...document.querySelectorAll('[data-contentpath=body_en] [type=hidden]')]"
        ".some((input) => input.value.includes(text))",
        arg=text,
    )


def write_article(tab, site):
    index = site.page_number("news/")
    tab.goto(f"/admin/pages/add/news/newspage/{index}/")
    tab.fill("#id_title_en", TITLE)
    tab.fill("#id_summary_en", SUMMARY)
    tab.locator(
        "#panel-child-source-body_en-content, [data-contentpath=body_en]"
    ).first.scroll_into_view_if_needed()
    tab.locator("[data-contentpath=body_en] button.c-sf-add-button").first.click()
    tab.get_by_role("option", name="Text", exact=True).click()
    tab.locator("[data-contentpath=body_en] [contenteditable=true]").first.click()
    type_text(tab, TEXT)
    tab.get_by_role("tab", name=re.compile("For all languages")).click()
    tab.fill("#id_date", "2026-11-24")
    tab.keyboard.press("Escape")


@pytest.fixture
def article_in_memory(sign_in, site):
    """A reviewer has approved the mission in French, so that its sentences are in the memory."""
    reviewer = sign_in("French reviewer")
    reviewer.goto(mission(site, "fr"))
    if reviewer.get_by_role("button", name="Save and approve").count():
        press(reviewer, "Save and approve")
        saved(reviewer, "Approved")


def test_the_journey_of_an_article(sign_in, site, article_in_memory):
    editor, publisher = sign_in("Editor"), sign_in("Publisher")
    translator, reviewer = sign_in("French translator"), sign_in("French reviewer")

    write_article(editor, site)
    choose_action(editor, "[name=action-submit]")
    saved(editor, "submitted for moderation")
    number = site.page_number(f"news/{slug()}/")
    assert TITLE not in site.read("/en/news/")

    publisher.goto(f"/admin/pages/{number}/edit/")
    choose_action(publisher, "[data-workflow-action-name=approve]")
    saved(publisher, TITLE)
    assert TITLE in site.read("/en/news/")

    # It waits on the translator's first page.
    translator.goto("/admin/")
    translator.locator(".waiting__group").get_by_role("link", name=TITLE).click()
    translator.wait_for_url(f"**/admin/translations/news.newspage/{number}/fr/")
    match = segment(translator, SUMMARY)
    match.locator("[data-use]").first.click()
    expect(match.locator("[data-input]")).to_have_value(re.compile("Objectif de développement durable"))
    segment(translator, TITLE).locator("[data-input]").fill("Un voyage en six langues")
    segment(translator, TEXT).locator("[data-input]").fill(
        "Des enseignants de quatre régions se sont réunis à Shenzhen."
    )
    press(translator, "Save and send to review")
    saved(translator, "Sent to review")
    assert "Un voyage" not in site.read("/fr/news/")

    # And on the reviewer's, once it was sent.
    reviewer.goto("/admin/")
    reviewer.locator(".waiting__group", has_text="To review").get_by_role("link", name=TITLE).click()
    press(reviewer, "Save and approve")
    saved(reviewer, "visitors can read it now")
    assert "Un voyage en six langues" in site.read("/fr/news/")
    assert f"/news/{slug()}/" not in site.read("/ru/news/")

    # The editor changes a paragraph, the publisher publishes it.
    publisher.goto(f"/admin/pages/{number}/edit/")
    box = publisher.locator("[data-contentpath=body_en] [contenteditable=true]").first
    box.click()
    publisher.keyboard.press("Control+A")
    type_text(publisher, CHANGED)
    choose_action(publisher, "[name=action-publish]")
    saved(publisher, "published")
    assert CHANGED in site.read(f"/en/news/{slug()}/")
    assert "quatre régions" in site.read(f"/fr/news/{slug()}/")

    reviewer.goto(f"/admin/translations/news.newspage/{number}/fr/?show=outdated")
    expect(reviewer.locator("#switch-fr .state-mark--outdated")).to_be_visible()
    difference = segment(reviewer, CHANGED).locator(".difference__text")
    expect(difference.locator("del")).to_contain_text("four")
    expect(difference.locator("ins")).to_contain_text("five")
    segment(reviewer, CHANGED).locator("[data-input]").fill(
        "Des enseignants de cinq régions se sont réunis à Shenzhen."
    )
    press(reviewer, "Save and approve")
    saved(reviewer, "visitors can read it now")
    assert "cinq régions" in site.read(f"/fr/news/{slug()}/")

    # A change that leaves the French right: one action.
    publisher.goto(f"/admin/pages/{number}/edit/")
    publisher.fill("#id_title_en", f"{TITLE}!")
    choose_action(publisher, "[name=action-publish]")
    saved(publisher, "published")
    reviewer.goto(f"/admin/translations/news.newspage/{number}/fr/")
    reviewer.get_by_role("button", name="Still right, approve again").click()
    saved(reviewer, "visitors can read it now")
    expect(reviewer.locator("#switch-fr .state-mark--approved")).to_be_visible()


def slug():
    return TITLE.lower().replace(" ", "-")


def test_the_keyboard_saves_and_leads_from_segment_to_segment(sign_in, site):
    tab = sign_in("Spanish translator")
    tab.goto(mission(site, "es"))
    tab.locator("[data-input]").first.focus()
    tab.keyboard.press("Alt+ArrowDown")
    expect(tab.locator("[data-input]").nth(1)).to_be_focused()
    tab.keyboard.press("Alt+ArrowUp")
    tab.keyboard.press("End")
    tab.keyboard.type(" nueva")
    tab.keyboard.press("Control+s")
    saved(tab, "Saved: 1 segment.")
    # The work goes on where it was.
    first = tab.locator("[data-input]").first
    expect(first).to_be_focused()
    expect(first).to_have_value(re.compile(" nueva$"))


def test_leaving_with_unsaved_words_asks_first(sign_in, site):
    tab = sign_in("Spanish translator")
    tab.goto(mission(site, "es"))
    tab.locator("[data-input]").first.fill("No guardado")
    asked = []
    tab.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    tab.locator("#switch-ru").click()
    tab.wait_for_url("**/ru/")
    assert asked == ["beforeunload"]


def test_errors_take_the_focus_and_lead_to_their_place(sign_in, site):
    tab = sign_in("Spanish translator")
    tab.goto(mission(site, "es"))
    words = tab.locator("[data-input]").nth(1).input_value()
    tab.locator("[data-input]").nth(1).fill("")
    press(tab, "Save and send to review")
    summary = tab.locator("[data-summary]")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    box = tab.locator("[data-input]").nth(1)
    expect(box).to_be_focused()
    box.fill(words)
    press(tab, "Save draft")
    saved(tab, "Saved: 1 segment.")


def test_a_language_in_the_address_of_a_form_opens_it(sign_in, site):
    tab = sign_in("Publisher")
    number = site.page_number("about/mission/")
    tab.goto(f"/admin/pages/{number}/edit/#fr")
    tab.wait_for_url(f"**/admin/translations/pages.missionpage/{number}/fr/")
    tab.get_by_role("link", name="For all languages").click()
    tab.wait_for_url(f"**/admin/pages/{number}/edit/#all")
    tab.locator("#id_slug").wait_for()
    expect(tab.get_by_role("tab", name=re.compile("For all languages"), selected=True)).to_be_visible()
    tab.locator("#switch-en").click()
    tab.locator("#id_title_en").wait_for()


def test_the_preview_beside_the_inputs_shows_the_saved_draft_mirrored(sign_in, site):
    tab = sign_in("Arabic translator")
    tab.goto(mission(site, "ar"))
    title = tab.locator("[data-input]").first.input_value()
    tab.locator("[data-side-panel-toggle=preview]").click()
    frame = tab.frame_locator(".translation-preview iframe")
    frame.get_by_role("heading", level=1, name=title).wait_for()
    expect(frame.locator("html")).to_have_attribute("dir", "rtl")


@pytest.mark.audit
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_on_the_page_of_one_language_in_the_dark(sign_in, site, language, width):
    tab = sign_in("Arabic reviewer", width, language=language, theme="dark")
    tab.goto(mission(site, "ar"))
    tab.wait_for_load_state("networkidle")
    assert violations(tab, ".content") == []
    tab.locator(".translating__beside summary").click()
    assert violations(tab, ".content") == []
    # Nothing needs sideways scrolling (WCAG 2.2, 1.4.10).
    cut_off = tab.locator(".translating *").evaluate_all(
        "all => all.map((one) => [one.className, one.getBoundingClientRect()])"
        ".filter(([, box]) => box.width > 1 && (box.left < -1 || box.right > innerWidth + 1))"
        ".map(([name]) => name)"
    )
    assert cut_off == []
