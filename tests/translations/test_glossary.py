"""The glossary: terms found in texts, files in and out, and who may change what."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from lxml import etree

from tests.people import person
from translations import glossary
from translations.glossary import GlossaryFileError, Terms, missing_terms, plan, read_entries, terms_in
from translations.languages import get_language, target_languages
from translations.models import Term

from .exchange.schemas import schema
from .pieces import plain, rich

FRENCH = get_language("fr")


@pytest.fixture
def terms(db):
    def make(*rows):
        return [Term.objects.create(**row) for row in rows]

    return make


# Terms in the source ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "text", "is_there"),
    [
        ("Member State", "All Member States met.", True),
        ("Member States", "A Member State met.", True),
        ("developing country", "in developing countries", True),
        ("capacity building", "Capacity-building workshops", True),
        ("capacity-building", "capacity building", True),
        ("smart classroom", "the smart\nclassroom’s door", True),
        ("Category 2 centre", "a Category 2 Center", True),
        ("digitalisation", "Digitalization of teaching", True),
        ("ICT", "ICT-enabled education", True),
        ("HEI", "partner HEIs", True),
        ("art", "the state of the arts", True),
        ("art", "smart parts", False),
        ("Member State", "a member of the state", False),
        ("higher education", "Higher. Education", False),
        ("AI", "wait, said", False),
    ],
)
def test_a_term_is_found_in_its_forms_and_not_within_words(terms, term, text, is_there):
    terms({"term_en": term})
    assert bool(terms_in(text)) == is_there


def test_capitals_count_where_the_term_says_so(terms):
    terms({"term_en": "IT", "case_sensitive": True})
    assert terms_in("Our IT department") != []
    assert terms_in("What it is") == []


def test_the_longest_term_wins_at_each_place(terms):
    terms(
        {"term_en": "education"}, {"term_en": "higher education"}, {"term_en": "higher education institution"}
    )
    found = terms_in("Higher education institutions, higher education, and education")
    assert [term.term_en for term in found] == [
        "higher education institution",
        "higher education",
        "education",
    ]


# Terms in the translation -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words", "text"),
    [
        ("fr", "enseignement supérieur", "Les établissements d’enseignement supérieur"),
        ("fr", "pays en développement", "dans les Pays en développement"),
        ("ru", "высшее образование", "инновации в области высшего образования"),
        ("ru", "развивающиеся страны", "в развивающихся странах"),
        ("es", "aula inteligente", "ocho aulas inteligentes"),
        ("ar", "التعليم العالي", "مؤسسات للتعليم العالي"),
        ("ar", "القاعات الدراسية الذكية", "وبالقاعات الدراسيّة الذكية"),
        ("zh-hans", "高等教育", "中国高等教育机构"),
    ],
)
def test_a_translation_in_any_of_its_forms_is_no_problem(terms, language, words, text):
    terms({"term_en": "thing", glossary.column("term", get_language(language)): words})
    assert missing_terms(plain("The things", text), get_language(language)) == []


@pytest.mark.parametrize(
    ("language", "words", "text"),
    [
        ("fr", "enseignement supérieur", "l’éducation supérieure"),
        ("ru", "высшее образование", "образование взрослых"),
        ("es", "aula inteligente", "aulas digitales"),
        ("ar", "التعليم العالي", "التعليم الجامعي"),
        ("zh-hans", "高等教育", "大学教育"),
    ],
)
def test_a_missing_term_is_a_warning_that_names_both(terms, language, words, text):
    terms({"term_en": "higher education", glossary.column("term", get_language(language)): words})
    (problem,) = missing_terms(plain("On Higher Education", text), get_language(language))
    assert (problem.level, problem.code) == ("warning", "term")
    assert words in str(problem.message)
    assert "Higher Education" in str(problem.message)


def test_any_of_several_words_will_do(terms):
    terms({"term_en": "HEI", "term_fr": "établissement d’enseignement supérieur | EES"})
    assert missing_terms(plain("Four HEIs", "Quatre EES"), FRENCH) == []
    (problem,) = missing_terms(plain("Four HEIs", "Quatre universités"), FRENCH)
    assert "“établissement d’enseignement supérieur”" in str(problem.message)


def test_what_is_not_to_be_translated_must_stand_unchanged(terms, translated):
    terms({"term_en": "DeepSeek", "do_not_translate": True})
    language = get_language(translated)
    assert missing_terms(plain("With DeepSeek", "DeepSeek"), language) == []
    (problem,) = missing_terms(plain("With DeepSeek", "ДипСик"), language)
    assert str(problem.message) == "“DeepSeek” should stay as it is."


def test_a_term_without_a_translation_asks_for_nothing(terms):
    terms({"term_en": "higher education"})
    assert missing_terms(plain("Higher education", "Rien"), FRENCH) == []


def test_marks_in_the_text_are_no_part_of_its_words(terms):
    terms({"term_en": "higher education", "term_fr": "enseignement supérieur"})
    segment = rich("<p>Higher <b>education</b></p>", "<p>Enseignement <b>supérieur</b></p>")
    assert len(terms_in("Higher education")) == 1
    assert missing_terms(segment, FRENCH) == []


def test_a_whole_page_takes_one_query(terms, django_assert_num_queries):
    terms(*({"term_en": f"term {n}", "term_fr": f"terme {n}"} for n in range(50)))
    with django_assert_num_queries(1):
        known = Terms.all()
        for number in range(50):
            missing_terms(plain(f"The term {number}", "Rien"), FRENCH, known)


# Tables -----------------------------------------------------------------------------------------------------


def entries_of(text, name="terms.csv", encoding="utf-8"):
    return read_entries(name, text.encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_are_read_whatever_parts_their_cells(encoding, delimiter):
    rows = [["en", "fr", "zh_CN", "note"], ["term", "terme", "词", "A note"]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    (entry,) = entries_of(text, encoding=encoding)
    assert entry.values == {"term_en": "term", "term_fr": "terme", "term_zh_hans": "词", "note": "A note"}


def test_cells_may_be_quoted_and_columns_unknown():
    (entry,) = entries_of('Subject,EN,Français,"do not translate"\nx,"a, ""b""", c  d ,Yes\n')
    assert entry.values == {"term_en": 'a, "b"', "term_fr": "c d"}
    assert entry.flags == {"do_not_translate": True}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "first row must name"),
        (b"fr,es\na,b\n", "first row must name"),
        (b"en,fr,fr\na,b,c\n", "twice"),
        (b"en,fr\n", "no terms"),
        (b'en,fr\n"a,b\n', "isn’t a row"),
        ("en,fr\né,è\n".encode("latin-1"), "UTF-8"),
        ("en,fr\na,b\n".encode("utf-16"), "UTF-8"),
        (b"en,fr\na\0,b\n", "plain text"),
        (b"PK\x03\x04", "first row must name"),
        (b"en\n" + b"a\n" * 600_000, "larger than"),
        (b"en\n" + b"\n".join(str(n).encode() for n in range(5001)), "more than 5000"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(data, sentence):
    with pytest.raises(GlossaryFileError, match=sentence):
        read_entries("terms.csv", data)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (",terme,", "no term in English"),
        ("term,terme,perhaps", "neither yes nor no"),
        (f"term,{'x' * 256},", "at most 255"),
        ("term,te\x07rme,", "nobody can read"),
        ("term,terme,yes,too much", "more cells"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_and_the_others_are_taken(db, row, sentence):
    result = plan(entries_of(f"en,fr,do_not_translate\ngood,bon,\n{row}\n"))
    assert [change.term.term_en for change in result.added] == ["good"]
    assert sentence in result.refused[0].fault
    assert result.refused[0].place == "line 3"


def test_the_second_of_two_equal_terms_is_refused(db):
    result = plan(entries_of("en,fr\nterm,un\nTerm,deux\n"))
    assert len(result.added) == 1
    assert "twice; see line 2" in result.refused[0].fault


# TBX --------------------------------------------------------------------------------------------------------

TBX_3 = """<?xml version="1.0" encoding="UTF-8"?>
<tbx style="dca" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">
  <tbxHeader><fileDesc><sourceDesc><p>Test</p></sourceDesc></fileDesc></tbxHeader>
  <text><body>
    <conceptEntry id="c1">
      <descrip type="definition">What it is</descrip>
      <langSec xml:lang="en-GB"><termSec><term>Member State</term></termSec></langSec>
      <langSec xml:lang="fr">
        <termSec>
          <term>membre</term><termNote type="administrativeStatus">admittedTerm-admn-sts</termNote>
        </termSec>
        <termSec><term>État membre</term></termSec>
        <termSec>
          <term>pays</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote>
        </termSec>
      </langSec>
      <langSec xml:lang="zh-Hans"><termSec><term>会员国</term></termSec></langSec>
      <langSec xml:lang="zh-TW"><termSec><term>會員國</term></termSec></langSec>
      <langSec xml:lang="de"><termSec><term>Mitgliedstaat</term></termSec></langSec>
    </conceptEntry>
  </body></text>
</tbx>"""
TBX_2 = """<?xml version="1.0"?>
<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX" xml:lang="en">
  <martifHeader><fileDesc><sourceDesc><p>Test</p></sourceDesc></fileDesc></martifHeader>
  <text><body>
    <termEntry id="c1">
      <descripGrp><descrip type="definition">What it is</descrip></descripGrp>
      <langSet xml:lang="en"><tig><term>Member State</term></tig></langSet>
      <langSet xml:lang="fr"><ntig><termGrp><term>État <hi>membre</hi></term></termGrp></ntig></langSet>
    </termEntry>
  </body></text>
</martif>"""


def test_tbx_of_2019_is_read():
    (entry,) = entries_of(TBX_3, "terms.tbx")
    assert entry.values == {
        "term_en": "Member State",
        "term_fr": "État membre | membre",
        "term_zh_hans": "会员国",
        "note": "What it is",
    }


def test_tbx_of_2008_is_read():
    (entry,) = entries_of(TBX_2, "terms.tbx")
    assert entry.values == {"term_en": "Member State", "term_fr": "État membre", "note": "What it is"}


BOMB = '<!DOCTYPE martif [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'
STRANGER = '<!DOCTYPE martif [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            TBX_2.replace('<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">', BOMB).replace("membre", "&b;"),
            "DOCTYPE",
        ),
        (TBX_2.replace('<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">', STRANGER), "DOCTYPE"),
        (TBX_2.replace("<!DOCTYPE martif ", "<!DOCTYPE martif SYSTEM 'a'><!DOCTYPE martif "), "DOCTYPE"),
        (TBX_3[:300], "isn’t well-formed"),
        ("<html/>", "neither a TBX"),
        ('<tbx xmlns="urn:iso:std:iso:30042:ed-2"/>', "no terms"),
        (TBX_3.replace("<p>Test</p>", "<p>" * 100 + "</p>" * 100), "deep"),
    ],
)
def test_a_hostile_or_broken_tbx_file_is_refused_with_its_reason(text, sentence):
    with pytest.raises(GlossaryFileError, match=sentence):
        entries_of(text, "terms.tbx")


