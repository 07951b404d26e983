"""axe in a tab: WCAG 2.2 at the levels A and AA, and what its makers call best practice."""

from axe_playwright_python.sync_playwright import Axe

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A bar that stays in view covers whatever happens to be behind it, which is no fault of that.
UNSTUCK = ".translating__actions { position: static !important; }"
# What fades in has its own colours only at the end. Some animations never end.
SETTLED = """async () => {
    const running = document.getAnimations().filter((one) => one.playState === "running");
    const ended = Promise.allSettled(running.map((one) => one.finished));
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 1000))]);
}"""


def violations(tab, part: str | None = None) -> list[str]:
    """What axe finds on a page, or in the part of it that a selector names."""
    tab.add_style_tag(content=UNSTUCK)
    tab.evaluate(SETTLED)
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = Axe().run(tab, context=part, options=options).response["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]
