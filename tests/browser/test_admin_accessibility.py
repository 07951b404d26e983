"""axe on every screen that this project adds to the admin, in all six languages of the admin, on a phone and
on a desk, with work going on: `make audit`.
"""

import json

import pytest
from django.conf import settings

from tests.browser.axe import violations
from tests.browser.conftest import serving
from tests.browser.situation import hand_in

pytestmark = [pytest.mark.audit, pytest.mark.xdist_group("browser")]

ARTICLE = "/admin/translations/news.newspage/{first}/{code}/"
# Screens that are all ours. The names in braces are those of the situation.
OWN = (
    "/admin/",
    "/admin/translations/",
    "/admin/translations/?language=fr&state=draft&assignee=nobody&sort=-left",
    "/admin/translations/?q=nothing+like+it",
    "/admin/translations/?language=klingon",
    "/admin/translations/assign/?record=news.newspage:{second}",
    "/admin/translations/news.newspage/{first}/fr/",
    "/admin/translations/news.newspage/{first}/es/?beside=fr",
    "/admin/translations/news.newspage/{second}/fr/",
    "/admin/translations/pages.missionpage/{mission}/ar/?show=todo",
    "/admin/translations/pages.missionpage/{mission}/zh-hans/history/",
    "/admin/translations/library.customimage/{picture}/ru/",
    "/admin/translations/milestones.milestone/{milestone}/ar/",
    "/admin/translations/glossary/import/",
    "/admin/translations/files/export/",
    "/admin/translations/files/import/",
    "/admin/reports/broken-links/",
    "/admin/reports/unused-images/",
    "/admin/guides/editors/",
    "/admin/guides/translators/",
    "/admin/guides/rights/",
)
# Wagtail's own screens, and what in them is ours.
SHARED = (
    ("/admin/pages/{mission}/edit/", ".language-switch"),
    ("/admin/images/{picture}/", ".language-switch"),
    ("/admin/snippets/milestones/milestone/edit/{milestone}/", ".language-switch"),
    ("/admin/settings/pages/sitesettings/{site}/", ".language-switch"),
    ("/admin/snippets/milestones/milestone/", ".language-states"),
    ("/admin/pages/{index}/", ".language-states"),
    ("/admin/snippets/translations/term/", "main"),
    ("/admin/snippets/milestones/milestonetheme/", ".language-states"),
    ("/admin/snippets/news/newscategory/", ".language-states"),
    ("/admin/snippets/pages/announcement/", "main"),
    ("/admin/snippets/pages/socialprofile/", "main"),
    ("/admin/settings/pages/holdingpage/{site}/", ".language-switch"),
    ("/admin/pages/{contact}/edit/", ".language-switch"),
    ("/admin/forms/submissions/{contact}/", "main"),
    ("/admin/bulk/milestones/milestone/publish/?id={milestone}", "main"),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site at work, which no other test sees; `numbers` are those of its records in the admin."""
    with serving(tmp_path_factory.mktemp("at-work")) as running:
        running.numbers = running.ask("prepare") | {
            "mission": running.page_number("about/mission/"),
            "contact": running.page_number("contact/"),
            "site": running.query("SELECT id FROM wagtailcore_site")[0][0],
        }
        yield running


def refused(tab, site):
    """An input was emptied that has words in the English: the summary of errors."""
    tab.goto(ARTICLE.format(code="fr", **site.numbers))
    tab.locator("[data-input]").last.fill("")
    tab.locator(".translating__actions [value=approve]").click()
    tab.locator("[data-summary]").wait_for()


def problems(tab, site):
    """A wrong number was typed: what the checks say while somebody writes."""
    tab.goto(ARTICLE.format(code="ru", **site.numbers))
    box = tab.locator("[data-input]").nth(2)
    box.fill("Центр открывает онлайн-курс: <1>шесть разделов</1>, начиная с 1 марта 2028 года")
    box.press("Tab")
    tab.locator("[data-problems] li").first.wait_for()


def conflict(tab, site):
    """Somebody else saved other words meanwhile: both are shown."""
    path = ARTICLE.format(code="ru", **site.numbers)
    tab.goto(path)
    other = tab.context.new_page()
    other.goto(path)
    box = other.locator("[data-input]").first
    words = box.input_value()
    for page, end, answer in ((other, "!", ".messages .success"), (tab, "…", ".segment__theirs")):
        page.locator("[data-input]").first.fill(f"{words}{end}")
        page.locator(".translating__actions [value=save]").click()
        page.locator(answer).first.wait_for()
    other.close()


def earlier_words(tab, site):
    """A revision beside the words of now."""
    tab.goto(f"{ARTICLE.format(code='fr', **site.numbers)}history/")
    tab.locator("main a[href*='/history/']").last.click()
    tab.wait_for_url("**/history/*/")


def plan(tab, site):
    """What a workbook would do: two texts more, one of them with a broken mark."""
    hand_in(tab, site.numbers["first"])


def preview_beside(tab, site):
    """The preview in its panel."""
    tab.goto(ARTICLE.format(code="fr", **site.numbers))
    tab.locator("[data-side-panel-toggle=preview]").click()
    tab.frame_locator(".translation-preview iframe").locator("h1").wait_for()


STEPS = (refused, problems, conflict, earlier_words, plan, preview_beside)


def faults_of(tab, part=None) -> list[str]:
    """With all folds open. Nothing of it may need sideways scrolling either (WCAG 2.2, 1.4.10)."""
    tab.evaluate("document.querySelectorAll('main details').forEach(fold => fold.open = true)")
    # What a bar covers while somebody scrolls is no fault: it can be scrolled from under it.
    tab.evaluate("document.querySelector('main').scrollIntoView()")
    wider = tab.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    faults = violations(tab, part)
    return [*faults, f"{wider} px wider than the window"] if wider > 0 and part is None else faults


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_in_the_admin(sign_in, site, language, width):
    tab, found = sign_in("admin", width, language=language), {}
    for path in OWN:
        assert tab.goto(path.format(**site.numbers)).status == 200, path
        assert tab.locator("html").get_attribute("lang").lower().startswith(language[:2])
        found[path] = faults_of(tab)
    for step in STEPS:
        step(tab, site)
        found[step.__name__] = faults_of(tab)
    for path, part in SHARED:
        assert tab.goto(path.format(**site.numbers)).status == 200, path
        assert tab.locator(part).count(), path
        found[path] = faults_of(tab, part)
    faults = {place: faults for place, faults in found.items() if faults}
    assert not faults, json.dumps(faults, indent=1, ensure_ascii=False)
