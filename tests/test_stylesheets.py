"""Arabic is mirrored by logical properties alone, so no style may name a physical side."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHEETS = sorted((ROOT / "static").rglob("*.css"))
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-(?:margin|padding))-(?:left|right|top|bottom)[\w-]*"
    r"|left|right|top|bottom|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)",
)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_stylesheet_names_no_physical_side(sheet):
    lines = sheet.read_text().splitlines()
    found = [f"{number}: {line.strip()}" for number, line in enumerate(lines, 1) if PHYSICAL.search(line)]
    assert not found


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_stylesheet_loads_nothing_from_elsewhere(sheet):
    assert not re.search(r"@import|url\(|//", sheet.read_text())


def test_the_check_itself_finds_physical_sides():
    assert PHYSICAL.search("margin-left: 1em")
    assert PHYSICAL.search("  left: 0;")
    assert PHYSICAL.search("text-align: right")
    assert not PHYSICAL.search("margin-inline-start: 1em; inset-block-start: 0; border-inline-start: 1px")
