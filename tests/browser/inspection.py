"""Looks at one page of the public site in many ways: what a phone, a desk, a keyboard, large text, forced
colours, the dark and a browser without scripts make of it. Each look gives its faults as sentences.
"""

from contextlib import contextmanager
from pathlib import Path

from tests.browser.axe import COLOUR_RULES, violations

SCRIPT = (Path(__file__).parent / "inspection.js").read_text()
PHONE, DESK, NARROWEST = (360, 740), (1440, 900), (320, 256)
LARGEST_SHIFT = 0.02
# Lighthouse's slow 4G: bytes a second, and milliseconds for a round trip.
SLOW = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
FAST = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}


class Visitor:
    """A visitor of one language with one tab, who notes whatever goes wrong on the way."""

    def __init__(self, browser, site, scripts=True):
        self.site = site
        self.context = browser.new_context(
            viewport=size(PHONE),
            base_url=site.url,
            locale="en",
            reduced_motion="reduce",
            color_scheme="light",
            java_script_enabled=scripts,
        )
        self.tab = self.context.new_page()
        self.network = self.context.new_cdp_session(self.tab)
        self.network.send("Network.enable")
        self.noted, self.expected = [], ("", 200)
        self.tab.on("pageerror", lambda error: self.noted.append(f"script: {error}"))
        self.tab.on("requestfailed", self.see_failure)
        self.tab.on("console", self.hear)
        self.tab.on("request", self.see_request)
        self.tab.on("response", self.see_response)

    def see_failure(self, request):
        # Chromium itself gives up a picture when the window changes and another width of it fits better.
        if (request.resource_type, request.failure) != ("image", "net::ERR_ABORTED"):
            self.noted.append(f"failed: {request.url}: {request.failure}")

    def hear(self, message):
        url, status = self.expected
        # Chromium says of a page that is not found that it is not found.
        if status >= 400 and message.location["url"] == url:
            return
        if message.type in {"error", "warning"}:
            self.noted.append(f"console: {message.text}")

    def see_request(self, request):
        if not request.url.startswith((f"{self.site.url}/", "data:")):
            self.noted.append(f"elsewhere: {request.url}")

    def see_response(self, response):
        url, status = self.expected
        if response.status >= 400 and (response.url, response.status) != (url, status):
            self.noted.append(f"{response.status}: {response.url}")

    def visit(self, path: str, status: int, slowly=False) -> list[str]:
        """Opens a page; what went wrong. Slowly: with nothing kept from before, over a slow network."""
        url = f"{self.site.url}{path}"
        self.noted, self.expected = [], (url, status)
        self.network.send("Network.setCacheDisabled", {"cacheDisabled": slowly})
        self.network.send("Network.emulateNetworkConditions", SLOW if slowly else FAST)
        response = self.tab.goto(url)
        self.tab.evaluate(SCRIPT)
        faults = [] if response.status == status else [f"answers {response.status}"]
        return [*faults, *(f"no {name}: {value}" for name, value in self.promises(response).items())]

    def promises(self, response) -> dict[str, str]:
        """What a response does that a page of this site never does."""
        headers = response.headers
        found = {"cookie": headers.get("set-cookie")}
        if "cookie" in headers.get("vary", "").lower():
            found["variation with a cookie"] = headers["vary"]
        return {name: value for name, value in found.items() if value}

    def ask(self, function: str, *arguments):
        return self.tab.evaluate(f"async (given) => await inspection.{function}(...given)", list(arguments))

    @contextmanager
    def seeing(self, window=None, **media):
        """A window of another size, other colours, …; the phone in the light afterwards."""
        if window:
            self.tab.set_viewport_size(size(window))
        if media:
            self.tab.emulate_media(**media)
        yield
        if media:
            self.tab.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="reduce")
        if window:
            self.tab.set_viewport_size(size(PHONE))

    def close(self):
        self.context.close()


def size(window: tuple[int, int]) -> dict[str, int]:
    return dict(zip(("width", "height"), window, strict=True))


def keyboard_walk(visitor: Visitor) -> list[str]:
    """From the top of the page with Tab to its end: each stop is seen, shows its focus, none is missed."""
    stops = visitor.ask("beginWalk")
    for _stop in range(stops + 5):
        visitor.tab.keyboard.press("Tab")
        if not visitor.ask("stop"):
            break
    else:
        return [*visitor.ask("endWalk"), "the walk with Tab has no end"]
    return visitor.ask("endWalk")


