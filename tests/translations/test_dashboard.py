"""The overview of translations: what it shows, its filters, its order, its files."""

import csv
import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.users.models import UserProfile

from tests.people import person
from translations.languages import target_languages
from translations.models import LanguageState, RecordEntry
from translations.overview import sort_choices
from translations.states import State

OVERVIEW = "/admin/translations/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    def join(group, username="member", **fields):
        return person(username, group, **fields)

    return join


@pytest.fixture
def overview(admin_client):
    """Opens the overview with filters and gives its HTML."""

    def open_overview(status=200, **filters):
        response = admin_client.get(OVERVIEW, filters)
        assert response.status_code == status
        return BeautifulSoup(response.content.decode(), "html.parser")

    return open_overview


@pytest.fixture
def few(db):
    """Three records in the place of all others: (Alpha, beta, Gamma), all drafts by machine."""
    RecordEntry.objects.all().delete()
    content_type = ContentType.objects.get(app_label="milestones", model="milestone")
    entries = {}
    for number, (title, words) in enumerate([("Alpha report", 10), ("beta Report", 30), ("Gamma", 20)], 9001):
        entry = RecordEntry.objects.create(
            content_type=content_type,
            object_id=number,
            label="milestones.milestone",
            title=title,
            words=words,
            updated_at=timezone.now(),
        )
        LanguageState.objects.bulk_create(
            LanguageState(entry=entry, language=language.code, state=State.DRAFT, origin="machine", total=4)
            for language in target_languages()
        )
        entries[title.split()[0].lower()] = entry
    return entries


def make_more(number):
    content_type = ContentType.objects.get(app_label="milestones", model="milestone")
    entries = RecordEntry.objects.bulk_create(
        RecordEntry(content_type=content_type, object_id=n, label="milestones.milestone", title=f"M {n:03}")
        for n in range(number)
    )
    LanguageState.objects.bulk_create(
        LanguageState(entry=entry, language=language.code)
        for entry in entries
        for language in target_languages()
    )


def titles(html):
    return [
        cell.get_text(strip=True) for cell in html.select("table.parity tbody:last-of-type .parity__name")
    ]


def change(entry, language="fr", **fields):
    LanguageState.objects.filter(entry=entry, language=language).update(**fields)


def test_every_record_of_the_site_has_a_row(overview):
    html = overview()
    assert html.select_one("#parity-count").get_text(strip=True) == f"{RecordEntry.objects.count()} records"


def test_the_columns_are_the_languages_in_the_order_of_the_united_nations(overview):
    heads = [head.get_text(strip=True) for head in overview().select("thead th")]
    assert heads[2:] == [name for _code, name in settings.LANGUAGES]


def test_a_language_is_headed_by_its_own_name_in_its_own_direction(overview):
    head = overview().select_one('thead a[lang="ar"]')
    assert head["dir"] == "rtl"


def test_each_cell_leads_to_the_editor_of_its_language(overview, few, translated):
    addresses = {link["href"] for link in overview().select(".parity__cell a")}
    assert f"{OVERVIEW}milestones.milestone/9001/{translated}/" in addresses


def test_a_cell_says_its_state_its_share_and_the_words_left(overview, few):
    change(few["alpha"], state=State.OUTDATED, done=3, words_left=7)
    cell = (
        overview(language="fr", q="alpha")
        .select_one("tbody:last-of-type .state-mark--outdated")
        .find_parent("td")
    )
    assert "Out of date" in cell.get_text()
    assert "75%" in cell.get_text()
    assert "7 words left" in cell.get_text()


def test_a_share_is_never_rounded_up_to_all(overview, few):
    change(few["alpha"], done=399, total=400)
    assert "99%" in overview(language="fr", q="alpha").select("tbody")[-1].get_text()


def test_a_returned_translation_is_told_from_a_draft(overview, few):
    change(few["alpha"], note="Not the official name.")
    html = overview(language="fr", returned="on")
    assert titles(html) == ["Alpha report"]
    assert "Returned" in html.select("tbody")[-1].get_text()


