"""Who was signed out meanwhile keeps what they typed; no cache keeps what only they may see."""

import pytest
from django.test import Client

from engagements.models import Milestone
from engagements.permissions import Role
from tests.factories.engagements import MilestoneFactory, everybody, pair

pytestmark = pytest.mark.django_db


def test_a_form_sent_without_a_session_shows_its_words_and_saves_nothing():
    here, _ = pair()
    milestone = MilestoneFactory(engagement=here, status="in_progress")
    sent = {
        "line": "Met <b>the</b> landlords",
        "status": "done",
        "password": "quiet-Harbour-42",
        "version": "7",
        "csrfmiddlewaretoken": "abc123",
        "submission": "0b0e1a2c-0000-4000-8000-000000000000",
    }
    page = Client().post(f"/log/?milestone={milestone.pk}", sent, headers={"referer": "http://testserver/log/?after=3"})
    words = page.content.decode()
    assert page.status_code == 401 and page["Cache-Control"] == "private, no-store"
    assert "Met &lt;b&gt;the&lt;/b&gt; landlords" in words and ">done<" in words
    assert not any(hidden in words for hidden in ("quiet-Harbour-42", "abc123", "0b0e1a2c", ">7<"))  # a secret in it
    assert 'href="/accounts/login/?next=%2Flog%2F%3Fafter%3D3"' in words
    assert Milestone.objects.get().status == "in_progress"


@pytest.mark.parametrize("came_from", ["", "https://evil.example/steal", "//evil.example/"])
def test_the_way_back_leads_nowhere_else(came_from):
    words = Client().post("/log/", {"line": "x"}, headers={"referer": came_from}).content.decode()
    assert 'href="/accounts/login/?next=%2Flog%2F"' in words and "evil" not in words


@pytest.mark.parametrize("at", ["/todo/", "/me/", "/engagements/", "/engagements/{slug}/people/", "/me/tokens/"])
def test_no_cache_keeps_a_page_of_somebody(at):
    here, _ = pair()
    client = Client()
    client.force_login(everybody(here)[Role.LEAD])
    assert client.get(at.format(slug=here.slug))["Cache-Control"] == "private, no-store"
