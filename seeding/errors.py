from pathlib import Path

from django.conf import settings


class ContentError(Exception):
    """A mistake in a file of the starting content: one sentence that names the file and the line."""

    def __init__(self, path: Path, line: int | None, message: str):
        shown = path.relative_to(settings.BASE_DIR) if path.is_relative_to(settings.BASE_DIR) else path
        where = f"{shown}, line {line}" if line else f"{shown}"
        super().__init__(f"{where}: {message}")
        self.path, self.line = path, line
