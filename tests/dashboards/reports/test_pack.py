"""The certification and recovery-fund pack: what the portal holds, links, and a reason for every empty field."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone

from dashboards.reports import make as making
from dashboards.reports.pack_criteria import CLAIM, CRITERIA, NOT_HELD
from engagements import models
from engagements.models import Report
from engagements.portfolio.actions.reports import request_report
from engagements.portfolio.queries.portfolio import open_scope
from engagements.portfolio.queries.projects import Projects, projects
from tests.factories.portfolio import World, archive
from tests.factories.reports import HOSTILE, full_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings) -> World:
    settings.DEMO_ACCOUNTS = True
    return full_world()


def decide(world: World, title: str, *, at: int = 0, visibility: str = "all", by=None, on=date(2026, 5, 1)):
    return models.Record.objects.create(
        engagement=world.engagements[at],
        kind="decision",
        title=title,
        on=on,
        visibility=visibility,
        written_by=by or world.by,
        created_at=timezone.now(),
    )


def pack(world: World, **more) -> tuple[Report, dict[str, list[list]]]:
    asked = request_report(
        kind="evidence_pack", by=world.funder, initiative=world.initiative.slug, now=timezone.now(), **more
    )
    making.make(asked.pk)
    report = Report.objects.get(pk=asked.pk)
    assert report.status == "done", report.problem
    with report.file.open("rb") as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()), data_only=True)
    return report, {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}


def test_each_city_has_each_criterion_with_what_there_is_and_what_is_missing(world):
    decide(world, HOSTILE)
    decide(world, "Only for the team", visibility="team")
    _, sheets = pack(world)
    rows = [row for row in sheets["Certification criteria"][4:] if row[1]]
    assert len(rows) == 3 * len(CRITERIA)
    found = {(row[0], row[1]): row for row in rows}
    city = world.engagements[0].city.name
    assert found[city, "Eval 4"][3] == 2  # a trial and a quasi-experiment; the intervention without a study is none
    assert found[city, "Eval 3"][4] == f"decision “{HOSTILE}”"
    assert found[city, "Eval 2"][3:5] == [0, None]
    for criterion in CRITERIA:
        assert found[city, criterion.code][5] == criterion.missing
    assert "Only for the team" not in str(sheets)
    addresses = [row[6] for row in sheets["Artifacts"][4:]]
    assert addresses and all(address.startswith("http") for address in addresses)
    assert CLAIM in str(sheets["About"])


def test_projects_carry_dollars_by_kind_of_evidence_and_reasons_for_what_is_empty(world):
    plan = models.Plan.objects.get()
    world.entry("obligated", 5_000, plan=plan)
    world.entry("spent", 1_200, plan=plan)
    _, sheets = pack(world)
    (row,) = [row for row in sheets["Recovery-fund projects"][4:] if row[1]]
    assert row[:4] == [world.engagements[0].city.name, "Homes near work", plan.pk, None]
    assert row[7:10] == [5000, 1200, "People trained"]
    assert row[10] is None and row[11] is None
    assert all(reason in row[13] for _, reason in NOT_HELD)
    costs = {row[2]: (row[3], row[4], row[5]) for row in sheets["Dollars by kind of evidence"][4:] if row[1]}
    each = (1, 50_000, "2026")  # 100 offered, half take part, $1,000 each
    assert costs == {"Randomized trial": each, "Quasi-experiment": each, "No study finding": each}


def test_the_kept_figures_come_back_and_the_first_moment_gives_the_same_pack(world):
    kept = decide(world, "Twelve doors, not ten")
    first, sheets = pack(world)
    assert Projects.from_json(first.figures["projects"]).decisions[0].title == "Twelve doors, not ten"
    archive(kept, world.by)
    plan = models.Plan.objects.get()
    world.intervention(plan)
    world.publish(plan)
    world.entry("spent", 1_200, plan=plan)
    again, same = pack(world, as_of=first.as_of)
    assert again.figures == first.figures
    assert same == sheets
    assert pack(world)[1] != sheets


def test_a_later_intervention_counts_once_it_is_published(world):
    plan = models.Plan.objects.get()
    models.Plan.objects.filter(pk=plan.pk).update(status="draft")
    models.PlanIntervention.objects.filter(plan=plan).update(cost_basis="total")
    (found,) = projects(open_scope(world.lead, world.initiative.slug, now=timezone.now())).projects
    assert {cost.usd for cost in found.costs} == {Decimal(50_000)}
    world.publish(plan)
    (found,) = projects(open_scope(world.lead, world.initiative.slug, now=timezone.now())).projects
    assert {cost.usd for cost in found.costs} == {Decimal(1_000)}


def test_what_was_invented_is_in_sheets_of_its_own(world):
    models.User.objects.filter(pk=world.lead.pk).update(is_fictional=True)
    decide(world, "An invented decision", at=2, by=world.lead)
    _, sheets = pack(world)
    recorded = {name: rows for name, rows in sheets.items() if not name.startswith("Fictional")}
    assert "An invented decision" not in str(recorded)
    assert any("An invented decision" in str(rows) for name, rows in sheets.items() if name.startswith("Fictional"))


def test_statements_do_not_grow_with_plans(world, django_assert_num_queries):
    asked = open_scope(world.lead, world.initiative.slug, now=timezone.now())
    with django_assert_num_queries(6):
        projects(asked)
    for at in range(3):
        world.plan(at=at, interventions=(world.evidence("rct"),) * 3)
        decide(world, "More", at=at)
    with django_assert_num_queries(6):
        projects(asked)
