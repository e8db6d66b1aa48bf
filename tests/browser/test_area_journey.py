"""From a pasted list, and from a file of districts, to a page with its map and its CSV, in a real browser."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import CHROMIUM, browser_page
from tests.factories import files
from tests.factories import portal as small_portal

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
    pytest.mark.django_db(transaction=True),
]
ONE, TWO, _ = small_portal.CITY_TRACTS


@pytest.fixture
def address(live_server, tmp_path):
    small_portal.build(tmp_path)
    return live_server.url


def no_sideways(page):
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("width", [390, 1280])
def test_paste_then_page_then_csv(address, width):
    with browser_page(address, viewport={"width": width, "height": 900}, accept_downloads=True) as page:
        page.goto(f"{address}/areas/")
        page.get_by_role("link", name="Create an area").click()
        page.get_by_label("Tract GEOIDs").fill(f"GEOID\n1400000US{ONE}\n{TWO}\nabc")
        page.get_by_label("Name", exact=True).fill("East side")
        page.get_by_role("button", name="Create area").click()
        expect(page.locator("#geoids-problem")).to_contain_text("“abc”")
        no_sideways(page)
        page.get_by_label("Leave out this one").check()
        page.get_by_role("button", name="Create area").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("East side")
        expect(page.locator(".map-svg .tracts a")).not_to_have_count(0)
        page.get_by_role("button", name="Copy").click()
        expect(page.get_by_text("Copied", exact=True)).to_be_visible()
        no_sideways(page)
        page.locator("#where details.map-more > summary").click()
        with page.expect_download() as sent:
            page.locator("#where").get_by_role("link", name="CSV of the census tracts").click()
        text = sent.value.path().read_text()
        assert f",{ONE}," in text and f",{TWO}," in text
        said = [problem for problem in page.problems if "422" not in problem]
        assert said == [], "the refused list is a 422, which the browser notes"


def test_upload_then_preview_then_page(address, tmp_path):
    boxes = [(-83.10, 42.30, 0.0145, 0.01), (-83.0855, 42.30, 0.0155, 0.01), (-83.099, 42.302, 0.002, 0.002)]
    features = [
        {"type": "Feature", "properties": {"district": f"Ward {i}"}, "geometry": files.square(*box)}
        for i, box in enumerate(boxes, 1)
    ]
    wards = tmp_path / "wards.geojson"
    wards.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with browser_page(address, viewport={"width": 390, "height": 900}) as page:
        page.goto(f"{address}/areas/new/")
        page.get_by_label("GeoJSON file of districts").set_input_files(wards)
        page.get_by_label("Name of the set").fill("Council")
        page.get_by_role("button", name="Preview districts").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("3 districts in wards.geojson")
        expect(page.get_by_text("Too small: no tract has half of its area inside")).to_be_visible()
        no_sideways(page)
        page.get_by_label("Ward 2").uncheck()
        page.get_by_role("button", name="Create areas").click()
        page.get_by_role("link", name="Council, Ward 1").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Council, Ward 1")
        expect(page.locator(".map-svg .tracts a")).not_to_have_count(0)
        assert page.problems == []