def test_one_language_leaves_out_the_others(overview, few):
    heads = [head.get_text(strip=True) for head in overview(language="fr").select("thead th")]
    assert heads[1:] == ["Title", "English", "Français"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"q": "report"}, ["Alpha report", "beta Report"]),
        ({"q": "REPORT alpha"}, ["Alpha report"]),
        ({"q": "nothing like it"}, []),
        ({"type": "milestones.milestone"}, ["Alpha report", "beta Report", "Gamma"]),
        ({"type": "news.newspage"}, []),
        ({"state": "review"}, ["beta Report"]),
        ({"state": ["review", "approved"]}, ["beta Report", "Gamma"]),
        ({"state": "review", "language": "fr"}, ["beta Report"]),
        ({"state": "review", "language": "ru"}, []),
        ({"changed": "7", "language": "fr"}, ["beta Report"]),
        ({"changed": "-30", "language": "fr"}, ["Gamma"]),
        ({"changed": "-30"}, ["Alpha report"]),
    ],
)
def test_a_filter_shows_the_records_that_fit(overview, few, filters, found):
    now = timezone.now()
    change(few["beta"], state=State.REVIEW, changed_at=now - timedelta(days=2))
    change(few["gamma"], state=State.APPROVED, changed_at=now - timedelta(days=40))
    RecordEntry.objects.filter(pk=few["alpha"].pk).update(updated_at=now - timedelta(days=50))
    assert titles(overview(**filters)) == found


def test_two_filters_must_fit_the_same_language(overview, few, member):
    person = member("French translators")
    change(few["alpha"], "fr", assignee=person)
    change(few["alpha"], "ru", state=State.REVIEW)
    assert titles(overview(assignee=person.pk, state="review")) == []
    assert titles(overview(assignee=person.pk, state="draft")) == ["Alpha report"]


def test_the_filter_of_people_knows_me_and_nobody(admin_client, administrator, overview, few):
    for language in target_languages():
        change(few["alpha"], language.code, assignee=administrator)
    assert titles(overview(assignee="me")) == ["Alpha report"]
    assert titles(overview(assignee="nobody")) == ["beta Report", "Gamma"]


def test_overdue_is_what_should_have_been_handed_in(overview, few, administrator):
    yesterday = timezone.localdate() - timedelta(days=1)
    change(few["alpha"], assignee=administrator, due=yesterday)
    change(few["beta"], assignee=administrator, due=yesterday, state=State.REVIEW)
    change(few["gamma"], assignee=administrator, due=timezone.localdate())
    assert titles(overview(overdue="on")) == ["Alpha report"]


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("title", ["Alpha report", "beta Report", "Gamma"]),
        ("-title", ["Gamma", "beta Report", "Alpha report"]),
        ("words", ["Alpha report", "Gamma", "beta Report"]),
        ("-left", ["beta Report", "Alpha report", "Gamma"]),
        ("in-fr", ["Gamma", "Alpha report", "beta Report"]),
        ("due", ["Gamma", "Alpha report", "beta Report"]),
        ("-due", ["Gamma", "Alpha report", "beta Report"]),
    ],
)
@pytest.mark.parametrize("language", ["", "fr"])
def test_a_press_on_a_head_sorts(overview, few, sort, found, language):
    change(few["beta"], state=State.APPROVED, words_left=100)
    change(few["gamma"], state=State.MISSING, due=timezone.localdate())
    assert titles(overview(sort=sort, language=language)) == found


def test_the_head_of_a_sorted_column_says_so_and_turns_it_round(overview, few):
    head = overview(sort="in-fr", q="report").select_one('th[aria-sort="ascending"] a')
    assert head.get_text(strip=True) == "Français"
    assert "sort=-in-fr" in head["href"]
    assert "q=report" in head["href"]


