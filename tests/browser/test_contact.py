"""Writing to the Centre with the keyboard alone, on a phone, without a script; and axe on each step of it."""

import pytest
from playwright.sync_api import expect

from contact.guards import QUICKEST
from tests.browser.axe import violations

pytestmark = pytest.mark.xdist_group("browser")


def focused(tab) -> str:
    return tab.evaluate("document.activeElement.id")


def press_until(tab, element: str, limit=60) -> None:
    """Presses Tab until the focus has come to an element."""
    for _stop in range(limit):
        if focused(tab) == element:
            return
        tab.keyboard.press("Tab")
    pytest.fail(f"The keyboard does not lead to {element}.")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_message_is_written_with_the_keyboard_alone(open_tab, site, language):
    tab = open_tab(360, java_script_enabled=False)
    before = site.query("SELECT count(*) FROM contact_contactmessage")[0][0]
    tab.goto(f"/{language}/contact/")
    press_until(tab, "id_name")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**#result")
    # The list of what is missing has the focus, and its first link leads to the first field.
    expect(tab.locator("#result")).to_be_focused()
    assert tab.title().partition(" ")[0].endswith(":")
    root = "document.documentElement"
    assert tab.evaluate(f"{root}.scrollWidth - {root}.clientWidth") == 0
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(tab.locator("#id_name")).to_be_focused()
    for field, words in (
        ("id_name", "Visitor"),
        ("id_e_mail_address", "visitor@example.org"),
        ("id_subject", None),
        ("id_your_message", "A question."),
    ):
        press_until(tab, field)
        tab.keyboard.type(words) if words else tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.type") == "checkbox"
    tab.keyboard.press("Space")
    tab.wait_for_timeout(QUICKEST * 1000)
    press_until_button(tab)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/contact/?sent=1#result")
    expect(tab.locator("h1#result")).to_be_focused()
    assert tab.context.cookies() == []
    assert site.query("SELECT count(*) FROM contact_contactmessage")[0][0] == before + 1


def press_until_button(tab) -> None:
    for _stop in range(10):
        if tab.evaluate("document.activeElement.type") == "submit":
            return
        # What is laid out for machines is passed over.
        assert focused(tab) != "id_form-remarks"
        tab.keyboard.press("Tab")
    pytest.fail("The keyboard does not lead to the button.")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_in_the_form_its_errors_and_the_thanks(open_tab, language):
    tab = open_tab(360)
    tab.goto(f"/{language}/contact/")
    assert violations(tab) == []
    tab.locator(".contact-form button").click()
    tab.locator(".contact-errors").wait_for()
    assert violations(tab) == []
    tab.goto(f"/{language}/contact/?sent=1#result")
    assert violations(tab) == []
