"""The overview of translations and what belongs to it in a real browser: axe, phone, keyboard, no script."""

import json
import sqlite3
from contextlib import closing

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.xdist_group("browser")

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OVERVIEW = "/admin/translations/"
SCREENS = {
    "overview": OVERVIEW,
    "filtered": f"{OVERVIEW}?language=fr&state=draft&assignee=nobody&sort=-left",
    "nothing": f"{OVERVIEW}?q=nothing+like+it",
    "mistaken": f"{OVERVIEW}?language=klingon",
    "assign": f"{OVERVIEW}assign/?all=1&type=milestones.milestone",
    "home": "/admin/",
}


def violations(tab) -> list[str]:
    """What axe finds in the page itself; Wagtail's sidebar is Wagtail's."""
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = Axe().run(tab, context="main", options=options).response["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


@pytest.fixture
def signed_in(open_tab, site):
    """Opens a tab of somebody who is signed in, in a language of the admin."""

    def sign_in(width, language="en", **options):
        with closing(sqlite3.connect(site.folder / "db.sqlite3", timeout=20)) as database, database:
            profile = dict(database.execute("SELECT user_id, id FROM wagtailusers_userprofile").fetchall())
            number = database.execute("SELECT id FROM accounts_user WHERE username = 'admin'").fetchone()[0]
            if number in profile:
                database.execute(
                    "UPDATE wagtailusers_userprofile SET preferred_language = ? WHERE user_id = ?",
                    [language, number],
                )
        tab = open_tab(width, **options)
        tab.goto("/admin/login/")
        tab.fill("[name=username]", "admin")
        tab.fill("[name=password]", site.password)
        tab.click("button[type=submit]")
        tab.wait_for_url("**/admin/")
        if number not in profile and language != "en":
            # Wagtail makes the profile with the first visit of the admin.
            return sign_in(width, language, **options)
        return tab

    return sign_in


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_on_any_screen(signed_in, width, language):
    tab = signed_in(width, language)
    found = {}
    for name, address in SCREENS.items():
        tab.goto(address)
        tab.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
        if faults := violations(tab):
            found[name] = faults
        assert tab.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
        wider = tab.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{name} is {wider} px wider than the window"
    assert not found, json.dumps(found, indent=1)


def test_axe_finds_nothing_in_the_dark(signed_in):
    tab = signed_in(1440, color_scheme="dark")
    for address in (OVERVIEW, "/admin/"):
        tab.goto(address)
        assert violations(tab) == []


def test_filters_work_with_the_keyboard_alone(signed_in):
    tab = signed_in(1440)
    tab.goto(OVERVIEW)
    tab.locator("#id_q").focus()
    tab.keyboard.type("mission")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**q=mission**")
    assert tab.locator("tbody:last-of-type .parity__name").all_inner_texts() == ["Mission"]


def test_it_all_works_without_a_script(signed_in, site):
    tab = signed_in(1440)
    state = tab.context.storage_state()
    plain = tab.context.browser.new_context(
        java_script_enabled=False,
        storage_state=state,
        base_url=site.url,
        viewport={"width": 1440, "height": 900},
    )
    page = plain.new_page()
    page.goto(f"{OVERVIEW}?q=mission")
    assert not page.locator(".parity__all").is_visible()
    page.locator('input[name="record"]').first.check()
    page.get_by_role("button", name="Assign…").click()
    assert page.get_by_role("heading", name="1 record", exact=True).is_visible()
    plain.close()


def test_one_press_chooses_all_records_of_a_page(signed_in):
    tab = signed_in(1440)
    tab.goto(f"{OVERVIEW}?type=milestones.milestone")
    tab.locator(".parity__all").check()
    boxes = tab.locator('input[name="record"]')
    assert boxes.count() > 1
    assert all(box.is_checked() for box in boxes.all())


def test_a_phone_shows_a_card_a_record_that_is_still_a_table(signed_in):
    tab = signed_in(360)
    tab.goto(OVERVIEW)
    row = tab.locator("tbody:last-of-type tr").first
    assert row.evaluate("row => getComputedStyle(row).display") == "block"
    assert tab.get_by_role("table").get_by_role("row").count() > 10
    assert row.get_by_role("rowheader").is_visible()
