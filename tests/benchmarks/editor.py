"""What an article of 60 blocks costs in the admin: its English form, and its page in French.

`make bench-editor` prints bytes, requests and times in Chromium, each as a multiple of what an article of 3
blocks costs. A shared machine's seconds say little; the multiples say whether the page grows with its text.
Bytes are without compression, which a web server adds.
"""

import json
import os
import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="ichei-bench-")
os.environ["DJANGO_SETTINGS_MODULE"] = "ichei_site.settings.dev"
# The browser's driver runs an event loop of its own beside Django.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import django  # noqa: E402

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.utils import translation  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from news.models import NewsIndexPage, NewsPage  # noqa: E402

ROUNDS = 5
SENTENCE = "The Centre works with <b>universities</b> in many regions on paragraph {}. "
READY = """() => {
  const timing = performance.getEntriesByType("navigation")[0];
  return [timing.domInteractive, timing.loadEventEnd];
}"""


class QuietHandler(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@dataclass
class Cost:
    requests: int
    wire: int
    decoded: int
    interactive: float
    loaded: float
    typing: float


def article(index: NewsIndexPage, blocks: int) -> NewsPage:
    body = [
        {
            "type": "text",
            "id": f"{number:08d}-0000-4000-8000-000000000000",
            "value": f'<p data-block-key="k{number}">{SENTENCE.format(number) * 4}</p>',
        }
        for number in range(blocks)
    ]
    with translation.override("en"):
        page = NewsPage(
            title_en=f"{blocks} blocks", slug=f"blocks-{blocks}", date="2026-01-01", summary_en="A summary."
        )
        page.body_en = page.body_fr = json.dumps(body)
        index.add_child(instance=page)
        page.save_revision().publish()
    return page


def measure(tab, url: str, box: str) -> Cost:
    sizes, rounds = [], []
    session = tab.context.new_cdp_session(tab)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    for _round in range(ROUNDS):
        sizes.clear()
        tab.goto(url, wait_until="load")
        interactive, loaded = tab.evaluate(READY)
        first = tab.locator(box).first
        first.wait_for()
        # From the first key to the letter on the screen, once all scripts have run.
        typing = first.evaluate(
            """input => new Promise((done) => {
              const start = performance.now();
              input.focus();
              document.execCommand("insertText", false, "x");
              requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
            })"""
        )
        rounds.append((interactive, loaded, typing))
        tab.wait_for_load_state("networkidle")
        requests, wire = len(sizes), sum(sizes)
        decoded = len(tab.evaluate("document.documentElement.outerHTML").encode())
        tab.goto("about:blank")
    session.detach()
    times = [statistics.median(column) for column in zip(*rounds, strict=True)]
    return Cost(requests, int(wire), decoded, *times)


def main() -> int:
    call_command("migrate", verbosity=0)
    call_command("load_content", verbosity=0)
    user = get_user_model().objects.create_superuser("bench", password="bench")
    index = NewsIndexPage.objects.get()
    pages = {blocks: article(index, blocks) for blocks in (3, 60)}
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=QuietHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.server_port}"
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    costs = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(base_url=root, viewport={"width": 1440, "height": 900})
        tab.on("dialog", lambda dialog: dialog.accept())
        tab.goto("/admin/login/")
        tab.fill("[name=username]", user.username)
        tab.fill("[name=password]", "bench")
        tab.press("[name=password]", "Enter")
        tab.wait_for_url("**/admin/")
        for blocks, page in pages.items():
            costs["English form", blocks] = measure(tab, f"/admin/pages/{page.pk}/edit/", "#id_title_en")
            costs["French", blocks] = measure(
                tab, f"/admin/translations/news.newspage/{page.pk}/fr/", "[data-input]"
            )
        browser.close()
    server.shutdown()
    report(costs)
    return 0


def report(costs: dict[tuple[str, int], Cost]) -> None:
    heads = ["requests", "wire kB", "HTML kB", "interactive", "loaded", "first key"]
    print(f"{'':<22}" + "".join(f"{head:>16}" for head in heads))
    for (name, blocks), cost in costs.items():
        base = costs[name, 3]
        values = [
            (cost.requests, base.requests, f"{cost.requests}"),
            (cost.wire, base.wire, f"{cost.wire / 1000:.0f}"),
            (cost.decoded, base.decoded, f"{cost.decoded / 1000:.0f}"),
            (cost.interactive, base.interactive, f"{cost.interactive:.0f} ms"),
            (cost.loaded, base.loaded, f"{cost.loaded:.0f} ms"),
            (cost.typing, base.typing, f"{cost.typing:.0f} ms"),
        ]
        cells = [f"{text} ×{value / max(of, 0.001):.1f}" for value, of, text in values]
        print(f"{name + f', {blocks} blocks':<22}" + "".join(f"{cell:>16}" for cell in cells))


if __name__ == "__main__":
    sys.exit(main())
