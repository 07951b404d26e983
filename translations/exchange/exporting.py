"""Making files for outside translators out of any selection of records."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from translations.index import title_of
from translations.languages import Language
from translations.models import TranslatedOwner
from translations.progress import progress_of
from translations.registry import translate_url
from translations.segments import Segment, record_key
from translations.states import Origin

from . import tmx, xliff, xlsx
from .units import RecordUnits


class Format(models.TextChoices):
    XLIFF_1_2 = "xliff-1.2", _("XLIFF 1.2, for translation tools")
    XLIFF_2_0 = "xliff-2.0", _("XLIFF 2.0, for newer translation tools")
    XLSX = "xlsx", _("Excel workbook, for people without a tool")


class Only(models.TextChoices):
    ALL = "all", _("All texts")
    OPEN = "open", _("What is missing or out of date")
    MISSING = "missing", _("What is missing")
    OUTDATED = "outdated", _("What is out of date")


@dataclass(frozen=True)
class Export:
    """A file to send to somebody."""

    content: bytes
    filename: str
    content_type: str
    # How many texts are in it, over all its languages.
    texts: int


WRITERS = {
    Format.XLIFF_1_2: (xliff.write_1_2, "xlf", "application/xliff+xml"),
    Format.XLIFF_2_0: (xliff.write_2_0, "xlf", "application/xliff+xml"),
    Format.XLSX: (
        xlsx.write,
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
# A zip remembers when each file was made; two exports of the same are the same.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def export(
    records: Iterable[TranslatedOwner],
    language: Language | Sequence[Language],
    format: str,  # noqa: A002
    *,
    only: str = Only.ALL,
) -> Export:
    """The texts of records with their translations; a zip with a file for each language if there are several.

    A record without such texts is left out; `texts` is 0 where nothing is left.
    """
    languages = [language] if isinstance(language, Language) else list(language)
    write, ending, content_type = WRITERS[Format(format)]
    files, texts = {}, 0
    units = record_units(records, languages, Only(only))
    for each in languages:
        found = units[each]
        texts += sum(len(record.segments) for record in found)
        if found:
            files[f"ichei-{each.tag}.{ending}"] = write(found, each)
    if len(languages) > 1:
        return Export(zipped(files), "ichei-translations.zip", "application/zip", texts)
    name = f"ichei-{languages[0].tag}.{ending}"
    return Export(files.get(name, b""), name, content_type, texts)


def export_memory(language: Language) -> Export:
    """What the translation memory holds of a language."""
    units = list(tmx.memory_of(language))
    return Export(
        tmx.write(units, language), f"ichei-memory-{language.tag}.tmx", "application/x-tmx+xml", len(units)
    )


def record_units(
    records: Iterable[TranslatedOwner], languages: Sequence[Language], only: Only
) -> dict[Language, list[RecordUnits]]:
    found: dict[Language, list[RecordUnits]] = {language: [] for language in languages}
    for record in records:
        working = record.working_copy()
        for language in languages:
            progress = progress_of(working, language)
            if segments := tuple(segment for segment in progress.segments if wanted(segment, only)):
                found[language].append(
                    RecordUnits(
                        key=record_key(record),
                        title=title_of(working),
                        preview=preview_address(record, language),
                        state=progress.state,
                        is_machine=progress.origin == Origin.MACHINE,
                        segments=segments,
                        note=progress.note,
                    )
                )
    return found


def wanted(segment: Segment, only: Only) -> bool:
    match only:
        case Only.MISSING:
            return not segment.is_translated
        case Only.OUTDATED:
            return segment.is_stale
        case Only.OPEN:
            return not segment.is_current
    return True


def preview_address(record: TranslatedOwner, language: Language) -> str:
    """Where a translator sees the text in its place: the public page, else the editor in the admin."""
    if getattr(record, "live", False) and hasattr(record, "get_full_url"):
        with translation.override(language.code):
            if url := record.get_full_url():
                return url
    return f"{settings.WAGTAILADMIN_BASE_URL}{translate_url(record, language)}"


def zipped(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(zipfile.ZipInfo(name, ZIP_DATE), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()
