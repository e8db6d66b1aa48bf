"""A city's page on paper: few pages, none of them blank, nothing cut off."""

import io

import pypdf
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from engagements.models import ExpertRequest, Record
from engagements.permissions import Role
from tests.browser.chromium import CHROMIUM, browser_page
from tests.factories import portal as small_portal
from tests.factories.engagements import make_many

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium at /usr/bin/chromium"),
    pytest.mark.django_db(transaction=True),
]
MOST_PAGES = 6


def test_a_city_takes_six_pages_at_most_and_none_is_blank(live_server, tmp_path):
    small_portal.build(tmp_path)
    with browser_page(live_server.url) as page:
        page.goto(f"{live_server.url}/cities/springfield/")
        printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="Letter")))
        connection.close()
    assert 1 <= len(printed.pages) <= MOST_PAGES
    for number, sheet in enumerate(printed.pages, 1):
        assert len(sheet.extract_text().split()) > 20, f"page {number} says next to nothing"


def test_what_to_know_before_a_call_fits_one_page(live_server):
    here, people = make_many(cities=1, milestones=400, activity=500)
    adviser = people[Role.ADVISER]
    for n in range(20):
        ExpertRequest.objects.create(
            engagement=here[0], kind="question", question=f"{n}: " + "a long question about many things " * 8,
            asked_by=adviser, asked_at=timezone.now(), due_on=timezone.localdate(),
        )  # fmt: skip
        Record.objects.create(
            engagement=here[0], kind="decision", title="A decision with a long title " * 3, body="word " * 200,
            on=timezone.localdate(), written_by=adviser, created_at=timezone.now(),
        )  # fmt: skip
    client = Client()
    client.force_login(adviser)
    name = settings.SESSION_COOKIE_NAME
    with browser_page(live_server.url) as page:
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page.goto(f"{live_server.url}/engagements/{here[0].slug}/call/")
        printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="Letter")))
        connection.close()
    assert len(printed.pages) == 1
    assert "Open questions" in printed.pages[0].extract_text()
