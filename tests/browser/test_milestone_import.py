"""An adviser brings a table with three bad rows: nothing changes, each row says why; mended, it is kept."""

import re
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import expect

from engagements.models import Activity, Milestone
from engagements.permissions import Role
from tests.browser.chromium import CHROMIUM, browser_page
from tests.factories.engagements import PASSWORD, EngagementFactory, MilestoneFactory, member

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]
BAD = """title,stage,due_on,owner
Sites chosen,Design,20 Jan 2027,
Plan,Scoping,2027-03-01,
Flyers printed,Field,03/04/2027,
Survey ready,Field,31 Feb 2027,eve@example.org
"""
MENDED = """title,stage,due_on,owner,slip_reason
Sites chosen,Design,20 Jan 2027,,
Plan,Scoping,2027-03-01,,Procurement
Flyers printed,Field,4 Mar 2027,,
Survey ready,Field,2027-02-01,ada@example.org,
"""


@contextmanager
def open_page(house: str, **options):
    with browser_page(house, **options) as page:
        try:
            yield page
        finally:
            connection.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_an_import_with_three_bad_rows_changes_nothing(live_server, tmp_path: Path, width):
    engagement = EngagementFactory()
    adviser = member(Role.ADVISER, engagement, email="ada@example.org", name="Ada")
    adviser.set_password(PASSWORD)
    adviser.save()
    MilestoneFactory(engagement=engagement, title="Plan")
    (tmp_path / "bad.csv").write_text(BAD)
    (tmp_path / "mended.csv").write_text(MENDED)
    with open_page(live_server.url, viewport={"width": width, "height": 900}) as page:
        page.goto(f"{live_server.url}/engagements/{engagement.slug}/milestones/import/")
        page.get_by_label("Email").fill("ada@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Import milestones")
        page.get_by_label("Your table").set_input_files(tmp_path / "bad.csv")
        page.get_by_role("button", name="Check file").click()
        expect(page.get_by_role("alert")).to_contain_text(re.compile(r"\b3 rows\b.*\bnothing\b"))
        expect(page.locator(".row-refused")).to_have_count(3)
        expect(page.locator(".row-refused").nth(1)).to_contain_text("may be Apr 3, 2027 or Mar 4, 2027")
        expect(page.get_by_role("button", name="Import")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the file with reasons").click()
        given = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
        assert len(given) == 5 and "Say why the date moves" in given[2] and "not in the calendar" in given[4]
        assert Milestone.objects.count() == 1 and not Activity.objects.exists()

        page.get_by_role("link", name="Import another file").click()
        page.get_by_label("Your table").set_input_files(tmp_path / "mended.csv")
        page.get_by_role("button", name="Check file").click()
        page.get_by_role("button", name="Import 4 rows").click()
        expect(page.get_by_role("status").first).to_contain_text("3 added, 1 changed")
        assert Milestone.objects.count() == 4 and Milestone.objects.get(title="Survey ready").owner == adviser
