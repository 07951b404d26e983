"""A workbook for translators without a tool: one row a text, marks written as <1>…</1>.

Everything in it is text; nothing is ever a formula, whatever it starts with.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils.exceptions import InvalidFileException

from translations.languages import Language, source_language
from translations.segments import Segment

from . import safe_xml
from .units import (
    LINE_END,
    MAX_UNITS,
    MAX_UNPACKED,
    NOT_IN_FILES,
    ExchangeError,
    ParsedFile,
    ParsedUnit,
    RecordUnits,
    check_size,
    check_units,
    language_of,
    notes,
)

FORMAT = "unesco-ichei 1"
# The names stand in a hidden first row, so that a file can be read whatever the language of its headings.
COLUMNS = {
    "id": 34,
    "where": 34,
    "source": 60,
    "translation": 60,
    "state": 16,
    "note": 40,
    "limit": 10,
    "preview": 40,
    "record": 20,
    "digest": 20,
}
HIDDEN = {"record", "digest"}
NEEDED = ("id", "source", "translation", "record", "digest")
LEADS_ELSEWHERE = (
    "xl/externallinks/",
    "xl/connections",
    "xl/querytables/",
    "xl/embeddings/",
    "xl/activex/",
)
# What Excel itself allows in a cell.
MAX_CELL = 32_767
MAX_ENTRIES = 300
MAX_RATIO = 400
HEAD = PatternFill("solid", fgColor="DCE6F1")
WRITABLE = PatternFill("solid", fgColor="FFFDE7")
# Excel writes a character as _x000D_; what only looks so is written with _x005F_ for its first stroke.
ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def cell_text(text: str) -> str:
    return LOOKS_ESCAPED.sub("_x005F_", NOT_IN_FILES.sub("", LINE_END.sub("\n", text)))


def written_text(text: str) -> str:
    """What `cell_text` was given; Excel and openpyxl take back some of it themselves."""
    return ESCAPED.sub("_", text)


def write(records: Sequence[RecordUnits], language: Language) -> bytes:
    """The records as a workbook. A text that is longer than a cell may be is left to the other formats."""
    book = Workbook()
    book.properties.creator = "UNESCO-ICHEI"
    book.properties.title = f"{source_language().tag} → {language.tag}"
    sheet = book.active
    sheet.title = language.tag
    headings = [
        _("Identifier"),
        _("Where it stands"),
        f"{_('Source')} ({source_language().name})",
        f"{_('Translation')} ({language.name})",
        _("State"),
        _("Notes"),
        _("Limit"),
        _("Preview"),
        _("Record"),
        _("Digest"),
    ]
    for row, values in enumerate((COLUMNS, headings), 1):
        for column, value in enumerate(values, 1):
            put(sheet, row, column, value, fill=HEAD, bold=True)
    row = 2
    for record in records:
        for segment in record.segments:
            if max(len(segment.source), len(segment.target)) > MAX_CELL:
                continue
            row += 1
            for column, (name, value) in enumerate(cells(record, segment).items(), 1):
                put(sheet, row, column, value, name, language)
    for number, (name, width) in enumerate(COLUMNS.items(), 1):
        dimension = sheet.column_dimensions[chr(64 + number)]
        dimension.width = width
        dimension.hidden = name in HIDDEN
    sheet.row_dimensions[1].hidden = True
    sheet.freeze_panes = "A3"
    sheet.protection.sheet = True
    # Widths and heights may be changed, and the rows filtered.
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.autoFilter = False
    sheet.auto_filter.ref = f"A2:{chr(64 + len(COLUMNS))}{max(row, 2)}"
    sheet.sheet_view.rightToLeft = language.direction == "rtl"
    describe(book, language)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def cells(record: RecordUnits, segment: Segment) -> dict[str, str]:
    texts = [text for category, text in notes(record, segment) if category not in {"where", "limit"}]
    return {
        "id": segment.id,
        "where": f"{record.title} – {segment.label}",
        "source": segment.source,
        "translation": segment.target if segment.is_translated else "",
        "state": str(record.state_of(segment).label),
        "note": "\n".join(texts),
        "limit": str(segment.max_length or ""),
        "preview": record.preview,
        "record": record.key,
        "digest": segment.digest,
    }


def put(sheet, row, column, value, name="", language=None, fill=None, bold=False) -> None:
    cell = sheet.cell(row, column)
    cell.value = cell_text(str(value))
    # Whatever it looks like: openpyxl takes "=…" for a formula.
    cell.data_type = "s"
    # "Text": what a person types there stays what it is, too.
    cell.number_format = "@"
    cell.quotePrefix = str(value).startswith(("=", "+", "-", "@"))
    rtl = name == "translation" and language.direction == "rtl"
    cell.alignment = Alignment(
        wrap_text=True, vertical="top", readingOrder=2 if rtl else 1, horizontal="right" if rtl else "left"
    )
    cell.protection = Protection(locked=name != "translation")
    if name == "translation":
        fill = WRITABLE
    if fill:
        cell.fill = fill
    if bold:
        cell.font = Font(bold=True)


def describe(book: Workbook, language: Language) -> None:
    """A hidden sheet that says what the file is."""
    sheet = book.create_sheet("about")
    for row in (("format", FORMAT), ("source", source_language().tag), ("target", language.tag)):
        sheet.append(row)
    sheet.protection.sheet = True
    sheet.sheet_state = "hidden"


# Reading ---------------------------------------------------------------------------------------------------


def read(data: bytes) -> ParsedFile:
    """A workbook made by `write` and filled in. Raises `ExchangeError` if it can't be taken at all."""
    check_size(data)
    inspect(data)
    try:
        # The package was looked through already: no formula, no link, and no part that is too large.
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, TypeError, IndexError, SyntaxError) as error:
        raise ExchangeError(_("The workbook can’t be opened: save it anew as .xlsx.")) from error
    try:
        about = description(book)
        if about.get("format") != FORMAT:
            raise ExchangeError(
                _("This workbook wasn’t exported from the site, or its hidden sheet “about” is gone.")
            )
        language = language_of(about.get("source"), about.get("target"))
        sheet = next((sheet for sheet in book.worksheets if sheet.title != "about"), None)
        units = [] if sheet is None else list(rows(sheet))
    except (KeyError, ValueError, TypeError, IndexError, SyntaxError, AttributeError) as error:
        if isinstance(error, ExchangeError):
            raise
        raise ExchangeError(_("The workbook can’t be read: save it anew as .xlsx.")) from error
    finally:
        book.close()
    check_units(units)
    return ParsedFile(language, tuple(units))


