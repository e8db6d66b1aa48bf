"""An analyst brings a Smartsheet, matches it once, brings it again changed, sees the changes, and takes it back."""

from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import expect

from engagements.models import Milestone
from engagements.permissions import Role
from tests.browser.chromium import CHROMIUM, browser_page
from tests.factories import spreadsheets
from tests.factories.engagements import PASSWORD, EngagementFactory, member

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]


@contextmanager
def open_page(house: str, **options):
    with browser_page(house, **options) as page:
        try:
            yield page
        finally:
            connection.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_an_analyst_re_imports_a_smartsheet_export(live_server, tmp_path: Path, width):
    engagement = EngagementFactory()
    analyst = member(Role.ADVISER, engagement, email="ada@example.org", name="Ada Adviser")
    analyst.set_password(PASSWORD)
    analyst.save()
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    first.write_bytes(spreadsheets.smartsheet())
    rows = [(indent, list(cells)) for indent, cells in spreadsheets.SMARTSHEET_ROWS]
    rows[1][1][0], rows[1][1][6] = "Hire two navigators", date(2027, 3, 1)
    second.write_bytes(spreadsheets.smartsheet(rows))
    with open_page(live_server.url, viewport={"width": width, "height": 900}) as page:

        def fits() -> bool:
            return page.evaluate("document.documentElement.scrollWidth") <= width

        page.goto(f"{live_server.url}/engagements/{engagement.slug}/milestones/import/")
        page.get_by_label("Email").fill("ada@example.org")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_label("Your table").set_input_files(first)
        page.get_by_role("button", name="Check file").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Match columns")
        expect(page.get_by_role("group", name="Due date").get_by_label("Column")).to_have_value("finish")
        assert fits()
        page.get_by_label("“On ice”").select_option("blocked")
        page.get_by_label("Save these choices as").fill("Pilot plan")
        page.get_by_role("button", name="Check file").click()
        expect(page.locator(".row-add")).to_have_count(3)
        assert fits() and not Milestone.objects.exists()
        page.get_by_role("button", name="Import 3 rows").click()
        expect(page.get_by_role("status").first).to_contain_text("3 added")

        page.get_by_label("How to read it").select_option(label="As “Pilot plan”")
        page.get_by_label("Your table").set_input_files(second)
        page.get_by_role("button", name="Check file").click()
        expect(page.locator(".row-refused")).to_have_count(1)  # a date moves, and nobody said why
        page.get_by_label("Why dates move", exact=True).select_option("procurement")
        page.get_by_role("button", name="Check again").click()
        expect(page.locator(".row-change")).to_have_count(1)
        expect(page.locator(".row-change")).to_contain_text("Hire two navigators")
        expect(page.locator(".row-change ins").last).to_have_text("Mar 1, 2027")
        assert fits()
        page.get_by_role("button", name="Import 1 row").click()
        expect(page.get_by_role("status").first).to_contain_text("0 added, 1 changed")
        assert Milestone.objects.filter(title="Hire two navigators", due_on=date(2027, 3, 1)).exists()

        page.goto(f"{live_server.url}/engagements/{engagement.slug}/imports/")
        page.get_by_role("button", name="Undo this import").first.click()
        expect(page.get_by_role("status").first).to_contain_text("The import was undone")
        assert fits() and Milestone.objects.filter(title="Hire", due_on=date(2027, 2, 15)).exists()
