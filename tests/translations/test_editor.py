"""The page on which a record is translated, as a translator, a reviewer and everybody else use it."""

import json

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import translation

from tests import people
from translations import workflow
from translations.languages import get_language, target_languages
from translations.registry import preview_url, translate_url
from translations.segments import segments
from translations.states import State

MISSION = "about/mission/"
NAMES = {"ar": "Arabic", "zh-hans": "Chinese", "fr": "French", "ru": "Russian", "es": "Spanish"}


@pytest.fixture
def person(db):
    """Makes somebody with a role, such as "French translators"."""

    def make(role, name=None):
        return people.person(name or role.lower().replace(" ", "-"), role)

    return make


@pytest.fixture
def translator(person):
    return person("French translators")


@pytest.fixture
def reviewer(person):
    return person("French reviewers")


@pytest.fixture
def mission(page):
    return page(MISSION)


FRENCH = get_language("fr")


class Editor:
    """The page of a record in a language, as somebody's browser has it."""

    def __init__(self, client, record, language=FRENCH, query=""):
        self.client, self.record = client, record
        self.url = translate_url(record, language) + query
        self.read(client.get(self.url))

    def read(self, response):
        self.response = response
        assert response.status_code == 200, response.status_code
        self.soup = BeautifulSoup(response.content.decode(), "html.parser")
        self.form = self.soup.find(id="translation-form")
        self.data = {}
        if self.form:
            for field in self.form.find_all(["input", "textarea"]):
                if field.get("name") is None or (
                    field.get("type") == "checkbox" and "checked" not in field.attrs
                ):
                    continue
                # A browser leaves out the first line break of a textarea.
                value = field.get("value", "on") if field.name == "input" else field.text.removeprefix("\n")
                self.data[field["name"]] = value
        return self

    def keys(self):
        return [name.removeprefix("text:") for name in self.data if name.startswith("text:")]

    def write(self, texts):
        self.data |= {f"text:{key}": text for key, text in texts.items()}
        return self

    def post(self, action="save", **more):
        response = self.client.post(self.url, self.data | {"action": action} | more, follow=True)
        return self.read(response)

    @property
    def actions(self):
        return {button["value"] for button in self.soup.find_all("button", attrs={"name": "action"})}

    @property
    def summary(self):
        found = self.soup.find(attrs={"data-summary": True})
        return " ".join(found.get_text(" ").split()) if found else ""


@pytest.fixture
def opened(client, mission):
    """Opens the mission page in a language as somebody."""

    def open_as(user, language=FRENCH, query="", record=mission):
        client.force_login(user)
        return Editor(client, record, language, query)

    return open_as


def found(record, language=FRENCH):
    return segments(workflow.working_copy(record), language)


def state(record, language=FRENCH):
    return workflow.progress(record, language).state


def approve_all(record, user, language=FRENCH):
    workflow.approve(record, language, user)


def change_english(record, title):
    """An editor changes the title and publishes."""
    with translation.override("en"):
        working = type(record)._base_manager.get(pk=record.pk).get_latest_revision_as_object()
        working.writes_languages = frozenset()
        working.title_en = title
        working.save_revision().publish()


def test_every_segment_is_shown_with_its_source_and_an_input_that_knows_its_language(
    opened, person, translated
):
    language = get_language(translated)
    editor = opened(person(f"{NAMES[translated]} translators"), language)
    inputs = editor.form.find_all("textarea", attrs={"data-input": True})
    assert len(inputs) == len(found(editor.record, language)) > 3
    for box in inputs:
        assert (box["lang"], box["dir"]) == (language.tag, language.direction)
        assert editor.soup.find("label", attrs={"for": box["id"]})
        source = editor.soup.find(id=box["aria-describedby"].split()[0])
        assert (source["lang"], source["dir"]) == ("en", "ltr")


def test_saving_unchanged_changes_nothing(opened, translator, mission):
    before = mission.latest_revision_id
    editor = opened(translator).post()
    assert "There was nothing new to save." in editor.soup.get_text()
    mission.refresh_from_db()
    assert mission.latest_revision_id == before


