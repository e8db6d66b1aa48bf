"""The index follows every write: by bulk, by raw SQL and by archiving, with drafts and published words apart."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import connection

from engagements import models
from engagements.finding.actions.index import TABLES, learn_words
from engagements.finding.queries.kinds import KINDS
from engagements.finding.queries.work import find_words, find_work
from engagements.permissions import Role
from engagements.pilots.rules.canonical import registration_of
from tests.engagements.pilots.worked_pilot import analyze, make_worked, publish
from tests.factories.engagements import NOW, EngagementFactory, MilestoneFactory, everybody
from tests.factories.plans import EvidenceFactory, make_plan

pytestmark = pytest.mark.django_db


def found(user, typed: str) -> set[tuple[str, int]]:
    return {(kind, hit.pk) for kind, hits in find_work(user, find_words(typed)).hits.items() for hit in hits}


def entries() -> set[tuple]:
    names = ("kind", "object_id", "layer", "part", "engagement_id", "title", "body", "ref", "on")
    return set(models.SearchEntry.objects.values_list(*names))


@pytest.fixture
def city():
    engagement = EngagementFactory()
    return engagement, everybody(engagement)


def test_each_kind_has_its_table_and_its_function():
    assert set(TABLES) == set(KINDS)
    with connection.cursor() as cursor:
        for kind in KINDS:
            cursor.execute(f"SELECT count(*) FROM engagements_search_{kind}('{{1}}')")


def test_what_is_written_is_found_and_what_is_archived_is_not(city):
    engagement, people = city
    lead = people[Role.LEAD]
    (row,) = models.Milestone.objects.bulk_create(
        [models.Milestone(engagement=engagement, title="Sign the lease", stage="field", due_on="2026-12-01")]
    )
    assert found(lead, "lease") == {("milestone", row.pk)}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE engagements_milestone SET title = 'Sign the deed' WHERE id = %s", [row.pk])
    assert found(lead, "lease") == set() and found(lead, "deeds") == {("milestone", row.pk)}
    models.Milestone.objects.filter(pk=row.pk).update(archived_at=NOW, archived_by=lead)
    assert found(lead, "deed") == set()


def test_words_of_a_draft_find_it_for_the_team_alone(city):
    engagement, people = city
    plan = make_plan(engagement, people[Role.ADVISER], title="Homes first", need="Few get far.")
    models.PlanPublication.objects.create(
        plan=plan, number=1, content={"title": "Homes first", "interventions": [{"name": "Vouchers"}]}, figures={},
        approved_by=people[Role.LEAD], published_by=people[Role.LEAD], published_at=NOW,
    )  # fmt: skip
    models.Plan.objects.filter(pk=plan.pk).update(published_at=NOW, need="A secret draft.")
    one = {("plan", plan.pk)}
    assert found(people[Role.ADVISER], "secret draft") == one and found(people[Role.FUNDER], "secret draft") == set()
    assert found(people[Role.FUNDER], "vouchers") == one


def test_a_pilot_is_found_by_its_locked_plan_and_by_its_draft_for_the_team_alone():
    worked = make_worked()
    desk, one = worked.desk, {("pilot", worked.pilot.pk)}
    asked = registration_of(worked.version.content).question
    models.Pilot.objects.filter(pk=worked.pilot.pk).update(draft={"question": "A zebra?"})
    assert found(desk.staff, asked) == one and found(desk.staff, "zebra") == one
    analyze(worked)
    publish(worked)
    assert one <= found(desk.people[Role.FUNDER], asked) and found(desk.people[Role.FUNDER], "zebra") == set()
    nobody = AnonymousUser()
    assert one <= found(nobody, asked) and found(nobody, "zebra") == set()


def test_evidence_under_change_is_found_by_the_words_last_reviewed(city):
    _, people = city
    row = EvidenceFactory(intervention="Coaching of parents")
    models.EvidenceRow.objects.filter(pk=row.pk).update(
        status="draft", intervention="Mentoring of parents", reviewed_at=None, reviewed_by=None
    )
    one = {("evidence", row.pk)}
    assert found(people[Role.EXPERT], "mentoring") == one and found(people[Role.EXPERT], "coaching") == set()
    assert found(people[Role.FUNDER], "coaching") == one and found(people[Role.FUNDER], "mentoring") == set()


def test_misspelled_words_find_what_was_meant(city):
    engagement, people = city
    row = MilestoneFactory(engagement=engagement, title="Interview the landlords")
    learn_words(now=NOW)
    words = find_words("intervew lanldord")
    assert words.is_similar and found(people[Role.FUNDER], "intervew lanldord") == {("milestone", row.pk)}
    assert not find_words("interview landlords").is_similar
    assert learn_words(now=NOW) == 0, "what is known is not learned again"


def test_rebuilding_writes_the_same(city, capsys):
    engagement, people = city
    MilestoneFactory(engagement=engagement, acceptance_evidence="Minutes")
    make_plan(engagement, people[Role.LEAD], interventions=1)
    before = entries()
    call_command("rebuild_search")
    assert entries() == before and len(before) > 5
    assert f"{len(before):,} entries" in capsys.readouterr().out


@pytest.mark.parametrize(
    "typed", ["%", "'", "\\", "a:*", "!x & (y", "=milestone", "شارع", "x" * 300, "e\u0301", "\u202e", "1e5", "the"]
)
def test_whatever_is_typed_is_text(city, typed):
    assert isinstance(found(city[1][Role.LEAD], typed), set)
