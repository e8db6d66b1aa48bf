"""Maker of the certification and recovery-fund pack: what the portal can prefill, and why the rest is empty."""

from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.utils import timezone

from atlas.formatting.dates import format_day
from dashboards.documents.cells import format_number
from dashboards.documents.model import Document, Grid, GridColumn, KeyNumber, Section
from dashboards.documents.xlsx import write_xlsx
from dashboards.reports.maker import PUBLISHER, XLSX, Progress
from dashboards.reports.pack_criteria import BY_EVIDENCE, CLAIM, CRITERIA, NOT_HELD, SOURCES
from dashboards.reports.portfolio import file_name, read_figures
from dashboards.reports.portfolio_document import FICTIONAL
from dashboards.reports.portfolio_sections import INVENTED, known_section
from engagements.models import Report
from engagements.portfolio.actions.reports import ReportFile
from engagements.portfolio.figures import IndicatorLine, PortfolioSection
from engagements.portfolio.queries.portfolio import PortfolioFigures, scope_of
from engagements.portfolio.queries.projects import Project, Projects, projects

TESTED = ("rct", "quasi")  # kinds of study that compare with what would have been
PLAN = "published plan"


@dataclass(frozen=True)
class Artifact:
    """Something the portal holds that may serve a criterion. `study`: kind of the study behind it, where it has one."""

    engagement: str
    city: str
    criterion: str
    kind: str
    on: date
    name: str
    path: str
    study: str = ""


def make_pack(report: Report, progress: Progress) -> ReportFile:
    progress(5, "reading the figures")
    figures = read_figures(report)
    progress(40, "reading plans and decisions")
    asked = scope_of(report.initiative, report.made_by, figures.filters, as_of=report.as_of, now=timezone.now())
    found = projects(asked)
    progress(70, "making the workbook")
    content = write_xlsx(pack_document(figures, found))
    kept = {"portfolio": figures.to_json(), "projects": found.to_json()}
    return ReportFile(content, file_name(report, "evidence-pack", "xlsx"), XLSX, kept)


def pack_document(figures: PortfolioFigures, found: Projects) -> Document:
    sections = _sections(figures.recorded, found, is_fictional=False)
    if figures.fictional:
        sections += tuple(_invented(part) for part in _sections(figures.fictional, found, is_fictional=True))
    artifacts = _artifacts(figures.recorded, found, is_fictional=False)
    return Document(
        title=f"{figures.initiative.name}: certification and recovery-fund pack",
        lede=CLAIM,
        publisher=PUBLISHER,
        address=_address(f"/portfolio/{figures.initiative.slug}/"),
        as_of=figures.as_of,
        numbers=(
            KeyNumber("Cities", str(len(figures.recorded.rows)), "of recorded work, as the filters choose"),
            KeyNumber("Artifacts", str(len(artifacts)), "in the portal, each counted once for each criterion"),
        ),
        sections=sections,
        facts=NOT_HELD,
        sources=SOURCES,
        banner=FICTIONAL if figures.initiative.is_fictional else "",
    )


def _invented(part: Section) -> Section:
    grids = tuple(replace(grid, name=f"Fictional: {grid.name}") for grid in part.grids)
    return replace(part, title=f"Fictional: {part.title}", banner=INVENTED, grids=grids)


def _sections(body: PortfolioSection, found: Projects, *, is_fictional: bool) -> tuple[Section, ...]:
    artifacts = _artifacts(body, found, is_fictional=is_fictional)
    plans = tuple(row for row in found.projects if row.is_fictional == is_fictional)
    certification = Section(
        "What Works Cities Certification: evaluation criteria",
        CLAIM,
        grids=(_criteria(body, artifacts), _list(artifacts)),
    )
    fund = Section("Recovery fund", BY_EVIDENCE, grids=(_projects(plans), _costs(plans)))
    published = body.record is not None and body.record.has("finding")
    return (certification, fund, known_section(body.record)) if body.record and published else (certification, fund)


