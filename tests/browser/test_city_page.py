"""The city page in a real browser, under the portal's own content security policy."""

import gzip
import json

import brotli
import numpy as np
import pytest
from playwright.sync_api import expect

from atlas.metrics.catalog import describe_metric
from atlas.queries.tracts import place_tracts
from atlas.records.places import ContextSeries, SeriesOption
from tests.browser.chromium import CHROMIUM, browser_page
from tests.dashboards.panels.records import (
    make_city,
    make_groups,
    make_headline,
    make_histogram,
    make_measure,
    make_source,
    make_tracts,
    make_untestable,
)
from tests.factories.drawings import draw_squares
from tests.factories.query_answers import replace_queries

MEASURES = (make_measure(), make_measure("poor_share2016", label="Poverty rate", unit="share", group="characteristic"))
VALUES = {
    MEASURES[0].slug: np.array([20000.4, 31000, 25000, np.nan, 60000], dtype=np.float32),
    MEASURES[1].slug: np.array([0.4, np.nan, 0.2, 0.1, 0.05], dtype=np.float32),
}

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]


def square(geoid: str, column: int, wide: float = 0.01) -> dict:
    """A clockwise square, as plotly's geo maps want exterior rings."""
    x, y = -83.8 + 0.01 * column, 39.9
    ring = [[x, y], [x, y + 0.01], [x + wide, y + 0.01], [x + wide, y], [x, y]]
    return {"type": "Feature", "id": geoid, "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


@pytest.fixture
def portal(live_server, monkeypatch):
    """A portal with one city of five square tracts and two measures; its address."""
    city = make_city()
    features = [square(geoid, column) for column, geoid in enumerate(make_tracts().geoids)]
    body = json.dumps({"type": "FeatureCollection", "features": [*features, square("outline", 0, 0.04)]}).encode()
    edges, shares = make_histogram()
    of_slug = {measure.slug: measure for measure in MEASURES}
    answers = {
        "cities": lambda: (city,),
        "city": lambda slug: city if slug == city.slug else None,
        "available_measures": lambda level="tract": MEASURES,
        "place_tracts": lambda place, slug: make_tracts(of_slug[slug], values=VALUES[slug]),
        "tract_statistics": lambda place, slug: make_untestable(place_tracts(place, slug)),
        "national_histogram": lambda slug, bins=40: (edges / (100_000 if "share" in slug else 1), shares),
        "groups": lambda place, **_: make_groups(),
        "headlines": lambda cities, **_: {city.slug: make_headline()},
        "headline": lambda place, **_: make_headline(),
        "drawing": lambda place: draw_squares(make_tracts()),
        "geometry": lambda slug: ("tag", gzip.compress(body), brotli.compress(body)),
        "live_sources": lambda: (),
        "price_level": lambda: None,
        "context_series": lambda city, chosen=(): ContextSeries((), (), (), ()),
    }
    replace_queries(monkeypatch, answers)
    return live_server.url


def open_city(page, portal: str):
    page.goto(f"{portal}/cities/springfield/")
    page.locator(".map-box.has-map").wait_for()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_map_is_drawn_under_the_policy_and_nothing_leaves_the_host(portal, width):
    with browser_page(portal, viewport={"width": width, "height": 800}) as page:
        open_city(page, portal)
        assert page.locator(".map-svg .tracts a").count() == 4  # the fifth lies mostly outside
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.evaluate("window.Plotly === undefined")
        assert page.problems == []


def test_a_change_of_measure_reaches_map_address_links_and_listener(portal):
    with browser_page(portal) as page:
        open_city(page, portal)
        fetched = []
        page.on("request", lambda sent: fetched.append(sent.url))
        page.select_option("#subject", "poor_share2016")
        expect(page.locator("#announcement")).to_contain_text("Poverty rate")
        labels = page.locator(".map-svg .tracts a").evaluate_all("all => all.map(a => a.getAttribute('aria-label'))")
        assert sum(label.endswith(": no data") for label in labels) == 1
        expect(page.locator("#where-title")).to_contain_text("Poverty rate")
        assert "measure=poor_share2016" in page.url
        links = page.locator("#where a[data-measured]").evaluate_all("all => all.map(one => one.href)")
        assert links and all("measure=poor_share2016" in link for link in links)
        assert not any("geometry" in address for address in fetched)
        page.reload()
        expect(page.locator("#where-title")).to_contain_text("Poverty rate")
        assert page.problems == []


def test_without_scripts_the_map_is_complete_and_the_picker_works(portal):
    with browser_page(portal, java_script_enabled=False) as page:
        page.goto(f"{portal}/cities/springfield/")
        assert page.locator(".map-svg .tracts a").count() == 4
        page.select_option("#subject", "poor_share2016")
        page.get_by_role("button", name="Show", exact=True).first.click()
        assert "measure=poor_share2016" in page.url
        expect(page.locator("#where-title")).to_contain_text("Poverty rate")


def test_with_scripts_too_a_series_is_added_by_its_button(portal, monkeypatch):
    """The map's picker needs no button where a script follows its selects; the one of series has no other way."""
    offered = tuple(
        SeriesOption(key, describe_metric(key), "", "place", "3977000", "Springfield", "year", 9)
        for key in ("share_digital_access", "share_employed")
    )
    replace_queries(
        monkeypatch, {"context_series": lambda city, chosen=(): ContextSeries((), (), offered, tuple(chosen))}
    )
    with browser_page(portal) as page:
        open_city(page, portal)
        assert page.locator("#where form.picker button").is_hidden()
        page.locator("#changing .section-head").get_by_role("link", name="2 series").click()
        form = page.locator("#more form").filter(has=page.locator("select[name=metric]"))
        expect(form.locator("select option")).to_have_count(2)
        form.get_by_role("button").click()
        page.wait_for_url("**/cities/springfield/?metric=share_digital_access*")
        assert page.problems == []


def test_the_keyboard_meets_skip_link_navigation_then_content(portal):
    with browser_page(portal) as page:
        open_city(page, portal)
        met = []
        while len(met) < 30 and (not met or met[-1][0] != "main"):
            page.keyboard.press("Tab")
            met.append(
                page.evaluate(
                    "() => { const one = document.activeElement;"
                    " return [one.closest('main, .site-header')?.localName, one.textContent.trim()]; }"
                )
            )
        assert met[:2] == [[None, "Skip to content"], ["header", "Mobility Portal"]]
        assert {where for where, _ in met[1:-1]} == {"header"}  # its links and the way to sign in, then the content
        assert ["header", "Sign in"] in met and met[-1][0] == "main"
        page.locator("#subject").focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator("#where-title")).to_contain_text("Poverty rate")


