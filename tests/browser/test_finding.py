"""The search box in a real browser: by keyboard, as a plain form, with and without a position."""

import pytest
from playwright.sync_api import expect

from atlas.models import Tract
from engagements.permissions import Role
from tests.browser.chromium import CHROMIUM, browser_page
from tests.factories import geocoder, portal
from tests.factories.engagements import CommentFactory, EngagementFactory, MilestoneFactory, member

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
    pytest.mark.django_db(transaction=True),
]
FIRST = portal.CITY_TRACTS[0]


@pytest.fixture
def springfield(live_server, tmp_path):
    portal.build(tmp_path)
    Tract.objects.filter(geoid=FIRST).update(name="Corktown, Springfield, MI")
    return live_server.url


def test_suggestions_by_keyboard_lead_to_the_card_and_the_tract_page(springfield):
    with browser_page(springfield) as page:
        page.goto(f"{springfield}/search/")
        box = page.locator("#find")
        box.press_sequentially("corkt")
        expect(box).to_have_attribute("aria-expanded", "true")
        option = page.locator("#find-list [role=option]")
        expect(option).to_have_count(1)
        box.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        expect(box).to_have_attribute("aria-activedescendant", "find-list-0")
        box.press("Escape")
        expect(option).to_have_count(0)
        box.press_sequentially("o")
        expect(option).to_have_count(1)
        box.press("ArrowDown")
        box.press("Enter")
        page.wait_for_url(f"**/cities/springfield/?tract={FIRST}")
        page.goto(f"{springfield}/tracts/{FIRST}/")
        expect(page.locator("h1")).to_contain_text("Corktown")
        assert page.problems == []


def test_a_slower_answer_leaves_what_the_keyboard_chose(springfield):
    """The answer to the last letter comes after the arrow: what is chosen stays, as long as it is found."""
    with browser_page(springfield) as page:
        page.goto(f"{springfield}/search/")
        box, option = page.locator("#find"), page.locator("#find-list [role=option]")
        box.press_sequentially("cork")
        expect(option).to_have_count(1)
        held = []
        page.route("**/search/suggestions/", lambda route: held.append(route))
        box.press("t")
        page.wait_for_timeout(500)  # longer than the box waits for the next letter
        assert len(held) == 1
        box.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        with page.expect_response("**/search/suggestions/"):
            held[0].continue_()
        page.wait_for_timeout(300)
        expect(option).to_have_attribute("aria-selected", "true")
        expect(box).to_have_attribute("aria-activedescendant", "find-list-0")
        assert page.problems == []


def test_an_address_is_not_asked_about_while_it_is_typed(springfield, settings):
    with geocoder.serve() as stub, browser_page(springfield) as page:
        settings.CENSUS_GEOCODER_URL = stub.address
        stub.matches(("2 ELM ST, SPRINGFIELD", FIRST))
        sent = []
        page.on("request", lambda request: sent.append((request.method, request.url)))
        page.goto(f"{springfield}/search/")
        page.locator("#find").press_sequentially("2 Elm Street, Springfield", delay=30)
        page.wait_for_timeout(400)
        assert not any("suggestions" in url for _, url in sent)
        page.locator("#find").press("Enter")
        page.wait_for_url(f"**/cities/springfield/?tract={FIRST}")
        assert not any("Elm" in url for _, url in sent), "it stands in no address line"
        assert len(stub.asked) == 1


def test_without_a_script_the_box_is_a_form(springfield):
    with browser_page(springfield, java_script_enabled=False) as page:
        page.goto(f"{springfield}/search/")
        expect(page.locator("[data-here]")).to_be_hidden()
        page.locator("#find").fill("Corktwon")
        page.locator("main form button[type=submit]").click()
        page.wait_for_url("**/search/?q=Corktwon")
        expect(page.locator(".found a").first).to_have_attribute("href", f"/cities/springfield/?tract={FIRST}")


@pytest.mark.parametrize("width", [390, 1280])
def test_work_is_found_by_keyboard_under_its_kind(live_server, client, settings, width):
    engagement = EngagementFactory()
    lead = member(Role.LEAD, engagement)
    milestone = MilestoneFactory(engagement=engagement, title="Interview the landlords")
    MilestoneFactory(engagement=engagement, title="Thank the landlords")
    CommentFactory(engagement=engagement, author=lead, body="One landlord has moved.")
    client.force_login(lead)
    session = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    with browser_page(live_server.url, viewport={"width": width, "height": 844}) as page:
        page.context.add_cookies([session | {"url": live_server.url}])
        page.goto(f"{live_server.url}/search/")
        page.keyboard.press("/")
        box = page.locator(":focus")
        expect(box).to_have_attribute("role", "combobox")
        page.keyboard.type("landlord")
        options = page.locator("[role=option]:visible")
        expect(options).to_have_count(3)
        expect(page.locator(".pick-group:visible")).to_have_text(["Milestones", "Comments"])
        expect(options.last).to_contain_text("One landlord has moved.")
        while page.locator("[role=option][aria-selected=true]:visible", has_text="Interview").count() == 0:
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/milestones/{milestone.pk}/")
        page.goto(f"{live_server.url}/search/?q=landlord")
        expect(page.locator("mark")).to_have_count(3)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.problems == []
