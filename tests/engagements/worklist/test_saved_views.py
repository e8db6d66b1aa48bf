"""Views kept under a name: one's own, of what is asked only, and shared as an address that gives nobody more."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from engagements.models import EngagementRole, WorkView
from engagements.permissions import Role
from engagements.worklist.actions.views import MOST, kept_query
from tests.factories.engagements import MilestoneFactory, everybody, pair

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def work():
    here, there = pair()
    return here, there, everybody(here)


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_what_is_kept_is_what_is_asked():
    assert kept_query("view=list&who=team&page=3&edit=5&x=1&q=&status=at_risk&csrfmiddlewaretoken=y") == (
        "view=list&who=team&status=at_risk"
    )
    assert kept_query("q=%00&city=a%26b") == "city=a%26b"


def test_saved_pinned_replaced_and_removed(work):
    here, _, people = work
    client = client_of(people[Role.ADVISER])
    answer = client.post("/work/views/", {"name": " Late  ones ", "back": "/todo/?view=list&due=overdue&edit=4"})
    assert answer.url == "/todo/?view=list&due=overdue"
    (row,) = client.get("/todo/").context["saved_views"]
    assert row.name == "Late ones"
    client.post("/work/views/", {"name": "late ones", "back": f"/engagements/{here.slug}/milestones/?view=board"})
    (row,) = client.get("/todo/").context["saved_views"]
    assert row.url == f"/engagements/{here.slug}/milestones/?view=board" and WorkView.objects.count() == 1
    assert client_of(people[Role.LEAD]).get("/todo/").context["saved_views"] == ()
    assert client_of(people[Role.LEAD]).post(f"/work/views/{row.pk}/remove/").status_code == 404
    assert client.post(f"/work/views/{row.pk}/remove/", {"back": "/todo/"}).status_code == 302
    assert not WorkView.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_view_needs_a_name(work, name):
    client = client_of(work[2][Role.ADVISER])
    answer = client.post("/work/views/", {"name": name, "back": "/todo/"}, follow=True)
    assert "was not saved" in answer.content.decode() and not WorkView.objects.exists()


def test_so_many_and_no_more(work):
    user = work[2][Role.ADVISER]
    WorkView.objects.bulk_create(
        WorkView(user=user, name=f"View {n}", place="todo", created_at=timezone.now()) for n in range(MOST)
    )
    client = client_of(user)
    client.post("/work/views/", {"name": "One more", "back": "/todo/"})
    client.post("/work/views/", {"name": "View 3", "back": "/todo/?view=list"})
    assert WorkView.objects.count() == MOST and WorkView.objects.get(name="View 3").query == "view=list"


def test_a_shared_view_shows_each_what_they_may_see(work):
    here, there, people = work
    MilestoneFactory(engagement=here, title="Ours", due_on=TODAY + timedelta(days=2), owner=people[Role.ADVISER])
    MilestoneFactory(engagement=there, title="Theirs", due_on=TODAY + timedelta(days=2))
    share = client_of(people[Role.LEAD]).get("/todo/?who=all&view=list").context["share"]
    address = share.removeprefix("http://testserver")
    assert address == "/todo/?view=list&who=all"
    titles = {
        role: {card.title for card in client_of(people[role]).get(address).context["cards"] if card.picks}
        for role in (Role.LEAD, Role.LOCAL_PARTNER)
    }
    assert titles == {Role.LEAD: {"Ours", "Theirs"}, Role.LOCAL_PARTNER: {"Ours"}}


def test_a_view_of_what_one_no_longer_sees_is_not_pinned(work):
    here, there, people = work
    client = client_of(people[Role.LOCAL_PARTNER])
    missing = client.post("/work/views/", {"name": "Theirs", "back": f"/engagements/{there.slug}/milestones/"})
    assert missing.status_code == 404
    client.post("/work/views/", {"name": "Ours", "back": f"/engagements/{here.slug}/milestones/"})
    assert len(client.get("/todo/").context["saved_views"]) == 1
    EngagementRole.objects.filter(user=people[Role.LOCAL_PARTNER]).update(ended_on=TODAY)
    assert client.get("/todo/").context["saved_views"] == ()
