"""News for other pages."""

from django import template

from caching import tags
from caching.parts import parts
from news.models import NEWEST_ARTICLES, NewsIndexPage, NewsPage
from pages.templatetags.navigation import language_link, url_of_type
from translations.languages import all_languages, current_language

register = template.Library()


@register.simple_tag
def newest_news(count=NEWEST_ARTICLES):
    """The newest articles."""

    def find():
        tags.shows("news:newest")
        return list(NewsPage.objects.visible().in_language().newest_first().for_cards()[:count])

    return parts.remembered(("newest news", count, current_language().code), find)


@register.simple_tag(takes_context=True)
def news_url(context):
    """The address of the list of news; empty where there is none."""
    return url_of_type(context, NewsIndexPage)


@register.simple_tag(takes_context=True)
def other_languages(context, page):
    """(language, address) of each other language in which visitors may read a page, in the UN's order."""
    others = [language for language in all_languages() if language != current_language()]
    return [language_link(context, page, language) for language in others if page.is_public_in(language)]
