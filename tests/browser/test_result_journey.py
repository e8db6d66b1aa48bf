"""An adviser records a result, an expert sends it back and approves it, the city replies, and all read the same."""

from contextlib import contextmanager

import pytest
from django.db import connection
from playwright.sync_api import expect

from engagements.models import Result
from engagements.permissions import Role
from tests.browser.axe import axe_problems
from tests.browser.chromium import CHROMIUM, browser_page
from tests.factories.engagements import PASSWORD
from tests.factories.results import make_desk

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]


@contextmanager
def signed_in(live_server, person, width=1280):
    """A page of this person; None: a stranger."""
    with browser_page(live_server.url, viewport={"width": width, "height": 900}) as page:
        try:
            if person is not None:
                page.goto(f"{live_server.url}/accounts/login/")
                page.get_by_label("Email").fill(person.email)
                page.get_by_label("Password").fill(PASSWORD)
                page.keyboard.press("Enter")
                page.wait_for_url(lambda address: "/accounts/login/" not in address)
            yield page
        finally:
            connection.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_result_on_its_way_to_the_public(live_server, width):
    desk = make_desk()
    for person in desk.people.values():
        person.set_password(PASSWORD)
        person.save()
    listed = f"{live_server.url}/engagements/{desk.city.slug}/results/"
    with signed_in(live_server, desk.adviser, width) as page:
        page.goto(listed)
        page.get_by_role("link", name="Record a result").first.click()
        page.get_by_label("Project").select_option(label="Coaching for parents")
        page.get_by_label("Finding").fill("that 5 more in 100 had a job")
        page.get_by_label("Outcome", exact=True).fill("Employed after a year")
        page.get_by_label("Design", exact=True).select_option("randomized")
        page.get_by_label("Source 1", exact=True).fill("The report")
        page.get_by_label("Address of source 1").fill("http://example.org/report")
        page.get_by_role("button", name="Save as draft").click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("Finding")).to_have_value("that 5 more in 100 had a job")
        assert axe_problems(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_label("Address of source 1").fill("https://example.org/report")
        # Its fold is open: the finding holds a number.
        page.get_by_label("Size as the source words it").fill("5 more in 100")
        page.get_by_role("button", name="Save as draft").click()
        address = page.url
        page.get_by_role("link", name="Ask the city").click()
        page.get_by_label("Person of the city").select_option(str(desk.staff.pk))
        page.get_by_role("button", name="Ask the city").click()
        page.get_by_role("link", name="Send to review").click()
        page.get_by_role("button", name="Send to review").click()
        assert axe_problems(page) == []
    with signed_in(live_server, None, width) as page:
        assert page.goto(address).status == 404
    with signed_in(live_server, desk.expert, width) as page:
        page.goto(address)
        page.get_by_role("link", name="Review this result").click()
        page.get_by_label("Reason").fill("Say against what")
        page.get_by_role("button", name="Send back").click()
    with signed_in(live_server, desk.adviser, width) as page:
        page.goto(address)
        page.get_by_role("link", name="Edit this result").click()
        expect(page.get_by_label("What was tried")).to_have_value("Coaching for parents")  # which opens its fold
        page.get_by_label("Against what").fill("No coach")
        page.get_by_role("button", name="Save changes").click()
        page.get_by_role("link", name="Send to review").click()
        page.get_by_role("button", name="Send to review").click()
    with signed_in(live_server, desk.staff, width) as page:
        page.goto(f"{live_server.url}/todo/")
        page.get_by_role("link", name="5 more in 100").first.click()
        page.get_by_label("We add to it").check()
        page.get_by_label("Correction or addition").fill("300 parents took part.")
        assert axe_problems(page) == []
        page.get_by_role("button", name="Send reply").click()
        expect(page.locator("main")).to_contain_text("300 parents took part.")
    with signed_in(live_server, desk.expert, width) as page:
        page.goto(f"{address}review/")
        for point in page.locator(".point").all():
            point.get_by_label("Yes").check()
        page.get_by_role("button", name="Approve and publish").click()
        page.wait_for_url(address)
    for person in (desk.people[Role.FUNDER], None):
        with signed_in(live_server, person, width) as page:
            page.goto(listed if person else address)
            if person:
                page.get_by_role("link", name="5 more in 100").click()
            expect(page.locator("main")).to_contain_text("300 parents took part.")
            expect(page.get_by_role("link", name="The report")).to_have_attribute("href", "https://example.org/report")
            assert axe_problems(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert Result.objects.get().status == "published"
