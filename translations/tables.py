"""The overview as a file: CSV, or a sheet for Excel and LibreOffice."""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from .languages import source_language
from .models import RecordEntry
from .overview import Overview, type_label
from .states import State

CHUNK = 500
# What a spreadsheet takes for the beginning of a formula, or skips before it (OWASP, "CSV injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
BYTE_ORDER_MARK = "\ufeff"


def header(overview: Overview) -> list[str]:
    columns = [
        _("Type"),
        _("Title"),
        _("Record"),
        _("Published"),
        _("Words in %(language)s") % {"language": source_language().name},
        _("Last change"),
    ]
    for language in overview.languages:
        columns += [
            f"{language.name}: {label}"
            for label in (
                _("State"),
                _("Per cent"),
                _("Words to translate"),
                _("Assigned to"),
                _("Due date"),
            )
        ]
    return columns


def rows(overview: Overview) -> Iterator[list]:
    """A row a record; texts, numbers and dates.

    All words are looked up before the first row: a file is sent after the request's language has ended.
    """
    states = {state.value: str(state.label) for state in State}
    returned, yes, no = _("Returned"), _("yes"), _("no")
    types: dict[str, str] = {
        label: type_label(label)
        for label in RecordEntry.objects.order_by().values_list("label", flat=True).distinct()
    }
    entries = overview.ordered

    def generate():
        for start in range(0, entries.count(), CHUNK):
            chunk = list(entries[start : start + CHUNK])
            of_languages = overview.states_of(chunk)
            for entry in chunk:
                row = [
                    types.get(entry.label, entry.label),
                    entry.title,
                    entry.key,
                    yes if entry.live else no,
                    entry.words,
                    timezone.localtime(entry.updated_at),
                ]
                for language in overview.languages:
                    state = of_languages.get((entry.pk, language.code))
                    if state is None:
                        row += [""] * 5
                        continue
                    person = state.assignee
                    row += [
                        returned if state.is_returned else states[state.state],
                        state.percentage,
                        state.words_left,
                        (person.get_full_name() or person.get_username()) if person else "",
                        state.due or "",
                    ]
                yield row

    return generate()


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_value(value) -> str:
    match value:
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case str():
            return harmless(value)
    return str(value)


class Echo:
    """A file that keeps nothing: `csv.writer` gets each line back from it."""

    def write(self, value: str) -> str:
        return value


def file_name(ending: str) -> str:
    return f"translations-{timezone.localdate():%Y-%m-%d}.{ending}"


def as_csv(overview: Overview) -> HttpResponseBase:
    """UTF-8 with a byte order mark, which Excel needs to see the letters right."""
    writer = csv.writer(Echo())
    head, body = header(overview), rows(overview)

    def lines():
        yield BYTE_ORDER_MARK
        yield writer.writerow([harmless(name) for name in head])
        for row in body:
            yield writer.writerow([csv_value(value) for value in row])

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file_name("csv")}"'},
    )


def as_xlsx(overview: Overview) -> HttpResponseBase:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Translations"))
    sheet.sheet_view.rightToLeft = get_language_bidi()
    sheet.freeze_panes = "C2"
    for letter, width in (("A", 18), ("B", 50), ("C", 28), ("F", 17)):
        sheet.column_dimensions[letter].width = width

    def cell(value, bold=False):
        if isinstance(value, datetime):
            # A sheet knows no time zones.
            value = value.replace(tzinfo=None)
        if isinstance(value, str):
            made = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
            # Never a formula, whatever it starts with.
            made.data_type = "s"
        else:
            made = WriteOnlyCell(sheet, value)
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(name, bold=True) for name in header(overview)])
    for row in rows(overview):
        sheet.append([cell(value) for value in row])
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=file_name("xlsx"),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )


FORMATS = {"csv": as_csv, "xlsx": as_xlsx}
