"""The official schemas, which stand beside the repository and are not part of it."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
BESIDE = ROOT.parent / "shared" / "schemas"


def schema(name: str) -> Path:
    folder = BESIDE if BESIDE.is_dir() else Path(os.environ.get("SCHEMAS_DIR", BESIDE))
    path = folder / name
    if not path.is_file():
        pytest.skip("The official schemas are not beside this checkout; SCHEMAS_DIR may name their folder.")
    return path
