"""What an adviser with a poor signal waits for: the quick log, until a status can be chosen and a text typed.

Chromium on a phone's screen with a quarter of this machine's processor on a 3G line (1.6 Mbit/s, 150 ms), without its
cache. Style sheets and scripts come uncompressed here, so the time is an upper bound; bytes are counted as production
sends them. Needs the packages of the tests and Chromium.
"""

from importlib import import_module
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

from engagements.permissions import Role
from mobility_portal.bench import browser as browsers
from mobility_portal.bench.results import Results

RUNS = 5
MOST_BYTES, MOST_MILLISECONDS = 60.0, 2000.0
LINE = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
_USABLE = """
() => new Promise(done => {
  const look = () => {
    const shown = [...document.querySelectorAll("#id_line, .log .option, .log button[type=submit]")];
    const there = shown.length > 2 && shown.every(one => one.getBoundingClientRect().height > 0);
    there ? requestAnimationFrame(() => done(performance.now())) : requestAnimationFrame(look);
  };
  look();
})
"""


def report(results: Results) -> None:
    """Visits this database's quick log as an adviser. Says what is missing where it can't."""
    if not browsers.CHROMIUM.exists():
        results.say("Chromium is not installed: what the quick log takes on a phone is not measured.")
        return
    made = import_module("tests.factories.engagements")
    here, _ = made.pair()
    for _ in range(40):
        made.MilestoneFactory(engagement=here)
    client = Client()
    client.force_login(made.member(Role.ADVISER, here))
    with browsers.running_portal() as portal:
        report_on(results, portal, client.cookies[settings.SESSION_COOKIE_NAME].value)


def report_on(results: Results, portal: str, session: str) -> None:
    """Of a running portal, with the session of somebody who may log."""
    with browsers.chromium() as browser:
        visits = [_visit(browser, portal, session) for _ in range(RUNS + 1)][1:]
    said = f"{RUNS} visits, 3G, {browsers.SLOWER} x slower; at most {MOST_MILLISECONDS:.0f}"
    results.add("quick_log_usable_ms", median(usable for usable, _ in visits), said)
    kilobytes = visits[0][1]
    without_fonts = sum(kilobytes.values()) - kilobytes.get("Font", 0.0)
    results.add("quick_log_bytes_without_fonts_kb", without_fonts, f"at most {MOST_BYTES:.0f}")


def _visit(browser: Any, portal: str, session: str) -> tuple[float, dict[str, float]]:
    """Milliseconds until it can be used, and kB by kind of file."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(browsers.PATIENCE)
    host = urlsplit(portal).hostname
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "domain": host, "path": "/"}])
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": browsers.SLOWER})
    tools.send("Network.emulateNetworkConditions", LINE)
    received: list[Any] = []
    page.on("response", lambda response: received.append(response))
    page.goto(f"{portal}/log/", wait_until="commit")
    usable = page.evaluate(_USABLE)
    page.wait_for_load_state("networkidle")
    found = (usable, browsers.kilobytes_by_kind(received))
    context.close()
    return found
