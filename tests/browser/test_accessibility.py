"""axe on every page, in every language, on a phone and on a desk: `make audit`.

Not part of `make test`, which would take minutes longer.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from tests.paths import PAGE_PATHS

pytestmark = [pytest.mark.audit, pytest.mark.xdist_group("browser")]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(tab, part: str | None = None) -> list[str]:
    """What axe finds on a page, or in the part of it that a selector names."""
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = Axe().run(tab, context=part, options=options).response["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing(open_tab, language, width):
    tab = open_tab(width)
    for path in [*PAGE_PATHS, "no-such-page/"]:
        tab.goto(f"/{language}/{path}")
        assert violations(tab) == [], path


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_in_the_open_menu(open_tab, language, width):
    tab = open_tab(width)
    tab.goto(f"/{language}/about/mission/")
    tab.locator(".menu summary").click()
    assert violations(tab) == []


def test_axe_is_at_work(open_tab):
    tab = open_tab()
    tab.goto("/en/")
    picture = '<img src="/static/favicon.svg">'
    tab.evaluate("html => document.querySelector('main').insertAdjacentHTML('beforeend', html)", picture)
    assert any(fault.startswith("image-alt: ") for fault in violations(tab))
