"""What comes back from a translator: shown first, then written as drafts, all of it or nothing."""

import io
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from lxml import etree
from openpyxl import load_workbook

from tests.snapshots import database
from translations import workflow
from translations.exchange import importing
from translations.exchange.exporting import Format, Only, export
from translations.exchange.importing import Kind, PlanChangedError
from translations.exchange.units import ExchangeError
from translations.exchange.xliff import V1, V2
from translations.languages import get_language
from translations.models import ImportedFile
from translations.rights import codename
from translations.states import State
from translations.tasks import carry_out_import
from translations.views import exchange as exchange_views

from .conftest import words


def translate(data: bytes, format, text: str, place: str) -> bytes:  # noqa: A002
    """What a translator sends back who wrote a text for the units whose ids hold `place`."""
    if format == Format.XLSX:
        book = load_workbook(io.BytesIO(data))
        for row in book.worksheets[0].iter_rows(min_row=3):
            if place in row[0].value:
                row[3].value = text
                row[3].data_type = "s"
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()
    root = etree.fromstring(data)
    namespace, name = (V1, "trans-unit") if format == Format.XLIFF_1_2 else (V2, "unit")
    for unit in root.iter(f"{{{namespace}}}{name}"):
        if place in (unit.get("name") or unit.get("id")):
            target = next(unit.iter(f"{{{namespace}}}target"), None)
            if target is None:
                source = next(unit.iter(f"{{{namespace}}}source"))
                target = etree.Element(f"{{{namespace}}}target")
                source.addnext(target)
            target.attrib.pop("state", None)
            for child in list(target):
                target.remove(child)
            target.text = text
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


@pytest.fixture
def translator(django_user_model):
    """Makes people who have a right in one language."""

    def make(code, right="translate"):
        user = django_user_model.objects.create_user(f"{right}-{code}", password="not a secret")
        names = ["access_admin", codename(right, get_language(code))]
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
        return user

    return make


def run(data, user, **kwargs):
    parsed = importing.read_file(data)
    return importing.carry_out(importing.plan(parsed, user), parsed, user, **kwargs)


@pytest.mark.parametrize("text", ["Le Centre", "=1+1", "+33", "-5", "@nom", "R&D <5> “é” 中文"])
def test_a_changed_text_becomes_a_draft_and_is_not_public(about, exported, french, format, translator, text):  # noqa: A002
    user = translator("fr")
    public = about.title_fr
    data = translate(exported(format), format, text, "/title/")
    plan = importing.plan(importing.read_file(data), user)
    assert [(item.kind, item.old, item.new) for item in plan.writes] == [(Kind.CHANGED, public, text)]
    assert run(data, user).texts == 1
    progress = workflow.progress(about, french)
    assert (progress.segments[0].target, progress.state) == (text, State.DRAFT)
    about.refresh_from_db()
    assert about.title_fr != text


def test_only_the_changed_text_changes(about, exported, french, format, translator):  # noqa: A002
    before = words(about, french)
    title = next(name for name in before if "/title/" in name)
    run(translate(exported(format), format, "Le Centre", "/title/"), translator("fr"))
    assert words(about, french) == before | {title: "Le Centre"}


def test_a_missing_text_is_added(about, french, format, administrator, translator):  # noqa: A002
    title = workflow.progress(about, french).segments[0]
    workflow.save_translation(about, french, {title.id: ""}, user=administrator)
    data = export([about], french, format, only=Only.MISSING).content
    plan = importing.plan(importing.read_file(translate(data, format, "Le Centre", "/title/")), administrator)
    assert [(item.kind, item.old, item.new) for item in plan.items] == [(Kind.ADDED, "", "Le Centre")]


def test_marks_come_back_as_the_marks_of_the_source(rich_page, french, translator):
    root = etree.fromstring(export([rich_page], french, Format.XLIFF_1_2).content)
    unit = next(unit for unit in root.iter(f"{{{V1}}}trans-unit") if unit.get("id").endswith("/aa"))
    target = unit.find(f"{{{V1}}}target")
    target[-1].tail = " mots & <2> \\ signes"
    run(etree.tostring(root), translator("fr"))
    page = rich_page.working_copy()
    markup = page.body_fr.raw_data[1]["value"]
    assert '<a href="https://example.org/?a=1&amp;b=2">link</a>' in markup
    assert " mots &amp; &lt;2&gt; \\ signes" in markup