def description(book) -> dict[str, str]:
    if "about" not in book.sheetnames:
        return {}
    found = {}
    for row in book["about"].iter_rows(max_row=10, max_col=2, values_only=True):
        if len(row) == 2 and all(isinstance(value, str) for value in row):
            found[row[0]] = row[1]
    return found


def rows(sheet) -> Iterator[ParsedUnit]:
    width = len(COLUMNS)
    names: list = []
    for number, row in enumerate(sheet.iter_rows(max_col=width), 1):
        if number > MAX_UNITS + 10:
            raise ExchangeError(
                _("The file holds more than %(limit)s texts: export fewer records at a time.")
                % {"limit": MAX_UNITS}
            )
        if number == 1:
            names = [cell.value for cell in row]
            if missing := [name for name in NEEDED if name not in names]:
                raise ExchangeError(
                    _("The column “%(name)s” is gone: send the workbook with all its columns and rows.")
                    % {"name": missing[0]}
                )
            continue
        if number == 2:
            continue
        cell = dict(zip(names, row, strict=False))
        name = text_in(cell["id"])
        if name is None and not any(text_in(other) for other in cell.values()):
            continue
        yield unit(cell, name or "")


def unit(cell: dict, name: str) -> ParsedUnit:
    record, digest = text_in(cell["record"]) or "", text_in(cell["digest"])
    target = cell["translation"]
    error = ""
    if target.value is not None and target.data_type not in {"s", "inlineStr", "str", "n"}:
        error = _("Its translation is a date, a formula or an error, not a text.")
    if isinstance(target.value, bool) or getattr(target, "is_date", False):
        error = _("Its translation is a date, a formula or an error, not a text.")
    return ParsedUnit(
        name, record, text_in(cell["source"]), None if error else text_in(target), digest, error
    )