# Plans ------------------------------------------------------------------------------------------------------


def test_a_blank_cell_takes_nothing_away(terms):
    terms({"term_en": "term", "term_fr": "terme", "note": "Note"})
    assert not plan(entries_of("en,fr,note\nterm,,\n")).has_effect


def test_a_change_says_what_was_and_what_will_be(terms):
    terms({"term_en": "term", "term_fr": "terme"})
    result = plan(entries_of("en,fr,es,do_not_translate\nTERM,mot,término,no\n"))
    (change,) = result.changed
    assert change.differences["term_fr"] == ("terme", "mot")
    assert [(row.heading, row.before, row.after) for row in change.rows] == [
        ("Term in English", "term", "TERM"),
        ("Term in French", "terme", "mot"),
        ("Term in Spanish", "", "término"),
    ]
    glossary.carry_out(result)
    assert Term.objects.values_list("term_en", "term_fr", "term_es").get() == ("TERM", "mot", "término")


def test_only_who_keeps_the_glossary_may_carry_out_a_plan(db, django_user_model):
    result = plan(entries_of("en,fr\nterm,terme\n"))
    with pytest.raises(PermissionDenied):
        glossary.carry_out(result, django_user_model.objects.create_user("nobody"))
    assert not Term.objects.exists()


def test_all_is_written_or_nothing(db):
    result = plan(entries_of("en,fr\none,un\ntwo,deux\n"))
    result.added[1].term.term_en = "one"
    with pytest.raises(Exception, match=r"(?i)unique"):
        glossary.carry_out(result)
    assert not Term.objects.exists()


