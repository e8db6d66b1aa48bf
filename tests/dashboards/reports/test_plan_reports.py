"""A plan as a document: what its page says, with map, sums, studies and what is not claimed."""

import io
import json
import time
from datetime import date, timedelta

import pytest
from django.utils import timezone
from pptx import Presentation

from atlas.models import CityTract
from atlas.records.prices import PriceLevel
from dashboards.base import chosen_dollars
from dashboards.documents.cells import printed
from dashboards.documents.pdf import write_pdf
from dashboards.documents.pptx import write_pptx
from dashboards.formatting.estimates import format_income
from dashboards.formatting.shown_dollars import showing
from dashboards.plans.presenters import build_area_view, build_totals_view
from dashboards.reports import make as making
from dashboards.reports.plan import plan_document, read_plan
from engagements import models
from engagements.access.errors import NotAllowed, NotFound
from engagements.models import Report
from engagements.permissions import Role
from engagements.plans.records import PlanContent, PlanFigures, thaw
from engagements.portfolio.actions.reports import request_report
from tests.dashboards.documents.deck_reading import check_slides
from tests.dashboards.exports.pdf_tags import missing_from
from tests.dashboards.exports.pdf_text import read_pdf, squeezed
from tests.dashboards.panels.records import make_source
from tests.factories.plans import EvidenceFactory, city_house, itt_row, make_plan, planned, publish
from tests.factories.reports import HOSTILE

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(tmp_path):
    return city_house(tmp_path)


@pytest.fixture
def plan(house):
    engagement, people = house
    tracts = tracts_of(engagement)
    plan = make_plan(
        engagement,
        people[Role.ADVISER],
        tracts=tracts[:4],
        interventions=1,
        title="Moves near work",
        need=HOSTILE,
        area_name="The east side",
        area_rule="Chosen on the map",
        budget_usd=900_000,
        not_claimed="That rents fall.",
    )
    row = itt_row()
    models.PlanIntervention.objects.create(
        plan=plan,
        evidence=row,
        evidence_version=row.version,
        position=1,
        **planned("Training", itt_reason="The take-ups were alike."),
    )
    models.PlanIntervention.objects.create(plan=plan, position=2, **planned("Coaching"))
    return plan


def tracts_of(engagement) -> tuple[str, ...]:
    rows = CityTract.objects.filter(city=engagement.city).order_by("geoid")
    return tuple(rows.values_list("geoid", flat=True))


def ask(plan, by, kind="plan_pdf", **more) -> Report:
    return request_report(kind=kind, plan=plan.pk, by=by, now=more.pop("now", timezone.now()), **more)


def made(report: Report) -> tuple[Report, bytes]:
    making.make(report.pk)
    report = Report.objects.get(pk=report.pk)
    assert report.status == "done", report.problem
    with report.file.open("rb") as file:
        return report, file.read()


def test_both_kinds_are_made_and_kept_with_content_and_figures(plan, house):
    by = house[1][Role.ADVISER]
    for kind, begins in (("plan_pdf", b"%PDF-1.7"), ("plan_pptx", b"PK")):
        report, content = made(ask(plan, by, kind))
        assert content.startswith(begins)
        printed_plan = read_plan(report)
        kept = json.loads(json.dumps(report.figures))
        assert thaw(PlanContent, kept["content"]) == printed_plan.content
        assert thaw(PlanFigures, kept["figures"]) == printed_plan.figures
        assert f"-plan-{plan.pk}-" in report.file_name


def test_the_pdf_says_what_the_page_says(plan, house):
    read = read_plan(ask(plan, house[1][Role.ADVISER]))
    document = plan_document(read)
    assert missing_from(pdf := write_pdf(document)) == []
    said = read_pdf(pdf)
    area, totals = build_area_view(read.figures.area), build_totals_view(read.content, read.figures)
    wanted = [
        "Moves near work",
        HOSTILE,
        area.finding,
        area.uncertainty,
        area.children,
        totals.people.words,
        totals.cost.words,
        *totals.not_claimed,
        *totals.not_added,
        *(words for label, effect in totals.effects for words in (label, effect.words)),
        "Draft: not published",
        "That rents fall.",
        "A study, read by a test",
        "draws. Prices of",
        "No transaction names this plan yet.",
    ]
    for words in wanted:
        assert squeezed(words) in said, words
    for _, grid in document.grids:
        for row in printed(grid)[1]:
            for cell in row:
                assert squeezed(cell) in said, cell


def test_the_map_is_drawn_with_words_for_those_who_do_not_see_it(plan, house):
    document = plan_document(read_plan(ask(plan, house[1][Role.ADVISER])))
    (picture,) = [section.picture for section in document.sections if section.picture]
    assert "4 tracts" in picture.alt and picture.svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" ')
    assert b"4 tracts of the plan are filled" in write_pdf(document)


