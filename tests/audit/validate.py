"""The Nu HTML checker on every address in every language, and a CSS validator on our sheets: `make validate`.

`make validate ARGS="--only about/ --languages en,ar"` checks some. Needs Java, and Node with the packages of
package.json. CSS goes to csstree-validator, which knows the language of today (layers, nesting, containers,
light-dark()); the checker's own CSS part doesn't.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = Path(tempfile.mkdtemp(prefix="ichei-validate-"))
os.environ |= {"VAR_DIR": str(FOLDER), "DJANGO_SETTINGS_MODULE": "ichei_site.settings.dev"}

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client, RequestFactory  # noqa: E402
from django.utils import translation  # noqa: E402

from ichei_site.views import server_error  # noqa: E402
from tests.paths import addresses  # noqa: E402

CHECKER = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
CSS_CHECKER = ROOT / "node_modules" / ".bin" / "csstree-validator"
SHEETS = ROOT / "static" / "css"
# Goes through the checker with the others; no page of the site.
BROKEN = "broken page"
BROKEN_HTML = b'<!DOCTYPE html><html lang="en"><title>x</title><p><div></p><img src="a b">'


@dataclass(frozen=True)
class FalseAlarm:
    """A message that is wrong here: its words, where it comes, and why it is wrong."""

    message: str
    where: str
    reason: str

    def covers(self, message: str, where: str) -> bool:
        return self.message == message and self.where == where


# One by one, with the exact message: a filter would hide the next real error.
FALSE_ALARMS: tuple[FalseAlarm, ...] = ()


@dataclass(frozen=True)
class Message:
    """What a validator says of a page or a sheet."""

    where: str
    line: int
    text: str
    extract: str = ""

    def __str__(self):
        return f"{self.where}:{self.line}: {self.text}" + (f"  {self.extract}" if self.extract else "")

    @property
    def is_false_alarm(self) -> bool:
        return any(alarm.covers(self.text, self.where) for alarm in FALSE_ALARMS)


def rendered(only: str, languages: list[str]) -> dict[str, bytes]:
    """{address: HTML} of all that visitors can meet, the error page included."""
    call_command("migrate", verbosity=0)
    call_command("load_content", verbosity=0)
    settings.ALLOWED_HOSTS = ["testserver"]
    client, pages = Client(), {}
    for code in languages:
        for path, status in addresses().items():
            if only in path:
                response = client.get(f"/{code}/{path}")
                if response.status_code != status:
                    sys.exit(f"/{code}/{path} answers {response.status_code}, not {status}.")
                pages[f"/{code}/{path}"] = response.content
        if only in "500":
            with translation.override(code):
                pages[f"/{code}/ (500)"] = server_error(RequestFactory().get(f"/{code}/")).content
    return pages


def html_messages(pages: dict[str, bytes]) -> list[Message]:
    names = {}
    for number, (address, html) in enumerate([*pages.items(), (BROKEN, BROKEN_HTML)]):
        path = FOLDER / f"{number}.html"
        path.write_bytes(html)
        names[path.as_uri().replace("file:///", "file:/")] = address
    run = subprocess.run(
        ["java", "-jar", CHECKER, "--format", "json", "--stdout", "--exit-zero-always", "--no-langdetect"]
        + [str(FOLDER / f"{number}.html") for number in range(len(names))],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found = [
        Message(
            names[message["url"]],
            message.get("lastLine", 0),
            message["message"],
            " ".join(message.get("extract", "").split()),
        )
        for message in json.loads(run.stdout)["messages"]
        if message["type"] != "info" or message.get("subType") == "warning"
    ]
    if not any(message.where == BROKEN for message in found):
        sys.exit("The HTML checker does not see the faults of a broken page.")
    return [message for message in found if message.where != BROKEN]


def css_messages(folder: Path) -> list[Message]:
    # It writes to the one where all is well and to the other where it is not.
    run = subprocess.run(
        [CSS_CHECKER, "--reporter", "json", folder],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return [
        Message(Path(message["name"]).name, message.get("line", 0), message["message"])
        for message in json.loads(run.stdout)
    ]


def prove_that_css_is_looked_at() -> None:
    """A broken sheet, so that silence means something."""
    folder = FOLDER / "broken"
    folder.mkdir()
    (folder / "broken.css").write_text(".a { colr: red; & .b { color: hotpinkish } }")
    if len(css_messages(folder)) != 2:
        sys.exit("The CSS validator does not see the faults of a broken sheet.")


def table(counts: dict[str, dict[str, int]]) -> None:
    """Paths down, languages across; a point where nothing was found."""
    languages = list(next(iter(counts.values())))
    print(f"{'errors and warnings':<44}" + "".join(f"{code:>9}" for code in languages))
    for path, row in counts.items():
        print(f"{path:<44}" + "".join(f"{row[code] or '·':>9}" for code in languages))


def main() -> int:
    codes = [code for code, _name in settings.LANGUAGES]
    parser = argparse.ArgumentParser(prog="make validate")
    parser.add_argument("--only", default="", help="addresses that have this in them")
    parser.add_argument("--languages", default=",".join(codes), help="such as en,ar")
    options = parser.parse_args()
    languages = options.languages.split(",")
    if unknown := set(languages) - set(codes):
        parser.error(f"no language of the site: {', '.join(sorted(unknown))}")
    for tool, missing in (("java", not shutil.which("java")), ("npm install", not CHECKER.exists())):
        if missing:
            sys.exit(f"{tool} is needed first; see the README.")

    pages = rendered(options.only, languages)
    if not pages:
        sys.exit(f"No address has “{options.only}” in it.")
    found = html_messages(pages)
    counts: dict[str, dict[str, int]] = {}
    for address in pages:
        _empty, code, path = address.split("/", 2)
        counts.setdefault(f"/{path}", {})[code] = sum(message.where == address for message in found)
    table(counts)
    prove_that_css_is_looked_at()
    sheets, names = css_messages(SHEETS), sorted(sheet.name for sheet in SHEETS.glob("*.css"))
    print()
    for name in names:
        print(f"{name:<44}{sum(message.where == name for message in sheets) or '·':>9}")

    messages = [*found, *sheets]
    errors = [message for message in messages if not message.is_false_alarm]
    print(f"\n{len(pages)} pages, {len(names)} sheets: {len(errors)} errors and warnings", end="")
    print(f", {len(messages) - len(errors)} known false alarms." if len(messages) > len(errors) else ".")
    for error in errors:
        print(error)
    return bool(errors)


if __name__ == "__main__":
    try:
        status = main()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    sys.exit(status)
