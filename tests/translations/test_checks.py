"""What is found in a translation without understanding it, and what is rightly left alone."""

from dataclasses import replace

import pytest

from translations.checks import check, errors
from translations.languages import get_language, target_languages
from translations.numbers import chinese_numbers, figures, is_said_in_words, roman_numbers
from translations.registry import owner_models
from translations.segments import segments

from .pieces import plain, rich


def found(segment, language):
    return {(problem.level.value, problem.code) for problem in check(segment, get_language(language))}


def errors_of(source, target, language):
    return {code for level, code in found(plain(source, target), language) if level == "error"}


def warnings_of(source, target, language):
    return {code for level, code in found(plain(source, target), language) if level == "warning"}


# The starting content ---------------------------------------------------------------------------------------


def all_segments(language):
    for model in owner_models():
        for record in model._base_manager.all():
            if getattr(record, "depth", 2) > 1:
                yield from segments(record.working_copy(), language)


def test_the_translations_of_the_site_have_no_problem(db, translated):
    language = get_language(translated)
    problems = {
        segment.id: [str(problem.message) for problem in check(segment, language)]
        for segment in all_segments(language)
        if segment.is_translated
    }
    assert len(problems) > 100
    assert {name: sentences for name, sentences in problems.items() if sentences} == {}


def test_a_wrong_year_anywhere_in_the_site_is_found(db, translated):
    language = get_language(translated)
    tried = 0
    for segment in all_segments(language):
        if "2023" in segment.target and "2023" in segment.source:
            tried += 1
            wrong = replace(segment, target=segment.target.replace("2023", "2032"))
            assert segment.id in errors([wrong], language), wrong.target
    assert tried >= 3


# Blank, codes, addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["", " ", "\u200b\u00a0"])
def test_a_blank_translation_is_an_error_and_nothing_else(target):
    assert found(plain("Higher education in 2023.", target), "fr") == {("error", "blank")}


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("Lisez le rapport.", "codes"),
        ("Lisez <1>le rapport.", "codes"),
        ("Lisez le rapport</1>.", "codes"),
        ("Lisez <1>le</1> <1>rapport</1>.", "codes"),
        ("Lisez <1>le</1> <2>rapport</2>.", "codes"),
        ("Lisez <1/>le rapport.", "codes"),
    ],
)
def test_a_mark_that_is_lost_or_broken_is_an_error(target, code):
    segment = replace(rich("<p>Read the <b>report</b>.</p>"), target=target)
    assert ("error", code) in found(segment, "fr")


def test_a_mark_that_is_kept_is_no_problem():
    segment = rich("<p>Read the <b>report</b>.</p>", "<p>Lisez le <b>rapport</b>.</p>")
    assert found(segment, "fr") == set()


@pytest.mark.parametrize(("language", "level"), [("ar", "warning"), ("zh-hans", "warning"), ("ru", "error")])
def test_italics_may_be_left_out_where_the_script_has_none(language, level):
    words = {"ar": "اقرأ التقرير.", "zh-hans": "请阅读报告。", "ru": "Прочитайте отчет."}
    segment = replace(rich("<p>Read the <i>report</i>.</p>"), target=words[language])
    assert found(segment, language) == {(level, "codes")}


def test_a_link_that_leads_elsewhere_than_the_source_is_an_error():
    source = '<p>See <a linktype="page" id="3">our mission</a>.</p>'
    other = '<p>Voir <a linktype="page" id="4">notre mission</a>.</p>'
    assert ("error", "link") in found(rich(source, other), "fr")
    assert found(rich(source, source.replace("See", "Voir").replace("our", "notre")), "fr") == set()


@pytest.mark.parametrize(
    ("target", "is_right"),
    [
        ("Écrivez à info@ichei.example ou consultez https://ichei.example/a?b=1.", True),
        ("Écrivez à info@ichei.exemple ou consultez https://ichei.example/a?b=1.", False),
        ("Écrivez à info@ichei.example ou consultez https://ichei.example/a.", False),
        ("Écrivez à info@ichei.example.", False),
    ],
)
def test_addresses_stay_letter_by_letter(target, is_right):
    source = "Write to info@ichei.example or see https://ichei.example/a?b=1."
    assert ("address" not in errors_of(source, target, "fr")) == is_right


# Numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "target", "language"),
    [
        ("It has 1,234,567 users.", "Il compte 1\u202f234\u202f567 utilisateurs.", "fr"),
        ("It has 1,234,567 users.", "Насчитывает 1\u00a0234\u00a0567 пользователей.", "ru"),
        ("It has 1,234,567 users.", "Tiene 1.234.567 usuarios.", "es"),
        ("It has 1,234,567 users.", "لديه ١٬٢٣٤٬٥٦٧ مستخدماً.", "ar"),
        ("It has 1,234,567 users.", "拥有1,234,567名用户。", "zh-hans"),
        ("A share of 12.5%.", "Une part de 12,5\u00a0%.", "fr"),
        ("A share of 12.5%.", "حصة قدرها ١٢٫٥٪.", "ar"),
        ("WCAG 2.2 at levels A and AA", "WCAG 2.2, niveaux A et AA", "fr"),
        ("More than 150 million users", "超过1.5亿用户", "zh-hans"),
        ("More than 150 million users", "более 150 млн пользователей", "ru"),
        ("2 million classrooms", "مليونا قاعة دراسية", "ar"),
        ("2 billion people", "2 milliards de personnes", "fr"),
        ("13 universities joined the symposium", "Treize universités ont participé au colloque", "fr"),
        ("For 8 years", "لمدة ثماني سنوات", "ar"),
        ("The 216th session", "الدورة السادسة عشرة بعد المائتين", "ar"),
        ("The 38th session", "тридцать восьмая сессия", "ru"),
        ("The 21st century", "le XXIe siècle", "fr"),
        ("The 21st century", "二十一世纪", "zh-hans"),
        ("The third session of the board", "理事会第3次会议", "zh-hans"),
        ("On June 8, 2016", "2016年6月8日", "zh-hans"),
        ("It begins at 2 p.m.", "Comienza a las 14:00", "es"),
        ("The tenth institute", "10-й институт", "ru"),
    ],
)
def test_the_same_number_in_the_way_of_the_language_is_no_problem(source, target, language):
    assert {code for _level, code in found(plain(source, target), language)} & {"numbers", "dates"} == set()


@pytest.mark.parametrize(
    ("source", "target", "language"),
    [
        ("It has 1,234 users.", "Il compte 1\u202f243 utilisateurs.", "fr"),
        ("It has 1,234 users.", "Il compte 1,234 utilisateurs.", "fr"),
        ("A share of 12.5%.", "Доля составляет 125 %.", "ru"),
        ("It was held in 2016.", "Se celebró en 2017.", "es"),
        ("It was held in 2016.", "عُقد في ذلك العام.", "ar"),
        ("It was held there.", "在那里于2016年举行。", "zh-hans"),
        ("More than 150 million users", "超过1.5万用户", "zh-hans"),
        ("3 partners", "5 partenaires", "fr"),
        ("The 216th session", "Двадцать шестая сессия", "ru"),
    ],
)
def test_another_number_is_an_error(source, target, language):
    assert "numbers" in errors_of(source, target, language)


def test_a_small_number_that_is_said_otherwise_is_only_a_warning():
    assert errors_of("Both sides met 2 times.", "Стороны встречались дважды.", "ru") == set()
    assert "numbers" in warnings_of("The 4 partners met.", "Les partenaires se sont réunis.", "fr")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("三十八", [38]),
        ("二百一十六", [216]),
        ("二〇一六", [2016]),
        ("十", [10]),
        ("一万二千", [12000]),
        ("两", [2]),
    ],
)
def test_chinese_numbers_are_read(text, values):
    assert list(chinese_numbers(text)) == values


def test_roman_numbers_are_read_and_initials_of_words_are_not():
    assert list(roman_numbers("Le XIXe siècle et le chapitre IV")) == [19, 4]
    assert list(roman_numbers("Cité, Livre")) == []


def test_a_figure_with_two_readings_matches_either_in_spanish():
    (figure,) = figures("1.234", get_language("es"))
    assert figure.readings == {"1234", "1.234"}


@pytest.mark.parametrize("code", ["fr", "es", "ru", "ar", "zh-hans"])
def test_no_number_is_said_by_a_text_without_any(code):
    words = {"fr": "enseignement", "es": "educación", "ru": "образование", "ar": "تعليم", "zh-hans": "教育"}
    language = get_language(code)
    assert not any(is_said_in_words(value, words[code], language) for value in range(1, 1000))


# Dates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "language"),
    [
        ("Le 8 juin 2016", "fr"),
        ("8 июня 2016 года", "ru"),
        ("El 8 de junio de 2016", "es"),
        ("في 8 حزيران/يونيه 2016", "ar"),
        ("في 8 يونيو 2016", "ar"),
        ("2016年6月8日", "zh-hans"),
        ("二〇一六年六月八日", "zh-hans"),
        ("08.06.2016", "ru"),
    ],
)
def test_a_date_may_be_written_as_the_language_does(target, language):
    assert found(plain("On June 8, 2016", target), language) == set()


@pytest.mark.parametrize(
    ("target", "language"),
    [
        ("Le 8 juillet 2016", "fr"),
        ("Le juin 2016", "fr"),
        ("8 июля 2016 года", "ru"),
        ("في 8 تموز/يوليه 2016", "ar"),
        ("2016年7月8日", "zh-hans"),
    ],
)
def test_another_day_or_month_is_an_error(target, language):
    assert errors_of("On June 8, 2016", target, language) & {"dates", "numbers"}


def test_the_verb_may_is_no_month():
    assert errors_of("You may come in 2016.", "Vous pouvez venir en 2016.", "fr") == set()


# Blanks, characters, length ---------------------------------------------------------------------------------


@pytest.mark.parametrize("target", [" Mission", "Mission ", "La  mission", "La \u00a0mission"])
def test_blanks_at_the_ends_or_in_a_row_are_warnings(target):
    assert warnings_of("Mission", target, "fr") == {"blanks"}


