"""A value in a real browser: staff enter it with its groups, an expert reviews, a lead approves, a funder reads it."""

import pytest
from playwright.sync_api import expect

from engagements.models import IndicatorValue
from engagements.permissions import Role
from tests.browser.test_city_page import CHROMIUM
from tests.browser.test_operating import open_page
from tests.browser.test_work_journey import PHONE, expect_no_sideways_scroll, sign_in
from tests.factories.engagements import PASSWORD, everybody, pair
from tests.factories.indicators import Q2, Q3, ValueEntry, approved, make_indicator

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]
DESK = {"width": 1280, "height": 900}


def answer_yes(page) -> None:
    for point in page.locator(".point").all():
        point.get_by_label("Yes").check()


def test_from_the_staffs_table_to_the_funders_page(live_server):
    here, _ = pair()
    people = everybody(here)
    for user in people.values():
        user.set_password(PASSWORD)
        user.save()
    row = make_indicator(here, people[Role.CITY_STAFF])
    approved(row, people, ValueEntry(31), period=Q2)
    house, url = live_server.url, f"/indicators/{row.pk}/"
    with open_page(house, viewport=PHONE) as page:
        sign_in(page, house, people[Role.CITY_STAFF], url)
        page.get_by_role("link", name="Add values", exact=True).click()
        expect(page.get_by_label("First day of the period")).to_have_value(Q3[0].isoformat())
        expect(page.get_by_label("Last day of the period")).to_have_value(Q3[1].isoformat())
        page.get_by_label("Value, Everybody").fill("66")
        page.get_by_label("New group by sex").first.fill("women")
        page.get_by_label("Value, sex: new group").first.fill("70")
        page.get_by_role("button", name="Save the drafts").click()
        expect(page.locator("main")).to_contain_text("more than the 66 people of everybody")
        expect_no_sideways_scroll(page)
        page.get_by_label("Value, sex: new group").first.fill("40")
        page.get_by_role("button", name="Save the drafts").click()
        expect(page.get_by_role("status")).to_contain_text("Saved as drafts: 2 values.")
        page.get_by_role("button", name="Send to review (2 values)").click()
        expect(page.get_by_role("status")).to_contain_text("The reviewers were told.")
        expect_no_sideways_scroll(page)
    with open_page(house, viewport=DESK) as page:
        sign_in(page, house, people[Role.EXPERT], "/todo/")
        page.get_by_role("link", name="Review Residents seen, Jul to Sep 2026").click()
        page.get_by_role("link", name="Review these 2 values").click()
        expect(page.get_by_role("button", name="Approve")).to_have_count(0)
        answer_yes(page)
        page.get_by_role("button", name="Mark as reviewed").click()
        expect(page.get_by_role("status")).to_contain_text("A lead was told to approve it.")
    with open_page(house, viewport=PHONE) as page:
        sign_in(page, house, people[Role.FUNDER], url)
        expect(page.locator("#actuals .finding")).to_contain_text("31 people until Jun 30, 2026")
        expect(page.locator("main")).not_to_contain_text("66 people")
    with open_page(house, viewport=DESK) as page:
        sign_in(page, house, people[Role.LEAD], "/todo/")
        page.get_by_role("link", name="Approve Residents seen, Jul to Sep 2026").click()
        page.get_by_role("link", name="Review these 2 values").click()
        answer_yes(page)
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_role("status")).to_contain_text("Approved.")
    assert set(IndicatorValue.objects.values_list("status", flat=True)) == {"approved"}
    with open_page(house, viewport=PHONE) as page:
        sign_in(page, house, people[Role.FUNDER], url)
        expect(page.locator("#actuals .finding")).to_contain_text("66 people until Sep 30, 2026")
        expect(page.locator("#actuals .js-plotly-plot")).to_be_visible()
        expect(page.locator("#groups table")).to_contain_text("women")
        expect(page.locator("main")).not_to_contain_text(people[Role.CITY_STAFF].name)
        for path in (f"/engagements/{here.slug}/timeline/", f"/engagements/{here.slug}/indicators/"):
            page.goto(f"{house}{path}")
            expect(page.locator("main")).to_contain_text("66 people")
            expect_no_sideways_scroll(page)
