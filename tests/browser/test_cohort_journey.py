"""A lead sets up a cohort with three cities in one form; an adviser writes the update from the link of a reminder."""

from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from engagements.models import EngagementRole, Initiative, Milestone, Participation, QuarterlyUpdate
from engagements.permissions import Role
from engagements.quarterly.actions.links import make_update_link
from tests.browser.axe import axe_problems
from tests.browser.chromium import CHROMIUM, browser_page
from tests.factories import portal
from tests.factories.engagements import PASSWORD, EngagementFactory, everybody, member
from tests.factories.places import gazetteer

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]


@contextmanager
def open_page(house: str, **options):
    with browser_page(house, **options) as page:
        try:
            yield page
        finally:
            connection.close()


def sign_in(page, live_server, email):
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/accounts/login/" not in address)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_lead_sets_up_a_cohort_of_three_cities_in_twelve_fields(live_server, tmp_path: Path, width):
    engagement = EngagementFactory()
    lead = member(Role.LEAD, engagement, email="lena@example.org", name="Lena")
    adviser = member(Role.ADVISER, engagement, email="ada@example.org", name="Ada")
    lead.set_password(PASSWORD)
    lead.save()
    portal.ingest(gazetteer(tmp_path / "2019_Gaz_place_national.txt"))
    with open_page(live_server.url, viewport={"width": width, "height": 900}) as page:
        sign_in(page, live_server, "lena@example.org")
        page.goto(f"{live_server.url}/engagements/")
        page.get_by_role("link", name="New initiative").click()
        form = page.locator("main form[method=post]")
        assert 0 < form.locator(".field").count() <= 12
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_label("Name", exact=True).fill("Mobility Next")
        for heading in form.locator(".fold > summary").all():
            heading.click()
        page.get_by_label("Funders, one a line").fill("New Foundation")
        page.get_by_label("Starts on").fill("2027-01-04")
        page.get_by_label("Amount pledged, in US dollars").fill("9 million")
        page.get_by_label("Announced on").fill("2026-11-02")
        page.get_by_label("Where it was announced").fill("foundation.example/press")
        page.get_by_role("combobox", name="City 1").press_sequentially("detr")
        page.get_by_role("option", name="Detroit, MI").click()
        expect(page.get_by_role("combobox", name="City 1")).to_have_value("Detroit, MI")
        page.get_by_role("combobox", name="City 2").press_sequentially("newark, n")
        page.get_by_role("combobox", name="City 2").fill("newa")
        expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(3)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Escape")
        page.get_by_role("combobox", name="City 2").fill("Newark")
        page.get_by_role("combobox", name="City 3").fill("Carson City, NV")
        page.keyboard.press("Escape")
        page.get_by_label("Ada, adviser").check()
        page.get_by_label("First milestones").select_option("scoping")
        page.get_by_role("button", name="Create the initiative").click()
        expect(page.get_by_role("alert")).to_be_visible()  # three Newarks: one is chosen
        assert axe_problems(page) == []
        page.get_by_label("City 2").select_option("Newark, NJ (city 3451000)")
        page.get_by_role("button", name="Create the initiative").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mobility Next")
        expect(page.locator("tbody tr")).to_have_count(3)
        expect(page.locator("main")).to_contain_text("$9,000,000")
        assert axe_problems(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.problems == [] or all("422" in problem for problem in page.problems)
    made = Initiative.objects.get(name="Mobility Next")
    assert made.engagements.count() == 3 and Milestone.objects.filter(engagement__initiative=made).count() == 12
    assert EngagementRole.objects.filter(user=adviser, initiative=made, role="adviser").count() == 3


def test_an_update_is_written_from_the_link_of_a_reminder(live_server):
    here = EngagementFactory()
    Participation.objects.create(engagement=here, status="active", began_on=date(2026, 1, 1), source="a test")
    people = everybody(here)
    row, secret = make_update_link(engagement=here, year=2026, quarter=4, user=people[Role.ADVISER], now=timezone.now())
    address = f"{live_server.url}/updates/by-link/{secret}/"
    with open_page(live_server.url, viewport={"width": 390, "height": 844}) as page:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Q4 2026")
        page.get_by_label("What we did").fill("We met twice.")
        expect(page.get_by_role("status").filter(has_text="Draft saved at")).to_be_visible()
        assert page.url == address and QuarterlyUpdate.objects.get().what_we_did == "We met twice."
        page.get_by_label("What we learned").fill("To ask first.")
        assert axe_problems(page) == []
        page.get_by_role("button", name="Send for review").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("sent for review")
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text("This link does not open")
    update = QuarterlyUpdate.objects.get()
    assert (update.status, update.what_we_learned) == ("in_review", "To ask first.")
    row.refresh_from_db()
    assert row.used_at is not None
