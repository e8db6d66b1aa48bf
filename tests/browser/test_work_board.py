"""A lead plans a quarter on the board: by the keyboard alone, by mouse, and on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from engagements.milestones.actions.progress import log_progress
from engagements.models import DueDateChange, Milestone
from engagements.permissions import Role
from tests.browser.axe import axe_problems
from tests.browser.chromium import CHROMIUM
from tests.browser.test_operating import open_page
from tests.browser.test_work_journey import PHONE, expect_no_sideways_scroll, sign_in
from tests.factories.engagements import PASSWORD, MilestoneFactory, everybody, pair

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def work(live_server):
    """A lead with three milestones of the quarter and one that only a lead may approve."""
    here, _ = pair()
    people = everybody(here)
    for user in people.values():
        user.set_password(PASSWORD)
        user.save()
    today, lead = timezone.localdate(), people[Role.LEAD]
    rows = {
        title: MilestoneFactory(engagement=here, owner=lead, title=title, due_on=today + timedelta(days=days))
        for title, days in (("Write the letter", 10), ("Send the letter", 20), ("Count the answers", 40))
    }
    rows["Sign"] = MilestoneFactory(
        engagement=here, owner=lead, title="Sign", due_on=today + timedelta(days=5), needs_approval=True
    )
    return live_server.url, people, rows


def column(page, status: str):
    return page.locator(f"[data-status={status}]")


def test_a_quarter_is_planned_by_the_keyboard_alone(work):
    house, people, rows = work
    row = rows["Write the letter"]
    with open_page(house, viewport=DESK) as page:
        sign_in(page, house, people[Role.LEAD], "/todo/")
        page.get_by_role("link", name="Write the letter").focus()
        page.keyboard.press("ArrowRight")
        expect(column(page, "in_progress").get_by_role("link", name="Write the letter")).to_be_focused()
        expect(page.get_by_role("button", name="Undo")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.locator(".board .card-edit [name=status]")).to_be_focused()
        later = row.due_on + timedelta(days=7)
        due = page.locator(".board .card-edit [name=due_on]")
        due.focus()
        page.keyboard.type(later.strftime("%m%d%Y"))
        page.keyboard.press("Enter")
        expect(page.locator(".board .field-problem")).to_contain_text("Say why")
        page.locator(".board .card-edit [name=slip_reason]").focus()
        page.keyboard.type("Data")
        page.locator(".board .card-edit button[type=submit]").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".card-edit")).to_have_count(0)
        page.get_by_role("button", name="Undo").focus()
        page.keyboard.press("Enter")
        expect(page.locator(".messages")).to_contain_text("Undone")
    row.refresh_from_db()
    assert (row.status, row.due_on) == ("in_progress", later - timedelta(days=7))
    assert DueDateChange.objects.filter(milestone=row).count() == 2


def test_cards_are_dragged_and_a_refused_one_goes_back_with_the_reason(work):
    house, people, rows = work
    with open_page(house, viewport=DESK) as page:
        sign_in(page, house, people[Role.LEAD], "/todo/")
        page.locator(".task", has_text="Send the letter").drag_to(column(page, "at_risk"))
        expect(column(page, "at_risk")).to_contain_text("Send the letter")
        expect(page.locator(".board-column[data-status=at_risk] .board-count")).to_have_text("1")
        page.locator(".task", has_text="Sign").drag_to(column(page, "done"))
        expect(column(page, "planned")).to_contain_text("Sign")  # done is a lead's word after a review: no such move
        stale = rows["Count the answers"]
        log_progress(
            milestone=stale.pk, status="blocked", line="No stamps", by=people[Role.ADVISER], now=timezone.now()
        )
        page.locator(".task", has_text="Count the answers").drag_to(column(page, "in_progress"))
        expect(page.get_by_role("alert")).to_contain_text("changed status")
        expect(column(page, "planned")).to_contain_text("Count the answers")
        assert not axe_problems(page)
    assert Milestone.objects.get(pk=rows["Send the letter"].pk).status == "at_risk"
    assert Milestone.objects.get(pk=stale.pk).status == "blocked"


def test_filters_views_and_a_saved_view_by_mouse(work):
    house, people, rows = work
    with open_page(house, viewport=DESK) as page:
        sign_in(page, house, people[Role.LEAD], "/todo/")
        page.locator(".work-filters [name=due]").select_option("week")
        page.wait_for_url("**due=week**")
        expect(page.locator(".task")).to_have_count(1)
        page.get_by_role("link", name="List", exact=True).click()
        expect(page.locator("tr", has_text="Sign")).to_be_visible()
        page.locator("summary", has_text="Save this view").click()
        page.get_by_label("Name of the view").fill("This week")
        page.get_by_role("button", name="Save view").click()
        expect(page.get_by_role("navigation", name="Saved views").get_by_role("link")).to_have_text(["This week"])
        page.goto(f"{house}/todo/?view=timeline")
        expect(page.locator(".bars")).to_contain_text("Count the answers")
        page.get_by_role("navigation", name="Saved views").get_by_role("link", name="This week").click()
        expect(page.locator("tr", has_text="Count the answers")).to_have_count(0)
        page.goto(f"{house}/todo/?view=list")
        for title in ("Write the letter", "Send the letter"):
            page.get_by_label(f"Choose {title}").check()
        page.get_by_role("button", name="Edit selected").click()
        page.get_by_label("New owner").select_option(label=str(people[Role.ADVISER]))
        page.get_by_role("button", name="Save changes").click()
        page.get_by_role("button", name="Undo").click()
        expect(page.locator(".messages")).to_contain_text("Undone")
    assert {row.owner_id for row in Milestone.objects.all()} == {people[Role.LEAD].pk}


def test_on_a_phone_it_is_a_list_with_the_same_forms(work):
    house, people, rows = work
    with open_page(house, viewport=PHONE) as page:
        sign_in(page, house, people[Role.LEAD], "/todo/")
        for address in ("/todo/", "/todo/?view=timeline", "/todo/?view=list", "/milestones/?view=board", "/me/away/"):
            page.goto(f"{house}{address}")
            expect_no_sideways_scroll(page)
        page.goto(f"{house}/todo/")
        expect(page.locator(".board")).to_be_hidden()
        page.get_by_role("link", name="Edit Write the letter").click()
        page.locator(".narrow-only .card-edit [name=status]").select_option("blocked")
        page.get_by_role("button", name="Save Write the letter").click()
        expect(page.get_by_role("button", name="Undo")).to_be_visible()
        assert not axe_problems(page)
    assert Milestone.objects.get(pk=rows["Write the letter"].pk).status == "blocked"
