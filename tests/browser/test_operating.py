"""An operator's journey in a real browser: sign in, bring in a file, look, make it live, roll back."""

import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from playwright.sync_api import expect

from atlas import tasks
from atlas.ingest import jobs
from atlas.models import IngestJob
from tests.browser.chromium import CHROMIUM, browser_page
from tests.factories import files, portal

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]
TRACT = f'[data-geoid="{portal.CITY_TRACTS[0]}"]'


@pytest.fixture
def house(live_server, tmp_path, settings, monkeypatch):
    """The small portal, one operator, and a changed file; jobs are carried out when the test says so."""
    settings.UPLOAD_DIR, settings.ATLAS_DATA_DIR = tmp_path / "uploads", None
    monkeypatch.setattr(tasks.ingest_file, "delay", lambda job: None)
    portal.build(tmp_path)
    get_user_model().objects.create_user("ann@example.org", "quiet-Harbour-42", name="Ann", is_staff=True)
    return live_server.url


@contextmanager
def open_page(house: str, **options):
    """A page; inside Playwright's event loop the test has a database session of its own, which must not stay."""
    with browser_page(house, **options) as page:
        try:
            yield page
        finally:
            connection.close()


def changed(tmp_path: Path) -> Path:
    usd = {portal.CITY_TRACTS[0]: "23456", portal.CITY_TRACTS[1]: "29000", portal.CITY_TRACTS[2]: "31000"}
    return files.shown_tract(tmp_path / "changed.csv", usd | {portal.OUTSIDE: "25000", "06037101110": "40000"})


def press(page, name: str) -> None:
    """Finds a button or link by its name and presses it with the keyboard alone."""
    found = (
        page.locator("main").get_by_role("button", name=name).or_(page.locator("main").get_by_role("link", name=name))
    )
    found.first.focus()
    page.keyboard.press("Enter")


def sign_in(page, house: str) -> None:
    page.goto(f"{house}/data/bring-in/")
    page.get_by_label("Email").fill("ann@example.org")
    page.get_by_label("Password").fill("quiet-Harbour-42")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Import a file")


def expect_value(page, house: str, value: str) -> None:
    """On the map to the hundred dollars, and in the table behind it."""
    shown = f"${round(int(value.strip('$').replace(',', '')), -2):,}"
    page.goto(f"{house}/cities/springfield/?measure=kfr_pooled_pooled_p25_usd_2015")
    tract = page.locator(f".map-svg .tracts a[href='/tracts/{portal.CITY_TRACTS[0]}/']")
    expect(tract).to_have_attribute("aria-label", re.compile(f": {re.escape(shown)}$"))
    page.goto(f"{house}/cities/springfield/charts/where/?measure=kfr_pooled_pooled_p25_usd_2015")
    expect(page.locator(f"#table {TRACT}")).to_contain_text(value)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_file_goes_live_and_back_again(house, tmp_path, width):
    with open_page(house, viewport={"width": width, "height": 900}) as page:
        expect_value(page, house, "$20,000")
        sign_in(page, house)
        page.get_by_label("A file from this computer").set_input_files(changed(tmp_path))
        press(page, "Import a file")
        expect(page.locator("#job")).to_contain_text("Waiting for a worker")
        jobs.run_job(str(IngestJob.objects.get(is_upload=True).pk))
        expect(page.locator("#job")).to_contain_text("Waits for a decision")  # without loading the page again
        press(page, "Review the changes and decide")
        expect(page.locator(".finding").first).to_contain_text("2 change, 1 are new, 2 are gone")
        page.locator('[data-figure="figure-map"][data-drawn]').wait_for()
        traces = page.locator('[data-figure="figure-map"]').evaluate("map => map.data.map(t => [t.name, t.z])")
        assert traces[0] == ["tracts", [3, -1, -4]], "most, a little less, nothing to compare"
        expect(page.get_by_role("row", name="Springfield")).to_contain_text("+$3,456")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        press(page, "Use this version")
        page.get_by_label("Yes, drop 2 rows").check()
        page.get_by_label("Reason").fill("Corrected by the publisher")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("is in use.")
        assert page.evaluate("document.documentElement.scrollWidth") == width
        expect_value(page, house, "$23,456")
        page.goto(f"{house}/data/sources/shown_tract_kfr_rP_gP_p25/")
        expect(page.locator("main")).to_contain_text("Corrected by the publisher")
        page.get_by_role("link", name="Roll back to version").click()
        press(page, "Roll back file version")
        expect(page.get_by_role("status")).to_contain_text("is used again")
        expect_value(page, house, "$20,000")
        assert page.problems == []


def test_every_field_has_a_label_and_the_keyboard_reaches_all(house):
    with open_page(house) as page:
        sign_in(page, house)
        unnamed = "all => all.filter(x => x.type !== 'hidden' && !x.labels.length).map(x => x.name)"
        assert page.locator("main input, main select").evaluate_all(unnamed) == []
        page.get_by_label("A file from this computer").focus()
        met = []
        for _ in range(2):
            page.keyboard.press("Tab")
            met.append(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
        assert met == ["make_live", "Import a file"]


def test_what_is_wrong_stands_at_the_field(house, tmp_path):
    with open_page(house) as page:
        sign_in(page, house)
        page.get_by_label("A file from this computer").set_input_files(files.write(tmp_path / "notes.csv", "# Notes\n"))
        page.get_by_label("Use it at once").check()
        press(page, "Import a file")
        field = page.get_by_label("A file from this computer")
        described = field.evaluate(
            "x => x.getAttribute('aria-describedby').split(' ').map(i => document.getElementById(i).textContent).join()"
        )
        assert "not a file the portal knows" in described and field.get_attribute("aria-invalid") == "true"
        expect(page.get_by_label("Use it at once")).to_be_checked()
        assert not IngestJob.objects.filter(is_upload=True).exists()


def test_signing_out_takes_the_operators_part_away(house):
    with open_page(house) as page:
        sign_in(page, house)
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(f"{house}/")
        page.goto(f"{house}/data/")
        expect(page.get_by_role("link", name="Sign in")).to_be_visible()
        assert page.locator("#operate-title").count() == 0
