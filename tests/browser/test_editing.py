"""Staff at work in the admin, in a real browser: what the scripts of the editor send is what counts."""

import re

import pytest
from playwright.sync_api import expect

from tests.paths import PAGE_PATHS

pytestmark = pytest.mark.xdist_group("browser")

LANGUAGES = ["ar", "zh-hans", "en", "fr", "ru", "es"]
# One page of each type.
PAGES = [path for path in PAGE_PATHS if path not in {"accessibility/", "terms/"}]


def open_page(admin, site, path):
    """Opens the form of a page, found by its address."""
    admin.goto(f"/admin/pages/{site.page_number(path)}/edit/")
    admin.locator("[name=action-publish]").wait_for(state="attached")


def publish(admin):
    """Chooses "Publish" in the menu of actions and waits for Wagtail's word that it is done."""
    button = admin.locator("[name=action-publish]")
    if not button.is_visible():
        admin.locator("footer [aria-expanded]").last.click()
    button.click()
    admin.locator(".messages .success").wait_for()


def everything(site) -> dict[str, str]:
    return {
        f"/{code}/{path}": main(site.read(f"/{code}/{path}")) for code in LANGUAGES for path in PAGE_PATHS
    }


def main(html: str) -> str:
    """What a page says, without the keys of its blocks and the moment at which a form was opened."""
    text = html[html.index("<main") : html.index("</main>")]
    return re.sub(r' data-block-key="[^"]*"| value="\d{10}:[^"]*"', "", text)


@pytest.mark.parametrize(
    ("english", "arabic"),
    [
        pytest.param(PAGES[::2], PAGES[1::2], id="half"),
        pytest.param(PAGES[1::2], PAGES[::2], id="the-other-way-round", marks=pytest.mark.thorough),
    ],
)
def test_saving_every_page_unchanged_in_the_real_editor_changes_nothing_that_visitors_read(
    sign_in, site, english, arabic
):
    """Every page type in the English admin and in the Arabic one, half of these pairs in `make thorough`."""
    before = everything(site)
    for language, paths in (("en", english), ("ar", arabic)):
        admin = sign_in("admin", language=language)
        expect(admin.locator("html")).to_have_attribute("lang", language)
        for path in paths:
            open_page(admin, site, path)
            publish(admin)
    assert everything(site) == before


def test_the_password_of_the_first_start_opens_the_admin(open_tab, site):
    tab = open_tab()
    tab.goto("/admin/")
    tab.fill("[name=username]", "admin")
    tab.fill("[name=password]", site.password)
    tab.press("[name=password]", "Enter")
    # In whatever language this person last worked.
    tab.locator(".waiting").wait_for()


def test_an_editor_changes_a_title_and_a_reviewer_a_text_and_visitors_read_both(admin, site):
    open_page(admin, site, "terms/")
    admin.fill("#id_title_en", "Terms")
    publish(admin)
    open_page(admin, site, "terms/")
    admin.locator("nav[data-language-switch] a[data-language=fr]").click()
    admin.fill("[name='text:title/-/0']", "Les conditions")
    for right in admin.locator("[name^='right:']").all():
        right.check()
    admin.get_by_role("button", name="Save and approve").click()
    admin.locator(".messages .success, .w-message--success").first.wait_for()
    assert "<h1>Terms</h1>" in site.read("/en/terms/")
    assert "<h1>Les conditions</h1>" in site.read("/fr/terms/")


@pytest.fixture
def held(admin):
    """What the form of a new page asks for when it saves itself: no answer comes until it is let go."""
    routes = []
    admin.route(
        "**/admin/pages/add/**",
        lambda route: routes.append(route) if route.request.resource_type == "fetch" else route.fallback(),
    )
    return routes


REMOVE = "from pages.models import ContentPage; ContentPage.objects.get(title_en='Saved by itself').delete()"


def publish_while_it_saves_itself(admin, site, held):
    admin.goto(f"/admin/pages/add/pages/contentpage/{site.page_number('')}/")
    admin.fill("#id_title_en", "Saved by")
    admin.press("#id_title_en", "Tab")
    expect(admin.locator("#id_slug")).to_have_value("saved-by")
    admin.press("#id_title_en", "End")
    # Slowly: what changes in its first two seconds the form doesn't notice.
    with admin.expect_request(lambda request: request.resource_type == "fetch"):
        admin.locator("#id_title_en").press_sequentially(" itself", delay=500)
    gone = []
    admin.on("request", lambda request: gone.append(request) if request.is_navigation_request() else None)
    admin.locator("footer [aria-expanded]").last.click()
    admin.locator("[name=action-publish]").click()
    admin.wait_for_timeout(300)
    assert (len(held), gone) == (1, [])


def assert_published_once(admin, site):
    expect(admin.locator(".messages .success")).to_contain_text("published")
    found = "SELECT live, has_unpublished_changes FROM pages_basepage WHERE title_en = 'Saved by itself'"
    assert site.query(found) == [(1, 0)]
    site.run(REMOVE)


def test_a_press_while_the_form_saves_itself_publishes_one_page(admin, site, held):
    """On a slow network the answer takes seconds, and the address of the page is taken meanwhile."""
    publish_while_it_saves_itself(admin, site, held)
    with admin.expect_response(lambda response: response.request.resource_type == "fetch") as answer:
        held[0].continue_()
    assert answer.value.status == 200
    assert_published_once(admin, site)


