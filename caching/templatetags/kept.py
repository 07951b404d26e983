"""A part of a template that is rendered once, and again when something that it shows has changed."""

import re

from django import template
from django.db import models
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from caching import tags
from caching.journal import journal
from caching.parts import parts

register = template.Library()

INDENT = re.compile(r"\n\s+")


class KeptNode(template.Node):
    def __init__(self, nodelist, name: str, arguments):
        self.nodelist = nodelist
        self.name = name
        self.arguments = arguments

    def render(self, context):
        # Not in a preview nor for somebody who is signed in: these are not made through the page cache.
        if not (journal.is_followed and tags.is_collecting()):
            return self.without_indents(context)
        values = [argument.resolve(context) for argument in self.arguments]
        records = [value for value in values if isinstance(value, models.Model)]

        def make() -> str:
            for record in records:
                tags.shows(*record.shown_tags(is_partial=True))
            return self.without_indents(context)

        key = tuple(
            (value._meta.label, value.pk) if isinstance(value, models.Model) else value for value in values
        )
        return parts.remembered((self.name, get_language(), key), make)

    def without_indents(self, context) -> SafeString:
        # What makes a template readable weighs as much as the words of a short text.
        return mark_safe(INDENT.sub("\n", self.nodelist.render(context)))  # noqa: S308


@register.simple_tag
def shows(*names):
    """Says inside a kept part on which lists it depends that were read before it."""
    tags.shows(*names)
    return ""


@register.tag
def kept(parser, token):
    """Keeps what stands up to `{% endkept %}`, one copy for each language and each value of its arguments.

    {% kept "card" article article.category article.lead_image %}…{% endkept %}

    The name is that of the part. Records that were read before it must be among its arguments, since only
    what is read inside is noted by itself; whatever else it depends on, too.
    """
    _tag, name, *arguments = token.split_contents()
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, name.strip("\"'"), [parser.compile_filter(argument) for argument in arguments])
