"""What all tests share: a database with the starting content in it, and no language left over."""

import shutil

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.utils import translation

from background.worker import SiteWorker
from caching.journal import journal
from caching.parts import parts
from pages.models import BasePage
from tests.paths import PAGE_PATHS
from translations.languages import all_languages


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Which pairs of a page and a language `make test` tries: every page in two languages, every language
    with a third of the pages. The other pairs are left to `make thorough`.
    """
    languages = [language.code for language in all_languages()]
    for item in items:
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        page = parameters.get("any_page", parameters.get("path"))
        language = parameters.get("language", parameters.get("translated"))
        if page not in PAGE_PATHS or language not in languages:
            continue
        if (PAGE_PATHS.index(page) - languages.index(language)) % 3:
            item.add_marker(pytest.mark.thorough)


def pytest_sessionfinish(session):
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The starting content is loaded once; each test works in a transaction on top of it."""
    with django_db_blocker.unblock():
        call_command("load_content", verbosity=0)


@pytest.fixture(autouse=True)
def _clean_slate():
    """A request leaves its language on the thread, and the cache outlives a rolled-back transaction."""
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)
    cache.clear()
    # A test with a page cache has begun to keep parts of pages in this process.
    journal.is_followed = False
    parts.forget()


@pytest.fixture
def work(monkeypatch):
    """Does what waits, as a worker does: `work()`. In the test's own transaction, so with its connection."""
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
    return lambda: SiteWorker(batch=True).run()


@pytest.fixture(params=[language.code for language in all_languages()])
def language(request):
    """Each language of the site in turn, as its code."""
    return request.param


@pytest.fixture(params=[code for code, _name in settings.LANGUAGES if code != "en"])
def translated(request):
    """Each language but the source, as its code."""
    return request.param


@pytest.fixture(params=PAGE_PATHS)
def path(request):
    """The path of each page of the starting content, without its language."""
    return request.param


@pytest.fixture
def get(client, db):
    """Opens a page of the site and returns its parsed HTML."""
    from bs4 import BeautifulSoup

    def open_page(url, status=200, **headers):
        response = client.get(url, headers=headers)
        assert response.status_code == status, f"{url}: {response.status_code}"
        return BeautifulSoup(response.content.decode(), "html.parser")

    return open_page


@pytest.fixture(scope="session")
def _pages_read():
    return {}


@pytest.fixture
def read(get, _pages_read):
    """A page of the starting content as it comes, parsed; made once for all tests that only look at it."""

    def open_page(url):
        if url not in _pages_read:
            _pages_read[url] = get(url)
        return _pages_read[url]

    return open_page


@pytest.fixture
def page(db):
    """Finds a page of the starting content by its path, such as "about/mission/"."""

    def find(path):
        return BasePage.objects.get(url_path=f"/home/{path}").specific

    return find


@pytest.fixture
def administrator(django_user_model, db):
    return django_user_model.objects.create_superuser("administrator", password="not a secret")


@pytest.fixture
def admin_client(client, administrator):
    client.force_login(administrator)
    return client
