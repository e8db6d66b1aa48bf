"""A working day without a connection, in a real browser on a phone: nothing lost, nothing doubled."""

from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from engagements.milestones.actions.progress import log_progress
from engagements.models import Comment, Document, EngagementRole, Milestone, ProgressEntry, Record
from engagements.permissions import Role
from tests.browser.chromium import CHROMIUM
from tests.browser.test_log_journey import wait_until
from tests.browser.test_operating import open_page
from tests.browser.test_work_journey import expect_no_sideways_scroll, sign_in
from tests.browser.unsteady import unsteady
from tests.factories.engagements import PASSWORD, TODAY, MilestoneFactory, everybody, pair

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]
PHONE = {"viewport": {"width": 390, "height": 844}, "service_workers": "allow"}
KEPT = """(async () => {
  let n = 0;
  for (const name of await caches.keys()) {
    if (name.startsWith("pages/")) n += (await (await caches.open(name)).keys()).length;
  }
  return n;
})()"""
HAS_FORMS = """(async () => Boolean(await caches.match("/log/?kind=file") && await caches.match("/waiting/")))()"""


@pytest.fixture
def work(live_server, settings, tmp_path):
    settings.DOCUMENTS_DIR = tmp_path
    here, _ = pair()
    people = everybody(here)
    for user in people.values():
        user.set_password(PASSWORD)
        user.save()
    MilestoneFactory(engagement=here, owner=people[Role.ADVISER], title="Agree on the question", due_on=TODAY)
    return live_server.url, people, here


