"""Where staff read messages. Who may edit a contact page may read, download and delete what it brought."""

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from wagtail.contrib.forms.views import SubmissionsListView

# What a spreadsheet takes for the beginning of a formula, whatever its own type of the cell says.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def defused(value):
    """A text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return (
        f"'{value}" if isinstance(value, str) and value.lstrip(" \u00a0\ufeff").startswith(FORMULA) else value
    )


def as_written(value):
    """A text with its lines, and in the direction of its own script."""
    is_text = isinstance(value, str) and value
    return format_html('<span dir="auto">{}</span>', linebreaksbr(value)) if is_text else value


class MessagesView(SubmissionsListView):
    """Wagtail's list of messages, whose downloads run nothing that a visitor wrote."""

    def to_row_dict(self, item):
        return {name: defused(value) for name, value in super().to_row_dict(item).items()}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        for row in context.get("data_rows", ()):
            row["fields"] = [as_written(value) for value in row["fields"]]
        return context

    def get_heading(self, queryset, field):
        return defused(super().get_heading(queryset, field))
