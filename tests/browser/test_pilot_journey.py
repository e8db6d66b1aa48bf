"""A pilot from its plan to a published verdict by everybody's pages, and a stranger who finds its number again."""

import json
import subprocess
import sys
import zipfile
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from engagements.models import Document, Pilot, PilotAnalysis, PilotAssignment, RegistrationVersion
from engagements.permissions import Role
from engagements.pilots.actions import analysis
from engagements.pilots.forms.nesting import flatten
from engagements.pilots.rules.drafts import plain_draft
from engagements.pilots.worker import run_analysis
from tests.browser.axe import axe_problems
from tests.browser.chromium import CHROMIUM, browser_page
from tests.engagements.pilots.made_registration import make_registration
from tests.factories.engagements import EngagementFactory, everybody
from tests.factories.pilots import SHA

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]
TODAY = timezone.localdate()
DRAWN, STARTS, BEGINS, ENDS = (TODAY + timedelta(days=days) for days in (7, 10, 100, 590))
PEOPLE = 400
NOT_ASKED = {"cities", "assumptions__level", "assumptions__power"}  # cities come by invitation; 95 and 80 stay


class Clock:
    """The portal's time, `days` after the real one."""

    def __init__(self, monkeypatch):
        self.real, self.days = timezone.now, 0
        monkeypatch.setattr(timezone, "now", lambda: self.real() + timedelta(days=self.days))


@contextmanager
def signed_in(house, person=None):
    """A page of this person, who has signed in already; None: a stranger."""
    client = Client()
    if person is not None:
        client.force_login(person)
    cookies = [{"name": name, "value": cookie.value, "url": house} for name, cookie in client.cookies.items()]
    with browser_page(house, viewport={"width": 1280, "height": 900}, accept_downloads=True) as page:
        page.context.add_cookies(cookies)
        try:
            yield page
        finally:
            connection.close()


def look(page):
    """At a desk and on a phone: nothing that axe finds, nothing to scroll sideways."""
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
        assert axe_problems(page) == [], (page.url, width)


def fill_in(page, plan):
    """The guided form, field by field, its folds opened."""
    page.evaluate("document.querySelectorAll('main details').forEach(fold => { fold.open = true })")
    for name, value in flatten(plain_draft(plan)).items():
        if value in (None, "", []) or name in NOT_ASKED:
            continue
        field = page.locator(f'form.form-wide [name="{name}"]')
        words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        if field.first.evaluate("one => one.tagName") == "SELECT":
            field.select_option(words)
        elif field.first.get_attribute("type") == "checkbox":
            field.set_checked(bool(value))
        else:
            field.fill(words)


@pytest.fixture
def city():
    return EngagementFactory()


@pytest.fixture
def people(city):
    return everybody(city)


@pytest.fixture
def plan(city, people):
    """400 people, one letter, the share with a job; it ends in 590 days. A document of the city shows that it may."""
    shown_by = Document.objects.create(
        engagement=city,
        title="Determination",
        file="aa/" + "a" * 32,
        original_name="board.pdf",
        media_type="application/pdf",
        size=1,
        sha256=SHA,
        uploaded_by=people[Role.ADVISER],
        uploaded_at=timezone.now(),
    )
    return make_registration(
        starts_on=STARTS,
        ends_on=ENDS,
        draw={"seed_from": "Powerball", "seed_on": DRAWN, "seed_numbers": 6},
        outcome={"window_from": BEGINS, "window_to": ENDS},
        assumptions={"people": PEOPLE},
        human_subjects={"document": shown_by.pk, "decided_on": TODAY - timedelta(days=40)},
    )


def test_a_pilot_from_its_plan_to_a_number_that_a_stranger_finds_again(
    live_server, city, people, plan, monkeypatch, tmp_path
):
    house, clock = live_server.url, Clock(monkeypatch)
    monkeypatch.setattr(analysis, "call_worker", lambda pk: None)
    with signed_in(house, people[Role.ADVISER]) as page:
        at = register_and_lock(page, house, city, plan)
        change_the_outcome(page, at)
    pilot = Pilot.objects.get()
    refuse_another_outcome(pilot)
    clock.days = 5
    with signed_in(house, people[Role.CITY_STAFF]) as page:
        bring_units(page, at)
    clock.days = 8
    with signed_in(house, people[Role.CITY_STAFF]) as page:
        draw_arms(page, at)
    clock.days = 600
    with signed_in(house, people[Role.CITY_STAFF]) as page:
        bring_counts(page, at, Counter(PilotAssignment.objects.values_list("arm", flat=True)))
        ask_for_the_analysis(page, at)
    with signed_in(house, people[Role.ADVISER]) as page:
        result = write_the_result(page, at, people[Role.CITY_STAFF])
    with signed_in(house) as page:
        assert page.goto(at).status == 404, "nothing before it is published"
    with signed_in(house, people[Role.CITY_STAFF]) as page:
        page.goto(f"{house}/todo/")
        page.get_by_role("link", name="It worked").or_(page.get_by_role("link", name="more had a job")).first.click()
        page.get_by_label("We agree").check()
        page.get_by_role("button", name="Send reply").click()
        expect(page.locator("main")).to_contain_text("agree")
    with signed_in(house, people[Role.EXPERT]) as page:
        page.goto(f"{result}review/")
        for point in page.locator(".point").all():
            point.get_by_label("Yes").check()
        page.get_by_role("button", name="Approve and publish").click()
        page.wait_for_url(result)
    with signed_in(house) as page:
        bundle = read_the_verdict(page, at, tmp_path)
    find_the_number_again(bundle, tmp_path)