def test_an_empty_text_empties_nothing(about, exported, french, format, translator):  # noqa: A002
    data = translate(exported(format), format, "", "/")
    user = translator("fr")
    before = database()
    plan = importing.plan(importing.read_file(data), user)
    assert {item.kind for item in plan.items} == {Kind.UNCHANGED}
    assert run(data, user).texts == 0
    assert all(words(about, french).values())
    assert database() == before


class TestAnOlderSource:
    @pytest.fixture
    def stale(self, about, exported, format):  # noqa: A002
        data = translate(exported(format), format, "Le Centre", "/title/")
        about.title_en = "About the Centre"
        about.save_revision().publish()
        return data

    def test_is_said_and_not_written(self, stale, about, french, translator):
        user = translator("fr")
        plan = importing.plan(importing.read_file(stale), user)
        (item,) = plan.of(Kind.STALE)
        assert (item.new, item.source) == ("Le Centre", "About the Centre")
        assert "has changed" in item.reason
        before = words(about, french)
        assert run(stale, user).texts == 0
        assert words(about, french) == before

    def test_is_written_if_it_is_ticked_and_stays_out_of_date(self, stale, about, french, translator):
        user = translator("fr")
        (item,) = importing.plan(importing.read_file(stale), user).of(Kind.STALE)
        assert run(stale, user, stale=[item.id]).texts == 1
        title = workflow.progress(about, french).segments[0]
        assert title.target == "Le Centre"
        assert title.is_stale


def test_nothing_is_written_if_something_changed_meanwhile(about, exported, french, format, translator):  # noqa: A002
    user = translator("fr")
    parsed = importing.read_file(translate(exported(format), format, "Le Centre", "/title/"))
    plan = importing.plan(parsed, user)
    title = workflow.progress(about, french).segments[0]
    workflow.save_translation(about, french, {title.id: "Autre"}, user=user)
    before = database()
    with pytest.raises(PlanChangedError):
        importing.carry_out(plan, parsed, user)
    assert database() == before


def test_nothing_is_written_if_one_record_of_many_fails(records, french, translator, monkeypatch):
    user = translator("fr")
    data = translate(export(records, french, Format.XLSX).content, Format.XLSX, "Titre", "/title/")
    parsed = importing.read_file(data)
    plan = importing.plan(parsed, user)
    before = database()
    save, calls = workflow.save_translation, []

    def fail_at_the_third(record, *args, **kwargs):
        calls.append(record)
        if len(calls) == 3:
            raise workflow.EditConflict([])
        return save(record, *args, **kwargs)

    monkeypatch.setattr(workflow, "save_translation", fail_at_the_third)
    with pytest.raises(PlanChangedError):
        importing.carry_out(plan, parsed, user)
    assert len(calls) == 3
    assert database() == before


def test_a_translator_imports_own_languages_only(exported, format, translator):  # noqa: A002
    parsed = importing.read_file(exported(format))
    plan = importing.plan(parsed, translator("fr"))
    stranger = translator("ru")
    before = database()
    with pytest.raises(PermissionDenied):
        importing.plan(parsed, stranger)
    with pytest.raises(PermissionDenied):
        importing.carry_out(plan, parsed, stranger)
    assert database() == before


def test_a_reviewer_imports_too(about, exported, french, translator):
    data = translate(exported(), Format.XLIFF_1_2, "Le Centre", "/title/")
    assert run(data, translator("fr", "review")).texts == 1
    assert workflow.progress(about, french).state == State.DRAFT


