"""Milestones for other pages, and their dates in words."""

from django import template
from django.utils.html import format_html

from caching import tags
from caching.parts import parts
from milestones.models import NEWEST_MILESTONES, Milestone, MilestonesPage
from pages.templatetags.navigation import url_of_type
from translations.languages import current_language

register = template.Library()


@register.simple_tag
def newest_milestones(count=NEWEST_MILESTONES):
    """The milestones that happened last, newest first."""

    def find():
        tags.shows("milestones:newest")
        return list(Milestone.objects.live().in_language().newest_first()[:count])

    return parts.remembered(("newest milestones", count, current_language().code), find)


@register.simple_tag(takes_context=True)
def timeline_url(context):
    """The address of the timeline; empty where there is none."""
    return url_of_type(context, MilestonesPage)


@register.simple_tag
def when(milestone, with_year=False):
    """The date in words, marked up for machines where HTML can say it.

    Below the heading of its year it needs no year of its own: "On June 5"; elsewhere ask for it `with_year`.
    """
    words = milestone.moment.phrase(current_language().code, with_year=bool(with_year))
    exact = milestone.moment.machine_readable
    return format_html('<time datetime="{}">{}</time>', exact, words) if exact else words


@register.filter
def full_phrase(milestone):
    """The date with its year, for use anywhere: "On June 5, 2014"."""
    return milestone.moment.phrase(current_language().code, with_year=True)
