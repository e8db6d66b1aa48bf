"""Money, an indicator and an intervention by keyboard, on a phone and at a desk: six fields, folds, nothing lost."""

import pytest
from playwright.sync_api import expect

from engagements.models import Indicator, LedgerEntry, LedgerPlacementTract, PlanIntervention
from engagements.permissions import Role
from tests.browser.chromium import CHROMIUM
from tests.browser.test_operating import open_page
from tests.browser.test_work_journey import PHONE, expect_no_sideways_scroll, sign_in
from tests.factories import grid
from tests.factories.engagements import PASSWORD
from tests.factories.ledger import commitment
from tests.factories.plans import city_house, make_plan

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
    pytest.mark.django_db(transaction=True),
]


def first_fields(page) -> int:
    return page.locator("main form.form > .grid").locator("input:not([type=hidden]), select, textarea").count()


def type_into(page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def open_fold(page, heading: str) -> None:
    page.locator("summary", has_text=heading).focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 800}], ids=["phone", "desk"])
def test_three_forms_by_keyboard(live_server, tmp_path, size):
    engagement, people = city_house(tmp_path)
    commitment(engagement, amount=5000)
    staff, house = people[Role.CITY_STAFF], live_server.url
    plan = make_plan(engagement, staff)
    staff.set_password(PASSWORD)
    staff.save()
    base = f"/engagements/{engagement.slug}"
    with open_page(house, viewport=size) as page:
        sign_in(page, house, staff, f"{base}/money/new/")
        assert 4 <= first_fields(page) <= 6
        page.get_by_label("Stage").focus()
        page.keyboard.type("Spent")
        type_into(page, "Amount in dollars", "lots")
        open_fold(page, "Where the money works")
        expect(page.locator(".tract-map .tracts a")).to_have_count(10)
        page.get_by_label("Find a neighborhood or tract number").focus()
        page.keyboard.type("6002")
        page.keyboard.press("Enter")  # to the first that fits; the form is not sent
        page.keyboard.press("Space")
        expect(page.locator("[data-tract-count]")).to_have_text("1 neighborhood chosen.")
        expect(page.locator(".tract-map .is-chosen")).to_have_count(1)
        page.get_by_role("button", name="Enter the transaction").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label("Amount in dollars")).to_be_focused()  # the first that is wrong
        expect(page.get_by_label("Amount in dollars")).to_have_value("lots")
        assert page.locator("details.fold[open]").count() == 1  # what was filled in
        type_into(page, "Amount in dollars", "1,200.50")
        expect_no_sideways_scroll(page)
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").first).to_contain_text("in the ledger")

        page.goto(f"{house}{base}/indicators/new/")
        assert 4 <= first_fields(page) <= 6
        type_into(page, "Name", "Families placed")
        type_into(page, "Definition", "Families who moved, counted by the housing office.")
        type_into(page, "Source", "Housing office")
        expect_no_sideways_scroll(page)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Families placed")

        page.goto(f"{house}/plans/{plan.pk}/interventions/new/")
        assert 4 <= first_fields(page) <= 6
        type_into(page, "What will be done", "Help with moving")
        type_into(page, "How many are offered it", "200")
        type_into(page, "Share of them who take part", "0.7")
        type_into(page, "Cost in dollars", "2,500")
        expect_no_sideways_scroll(page)
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").first).to_contain_text("added to the plan")
    assert LedgerEntry.objects.filter(stage="spent", amount_usd="1200.50").count() == 1
    assert LedgerPlacementTract.objects.get().geoid in grid.geoids(10)
    indicator = Indicator.objects.get()
    assert (indicator.kind, indicator.every_months, indicator.owner) == ("performance", 3, staff)
    assert PlanIntervention.objects.get(plan=plan).duration_months == 12