@pytest.mark.parametrize("code", ["ar", "fr"])
def test_a_translator_saves_and_visitors_go_on_reading_what_they_had(opened, person, page, get, code):
    language = get_language(code)
    editor = opened(person(f"{NAMES[code]} translators"), language)
    public = page(MISSION).localize("title", language).value
    editor.write({"title/-/0": "Mots nouveaux"}).post()
    assert "Saved: 1 segment." in editor.soup.get_text()
    assert found(editor.record, language)[0].target == "Mots nouveaux"
    assert state(editor.record, language) == State.DRAFT
    assert page(MISSION).localize("title", language).value == public


def test_the_journey_from_draft_to_public(client, mission, translator, reviewer, get):
    client.force_login(translator)
    editor = Editor(client, mission).write({"title/-/0": "Notre mission"}).post("submit")
    assert "Sent to review." in editor.soup.get_text()
    assert state(mission) == State.REVIEW
    assert "approve" not in editor.actions
    client.force_login(reviewer)
    editor = Editor(client, mission)
    assert {"approve", "return", "withdraw", "save"} <= editor.actions
    editor.post("approve")
    assert "Approved: visitors can read it now." in editor.soup.get_text()
    assert state(mission) == State.APPROVED
    assert "Notre mission" in get("/fr/about/mission/").h1.text


def test_a_reviewer_returns_it_only_with_a_note(client, mission, translator, reviewer):
    workflow.submit(mission, FRENCH, translator)
    client.force_login(reviewer)
    editor = Editor(client, mission).post("return", note="  ")
    assert "Write a note that says what should be changed." in editor.summary
    assert state(mission) == State.REVIEW
    editor.post("return", note="Vouvoyez le lecteur.")
    assert state(mission) == State.DRAFT
    client.force_login(translator)
    assert "Vouvoyez le lecteur." in Editor(client, mission).soup.get_text()


def test_a_translator_takes_it_back_from_review(opened, translator, mission):
    workflow.submit(mission, FRENCH, translator)
    editor = opened(translator).post("withdraw")
    assert "Taken back from review." in editor.soup.get_text()
    assert state(mission) == State.DRAFT


def test_only_a_reviewer_takes_an_approval_back(opened, translator, reviewer, mission, page):
    approve_all(mission, reviewer)
    assert "withdraw" not in opened(translator).actions
    opened(reviewer).post("withdraw")
    assert state(mission) == State.DRAFT
    assert not page(MISSION).is_public_in(FRENCH)


def test_an_incomplete_translation_is_saved_but_not_sent_and_each_gap_is_named(opened, translator, mission):
    editor = opened(translator)
    editor.write({"title/-/0": "", "lead/-/0": "Un nouveau chapô"}).post("submit")
    assert "Some segments need your attention." in editor.summary
    assert "This has not been translated yet." in editor.summary
    link = editor.soup.find(attrs={"data-summary": True}).find("a")
    assert editor.soup.find(id=link["href"].removeprefix("#"))["aria-invalid"] == "true"
    assert state(mission) == State.DRAFT
    targets = {segment.key: segment.target for segment in found(mission)}
    assert (targets["title/-/0"], targets["lead/-/0"]) == ("", "Un nouveau chapô")


def test_a_text_that_cannot_be_taken_is_refused_with_a_sentence_and_nothing_typed_is_lost(
    opened, translator, mission
):
    rich = next(segment for segment in found(mission) if segment.is_rich)
    editor = opened(translator)
    editor.write({rich.key: "Un <7>mot</7>", "title/-/0": "Titre tapé"}).post()
    assert "There is no mark <7> in the source: take it out." in editor.summary
    assert editor.data[f"text:{rich.key}"] == "Un <7>mot</7>"
    assert editor.data["text:title/-/0"] == "Titre tapé"
    assert found(mission)[0].target != "Titre tapé"
    editor.write({rich.key: "Un mot"}).post()
    assert found(mission)[0].target == "Titre tapé"


