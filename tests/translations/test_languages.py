import pytest
from django.utils import translation

from translations.languages import all_languages, column, current_language, get_language


def test_the_languages_stand_in_the_order_of_the_united_nations():
    assert [language.name for language in all_languages()] == [
        "العربية",
        "中文",
        "English",
        "Français",
        "Русский",
        "Español",
    ]


@pytest.mark.parametrize(
    ("code", "tag", "direction", "script"),
    [
        ("ar", "ar", "rtl", "Arab"),
        ("zh-hans", "zh-Hans", "ltr", "Hans"),
        ("en", "en", "ltr", "Latn"),
        ("fr", "fr", "ltr", "Latn"),
        ("ru", "ru", "ltr", "Cyrl"),
        ("es", "es", "ltr", "Latn"),
    ],
)
def test_a_language_knows_its_tag_direction_and_script(code, tag, direction, script):
    language = get_language(code)
    assert (language.tag, language.direction, language.script) == (tag, direction, script)


def test_only_english_is_the_source():
    assert [language.code for language in all_languages() if language.is_source] == ["en"]


def test_a_column_is_named_after_its_language():
    assert column("title", get_language("zh-hans")) == "title_zh_hans"


def test_a_language_that_the_site_lacks_counts_as_the_source():
    with translation.override("de"):
        assert current_language().code == "en"
