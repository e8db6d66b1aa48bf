"""What the database itself refuses, whoever writes."""

from datetime import date

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from engagements.models import (
    Comment,
    DueDateChange,
    EngagementRole,
    ExpertRequest,
    Milestone,
    MilestoneDependency,
    Organisation,
    ProgressEntry,
    QuarterlyUpdate,
)
from engagements.permissions import OWNER_ROLES, Role
from tests.factories.engagements import (
    NOW,
    CommentFactory,
    EngagementFactory,
    MilestoneFactory,
    UserFactory,
    give,
    member,
    pair,
)

pytestmark = pytest.mark.django_db


def refused(match: str, write, *args, error=IntegrityError, **kwargs):
    with pytest.raises(error, match=match), transaction.atomic():
        write(*args, **kwargs)


def test_owners_are_of_the_team():
    mine, other = pair()
    for role in Role:
        user = member(role, mine)
        if role.value in OWNER_ROLES:
            assert MilestoneFactory(engagement=mine, owner=user).owner == user
        else:
            refused("not in the team", MilestoneFactory, engagement=mine, owner=user)
    refused("not in the team", MilestoneFactory, engagement=other, owner=member(Role.ADVISER, mine))
    milestone = MilestoneFactory(engagement=mine)
    refused("not in the team", Milestone.objects.filter(pk=milestone.pk).update, owner=UserFactory())


def test_nothing_is_due_before_the_start():
    mine = EngagementFactory(starts_on=date(2026, 1, 1))
    MilestoneFactory(engagement=mine, due_on=date(2026, 1, 1))
    refused("before the start", MilestoneFactory, engagement=mine, due_on=date(2025, 12, 31))
    mine.starts_on = date(2026, 1, 2)
    refused("due before this start", mine.save)


def test_dependencies_make_no_circle_and_stay_within_an_engagement():
    mine, other = pair()
    a, b, c = (MilestoneFactory(engagement=mine) for _ in range(3))
    link = MilestoneDependency.objects.create
    link(engagement=mine, milestone=b, needs=a)
    link(engagement=mine, milestone=c, needs=b)
    refused("in a circle", link, engagement=mine, milestone=a, needs=c)
    refused("in a circle|not_on_itself", link, engagement=mine, milestone=a, needs=a)
    strange = MilestoneFactory(engagement=other)
    refused("within_engagement", link, engagement=mine, milestone=strange, needs=a)
    refused("within_engagement", link, engagement=mine, milestone=a, needs=strange)


def test_a_role_is_held_once_where_it_belongs():
    mine, other = pair()
    strange = EngagementFactory()
    user = member(Role.ADVISER, mine)
    refused("role_once_while_open", give, user, Role.ADVISER, mine)
    lead = member(Role.LEAD, mine)
    refused("role_once_while_open", give, lead, Role.LEAD, other)
    make = EngagementRole.objects.create
    refused("role_where_it_belongs", make, user=user, role="lead", initiative=mine.initiative, engagement=mine)
    refused("role_where_it_belongs", make, user=user, role="expert", initiative=mine.initiative)
    refused("role_within_initiative", make, user=user, role="expert", initiative=strange.initiative, engagement=mine)


@pytest.mark.parametrize(
    ("fields", "promise"),
    [
        ({"status": "done"}, "milestone_done_has_day"),
        ({"done_on": date(2026, 5, 1)}, "milestone_done_has_day"),
        ({"status": "finished"}, "milestone_status_is_declared"),
        ({"due_on": None}, "milestone_due_or_recorded"),
        ({"title": ""}, "milestone_has_title"),
        ({"archived_at": NOW}, "milestone_archived_pair"),
        ({"approved_at": NOW}, "milestone_approved_pair"),
        (
            {"status": "done", "done_on": date(2026, 5, 1), "started_on": date(2026, 5, 2)},
            "milestone_done_after_started",
        ),
        ({"due_on": date(2101, 1, 1)}, "milestone_due_on_in_reason"),
        ({"due_on": None, "source": "x", "started_on": date(1699, 12, 31)}, "milestone_started_on_in_reason"),
        ({"status": "done", "done_on": date(9999, 5, 1)}, "milestone_done_on_in_reason"),
    ],
)
def test_milestones_hold_together(fields, promise):
    refused(promise, MilestoneFactory, **fields)


def test_a_slip_has_a_reason_in_code_and_other_in_words():
    milestone, by = MilestoneFactory(), UserFactory()
    common = {"milestone": milestone, "old": date(2026, 1, 1), "new": date(2026, 2, 1), "at": NOW, "by": by}
    DueDateChange.objects.create(reason="data", **common)
    refused("slip_reason_is_known", DueDateChange.objects.create, reason="late", **common)
    refused("slip_other_in_words", DueDateChange.objects.create, reason="other", **common)


def test_updates_once_a_quarter_published_only_when_approved():
    mine, by = EngagementFactory(), UserFactory()
    make = QuarterlyUpdate.objects.create
    make(engagement=mine, year=2026, quarter=3, written_by=by)
    refused("update_once_a_quarter", make, engagement=mine, year=2026, quarter=3, written_by=by)
    refused("update_quarter_1_to_4", make, engagement=mine, year=2026, quarter=5, written_by=by)
    refused(
        "update_approved_has_approver", make, engagement=mine, year=2026, quarter=4, written_by=by, status="approved"
    )


def test_requests_link_within_the_portal_only():
    by = UserFactory()
    make, words = ExpertRequest.objects.create, {"question": "?", "asked_by": by, "asked_at": NOW}
    make(kind="problem", panel_path="/cities/detroit/", **words)
    for path in ("//evil.example", "https://evil.example", "/\\evil.example"):
        refused("request_path_is_local", make, kind="problem", panel_path=path, **words)
    refused(
        "request_of_engagement", make, kind="question", question="?", asked_by=by, asked_at=NOW, due_on=date.today()
    )


def test_organisations_of_the_record_have_a_source():
    refused("organisation_has_source", Organisation.objects.create, slug="x", name="X", kind="funder")
    Organisation.objects.create(slug="x", name="X", kind="funder", is_fictional=True)


def test_what_people_wrote_is_never_deleted_and_logs_never_changed():
    mine = EngagementFactory()
    by = member(Role.ADVISER, mine)
    comment = CommentFactory(engagement=mine, author=by)
    refused("Cannot delete", Comment.objects.filter(pk=comment.pk).delete, error=InternalError)
    milestone = MilestoneFactory(engagement=mine)
    refused("Cannot delete", milestone.delete, error=InternalError)
    entry = ProgressEntry.objects.create(
        engagement=mine, milestone=milestone, old_status="planned", status="planned", line="x", at=NOW, by=by
    )
    refused("Cannot update", ProgressEntry.objects.filter(pk=entry.pk).update, line="y", error=InternalError)


def test_versions_count_every_writer():
    milestone = MilestoneFactory()
    Milestone.objects.filter(pk=milestone.pk).update(title="Two")
    milestone.refresh_from_db()
    assert milestone.version == 2
    milestone.version, milestone.title = 1, "Three"
    milestone.save()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE engagements_milestone SET title = 'Four' WHERE id = %s", [milestone.pk])
        cursor.execute("UPDATE engagements_milestone SET title = 'Four' WHERE id = %s", [milestone.pk])
    milestone.refresh_from_db()
    assert (milestone.version, milestone.title) == (4, "Four")