# Out and in again -------------------------------------------------------------------------------------------


@pytest.fixture
def centre(db):
    call_command("load_glossary", verbosity=0)
    return list(Term.objects.all())


@pytest.mark.parametrize("write", [glossary.write_csv, glossary.write_tbx])
def test_what_was_written_is_read_back_unchanged(centre, write):
    Term.objects.create(term_en="=SUM(A1)", term_fr="+1", note="@home\nsecond line", case_sensitive=True)
    written = write(Term.objects.all())
    data = written if isinstance(written, bytes) else written.encode()
    before = list(Term.objects.values())
    result = plan(read_entries("terms", data))
    assert (result.added, result.changed, result.refused) == ([], [], [])
    assert len(result.unchanged) == len(before)
    Term.objects.all().delete()
    glossary.carry_out(plan(read_entries("terms", data)))
    without_keys = [{**row, "id": None} for row in before]
    assert [{**row, "id": None} for row in Term.objects.values()] == without_keys


def test_no_cell_of_a_table_is_a_formula(db):
    Term.objects.create(term_en='=HYPERLINK("https://a.example")', term_fr="@x", note="-1")
    line = glossary.write_csv(Term.objects.all()).splitlines()[1]
    assert line.startswith("\"'=HYPERLINK")
    assert ",'@x," in line


