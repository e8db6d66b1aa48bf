"""Who is about to call a milestone done is told what it still waits for; it is no refusal."""

import pytest
from django.test import Client

from engagements.models import MilestoneDependency
from engagements.permissions import Role
from tests.factories.engagements import MilestoneFactory, everybody, pair

pytestmark = pytest.mark.django_db


def test_pages_of_a_milestone_name_what_it_waits_for_until_that_is_done():
    here, _ = pair()
    client = Client()
    client.force_login(everybody(here)[Role.ADVISER])
    first = MilestoneFactory(engagement=here, title="Sign it", status="planned")
    then = MilestoneFactory(engagement=here, title="Begin", status="in_progress")
    MilestoneDependency.objects.create(milestone=then, needs=first, engagement=here)
    pages = [f"/milestones/{then.pk}/", f"/milestones/{then.pk}/edit/", f"/log/?milestone={then.pk}"]
    for at in pages:
        assert "<strong>Depends on</strong> Sign it (not started)." in client.get(at).content.decode()
    assert "Depends on</strong>" not in client.get(f"/log/?milestone={first.pk}").content.decode()
    type(first).objects.filter(pk=first.pk).update(status="in_progress")
    assert "Sign it (in progress)." in client.get(pages[0]).content.decode()
    type(first).objects.filter(pk=first.pk).update(status="done", done_on=first.due_on)
    for at in pages:
        assert "Depends on</strong>" not in client.get(at).content.decode()