def text_in(cell) -> str | None:
    """What a cell holds, as text; a number that somebody typed is text too."""
    value = cell.value
    if value is None:
        return None
    if isinstance(value, str):
        return written_text(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def inspect(data: bytes) -> None:
    """Looks through the package before anything opens it. Raises `ExchangeError`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            inspect_entries(package.infolist())
            for entry in package.infolist():
                if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                    inspect_part(entry.filename, package.read(entry))
                elif not entry.is_dir():
                    # Read too, so that a size that lies or a broken part is found here.
                    package.read(entry)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError) as error:
        raise ExchangeError(_("The file isn’t a workbook (.xlsx), or it is damaged.")) from error
    except RuntimeError as error:
        raise ExchangeError(_("The workbook has a password: save it without one.")) from error


def inspect_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise ExchangeError(_("Unpacked, the workbook is too large: export fewer records at a time."))
    if any(
        entry.file_size > 1024 * 1024 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        for entry in entries
    ):
        raise ExchangeError(_("The workbook is packed far tighter than a real one."))
    if len({name.lower() for name in names}) < len(names):
        raise ExchangeError(_("The workbook holds two parts of one name."))
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or ":" in name:
            raise ExchangeError(_("The workbook holds a part with a path that leads out of it."))
        if entry.flag_bits & 0x1:
            raise ExchangeError(_("The workbook has a password: save it without one."))
        lower = name.lower()
        if (lower.endswith(".bin") and "printersettings" not in lower) or "vbaproject" in lower:
            raise ExchangeError(_("The workbook holds macros or embedded programs; save it as plain .xlsx."))
        if lower.startswith(LEADS_ELSEWHERE):
            raise ExchangeError(_("The workbook holds links to other files or embedded ones; take them out."))
    if not {"[content_types].xml", "xl/workbook.xml"} <= {name.lower() for name in names}:
        raise ExchangeError(_("The file isn’t a workbook (.xlsx), or it is damaged."))


def inspect_part(name: str, content: bytes) -> None:
    if safe_xml.declares_types(content):
        raise ExchangeError(
            _("The workbook has a document type declaration (DOCTYPE), which the site doesn’t read.")
        )
    if name.lower() == "[content_types].xml" and b"macroenabled" in content.lower():
        raise ExchangeError(_("The workbook holds macros or embedded programs; save it as plain .xlsx."))
    try:
        cell = "?"
        events = etree.iterparse(
            io.BytesIO(content),
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        for event, element in events:
            if event == "end":
                element.clear()
                continue
            local = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if local == "c":
                cell = element.get("r", "?")
            elif local == "f" and name.lower().startswith("xl/worksheets/"):
                raise ExchangeError(
                    _("The cell %(cell)s holds a formula: put its text there instead.") % {"cell": cell[:12]}
                )
            elif local == "Relationship" and leads_elsewhere(element):
                raise ExchangeError(
                    _("The workbook holds links to other files or embedded ones; take them out.")
                )
    except etree.XMLSyntaxError as error:
        raise ExchangeError(
            _("The part “%(name)s” of the workbook isn’t well-formed XML.") % {"name": name[:60]}
        ) from error


def leads_elsewhere(relationship) -> bool:
    """Whether a workbook wants something of another file.

    Excel itself makes a hyperlink of an address that somebody types, and nothing here follows it.
    """
    is_hyperlink = relationship.get("Type", "").endswith("/hyperlink")
    return relationship.get("TargetMode") == "External" and not is_hyperlink
