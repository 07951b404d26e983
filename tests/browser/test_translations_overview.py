"""The overview of translations and what belongs to it in a real browser: axe, phone, keyboard, no script."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations

pytestmark = pytest.mark.xdist_group("browser")

OVERVIEW = "/admin/translations/"
SCREENS = {
    "overview": OVERVIEW,
    "filtered": f"{OVERVIEW}?language=fr&state=draft&assignee=nobody&sort=-left",
    "nothing": f"{OVERVIEW}?q=nothing+like+it",
    "mistaken": f"{OVERVIEW}?language=klingon",
    "assign": f"{OVERVIEW}assign/?all=1&type=milestones.milestone",
    "home": "/admin/",
}


@pytest.mark.thorough
def test_axe_finds_nothing_on_a_phone_in_arabic(sign_in):
    """`make audit` looks at every screen in every language, on a desk too."""
    tab = sign_in("admin", 360, language="ar")
    found = {}
    for name, address in SCREENS.items():
        tab.goto(address)
        tab.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
        if faults := violations(tab, "main"):
            found[name] = faults
        assert tab.evaluate("document.documentElement.dir") == "rtl"
        wider = tab.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{name} is {wider} px wider than the window"
    assert not found, json.dumps(found, indent=1)


@pytest.mark.audit
def test_axe_finds_nothing_in_the_dark(sign_in):
    tab = sign_in("admin", 1440, theme="dark")
    for address in (OVERVIEW, "/admin/"):
        tab.goto(address)
        assert violations(tab, "main") == []


def test_filters_work_with_the_keyboard_alone(sign_in):
    tab = sign_in("admin", 1440)
    tab.goto(OVERVIEW)
    tab.locator("#id_q").focus()
    tab.keyboard.type("mission")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**q=mission**")
    expect(tab.locator("tbody:last-of-type .parity__name")).to_have_text(["Mission"])


def test_it_all_works_without_a_script(sign_in, site):
    tab = sign_in("admin", 1440)
    state = tab.context.storage_state()
    plain = tab.context.browser.new_context(
        java_script_enabled=False,
        storage_state=state,
        base_url=site.url,
        viewport={"width": 1440, "height": 900},
    )
    page = plain.new_page()
    page.goto(f"{OVERVIEW}?q=mission")
    expect(page.locator(".parity__all")).to_be_hidden()
    page.locator('input[name="record"]').first.check()
    page.get_by_role("button", name="Assign…").click()
    expect(page.get_by_role("heading", name="1 record", exact=True)).to_be_visible()
    plain.close()


def test_one_press_chooses_all_records_of_a_page(sign_in):
    tab = sign_in("admin", 1440)
    tab.goto(f"{OVERVIEW}?type=milestones.milestone")
    tab.locator(".parity__all").check()
    boxes = tab.locator('input[name="record"]')
    assert boxes.count() > 1
    for box in boxes.all():
        expect(box).to_be_checked()


def test_a_phone_shows_a_card_a_record_that_is_still_a_table(sign_in):
    tab = sign_in("admin", 360)
    tab.goto(OVERVIEW)
    row = tab.locator("tbody:last-of-type tr").first
    assert row.evaluate("row => getComputedStyle(row).display") == "block"
    assert tab.get_by_role("table").get_by_role("row").count() > 10
    expect(row.get_by_role("rowheader")).to_be_visible()