def test_a_tool_may_cut_a_text_into_sentences(about, french, administrator):
    title = workflow.progress(about, french).segments[0]
    data = (
        f'<xliff version="2.0" xmlns="{V2}" srcLang="en" trgLang="fr"><file id="f1" '
        f'original="{title.record}"><unit id="u1" name="{title.id}">'
        "<segment><source>About</source><target>Le</target></segment>"
        "<ignorable><source> </source></ignorable>"
        "<segment><source>Us</source><target><mrk id='m1'>Centre</mrk></target></segment></unit></file>"
        "</xliff>"
    ).encode()
    plan = importing.plan(importing.read_file(data), administrator)
    assert [(item.kind, item.new) for item in plan.items] == [(Kind.CHANGED, "Le Centre")]


def test_a_source_that_was_changed_in_the_file_is_not_trusted(exported, administrator):
    data = exported().replace(b"<source>About", b"<source>Without")
    data = translate(data, Format.XLIFF_1_2, "Le Centre", "/title/")
    plan = importing.plan(importing.read_file(data), administrator)
    assert [item.kind for item in plan.items if "/title/" in item.id] == [Kind.STALE]


class TestTheViews:
    """Through the admin, as people do it."""

    @pytest.fixture
    def signed_in(self, client, translator):
        client.force_login(translator("fr"))
        return client

    def upload(self, client, data, name="about.xlf"):
        file = io.BytesIO(data)
        file.name = name
        return client.post(reverse("translations:import"), {"file": file})

    def test_a_file_is_shown_then_saved(self, signed_in, about, french, exported, format):  # noqa: A002
        data = translate(exported(format), format, "Le < Centre & <5>", "/title/")
        response = self.upload(signed_in, data)
        assert response.status_code == 302
        shown = signed_in.get(response.url)
        soup = BeautifulSoup(shown.content.decode(), "html.parser")
        cell = soup.select_one("#changed td[lang=fr]")
        assert cell["dir"] == "ltr"
        assert "< Centre & <5>" in soup.select_one("#changed").get_text()
        fingerprint = soup.find("input", {"name": "fingerprint"})["value"]
        assert signed_in.post(response.url, {"fingerprint": fingerprint}).status_code == 302
        assert workflow.progress(about, french).segments[0].target == "Le < Centre & <5>"
        assert not ImportedFile.objects.exists()

    def test_arabic_is_shown_from_right_to_left(self, client, about, translator):
        client.force_login(translator("ar"))
        data = export([about], get_language("ar"), Format.XLIFF_1_2).content
        response = self.upload(client, translate(data, Format.XLIFF_1_2, "عن المركز", "/title/"))
        soup = BeautifulSoup(client.get(response.url).content.decode(), "html.parser")
        assert soup.select_one("#changed td[lang=ar]")["dir"] == "rtl"

    def test_a_plan_that_changed_is_shown_again(self, signed_in, about, french, exported, administrator):
        data = translate(exported(), Format.XLIFF_1_2, "Le Centre", "/title/")
        address = self.upload(signed_in, data).url
        soup = BeautifulSoup(signed_in.get(address).content.decode(), "html.parser")
        title = workflow.progress(about, french).segments[0]
        workflow.save_translation(about, french, {title.id: "Autre"}, user=administrator)
        fingerprint = soup.find("input", {"name": "fingerprint"})["value"]
        assert signed_in.post(address, {"fingerprint": fingerprint}).status_code == 409
        assert signed_in.post(address, {}).status_code == 409
        assert workflow.progress(about, french).segments[0].target == "Autre"

    @pytest.fixture
    def long_file(self, monkeypatch, settings):
        """One text is too many to be waited for."""
        monkeypatch.setattr(exchange_views, "AT_ONCE", 0)
        settings.TASKS = settings.TASKS | {"worker": settings.BY_A_WORKER}

    def confirm(self, client, address) -> None:
        soup = BeautifulSoup(client.get(address).content.decode(), "html.parser")
        fingerprint = soup.find("input", {"name": "fingerprint"})["value"]
        assert client.post(address, {"fingerprint": fingerprint}).url == address

    def status(self, client, address) -> str:
        soup = BeautifulSoup(client.get(address).content.decode(), "html.parser")
        return soup.select_one("[data-progress]").get_text(" ", strip=True)

    def test_a_long_file_is_written_by_a_worker_and_its_owner_sees_when(
        self, signed_in, about, french, exported, long_file, work
    ):
        data = translate(exported(), Format.XLIFF_1_2, "Le Centre", "/title/")
        address = self.upload(signed_in, data).url
        self.confirm(signed_in, address)
        assert "are being written" in self.status(signed_in, address)
        assert "being written" in signed_in.get(reverse("translations:import")).content.decode()
        # Pressed twice, or dropped too late: it is written once.
        assert signed_in.post(address, {"discard": "1"}).url == address
        assert DBTaskResult.objects.count() == 1
        work()
        assert workflow.progress(about, french).segments[0].target == "Le Centre"
        assert "1 translation was saved as a draft." in self.status(signed_in, address)
        carry_out_import.call(str(ImportedFile.objects.get().pk))
        assert ImportedFile.objects.get().texts == 1

    def test_what_changed_before_the_worker_came_is_shown_again_and_nothing_is_written(
        self, signed_in, about, french, exported, long_file, administrator, work
    ):
        data = translate(exported(), Format.XLIFF_1_2, "Le Centre", "/title/")
        address = self.upload(signed_in, data).url
        self.confirm(signed_in, address)
        title = workflow.progress(about, french).segments[0]
        workflow.save_translation(about, french, {title.id: "Autre"}, user=administrator)
        work()
        page = signed_in.get(address).content.decode()
        assert "Something has changed since this was shown" in page
        assert "Save as drafts" in page
        assert workflow.progress(about, french).segments[0].target == "Autre"

    def test_a_worker_that_does_not_come_is_not_kept_a_secret(self, signed_in, exported, long_file):
        data = translate(exported(), Format.XLIFF_1_2, "Le Centre", "/title/")
        address = self.upload(signed_in, data).url
        self.confirm(signed_in, address)
        ImportedFile.objects.update(decided_at=timezone.now() - timedelta(hours=1))
        assert "takes longer than usual" in self.status(signed_in, address)

    def test_a_file_can_be_dropped(self, signed_in, exported):
        address = self.upload(signed_in, exported()).url
        assert signed_in.post(address, {"discard": "1"}).status_code == 302
        assert not ImportedFile.objects.exists()
        assert signed_in.get(address).status_code == 404

    def test_nobody_sees_the_file_of_another(self, signed_in, exported, client, administrator):
        address = self.upload(signed_in, exported()).url
        client.force_login(administrator)
        assert client.get(address).status_code == 404
        assert client.post(address, {"discard": "1"}).status_code == 404
        assert ImportedFile.objects.count() == 1

    def test_a_file_grows_too_old(self, signed_in, exported):
        address = self.upload(signed_in, exported()).url
        ImportedFile.objects.update(created_at=timezone.now() - timedelta(days=2))
        assert signed_in.get(address).status_code == 404
        self.upload(signed_in, exported())
        assert ImportedFile.objects.count() == 1

    def test_few_undecided_files_are_kept(self, signed_in, exported):
        for _number in range(12):
            self.upload(signed_in, exported())
        assert ImportedFile.objects.count() == 10

    def test_another_language_is_refused(self, client, exported, translator):
        client.force_login(translator("ru"))
        before = database()
        response = self.upload(client, exported())
        assert response.status_code == 200
        assert "no right" in response.content.decode()
        assert not ImportedFile.objects.exists()
        assert database() == before

    def test_who_translates_nothing_imports_nothing(self, client, exported, django_user_model):
        user = django_user_model.objects.create_user("editor", password="not a secret")
        user.user_permissions.set(Permission.objects.filter(codename="access_admin"))
        client.force_login(user)
        before = database()
        assert self.upload(client, exported()).status_code in {302, 403}
        assert client.get(reverse("translations:import")).status_code in {302, 403}
        assert not ImportedFile.objects.exists()
        assert database() == before

    def test_who_is_not_signed_in_gets_nothing(self, client, exported):
        for name in ("export", "import", "export_memory"):
            response = client.get(reverse(f"translations:{name}"))
            assert response.status_code == 302
            assert "/login/" in response.url

    def test_chosen_records_are_exported(self, signed_in, about, page):
        address = reverse("translations:export")
        key = f"pages.aboutpage:{about.pk}"
        shown = signed_in.get(address, {"record": key})
        soup = BeautifulSoup(shown.content.decode(), "html.parser")
        assert soup.find("input", {"name": "record"})["value"] == key
        assert soup.find("input", {"name": "languages", "checked": True})["value"] == "fr"
        response = signed_in.post(
            address, {"record": key, "languages": "fr", "only": "all", "format": Format.XLIFF_1_2}
        )
        assert response["Content-Disposition"] == 'attachment; filename="ichei-fr.xlf"'
        parsed = importing.read_file(response.content)
        assert {unit.record for unit in parsed.units} == {key}

    def test_all_that_the_overview_shows_is_exported(self, signed_in):
        data = {"all": "1", "type": "milestones.milestone", "languages": "fr", "only": "all"}
        response = signed_in.post(reverse("translations:export"), data | {"format": Format.XLIFF_1_2})
        records = {unit.record.partition(":")[0] for unit in importing.read_file(response.content).units}
        assert records == {"milestones.milestone"}

    def test_both_stand_in_the_menu(self, signed_in):
        menu = signed_in.get(reverse("wagtailadmin_home")).content.decode()
        for name in ("export", "import"):
            assert reverse(f"translations:{name}") in menu

    def test_all_records_are_exported_if_none_is_chosen(self, signed_in, format):  # noqa: A002
        response = signed_in.post(
            reverse("translations:export"), {"languages": "fr", "only": "all", "format": format}
        )
        assert len({unit.record for unit in importing.read_file(response.content).units}) > 10

    def test_a_selection_without_such_texts_says_so(self, signed_in, about):
        key = f"pages.aboutpage:{about.pk}"
        response = signed_in.post(
            reverse("translations:export"),
            {"record": key, "languages": "fr", "only": "missing", "format": Format.XLSX},
        )
        assert response.status_code == 200
        assert "nothing of the kind" in response.content.decode()


