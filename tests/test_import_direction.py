"""The rooms of the house and who may import whom: only downwards (docs/architecture.md)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Each room with those that it builds on directly; what these build on is allowed too.
ROOMS = {
    "background": {"monitoring"},
    "caching": set(),
    "translations": {"caching"},
    "accounts": {"translations"},
    "library": {"translations"},
    "pages": {"translations", "library"},
    "milestones": {"pages"},
    "news": {"pages"},
    "contact": {"pages"},
    "search": {"pages"},
    "discovery": {"milestones", "news", "search"},
    "monitoring": set(),
    "backups": {"monitoring"},
    "seeding": {"milestones", "news", "contact"},
    "styleguide": {"milestones", "news", "contact", "search"},
    "ichei_site": {"accounts", "seeding", "discovery", "styleguide", "backups", "background"},
}


def allowed(room: str) -> set[str]:
    below = set(ROOMS[room])
    for other in ROOMS[room]:
        below |= allowed(other)
    return below


def imported_rooms(path: Path) -> set[str]:
    """The rooms that a module imports, at its head or anywhere below."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names} & ROOMS.keys()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_lies_below_it(room):
    for path in (ROOT / room).rglob("*.py"):
        too_high = imported_rooms(path) - allowed(room) - {room}
        assert not too_high, f"{path.relative_to(ROOT)} may not import {', '.join(sorted(too_high))}"


def test_every_package_at_the_top_is_a_known_room():
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests"}
    assert packages == ROOMS.keys()


def test_no_room_is_a_junk_room():
    assert not {"utils", "common", "core", "helpers"} & {path.stem for path in ROOT.glob("*/*")}
