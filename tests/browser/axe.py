"""axe in a tab: WCAG 2.2 at the levels A and AA, and what its makers call best practice."""

from axe_playwright_python.base import AXE_SCRIPT

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The rules whose answer depends on the colours alone: enough for the second of two colour schemes.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
# A bar that stays in view covers whatever happens to be behind it, which is no fault of that. Adopted, not
# added as an element, which a content security policy may refuse.
UNSTUCK = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(".translating__actions { position: static !important; }");
    document.adoptedStyleSheets.push(sheet);
}"""
# What fades in has its own colours only at the end. Some animations never end.
SETTLED = """async () => {
    const running = document.getAnimations().filter((one) => one.playState === "running");
    const ended = Promise.allSettled(running.map((one) => one.finished));
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 1000))]);
}"""


def violations(tab, part: str | None = None, rules: list[str] | None = None) -> list[str]:
    """What axe finds on a page, or in the part of it that a selector names, by all rules or by some."""
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(AXE_SCRIPT)
        tab.evaluate(UNSTUCK)
    tab.evaluate(SETTLED)
    found = tab.evaluate(
        "([part, options]) => axe.run(part ?? document, options).then((results) => results.violations)",
        [
            part,
            {"resultTypes": ["violations"], "runOnly": {"type": "rule", "values": rules} if rules else RULES},
        ],
    )
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]