def test_two_people_in_the_same_language_are_warned_and_neither_loses_anything(client, mission, person):
    anna, boris = person("French translators", "anna"), person("French translators", "boris")
    client.force_login(anna)
    hers = Editor(client, mission)
    client.force_login(boris)
    his = Editor(client, mission)
    assert "anna has this translation open too" in his.soup.get_text()
    his.write({"title/-/0": "De Boris", "lead/-/0": "Chapô de Boris"}).post()
    client.force_login(anna)
    hers.write({"title/-/0": "D’Anna"}).post()
    assert "Somebody else has changed the same segments" in hers.summary
    assert "boris wrote" in hers.soup.get_text()
    assert "De Boris" in hers.soup.find(class_="segment__theirs").get_text()
    assert hers.data["text:title/-/0"] == "D’Anna"
    # What she did not touch is his.
    assert hers.data["text:lead/-/0"] == "Chapô de Boris"
    assert found(mission)[0].target == "De Boris"
    hers.post()
    targets = {segment.key: segment.target for segment in found(mission)}
    assert targets["title/-/0"] == "D’Anna"
    assert targets["lead/-/0"] == "Chapô de Boris"


def test_two_people_in_different_segments_both_keep_their_work(client, mission, person):
    client.force_login(person("French translators", "anna"))
    hers = Editor(client, mission)
    his = Editor(client, mission).write({"lead/-/0": "Le sien"}).post()
    assert not his.summary
    hers.write({"title/-/0": "Le mien"}).post()
    targets = {segment.key: segment.target for segment in found(mission)}
    assert (targets["title/-/0"], targets["lead/-/0"]) == ("Le mien", "Le sien")


@pytest.mark.parametrize("role", ["Editors", "Publishers", "Russian translators", "Russian reviewers"])
@pytest.mark.parametrize("action", ["save", "submit", "approve", "approve-again", "return", "withdraw"])
def test_others_read_but_change_nothing(client, mission, person, role, action):
    client.force_login(person(role))
    editor = Editor(client, mission)
    assert editor.form is None
    assert not editor.soup.select("main textarea, main button[name=action]")
    assert "you have no right to change it" in editor.soup.get_text()
    before = mission.latest_revision_id
    response = client.post(editor.url, {"action": action, "text:title/-/0": "Hostile", "note": "x"})
    assert response.status_code in {302, 403}
    mission.refresh_from_db()
    assert mission.latest_revision_id == before
    assert found(mission)[0].target != "Hostile"


@pytest.mark.parametrize("action", ["approve", "return"])
def test_a_translator_cannot_review(opened, translator, mission, action):
    workflow.submit(mission, FRENCH, translator)
    editor = opened(translator)
    assert action not in editor.actions
    editor.client.post(editor.url, editor.data | {"action": action, "note": "x"})
    assert state(mission) == State.REVIEW


def test_nobody_outside_the_admin_sees_it(client, mission, django_user_model):
    url = translate_url(mission, FRENCH)
    assert client.get(url).status_code == 302
    client.force_login(django_user_model.objects.create_user("visitor", password="-"))
    assert client.get(url).status_code in {302, 403}


@pytest.mark.parametrize(
    "address",
    [
        "pages.missionpage/1/xx",
        "pages.missionpage/1/en",
        "pages.nothing/1/fr",
        "pages.missionpage/99999/fr",
        "pages.missionpage/x/fr",
        "auth.group/1/fr",
    ],
)
def test_an_unknown_address_is_not_found(admin_client, address):
    assert admin_client.get(f"/admin/translations/{address}/").status_code == 404


def test_a_changed_source_shows_what_changed(opened, reviewer, mission):
    approve_all(mission, reviewer)
    old = mission.title_en
    change_english(mission, f"{old} and vision")
    assert state(mission) == State.OUTDATED
    editor = opened(reviewer, query="?show=outdated")
    assert editor.keys() == ["title/-/0"]
    difference = editor.soup.find(class_="difference__text")
    assert difference.ins.get_text().endswith("and vision")
    assert difference.find("del") is None
    assert "added:" in difference.get_text()
    assert "Out of date" in editor.soup.find(class_="segment").get_text()


