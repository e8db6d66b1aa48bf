"""A feed changes a number on an open portfolio: staff bind it, a lead approves it, the funder's page says so."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from engagements.feeds.actions.checking import check_due
from engagements.models import Feed, FeedReading
from engagements.permissions import Role
from tests.browser.test_city_page import CHROMIUM
from tests.browser.test_operating import open_page
from tests.browser.test_work_journey import PHONE, expect_no_sideways_scroll, sign_in
from tests.factories.engagements import PASSWORD, everybody, pair
from tests.factories.feeds import csv_of, year
from tests.factories.indicators import make_indicator
from tests.factories.publisher import publisher

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]
DESK = {"width": 1280, "height": 900}


def test_a_feed_changes_a_number_on_an_open_portfolio(live_server, settings):
    settings.FEED_PRIVATE_HOSTS = frozenset({"127.0.0.1"})
    here, _ = pair()
    people = everybody(here)
    for user in people.values():
        user.set_password(PASSWORD)
        user.save()
    row = make_indicator(here, people[Role.CITY_STAFF])
    house, portfolio = live_server.url, f"/portfolio/{here.initiative.slug}/"
    with publisher() as server:
        address = server.put("/seen.csv", year())
        with open_page(house, viewport=PHONE) as page:
            sign_in(page, house, people[Role.CITY_STAFF], f"/indicators/{row.pk}/")
            page.get_by_role("link", name="Bind a live feed").click()
            page.locator("#id_address").fill(address)
            page.get_by_role("button", name="Try it").click()
            expect(page.locator("#mapped")).to_contain_text("60 people")
            expect(page.locator("#raw")).to_contain_text("2025-10-01")
            expect(page.get_by_label("Column of the value")).to_have_value("seen")
            expect_no_sideways_scroll(page)
            assert not Feed.objects.exists()
            page.get_by_role("button", name="Save feed").click()
            expect(page.locator("main")).to_contain_text("No lead has approved this feed yet")
            expect_no_sideways_scroll(page)
        feed = Feed.objects.get()
        with open_page(house, viewport=DESK) as page:
            sign_in(page, house, people[Role.LEAD], f"/feeds/{feed.pk}/")
            page.get_by_role("button", name="Approve this feed").click()
            expect(page.get_by_role("status").first).to_contain_text("It is approved")
            check_due(now=timezone.now())  # what the worker does
            page.reload()
            expect(page.locator("main .lede")).to_contain_text("through September 30, 2026")
        with open_page(house, viewport=DESK) as page:
            sign_in(page, house, people[Role.FUNDER], portfolio)
            line = page.locator(f"#indicator-{row.pk}")
            expect(line).to_contain_text("60")
            expect(line).to_contain_text("live feed")
            expect(page.locator("#cadences")).to_contain_text("from a live feed")
            expect(page.locator("[data-newer] .message")).to_be_hidden()
            server.put("/seen.csv", csv_of(*[("2026-10", 63)]) + year().split(b"\n", 1)[1])
            Feed.objects.get().status.__class__.objects.update(next_at=timezone.now())
            check_due(now=timezone.now())
            assert FeedReading.objects.filter(value=63, state="taken").exists()
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # as every half minute
            page.get_by_role("link", name="Reload the page").click()
            expect(line).to_contain_text("63")
