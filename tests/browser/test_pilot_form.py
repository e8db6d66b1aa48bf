"""The form of a registration saves itself and has a button: whichever comes first, nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from engagements.models import Pilot
from tests.browser.chromium import CHROMIUM, PATIENCE
from tests.browser.test_pilot_journey import signed_in
from tests.factories.pilots import make_pilot

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]
SAVE = "Save and check what is missing"


def test_nothing_typed_is_lost_between_the_form_that_saves_itself_and_its_button(live_server):
    desk = make_pilot()
    at = f"{live_server.url}/pilots/{desk.pilot.pk}/registration"
    with signed_in(live_server.url, desk.adviser) as page:
        page.goto(f"{at}/edit/")
        press_while_it_saves_itself(page, at)
        go_back_and_write_on(page, at)
        press_twice(page, at)


def write(page, words: str) -> None:
    page.locator("[name=question]").fill(words)


def kept() -> str:
    return Pilot.objects.get().draft["question"]


def press_while_it_saves_itself(page, at):
    """The server has kept the first words, and its answer is on its way: the second go after it, with its version."""
    held = []
    page.route("**/edit/", lambda route: held.append((route, route.fetch())), times=1)
    write(page, "First words?")
    for _ in range(PATIENCE // 50):  # until the form has saved itself
        if held:
            break
        page.wait_for_timeout(50)
    assert kept() == "First words?"
    write(page, "Second words?")
    page.get_by_role("button", name=SAVE).last.click()
    [(route, answer)] = held
    route.fulfill(response=answer)
    page.wait_for_url(f"{at}/lock/")
    assert kept() == "Second words?"


def go_back_and_write_on(page, at):
    """The browser's own way back shows the form with the version that is kept now."""
    page.go_back()
    expect(page.get_by_role("button", name=SAVE).last).to_be_visible()
    write(page, "Third words?")
    page.get_by_role("button", name=SAVE).last.click()
    page.wait_for_url(f"{at}/lock/")
    assert kept() == "Third words?"


def press_twice(page, at):
    """At once, and as slowly as people do: the first press is on the server before the second."""
    page.goto(f"{at}/edit/")
    write(page, "Fourth words?")
    page.get_by_role("button", name=SAVE).last.dblclick()
    page.wait_for_url(f"{at}/lock/")
    assert kept() == "Fourth words?"
    page.goto(f"{at}/edit/")
    write(page, "Fifth words?")
    twice = "button => { for (const pause of [50, 130, 400]) setTimeout(() => button.click(), pause); }"
    page.get_by_role("button", name=SAVE).last.evaluate(twice)
    page.wait_for_url(f"{at}/lock/")
    assert kept() == "Fifth words?"