def _artifacts(body: PortfolioSection, found: Projects, *, is_fictional: bool) -> list[Artifact]:
    """Published plans, approved values, published updates, decisions for all: by the criterion they may serve."""
    rows: list[Artifact] = []
    for line in body.evidence.interventions:
        if line.tier in TESTED:
            name, on, path = f"{line.plan}: {line.name}", line.published_at.date(), f"/plans/{line.plan_id}/"
            rows.append(Artifact(line.engagement_slug, line.city, "Eval 4", PLAN, on, name, path, line.tier_label))
    for row in found.projects:
        if row.is_fictional == is_fictional and row.indicators:
            name, on, path = (
                f"{row.title}: {'; '.join(row.indicators)}",
                row.published_at.date(),
                f"/plans/{row.plan_id}/",
            )
            rows.append(Artifact(row.engagement_slug, row.city, "Eval 1", PLAN, on, name, path))
    rows += [_approved_value(line) for family in body.families for line in family.indicators]
    for update in body.updates:
        if update.what_we_changed.strip():
            name, on = f"{update.ref.name}: {update.what_we_changed.strip()}", update.ref.published_at.date()
            path = f"/updates/{update.ref.pk}/"
            rows.append(Artifact(update.engagement_slug, update.city, "Eval 3", "published update", on, name, path))
    for made in found.decisions:
        if made.is_fictional == is_fictional:
            path = f"/engagements/{made.engagement_slug}/records/"
            rows.append(Artifact(made.engagement_slug, made.city, "Eval 3", "decision", made.on, made.title, path))
    return sorted(rows, key=lambda row: (row.city, row.criterion, row.kind, row.on, row.name))


def _approved_value(line: IndicatorLine) -> Artifact:
    assert line.actual.value is not None, "a line of an indicator is about an approved value"
    name = f"{line.name}: {format_number(line.actual.value)} {line.unit} until {format_day(line.period_end)}"
    path = f"/engagements/{line.engagement_slug}/"
    return Artifact(line.engagement_slug, line.city, "Eval 1", "approved value", line.period_end, name, path)


def _criteria(body: PortfolioSection, artifacts: list[Artifact]) -> Grid:
    rows = []
    for city in body.rows:
        for criterion in CRITERIA:
            own = [row for row in artifacts if row.engagement == city.slug and row.criterion == criterion.code]
            names = "; ".join(f"{row.kind} “{row.name}”" for row in own)
            rows.append((city.city, criterion.code, criterion.asks, len(own), names, criterion.missing))
    heads = (
        GridColumn("City"),
        GridColumn("Criterion", weight=0.8),
        GridColumn("What it asks", weight=3),
        GridColumn("Artifacts", "count", True),
        GridColumn("What the portal holds", weight=4),
        GridColumn("What it does not hold", weight=3),
    )
    return Grid("Certification criteria", heads, tuple(rows), CLAIM)


def _list(artifacts: list[Artifact]) -> Grid:
    heads = (
        GridColumn("City"),
        GridColumn("Criterion"),
        GridColumn("Kind"),
        GridColumn("Day", "date"),
        GridColumn("What it is", weight=4),
        GridColumn("Kind of study"),
        GridColumn("Address", weight=3),
    )
    rows = tuple(
        (row.city, row.criterion, row.kind, row.on, row.name, row.study, _address(row.path)) for row in artifacts
    )
    return Grid("Artifacts", heads, rows, "Each opens for people who may read it.")


def _projects(plans: tuple[Project, ...]) -> Grid:
    missing = " ".join(reason for _, reason in NOT_HELD)
    heads = (
        GridColumn("City"),
        GridColumn("Project", weight=2),
        GridColumn("Number on the portal", "count"),
        GridColumn(NOT_HELD[0][0]),
        GridColumn("Goals, from the published need", weight=4),
        GridColumn("Begins", "date"),
        GridColumn("Ends", "date"),
        GridColumn("Under contract (obligated)", "usd", True),
        GridColumn("Spent", "usd", True),
        GridColumn("Key performance indicators", weight=3),
        GridColumn(NOT_HELD[1][0], weight=1.5),
        GridColumn(NOT_HELD[2][0]),
        GridColumn("Address", weight=2.5),
        GridColumn("Why fields are empty", weight=4),
    )
    rows = tuple(
        (
            row.city,
            row.title,
            row.plan_id,
            None,
            row.need,
            row.starts_on,
            row.ends_on,
            row.obligated,
            row.spent,
            "; ".join(row.indicators),
            None,
            None,
            _address(f"/plans/{row.plan_id}/"),
            missing + ("" if row.indicators else " No performance indicator hangs on this plan."),
        )
        for row in plans
    )
    return Grid("Recovery-fund projects", heads, rows, "Under contract and spent: transactions that name the plan.")


def _costs(plans: tuple[Project, ...]) -> Grid:
    heads = (
        GridColumn("City"),
        GridColumn("Project", weight=2),
        GridColumn("Kind of study", weight=1.4),
        GridColumn("Interventions", "count", True),
        GridColumn("Planned dollars", "usd"),
        GridColumn("In prices of", weight=0.8),
    )
    rows = tuple(
        (row.city, row.title, cost.label, cost.interventions, cost.usd, str(cost.price_year))
        for row in plans
        for cost in row.costs
    )
    return Grid("Dollars by kind of evidence", heads, rows, BY_EVIDENCE)


def _address(path: str) -> str:
    return settings.PORTAL_URL.rstrip("/") + path
