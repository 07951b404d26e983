"""Where staff read messages. Who may edit a contact page may read, download and delete what it brought."""

from wagtail.contrib.forms.views import SubmissionsListView

# What a spreadsheet takes for the beginning of a formula, whatever its own type of the cell says.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def defused(value):
    """A text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return (
        f"'{value}" if isinstance(value, str) and value.lstrip(" \u00a0\ufeff").startswith(FORMULA) else value
    )


class MessagesView(SubmissionsListView):
    """Wagtail's list of messages, whose downloads run nothing that a visitor wrote."""

    def to_row_dict(self, item):
        return {name: defused(value) for name, value in super().to_row_dict(item).items()}

    def get_heading(self, queryset, field):
        return defused(super().get_heading(queryset, field))