def test_still_right_approve_again_is_one_action(opened, reviewer, mission, page):
    approve_all(mission, reviewer)
    change_english(mission, "A changed title")
    words = page(MISSION).title_fr
    editor = opened(reviewer).post("approve-again")
    assert "Approved: visitors can read it now." in editor.soup.get_text()
    assert state(mission) == State.APPROVED
    assert page(MISSION).title_fr == words
    assert page(MISSION).outdated_since(FRENCH) is None


def test_still_right_by_a_translator_goes_to_review(opened, translator, reviewer, mission):
    approve_all(mission, reviewer)
    change_english(mission, "A changed title")
    editor = opened(translator).post("approve-again")
    assert "Sent to review as still right." in editor.soup.get_text()
    assert state(mission) == State.REVIEW


def test_one_segment_is_confirmed_as_still_right(opened, reviewer, mission):
    approve_all(mission, reviewer)
    change_english(mission, "A changed title")
    editor = opened(reviewer)
    editor.data["right:title/-/0"] = "on"
    editor.post()
    assert "Saved: 1 segment." in editor.soup.get_text()
    assert found(mission)[0].is_current


def test_a_confirmation_does_not_count_for_a_source_that_has_changed_once_more(opened, reviewer, mission):
    approve_all(mission, reviewer)
    change_english(mission, "A changed title")
    editor = opened(reviewer)
    change_english(mission, "A title changed twice")
    editor.data["right:title/-/0"] = "on"
    editor.post()
    assert "The English has changed again" in editor.summary
    assert not found(mission)[0].is_current


def test_a_translation_made_from_an_older_source_is_out_of_date(opened, translator, mission):
    editor = opened(translator)
    change_english(mission, "A changed title")
    editor.write({"title/-/0": "Titre d’avant"}).post()
    assert found(mission)[0].target == "Titre d’avant"
    assert found(mission)[0].is_stale


def test_what_was_typed_for_a_paragraph_that_is_gone_is_shown(opened, translator, mission):
    editor = opened(translator)
    with translation.override("en"):
        working = workflow.working_copy(mission)
        working.lead_en = ""
        working.save_revision().publish()
    editor.write({"lead/-/0": "Travail de deux heures", "title/-/0": "Sauvé"}).post()
    assert "Travail de deux heures" in editor.soup.find(attrs={"data-summary": True}).get_text()
    assert found(mission)[0].target == "Sauvé"


@pytest.mark.parametrize("show", ["all", "todo", "outdated", "nonsense"])
def test_filters_show_what_they_say(opened, translator, mission, show):
    editor = opened(translator).write({"title/-/0": ""}).post()
    editor = opened(translator, query=f"?show={show}")
    keys = editor.keys()
    expected = {
        "todo": [segment.key for segment in found(mission) if not segment.is_current],
        "outdated": [segment.key for segment in found(mission) if segment.is_stale],
    }
    assert keys == expected.get(show, [segment.key for segment in found(mission)])


def test_a_third_language_is_shown_beside(opened, translator):
    editor = opened(translator, query="?beside=ru")
    beside = editor.soup.find_all(class_="segment__beside")
    assert len(beside) == len(editor.keys())
    assert beside[0].find(attrs={"lang": "ru"}).get_text()
    assert not opened(translator, query="?beside=en").soup.find(class_="segment__beside")


def test_marks_keep_their_form_in_a_right_to_left_input(opened, person, page):
    arabic, record = get_language("ar"), page(MISSION)
    with translation.override("en"):
        working = workflow.working_copy(record)
        working.body_en = json.dumps(
            [{"type": "text", "id": "abc", "value": '<p data-block-key="k1">Read <b>this</b> first.</p>'}]
        )
        working.body_ar = json.dumps(
            [{"type": "text", "id": "abc", "value": '<p data-block-key="k1">اقرأ <b>هذا</b> أولا.</p>'}]
        )
        working.save_revision()
    record.refresh_from_db()
    segment = next(s for s in found(record, arabic) if s.codes)
    editor = opened(person("Arabic translators"), arabic, record=record)
    shown = editor.data[f"text:{segment.key}"]
    assert "\u2066<1>\u2069" in shown
    before = record.latest_revision_id
    editor.post()
    record.refresh_from_db()
    assert record.latest_revision_id == before
    editor.write({segment.key: shown + "!"}).post()
    assert {s.key: s.target for s in found(record, arabic)}[segment.key] == segment.target + "!"


