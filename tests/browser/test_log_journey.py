"""An adviser's day in a real browser, on a phone and at a desk: a call of two cities, a lost session, nothing lost."""

import time

import pytest
from playwright.sync_api import expect

from engagements.models import HoursEntry, Milestone, ProgressEntry, Record
from engagements.permissions import Role
from tests.browser.chromium import CHROMIUM
from tests.browser.test_operating import open_page
from tests.browser.test_work_journey import expect_no_sideways_scroll, sign_in
from tests.factories.engagements import PASSWORD, TODAY, MilestoneFactory, everybody, give, pair
from tests.factories.plans import make_plan
from tests.factories.results import make_desk
from tests.patience import patience

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]
SIZES = [{"width": 390, "height": 844}, {"width": 1280, "height": 800}]
KEPT = "Object.keys(localStorage).filter(key => key.startsWith('draft/')).length"
SECONDS, SECONDS_A_CHARACTER = 20, 60 / (40 * 5)  # 40 words a minute, five characters a word


def wait_until(page, script: str, wanted) -> None:
    """Asks until the answer is right: the page's own policy lets no script of a test wait in it."""
    for _ in range(100):
        if page.evaluate(script) == wanted:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{script} is {page.evaluate(script)}")


@pytest.fixture
def work(live_server):
    """An adviser of two cities, with a milestone that is due."""
    here, there = pair()
    people = everybody(here)
    give(people[Role.ADVISER], Role.ADVISER, there)
    for user in people.values():
        user.set_password(PASSWORD)
        user.save()
    MilestoneFactory(engagement=here, owner=people[Role.ADVISER], title="Agree on the question", due_on=TODAY)
    return live_server.url, people, here, there


@patience
def test_a_status_takes_four_taps_and_less_than_twenty_seconds_of_typing(work, patience):
    house, people, *_ = work
    line = "Legal signed the draft; IT has it now"
    with open_page(house, viewport=SIZES[0], has_touch=True) as page:
        sign_in(page, house, people[Role.ADVISER], "/todo/")
        began = time.monotonic()
        taps = (
            page.locator("main .button[href='/log/']"),
            page.locator("#log-statuses label", has_text="At risk"),
            page.get_by_label("What happened? (one sentence)"),
        )
        for tap in taps:
            tap.tap()
        page.keyboard.type(line)
        page.get_by_role("button", name="Save status").tap()
        expect(page.get_by_role("status").first).to_contain_text("Saved.")
        machine = (time.monotonic() - began) / patience
        assert len(taps) + 1 == 4 and machine + len(line) * SECONDS_A_CHARACTER < SECONDS
    assert ProgressEntry.objects.get().line == line


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_a_call_of_two_cities_survives_a_reload_and_an_ended_session(work, size):
    house, people, here, there = work
    with open_page(house, viewport=size) as page:
        sign_in(page, house, people[Role.ADVISER], "/todo/")
        page.goto(f"{house}/log/?kind=call&engagement={here.slug}")
        page.locator("summary", has_text="It was about another city too").click()
        page.locator(f"[name=also][value='{there.pk}']").check()
        page.get_by_label("Who was there?").fill("M. Ortiz (HRD)")
        page.get_by_label("What was decided?").fill("IT can export bookings from December 7.")
        page.get_by_label("Next step").fill("Memo to Legal")
        page.get_by_label("By when").fill("2027-01-15")
        page.locator("summary", has_text="Add open questions").click()
        page.get_by_label("What is still open?").fill("Who signs?")
        page.get_by_label("Your hours").fill("1.5")
        expect_no_sideways_scroll(page)
        wait_until(page, KEPT, 1)
        page.reload()
        page.get_by_role("button", name="Use the draft from").click()
        expect(page.get_by_label("What was decided?")).to_have_value("IT can export bookings from December 7.")
        page.context.clear_cookies(name="sessionid")
        page.get_by_role("button", name="Save call or meeting").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("You are no longer signed in")
        expect_no_sideways_scroll(page)
        assert not Record.objects.exists()
        page.get_by_role("link", name="Sign in and continue").click()
        page.get_by_label("Email").fill(people[Role.ADVISER].email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_label("Next step")).to_have_value("Memo to Legal")  # without another press
        save = page.get_by_role("button", name="Save call or meeting")
        save.dblclick()
        expect(page.get_by_role("status").first).to_contain_text("Saved.")
        wait_until(page, KEPT, 0)
    meeting = Record.objects.get(kind="meeting")
    assert [place.engagement for place in meeting.places.all()] == [there]
    assert Record.objects.filter(kind="decision").count() == Record.objects.filter(kind="question").count() == 1
    assert Milestone.objects.filter(title="Memo to Legal").count() == HoursEntry.objects.count() == 1


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_a_stale_tab_sends_its_long_text_again_and_signing_out_wipes_what_is_kept(work, size):
    house, people, *_ = work
    told = "The lawyer read the agreement and asked for two changes. " * 55
    with open_page(house, viewport=size) as page:
        sign_in(page, house, people[Role.ADVISER], "/log/")
        page.get_by_label("What happened? (one sentence)").fill(told)
        expect(page.locator(".log-count")).to_contain_text("3,134 characters")
        page.context.clear_cookies(name="csrftoken")
        page.get_by_role("button", name="Save status").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("This form was open for too long")
        page.get_by_role("button", name="Send it again").click()
        expect(page.get_by_role("status").first).to_contain_text("Saved.")
        page.goto(f"{house}/log/?kind=note")
        page.get_by_label("Note", exact=True).fill("For nobody else")
        wait_until(page, KEPT, 1)
        if size["width"] < 1000:
            page.locator(".site-menu summary").click()
        page.locator("button:visible", has_text="Sign out").click()
        page.wait_for_url(f"{house}/")
        assert page.evaluate(KEPT) == 0
    entry = ProgressEntry.objects.get()
    assert f"{entry.line} {entry.note}" == told.strip()


