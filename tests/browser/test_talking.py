"""Journeys in a real browser: the city's staff comment, an expert answers from and by mail, a funder reads."""

import hashlib
import hmac
import re
from contextlib import contextmanager
from datetime import timedelta

import pytest
import requests
from django.core import mail
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from engagements.discussion.actions.comments import add_comment
from engagements.discussion.actions.requests import create_request
from engagements.discussion.actions.updates import move_update, start_update
from engagements.models import Comment, ExpertRequest
from engagements.notifications.mail import send_outgoing
from engagements.permissions import Role
from engagements.reviews.rules.checklists import all_yes
from engagements.webhooks.actions.delivery import plan_deliveries, send_due
from engagements.webhooks.actions.webhooks import make_webhook
from tests.browser.chromium import CHROMIUM, browser_page
from tests.factories.engagements import PASSWORD, everybody, pair
from tests.factories.receiver import receiver

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium")]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def house(live_server, settings):
    """One engagement with everybody in it; mails lead to the running server."""
    settings.PORTAL_URL = live_server.url
    here, _ = pair()
    people = everybody(here)
    for person in people.values():
        person.set_password(PASSWORD)
        person.save()
    return live_server.url, here, people


@contextmanager
def open_page(house_url: str, viewport=PHONE):
    with browser_page(house_url, viewport=viewport) as page:
        try:
            yield page
        finally:
            connection.close()


def sign_in_as(page, person) -> None:
    """On the sign-in page one was sent to."""
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_an_expert_answers_from_the_mails_link(house):
    url, here, people = house
    asked = create_request(
        engagement=here.pk,
        question="Which tracts are alike?",
        due_on=timezone.localdate() + timedelta(days=7),
        owner=people[Role.EXPERT].pk,
        by=people[Role.CITY_STAFF],
        now=timezone.now(),
    )
    send_outgoing(now=timezone.now())
    link = re.search(rf"{re.escape(url)}/requests/\d+/", mail.outbox[0].body)[0]
    with open_page(url) as page:
        page.goto(link)
        sign_in_as(page, people[Role.EXPERT])
        expect(page.get_by_text("Which tracts are alike?")).to_be_visible()
        assert fits(page)
        page.get_by_role("button", name="Answer").click()
        expect(page.locator(".field-problem")).to_have_text("This field is required.")
        expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)  # leads to the field
        page.get_by_label("Answer", exact=True).fill("The two beside the river.")
        page.get_by_role("button", name="Answer").click()
        expect(page.get_by_text("Answered. The person who asked was told.")).to_be_visible()
        expect(page.locator("#answer")).to_contain_text("The two beside the river.")
    assert ExpertRequest.objects.get(pk=asked.pk).status == "answered"


