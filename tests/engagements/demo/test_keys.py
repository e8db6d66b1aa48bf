"""A demo account moved to another database opens nothing, and nor do the keys and invitations it made."""

from datetime import timedelta

import pytest

from engagements.access.errors import NotFound
from engagements.access.tokens import find_calendar_feed, find_user_of_token
from engagements.models import User
from engagements.people.actions import invitations as act
from engagements.people.actions.tokens import make_access_token, make_calendar_feed
from engagements.permissions import Role
from tests.factories.engagements import NOW, EngagementFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return member(Role.LEAD, EngagementFactory(), is_fictional=True)


def keys(lead):
    _, token = make_access_token(name="x", scopes=["read"], expires_at=NOW + timedelta(days=9), by=lead, now=NOW)
    return token, make_calendar_feed(by=lead, now=NOW)[1]


def test_keys_of_made_up_people_open_only_where_there_are_demo_accounts(lead, settings):
    token, feed = keys(lead)
    settings.DEMO_ACCOUNTS = True
    assert find_user_of_token(secret=token, now=NOW).user == lead
    assert find_calendar_feed(secret=feed, now=NOW).user == lead
    settings.DEMO_ACCOUNTS = False
    for find, secret in ((find_user_of_token, token), (find_calendar_feed, feed)):
        with pytest.raises(NotFound):
            find(secret=secret, now=NOW)


def test_nobody_comes_in_by_an_invitation_of_made_up_people(lead, settings):
    place = lead.roles.get().initiative_id
    _, secret = act.invite(email="ann@example.org", role="funder", initiative=place, by=lead, now=NOW)
    settings.DEMO_ACCOUNTS = False
    with pytest.raises(act.InvitationClosed):
        act.accept_as_new(secret=secret, name="Ann", password="seven-Lanterns-19", now=NOW)
    assert act.accept_by_address(email="ann@example.org", name="Ann", now=NOW) is None
    assert not User.objects.filter(email="ann@example.org").exists()
    settings.DEMO_ACCOUNTS = True
    assert act.accept_by_address(email="ann@example.org", name="Ann", now=NOW)
