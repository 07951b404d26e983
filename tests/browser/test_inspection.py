"""A telling part of `make audit-pages`, and proof that its looks find what they look for."""

import re

import pytest

from tests.browser.axe import violations
from tests.browser.inspection import (
    Visitor,
    faults_of,
    faults_of_menu,
    forced_colours,
    keyboard_walk,
    reflow,
    same_without_scripts,
    stillness,
    traces,
)

pytestmark = pytest.mark.xdist_group("browser")


@pytest.fixture
def visitor(browser, site):
    visitor = Visitor(browser, site)
    yield visitor
    visitor.close()


@pytest.fixture
def plain(browser, site):
    visitor = Visitor(browser, site, scripts=False)
    yield visitor
    visitor.close()


@pytest.mark.parametrize("url", ["/ar/", "/ru/news/netdragon-strategic-cooperation/"])
def test_a_page_has_no_fault(visitor, plain, url):
    assert faults_of(visitor, plain, url) == []


def test_the_open_menu_has_no_fault(visitor):
    assert faults_of_menu(visitor, "/ar/about/mission/") == []


@pytest.fixture
def visit_page(site):
    """Opens a page that is not there, with this in its body."""

    def open_page(visitor, body):
        url = f"{site.url}/en/broken/"
        html = f'<!DOCTYPE html><html lang="en"><title>Broken</title><body>{body}</body></html>'
        visitor.context.route(url, lambda route: route.fulfill(body=html, content_type="text/html"))
        return visitor.visit("/en/broken/", 200)

    return open_page


def test_a_bad_walk_with_the_keyboard_is_noticed(visitor, visit_page):
    visit_page(
        visitor,
        """<style>
          :focus-visible { outline: 3px solid }
          #bare { outline: none }
          #up { position: absolute; inset-inline-start: 0; inset-block-start: 9rem }
          #over { position: absolute; inset-inline-start: 0; inset-block-start: 13rem; inline-size: 9rem;
                  block-size: 3rem; background: silver }
          #hidden { position: absolute; inset-inline-start: 1rem; inset-block-start: 14rem }
        </style>
        <p><a href="#1">Good</a></p>
        <p><a href="#2" id="bare">Bare</a></p>
        <p><a href="#3" id="hidden">Hidden</a></p>
        <p><a href="#4" id="up">Up again</a></p>
        <p><a href="#5" tabindex="7">First</a></p>
        <p><button onfocus="far.focus()">Skipped</button> <a id="far" href="#7">Far</a></p>
        <div id="over"></div>""",
    )
    faults = keyboard_walk(visitor)
    for sentence in (
        "“First” is not reached with Tab",
        "“Bare” doesn't show its focus",
        "“Hidden” is covered",
        "“Up again” is a step back from <a> “Hidden”",
        "“Skipped” is not reached with Tab",
    ):
        assert any(sentence in fault for fault in faults), (sentence, faults)
    assert not any(fault.startswith(("<a> “Good” is", "<a> “Good” doesn't", "<a> “Far”")) for fault in faults)


def test_a_trap_for_the_keyboard_is_noticed(visitor, visit_page):
    trap = "<a href='#1'>In</a><input onkeydown='event.preventDefault()'><a href='#2'>Out</a>"
    visit_page(visitor, trap)
    assert any("comes back to <input>" in fault for fault in keyboard_walk(visitor))


def test_text_that_is_cut_off_is_noticed(visitor, visit_page):
    visit_page(
        visitor,
        """<style>p { overflow: hidden; line-height: 1.2; font: 16px sans-serif }</style>
        <p style="inline-size: 9rem; white-space: nowrap">A line that has no end</p>
        <p style="block-size: 2.75em; inline-size: 20rem">These few words fit well unless they are spaced</p>
        <p>Fits</p>
        <div style="inline-size: 30rem">.</div>""",
    )
    faults = reflow(visitor)
    assert any(fault.startswith("<p> “A line that has no end” is cut off") for fault in faults), faults
    assert any(re.match("is [0-9]+ px wider than 320", fault) for fault in faults), faults
    assert any(fault.startswith("with text spacing: <p> “These few words") for fault in faults), faults
    assert not any("“Fits”" in fault for fault in faults), faults


def test_what_disappears_in_forced_colours_is_noticed(visitor, visit_page):
    visit_page(visitor, '<p>Good</p><p style="forced-color-adjust: none; color: #fff">White on white</p>')
    faults = forced_colours(visitor)
    assert len(faults) == 1
    assert "“White on white” has a contrast of 1.0 only" in faults[0]


def test_movement_and_traces_are_noticed(visitor, visit_page):
    visit_page(
        visitor,
        """<p id="one">One</p><script>
        one.animate({ opacity: [1, 0] }, { duration: 9000 }); localStorage.a = 1; document.cookie = "b=1";
        </script>""",
    )
    assert stillness(visitor)
    assert traces(visitor) == ["cookie b", "something in the browser's storage"]


def test_what_needs_a_script_is_noticed(visitor, plain, visit_page):
    body = '<p id="one"></p><script>one.innerHTML = "<a href=/en/>More</a>"</script>'
    visit_page(plain, body)
    visit_page(visitor, body)
    faults = same_without_scripts(visitor, plain, "/en/broken/", 200)
    assert faults == ["its text differ without scripts", "its links differ without scripts"]


def test_what_a_page_asks_for_and_complains_of_is_noticed(visitor, visit_page, site):
    elsewhere = site.url.replace("127.0.0.1", "localhost")
    visit_page(
        visitor,
        f'<img alt="" src="{elsewhere}/static/favicon.svg"><img alt="" src="/static/nothing.svg">'
        "<script>console.warn('Careful'); throw Error('Broken')</script>",
    )
    visitor.tab.wait_for_load_state("networkidle")
    for sentence in (
        f"elsewhere: {elsewhere}/static/favicon.svg",
        f"404: {site.url}/static/nothing.svg",
        "console: Careful",
        "script: Broken",
    ):
        assert sentence in visitor.noted


def test_a_shifting_layout_is_noticed(visitor, visit_page):
    visit_page(visitor, f"<div id=late></div>{'<p>Words</p>' * 30}")
    visitor.tab.evaluate(
        """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
            late.style.blockSize = "20rem";
            done();
        })))"""
    )
    assert visitor.ask("shift") > 0.02


def test_axe_is_at_work(visitor):
    visitor.visit("/en/", 200)
    picture = '<img src="/static/favicon.svg">'
    visitor.tab.evaluate(
        "html => document.querySelector('main').insertAdjacentHTML('beforeend', html)", picture
    )
    assert any(fault.startswith("image-alt: ") for fault in violations(visitor.tab))
