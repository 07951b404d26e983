"""No page needs more than twelve queries, and none more for more content."""

from datetime import date, timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.rich_text import RichText

from library.models import CustomDocument, CustomImage
from milestones.dates import FuzzyDate
from milestones.models import Milestone
from news.models import NewsIndexPage, NewsPage
from tests.paths import PAGE_PATHS

LIMIT = 12


def queries(client, url) -> int:
    """How many queries a page needs with every cache cold."""
    client.get(url)  # renditions of pictures are made on the first visit
    cache.clear()
    ContentType.objects.clear_cache()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def add_milestones(count):
    for number in range(count):
        milestone = Milestone(text_en=f"Something happened, number {number}.")
        milestone.moment = FuzzyDate(date(1950, 1, 1) + timedelta(days=50 * number))
        milestone.save()


def add_articles(numbers):
    index = NewsIndexPage.objects.get()
    model = NewsPage.objects.get(slug="netdragon-strategic-cooperation")
    for number in numbers:
        index.add_child(
            instance=NewsPage(
                title_en=f"Article {number}",
                slug=f"article-{number}",
                date=date(2024, 1, 1) + timedelta(days=number % 366),
                category=model.category,
                lead_image=model.lead_image,
                summary_en="A summary.",
            )
        )


@pytest.mark.parametrize("path", PAGE_PATHS)
def test_no_page_needs_more_than_twelve_queries(client, db, language, path):
    assert queries(client, f"/{language}/{path}") <= LIMIT


def counts(client) -> dict[str, int]:
    """The queries of each page that lists something."""
    urls = (
        *("/fr/", "/fr/about/", "/fr/about/milestones/", "/fr/news/", "/fr/news/?year=2024"),
        *(
            "/en/about/milestones/?year=1950&order=oldest",
            "/en/news/?category=cooperation",
            "/en/news/article-5/",
        ),
    )
    return {url: queries(client, url) for url in urls}


@pytest.mark.thorough
def test_ten_and_five_hundred_milestones_and_articles_take_the_same_queries(client, db):
    add_milestones(10)
    add_articles(range(10))
    few = counts(client)
    add_milestones(490)
    add_articles(range(10, 500))
    many = counts(client)
    assert many == few
    assert max(many.values()) <= LIMIT


def test_the_number_of_queries_does_not_grow_with_the_links_in_a_text(client, page):
    mission, target = page("about/mission/"), page("privacy/")
    document = CustomDocument.objects.create(title="Report", file=ContentFile(b"x", "report.txt"))
    counts = []
    for blocks in (1, 10):
        links = (
            f'<p><a linktype="page" id="{target.pk}">page</a> '
            f'<a linktype="document" id="{document.pk}">document</a></p>'
        )
        mission.body_en = [("text", RichText(links)) for _block in range(blocks)]
        mission.save_revision().publish()
        html = client.get("/en/about/mission/").content.decode()
        assert html.count('<a href="/en/privacy/">page</a>') == blocks
        assert html.count(f'<a href="{document.url}" type="text/plain">document ') == blocks
        counts.append(queries(client, "/en/about/mission/"))
    assert counts[0] == counts[1] <= LIMIT


def test_the_number_of_queries_does_not_grow_with_the_pictures_of_an_article(client, db):
    article, pictures = NewsPage.objects.get(), list(CustomImage.objects.all())
    url = article.get_url()
    before = queries(client, url)
    figures = [("figure", {"image": picture, "caption": ""}) for picture in pictures * 5]
    article.body_en = [*((block.block_type, block.value) for block in article.body_en), *figures]
    article.save_revision().publish()
    assert queries(client, url) == before