@pytest.mark.parametrize("sort", [key for key, _name in sort_choices()])
def test_every_order_can_be_asked_for(overview, sort):
    assert titles(overview(sort=sort))


@pytest.mark.parametrize(
    "filters",
    [
        {"language": "klingon"},
        {"sort": "password"},
        {"state": "perfect"},
        {"assignee": "0' OR 1=1"},
        {"assignee": "9" * 30},
        {"changed": "soon"},
        {"type": "auth.user"},
    ],
)
def test_a_filter_that_means_nothing_is_named_and_left_out(overview, few, filters):
    html = overview(**filters)
    assert len(titles(html)) == 3
    assert html.select_one(".parity-filters .error-message")


@pytest.mark.parametrize(("number", "shown"), [("1", 50), ("2", 10), ("99", 10), ("nonsense", 50)])
def test_fifty_records_make_a_page(overview, few, number, shown):
    content_type = few["alpha"].content_type
    many = RecordEntry.objects.bulk_create(
        RecordEntry(content_type=content_type, object_id=n, label="milestones.milestone", title=f"M {n:03}")
        for n in range(57)
    )
    LanguageState.objects.bulk_create(
        LanguageState(entry=entry, language=language.code)
        for entry in many
        for language in target_languages()
    )
    html = overview(p=number)
    assert len(titles(html)) == shown
    assert html.select_one("nav.pagination")


def test_the_totals_count_what_fits_and_nothing_else(overview, few):
    change(few["alpha"], state=State.APPROVED)
    change(few["beta"], state=State.MISSING, words_left=1234)
    totals = overview(language="fr").select_one(".parity__totals").get_text(" ", strip=True)
    assert "33% approved" in totals
    assert "1,234 words left" in totals
    assert "60 words" in totals
    totals = overview(language="fr", state="missing").select_one(".parity__totals").get_text(" ", strip=True)
    assert "0% approved" in totals


def test_nothing_found_says_so_and_shows_the_way_back(overview, few):
    html = overview(q="nothing like it")
    assert "No record fits all these filters." in html.get_text()
    assert html.select_one('.parity-none a[href="/admin/translations/"]')


# Who sees what -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", ["Editors", "Publishers", "French translators", "Arabic reviewers"])
def test_everybody_who_works_on_the_site_may_look(client, member, group):
    client.force_login(member(group))
    assert client.get(OVERVIEW).status_code == 200


@pytest.mark.parametrize("path", ["", "table.csv", "table.xlsx", "assign/"])
def test_nobody_else_may(client, django_user_model, path):
    address = f"{OVERVIEW}{path}"
    assert client.get(address).status_code == 302
    client.force_login(django_user_model.objects.create_user("visitor"))
    assert client.get(address).status_code == 302


def test_a_title_leads_to_the_form_of_those_who_may_edit_it(client, member, page):
    number = page("about/mission/").pk
    client.force_login(member("Editors"))
    assert f'href="/admin/pages/{number}/edit/"' in client.get(OVERVIEW, {"type": "pages.missionpage"}).text
    client.force_login(member("French translators", "translator"))
    assert f"/admin/pages/{number}/edit/" not in client.get(OVERVIEW, {"type": "pages.missionpage"}).text


def test_an_editor_of_one_part_of_the_tree_gets_links_to_that_part(client, django_user_model, page):
    from django.contrib.auth.models import Permission
    from wagtail.models import GroupPagePermission

    group = Group.objects.create(name="About alone")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    GroupPagePermission.objects.create(
        group=group, page=page("about/"), permission=Permission.objects.get(codename="change_basepage")
    )
    user = django_user_model.objects.create_user("editor of about")
    user.groups.add(group)
    client.force_login(user)
    html = client.get(OVERVIEW).text
    assert f"/admin/pages/{page('about/mission/').pk}/edit/" in html
    assert f"/admin/pages/{page('').pk}/edit/" not in html


# Files ---------------------------------------------------------------------------------------------------


