"""What each reader gets, and that two milestones cost as many statements as two hundred."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.access.errors import NotFound
from engagements.base.queries import engagements as engagement_list
from engagements.discussion.queries.requests import requests
from engagements.discussion.queries.updates import updates
from engagements.home.queries import home as home_queries
from engagements.home.queries.activity import activity
from engagements.home.queries.digest import digest_content
from engagements.home.queries.engagement import engagement_page
from engagements.home.queries.tasks import tasks_of
from engagements.milestones.queries.milestones import MilestoneFilter, milestones
from engagements.models import Activity, Milestone, Participation
from engagements.permissions import Role
from tests.factories.engagements import NOW, TODAY, MilestoneFactory, UserFactory, everybody, make_many, pair

pytestmark = pytest.mark.django_db
READS = {
    "milestones": lambda user, engagement: milestones(user, MilestoneFilter(), today=TODAY),
    "engagements": lambda user, engagement: engagement_list.engagements(user, today=TODAY),
    "engagement": lambda user, engagement: engagement_page(user, engagement.slug, today=TODAY),
    "home": lambda user, engagement: home_queries.home(user, now=NOW, today=TODAY),
    "activity": lambda user, engagement: activity(user),
    "requests": lambda user, engagement: requests(user, today=TODAY),
    "updates": lambda user, engagement: updates(user),
    "digest": lambda user, engagement: digest_content(user, since=NOW - timedelta(7), until=NOW, today=TODAY),
}
# Tasks read results and requests for a reply (one each), and what recurs: engagements, people, updates, results,
# indicators and milestones (six), and whom one covers (one). Home and digest hold them; they took 16 and 12 before.
# Since access is reviewed each quarter they read the open reviews too (one). Who may triage is asked with the roles.
MOST = {"engagement": 30, "home": 21, "digest": 21}


@pytest.fixture
def work():
    engagement, other = pair()
    return engagement, other, everybody(engagement)


def test_statements_do_not_grow_with_the_work():
    (few, people), (many, crowd) = make_many(2, 25, 25), make_many(4, 250, 250)

    def count(read, user, engagement):
        with CaptureQueriesContext(connection) as found:
            read(user, engagement)
        return len(found)

    for name, read in READS.items():
        for role in (Role.LEAD, Role.ADVISER, Role.FUNDER):
            two, lots = count(read, people[role], few[0]), count(read, crowd[role], many[0])
            assert two == lots, (name, role)
            assert lots <= MOST.get(name, 16), (name, role, lots)


def test_everybody_reads_the_same_label_and_only_the_team_what_is_behind_it(work):
    engagement, other, people = work
    milestone = MilestoneFactory(
        engagement=engagement, status="blocked", owner=people[Role.ADVISER], acceptance_evidence="Minutes"
    )
    for role, user in people.items():
        (row,) = milestones(user, MilestoneFilter(), today=TODAY).rows
        team, city = role not in (Role.FUNDER, Role.LOCAL_PARTNER), role is not Role.FUNDER
        assert (row.pk, row.label) == (milestone.pk, "Blocked")
        assert (row.status, row.acceptance_evidence) == (("blocked", "Minutes") if team else (None, None))
        assert row.owner == (people[Role.ADVISER].name if city else None)
    assert milestones(UserFactory(is_staff=True), MilestoneFilter(), today=TODAY).rows == ()


def test_a_filter_by_status_finds_for_funders_what_their_list_shows(work):
    engagement, _, people = work
    for status in ("blocked", "in_progress", "planned"):
        MilestoneFactory(engagement=engagement, status=status)
    only_blocked = MilestoneFilter(statuses=("blocked",))
    assert milestones(people[Role.LEAD], only_blocked, today=TODAY).total == 1
    assert milestones(people[Role.FUNDER], only_blocked, today=TODAY).total == 1
    by_owner = MilestoneFilter(owner=people[Role.LEAD].pk)
    Milestone.objects.filter(status="blocked").update(owner=people[Role.LEAD])
    assert milestones(people[Role.FUNDER], by_owner, today=TODAY).total == 0


def test_the_engagement_page_gives_each_role_its_part(work):
    engagement, other, people = work
    MilestoneFactory(engagement=engagement, due_on=TODAY - timedelta(1))
    MilestoneFactory(engagement=engagement, due_on=TODAY + timedelta(1))
    page = engagement_page(people[Role.ADVISER], engagement.slug, today=TODAY)
    assert (len(page.overdue), len(page.next_due), page.row.overdue, page.row.milestones) == (1, 1, 1, 2)
    assert page.row.next_due_on == TODAY + timedelta(1) and len(page.team) == 6 and page.team[0].email
    funders = engagement_page(people[Role.FUNDER], engagement.slug, today=TODAY)
    assert {member.email for member in funders.team} == {None} and funders.writable_levels == ()
    with pytest.raises(NotFound):
        engagement_page(people[Role.LOCAL_PARTNER], other.slug, today=TODAY)


def test_home_says_what_waits_and_what_is_inactive(work):
    engagement, _, people = work
    Participation.objects.create(engagement=engagement, status="active", began_on=TODAY - timedelta(90), source="x")
    late = MilestoneFactory(
        engagement=engagement,
        owner=people[Role.ADVISER],
        due_on=TODAY - timedelta(3),
        status="in_progress",
        started_on=TODAY - timedelta(22),
    )
    unowned = MilestoneFactory(engagement=engagement, status="awaiting_review", needs_approval=True, due_on=TODAY)
    home = home_queries.home(people[Role.ADVISER], now=NOW, today=TODAY)
    assert [(task.verb, task.noun, task.pk, task.is_overdue) for task in home.tasks] == [
        ("remind", "quarter", 20263, True),
        ("remind", "milestone", unowned.pk, True),
        ("do", "milestone", late.pk, True),
        ("remind", "quarter", 20264, False),
    ]
    assert [row.pk for row in home.inactive_milestones] == [late.pk]
    assert [(row.slug, row.days) for row in home.inactive_engagements] == [(engagement.slug, None)]
    assert [task.verb for task in tasks_of(people[Role.LEAD], today=TODAY)] == ["approve"]
    Activity.objects.create(
        engagement=engagement, by=people[Role.LEAD], at=NOW - timedelta(29), verb="x", noun="milestone", object_id=1
    )
    home = home_queries.home(people[Role.ADVISER], now=NOW, today=TODAY)
    assert home.inactive_engagements == () and home.changed == ()
    assert home_queries.home(people[Role.FUNDER], now=NOW, today=TODAY).inactive_milestones == ()


def test_the_feed_pages_without_gaps_and_at_the_readers_level():
    engagements, people = make_many(2, 4, 90)
    first = activity(people[Role.LEAD], limit=40)
    rest = activity(people[Role.LEAD], limit=100, after=(first[-1].at, first[-1].pk))
    assert len({row.pk for row in (*first, *rest)}) == 90
    assert {row.visibility for row in activity(people[Role.FUNDER])} == {"all"}
    assert {row.visibility for row in activity(people[Role.LOCAL_PARTNER])} == {"city", "all"}
