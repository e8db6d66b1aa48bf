"""Where a lead approves, nobody else does without: by form, program, table, or around them in the database."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from engagements.home.actions import change_engagement
from engagements.milestones.actions.imports import preview_import
from engagements.milestones.actions.milestones import add_milestone, change_milestone
from engagements.milestones.import_rows import ImportRow
from engagements.models import Milestone
from engagements.permissions import Role
from tests.factories.engagements import NOW, TODAY, EngagementFactory, MilestoneFactory, everybody

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    engagement = EngagementFactory(needs_approval=True)
    return engagement, everybody(engagement), MilestoneFactory(engagement=engagement, needs_approval=True)


def without(milestone, by) -> Milestone:
    return change_milestone(
        milestone=milestone.pk, changes={"needs_approval": False}, expected_version=milestone.version, by=by, now=NOW
    )


def add(engagement, by, needs_approval) -> Milestone:
    return add_milestone(
        engagement=engagement.pk,
        title="New",
        stage="scoping",
        due_on=TODAY,
        needs_approval=needs_approval,
        by=by,
        now=NOW,
    )


def test_only_a_lead_takes_the_approval_off_a_milestone(work):
    _, people, milestone = work
    with pytest.raises(ValidationError, match="Only a lead"):
        without(milestone, people[Role.ADVISER])
    milestone.refresh_from_db()
    assert milestone.needs_approval
    assert not without(milestone, people[Role.LEAD]).needs_approval


def test_only_a_lead_adds_one_without_where_the_engagement_asks_for_it(work):
    engagement, people, _ = work
    with pytest.raises(ValidationError, match="Only a lead"):
        add(engagement, people[Role.ADVISER], False)
    assert add(engagement, people[Role.ADVISER], None).needs_approval
    assert not add(engagement, people[Role.LEAD], False).needs_approval
    assert not add(EngagementFactory(initiative=engagement.initiative), people[Role.LEAD], False).needs_approval


def test_only_a_lead_stops_an_engagement_from_asking(work):
    engagement, people, _ = work
    sent = {"engagement": engagement.pk, "changes": {"needs_approval": False}, "expected_version": engagement.version}
    with pytest.raises(ValidationError, match="Only a lead"):
        change_engagement(**sent, by=people[Role.ADVISER], now=NOW)
    assert not change_engagement(**sent, by=people[Role.LEAD], now=NOW).needs_approval


def test_a_table_is_refused_row_by_row(work):
    engagement, people, milestone = work
    new = {"title": "New", "stage": "scoping", "due_on": TODAY, "needs_approval": False}
    wishes = (
        ImportRow(2, milestone.title, milestone.pk, milestone.version, {"needs_approval": False}, "", "", ()),
        ImportRow(3, "New", None, None, new, "", "", ()),
    )
    for role, outcomes in ((Role.ADVISER, ["refused", "refused"]), (Role.LEAD, ["change", "add"])):
        found = preview_import(engagement=engagement.pk, wishes=wishes, by=people[role], now=NOW)
        assert [row.outcome for row in found.rows] == outcomes


def test_what_is_done_without_an_approval_asks_for_none_afterwards(work):
    engagement, people, _ = work
    done = MilestoneFactory(engagement=engagement, status="done", done_on=TODAY)
    with pytest.raises(ValidationError, match="done already"):
        change_milestone(
            milestone=done.pk,
            changes={"needs_approval": True},
            expected_version=done.version,
            by=people[Role.LEAD],
            now=NOW,
        )


def test_the_database_keeps_nothing_done_that_nobody_approved(work):
    *_, milestone = work
    with pytest.raises(IntegrityError, match="milestone_done_as_approved"):
        Milestone.objects.filter(pk=milestone.pk).update(status="done", done_on=TODAY)
