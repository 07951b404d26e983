"""Translated records (abstract), and what is kept of their translation."""

from .digest import SentDigest
from .imports import ImportedFile
from .progress import LanguageState, RecordEntry
from .records import (
    LanguagePreviews,
    LocalizedValue,
    TranslatedInPlace,
    TranslatedOwner,
    TranslatedRecord,
    TranslatedRevisions,
    columns_of,
    translated_fields,
)
from .resources import MemoryUnit, SourceText, Term

__all__ = [
    "ImportedFile",
    "LanguagePreviews",
    "LanguageState",
    "LocalizedValue",
    "MemoryUnit",
    "RecordEntry",
    "SentDigest",
    "SourceText",
    "Term",
    "TranslatedInPlace",
    "TranslatedOwner",
    "TranslatedRecord",
    "TranslatedRevisions",
    "columns_of",
    "translated_fields",
]
