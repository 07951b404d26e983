"""axe on every page, in every language, on a phone and on a desk: `make audit`.

Not part of `make test`, which would take minutes longer.
"""

import pytest
from django.conf import settings

from tests.browser.axe import violations
from tests.paths import PAGE_PATHS

pytestmark = [pytest.mark.audit, pytest.mark.xdist_group("browser")]


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