def photo() -> dict:
    kept = BytesIO()
    Image.new("RGB", (60, 40), "navy").save(kept, "JPEG")
    return {"name": "site.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}


def ready(page, house: str, user) -> None:
    """Signed in, with the forms of the quick log fetched ahead."""
    sign_in(page, house, user, "/log/")
    wait_until(page, HAS_FORMS, True)


def log(page, status: str, line: str) -> None:
    page.locator("#log-statuses label", has_text=status).click()
    page.get_by_label("What happened? (one sentence)").fill(line)
    page.locator("form[data-queue] [type=submit]").click()


def strip(page):
    return page.locator(".strip-wait")


def test_a_day_without_a_connection_is_read_written_and_sent(work):
    house, people, _ = work
    milestone = Milestone.objects.get()
    with open_page(house, **PHONE) as page:
        ready(page, house, people[Role.ADVISER])
        page.goto(f"{house}/milestones/{milestone.pk}/")
        page.context.set_offline(True)
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Agree on the question")
        expect(strip(page)).to_contain_text("No connection.")
        comment = page.locator("form[data-queue]")
        comment.locator("textarea").fill("Who signs for the city?")
        comment.locator("[type=submit]").click()
        expect(strip(page)).to_contain_text("1 entry waits on this device")
        page.goto(f"{house}/log/")
        page.locator("summary", has_text="Add a photo or file").click()
        page.locator("input[type=file]").set_input_files(photo())
        page.locator("#log-statuses label", has_text="Blocked").click()
        page.get_by_label("What happened? (one sentence)").fill("The site is flooded")
        save = page.get_by_role("button", name="Save on this device")
        save.dblclick()
        expect(page.locator("[data-waiting-list] li")).to_have_count(2)
        expect_no_sideways_scroll(page)
        log(page, "At risk", "The water is gone")  # builds on one's own change
        expect(page.locator("[data-waiting-list] li")).to_have_count(3)
        page.goto(f"{house}/log/?kind=note")
        page.get_by_label("Note", exact=True).fill("Typed in haste")
        page.get_by_role("button", name="Save on this device").click()
        expect(strip(page)).to_contain_text("4 entries wait on this device")
        page.goto(f"{house}/waiting/")
        expect(page.locator("[data-entries] section")).to_have_count(4)
        expect_no_sideways_scroll(page)
        page.locator("[data-entries] section").last.get_by_role("link", name="Change").click()
        expect(page.get_by_label("Note", exact=True)).to_have_value("Typed in haste")
        page.get_by_label("Note", exact=True).fill("Typed again")
        page.get_by_role("button", name="Save on this device").click()
        expect(strip(page)).to_contain_text("4 entries")
        page.goto(f"{house}/cities/")
        expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
        expect(page.locator("[data-kept] li").first).to_be_visible()
        assert not ProgressEntry.objects.exists()
        page.context.set_offline(False)
        page.goto(f"{house}/waiting/")
        expect(page.locator("[data-none]")).to_be_visible()
        page.locator(".site-menu summary").click()
        page.locator("button:visible", has_text="Sign out").click()
        page.wait_for_url(f"{house}/")
        assert page.evaluate(KEPT) == 0
    entries = ProgressEntry.objects.order_by("pk")
    assert [entry.line for entry in entries] == ["The site is flooded", "The water is gone"]
    assert Record.objects.get().title == "Typed again" and Comment.objects.get().body == "Who signs for the city?"
    milestone.refresh_from_db()
    assert milestone.status == "at_risk" and entries[0].document == Document.objects.get()


def test_somebody_elses_change_an_archived_milestone_and_an_ended_role_are_shown_and_decided(work):
    house, people, here = work
    adviser, lead, milestone = people[Role.ADVISER], people[Role.LEAD], Milestone.objects.get()
    milestones = Milestone.objects.filter(pk=milestone.pk)

    def by_lead(status):
        log_progress(milestone=milestone.pk, status=status, line="By the lead", by=lead, now=timezone.now())

    with open_page(house, **PHONE) as page:
        ready(page, house, adviser)
        box = page.locator("[data-entries] section")

        def offline(status, line, meanwhile):
            page.context.set_offline(True)
            page.goto(f"{house}/log/")
            log(page, status, line)
            expect(strip(page)).to_contain_text("1 entry waits")
            meanwhile()
            page.context.set_offline(False)
            page.goto(f"{house}/waiting/")
            expect(box).to_have_count(1)

        offline("At risk", "Mine", lambda: by_lead("blocked"))
        expect(box).to_contain_text("Blocked")
        expect(box.locator("[data-sides]")).to_contain_text("At risk")
        expect_no_sideways_scroll(page)
        box.get_by_role("button", name="Keep mine").click()
        expect(page.locator("[data-none]")).to_be_visible()
        page.goto(f"{house}/log/")
        offline("Blocked", "Not needed", lambda: by_lead("in_progress"))
        box.get_by_role("button", name="Keep theirs").click()
        expect(page.locator("[data-none]")).to_be_visible()
        page.goto(f"{house}/log/")
        gone = {"archived_at": timezone.now(), "archived_by": lead}
        offline("Blocked", "Keep this", lambda: milestones.update(**gone))
        expect(box).to_contain_text("was archived on")
        box.get_by_role("button", name="Save mine as a note").click()
        expect(page.locator("[data-none]")).to_be_visible()
        milestones.update(archived_at=None, archived_by=None)
        page.goto(f"{house}/log/")
        offline("Blocked", "Too late", lambda: EngagementRole.objects.filter(user=adviser).update(ended_on=TODAY))
        expect(box).to_contain_text("Your role here ended")
        expect(box.get_by_role("button", name="Copy text")).to_be_visible()
        expect(box.get_by_role("button", name="Save mine as a note")).to_be_hidden()
        box.get_by_role("button", name="Remove").click()
        expect(page.locator("[data-none]")).to_be_visible()
        page.context.set_offline(True)
        page.goto(f"{house}/todo/")
        expect(page.get_by_role("heading", level=1)).to_have_text("No connection")  # what was kept went with the role
    lines = ProgressEntry.objects.order_by("pk").values_list("line", flat=True)
    assert list(lines) == ["By the lead", "Mine", "By the lead"]
    assert "Keep this" in Record.objects.get().body


def test_leaving_asks_first_and_of_two_tabs_one_sends(work):
    house, people, _ = work
    with open_page(house, **PHONE) as page:
        ready(page, house, people[Role.ADVISER])
        second = page.context.new_page()
        second.goto(f"{house}/waiting/")
        page.goto(f"{house}/log/?kind=note")
        page.context.set_offline(True)
        page.get_by_label("Note", exact=True).fill("Once")
        page.locator("form[data-queue] [type=submit]").click()
        expect(second.locator("[data-entries] section")).to_have_count(1)
        page.context.clear_cookies(name="sessionid")
        page.context.set_offline(False)
        expect(strip(page)).to_contain_text("Sign in, and it is sent")
        sign_in(page, house, people[Role.ADVISER], "/waiting/")
        expect(page.locator("[data-none]")).to_be_visible()
        page.goto(f"{house}/log/?kind=note")
        page.context.set_offline(True)
        page.get_by_label("Note", exact=True).fill("Never sent")
        page.locator("form[data-queue] [type=submit]").click()
        expect(strip(page)).to_contain_text("1 entry waits")
        page.locator(".site-menu summary").click()
        page.locator("button:visible", has_text="Sign out").click()
        expect(page.get_by_role("button", name="Remove and sign out")).to_be_visible()
        expect(page.get_by_role("link", name="Stay signed in")).to_be_visible()
        page.get_by_role("button", name="Copy all texts").is_enabled()
    assert Record.objects.get().title == "Once"


@pytest.mark.parametrize(("logs", "drops"), [(20, 4), pytest.param(200, 20, marks=pytest.mark.slow)])
def test_the_queue_loses_no_entry_and_doubles_none(work, logs, drops):
    house, people, _ = work
    wanted = [f"Entry {n} of the day" for n in range(logs)]
    with unsteady(house) as line, open_page(line.url, **PHONE) as page:
        ready(page, line.url, people[Role.ADVISER])
        page.goto(f"{line.url}/log/?kind=note")
        line.lose_every = 4
        every = logs // drops
        for n, text in enumerate(wanted):
            if n % every == every // 2:
                line.drop()
            elif n % every == 0:
                line.restore()
            note = page.get_by_label("Note", exact=True)
            note.fill(text)
            page.locator("form[data-queue] [type=submit]").dblclick()
            expect(note).to_have_value("")
            page.wait_for_timeout(800)  # nobody writes an entry within the time of a second tap
        line.restore()
        line.lose_every = 0
        page.goto(f"{line.url}/waiting/")
        expect(page.locator("[data-none]")).to_be_visible()
    assert line.lost >= drops // 4
    assert list(Record.objects.order_by("pk").values_list("title", flat=True)) == wanted
