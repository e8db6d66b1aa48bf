"""Statements kept by rights: what may become part of their text, and that no right outlives itself in them."""

from datetime import UTC, date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagements.access import kept_statements
from engagements.access.kept_statements import rows_for
from engagements.access.roles import HeldRights, cached_permissions, engagements_with
from engagements.home.queries.tasks import SOON, tasks_of
from engagements.models import Participation
from engagements.permissions import LOG_PROGRESS, Role
from tests.factories.engagements import NOW, TODAY, MilestoneFactory, UserFactory, everybody, give, pair

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    """Two engagements with the people of the first, and a milestone of each that waits to be approved."""
    engagement, other = pair()
    for place in (engagement, other):
        MilestoneFactory(engagement=place, status="awaiting_review", needs_approval=True, due_on=TODAY)
        Participation.objects.create(engagement=place, status="active", began_on=TODAY, source="x")
    return engagement, other, everybody(engagement)


@pytest.fixture
def written(monkeypatch):
    """What is written, each time anew: for what, the text with its parameters, and what was asked meanwhile."""
    found = []
    for name in ("_written_for", "_written"):
        write_anew = getattr(kept_statements, name).__wrapped__

        def keep(*arguments, write_anew=write_anew):
            with CaptureQueriesContext(connection) as asked:
                text = write_anew(*arguments)
            found.append((arguments, text, [one["sql"] for one in asked]))
            return text

        monkeypatch.setattr(kept_statements, name, keep)
    return found


def write_places(viewer):
    return engagements_with(viewer, LOG_PROGRESS).order_by("pk").values_list("pk")


def places_of(user) -> list[int]:
    with cached_permissions(user):
        return [pk for (pk,) in rows_for(user, write_places)]


def to_approve(user) -> list[str]:
    return [task.verb for task in tasks_of(user, today=TODAY) if task.verb == "approve"]


def test_tasks_are_written_from_rights_and_days_alone(work, written):
    """Nothing is read meanwhile, and no clock but the days they are written for: so they can be kept."""
    for person in (*work[2].values(), UserFactory()):
        tasks_of(person, today=TODAY)
    assert len({arguments[0] for arguments, *_ in written}) == 14  # eight kinds of tasks, six statements of what recurs
    assert [asked for *_, asked in written if asked] == []
    for (write, *key), text, _ in written:
        allowed = {day for given in key[-1] if isinstance(given, date) for day in (given, given + SOON)}
        allowed |= {one.today for one in key if isinstance(one, HeldRights)}
        assert {one for one in (text[1] if text else ()) if isinstance(one, date)} <= allowed, write


def test_a_task_ends_with_the_right_it_was_found_by(work):
    engagement, other, people = work
    lead = people[Role.LEAD]  # of the initiative, so of both
    assert to_approve(lead) == ["approve", "approve"]
    lead.roles.update(ended_on=timezone.localdate(timezone=UTC))
    assert to_approve(lead) == []
    give(lead, Role.LEAD, engagement)
    assert to_approve(lead) == ["approve", "approve"]
    initiative = engagement.initiative
    initiative.archived_at, initiative.archived_by = NOW, lead
    initiative.save()
    assert to_approve(lead) == []
    initiative.archived_at = initiative.archived_by = None
    initiative.save()
    assert to_approve(lead) == ["approve", "approve"]
    lead.is_active = False
    lead.save()
    assert to_approve(lead) == []


def test_a_text_is_kept_for_a_person_and_their_rights_and_its_rows_are_read_again(work):
    engagement, other, people = work
    kept_statements._written_for.cache_clear()
    adviser = people[Role.ADVISER]
    for _ in range(3):
        assert places_of(adviser) == [engagement.pk]
    assert kept_statements._written_for.cache_info()[:2] == (2, 1)  # taken twice, written once
    assert places_of(people[Role.FUNDER]) == []
    give(adviser, Role.ADVISER, other)
    assert places_of(adviser) == sorted([engagement.pk, other.pk])
    assert kept_statements._written_for.cache_info()[:2] == (2, 3)


def test_who_holds_nothing_gets_no_rows(work):
    assert places_of(UserFactory()) == []


def test_rights_must_be_held_still_while_they_are_used(work):
    with pytest.raises(RuntimeError, match="inside cached_permissions"):
        rows_for(work[2][Role.LEAD], write_places)