def reflow(visitor: Visitor) -> list[str]:
    """1280 pixels at 400 % are 320 (WCAG 2.2, 1.4.10), also with wide text spacing (1.4.12)."""
    with visitor.seeing(NARROWEST):
        usual = visitor.ask("cutOff")
        wider = visitor.ask("wider")
        faults = [*usual, f"is {wider} px wider than 320"] if wider > 0 else usual
        visitor.ask("space")
        spaced, wider = visitor.ask("cutOff"), visitor.ask("wider")
        visitor.ask("unspace")
    if wider > 0:
        spaced.append(f"is {wider} px wider than 320")
    return [*faults, *(f"with text spacing: {fault}" for fault in spaced if fault not in faults)]


def forced_colours(visitor: Visitor) -> list[str]:
    """Nothing disappears where the reader's own colours replace those of the page."""
    before = visitor.ask("content")
    with visitor.seeing(forced_colors="active"):
        faults = visitor.ask("invisible", 4.5)
        if visitor.ask("content") != before:
            faults.append("says something else")
    return faults


def stillness(visitor: Visitor) -> list[str]:
    moving = visitor.ask("moving")
    return [f"{moving} animations run for those who want none"] if moving else []


def traces(visitor: Visitor) -> list[str]:
    """A visit leaves nothing behind in the browser."""
    kept = [f"cookie {cookie['name']}" for cookie in visitor.context.cookies()]
    return [*kept, "something in the browser's storage"] if visitor.ask("kept") else kept


def same_without_scripts(visitor: Visitor, plain: Visitor, path: str, status: int) -> list[str]:
    faults = plain.visit(path, status)
    with_scripts, without = visitor.ask("content"), plain.ask("content")
    return faults + [
        f"its {part} differ without scripts" for part in without if without[part] != with_scripts[part]
    ]


def faults_of(visitor: Visitor, plain: Visitor, path: str, status: int = 200) -> list[str]:
    """All looks at one page; {look: faults} flattened to sentences."""
    looks = {"visit": visitor.visit(path, status, slowly=True)}
    shift = visitor.ask("shift")
    looks["layout shift"] = [f"{shift:.3f}"] if shift > LARGEST_SHIFT else []
    looks["motion"] = stillness(visitor)
    looks["without scripts"] = same_without_scripts(visitor, plain, path, status)
    looks["keyboard, phone"] = keyboard_walk(visitor)
    looks["reflow"] = reflow(visitor)
    looks["forced colours"] = forced_colours(visitor)
    looks["axe, phone"] = violations(visitor.tab)
    with visitor.seeing(color_scheme="dark"):
        looks["axe, phone, dark"] = violations(visitor.tab, rules=COLOUR_RULES)
    with visitor.seeing(DESK):
        looks["width"] = [f"{visitor.ask('wider')} px too wide"] if visitor.ask("wider") > 0 else []
        looks["keyboard, desk"] = keyboard_walk(visitor)
        looks["axe, desk"] = violations(visitor.tab)
        with visitor.seeing(color_scheme="dark"):
            looks["axe, desk, dark"] = violations(visitor.tab, rules=COLOUR_RULES)
    looks["traces"] = traces(visitor)
    looks["noted"] = [*visitor.noted, *plain.noted]
    return [f"{path}: {look}: {fault}" for look, faults in looks.items() for fault in faults]


def faults_of_menu(visitor: Visitor, path: str) -> list[str]:
    """Each fold of the header opened with the keyboard, on a phone and on a desk."""
    faults = visitor.visit(path, 200)
    for window, name in ((PHONE, "phone"), (DESK, "desk")):
        with visitor.seeing(window):
            for fold in visitor.tab.locator("header summary").all():
                if not fold.is_visible():
                    continue
                fold.focus()
                visitor.tab.keyboard.press("Enter")
                opened = fold.evaluate("summary => summary.parentElement.open")
                if not opened:
                    faults.append(f"{name}: Enter does not open “{fold.inner_text()}”")
                faults += [f"{name}: {fault}" for fault in violations(visitor.tab)]
                with visitor.seeing(color_scheme="dark"):
                    faults += [
                        f"{name}, dark: {fault}" for fault in violations(visitor.tab, rules=COLOUR_RULES)
                    ]
                faults += [f"{name}: {fault}" for fault in keyboard_walk(visitor)]
                if visitor.ask("wider") > 0:
                    faults.append(f"{name}: the open menu is wider than the window")
                if fold.evaluate("summary => summary.parentElement.open"):
                    fold.focus()
                    visitor.tab.keyboard.press("Enter")
    return [f"{path}, menu: {fault}" for fault in [*faults, *visitor.noted]]
