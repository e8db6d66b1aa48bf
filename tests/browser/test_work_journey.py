"""Work in a real browser: an adviser logs on a phone, the lead reviews and approves, the city's staff see it."""

import time

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from engagements.models import Participation
from engagements.permissions import Role
from tests.browser.chromium import CHROMIUM
from tests.browser.test_operating import open_page
from tests.factories.engagements import PASSWORD, MilestoneFactory, everybody, pair
from tests.patience import patience

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]
PHONE = {"width": 390, "height": 844}
SECONDS = 20


@pytest.fixture
def work(live_server):
    """An engagement with everybody in it, and one milestone of the adviser's that is due."""
    here, _ = pair()
    people = everybody(here)
    for user in people.values():
        user.set_password(PASSWORD)
        user.save()
    Participation.objects.create(engagement=here, status="active", began_on=timezone.localdate(), source="a test")
    milestone = MilestoneFactory(
        engagement=here,
        owner=people[Role.ADVISER],
        title="Agree on the question",
        needs_approval=True,
        due_on=timezone.localdate(),
    )
    MilestoneFactory(engagement=here, owner=people[Role.ADVISER], title="The next one", due_on=timezone.localdate())
    return live_server.url, people, milestone


def sign_in(page, house: str, user, path: str) -> None:
    page.goto(f"{house}{path}")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{house}{path}*")


def expect_no_sideways_scroll(page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url


@patience
def test_an_adviser_logs_on_a_phone_the_lead_approves_the_citys_staff_see_it(work, patience):
    house, people, milestone = work
    with open_page(house, viewport=PHONE, has_touch=True) as page:
        sign_in(page, house, people[Role.ADVISER], "/todo/")
        began, taps = time.monotonic(), 0
        page.locator("main .button[href='/log/']").tap()
        taps += 1
        expect(page.locator("#id_milestone")).to_have_value(str(milestone.pk))  # what is most due is chosen
        save = page.get_by_role("button", name="Save status")
        box = save.bounding_box()
        assert box["y"] > PHONE["height"] / 2 and box["y"] + box["height"] <= PHONE["height"] and box["height"] >= 44
        page.locator("label", has_text="Awaiting review").tap()
        page.get_by_label("What happened? (one sentence)").tap()
        page.keyboard.type("The mayor agreed to the question", delay=30)  # a fast thumb
        save.tap()
        taps += 3
        expect(page.get_by_role("status")).to_contain_text("Saved.")
        taken = time.monotonic() - began
        assert taps == 4 and taken < SECONDS * patience, (taps, taken)
        expect(page.locator("#id_milestone option:checked")).to_contain_text("The next one")
        for path in (
            "/",
            "/log/",
            "/engagements/",
            f"/engagements/{milestone.engagement.slug}/",
            "/milestones/",
            f"/engagements/{milestone.engagement.slug}/history/",
            f"/milestones/{milestone.pk}/",
        ):
            page.goto(f"{house}{path}")
            expect_no_sideways_scroll(page)
    with open_page(house, viewport={"width": 1280, "height": 900}) as page:
        sign_in(page, house, people[Role.LEAD], "/todo/")
        page.get_by_role("link", name="Approve Agree on the question").click()
        page.get_by_label("What you saw, or what is missing").fill("Read the signed text")
        page.get_by_role("button", name="Approve").click()
        expect(page.locator(".lede")).to_contain_text("Done")
    with open_page(house, viewport=PHONE) as page:
        sign_in(page, house, people[Role.CITY_STAFF], f"/milestones/{milestone.pk}/")
        expect(page.locator(".lede")).to_contain_text("Done")
        expect(page.locator("main")).to_contain_text("The mayor agreed to the question")
        expect(page.locator("main")).to_contain_text("Read the signed text")


def test_choosing_another_milestone_brings_its_statuses_and_keeps_the_words(work):
    house, people, milestone = work
    other = MilestoneFactory(engagement=milestone.engagement, title="Wait and see", status="awaiting_review")
    with open_page(house, viewport=PHONE) as page:
        sign_in(page, house, people[Role.ADVISER], "/log/")
        page.get_by_label("What happened? (one sentence)").fill("Half a sentence")
        page.get_by_label("Milestone").select_option(str(other.pk))
        expect(page.locator("[name=version_of]")).to_have_value(str(other.pk))
        expect(page.locator("#log-statuses label", has_text="Done")).to_be_visible()
        expect(page.get_by_label("What happened? (one sentence)")).to_have_value("Half a sentence")
