"""News for other pages."""

from django import template

from news.models import NewsIndexPage, NewsPage
from pages.templatetags.navigation import url_of_type

register = template.Library()


@register.simple_tag
def newest_news(count=3):
    """The newest articles."""
    return list(NewsPage.objects.visible().in_language().newest_first().for_cards()[:count])


@register.simple_tag(takes_context=True)
def news_url(context):
    """The address of the list of news; empty where there is none."""
    return url_of_type(context, NewsIndexPage)