@pytest.mark.thorough
def test_a_press_does_not_wait_for_an_answer_that_never_comes(admin, site, held):
    publish_while_it_saves_itself(admin, site, held)
    assert_published_once(admin, site)


AS_BEFORE = """
from pages.models import ContentPage
page = ContentPage.objects.get(slug="privacy")
page.title_en = page.title_en.removesuffix(" of ours")
page.save_revision().publish()
"""


@pytest.fixture
def edited(admin, site):
    """A page that was just changed in its form, "Publish" pressed, and the saving of the form itself held."""
    routes = []
    address = f"/admin/pages/{site.page_number('privacy/')}/edit/"
    admin.route(
        f"**{address}",
        lambda route: routes.append(route) if route.request.resource_type == "fetch" else route.fallback(),
    )
    open_page(admin, site, "privacy/")
    admin.press("#id_title_en", "End")
    with admin.expect_request(lambda request: request.url.endswith(address) and request.method == "POST"):
        admin.locator("#id_title_en").press_sequentially(" of ours", delay=500)
    admin.locator("footer [aria-expanded]").last.click()
    admin.locator("[name=action-publish]").click()
    expect(admin.locator("[name=action-publish]")).to_be_disabled()
    yield routes[0]
    admin.unroute_all()
    site.run(AS_BEFORE)


def test_a_press_while_the_form_saves_itself_and_the_network_fails_is_asked_about(admin, site, edited):
    before = site.read("/en/privacy/")
    edited.abort("aborted")
    question = admin.get_by_role("dialog", name="A network error occurred")
    expect(question).to_be_visible()
    assert main(site.read("/en/privacy/")) == main(before)
    question.get_by_role("button", name="Publish").click()
    expect(admin.locator(".messages .success")).to_contain_text("published")
    assert "of ours</h1>" in site.read("/en/privacy/")


NEWER = """
from accounts.models import User
from pages.models import ContentPage
page = ContentPage.objects.get(slug="privacy")
page.title_en = "Privacy, as a colleague has it"
page.save_revision(user=User.objects.get(username="editor"), log_action=True)
"""


def test_a_press_never_publishes_over_what_somebody_else_saved_meanwhile(admin, site, edited):
    before = site.read("/en/privacy/")
    site.run(NEWER)
    edited.continue_()
    question = admin.get_by_role("dialog", name="Editor saved a new version")
    expect(question.get_by_role("button", name="Publish")).to_be_visible()
    assert main(site.read("/en/privacy/")) == main(before)


def test_the_inputs_of_a_language_know_their_direction_and_language(admin, site):
    number = site.page_number("about/mission/")
    for name, direction in (("ar", "rtl"), ("fr", "ltr")):
        admin.goto(f"/admin/translations/pages.missionpage/{number}/{name}/")
        fields = admin.locator("[name^='text:']").all()
        assert fields
        for field in fields:
            assert (field.get_attribute("dir"), field.get_attribute("lang")) == (direction, name)


def test_staff_add_a_milestone_and_its_date_is_written_in_every_language(admin, site):
    admin.goto("/admin/snippets/milestones/milestone/add/")
    admin.fill("#id_text_en", "The browser test happened.")
    admin.get_by_role("tab", name=re.compile("For all languages")).click()
    admin.fill("[name=starts_day]", "11")
    admin.fill("[name=starts_month]", "6")
    admin.fill("[name=starts_year]", "2031")
    admin.fill("[name=ends_day]", "12")
    admin.fill("[name=ends_month]", "6")
    admin.fill("[name=ends_year]", "2031")
    publish(admin)
    for code, phrase in {
        "ar": "من 11 إلى 12 حزيران/يونيه",
        "zh-hans": "6月11日至12日",
        "en": "From June 11 to 12",
        "fr": "Du 11 au 12 juin",
        "ru": "С 11 по 12 июня",
        "es": "Del 11 al 12 de junio",
    }.items():
        assert phrase in site.read(f"/{code}/about/milestones/")


@pytest.mark.parametrize(
    "year", ["2014", *(pytest.param(year, marks=pytest.mark.thorough) for year in ("2018", "2022"))]
)
def test_a_milestone_is_opened_and_saved_with_the_date_that_it_has(admin, site, year):
    before = everything(site)
    admin.goto(f"/admin/snippets/milestones/milestone/?year={year}")
    admin.locator("table .title a").first.click()
    publish(admin)
    assert everything(site) == before


def test_an_impossible_date_is_refused_where_it_was_typed(admin):
    admin.goto("/admin/snippets/milestones/milestone/add/")
    admin.fill("#id_text_en", "It can't have happened.")
    admin.get_by_role("tab", name=re.compile("For all languages")).click()
    admin.fill("[name=starts_day]", "31")
    admin.fill("[name=starts_month]", "6")
    admin.fill("[name=starts_year]", "2024")
    admin.locator("[name=action-publish]").or_(admin.locator("footer button[type=submit]")).first.click()
    tab = admin.get_by_role("tab", name=re.compile("For all languages"))
    tab.get_by_text("1 error").wait_for()
    tab.click()
    admin.get_by_text("That month has 30 days in 2024: there is no day 31.").first.wait_for()
    expect(admin.locator("[name=starts_day]")).to_have_value("31")
    expect(admin.locator("#id_text_en")).to_have_value("It can't have happened.")
