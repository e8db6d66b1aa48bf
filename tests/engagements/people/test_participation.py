"""A city's part in an initiative: since when it takes part, since when its status holds, when it ended."""

from datetime import date

import pytest

from engagements.people.queries.cities import participations
from tests.factories.engagements import EngagementFactory

pytestmark = pytest.mark.django_db
ANNOUNCED = ("announced", date(2019, 3, 5), "day")
ACTIVE = ("active", date(2019, 6, 1), "month")
PAUSED = ("paused", date(2020, 4, 1), "by")
AGAIN = ("active", date(2020, 9, 1), "day")
COMPLETED = ("completed", date(2021, 10, 31), "by")
WITHDRAWN = ("withdrawn", date(2019, 5, 2), "day")


@pytest.fixture
def told():
    """The record of a city with these statuses."""

    def tell(*statuses):
        engagement = EngagementFactory()
        for status, day, precision in statuses:
            engagement.participations.create(status=status, began_on=day, precision=precision, source="the record")
        return participations().get(engagement.city.slug)

    return tell


def test_a_completed_part_began_when_it_became_active_and_not_when_it_ended(told):
    """The fault: "2021-10-31" stood beside "active June 2019" as the day it all began."""
    found = told(ANNOUNCED, ACTIVE, COMPLETED)
    assert (found.status, found.status_since, found.status_precision) == COMPLETED
    assert (found.started_on, found.started_precision) == ACTIVE[1:]
    assert (found.ended_on, found.ended_precision) == COMPLETED[1:]


@pytest.mark.parametrize(
    ("statuses", "started", "ended"),
    [
        ((ANNOUNCED,), None, None),
        ((ANNOUNCED, ACTIVE), ACTIVE[1], None),
        ((ACTIVE, PAUSED), ACTIVE[1], None),
        ((ACTIVE, PAUSED, AGAIN), ACTIVE[1], None),  # the first time counts
        ((ANNOUNCED, WITHDRAWN), None, WITHDRAWN[1]),  # never at work
        ((ACTIVE, COMPLETED, ("active", date(2022, 1, 1), "day")), ACTIVE[1], None),  # taken up again
    ],
)
def test_every_way_through_the_statuses(told, statuses, started, ended):
    found = told(*statuses)
    assert (found.started_on, found.ended_on, found.status_since) == (started, ended, statuses[-1][1])
    assert (found.started_precision == "", found.ended_precision == "") == (started is None, ended is None)


def test_without_a_status_there_is_no_record(told):
    assert told() is None


def test_the_api_says_all_three_days(client):
    engagement = EngagementFactory()
    for status, day, precision in (ACTIVE, COMPLETED):
        engagement.participations.create(status=status, began_on=day, precision=precision, source="the record")
    found = client.get(f"/api/v1/cities/{engagement.city.slug}/").json()["participation"]
    assert found["started_on"] == "2019-06-01" and found["ended_on"] == found["status_since"] == "2021-10-31"
    assert found["started_precision"] == "month" and found["status"] == "completed" and "began_on" not in found


def test_what_was_done_is_public_where_a_public_source_says_it():
    """A team's own words about its project have no source: they stay on the engagement's page."""
    said = EngagementFactory(project="Text messages to parents.", project_source="city.gov, June 2019")
    own = EngagementFactory(project="Our notes.", project_source="")
    for one in (said, own):
        one.participations.create(status="active", began_on=date(2019, 6, 1), precision="month", source="the record")
    found = participations()
    assert found[said.city.slug].project == "Text messages to parents."
    assert (found[own.city.slug].project, found[own.city.slug].project_source) == ("", "")


def test_the_years_of_a_part(told):
    assert told(ANNOUNCED).years == ""
    assert told(ANNOUNCED, ACTIVE).years == "since 2019"
    assert told(ANNOUNCED, ACTIVE, COMPLETED).years == "2019–2021"
