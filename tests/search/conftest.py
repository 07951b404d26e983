"""Articles whose words are known, beside the starting content."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from wagtail.rich_text import RichText

from news.models import NewsIndexPage, NewsPage
from translations.languages import all_languages, column, target_languages
from translations.states import Origin, State
from translations.workflow import mark

DATA = Path(__file__).parent / "data"


def make_article(slug: str, words: dict[str, list[str]], **values) -> NewsPage:
    """A published article: `words` has (title, summary, text) for the code of each of its languages."""
    article = NewsPage(slug=slug, **{"date": date(2026, 3, 4)} | values)
    for language in all_languages():
        if language.code in words:
            title, summary, text = words[language.code]
            setattr(article, column("title", language), title)
            setattr(article, column("summary", language), summary)
            setattr(article, column("body", language), [("text", RichText(f"<p>{text}</p>"))])
    NewsIndexPage.objects.get().add_child(instance=article)
    for language in target_languages():
        if language.code in words:
            mark(article, language, State.APPROVED, Origin.HUMAN)
    article.save(clean=False)
    article.save_revision().publish()
    return NewsPage.objects.get(pk=article.pk)


@pytest.fixture
def articles(db, django_capture_on_commit_callbacks):
    """Two articles in six languages, with their words counted."""
    with django_capture_on_commit_callbacks(execute=True):
        made = tomllib.loads((DATA / "articles.toml").read_text())
        return {slug: make_article(slug, words) for slug, words in made.items()}