@pytest.mark.parametrize("language", target_languages(), ids=lambda language: language.code)
def test_every_record_opens_in_every_language(admin_client, language):
    from translations.registry import owner_models

    opened = 0
    for model in owner_models():
        for record in model._base_manager.all()[:3]:
            response = admin_client.get(translate_url(record, language))
            assert response.status_code == 200
            opened += 1
    assert opened > 10


def test_an_alias_leads_to_its_original(admin_client, page):
    news = page("news/")
    alias = news.create_alias(parent=page(""), update_slug="an-alias")
    response = admin_client.get(reverse("translations:edit", args=["news.newsindexpage", alias.pk, "fr"]))
    assert response.status_code == 302
    assert response["Location"] == translate_url(news, FRENCH)


def test_queries_do_not_grow_with_the_segments(admin_client, mission, page, django_assert_max_num_queries):
    with django_assert_max_num_queries(45):
        admin_client.get(translate_url(mission, FRENCH))


def test_the_facts_that_all_languages_share_are_shown(admin_client, page):
    editor = Editor(admin_client, page("news/netdragon-strategic-cooperation/"))
    facts = editor.soup.find(class_="translating__context")
    assert facts.find("img")
    assert "Date" in facts.get_text()


def test_a_picture_is_translated_with_the_picture_in_view(client, person):
    from library.models import CustomImage

    picture = CustomImage.objects.exclude(description_en=None).first()
    client.force_login(person("French translators"))
    editor = Editor(client, picture)
    assert editor.soup.find(class_="translating__context").find("img")
    editor.write({"description/-/0": "Une image"}).post("submit")
    assert found(picture)[0].target == "Une image"


def test_the_preview_shows_the_saved_draft_to_translators_in_their_language(
    client, person, mission, translated
):
    language = get_language(translated)
    client.force_login(person(f"{NAMES[translated]} translators"))
    Editor(client, mission, language).write({"title/-/0": "ТЕСТ مسودة"}).post()
    response = client.get(preview_url(mission, language))
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    soup = BeautifulSoup(response.content.decode(), "html.parser")
    assert (soup.html["lang"], soup.html["dir"]) == (language.tag, language.direction)
    assert soup.h1.get_text(strip=True) == "ТЕСТ مسودة"
    public = BeautifulSoup(client.get(f"/{translated}/about/mission/").content.decode(), "html.parser")
    assert "مسودة" not in public.h1.get_text()


def test_nobody_outside_the_admin_sees_a_preview(client, mission):
    assert client.get(preview_url(mission, FRENCH)).status_code == 302


def history_of(client, record, language=FRENCH):
    label = record._meta.label_lower
    return client.get(reverse("translations:history", args=[label, record.pk, language.code]))


def test_the_history_of_a_language_names_only_the_steps_that_touched_it(client, mission, translator, page):
    client.force_login(translator)
    before = len(history_of(client, mission).context["steps"])
    Editor(client, mission).write({"title/-/0": "Un"}).post()
    change_english(mission, "Only the English")
    russian = get_language("ru")
    workflow.save_translation(mission, russian, {found(mission, russian)[0].id: "Два"}, user=None)
    Editor(client, mission).write({"title/-/0": "Trois"}).post("submit")
    steps = history_of(client, mission).context["steps"]
    assert [step.has_new_words for step, _url in steps][:3] == [False, True, True]
    assert len(steps) == before + 3
    assert steps[0][0].state == State.REVIEW


def revision_url(record, revision, language=FRENCH):
    label = record._meta.label_lower
    return reverse("translations:revision", args=[label, record.pk, language.code, revision.pk])


