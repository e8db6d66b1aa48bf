"""An update is sent back with a comment on a section, changed, read again as a difference, and approved by keyboard."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from engagements.discussion.actions.updates import move_update, start_update
from engagements.models import Comment, QuarterlyUpdate, ReviewDecision
from engagements.permissions import Role
from tests.browser.axe import axe_problems
from tests.browser.chromium import CHROMIUM, browser_page
from tests.engagements.discussion.discussion import house
from tests.factories.engagements import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]


@contextmanager
def signed_in(live_server, person, width):
    with browser_page(live_server.url, viewport={"width": width, "height": 844}) as page:
        try:
            page.goto(f"{live_server.url}/accounts/login/")
            page.get_by_label("Email").fill(person.email)
            page.get_by_label("Password").fill(PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(lambda address: "/accounts/login/" not in address)
            yield page
        finally:
            connection.close()


def sent_in(people, here) -> QuarterlyUpdate:
    now = timezone.now()
    texts = {"what_we_did": "We met ten families.", "what_we_need": "A van."}
    row = start_update(engagement=here.pk, year=now.year, quarter=1, texts=texts, by=people[Role.ADVISER], now=now)
    return move_update(
        update=row.pk, status="in_review", expected_version=row.version, by=people[Role.ADVISER], now=now
    )


@pytest.mark.parametrize("width", [1280, 390])
def test_sent_back_changed_compared_and_approved(live_server, width):
    here, _, people, _ = house()
    for person in (people[Role.LEAD], people[Role.ADVISER]):
        person.set_password(PASSWORD)
        person.save()
    row = sent_in(people, here)
    review = f"{live_server.url}/updates/{row.pk}/review/"
    with signed_in(live_server, people[Role.LEAD], width) as page:
        page.goto(f"{live_server.url}/updates/{row.pk}/")
        page.get_by_role("link", name="Review this update").click()
        part = page.locator("#section-what_we_did")
        halves = part.locator(".two > div")
        expect(halves).to_have_count(2)  # `all` does not wait for the page that the link leads to
        words, said = halves.all()
        beside = words.bounding_box()["x"] + words.bounding_box()["width"] <= said.bounding_box()["x"]
        assert beside == (width == 1280)
        part.locator("summary").filter(has_text="write one").click()
        part.get_by_label("Comment", exact=True).fill("Say which families.")
        part.get_by_role("button", name="Add comment").click()
        expect(page.locator("#section-what_we_did")).to_contain_text("Say which families.")
        assert axe_problems(page) == []
        page.get_by_role("radiogroup", name="Every claim has a source, or says who saw it.").get_by_label(
            "No", exact=True
        ).check()
        page.get_by_label("Why not, in a sentence").first.fill("Nobody is named.")
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_role("alert")).to_contain_text("Everything you wrote is still here.")
        expect(page.get_by_label("Why not, in a sentence").first).to_have_value("Nobody is named.")
        assert axe_problems(page) == []
        page.get_by_role("button", name="Send back").click()
        page.wait_for_url(lambda address: "/review/" not in address)  # it keeps the fragment of the section
    with signed_in(live_server, people[Role.ADVISER], width) as page:
        page.goto(f"{live_server.url}/updates/{row.pk}/")
        page.get_by_role("link", name="Read the review").click()
        page.locator("#decisions summary").click()
        expect(page.locator("#decisions")).to_contain_text("Nobody is named.")
        page.goto(f"{live_server.url}/updates/{row.pk}/edit/")
        page.get_by_label("What we did").fill("We met ten families beside the river.")
        page.get_by_role("button", name="Save", exact=True).click()
        page.get_by_role("button", name="Submit for review").click()
        expect(page.get_by_role("status")).to_contain_text("Submitted.")
        page.goto(review)
        page.get_by_role("button", name="Settle").click()
        expect(page.locator("#section-what_we_did")).to_contain_text("1 settled comment")
    with signed_in(live_server, people[Role.LEAD], width) as page:
        page.goto(review)
        expect(page.locator("#changes ins").first).to_contain_text("river.")
        expect(page.locator("#changes")).to_contain_text("Sent back")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for point in page.get_by_role("radiogroup").all():
            point.get_by_label("Yes").focus()
            page.keyboard.press("Space")
        page.get_by_role("button", name="Approve").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("Approved.")
    assert QuarterlyUpdate.objects.get().status == "approved"
    assert list(ReviewDecision.objects.order_by("pk").values_list("outcome", "open_comments")) == [
        ("sent_back", 1),
        ("approved", 0),
    ]
    assert Comment.objects.get().settled_by == people[Role.ADVISER]
