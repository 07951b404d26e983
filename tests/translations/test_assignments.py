"""Giving translations to people: who may, to whom, until when."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests import people
from tests.translating import approve
from translations.assignments import assign
from translations.languages import get_language, target_languages
from translations.models import LanguageState, RecordEntry
from translations.rights import assigned_by, can_assign, translators

ASSIGN = "/admin/translations/assign/"
FRENCH, RUSSIAN = get_language("fr"), get_language("ru")
NAMES = {"ar": "Arabic", "zh-hans": "Chinese", "fr": "French", "ru": "Russian", "es": "Spanish"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    def make(*groups, **fields):
        return people.person("-".join(groups).lower().replace(" ", "-"), *groups, **fields)

    return make


@pytest.fixture
def translator(person):
    return person("French translators", first_name="Marie", last_name="Curie")


@pytest.fixture
def reviewer(person):
    return person("French reviewers")


@pytest.fixture
def entry(page):
    return RecordEntry.objects.for_record(page("about/mission/")).get()


def state(entry, code="fr"):
    return LanguageState.objects.get(entry=entry, language=code)


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


def post(client, entry, **data):
    return client.post(ASSIGN, {"record": entry.key, **data})


# The rule --------------------------------------------------------------------------------------------------


def test_a_reviewer_assigns_in_their_own_language_alone(person, translated):
    user = person(f"{NAMES[translated]} reviewers")
    assert [language.code for language in assigned_by(user)] == [translated]


@pytest.mark.parametrize(("group", "number"), [("Publishers", 5), ("Editors", 0), ("French translators", 0)])
def test_publishers_assign_in_every_language_and_others_in_none(person, group, number):
    assert len(assigned_by(person(group))) == number


def test_nobody_assigns_the_source(administrator):
    assert not can_assign(administrator, get_language("en"))


def test_those_who_may_translate_are_translators_and_reviewers(person, translated):
    own = [person(f"{NAMES[translated]} translators"), person(f"{NAMES[translated]} reviewers")]
    person("Editors")
    person(*(f"{NAMES[code]} translators" for code in NAMES if code != translated))
    assert set(translators(get_language(translated)).filter(is_superuser=False)) == set(own)


def test_somebody_who_has_left_is_not_offered(translator):
    translator.is_active = False
    translator.save()
    assert translator not in translators(FRENCH)


# Assigning -------------------------------------------------------------------------------------------------


def test_an_assignment_says_who_gave_it_and_until_when(entry, translator, reviewer):
    assign([entry], FRENCH, translator, user=reviewer, due=tomorrow())
    given = state(entry)
    assert (given.assignee, given.assigned_by, given.due) == (translator, reviewer, tomorrow())
    assert given.assigned_at is not None


def test_it_concerns_one_language(entry, translator, reviewer):
    assign([entry], FRENCH, translator, user=reviewer)
    assert state(entry, "ru").assignee is None


def test_it_can_be_taken_back(entry, translator, reviewer):
    assign([entry], FRENCH, translator, user=reviewer, due=tomorrow())
    assert assign([entry], FRENCH, None, user=reviewer).changed == 1
    given = state(entry)
    assert (given.assignee, given.assigned_by, given.assigned_at, given.due) == (None, None, None, None)


def test_what_is_approved_is_assigned_to_nobody(page, entry, translator, reviewer):
    approve(page("about/mission/"), "fr")
    result = assign([entry], FRENCH, translator, user=reviewer)
    assert (result.changed, result.approved) == (0, 1)
    assert state(entry).assignee is None


def test_a_person_who_may_not_translate_gets_nothing(entry, person, reviewer):
    with pytest.raises(PermissionDenied):
        assign([entry], FRENCH, person("Russian translators"), user=reviewer)
    assert state(entry).assignee is None


def test_a_person_who_has_left_gets_nothing(entry, translator, reviewer):
    translator.is_active = False
    with pytest.raises(PermissionDenied):
        assign([entry], FRENCH, translator, user=reviewer)


@pytest.mark.parametrize("group", ["Editors", "French translators", "Russian reviewers"])
def test_a_person_who_may_not_assign_assigns_nothing(entry, person, group):
    translator = people.person("somebody", "French translators")
    with pytest.raises(PermissionDenied):
        assign([entry], FRENCH, translator, user=person(group))
    assert state(entry).assignee is None


# The form --------------------------------------------------------------------------------------------------


def test_a_reviewer_assigns_ticked_records(client, entry, translator, reviewer):
    client.force_login(reviewer)
    html = client.get(ASSIGN, {"record": entry.key}).text
    assert entry.title in html
    assert "Marie Curie" in html
    response = post(client, entry, **{"person-fr": translator.pk, "due": tomorrow().isoformat()})
    assert response.status_code == 302
    assert state(entry).assignee == translator
    assert state(entry).due == tomorrow()


def test_the_overview_then_shows_it(client, entry, translator, reviewer):
    client.force_login(reviewer)
    post(client, entry, **{"person-fr": translator.pk, "due": tomorrow().isoformat()})
    html = client.get("/admin/translations/", {"assignee": translator.pk}).text
    assert entry.title in html
    assert "Marie Curie, due" in html


def test_all_that_fits_the_filters_can_be_assigned_at_once(client, translator, reviewer):
    client.force_login(reviewer)
    client.post(ASSIGN, {"all": "1", "type": "news.newscategory", "person-fr": translator.pk})
    given = LanguageState.objects.filter(assignee=translator)
    assert given.count() == RecordEntry.objects.filter(label="news.newscategory").count()


def test_the_way_back_keeps_the_filters(client, entry, translator, reviewer):
    client.force_login(reviewer)
    response = post(client, entry, **{"person-fr": translator.pk, "language": "fr", "q": "mission"})
    assert response.url == "/admin/translations/?q=mission&language=fr"


def test_publishers_assign_several_languages_at_once(client, entry, person, translator):
    russian = person("Russian translators")
    client.force_login(person("Publishers"))
    post(client, entry, **{"person-fr": translator.pk, "person-ru": russian.pk})
    assert state(entry, "fr").assignee == translator
    assert state(entry, "ru").assignee == russian


def test_a_language_that_is_left_as_it_is_stays(client, entry, person, translator, reviewer):
    assign([entry], FRENCH, translator, user=reviewer, due=tomorrow())
    russian = person("Russian translators")
    client.force_login(person("Publishers"))
    post(client, entry, **{"person-fr": "", "person-ru": russian.pk})
    assert (state(entry).assignee, state(entry).due) == (translator, tomorrow())


def test_nobody_takes_an_assignment_back(client, entry, translator, reviewer):
    assign([entry], FRENCH, translator, user=reviewer)
    client.force_login(reviewer)
    post(client, entry, **{"person-fr": "nobody"})
    assert state(entry).assignee is None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose a person for at least one language."),
        ({"person-fr": "nobody", "due": "2020-01-01"}, "This day has passed"),
        ({"person-fr": "nobody", "due": "soon"}, "Enter a valid date"),
        ({"person-fr": "999999"}, "Select a valid choice"),
    ],
)
def test_the_form_says_what_is_wrong_and_changes_nothing(client, entry, reviewer, translator, data, sentence):
    assign([entry], FRENCH, translator, user=reviewer)
    client.force_login(reviewer)
    response = post(client, entry, **data)
    assert sentence in response.text
    assert state(entry).assignee == translator


def test_a_form_made_up_for_another_language_is_refused(client, entry, person, reviewer):
    russian = person("Russian translators")
    client.force_login(reviewer)
    post(client, entry, **{"person-ru": russian.pk, "person-fr": "nobody"})
    assert state(entry, "ru").assignee is None


@pytest.mark.parametrize("group", ["Editors", "French translators"])
def test_others_are_turned_away(client, entry, person, translator, group):
    user = translator if group == "French translators" else person(group)
    client.force_login(user)
    response = post(client, entry, **{"person-fr": translator.pk})
    assert response.status_code == 302
    assert response.url == "/admin/"
    assert state(entry).assignee is None


def test_without_any_ticked_record_the_way_leads_back(client, reviewer):
    client.force_login(reviewer)
    response = client.get(ASSIGN)
    assert response.status_code == 302
    assert response.url == "/admin/translations/"


@pytest.mark.parametrize("key", ["pages.missionpage:", "nonsense", "a.b:1 OR 1=1", f"a:{'9' * 30}"])
def test_a_key_that_means_nothing_is_left_out(client, reviewer, key):
    client.force_login(reviewer)
    assert client.get(ASSIGN, {"record": key}).status_code == 302


def test_the_button_is_there_for_those_who_may(client, person, reviewer):
    client.force_login(reviewer)
    assert 'formaction="/admin/translations/assign/"' in client.get("/admin/translations/").text
    client.force_login(person("Editors"))
    assert 'formaction="/admin/translations/assign/"' not in client.get("/admin/translations/").text


# The home page ---------------------------------------------------------------------------------------------


def home(client, user):
    client.force_login(user)
    return client.get("/admin/").text


def test_the_translator_sees_it_on_the_home_page(client, entry, translator, reviewer):
    assign([entry], FRENCH, translator, user=reviewer, due=tomorrow())
    html = home(client, translator)
    assert "Assigned to you" in html
    assert f'href="/admin/translations/{entry.label}/{entry.object_id}/fr/"' in html


def test_what_is_overdue_comes_first_and_says_so(client, page, entry, translator, reviewer):
    other = RecordEntry.objects.for_record(page("about/")).get()
    assign([entry], FRENCH, translator, user=reviewer, due=tomorrow())
    assign([other], FRENCH, translator, user=reviewer)
    LanguageState.objects.filter(entry=other, language="fr").update(
        due=timezone.localdate() - timedelta(days=2)
    )
    html = home(client, translator)
    assert "Overdue since" in html
    assert html.index(f"/{other.object_id}/fr/") < html.index(f"/{entry.object_id}/fr/")


def test_another_translator_does_not_see_it(client, entry, person, translator, reviewer):
    assign([entry], FRENCH, translator, user=reviewer)
    other = person("French translators", "Editors")
    html = home(client, other)
    assert "Assigned to you" not in html
    assert f"/{entry.object_id}/fr/" not in html


def test_a_returned_translation_is_shown_with_the_reason(client, entry, translator):
    LanguageState.objects.filter(entry=entry, language="fr").update(note="Not the <official> name.")
    html = home(client, translator)
    assert "Returned to you by a reviewer" in html
    assert "Not the &lt;official&gt; name." in html


def test_a_reviewer_sees_what_is_to_review_and_a_translator_does_not(client, entry, translator, reviewer):
    LanguageState.objects.filter(entry=entry, language="fr").update(state="review", assignee=translator)
    assert "To review" in home(client, reviewer)
    assert "To review" not in home(client, translator)


def test_somebody_without_a_language_sees_nothing_of_it(client, person):
    assert "translations-waiting" not in home(client, person("Editors"))


def test_an_editor_sees_which_recent_pages_are_ahead_of_their_translations(client, page, person):
    editor = person("Editors")
    mission = approve(page("about/mission/"), "fr")
    mission.title_en = "Our new mission"
    mission.save_revision(user=editor).publish()
    html = home(client, editor)
    assert "Your recent pages that are ahead of their translations" in html
    assert f"/{mission.pk}/fr/" in html


def test_wagtails_own_panels_stay(client, page, person):
    editor = person("Editors")
    page("about/mission/").save_revision(user=editor, log_action=True)
    assert "Your most recent edits" in home(client, editor)


def test_the_home_page_asks_no_more_for_more_languages(client, person, django_assert_max_num_queries):
    one = person("French translators")
    everything = person(*(f"{name} reviewers" for name in NAMES.values()))
    for user in (one, everything):
        client.force_login(user)
        client.get("/admin/")
        with django_assert_max_num_queries(22):
            client.get("/admin/")


def test_what_readers_lack_altogether_comes_before_what_is_to_check(client, entry, translator):
    LanguageState.objects.filter(entry=entry, language="fr").update(state="missing", changed_at=None)
    html = home(client, translator)
    listed = html[html.index("To translate or to check") :]
    assert re.search(r"/admin/translations/[\w.]+/(\d+)/fr/", listed)[1] == str(entry.object_id)


def test_the_lists_are_short_and_the_rest_is_one_press_away(client, translator):
    html = home(client, translator)
    number = LanguageState.objects.filter(language="fr", state="draft", note="").count()
    assert f"and {number - 5} more" in html
    assert len(target_languages()) == 5
