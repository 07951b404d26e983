"""Lighthouse on every page in every language, on a server that behaves as production does: `make lighthouse`.

`make lighthouse ARGS="--only about/ --languages en,ar"` looks at some pages, `--jobs 1` at one at a time.
Needs Chromium, and Node with the packages of package.json.

Lighthouse's own settings for a phone: a slow network and a slow processor, both simulated. A page whose
performance falls short is measured twice more, one at a time, and the middle one of the three counts: on a
busy machine a page can be late through no fault of its own.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = Path(tempfile.mkdtemp(prefix="ichei-lighthouse-"))
os.environ |= {"VAR_DIR": str(FOLDER), "DJANGO_SETTINGS_MODULE": "tests.audit.settings"}

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from tests.browser.conftest import ARGUMENTS, free_port, wait_for  # noqa: E402
from tests.paths import addresses  # noqa: E402

LIGHTHOUSE = ROOT / "node_modules" / ".bin" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
METRICS = {
    "largest-contentful-paint": "LCP",
    "cumulative-layout-shift": "CLS",
    "total-blocking-time": "TBT",
    "total-byte-weight": "bytes",
}
# {(audit of search engines, words in the path): why a page can't pass it}. One by one.
EXPECTED: dict[tuple[str, str], str] = {
    ("is-crawlable", "search/?q="): "search results ask not to be listed",
    ("is-crawlable", "contact/?sent=1"): "the thanks for a message are no page to find",
}


@dataclass(frozen=True)
class Result:
    """What Lighthouse says of a page: scores from 0 to 100, figures, and {category: audits that fail}."""

    path: str
    scores: dict[str, int]
    metrics: dict[str, float]
    failing: dict[str, list[str]]

    @property
    def is_full(self) -> bool:
        """Whether it has 100 in each category, but for what can't be otherwise."""
        return all(
            score == 100
            or (self.failing[name] and all(expected(audit, self.path) for audit in self.failing[name]))
            for name, score in self.scores.items()
        )

    def row(self) -> str:
        scores = "".join(f"{self.scores[name]:>6}" for name in CATEGORIES)
        figures = (
            f"{self.metrics['largest-contentful-paint'] / 1000:>7.2f}"
            f"{self.metrics['cumulative-layout-shift']:>7.3f}"
            f"{self.metrics['total-blocking-time']:>6.0f}"
            f"{self.metrics['total-byte-weight'] / 1000:>7.1f}"
        )
        failing = dict.fromkeys(audit for audits in self.failing.values() for audit in audits)
        return f"{self.path:<52}{scores}{figures}  {' '.join(failing)}"


def expected(audit: str, path: str) -> bool:
    return any(audit == name and words in path for name, words in EXPECTED)


def read_report(path: str, report: dict) -> Result:
    """Raises `RuntimeError` where Lighthouse could not look at the page."""
    if error := report.get("runtimeError"):
        raise RuntimeError(f"{path}: {error['message']}")
    categories = {name: report["categories"][name] for name in CATEGORIES}

    def fails(audit: dict, category: str) -> bool:
        """What Lighthouse doesn't paint green: of a figure 0.9 is enough for that."""
        score = report["audits"][audit["id"]]["score"]
        enough = 0.9 if category == "performance" else 1
        return bool(audit["weight"]) and score is not None and score < enough

    return Result(
        path,
        {name: round(category["score"] * 100) for name, category in categories.items()},
        {name: report["audits"][name]["numericValue"] for name in METRICS},
        {
            name: [audit["id"] for audit in category["auditRefs"] if fails(audit, name)]
            for name, category in categories.items()
        },
    )


@contextmanager
def serving() -> Iterator[str]:
    """gunicorn as in production, with the starting content; its address."""
    call_command("migrate", verbosity=0)
    call_command("load_content", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    port, log = free_port(), FOLDER / "log"
    with log.open("w") as lines:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.py", "ichei_site.wsgi"],
            cwd=ROOT,
            env=os.environ | {"BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "1"},
            stdout=lines,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/en/", server, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def look(site: str, path: str) -> Result:
    """Lighthouse's word on a page. A trace that breaks off, as on a busy machine, is tried again twice."""
    for _attempt in range(2):
        try:
            return run_lighthouse(site, path)
        except RuntimeError as problem:
            print(problem, file=sys.stderr)
    return run_lighthouse(site, path)


def run_lighthouse(site: str, path: str) -> Result:
    output = FOLDER / f"{path.strip('/').replace('/', '_') or 'root'}.json"
    output.unlink(missing_ok=True)
    run = subprocess.run(
        [
            LIGHTHOUSE,
            f"{site}{path}",
            "--quiet",
            "--output=json",
            f"--output-path={output}",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags=--headless=new {' '.join(ARGUMENTS)}",
        ],
        check=False,
        env=os.environ | {"CHROME_PATH": chromium()},
        capture_output=True,
        text=True,
    )
    if not output.exists():
        raise RuntimeError(f"{path}: Lighthouse gave no report.\n{run.stderr[-2000:]}")
    return read_report(path, json.loads(output.read_text()))


def chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        sys.exit("Chromium is missing: install the package chromium.")
    return path


def settled(site: str, result: Result) -> Result:
    """The middle one of three where only the speed fell short."""
    again = sorted(
        [result, look(site, result.path), look(site, result.path)], key=lambda one: one.scores["performance"]
    )
    return again[1]


def main() -> int:
    codes = [code for code, _name in settings.LANGUAGES]
    parser = argparse.ArgumentParser(prog="make lighthouse")
    parser.add_argument("--only", default="", help="paths that have this in them")
    parser.add_argument("--languages", default=",".join(codes), help="such as en,ar")
    parser.add_argument("--jobs", type=int, default=2, help="how many at a time")
    options = parser.parse_args()
    languages = options.languages.split(",")
    if unknown := set(languages) - set(codes):
        parser.error(f"no language of the site: {', '.join(sorted(unknown))}")
    if not LIGHTHOUSE.exists():
        sys.exit("npm install is needed first; see the README.")
    # Lighthouse refuses to look at a page that is not found.
    found = [path for path, status in addresses().items() if status == 200 and options.only in path]
    if not found:
        sys.exit(f"No page has “{options.only}” in its path.")

    print(f"{'page':<52}{'perf':>6}{'a11y':>6}{'best':>6}{'seo':>6}{'LCP s':>7}{'CLS':>7}{'TBT':>6}{'kB':>7}")
    results = []
    with serving() as site, ThreadPoolExecutor(options.jobs) as pool:
        pages = [f"/{code}/{path}" for path in found for code in languages]
        for first in pool.map(lambda path: look(site, path), pages):
            print(first.row(), flush=True)
            results.append(first)
        pool.shutdown()
        for number, result in enumerate(results):
            if result.scores["performance"] < 100:
                results[number] = settled(site, result)
                print(f"again: {results[number].row()}", flush=True)
    short = [result for result in results if not result.is_full]
    full = [result for result in results if all(score == 100 for score in result.scores.values())]
    allowed = len(results) - len(short) - len(full)
    print(f"\n{len(results)} pages: {len(full)} with 100 in all four, {allowed} but for what is named below.")
    for (audit, words), reason in EXPECTED.items():
        if any(audit in result.failing["seo"] and words in result.path for result in results):
            print(f"Not counted: {audit} on {words}: {reason}.")
    return bool(short)


if __name__ == "__main__":
    try:
        status = main()
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    sys.exit(status)
