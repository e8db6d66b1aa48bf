"""Status and frame of an engagement: set by advisers and leads, seen by all, refused in words."""

from datetime import date

import pytest

from engagements.models import Participation
from engagements.permissions import Role
from tests.factories.engagements import everybody, pair

pytestmark = pytest.mark.django_db
SUBMISSION = "12345678-1234-5678-1234-567812345678"


@pytest.fixture
def work():
    mine, other = pair()
    for row in (mine, other):
        Participation.objects.create(engagement=row, status="active", began_on=date(2026, 1, 1), source="record")
    return mine, other, everybody(mine)


def paused(client, engagement, **changes):
    said = {
        "status": "paused",
        "began_on": "2026-06-01",
        "precision": "day",
        "source": "Council minutes",
        "submission": SUBMISSION,
    }
    return client.post(f"/engagements/{engagement.slug}/status/", {**said, **changes})


def framed(client, engagement, **changes):
    said = {
        "theme": "housing",
        "project": "Letters",
        "project_source": "",
        "starts_on": "",
        "ends_on": "",
        "why": "Agreed",
        "version": engagement.version,
        "submission": SUBMISSION,
    }
    return client.post(f"/engagements/{engagement.slug}/edit/", {**said, **changes})


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("send", [paused, framed])
def test_advisers_and_leads_may_others_may_not(work, client, role, send):
    mine, other, people = work
    client.force_login(people[role])
    may = role in (Role.LEAD, Role.ADVISER)
    assert send(client, mine).status_code == (302 if may else 403)
    everywhere = {Role.LEAD: 302, Role.ADVISER: 403, Role.CITY_STAFF: 403, Role.FUNDER: 403}
    assert send(client, other).status_code == everywhere.get(role, 404)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"began_on": "2025-01-01"}, "The last status began on Jan 1, 2026."),
        ({"source": ""}, "This field is required."),
        ({"began_on": "soon"}, "Give a day such as 2026-11-23."),
        ({"status": "announced"}, "announced"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(work, client, changes, said):
    mine, _, people = work
    client.force_login(people[Role.LEAD])
    answer = paused(client, mine, **changes)
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert mine.participations.count() == 1
    if "source" not in changes:
        assert "Council minutes" in page


def test_a_second_click_sets_no_second_status(work, client):
    mine, _, people = work
    client.force_login(people[Role.LEAD])
    assert paused(client, mine).status_code == 302
    assert paused(client, mine).status_code == 422
    assert mine.participations.count() == 2


def test_another_version_is_a_conflict_with_both(work, client):
    mine, _, people = work
    client.force_login(people[Role.LEAD])
    assert framed(client, mine, project="First").status_code == 302
    answer = framed(client, mine, project="Second")
    assert answer.status_code == 409 and "First" in answer.content.decode() and "Second" in answer.content.decode()


def test_an_end_before_the_start_is_refused(work, client):
    mine, _, people = work
    client.force_login(people[Role.LEAD])
    answer = framed(client, mine, starts_on="2026-05-01", ends_on="2026-04-01")
    assert answer.status_code == 422 and "The end is before the start." in answer.content.decode()
