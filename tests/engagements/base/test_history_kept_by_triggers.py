"""History comes from the database: forms, bulk writes and SQL alike; nobody reads in it what they may not read."""

import pghistory
import pytest
from django.db import InternalError, connection, transaction

from engagements.access.errors import NotFound
from engagements.base.queries.history import history
from engagements.discussion.actions.comments import add_comment
from engagements.milestones.actions.milestones import change_milestone
from engagements.models import Comment, Milestone
from engagements.permissions import Role
from tests.factories.engagements import NOW, MilestoneFactory, UserFactory, everybody, pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    engagement, _ = pair()
    return engagement, everybody(engagement), MilestoneFactory(engagement=engagement, title="Scope")


def test_who_what_when_before_after_and_why(work):
    engagement, people, milestone = work
    change_milestone(
        milestone=milestone.pk,
        changes={"title": "Scope it", "owner": people[Role.ADVISER].pk},
        expected_version=1,
        by=people[Role.LEAD],
        now=NOW,
        why="clearer",
    )
    entry = history(people[Role.CITY_STAFF], engagement.pk, noun="milestone", object_id=milestone.pk)[0]
    assert (entry.by, entry.verb, entry.why) == (people[Role.LEAD].name, "update", "clearer")
    assert {(c.field, c.before, c.after) for c in entry.changes} == {
        ("owner_id", None, people[Role.ADVISER].name),
        ("title", "Scope", "Scope it"),
    }


def test_bulk_and_sql_writes_are_in_it(work):
    engagement, people, milestone = work
    with connection.cursor() as cursor:
        cursor.execute("UPDATE engagements_milestone SET title = 'By SQL' WHERE id = %s", [milestone.pk])
    milestone.title = "By bulk"
    with pghistory.context(user=people[Role.ADVISER].pk, why="tidying"):
        Milestone.objects.bulk_update([milestone], ["title"])
    entries = history(people[Role.LEAD], engagement.pk, noun="milestone")
    assert [(e.by, e.why, e.title) for e in entries] == [
        (people[Role.ADVISER].name, "tidying", "By bulk"),
        ("The portal", "", "By SQL"),
        ("The portal", "", "Scope"),
    ]
    assert [(c.before, c.after) for c in entries[0].changes] == [("By SQL", "By bulk")]


def test_it_cannot_be_rewritten(work):
    for statement in ("UPDATE engagements_milestoneevent SET title = 'x'", "DELETE FROM engagements_milestoneevent"):
        with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_funders_and_partners_find_no_internal_note_in_it(work):
    engagement, people, _ = work
    say = {"engagement": engagement.pk, "by": people[Role.LEAD], "now": NOW}
    notes = {level: add_comment(body=f"for {level}", visibility=level, **say) for level in ("team", "city", "all")}
    opened, closed = notes["team"], notes["all"]
    Comment.objects.filter(pk=opened.pk).update(visibility="all", body="opened")  # what it said before stays internal
    Comment.objects.filter(pk=opened.pk).update(body="now for all")
    Comment.objects.filter(pk=closed.pk).update(visibility="team")

    def read(role):
        return {(entry.noun, entry.title) for entry in history(people[role], engagement.pk)}

    assert read(Role.FUNDER) == {("comment", "now for all")}
    assert read(Role.LOCAL_PARTNER) == {("comment", "now for all"), ("comment", "for city")}
    assert ("comment", "for team") in read(Role.ADVISER) and ("milestone", "Scope") in read(Role.CITY_STAFF)
    text = str([entry.changes for entry in history(people[Role.FUNDER], engagement.pk)])
    assert "for team" not in text
    with pytest.raises(NotFound):
        history(UserFactory(), engagement.pk)


def test_two_statements_more_or_less_in_it(work, django_assert_max_num_queries):
    engagement, people, milestone = work
    for number in range(30):
        Milestone.objects.filter(pk=milestone.pk).update(title=f"T{number}")
    with django_assert_max_num_queries(5):
        assert len(history(people[Role.LEAD], engagement.pk, noun="milestone")) == 31