def test_slides_stay_on_their_slides_and_hold_the_tables(plan, house):
    document = plan_document(read_plan(ask(plan, house[1][Role.ADVISER])))
    deck = Presentation(io.BytesIO(write_pptx(document)))
    cells = []
    for slide in deck.slides:
        assert any("not published" in s.text_frame.text for s in slide.shapes if s.has_text_frame)
        for shape in slide.shapes:
            if shape.has_table:
                cells += [[cell.text for cell in row.cells] for row in list(shape.table.rows)[1:]]
    wanted = []
    for _, grid in document.grids:
        _, rows, total = printed(grid)
        wanted += [*rows, *([total] if total else [])]
    bare = [[section.title, section.said] for section in document.sections if section.is_bare]
    assert sorted(cells) == sorted([*wanted, *bare])
    check_slides(deck)
    assert any(shape.shape_type == 13 for slide in deck.slides for shape in slide.shapes)


def test_as_of_a_past_moment_it_is_what_had_been_published(plan, house):
    people = house[1]
    publish(plan, people)
    published = timezone.now()
    models.Plan.objects.filter(pk=plan.pk).update(status="draft", title="A revision")
    now = timezone.now() + timedelta(seconds=1)
    report, _ = made(ask(plan, people[Role.LEAD], now=now, as_of=published))
    assert report.figures["content"]["title"] == "Moves near work"
    assert report.figures["state"].startswith("Publication 1")
    again, _ = made(ask(plan, people[Role.LEAD], now=now, as_of=published))
    assert (again.figures, again.sha256) == (report.figures, report.sha256)
    live, _ = made(ask(plan, people[Role.LEAD]))
    assert live.figures["content"]["title"] == "A revision"


def test_before_the_first_publication_and_after_a_role_ended_it_says_so(plan, house):
    people = house[1]
    now = timezone.now()
    early, late = ask(plan, people[Role.LEAD], as_of=now - timedelta(days=1), now=now), ask(plan, people[Role.LEAD])
    making.make(early.pk)
    assert "had not been published then" in Report.objects.get(pk=early.pk).problem
    models.EngagementRole.objects.filter(user=people[Role.LEAD]).update(ended_on=now.date())
    making.make(late.pk)
    assert "can no longer read" in Report.objects.get(pk=late.pk).problem


def test_who_may_ask(plan, house):
    people = house[1]
    for role in (Role.LEAD, Role.ADVISER, Role.CITY_STAFF):
        assert ask(plan, people[role]).pk
    with pytest.raises(NotAllowed):
        ask(plan, people[Role.EXPERT])
    for role in (Role.FUNDER, Role.LOCAL_PARTNER):
        with pytest.raises(NotFound):
            ask(plan, people[role])


def test_an_empty_draft_is_a_document_too(house):
    engagement, people = house
    bare = make_plan(engagement, people[Role.ADVISER], need="", is_fictional=True)
    document = plan_document(read_plan(ask(bare, people[Role.ADVISER])))
    said = read_pdf(write_pdf(document))
    for words in (
        "No tract is chosen yet.",
        "Nothing is planned yet.",
        "this plan is made up",
        "Nothing is written here",
    ):
        assert squeezed(words) in said
    assert write_pptx(document)


def test_a_plan_is_made_in_under_five_seconds(plan, house):
    report, begin = ask(plan, house[1][Role.ADVISER]), time.process_time()
    making.make(report.pk)
    assert time.process_time() - begin < 5


def test_effects_that_may_not_be_added_stay_apart(house):
    engagement, people = house
    plan = make_plan(engagement, people[Role.ADVISER], tracts=tracts_of(engagement)[:2], interventions=1)
    other = EvidenceFactory(outcome="test scores", outcome_family="education_scores", unit="standard deviations")
    models.PlanIntervention.objects.create(
        plan=plan, evidence=other, evidence_version=other.version, position=3, **planned("Tutors")
    )
    document = plan_document(read_plan(ask(plan, people[Role.ADVISER])))
    (grid,) = [grid for _, grid in document.grids if grid.name == "The plan in sum"]
    assert sum("earnings" in row[0] or "scores" in row[0] or "Tutors" in row[0] for row in grid.rows) >= 2


def test_the_area_is_told_in_the_dollars_asked_for(plan, house, monkeypatch):
    level = PriceLevel(2015, 237.017, 12, date(2026, 8, 1), 334.98, make_source())
    monkeypatch.setattr(chosen_dollars, "price_level", lambda: level)
    by, said = house[1][Role.ADVISER], {}
    for query in ("", "dollars=today"):
        report, content = made(ask(plan, by, query=query))
        said[query] = read_pdf(content)
        assert report.query == query and ("in-usd_2026_08" in report.file_name) == bool(query)
    usd = read_plan(report).figures.area.usd
    assert usd is not None and format_income(usd) in said[""] and "2015dollars" in said[""]
    with showing(chosen_dollars.dollars_of(level)):
        assert format_income(usd) in said["dollars=today"] and "August2026dollars" in said["dollars=today"]
