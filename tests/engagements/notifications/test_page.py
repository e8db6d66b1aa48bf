"""The page of notifications: one's own, what one may still see, read and unread, 50 a page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.discussion.actions.comments import add_comment, archive_comment
from engagements.models import EngagementRole, Notification
from engagements.permissions import Role
from tests.engagements.discussion.discussion import as_, house
from tests.factories.engagements import NOW, MilestoneFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    here, _, mine, _ = house()
    return here, mine


def tell(person, thing, *, kind="change", line="Said", now=NOW, by=None) -> Notification:
    return Notification.objects.create(
        user=person,
        kind=kind,
        noun=type(thing).__name__.lower(),
        object_id=thing.pk,
        engagement=thing.engagement,
        line=line,
        actor=by,
        created_at=now,
    )


def shown(person, address="/notifications/") -> list[str]:
    return [row.line for row in as_(person).get(address).context["page"].rows]


def test_who_has_no_name_is_someone_and_no_email_address(people):
    here, mine = people
    nameless = UserFactory(name="", email="lee@example.org")
    tell(mine[Role.ADVISER], MilestoneFactory(engagement=here), by=nameless)
    page = as_(mine[Role.ADVISER]).get("/notifications/")
    assert [row.actor for row in page.context["page"].rows] == ["Someone"]
    assert "lee@example.org" not in page.content.decode()


def test_each_sees_their_own_of_what_is_still_there_and_still_theirs(people):
    here, mine = people
    adviser, expert = mine[Role.ADVISER], mine[Role.EXPERT]
    milestone = MilestoneFactory(engagement=here)
    comment = add_comment(
        engagement=here.pk, body=f"@{expert.email} look", visibility="team", by=adviser, now=NOW, milestone=milestone.pk
    )
    tell(expert, milestone, line="Moved")
    tell(adviser, milestone, line="For another")
    assert shown(expert) == ["Moved", f"@{expert.email} look"] and shown(mine[Role.FUNDER]) == []
    archive_comment(comment=comment.pk, expected_version=comment.version, by=adviser, now=NOW, why="Wrong")
    assert shown(expert) == ["Moved"]
    EngagementRole.objects.filter(user=expert).update(ended_on=NOW.date() - timedelta(days=1))
    assert shown(expert) == []


def test_opening_one_reads_all_about_the_same_thing_and_leads_there(people):
    here, mine = people
    adviser, milestone = mine[Role.ADVISER], MilestoneFactory(engagement=here)
    first, second = tell(adviser, milestone), tell(adviser, milestone, kind="assignment")
    other = tell(adviser, MilestoneFactory(engagement=here))
    assert as_(mine[Role.LEAD]).get(f"/notifications/{first.pk}/").status_code == 404
    assert as_(mine[Role.LEAD]).post(f"/notifications/{first.pk}/mark/", {"read": "yes"}).status_code == 404
    answer = as_(adviser).get(f"/notifications/{first.pk}/")
    assert answer["Location"] == f"/milestones/{milestone.pk}/"
    assert set(Notification.objects.filter(seen_at=None)) == {other}
    as_(adviser).post(f"/notifications/{second.pk}/mark/", {})
    assert set(Notification.objects.filter(seen_at=None)) == {other, second}


def test_all_read_is_of_one_kind_or_of_all_and_comes_back_to_the_same_list(people):
    here, mine = people
    adviser, milestone = mine[Role.ADVISER], MilestoneFactory(engagement=here)
    for kind in Notification.Kind.values:
        tell(adviser, milestone, kind=kind, line=kind)
        tell(mine[Role.LEAD], milestone, kind=kind)
    answer = as_(adviser).post("/notifications/read/", {"kind": "change", "show": "unread"})
    assert answer["Location"] == "/notifications/?show=unread&kind=change"
    assert set(shown(adviser, "/notifications/?show=unread")) == {"mention", "assignment"}
    assert shown(adviser, "/notifications/?kind=mention") == ["mention"]
    page = as_(adviser).get("/notifications/").context["page"]
    assert page.unread == 2 and [each.unread for each in page.kinds] == [1, 1, 0]
    as_(adviser).post("/notifications/read/", {"kind": ""})
    assert shown(adviser, "/notifications/?show=unread") == []
    assert Notification.objects.filter(user=mine[Role.LEAD], seen_at=None).count() == 3


def test_fifty_a_page_and_as_many_statements_for_two_as_for_many(people):
    here, mine = people
    adviser = mine[Role.ADVISER]
    client, counts = as_(adviser), []
    for more in (2, 60):
        for _ in range(more):
            tell(adviser, MilestoneFactory(engagement=here), by=mine[Role.LEAD])
        client.get("/notifications/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/notifications/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 9
    assert len(shown(adviser)) == 50 and len(shown(adviser, "/notifications/?page=2")) == 12
    for odd in ("0", "-1", "x", "9" * 30, "²"):
        assert client.get("/notifications/", {"page": odd, "kind": "x", "show": "y"}).status_code == 200


def test_the_header_counts_what_is_unread_without_a_statement_more(people):
    here, mine = people
    client = as_(mine[Role.ADVISER])
    client.get("/compare/")
    with CaptureQueriesContext(connection) as before:
        client.get("/compare/")
    for _ in range(3):
        tell(mine[Role.ADVISER], MilestoneFactory(engagement=here))
    with CaptureQueriesContext(connection) as after:
        page = client.get("/compare/").content.decode()
    assert len(before) == len(after)
    assert page.count('<span class="tag tag-now">3<') == 2  # in the header and in the menu of a phone