class TestTheWorkbook:
    @pytest.fixture
    def book(self, rich_page):
        def make(code="fr"):
            data = export([rich_page], get_language(code), Format.XLSX).content
            return load_workbook(io.BytesIO(data))

        return make

    def test_holds_text_alone(self, book):
        cells = [cell for sheet in book().worksheets for row in sheet.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
        assert any(cell.value.startswith("=1+1") for cell in cells if cell.value)

    def test_lets_only_translations_be_changed(self, book):
        sheet = book().worksheets[0]
        assert sheet.protection.sheet
        for row in sheet.iter_rows(min_row=3):
            assert [cell.protection.locked for cell in row] == [number != 3 for number in range(len(row))]

    def test_hides_the_digest(self, book):
        sheet = book().worksheets[0]
        names = [cell.value for cell in sheet[1]]
        assert sheet.row_dimensions[1].hidden
        assert sheet.column_dimensions[chr(65 + names.index("digest"))].hidden

    def test_runs_from_right_to_left_in_arabic(self, book):
        assert book("ar").worksheets[0].sheet_view.rightToLeft
        assert not book("fr").worksheets[0].sheet_view.rightToLeft

    def test_may_be_sorted_by_whoever_fills_it_in(self, exported, make):
        book = load_workbook(io.BytesIO(exported(Format.XLSX)))
        sheet = book.worksheets[0]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
        for number, row in enumerate(reversed(rows), 3):
            for column, value in enumerate(row, 1):
                sheet.cell(number, column).value = value
                sheet.cell(number, column).data_type = "s"
        content = io.BytesIO()
        book.save(content)
        assert {item.kind for item in make(content.getvalue()).items} == {Kind.UNCHANGED}

    def test_a_number_that_was_typed_is_a_text(self, exported, make):
        book = load_workbook(io.BytesIO(exported(Format.XLSX)))
        book.worksheets[0].cell(3, 4).value = 2016
        content = io.BytesIO()
        book.save(content)
        assert [item.new for item in make(content.getvalue()).writes] == ["2016"]


def test_a_file_of_no_known_kind_is_refused():
    with pytest.raises(ExchangeError):
        importing.read_file(b"%PDF-1.7")
