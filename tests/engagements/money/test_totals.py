"""The ledger's promises that the database keeps by itself: totals, order of stages, reversals, placement."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from atlas.models import CityTract
from engagements.models import (
    LedgerEntry,
    LedgerPlacement,
    LedgerPlacementTract,
    LedgerTotal,
    Organisation,
    Plan,
    Project,
    ProjectPlan,
)
from tests.factories.engagements import EngagementFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def engagement():
    return EngagementFactory()


@pytest.fixture
def funder():
    return Organisation.objects.create(slug="a-fund", name="A Fund", kind="funder", is_fictional=True)


@pytest.fixture
def make(engagement, funder):
    who = UserFactory()

    def build(stage="committed", amount=1000, on=date(2026, 2, 1), **fields):
        return LedgerEntry(
            initiative=engagement.initiative,
            engagement=engagement,
            funder=funder,
            stage=stage,
            amount_usd=Decimal(amount),
            price_year=2026,
            occurred_on=on,
            entered_by=who,
            entered_at=timezone.now(),
            is_fictional=True,
            **fields,
        )

    return build


def save(entry):
    with transaction.atomic():
        entry.save(force_insert=True)
    return entry


def test_totals_follow_every_insert_in_bulk_too(make):
    LedgerEntry.objects.bulk_create([make(), make(amount=500), make("spent", 300, on=date(2026, 5, 1))])
    sums = {(t.stage, t.quarter_start): (t.net_usd, t.entries) for t in LedgerTotal.objects.all()}
    assert sums == {("committed", date(2026, 1, 1)): (1500, 2), ("spent", date(2026, 4, 1)): (300, 1)}


def test_nothing_is_spent_beyond_or_before_the_commitment(make):
    with pytest.raises(IntegrityError, match="More is spent"):
        save(make("spent", 1))
    commitment = save(make(amount=100, on=date(2026, 3, 1)))
    with pytest.raises(IntegrityError, match="before the first commitment"):
        save(make("spent", 50, on=date(2026, 2, 1)))
    with pytest.raises(IntegrityError, match="More is disbursed"):
        save(make("disbursed", 101, on=date(2026, 4, 1)))
    save(make("spent", 100, on=date(2026, 4, 1)))
    with pytest.raises(IntegrityError, match="More is spent"):
        save(make("committed", 100, on=date(2026, 5, 1), reverses=commitment, why="withdrawn"))
    assert sum(t.net_usd for t in LedgerTotal.objects.filter(stage="spent")) == 100


def test_a_commitment_to_the_initiative_serves_its_engagements_once(make, engagement):
    general = make(amount=100)
    general.engagement = None
    save(general)
    other = EngagementFactory(initiative=engagement.initiative)
    save(make("spent", 60, on=date(2026, 3, 1)))
    elsewhere = make("spent", 60, on=date(2026, 3, 1))
    elsewhere.engagement = other
    with pytest.raises(IntegrityError, match="More is spent"):
        save(elsewhere)


def test_a_reversal_takes_back_the_whole_of_one_entry_once(make):
    entry = save(make(amount=100))
    with pytest.raises(IntegrityError, match="takes back the whole"):
        save(make(amount=60, reverses=entry, why="half"))
    save(make(amount=100, reverses=entry, why="typed wrongly"))
    assert LedgerTotal.objects.get().net_usd == 0
    with pytest.raises(IntegrityError):
        save(make(amount=100, reverses=entry, why="again"))


def test_entries_are_never_changed_nor_deleted(make):
    save(make())
    for sql in ("UPDATE engagements_ledgerentry SET amount_usd = 1", "DELETE FROM engagements_ledgerentry"):
        with pytest.raises(Exception, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_placements_are_whole_and_in_the_city(make, engagement):
    CityTract.objects.create(city=engagement.city, geoid="26163500100", share=1, belongs=True, rule="half")
    entry = save(make())

    def place(number, tracts):
        with transaction.atomic():
            placement = LedgerPlacement.objects.create(
                entry=entry, number=number, placed_by=entry.entered_by, placed_at=timezone.now()
            )
            LedgerPlacementTract.objects.bulk_create(
                LedgerPlacementTract(placement=placement, geoid=geoid, share=share) for geoid, share in tracts
            )
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(IntegrityError, match="not 1 together"):
        place(1, [("26163500100", 0.5)])
    with pytest.raises(IntegrityError, match="not in the city"):
        place(1, [("36061000100", 1)])
    place(1, [("26163500100", 1)])
    assert LedgerPlacement.objects.count() == 1


def project_with_plan(engagement) -> tuple[Project, Plan]:
    project = Project.objects.create(engagement=engagement, title=f"Letters {Project.objects.count()}", source="a test")
    plan = Plan.objects.create(engagement=engagement, title="A plan", price_year=2026, written_by=UserFactory())
    ProjectPlan.objects.create(engagement=engagement, project=project, plan=plan)
    return project, plan


def test_an_entry_and_its_project_are_of_one_engagement(make, engagement):
    project, _ = project_with_plan(engagement)
    elsewhere, _ = project_with_plan(EngagementFactory(initiative=engagement.initiative))
    save(make(project=project))
    with pytest.raises(IntegrityError, match="entry_project_within_engagement"):
        save(make(project=elsewhere))
    whole = make(project=project)
    whole.engagement = None
    with pytest.raises(IntegrityError, match="entry_project_of_engagement"):
        save(whole)
    assert LedgerTotal.objects.get().project == project


def test_plan_and_project_of_an_entry_agree_whichever_comes_first(make, engagement):
    (project, plan), (other, _) = project_with_plan(engagement), project_with_plan(engagement)
    made = save(make(project=project, plan=plan))
    with pytest.raises(IntegrityError, match="calculates for another project"):
        save(make(project=other, plan=plan))
    link = ProjectPlan.objects.get(plan=plan)
    with pytest.raises(IntegrityError, match="recorded for another project"), transaction.atomic():
        ProjectPlan.objects.filter(pk=link.pk).update(project=other)
    link.delete()
    with pytest.raises(IntegrityError, match="recorded for another project"), transaction.atomic():
        ProjectPlan.objects.create(engagement=engagement, project=other, plan=plan)
    save(make(project=project, plan=plan, reverses=made, why="typed twice"))
    ProjectPlan.objects.create(engagement=engagement, project=other, plan=plan)  # nothing is recorded for the first now
    assert {row.net_usd for row in LedgerTotal.objects.filter(project=project)} == {Decimal(0)}


def test_a_reversal_names_the_same_project(make, engagement):
    project, plan = project_with_plan(engagement)
    made = save(make(project=project))
    with pytest.raises(IntegrityError, match="takes back the whole"):
        save(make(reverses=made, why="typed twice"))
    save(make(project=project, reverses=made, why="typed twice"))