def read_csv(response):
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def read_xlsx(response):
    return load_workbook(io.BytesIO(b"".join(response.streaming_content))).active


def test_the_table_holds_what_the_filters_show(admin_client, few):
    rows = read_csv(admin_client.get(f"{OVERVIEW}table.csv", {"q": "report", "language": "fr"}))
    assert [row[1] for row in rows[1:]] == ["Alpha report", "beta Report"]
    assert len(rows[0]) == 6 + 5
    sheet = read_xlsx(admin_client.get(f"{OVERVIEW}table.xlsx", {"q": "report"}))
    assert [cell.value for cell in sheet["B"]][1:] == ["Alpha report", "beta Report"]
    assert sheet.max_column == 6 + 5 * 5


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1+1"])
def test_a_title_is_never_a_formula(admin_client, few, title):
    RecordEntry.objects.filter(pk=few["alpha"].pk).update(title=title)
    rows = read_csv(admin_client.get(f"{OVERVIEW}table.csv"))
    assert f"'{title}" in [row[1] for row in rows]
    sheet = read_xlsx(admin_client.get(f"{OVERVIEW}table.xlsx"))
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_characters_that_a_sheet_cannot_hold_are_left_out(admin_client, few):
    RecordEntry.objects.filter(pk=few["alpha"].pk).update(title="Al\x01pha\x0b")
    sheet = read_xlsx(admin_client.get(f"{OVERVIEW}table.xlsx"))
    assert "Alpha" in [cell.value for cell in sheet["B"]]


@pytest.mark.parametrize(("language", "mirrored"), [("ar", True), ("fr", False)])
def test_a_sheet_runs_as_the_admin_of_its_reader_does(admin_client, administrator, few, language, mirrored):
    profile = UserProfile.get_for_user(administrator)
    profile.preferred_language = language
    profile.save()
    sheet = read_xlsx(admin_client.get(f"{OVERVIEW}table.xlsx"))
    assert bool(sheet.sheet_view.rightToLeft) == mirrored


def test_no_other_kind_of_file_is_offered(admin_client):
    assert admin_client.get(f"{OVERVIEW}table.exe").status_code == 404


# Cost ----------------------------------------------------------------------------------------------------


def queries(client, **filters):
    client.get(OVERVIEW, filters)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(OVERVIEW, filters).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"language": "fr", "state": "draft", "sort": "left"},
        {"sort": "-in-ar", "assignee": "me"},
        {"q": "a"},
    ],
)
def test_the_overview_needs_at_most_twelve_queries(admin_client, filters):
    assert queries(admin_client, **filters) <= 12


@pytest.mark.parametrize("group", ["French translators", "French reviewers", "Editors", "Publishers"])
def test_it_does_for_others_too(client, member, group):
    client.force_login(member(group))
    # The menu asks once more for those who may have messages of visitors to read.
    assert queries(client) <= (13 if group in {"Editors", "Publishers"} else 12)


def test_more_records_need_no_more_queries(admin_client, few):
    before = queries(admin_client)
    content_type = few["alpha"].content_type
    many = RecordEntry.objects.bulk_create(
        RecordEntry(content_type=content_type, object_id=n, label="milestones.milestone", title=f"M {n:03}")
        for n in range(120)
    )
    LanguageState.objects.bulk_create(
        LanguageState(entry=entry, language=language.code)
        for entry in many
        for language in target_languages()
    )
    assert queries(admin_client) <= before


# On to the forms for chosen records ----------------------------------------------------------------------


def test_ticked_records_go_to_the_form_for_files(admin_client, few):
    response = admin_client.get("/admin/translations/files/export/", {"record": few["alpha"].key})
    assert "Alpha report" in response.text
    assert "beta Report" not in response.text


def test_all_that_fits_goes_there_too(admin_client, few):
    response = admin_client.get("/admin/translations/files/export/", {"all": "1", "q": "report"})
    assert "beta Report" in response.text
    assert "Gamma" not in response.text
