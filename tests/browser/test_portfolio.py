"""A funder at a desk goes from the first screen to the entry behind a number and to the report, and shares by link."""

import openpyxl
import pytest
from playwright.sync_api import expect

from dashboards.reports import make as making
from engagements.models import Report
from engagements.permissions import Role
from tests.browser.test_city_page import CHROMIUM
from tests.browser.test_talking import PHONE, fits, open_page, sign_in_as
from tests.factories.engagements import PASSWORD
from tests.factories.portfolio import World
from tests.factories.results import make_desk

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]
DESK = {"width": 1280, "height": 900}


def numbers_of(path) -> set:
    """Every number in a workbook; the download has no ending of its own."""
    with path.open("rb") as file:
        book = openpyxl.load_workbook(file, data_only=True)
        return {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}


def test_from_the_page_to_the_entry_behind_a_number_to_the_report_and_to_a_reader_without_an_account(live_server):
    world = World(name="Homes and Work")
    world.status("active")
    world.entry("committed", 500_000, at=None)
    spent = world.entry("spent", "12500.50", payee="Jane Doe")
    world.milestone(due=-40, title="Sign the lease")
    world.funder.set_password(PASSWORD)
    world.funder.save()
    with open_page(live_server.url, DESK) as page:
        page.goto(f"{live_server.url}/portfolio/")
        sign_in_as(page, world.funder)
        expect(page.locator("main .kicker")).to_have_text("Homes and Work")
        expect(page.get_by_role("heading", level=1)).to_contain_text("no published result yet")
        expect(page.locator('[data-figure="figure-stages"][data-drawn="yes"]')).to_be_visible()
        page.locator("dl.counts").get_by_role("link", name="$12,501").click()
        entry = page.locator(f"#entry-{spent.pk}")
        expect(entry).to_contain_text("$12,500.50")
        expect(page.locator("main")).not_to_contain_text("Jane Doe")
        page.go_back()
        page.get_by_role("link", name="1 milestone").click()
        page.get_by_role("link", name="Sign the lease").click()
        expect(page.get_by_role("heading", name="Sign the lease")).to_be_visible()
        page.goto(f"{live_server.url}/portfolio/{world.initiative.slug}/")
        page.get_by_role("button", name="Quarterly report, Excel").click()
        expect(page.locator("#report")).to_contain_text("Waiting to start")
        making.make(Report.objects.get().pk)  # what the worker does; the open page follows by itself
        expect(page.locator("#report")).to_contain_text("Ready.")
        with page.expect_download() as got:
            page.get_by_role("link", name="Download").click()
        assert 12500.5 in numbers_of(got.value.path())
        page.goto(f"{live_server.url}/portfolio/{world.initiative.slug}/shares/")
        page.get_by_label("For whom").fill("The council")
        page.get_by_role("button", name="Make the link").click()
        link = page.locator(".secret").inner_text()
    with open_page(live_server.url, PHONE) as page:
        page.goto(link)
        expect(page.get_by_text("$500,000 committed")).to_be_visible()
        assert fits(page)
        assert page.locator("main a[href^='/portfolio']").count() == 0


def test_from_sign_in_the_answer_takes_no_click_its_source_one_and_a_report_two(live_server):
    desk = make_desk()
    result, funder = desk.published(), desk.people[Role.FUNDER]
    funder.set_password(PASSWORD)
    funder.save()
    clicks: list[str] = []

    def click(target) -> None:
        clicks.append(target.inner_text())
        target.click()

    with open_page(live_server.url, DESK) as page:
        page.context.route("https://example.org/**", lambda route: route.fulfill(body="The report", status=200))
        page.goto(f"{live_server.url}/accounts/login/")
        sign_in_as(page, funder)
        line = page.locator("#cities tr", has_text=desk.city.city.name).first
        expect(page.get_by_role("heading", level=1)).to_contain_text("one published effect size")
        expect(line).to_be_in_viewport()
        expect(line).to_contain_text(result.finding)
        assert not clicks and page.url.endswith(f"/portfolio/{desk.city.initiative.slug}/")

        click(line.get_by_role("link", name="example.org"))
        page.wait_for_url("https://example.org/report")
        assert len(clicks) == 1

        clicks.clear()
        page.go_back()
        click(page.get_by_role("button", name="Quarterly report, PDF"))
        making.make(Report.objects.get().pk)
        with page.expect_download() as got:
            click(page.get_by_role("link", name="Download"))
        assert len(clicks) == 2 and got.value.path().read_bytes().startswith(b"%PDF")
