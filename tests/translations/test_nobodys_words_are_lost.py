"""Whatever happens to a page, nobody's translation is overwritten but by somebody with the right to it.

Hypothesis makes up what happens: edits of the source through the form of the admin, drafts, publications at
once and at a set time, restored revisions, translations and approvals by people with and without the right,
a machine, files that come back, copies and moves. After each step the page is compared with what it has to
hold.

`make property` tries many more than the tests do.
"""

import json
import os
import re
from datetime import timedelta
from string import ascii_lowercase

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from wagtail.actions.move_page import MovePageAction

from pages.models import AboutPage, FoundingFact, HomePage
from tests.admin_forms import form_data
from tests.people import person, reviewer, translator
from translations import workflow
from translations.exchange.importing import carry_out, plan
from translations.exchange.units import ParsedFile, ParsedUnit
from translations.languages import get_language
from translations.models.records import columns_of
from translations.segments import align, plain_text, translated_children
from translations.states import Origin, State

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "16"))
STEPS = int(os.environ.get("PROPERTY_STEPS", "14"))

CODES = ("fr", "ru")
# No word is ever written twice, so that each can be followed wherever it goes: "Mot quabac".
MARKER = re.compile(r"qu[a-z]+x|щю[а-я]+ъ")
ENGLISH = re.compile(r"quen[a-z]+x")
CYRILLIC = dict(zip(ascii_lowercase, "абвгдежзийклмнопрстуфхцчшы", strict=True))
languages = st.sampled_from(CODES)
numbers = st.integers(0, 7)


def lacks_rows(instance) -> bool:
    """Whether it has a fact whose row is gone: Wagtail takes no form for such an old revision."""
    numbers = {fact.pk for fact in instance.facts.all() if fact.pk}
    return FoundingFact.objects.filter(pk__in=numbers).count() < len(numbers)


def markers(text) -> set[str]:
    return set(MARKER.findall(str(text)))


