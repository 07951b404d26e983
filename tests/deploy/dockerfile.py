"""The Dockerfile as instructions, and what .dockerignore lets through."""

import fnmatch
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Stage:
    name: str
    image: str
    # (instruction, text) in their order.
    steps: list[tuple[str, str]] = field(default_factory=list)

    def last(self, instruction: str) -> str:
        return [text for name, text in self.steps if name == instruction][-1]

    def all(self, instruction: str) -> list[str]:
        return [text for name, text in self.steps if name == instruction]

    @property
    def command(self) -> list[str]:
        return json.loads(self.last("CMD"))

    @property
    def health(self) -> list[str]:
        return json.loads(self.last("HEALTHCHECK").partition("CMD ")[2])

    @property
    def environment(self) -> dict[str, str]:
        pairs = [pair for text in self.all("ENV") for pair in text.split()]
        return dict(pair.split("=", 1) for pair in pairs)


def stages() -> dict[str, Stage]:
    found: dict[str, Stage] = {}
    stage = None
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip():
            continue
        instruction, rest = line.split(None, 1)
        if instruction == "FROM":
            image, name = re.fullmatch(r"(\S+) AS (\S+)", rest).groups()
            stage = found[name] = Stage(name, image)
        else:
            stage.steps.append((instruction, re.sub(r"\s+", " ", rest)))
    return found


def is_ignored(path: str) -> bool:
    """Whether .dockerignore keeps a path, relative to the top, out of the images.

    As https://docs.docker.com/build/concepts/context/#dockerignore-files says, without exceptions (`!`).
    """
    parts = path.split("/")
    ways = ["/".join(parts[:number]) for number in range(1, len(parts) + 1)]
    for pattern in (ROOT / ".dockerignore").read_text().split("\n"):
        if not pattern or pattern.startswith("#"):
            continue
        if pattern.startswith("**/"):
            if any(fnmatch.fnmatchcase(part, pattern[3:]) for part in parts):
                return True
        elif any(fnmatch.fnmatchcase(way, pattern) for way in ways):
            return True
    return False


def context(below: Path = ROOT) -> Iterator[Path]:
    """The files that a build may copy."""
    for path in sorted(below.iterdir()):
        if is_ignored(str(path.relative_to(ROOT))):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from context(path)
        else:
            yield path