def register_and_lock(page, house, city, plan) -> str:
    page.goto(f"{house}/engagements/{city.slug}/pilots/")
    page.get_by_role("link", name="Test a program").first.click()
    page.get_by_label("Title").fill(plan.title)
    page.get_by_role("button", name="Write the registration").click()
    page.wait_for_url("**/registration/edit/")
    fill_in(page, plan)
    shown = page.locator("[data-power-shown]")
    expect(shown).to_contain_text("cannot detect less than")
    expect(shown).to_contain_text("you said 4 would be worth it")
    look(page)
    page.get_by_role("button", name="Save and check what is missing").click()
    page.wait_for_url("**/registration/lock/")
    look(page)
    page.get_by_label("I know that these words cannot be changed").check()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/registration/")
    expect(page.locator("main")).to_contain_text("Registered before data: yes")
    look(page)
    return page.url.removesuffix("registration/")


def change_the_outcome(page, at):
    """The form takes the words, and the lock refuses them."""
    page.goto(f"{at}registration/edit/")
    page.evaluate("document.querySelectorAll('main details').forEach(fold => { fold.open = true })")
    page.locator('[name="outcome__key"]').fill("earned_more")
    page.get_by_role("button", name="Save and check what is missing").click()
    page.wait_for_url("**/registration/lock/")
    page.get_by_label("Why it is amended").fill("Jobs look bad.")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("another test")
    assert RegistrationVersion.objects.count() == 1


def refuse_another_outcome(pilot):
    """Nor does the database let anybody write over what was locked, or take it away."""
    locked = RegistrationVersion.objects.get(pilot=pilot)
    rows = RegistrationVersion.objects.filter(pk=locked.pk)
    for attempt in (
        lambda: rows.update(content=locked.content.replace('"had_job"', '"earned_more"')),
        lambda: rows.delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert RegistrationVersion.objects.get(pilot=pilot).content == locked.content


def bring_units(page, at):
    page.goto(f"{at}units/")
    rows = "\n".join(["id", *(f"A-{number}" for number in range(PEOPLE))]).encode()
    page.locator("input[name=file]").first.set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": rows}
    )
    page.get_by_role("button", name="Import the units of").click()
    page.get_by_role("button", name=f"Lock the list of {PEOPLE} units").click()
    page.get_by_label("The numbers drawn").fill("7 14 23 40 61 9")
    page.get_by_role("button", name="Draw the groups").click()
    expect(page.locator("main")).to_contain_text("Come back then")
    look(page)


def draw_arms(page, at):
    """The registered public draw is shown; only its numbers are typed, in any order and spelling."""
    page.goto(f"{at}units/")
    expect(page.locator("main")).to_contain_text("takes the seed from Powerball of")
    page.get_by_label("The numbers drawn").fill("07-14-61-23-40, Powerball 9")
    page.get_by_role("button", name="Draw the groups").click()
    expect(page.locator("main")).to_contain_text(f"Powerball, {DRAWN.isoformat()}: 7 9 14 23 40 61")
    expect(page.locator("main")).to_contain_text("every unit got the same group")
    look(page)


def bring_counts(page, at, drawn):
    """Everybody but four in each arm was measured: 30 in 100 had a job without the coach, 50 in 100 with one."""
    page.goto(f"{at}data/bring/")
    lines = [f"{arm},{drawn[arm] - 12},{share},{drawn[arm]}" for arm, share in (("usual", 60), ("coaching", 98))]
    counts = "\n".join(["arm,n,total,assigned", *lines]).encode()
    page.locator("input[name=file]").set_input_files({"name": "c.csv", "mimeType": "text/csv", "buffer": counts})
    look(page)
    page.get_by_role("button", name="Check file").click()
    expect(page.locator("h1")).to_have_text("What the file says")
    look(page)
    page.get_by_role("button", name="Save data").click()
    expect(page.locator("main")).to_contain_text("Data 1")
    look(page)


def ask_for_the_analysis(page, at):
    page.goto(f"{at}analysis/")
    page.get_by_role("button", name="Run the analysis").click()
    expect(page.locator("main")).to_contain_text("The analysis is running")
    run_analysis(PilotAnalysis.objects.get().pk, now=timezone.now())  # what the worker does
    page.goto(f"{at}analysis/")
    expect(page.locator("#sentence")).to_contain_text("It worked")
    look(page)


def write_the_result(page, at, asked) -> str:
    page.goto(f"{at}analysis/")
    page.get_by_role("button", name="Write the result").click()
    page.wait_for_url("**/results/**")
    result = page.url
    page.get_by_role("link", name="Ask the city").click()
    page.get_by_label("Person of the city").select_option(str(asked.pk))
    page.get_by_role("button", name="Ask the city").click()
    page.get_by_role("link", name="Send to review").click()
    page.get_by_role("button", name="Send to review").click()
    expect(page.locator("main")).to_contain_text("review")
    return result


def read_the_verdict(page, at, folder):
    page.goto(at)
    expect(page.locator("h1")).to_contain_text("It worked")
    expect(page.locator("main")).to_contain_text("Registered before data: yes")
    look(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download everything to check the number yourself").click()
    bundle = folder / "bundle.zip"
    waiting.value.save_as(bundle)
    return bundle


def find_the_number_again(bundle, folder):
    """With two files of the bundle and the command, and no database."""
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
    command = [sys.executable, "manage.py", "analyze_pilot", folder / "spec.toml", folder / "data.csv", "--json"]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout)
    told = PilotAnalysis.objects.get().result
    assert found["value"] == told["primary"]["value"]
    assert found["interval"] == [told["shown_low"], told["shown_high"]]
    assert (found["verdict"], found["sentence"]) == ("worked", told["sentence"])
