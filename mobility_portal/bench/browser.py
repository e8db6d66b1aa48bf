"""What a reader with a slow machine waits for: the finding and the map of a city, and another measure on the map.

Chromium with a quarter of this machine's processor and 10 Mbit/s, without its cache. Time counts from the first byte
asked for to the frame in which the thing is there. Needs the packages of the tests and Chromium.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Any

import brotli
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import override_settings

from mobility_portal.bench.downloads import QuietHandler
from mobility_portal.bench.results import Results

CHROMIUM = Path("/usr/bin/chromium")
SLOWER, BYTES_A_SECOND = 4, 10_000_000 / 8
RUNS = 5
PATIENCE = 120_000  # milliseconds
MOST_BYTES, MOST_FONTS, MOST_SCRIPT, MOST_CHANGE = 90.0, 45.0, 10.0, 6.0  # kB
FASTEST_CHANGE = 50.0  # ms
# The map drawn on the server, or the one plotly draws.
_MAP = "svg.map-svg .tracts path, [data-figure='figure-map'][data-drawn]"
_WATCH = """
window.seen = {};
const look = () => {
  const there = (name, one) => {
    if (name in window.seen || !one) return;
    const box = one.getBoundingClientRect();
    if (box.width * box.height > 0) requestAnimationFrame(() => { window.seen[name] ??= performance.now(); });
  };
  there("finding", document.querySelector("main h1"));
  there("map", document.querySelector(%r));
  if (!("map" in window.seen)) requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
_SEEN = """
() => new Promise(done => {
  const look = () => "map" in window.seen ? done(window.seen) : requestAnimationFrame(look);
  look();
})
"""
# Another measure: as a person takes it, who opens the list and reads in it first, or at once.
_CHANGE = """
(rest) => new Promise(async done => {
  const section = document.getElementById("where"), picker = section && section.querySelector("form.picker");
  const subject = picker && picker.elements.subject;
  const tracts = section && section.querySelector(".tracts");
  if (!subject || !tracts) return done(null);
  const painted = () => [...tracts.querySelectorAll("a")].slice(0, 40).map(
    (one) => one.firstElementChild.getAttribute("class") + one.getAttribute("aria-label")).join();
  const before = painted(); // of some tracts: reading all of them takes longer than painting them
  const other = [...subject.options].filter(one => !one.selected && !one.disabled)[rest ? 1 : 0];
  if (rest) {
    subject.focus();
    await new Promise(rested => setTimeout(rested, rest));
  }
  const start = performance.now();
  subject.value = other.value;
  subject.dispatchEvent(new Event("change", {bubbles: true}));
  const look = () => {
    if (painted() !== before) return setTimeout(() => done(performance.now() - start)); // after the frame is painted
    if (performance.now() - start > 20000) return done(null);
    requestAnimationFrame(look);
  };
  look();
})
"""
A_LIST_IS_READ = 1000  # milliseconds between opening the list of 14 and choosing; people take longer
_COMPRESSED = ("javascript", "text/css", "image/svg+xml", "text/html", "application/json")


@dataclass
class Visit:
    """Milliseconds until each thing was there; kB by kind of file as production sends them, before any interaction."""

    finding: float
    map: float
    kilobytes: dict[str, float] = field(default_factory=dict)
    change: float | None = None  # milliseconds, after the list was open for a moment
    change_kilobytes: float = 0.0
    change_at_once: float | None = None  # milliseconds
    list_kilobytes: float = 0.0  # of all measures, asked for when the list opens


def report(results: Results, path: str = "/cities/detroit/") -> None:
    """Visits this database's portal. Says what is missing where it can't."""
    if not CHROMIUM.exists():
        results.say("Chromium is not installed: what a browser waits for is not measured.")
        return
    with running_portal() as portal:
        report_on(results, f"{portal}{path}")


@contextmanager
def running_portal() -> Iterator[str]:
    """The portal behind a real socket, with static files as they lie in the source."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    address = f"http://127.0.0.1:{server.server_port}"
    with override_settings(PORTAL_URL=address):  # a name it knows: its pages are kept
        server.set_app(StaticFilesHandler(WSGIHandler()))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()


def report_on(results: Results, url: str) -> None:
    """Visits a page of a running portal, once to have it made and then RUNS times."""
    with chromium() as browser:
        visit(browser, url)
        visits = [visit(browser, url) for _ in range(RUNS)]
    results.add("browser_finding_visible_ms", median(v.finding for v in visits), f"{RUNS} visits, {SLOWER} x slower")
    results.add("browser_map_visible_ms", median(v.map for v in visits), f"{RUNS} visits, 10 Mbit/s")
    kilobytes = visits[0].kilobytes
    fonts, script = kilobytes.get("Font", 0.0), kilobytes.get("Script", 0.0)
    results.add("browser_bytes_without_fonts_kb", sum(kilobytes.values()) - fonts, f"at most {MOST_BYTES:.0f}")
    results.add("browser_bytes_fonts_kb", fonts, f"at most {MOST_FONTS:.0f}")
    results.add("browser_bytes_script_kb", script, f"at most {MOST_SCRIPT:.0f}")
    changes = [v.change for v in visits if v.change is not None]
    at_once = [v.change_at_once for v in visits if v.change_at_once is not None]
    if changes and at_once:
        opened = f"the list was open for {A_LIST_IS_READ} ms; at most {FASTEST_CHANGE:.0f}"
        results.add("browser_change_measure_ms", median(changes), opened)
        results.add("browser_change_measure_at_once_ms", median(at_once), "without opening the list first")
        results.add("browser_list_of_measures_kb", visits[0].list_kilobytes, "asked for when the list is opened")
        results.add("browser_change_measure_kb", visits[0].change_kilobytes, f"at most {MOST_CHANGE:.0f}")
    else:
        results.say("No measure could be changed on the map: that is not measured.")


@contextmanager
def chromium() -> Iterator[Any]:
    with import_module("playwright.sync_api").sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


def visit(browser: Any, url: str) -> Visit:
    """One visit by somebody who was never here."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND},
    )
    received: list[Any] = []
    page.on("response", lambda response: received.append(response))
    page.add_init_script(_WATCH % _MAP)
    page.goto(url, wait_until="load")
    seen = page.evaluate(_SEEN)
    page.wait_for_load_state("networkidle")
    found = Visit(seen["finding"], seen["map"], kilobytes_by_kind(received))
    received.clear()
    found.change_at_once = page.evaluate(_CHANGE, 0)
    found.change_kilobytes = sum(kilobytes_by_kind(received).values())
    page.wait_for_load_state("networkidle")
    received.clear()
    found.change = page.evaluate(_CHANGE, A_LIST_IS_READ)
    found.list_kilobytes = sum(kilobytes_by_kind(received).values())
    context.close()
    return found


def kilobytes_by_kind(received: list[Any]) -> dict[str, float]:
    """By kind of file ("Document", "Script", "Font", ...), compressed as production does; files of the page itself."""
    found: dict[str, float] = {}
    for response in received:
        if response.status != 200 or response.url.startswith(("data:", "blob:")):
            continue
        body = response.body()
        kind = response.request.resource_type.title()
        if any(name in response.headers.get("content-type", "") for name in _COMPRESSED):
            body = brotli.compress(body, quality=5 if kind == "Document" else 9)
        found[kind] = found.get(kind, 0.0) + len(body) / 1000
    return found