def test_of_two_people_on_one_device_neither_sees_the_others_draft(work):
    house, people, *_ = work
    with open_page(house, viewport=SIZES[1]) as page:
        sign_in(page, house, people[Role.ADVISER], "/todo/")
        page.goto(f"{house}/log/?kind=note")
        page.get_by_label("Note", exact=True).fill("For nobody else")
        wait_until(page, KEPT, 1)
        page.context.clear_cookies()
        sign_in(page, house, people[Role.LEAD], "/todo/")
        page.goto(f"{house}/log/?kind=note")
        expect(page.get_by_label("Note", exact=True)).to_have_value("")
        assert page.evaluate(KEPT) == 0 and page.locator(".draft-offer").count() == 0


def test_of_two_tabs_the_second_sees_both_versions_and_loses_no_words(work):
    house, people, *_ = work
    with open_page(house, viewport=SIZES[0]) as first:
        sign_in(first, house, people[Role.ADVISER], "/log/")
        second = first.context.new_page()
        second.goto(f"{house}/log/")
        for page, status, line in ((first, "Blocked", "No data"), (second, "At risk", "Goes well")):
            page.locator("#log-statuses label", has_text=status).click()
            page.get_by_label("What happened? (one sentence)").fill(line)
        first.get_by_role("button", name="Save status").click()
        expect(first.get_by_role("status").first).to_contain_text("Saved.")
        second.get_by_role("button", name="Save status").click()
        expect(second.get_by_role("heading", level=1)).to_have_text("Someone else saved a change first")
        expect(second.locator("main")).to_contain_text("Blocked")
        second.get_by_role("button", name="Replace with my version").click()
        expect(second.get_by_role("status").first).to_contain_text("Saved.")
    assert sorted(ProgressEntry.objects.values_list("line", flat=True)) == ["Goes well", "No data"]


def test_every_long_form_is_kept_on_the_device_and_offered_back(work):
    house, people, here, _ = work
    milestone, plan = Milestone.objects.get(), make_plan(here, people[Role.LEAD], interventions=1)
    within = f"/engagements/{here.slug}"
    forms = (
        f"/milestones/{milestone.pk}/",  # its comments
        f"/milestones/{milestone.pk}/edit/",
        f"{within}/records/new/",
        f"{within}/updates/new/",
        f"{within}/risks/new/",
        f"{within}/projects/new/",
        f"/results/{make_desk(here).draft().pk}/edit/",
        f"/plans/{plan.pk}/edit/need/",
        f"/interventions/{plan.interventions.get().pk}/edit/",
        f"/requests/new/?engagement={here.slug}",
    )
    with open_page(house, viewport=SIZES[1]) as page:
        sign_in(page, house, people[Role.LEAD], "/todo/")
        for path in forms:
            told = f"Told at {path}"
            assert page.goto(f"{house}{path}").ok, path
            boxes = page.locator("main form[method=post] textarea:not([readonly])")
            text = boxes.last if boxes.count() else page.locator("main form[method=post] input[type=text]").last
            assert text.count(), path
            text.evaluate(
                "(box, told) => { box.value = told; box.dispatchEvent(new Event('input', {bubbles: true})) }", told
            )
            wait_until(page, f"JSON.stringify({{...localStorage}}).includes({told!r})", True)
            page.goto(f"{house}{path}")
            page.get_by_role("button", name="Use the draft from").first.click()
            expect(text).to_have_value(told)
