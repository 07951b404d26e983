"""Which pairs of a page type and a language of the admin `make test` tries."""

import pytest

from tests.paths import PAGE_PATHS
from translations.languages import all_languages


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Every page type in two languages of the admin, every language with two page types at least; the other
    pairs are left to `make thorough`.
    """
    languages = [language.code for language in all_languages()]
    for item in items:
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        if {"any_page", "language"} <= parameters.keys():
            page, language = parameters["any_page"], parameters["language"]
            if (PAGE_PATHS.index(page) - languages.index(language)) % 3:
                item.add_marker(pytest.mark.thorough)