class Happenings(RuleBasedStateMachine):
    """A page, the people around it, and what it has to hold."""

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.count = 0
        # {language: {segment id: words}} that people with the right have saved, or a machine.
        self.held = {code: {} for code in CODES}
        # {language: words} that a reviewer has approved and not taken back; and that a machine wrote.
        self.approved = {code: set() for code in CODES}
        self.by_machine = {code: set() for code in CODES}
        self.shows_machines = True

    def teardown(self):
        try:
            with override_settings(SHOW_UNREVIEWED_TRANSLATIONS=self.shows_machines):
                for code in CODES if hasattr(self, "page") else ():
                    assert self.read(code) <= self.public(code)
        finally:
            self.take_back()

    def take_back(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # Words ---------------------------------------------------------------------------------------------

    def marker(self, code: str) -> str:
        self.count += 1
        letters, number = "", self.count + 26
        while number:
            number, digit = divmod(number, 26)
            letters = ascii_lowercase[digit] + letters
        if code == "ru":
            return "щю" + "".join(CYRILLIC[letter] for letter in letters) + "ъ"
        return f"qu{'en' if code == 'en' else 'a'}{letters}x"

    def sentence(self, code: str) -> str:
        start = {"en": "A word is", "fr": "Un mot est", "ru": "Это слово"}[code]
        return f"{start} {self.marker(code)}."

    def paragraph(self) -> str:
        return f'<p data-block-key="k{self.count}">{self.sentence("en")}</p>'

    # The page ------------------------------------------------------------------------------------------

    @initialize(shows_machines=st.booleans())
    def a_page(self, shows_machines):
        self.shows_machines = shows_machines
        self.people = {
            "editor": person("an editor", "Editors"),
            "publisher": person("a publisher", "Publishers"),
            "administrator": person("an administrator", is_superuser=True),
            "translator fr": translator("fr"),
            "translator ru": translator("ru"),
            "reviewer fr": reviewer("fr"),
            "reviewer ru": reviewer("ru"),
        }
        with translation.override("en"):
            home = HomePage.objects.get()
            self.page = AboutPage(
                title_en=self.sentence("en"),
                slug="followed",
                lead_en=self.sentence("en"),
                body_en=json.dumps([self.text_block(), self.text_block(), self.quote()]),
            )
            self.page.facts = [
                FoundingFact(term_en=self.sentence("en"), detail_en=self.sentence("en"), sort_order=number)
                for number in range(2)
            ]
            home.add_child(instance=self.page)
            self.page.save_revision().publish()
        self.page = AboutPage.objects.get(pk=self.page.pk)

    def text_block(self) -> dict:
        self.count += 1
        value = self.paragraph() + self.paragraph()
        return {"type": "text", "id": f"text{self.count}", "value": value}

    def quote(self) -> dict:
        self.count += 1
        value = {"text": self.sentence("en"), "attribution": self.sentence("en")}
        return {"type": "quote", "id": f"quote{self.count}", "value": value}

    def working(self):
        return workflow.working_copy(AboutPage.objects.get(pk=self.page.pk))

    def row(self):
        return AboutPage.objects.get(pk=self.page.pk)

    def segments(self, code):
        return align(self.working(), get_language(code)).segments

    # What happens: the source --------------------------------------------------------------------------

    def post_form(self, who, instance, action, url=None, **changes):
        with translation.override("en"):
            form_class = AboutPage.get_edit_handler().get_form_class()
            data = form_data(form_class(instance=instance, for_user=self.people[who]))
        data |= changes
        # What the form doesn't have, and somebody sends all the same.
        data |= {
            "title_fr": "Un intrus quintrusx.",
            "facts-0-term_fr": "Un intrus quintrusx.",
            "translation_status": '{"fr": {"state": "approved"}}',
            "body_fr-count": "0",
        }
        if action:
            data[action] = "on"
        client = Client()
        client.force_login(self.people[who])
        url = url or reverse("wagtailadmin_pages:edit", args=[self.page.pk])
        refuses = self.row().get_lock() is not None or lacks_rows(instance)
        response = client.post(url, data)
        translation.activate("en")
        # What is scheduled is locked for forms, not for translators.
        assert response.status_code == (200 if refuses else 302)
        return not refuses

    @rule(
        who=st.sampled_from(["editor", "publisher"]),
        kind=st.sampled_from(["lead", "add", "remove", "move", "change", "paragraph", "rename keys"]),
        number=numbers,
        publishes=st.booleans(),
    )
    def edit_the_text(self, who, kind, number, publishes):
        work = self.working()
        body = [dict(item) for item in work.body_en.raw_data] if work.body_en else []
        place = number % (len(body) or 1)
        match kind:
            case "lead":
                work.lead_en = "" if number == 0 else self.sentence("en")
            case "add":
                body.insert(place, self.text_block() if number % 2 else self.quote())
            case "remove" if body:
                body.pop(place)
            case "move" if body:
                body.append(body.pop(place))
            case "rename keys":
                body = [item | {"id": f"renamed{self.count}-{name}"} for name, item in enumerate(body)]
                self.count += 1
            case "change" | "paragraph" if body:
                item = body[place]
                if item["type"] == "quote":
                    item["value"] = item["value"] | {"text": self.sentence("en")}
                elif kind == "change":
                    item["value"] = item["value"].replace("<p", f"{self.paragraph()}<p", 1)
                else:
                    item["value"] = item["value"].partition("</p>")[2] or self.paragraph()
        work.body_en = json.dumps(body)
        self.post_form(who, work, "action-publish" if publishes else None)

    @rule(who=st.sampled_from(["editor", "publisher"]), number=numbers, publishes=st.booleans())
    def take_a_fact_away(self, who, number, publishes):
        work = self.working()
        facts = list(work.facts.all())
        if facts:
            lost = f"facts-{number % len(facts)}-DELETE"
            self.post_form(who, work, "action-publish" if publishes else None, **{lost: "on"})

    @rule(who=st.sampled_from(["editor", "publisher"]), publishes=st.booleans())
    def add_a_fact(self, who, publishes):
        work = self.working()
        number = len(work.facts.all())
        fact = {"id": "", "ORDER": str(number + 1), "term_en": self.sentence("en"), "DELETE": ""}
        fact |= {"detail_en": self.sentence("en")}
        changes = {f"facts-{number}-{key}": value for key, value in fact.items()}
        changes["facts-TOTAL_FORMS"] = str(number + 1)
        self.post_form(who, work, "action-publish" if publishes else None, **changes)

    @rule(who=st.sampled_from(["editor", "publisher", "administrator"]), number=numbers)
    def restore_a_revision(self, who, number):
        revisions = list(self.page.revisions.order_by("pk"))
        old = revisions[number % len(revisions)]
        url = reverse("wagtailadmin_pages:revisions_revert", args=[self.page.pk, old.pk])
        with translation.override("en"):
            instance = old.as_object()
        done = self.post_form(who, instance, "action-publish" if number % 2 else None, url)
        if done and who == "administrator":
            self.take_as_written(*CODES)
            work = self.working()
            for code in CODES:
                if work.translation_entry(get_language(code)).get("state") == State.APPROVED:
                    self.approved[code] |= self.words_of(work, code)

    @rule(number=numbers)
    def publish_some_revision(self, number):
        revisions = list(self.page.revisions.order_by("pk"))
        revisions[number % len(revisions)].publish(user=self.people["publisher"])

    @rule()
    def schedule_the_latest_revision(self):
        latest = self.row().latest_revision
        latest.approved_go_live_at = timezone.now() - timedelta(minutes=1)
        latest.save()

    @rule()
    def the_time_comes(self):
        for revision in self.page.revisions.filter(approved_go_live_at__isnull=False):
            revision.publish(log_action="wagtail.publish.scheduled")

    @rule()
    def unpublish(self):
        client = Client()
        client.force_login(self.people["publisher"])
        client.post(reverse("wagtailadmin_pages:unpublish", args=[self.page.pk]))

    @rule(position=st.sampled_from(["first-child", "last-child"]))
    def move(self, position):
        home = HomePage.objects.get()
        MovePageAction(self.row(), home, pos=position, user=self.people["publisher"]).execute()

    @rule(keep_live=st.booleans())
    def copy(self, keep_live):
        self.count += 1
        copied = self.row().copy(
            update_attrs={"slug": f"copy-{self.count}"}, keep_live=keep_live, user=self.people["publisher"]
        )
        if keep_live and copied.live:
            self.count += 1
            copied.create_alias(update_slug=f"alias-{self.count}", parent=HomePage.objects.get())
        ours, theirs = self.working(), workflow.working_copy(AboutPage.objects.get(pk=copied.pk))
        for code in CODES:
            assert self.words_of(theirs, code) == self.words_of(ours, code)

    @rule()
    def mirror(self):
        self.count += 1
        self.row().create_alias(update_slug=f"alias-{self.count}", parent=HomePage.objects.get())

    # What happens: translations ------------------------------------------------------------------------

    def may(self, who, code, rights=("translator", "reviewer")):
        return who == "administrator" or who in {f"{right} {code}" for right in rights}

    @rule(
        who=st.sampled_from(["translator fr", "reviewer fr", "translator ru", "editor", "publisher"]),
        code=languages,
        picked=st.sets(numbers, min_size=1),
        imports=st.booleans(),
    )
    def translate(self, who, code, picked, imports):
        found = self.segments(code)
        targets = {found[number % len(found)].id: self.sentence(code) for number in picked}
        try:
            if imports:
                self.send_in(code, found, targets, self.people[who])
            else:
                base = {segment.id: segment.target for segment in found}
                workflow.save_translation(
                    self.row(), get_language(code), targets, user=self.people[who], base=base
                )
        except PermissionDenied:
            assert not self.may(who, code)
            return
        assert self.may(who, code)
        self.replaced(code, found, targets)

    @rule(code=languages)
    def translate_all(self, code):
        found = self.segments(code)
        targets = {segment.id: self.sentence(code) for segment in found if not segment.is_current}
        user = self.people[f"translator {code}"]
        workflow.save_translation(self.row(), get_language(code), targets, user=user)
        self.replaced(code, found, targets)

    def send_in(self, code, found, targets, user):
        """Imports a file with these texts."""
        units = tuple(
            ParsedUnit(
                segment.id,
                f"pages.aboutpage:{self.page.pk}",
                None,
                targets.get(segment.id, segment.target),
                segment.digest,
            )
            for segment in found
        )
        parsed = ParsedFile(get_language(code), units)
        carry_out(plan(parsed, user), parsed, user)

    def replaced(self, code, found, targets):
        before = {segment.id: segment.target for segment in found}
        for name, text in targets.items():
            # The words that stood here are replaced, under whatever name they were saved.
            gone = markers(before[name])
            self.held[code] = {
                key: words for key, words in self.held[code].items() if not (gone and markers(words) & gone)
            }
            self.held[code][name] = text

    @rule(code=languages, picked=st.sets(numbers, min_size=1))
    def a_machine_translates(self, code, picked):
        found = self.segments(code)
        targets = {found[number % len(found)].id: self.sentence(code) for number in picked}
        workflow.save_translation(self.row(), get_language(code), targets, user=None, origin=Origin.MACHINE)
        for segment in found:
            if segment.id in targets and not segment.is_translated:
                self.held[code][segment.id] = targets[segment.id]
                self.by_machine[code] |= markers(targets[segment.id])

    @rule(
        who=st.sampled_from(["translator", "reviewer", "reviewer", "stranger", "publisher"]), code=languages
    )
    def approve(self, who, code):
        other = CODES[CODES.index(code) - 1]
        name = {"stranger": f"reviewer {other}", "publisher": "publisher"}.get(who, f"{who} {code}")
        self.step(workflow.approve, name, code, ("reviewer",))

    @rule(who=st.sampled_from(["translator", "reviewer", "editor"]), code=languages)
    def approve_again(self, who, code):
        name = "editor" if who == "editor" else f"{who} {code}"
        self.step(workflow.approve_again, name, code, ("translator", "reviewer"))

    def step(self, function, name, code, rights):
        try:
            function(self.row(), get_language(code), self.people[name])
        except PermissionDenied:
            assert not self.may(name, code, rights)
            return
        except workflow.ApprovalBlocked:
            assert self.may(name, code, rights)
            return
        assert self.may(name, code, rights)
        work = self.working()
        if work.translation_entry(get_language(code)).get("state") == State.APPROVED:
            now = {segment.id: segment.target for segment in self.segments(code)}
            for key, words in self.held[code].items():
                assert now.get(key, words) == words
            self.take_as_written(code)
            self.approved[code] |= self.words_of(work, code)

    @rule(code=languages)
    def send_and_return(self, code):
        try:
            workflow.submit(self.row(), get_language(code), self.people[f"translator {code}"])
        except workflow.ApprovalBlocked:
            return
        workflow.send_back(self.row(), get_language(code), self.people[f"reviewer {code}"], "Again, please.")

    @rule(code=languages, who=st.sampled_from(["translator", "reviewer"]))
    def withdraw(self, code, who):
        language = get_language(code)
        was_approved = self.working().translation_entry(language).get("state") == State.APPROVED
        try:
            workflow.withdraw(self.row(), language, self.people[f"{who} {code}"])
        except PermissionDenied:
            assert was_approved
            assert who == "translator"
            return
        if was_approved:
            self.approved[code] = set()

    # What has to hold ----------------------------------------------------------------------------------

    def words_of(self, record, code) -> set[str]:
        """The words of a language that stand anywhere in a record."""
        language = get_language(code)
        found = set()
        for item in [record, *translated_children(record)]:
            for name in columns_of(type(item), language):
                value = getattr(item, name)
                found |= markers(value.raw_data if hasattr(value, "raw_data") else value)
        return found

    def take_as_written(self, *codes):
        """What is there now is what somebody with the right wants there."""
        for code in codes:
            alignment = align(self.working(), get_language(code))
            now = {segment.id: segment.target for segment in alignment.segments if segment.is_translated}
            rest = {f"rest {number}": words for number, (_label, words) in enumerate(alignment.orphans)}
            self.held[code] = now | rest

    @precondition(lambda self: hasattr(self, "page"))
    @invariant()
    def no_words_are_lost(self):
        work = self.working()
        children = {f"pages.foundingfact:{child.pk}" for child in translated_children(work)}
        for code in CODES:
            alignment = align(work, get_language(code))
            now = {segment.id: segment for segment in alignment.segments}
            everywhere = set()
            for segment in alignment.segments:
                everywhere |= markers(plain_text(segment.target) if segment.is_rich else segment.target)
            for _label, words in alignment.orphans:
                everywhere |= markers(words)
            for key, words in list(self.held[code].items()):
                record = key.partition("/")[0]
                if record.startswith("pages.foundingfact:") and record not in children:
                    # Gone with the fact that it told of; an old revision may bring both back.
                    continue
                if key in now:
                    assert now[key].target == words, (code, key)
                else:
                    assert markers(words) <= everywhere, (code, key, words)
            known = set().union(*(markers(words) for words in self.held[code].values()), set())
            assert everywhere <= known, (code, everywhere - known)

    @precondition(lambda self: hasattr(self, "page"))
    @invariant()
    def visitors_read_nothing_but_what_is_approved(self):
        pages = AboutPage.objects.live().filter(slug__regex="^(followed|copy-|alias-)")
        with override_settings(SHOW_UNREVIEWED_TRANSLATIONS=self.shows_machines):
            for page in pages:
                for code in CODES:
                    if page.is_public_in(get_language(code)):
                        assert self.words_of(page, code) <= self.public(code), (page.slug, code)

    def public(self, code) -> set[str]:
        """What visitors may read in a language."""
        return self.approved[code] | (self.by_machine[code] if self.shows_machines else set())

    def read(self, code) -> set[str]:
        """The words that are not English of the page as a visitor gets it."""
        response = Client().get(f"/{code}/followed/")
        translation.activate("en")
        assert response.status_code == (200 if self.row().live else 404)
        return {word for word in markers(response.content.decode()) if not ENGLISH.fullmatch(word)}


@pytest.mark.django_db
def test_nobodys_words_are_lost_whatever_happens():
    run_state_machine_as_test(
        Happenings,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize="PROPERTY_EXAMPLES" not in os.environ,
            database=None,
            # To shrink what was found takes minutes: only where somebody asks for it.
            phases=[Phase.generate, *([Phase.shrink] if "PROPERTY_EXAMPLES" in os.environ else [])],
            suppress_health_check=list(HealthCheck),
        ),
    )
