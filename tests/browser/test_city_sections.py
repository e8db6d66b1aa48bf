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
    make_tracts,
    make_untestable,
)
from tests.dashboards.panels.test_changing import make_series
from tests.factories.drawings import replaced_drawing
from tests.factories.query_answers import replace_queries

MEASURES = (make_measure(), make_measure("poor_share2016", label="Poverty rate", unit="share", group="characteristic"))
VALUES = {
    MEASURES[0].slug: np.array([20000.4, 31000, 25000, np.nan, 60000], dtype=np.float32),
    MEASURES[1].slug: np.array([0.4, np.nan, 0.2, 0.1, 0.05], dtype=np.float32),
}
CITY = "/cities/springfield/"

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]


@pytest.fixture
def portal(live_server, monkeypatch):
    """A portal with one city of five square tracts, two measures and one series; its address."""
    city = make_city()
    body = json.dumps({"type": "FeatureCollection", "features": []}).encode()
    edges, shares = make_histogram()
    of_slug = {measure.slug: measure for measure in MEASURES}

    def tracts(place, slug):
        return make_tracts(of_slug[slug], values=VALUES[slug])

    answers = {
        "cities": lambda: (city,),
        "city": lambda slug: city if slug == city.slug else None,
        "available_measures": lambda level="tract": MEASURES,
        "place_tracts": tracts,
        "tract_statistics": lambda place, slug: make_untestable(place_tracts(place, slug)),
        "national_histogram": lambda slug, bins=40: (edges / (100_000 if "share" in slug else 1), shares),
        "groups": lambda place, **_: make_groups(),
        "headlines": lambda cities, **_: {city.slug: make_headline()},
        "headline": lambda place, **_: make_headline(),
        "geometry": lambda slug: ("tag", gzip.compress(body), brotli.compress(body)),
        "live_sources": lambda: (),
        "price_level": lambda: None,
        "context_series": lambda city, chosen=(): ContextSeries((make_series(),), (), (), ()),
        "drawing": replaced_drawing(tracts),
    }
    replace_queries(monkeypatch, answers)
    return live_server.url


@pytest.mark.parametrize("width", [1280, 390])
def test_the_first_screen_has_sentence_number_search_and_map_and_fetches_no_chart_library(portal, width):
    fetched = []
    with browser_page(portal, viewport={"width": width, "height": 800}) as page:
        page.on("request", lambda sent: fetched.append(sent.url))
        page.goto(portal + CITY)
        page.wait_for_load_state("networkidle")
        sentence, drawn = page.locator("h1").bounding_box(), page.locator(".map-svg").first.bounding_box()
        assert sentence["y"] < page.locator(".figure-number").first.bounding_box()["y"] + 100 < drawn["y"] + 100
        assert page.locator("main input[type=search]").bounding_box()["y"] < drawn["y"] < 800
        if width == 1280:
            assert drawn["y"] + drawn["height"] <= 800
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert not any("plotly.min" in address for address in fetched)
        assert page.problems == []


def test_rows_and_small_charts_are_drawn_by_the_server(portal):
    with browser_page(portal, java_script_enabled=False, viewport={"width": 1280, "height": 800}) as page:
        page.goto(portal + CITY)
        track = page.locator("#groups .dot-track svg").first.bounding_box()
        assert track["width"] > 120 and track["height"] == 28
        names = page.locator("#groups .dot-rows tbody th").all_inner_texts()
        assert names == ["White", "Black", "Girls", "Boys"]
        bracket = page.locator("#groups .gap .mark-bracket").first.bounding_box()
        first = page.locator("#groups .gap-block").first.bounding_box()
        assert first["y"] < bracket["y"] < bracket["y"] + bracket["height"] < first["y"] + first["height"]
        assert page.locator("#changing .multiple svg.mark").first.get_attribute("aria-label")
        assert page.locator("#cities tbody tr").count() == 1


def test_a_chart_is_explored_only_when_a_reader_asks(portal):
    fetched = []
    with browser_page(portal) as page:
        page.on("request", lambda sent: fetched.append(sent.url))
        page.goto(portal + CITY)
        page.locator("#groups .section-tools a").last.click()  # "Download"
        page.wait_for_url("**/charts/groups/#download")
        page.wait_for_load_state("networkidle")
        assert not any("plotly.min" in address for address in fetched)
        picture = page.locator("[data-explore] img")
        assert picture.is_visible() and picture.evaluate("one => one.complete && one.naturalWidth > 0")
        page.get_by_role("button", name="Explore this chart").click()
        page.locator('[data-figure="figure-groups"][data-drawn]').wait_for()
        assert picture.is_hidden() and page.locator(".js-plotly-plot .main-svg").count() > 0
        assert page.problems == []


def test_a_link_to_explore_opens_the_interactive_figure_at_once(portal):
    with browser_page(portal) as page:
        page.goto(portal + CITY)
        page.locator("#groups .section-tools a").first.click()
        page.locator('[data-figure="figure-groups"][data-drawn]').wait_for()
        assert page.problems == []


def test_a_chart_that_cannot_be_loaded_leaves_the_picture(portal):
    with browser_page(portal) as page:
        page.route("**/plotly*.js", lambda route: route.abort())
        page.goto(f"{portal}{CITY}charts/groups/")
        page.get_by_role("button", name="Explore this chart").click()
        expect(page.locator("[data-explore-said]")).to_contain_text("could not be loaded")
        assert page.locator("[data-explore] img").is_visible()


def test_without_scripts_the_chart_page_is_complete(portal):
    with browser_page(portal, java_script_enabled=False) as page:
        page.goto(f"{portal}{CITY}charts/where/")
        assert page.locator("#table-where tbody tr").count() == 5
        page.goto(f"{portal}{CITY}charts/groups/")
        assert page.locator("[data-explore] img").is_visible()
        assert page.get_by_role("button", name="Explore this chart").count() == 0
        assert page.locator("#table-groups tbody tr").count() > 0


def test_with_scripts_too_a_series_is_added_by_its_button(portal, monkeypatch):
    offered = tuple(
        SeriesOption(key, describe_metric(key), "", "place", "3977000", "Springfield", "year", 9)
        for key in ("share_digital_access", "share_employed")
    )
    answer = ContextSeries((make_series(),), (), offered, ())
    replace_queries(monkeypatch, {"context_series": lambda city, chosen=(): answer})
    with browser_page(portal) as page:
        page.goto(f"{portal}{CITY}charts/changing/")
        page.locator("#more form").get_by_role("button").click()
        page.wait_for_url("**metric=share_digital_access*")
        assert page.problems == []


def test_the_keyboard_meets_the_skip_link_then_the_header(portal):
    with browser_page(portal) as page:
        page.goto(portal + CITY)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('header') !== null")


def test_hostile_names_stay_text(portal):
    with browser_page(portal) as page:
        page.on("dialog", lambda dialog: page.problems.append("a name ran as a script"))
        page.goto(portal + CITY)
        page.goto(f"{portal}{CITY}charts/where/")
        expect(page.locator('[data-geoid="39023000101"] th')).to_have_text('<script>alert("x")</script>')
        assert page.problems == []