def test_a_funder_reads_the_quarterly_update_and_only_what_is_theirs(house):
    url, here, people = house
    now = timezone.now()
    update = start_update(
        engagement=here.pk,
        year=now.year,
        quarter=1,
        texts={"what_we_did": "We met ten families."},
        by=people[Role.ADVISER],
        now=now,
    )
    for status, role in (("in_review", Role.ADVISER), ("approved", Role.LEAD), ("published", Role.LEAD)):
        update.refresh_from_db()
        answers = all_yes("update") if status == "approved" else ()
        move_update(
            update=update.pk, status=status, expected_version=update.version, by=people[role], now=now, answers=answers
        )
    add_comment(
        engagement=here.pk, update=update.pk, body="Internal word", visibility="team", by=people[Role.LEAD], now=now
    )
    with open_page(url) as page:
        page.goto(f"{url}/engagements/{here.slug}/updates/")
        sign_in_as(page, people[Role.FUNDER])
        page.get_by_role("link", name=f"Q1 {now.year}").click()
        expect(page.get_by_text("We met ten families.")).to_be_visible()
        expect(page.get_by_text("Internal word")).to_have_count(0)
        expect(page.get_by_role("button", name="Comment")).to_have_count(0)
        expect(page.get_by_role("link", name="Edit update")).to_have_count(0)
        assert fits(page)
        page.goto(f"{url}/updates/{update.pk}/edit/")
        expect(page.get_by_role("heading", level=1)).to_have_text("You need a different role to open this page")


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 900}])
def test_city_staff_comment_with_a_mention_and_choose_the_readers(house, viewport):
    url, here, people = house
    start_update(
        engagement=here.pk,
        year=timezone.now().year,
        quarter=1,
        texts={"what_we_did": "Met."},
        by=people[Role.ADVISER],
        now=timezone.now(),
    )
    with open_page(url, viewport) as page:
        page.goto(f"{url}/engagements/{here.slug}/updates/")
        sign_in_as(page, people[Role.CITY_STAFF])
        page.get_by_role("link", name="Q1").click()
        page.get_by_label("Comment", exact=True).fill("The mayor read it.")
        expect(page.get_by_label("Who may read it").locator("option")).to_have_count(2)
        page.get_by_label("Who may read it").select_option("city")
        page.locator("summary", has_text="Mention").click()
        page.get_by_label(str(people[Role.ADVISER])).check()
        assert fits(page)
        page.get_by_role("button", name="Comment").click()
        expect(page.locator("#comments")).to_contain_text("The mayor read it.")
        expect(page.locator("#comments")).to_contain_text("also local partners")
    made = Comment.objects.get()
    assert made.visibility == "city" and list(made.mentions.all()) == [people[Role.ADVISER]]


@pytest.mark.parametrize("width", [390, 1280])
def test_a_mail_is_answered_and_the_answer_is_heard_of_in_the_portal_and_in_a_chat(house, settings, width):
    """A reply by mail, a Slack-shaped message at a local server, the notification read on its page."""
    url, here, people = house
    settings.REPLY_ADDRESS, settings.INBOUND_MAIL_KEY = "reply@in.example.org", "key"
    settings.WEBHOOK_PRIVATE_HOSTS = frozenset({"127.0.0.1"})
    adviser, expert = people[Role.ADVISER], people[Role.EXPERT]
    with receiver() as chat:
        make_webhook(
            name="#mine", shape="slack", address=chat.address, kinds=["mention"], by=adviser, now=timezone.now()
        )
        add_comment(
            engagement=here.pk,
            body=f"@{expert.email} Will you come?",
            visibility="team",
            by=adviser,
            now=timezone.now(),
        )
        send_outgoing(now=timezone.now())
        (letter,) = mail.outbox
        at = str(int(timezone.now().timestamp()))
        sent = {
            "timestamp": at,
            "token": "t",
            "signature": hmac.new(b"key", f"{at}t".encode(), hashlib.sha256).hexdigest(),
            "recipient": letter.reply_to[0],
            "from": expert.email,
            "body-plain": "Yes, on Friday.\n\nOn Monday, Portal wrote:\n> Will you come?",
        }
        assert requests.post(f"{url}/inbound-mail/", data=sent, timeout=10).status_code == 200
        plan_deliveries(now=timezone.now())
        assert send_due(now=timezone.now()) == 1
        told = [block["text"]["text"] for block in chat.last["blocks"]]
        assert sum("Yes, on Friday." in text for text in told) == 1 and url in told[0]
    with open_page(url, {"width": width, "height": 844}) as page:
        page.goto(f"{url}/notifications/")
        sign_in_as(page, adviser)
        expect(page.get_by_role("heading", name="Notifications")).to_be_visible()
        assert fits(page)
        page.get_by_role("link", name="Yes, on Friday.").click()
        expect(page).not_to_have_url(re.compile("/notifications/"))
        expect(page.locator("main")).to_contain_text("Yes, on Friday.")
        page.goto(f"{url}/notifications/?show=unread")
        expect(page.get_by_text("Nothing unread here.")).to_be_visible()