@pytest.fixture
def old_revision(mission):
    """A revision with other French words than now."""
    workflow.save_translation(mission, FRENCH, {found(mission)[0].id: "Mots d’hier"}, user=None)
    mission.refresh_from_db()
    revision = mission.latest_revision
    workflow.save_translation(mission, FRENCH, {found(mission)[0].id: "Mots de demain"}, user=None)
    change_english(mission, "A newer title")
    return revision


def test_an_earlier_translation_is_compared_and_restored_as_a_draft(
    client, mission, translator, old_revision
):
    client.force_login(translator)
    russian = [segment.target for segment in found(mission, get_language("ru"))]
    response = client.get(revision_url(mission, old_revision))
    text = BeautifulSoup(response.content.decode(), "html.parser").find(class_="difference__text")
    assert "hier" in text.ins.get_text()
    assert "demain" in text.find("del").get_text()
    client.post(revision_url(mission, old_revision))
    assert found(mission)[0].target == "Mots d’hier"
    assert found(mission)[0].source == "A newer title"
    assert [segment.target for segment in found(mission, get_language("ru"))] == russian
    assert state(mission) == State.DRAFT


def test_what_a_reviewer_restores_is_approved_only_if_it_was_and_still_fits(client, mission, reviewer):
    workflow.save_translation(mission, FRENCH, {found(mission)[0].id: "Approuvé"}, user=reviewer)
    approve_all(mission, reviewer)
    mission.refresh_from_db()
    approved = mission.latest_revision
    workflow.save_translation(mission, FRENCH, {found(mission)[0].id: "Brouillon"}, user=reviewer)
    client.force_login(reviewer)
    client.post(revision_url(mission, approved))
    assert (found(mission)[0].target, state(mission)) == ("Approuvé", State.APPROVED)
    change_english(mission, "A newer title")
    client.post(revision_url(mission, approved))
    assert (found(mission)[0].target, state(mission)) == ("Approuvé", State.DRAFT)


@pytest.mark.parametrize("role", ["Editors", "Publishers", "Russian reviewers"])
def test_others_restore_nothing(client, person, mission, old_revision, role):
    client.force_login(person(role))
    response = client.get(revision_url(mission, old_revision))
    assert "Restore these words" not in response.content.decode()
    client.post(revision_url(mission, old_revision))
    assert found(mission)[0].target == "Mots de demain"


def test_a_record_without_revisions_has_no_history(admin_client):
    from library.models import CustomImage

    assert history_of(admin_client, CustomImage.objects.first()).status_code == 404


@pytest.mark.parametrize("kind", ["image", "document"])
def test_the_forms_of_files_have_the_switch_and_no_other_language(admin_client, kind):
    from django.core.files.base import ContentFile

    from library.models import CustomDocument, CustomImage

    if kind == "image":
        record, url = CustomImage.objects.first(), "wagtailimages:edit"
    else:
        record = CustomDocument.objects.create(title="File", name_en="File", file=ContentFile(b"x", "x.txt"))
        url = "wagtaildocs:edit"
    response = admin_client.get(reverse(url, args=[record.pk]))
    soup = BeautifulSoup(response.content.decode(), "html.parser")
    links = soup.select("[data-language-switch] a[data-language]")
    assert [link["data-language"] for link in links] == ["ar", "zh-hans", "en", "fr", "ru", "es"]
    assert not [field for field in soup.select("form [name]") if field["name"].endswith(("_fr", "_ar"))]


@pytest.mark.parametrize("language", ["ar", "zh-hans", "fr", "ru", "es", "en"])
def test_the_page_opens_in_every_language_of_the_admin(admin_client, administrator, mission, language):
    from wagtail.users.models import UserProfile

    UserProfile.objects.update_or_create(user=administrator, defaults={"preferred_language": language})
    editor = Editor(admin_client, mission)
    assert editor.soup.html["lang"] == language
    editor.write({"title/-/0": "Un titre"}).post()
    assert found(mission)[0].target == "Un titre"
