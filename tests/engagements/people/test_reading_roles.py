"""What somebody's role can't do is not offered to them, and what it can't see is left out."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from engagements.permissions import Role
from tests.factories.engagements import everybody, pair

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "logs"), [(Role.ADVISER, True), (Role.EXPERT, None), (Role.FUNDER, False), (Role.LOCAL_PARTNER, None)]
)
def test_logging_is_offered_to_who_may_log(role, logs):
    here, _ = pair()
    client = Client()
    client.force_login(everybody(here)[role])
    task, log = client.get("/todo/"), client.get("/log/").content.decode()
    may_log = task.context["work"].may_log
    assert logs is None or may_log is logs
    main = BeautifulSoup(task.content, "html.parser").find("main")
    assert bool(main.select('h1 + a.button[href="/log/"]')) is may_log
    assert bool(main.select('a[href^="/log/"]')) is may_log
    assert ("Your role can read" in log) is not may_log


@pytest.mark.parametrize(("role", "shown"), [(Role.ADVISER, True), (Role.FUNDER, False)])
def test_the_last_activity_is_the_teams(role, shown):
    here, _ = pair()
    client = Client()
    client.force_login(everybody(here)[role])
    words = client.get("/engagements/").content.decode()
    assert ("Last activity" in words) is shown is ("nothing yet" in words) and "not shown" not in words