def test_hostile_names_stay_text(portal):
    with browser_page(portal) as page:
        page.on("dialog", lambda dialog: page.problems.append("a name ran as a script"))
        open_city(page, portal)
        labels = page.locator(".map-svg .tracts a").evaluate_all("all => all.map(a => a.getAttribute('aria-label'))")
        assert any('<script>alert("x")</script>' in label for label in labels)
        assert page.problems == []


def test_home_map_links_each_city(portal):
    with browser_page(portal) as page:
        page.goto(portal)
        page.locator("svg.us-map-wide a").click(position={"x": 5, "y": 5}, force=True)
        page.wait_for_url("**/cities/springfield/")


def test_a_change_from_published_to_generated_numbers_changes_every_label(portal, monkeypatch):
    sample = make_source(is_sample=True)
    generated = make_measure("nonwhite_share2010", label="Share", unit="share", source=sample)
    tracts = make_tracts(generated, values=VALUES["poor_share2016"], sources=(sample,))
    published = place_tracts
    replace_queries(
        monkeypatch,
        {
            "available_measures": lambda level="tract": (*MEASURES, generated),
            "place_tracts": lambda city, slug: tracts if slug == generated.slug else published(city, slug),
        },
    )
    with browser_page(portal) as page:
        open_city(page, portal)
        marks, banner = page.locator(".map-svg .map-notice"), page.locator(".strip-demo")
        assert banner.count() == marks.count() == 0
        page.select_option("#subject", generated.slug)
        expect(banner).to_contain_text("sample data")
        expect(marks).to_have_count(1)  # inside the map, so in its pictures too
        page.select_option("#subject", "poor_share2016")
        expect(banner).to_have_count(0)
        assert page.problems == []
