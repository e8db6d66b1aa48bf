"""A plan in a real browser: tracts on the map, a row of the library tried in the city, review, publication, PDF."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from dashboards.reports import make as making
from engagements.models import Plan, Report
from engagements.permissions import Role
from tests.browser.test_city_page import CHROMIUM
from tests.browser.test_operating import open_page
from tests.browser.test_work_journey import expect_no_sideways_scroll, sign_in
from tests.factories import grid
from tests.factories.engagements import PASSWORD
from tests.factories.plans import EvidenceFactory, city_house

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
    pytest.mark.django_db(transaction=True),
]
WIDE = {"width": 1280, "height": 900}


@pytest.fixture
def house(live_server, tmp_path):
    """A city called Tulsa with tracts, its team, and a row of evidence that was tried there."""
    engagement, people = city_house(tmp_path, name="Tulsa")
    row = EvidenceFactory(key="workadvance", intervention="WorkAdvance", population="low-wage adults")
    row.tried_in.add(engagement.city)
    for user in people.values():
        user.set_password(PASSWORD)
        user.save()
    return live_server.url, engagement, people


def test_from_the_map_to_the_published_plan_and_its_pdf(house):
    address, engagement, people = house
    with open_page(address, viewport=WIDE) as page:
        sign_in(page, address, people[Role.CITY_STAFF], f"/engagements/{engagement.slug}/plans/")
        page.get_by_role("link", name="Start a plan").click()
        page.get_by_label("Title").fill("Training for young adults")
        page.get_by_label("The need").fill("Few who grew up here reach the middle.")
        page.get_by_role("button", name="Save the draft").click()
        page.get_by_role("link", name="Choose tracts on the map").click()
        page.locator(".tract-map .tracts a").nth(2).locator("path").click()
        expect(page.locator("[data-tract-count]")).to_have_text("1 neighborhood chosen.")
        page.get_by_text("Paste a list of tracts").click()
        page.get_by_label("Tract GEOIDs").fill(" ".join(grid.geoids(10)[6:8]))
        page.get_by_label("Name of the area").fill("Two ends")
        page.get_by_role("button", name="Save the area").click()
        page.get_by_role("link", name="Add from the evidence library").click()
        here = page.locator("details.fold[open]").first
        expect(here.get_by_role("heading")).to_contain_text("Usable in a plan")
        here.get_by_role("link", name="WorkAdvance: adult earnings").click()
        page.get_by_label("Who is offered it").fill("young adults")
        page.get_by_label("How many are offered it").fill("200")
        page.get_by_label("Share of them who take part").fill("1.7")
        page.get_by_label("Cost in dollars").fill("5,203")
        page.get_by_label("That is the cost").select_option("reached")
        page.get_by_role("button", name="Add the intervention").click()
        expect(page.locator("#id_takeup_error")).to_contain_text("above 1")
        page.get_by_label("Share of them who take part").fill("0.6")
        page.get_by_role("button", name="Add the intervention").click()
        page.get_by_role("link", name="See the whole plan").click()
        expect(page.locator(".plan-sum")).to_contain_text("120 young adults")
        expect(page.locator(".plan-sum")).to_contain_text("95% range $")
        expect(page.get_by_text("tried in this city")).to_be_visible()
        expect_no_sideways_scroll(page)
        page.get_by_role("button", name="Submit for expert review").click()
        expect(page.get_by_role("status")).to_contain_text("Submitted.")
        assert [said for said in page.problems if "422" not in said] == []
        plan = Plan.objects.get()
    assert plan.tracts.count() == 3 and plan.interventions.get().cost_usd == Decimal("5203.00")
    with open_page(address, viewport=WIDE) as page:
        sign_in(page, address, people[Role.EXPERT], f"/plans/{plan.pk}/review/")
        part = page.locator("#section-interventions")
        part.locator("summary").filter(has_text="comment").last.click()
        part.get_by_label("Comment", exact=True).fill("Say what the study did not find.")
        part.get_by_role("button", name="Add comment").click()
        expect(page.locator("#section-interventions")).to_contain_text("Say what the study did not find.")
        for point in page.locator(".point").all():
            point.get_by_label("Yes").check()
        page.get_by_role("button", name="Mark as reviewed").click()
        expect(page.get_by_role("status")).to_contain_text("Reviewed.")
    with open_page(address, viewport=WIDE) as page:
        sign_in(page, address, people[Role.LEAD], f"/plans/{plan.pk}/")
        page.get_by_role("link", name="Review this plan").click()
        page.get_by_role("button", name="Approve").click()
        page.get_by_role("button", name="Publish").click()
        expect(page.get_by_role("status")).to_contain_text("Published.")
        page.get_by_role("link", name="Reports (PDF, slides)").click()
        page.locator("#kind").select_option("plan_pdf")
        page.get_by_role("button", name="Create report").click()
        expect(page.locator("#report")).to_contain_text("Waiting to start")
        making.make(Report.objects.get().pk)  # what the worker does; the open page follows by itself
        expect(page.locator("#report")).to_contain_text("Ready.")
        with page.expect_download() as got:
            page.get_by_role("link", name="Download").click()
        assert got.value.path().read_bytes().startswith(b"%PDF")
    with open_page(address, viewport=WIDE) as page:
        sign_in(page, address, people[Role.FUNDER], f"/plans/{plan.pk}/")
        expect(page.get_by_text("This is the plan as published on")).to_be_visible()
        expect(page.locator("main")).to_contain_text("Training for young adults")
        expect(page.locator("main")).not_to_contain_text("Say what the study did not find.")