def test_the_tbx_file_is_valid(centre):
    official = etree.XMLSchema(etree.parse(schema("TBX_core.xsd")))
    for terms in (centre, []):
        official.assertValid(etree.parse(io.BytesIO(glossary.write_tbx(terms))))


# The Centre's terms -----------------------------------------------------------------------------------------


def test_the_centres_terms_are_complete_in_six_languages(centre):
    assert len(centre) >= 40
    for term in centre:
        for language in target_languages():
            assert term.do_not_translate or glossary.accepted(term, language), (term, language)


def test_the_translations_of_the_site_use_the_centres_terms(centre, translated):
    from .test_checks import all_segments

    language = get_language(translated)
    known = Terms.all()
    problems = [
        (segment.id, str(problem.message))
        for segment in all_segments(language)
        for problem in known.missing(segment, language)
    ]
    assert problems == []


def test_loading_again_changes_nothing_that_staff_have_edited(centre):
    Term.objects.filter(term_en="ICT").update(term_fr="TIC et plus")
    Term.objects.filter(term_en="AI").delete()
    output = io.StringIO()
    call_command("load_glossary", stdout=output)
    assert Term.objects.get(term_en="ICT").term_fr == "TIC et plus"
    assert output.getvalue().startswith("Glossary: 1 terms new")


def test_a_file_that_cannot_be_read_loads_nothing(db, tmp_path):
    path = tmp_path / "terms.csv"
    path.write_text("en,fr\none,un\n,deux\n")
    with pytest.raises(CommandError, match=r"line 3: It has no term in English\. Nothing was loaded\."):
        call_command("load_glossary", path)
    assert not Term.objects.exists()


# The admin --------------------------------------------------------------------------------------------------

IMPORT, EXPORT = "translations:glossary_import", "translations:glossary_export"
LIST = "wagtailsnippets_translations_term:list"


@pytest.fixture
def member(client, db):
    def sign_in(group):
        client.force_login(person(f"member of {group}", group))
        return client

    return sign_in


def upload(client, text, name="terms.csv"):
    return client.post(reverse(IMPORT), {"file": SimpleUploadedFile(name, text.encode())})


@pytest.mark.parametrize("group", ["French translators", "French reviewers", "Editors", "Publishers"])
def test_everybody_who_works_on_the_site_may_read_the_glossary(member, terms, group):
    (term,) = terms({"term_en": "Member State", "term_fr": "État membre"})
    client = member(group)
    assert "État membre" in client.get(reverse(LIST)).content.decode()
    assert "État membre" in client.get(reverse(EXPORT)).content.decode()
    inspect = reverse("wagtailsnippets_translations_term:inspect", args=[term.pk])
    assert client.get(inspect).status_code == 200
    assert reverse(LIST) in client.get(reverse("wagtailadmin_home")).content.decode()


