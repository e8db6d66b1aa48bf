"""Days that cannot be meant are refused at their field; a far one stretches no page."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from engagements.discussion.actions.records import add_record
from engagements.discussion.actions.requests import create_request
from engagements.home.actions import change_engagement, set_status
from engagements.home.queries.engagement import StatusRow
from engagements.milestones.actions.bulk import BulkChange, RowsRefused, change_many
from engagements.milestones.actions.dependencies import add_dependency
from engagements.milestones.actions.milestones import add_milestone, apply_template, change_milestone
from engagements.models import Milestone, Participation
from engagements.permissions import Role
from tests.factories.engagements import NOW, EngagementFactory, MilestoneFactory, everybody

pytestmark = pytest.mark.django_db
FAR = date(9999, 12, 31)


@pytest.fixture
def work():
    engagement = EngagementFactory()
    return engagement, everybody(engagement)[Role.LEAD]


def test_a_year_that_is_a_slip_of_the_finger_is_refused_at_its_field(work):
    engagement, lead = work
    common = {"by": lead, "now": NOW}
    milestone = MilestoneFactory(engagement=engagement)
    deeds = {
        "due_on": [
            lambda: add_milestone(engagement=engagement.pk, title="Far", stage="field", due_on=FAR, **common),
            lambda: change_milestone(
                milestone=milestone.pk, changes={"due_on": FAR}, expected_version=1, slip_reason="data", **common
            ),
            lambda: create_request(engagement=engagement.pk, question="Why?", due_on=FAR, **common),
        ],
        "starts_on": [
            lambda: apply_template(engagement=engagement.pk, template="field", starts_on=FAR, **common),
            lambda: change_engagement(
                engagement=engagement.pk, changes={"starts_on": date(26, 1, 1)}, expected_version=1, **common
            ),
        ],
        "on": [lambda: add_record(engagement=engagement.pk, kind="note", title="Far", on=FAR, **common)],
    }
    for field, tried in deeds.items():
        for deed in tried:
            with pytest.raises(ValidationError, match=r"year .* is not within 1700 to 2100") as refused:
                deed()
            assert list(refused.value.message_dict) == [field]
    assert Milestone.objects.get().due_on == milestone.due_on


@pytest.mark.parametrize("days", [1_000_000_000 - 1, 40_000])
def test_many_dates_move_no_further_than_a_calendar(work, days):
    engagement, lead = work
    milestone = MilestoneFactory(engagement=engagement)
    wanted = BulkChange(shift_days=days, slip_reason="data")
    with pytest.raises(RowsRefused) as refused:
        change_many(milestones={milestone.pk: 1}, bulk_change=wanted, by=lead, now=NOW)
    assert "calendar" in refused.value.reasons[milestone.pk] or "2100" in refused.value.reasons[milestone.pk]


def test_a_status_holds_from_today_at_the_latest(work):
    engagement, lead = work
    common = {"engagement": engagement.pk, "status": "announced", "source": "Minutes", "by": lead, "now": NOW}
    with pytest.raises(ValidationError, match="still to come"):
        set_status(began_on=timezone.localdate(NOW) + timedelta(days=1), **common)
    assert not Participation.objects.exists()
    assert set_status(began_on=timezone.localdate(NOW), **common).pk


def test_what_waits_for_itself_is_said_so(work):
    engagement, lead = work
    milestone = MilestoneFactory(engagement=engagement)
    with pytest.raises(ValidationError, match="can't depend on itself"):
        add_dependency(milestone=milestone.pk, needs=milestone.pk, by=lead, now=NOW)


def statuses(*days: date) -> list[StatusRow]:
    return [StatusRow("active", "Active", day, "day", "a test") for day in days]
