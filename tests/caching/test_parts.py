"""Parts of pages that a process keeps, such as menus and cards."""

import pytest
from django.template import Context, Template

from caching import tags
from caching.journal import changed
from caching.parts import MOST, parts
from news.models import NewsPage
from tests.caching.test_changes import publish

CARD = Template('{% load kept %}{% kept "x" article word %}\n    {{ article.title }}{{ said }}{% endkept %}')


def test_a_part_is_made_once_and_again_when_something_in_it_has_changed(front, committed):
    made = []
    front.journal.look()

    def make():
        tags.shows("page:1")
        made.append(1)
        return len(made)

    assert [parts.remembered("a", make) for _time in range(3)] == [1, 1, 1]
    with committed():
        changed("page:2")
    front.journal.look()
    assert parts.remembered("a", make) == 1
    with committed():
        changed("page:1")
    front.journal.look()
    assert parts.remembered("a", make) == 2


def test_a_page_depends_on_what_its_parts_show(front):
    for _time in range(2):
        with tags.collecting() as collected:
            parts.remembered("a", lambda: tags.shows("page:1"))
        assert collected.tags == {"page:1"}


def test_nothing_is_kept_where_nobody_reads_the_journal(db):
    made = []
    for _time in range(2):
        parts.remembered("a", lambda: made.append(1))
    assert len(made) == 2


def test_a_process_keeps_no_more_parts_than_it_may(front):
    for number in range(MOST + 10):
        parts.remembered(number, lambda: None)
    assert len(parts._parts) == MOST


def rendered(**values) -> str:
    with tags.collecting() as collected:
        html = CARD.render(Context(values))
    assert f"listed:{values['article'].pk}" in collected.tags
    return html


def test_a_part_of_a_template_is_rendered_once_for_each_value(front):
    article = NewsPage.objects.get()
    first = rendered(article=article, word="a", said="1")
    assert rendered(article=article, word="a", said="2") == first
    assert rendered(article=article, word="b", said="2") != first


def test_a_preview_and_somebody_who_is_signed_in_get_it_fresh(front):
    article = NewsPage.objects.get()
    rendered(article=article, word="a", said="1")
    assert "2" in CARD.render(Context({"article": article, "word": "a", "said": "2"}))


@pytest.mark.parametrize("path", ["", "news/"])
def test_a_card_with_a_new_title_is_new_wherever_it_stands(visitor, committed, path):
    visitor.get(f"/en/{path}")
    with committed():
        publish(NewsPage.objects.get(), title_en="A title of today")
    assert b"A title of today" in visitor.get(f"/en/{path}").body
