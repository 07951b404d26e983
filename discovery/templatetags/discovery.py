"""What the head of a page says to machines."""

from django import template

from discovery.heads import head_of
from discovery.structured_data import script, structured_data
from pages.models import BasePage

register = template.Library()


@register.simple_tag(takes_context=True)
def machine_head(context):
    """The `Head` of the page that is shown; None for what is no page, and for a preview of a draft."""
    page = context.get("page")
    if not isinstance(page, BasePage) or page.pk is None or getattr(context["request"], "is_preview", False):
        return None
    return head_of(page, context)


@register.simple_tag(takes_context=True)
def structured_data_of(context, head):
    """The element with the page's JSON-LD, or nothing."""
    data = structured_data(context["page"], head, context)
    return script(data) if data else ""