@pytest.mark.parametrize("group", ["French translators", "Editors"])
def test_who_may_only_read_can_change_nothing(member, terms, group):
    (term,) = terms({"term_en": "term", "term_fr": "terme"})
    client = member(group)
    before = list(Term.objects.values())
    data = {"term_en": "changed", "term_fr": "changé"}
    names = ("edit", "delete")
    addresses = [reverse(f"wagtailsnippets_translations_term:{name}", args=[term.pk]) for name in names]
    addresses += [reverse("wagtailsnippets_translations_term:add"), reverse(IMPORT)]
    for address in addresses:
        assert client.post(address, data).status_code in {302, 403}
    assert upload(client, "en,fr\nterm,changé\n").status_code in {302, 403}
    assert list(Term.objects.values()) == before


def test_the_list_can_be_searched_in_any_language(admin_client, terms):
    terms({"term_en": "Member State", "term_ru": "государство-член"}, {"term_en": "stakeholder"})
    html = admin_client.get(reverse(LIST), {"q": "государство"}).content.decode()
    assert "Member State" in html
    assert "stakeholder" not in html


def test_an_import_is_shown_first_and_then_done(member, terms):
    terms({"term_en": "term", "term_fr": "terme"}, {"term_en": "same", "term_fr": "même"})
    client = member("French reviewers")
    response = upload(client, "en,fr\nterm,mot\nnew,nouveau\nsame,même\n,rien\n")
    html = response.content.decode()
    for words in ("1 term is new", "1 term changes", "1 entry can’t be taken", "1 term stays as it is"):
        assert words in html
    assert Term.objects.get(term_en="term").term_fr == "terme"
    assert client.post(reverse(IMPORT), {"preview": response.context["preview"]}).url == reverse(LIST)
    assert Term.objects.get(term_en="term").term_fr == "mot"
    assert Term.objects.get(term_en="new").term_fr == "nouveau"
    assert Term.objects.count() == 3


def test_what_changed_since_the_preview_is_shown_again(member, terms):
    (term,) = terms({"term_en": "term", "term_fr": "terme"})
    client = member("French reviewers")
    preview = upload(client, "en,fr\nterm,mot\n").context["preview"]
    Term.objects.filter(pk=term.pk).update(term_fr="autre")
    response = client.post(reverse(IMPORT), {"preview": preview})
    assert "has changed in the meantime" in response.content.decode()
    assert Term.objects.get().term_fr == "autre"
    client.post(reverse(IMPORT), {"preview": response.context["preview"]})
    assert Term.objects.get().term_fr == "mot"


def test_a_preview_that_was_tampered_with_writes_nothing(member, db):
    client = member("French reviewers")
    preview = upload(client, "en,fr\nterm,mot\n").context["preview"]
    client.post(reverse(IMPORT), {"preview": preview[:-3] + "abc"})
    assert not Term.objects.exists()


def test_the_preview_of_another_person_is_refused(member, db):
    preview = upload(member("French reviewers"), "en,fr\nterm,mot\n").context["preview"]
    member("Russian reviewers").post(reverse(IMPORT), {"preview": preview})
    assert not Term.objects.exists()


def test_a_bad_file_is_answered_beside_its_field(member, db):
    response = upload(member("French reviewers"), "nonsense")
    assert response.status_code == 422
    assert "The first row must name the languages" in response.content.decode()


def test_words_of_a_file_are_never_markup(member, db):
    html = upload(member("French reviewers"), "en,fr\n<script>a</script>,<b>\n").content.decode()
    assert "<script>a</script>" not in html
    assert "&lt;script&gt;a&lt;/script&gt;" in html


@pytest.mark.parametrize("admin_language", ["ar", "zh-hans", "fr", "ru", "es"])
def test_the_pages_work_in_every_language_of_the_admin(admin_client, administrator, terms, admin_language):
    from wagtail.users.models import UserProfile

    terms({"term_en": "term"})
    profile = UserProfile.get_for_user(administrator)
    profile.preferred_language = admin_language
    profile.save()
    assert admin_client.get(reverse(LIST)).status_code == 200
    assert admin_client.get(reverse(IMPORT)).status_code == 200
    assert upload(admin_client, "en,fr\nterm,mot\nnew,nouveau\n,x\n").status_code == 200