@pytest.mark.parametrize("character", ["\u202e", "\u202d", "\u2066", "\x07", "\ufffd", "\u2028", "\ue000"])
def test_hidden_and_broken_characters_are_errors(character):
    assert "characters" in errors_of("Mission", f"Mis{character}sion", "fr")


@pytest.mark.parametrize("character", ["\u200f", "\u200e", "\u200c", "\n"])
def test_marks_that_arabic_needs_are_allowed(character):
    assert errors_of("Our mission", f"رسالتنا{character}", "ar") == set()


def test_a_text_longer_than_its_field_is_an_error():
    assert ("error", "length") in found(plain("Mission", "M" * 11, max_length=10), "fr")
    assert found(plain("Mission", "M" * 10, max_length=10), "fr") == set()


# Script -----------------------------------------------------------------------------------------------------

ENGLISH = "The Centre works with universities in developing countries."


@pytest.mark.parametrize("language", ["ar", "ru", "zh-hans"])
def test_a_sentence_without_a_letter_of_the_language_is_an_error(language):
    assert "script" in errors_of(ENGLISH, ENGLISH, language)


@pytest.mark.parametrize("language", ["fr", "es"])
def test_a_sentence_that_is_still_english_is_a_warning(language):
    assert "untranslated" in warnings_of(ENGLISH, ENGLISH, language)
    changed = "The Centre works with the universities of countries which have need of the support."
    assert "untranslated" in warnings_of(ENGLISH, changed, language)


@pytest.mark.parametrize("name", ["UNESCO-ICHEI", "UNESCO IITE", "NetDragon", "ICHEI CLOUD MOOC WCAG HTML"])
def test_names_and_abbreviations_may_stay_in_latin_letters(name, translated):
    assert found(plain(name, name), translated) == set()


def test_letters_of_a_third_script_are_a_warning():
    assert "script" in warnings_of("Our mission", "Notre мission", "fr")
    assert "script" in warnings_of("Our mission", "Наша миссия 使命", "ru")


def test_a_latin_letter_that_looks_russian_is_a_warning():
    assert "script" in warnings_of("The Centre", "Цeнтр", "ru")
    assert warnings_of("An IT company", "IT-компания", "ru") == set()


# Punctuation ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "target", "language"),
    [
        ("The end.", "结束。", "zh-hans"),
        ('He said: "The end."', "他说：“结束。”", "zh-hans"),
        ("The end?", "النهاية؟", "ar"),
        ("The end.", "النهاية.", "ar"),
        ("The end!", "La fin\u202f!", "fr"),
        ("The end: …", "La fin\u00a0: …", "fr"),
        ("Will be soon...", "Bientôt…", "fr"),
        ("What is it?", "¿Qué es?", "es"),
        ("The end (2016).", "La fin (2016).", "fr"),
        ("first; and", "primero;", "es"),
        ("In 2016", "в 2016 г.", "ru"),
    ],
)
def test_the_marks_of_the_language_are_no_problem(source, target, language):
    assert found(plain(source, target), language) == set()


@pytest.mark.parametrize(
    ("source", "target", "language", "code"),
    [
        ("The end.", "结束.", "zh-hans", "ending"),
        ("The end.", "结束", "zh-hans", "ending"),
        ("The end?", "النهاية?", "ar", "ending"),
        ("The end", "La fin.", "fr", "ending"),
        ("One, two", "واحد, اثنان", "ar", "marks"),
        ("One, two", "一,二", "zh-hans", "marks"),
        ("The end!", "La fin!", "fr", "marks"),
        ("The end!", "La fin !", "fr", "marks"),
        ("“The end”", "«La fin»", "fr", "marks"),
        ("What is it?", "Qué es?", "es", "marks"),
        ("The end (2016).", "La fin (2016.", "fr", "pairs"),
        ("“The end”", "«Конец", "ru", "pairs"),
        ('"The end"', '"El fin', "es", "pairs"),
    ],
)
def test_a_mark_of_english_or_a_missing_one_is_a_warning(source, target, language, code):
    assert errors_of(source, target, language) == set()
    assert code in warnings_of(source, target, language)


def test_a_time_and_an_address_need_no_french_space():
    assert warnings_of("At 10:30, https://a.example/b", "À 10:30, https://a.example/b", "fr") == set()


# Together ---------------------------------------------------------------------------------------------------


def test_errors_come_before_warnings_and_alone_block_approval():
    segment = plain("It was held in 2016.", " Il s’est tenu en 2017")
    problems = check(segment, get_language("fr"))
    assert [problem.blocks_approval for problem in problems] == [True, False, False]
    assert [problem.code for problem in errors([segment], get_language("fr"))[segment.id]] == ["numbers"]


def test_every_problem_is_a_sentence(db):
    segment = plain("It was held in 2016.", " Il s’est  tenu en 2017(")
    for problem in check(segment, get_language("fr")):
        assert str(problem.message).endswith((".", "."))


def test_the_checks_ask_the_database_nothing(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        for language in target_languages():
            check(plain(ENGLISH, ENGLISH), language)
            check(rich("<p>Read the <b>report</b> of June 8, 2016.</p>", "<p>2016 <b>6</b></p>"), language)
