"""The list of articles in the admin: their dates, categories, states and translations."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from wagtail.users.models import UserProfile

from news.models import NewsCategory, NewsPage


@pytest.fixture
def index(page):
    return page("news/")


@pytest.fixture
def write(index):
    def article(title, **fields):
        with translation.override("en"):
            new = NewsPage(title_en=title, **{"date": date(2030, 1, 1), "live": False} | fields)
            index.add_child(instance=new)
        return new

    return article


def address(index, query=""):
    return reverse("wagtailadmin_explore", args=[index.pk]) + query


def titles(client, index, query=""):
    return [page.title_en for page in client.get(address(index, query)).context["object_list"]]


def test_articles_are_listed_newest_first_with_date_and_category(admin_client, index, write):
    category = NewsCategory.objects.first()
    write("Second", date=date(2031, 5, 1), category=category)
    write("Third", date=date(2031, 6, 1))
    assert titles(admin_client, index)[:2] == ["Third", "Second"]
    html = admin_client.get(address(index)).content.decode()
    assert "May 1, 2031" in html
    assert str(category) in html


def test_the_list_reads_in_each_language_of_the_admin(admin_client, administrator, index, language):
    UserProfile.objects.update_or_create(user=administrator, defaults={"preferred_language": language})
    article = NewsPage.objects.get()
    html = admin_client.get(address(index)).content.decode()
    with translation.override(language):
        assert str(article.category) in html
    assert html.count("language-states__mark--draft") == 5


def test_articles_are_found_by_category_and_date(admin_client, index, write):
    category = NewsCategory.objects.create(name_en="Events", slug="events-of-test")
    write("An event", category=category, date=date(2031, 5, 1))
    write("No event", date=date(2031, 6, 1))
    assert titles(admin_client, index, f"?category={category.pk}") == ["An event"]
    assert titles(admin_client, index, "?date_from=2031-05-15&date_to=2031-07-01") == ["No event"]


def test_the_list_asks_nothing_a_row(admin_client, index, write):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(address(index)).status_code == 200
        return len(queries)

    category = NewsCategory.objects.first()
    write("First", category=category)
    count()
    before = count()
    for number in range(10):
        write(f"Article {number}", date=date(2030, 1, 1) + timedelta(days=number), category=category)
    assert count() <= before + 1
