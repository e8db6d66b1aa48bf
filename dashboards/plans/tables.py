"""A plan as declared tables: a row for each intervention, and a row for each tract of its area."""

from datetime import UTC

from atlas.formatting.dates import format_instant
from atlas.records.prices import MonthPrices
from atlas.tables.declaration import Column, Table
from atlas.tables.frames import build_frame
from atlas.web.table_files import TableFile
from dashboards.exports.panel_table import shapes_of
from dashboards.formatting.wages import REASONS
from engagements.evidence.gaps import GAP_BY_CODE
from engagements.plans.arithmetic import InterventionResult, Quantity
from engagements.plans.queries.plans import PlanPage
from engagements.plans.records import InterventionPlanned

_ENDS = "95 in 100 draws lie between low and high"
INTERVENTIONS = (
    Column("intervention", "string", "What is planned; the last row is all of it"),
    Column("people", "string", "Who it is for"),
    Column("offered", "number", "How many are offered it"),
    Column("takeup", "number", "Share expected to take part", "share 0-1"),
    Column("study_takeup", "number", "Share who took part in the study, as the planner gives it", "share 0-1"),
    Column("study_takeup_reason", "string", "Where that was read, or why the planned share is taken as it"),
    Column("reached", "number", "How many take part"),
    Column("outcome", "string", "What is expected to change"),
    Column("rule", "string", "How it is calculated"),
    Column("expected", "number", "Expected gain, in expected_unit"),
    Column("expected_unit", "string", "Unit of the expected gain"),
    Column("expected_low", "number", "Lower end of the expected gain", "", _ENDS),
    Column("expected_high", "number", "Upper end of the expected gain", "", _ENDS),
    Column("chance_of_no_gain", "number", "Share of draws without a gain", "share 0-1"),
    Column("cost_usd", "number", "Cost, in cost_unit"),
    Column("cost_unit", "string", "Unit of the cost, with its price year"),
    Column("cost_per_unit", "number", "Cost of one unit of gain, in cost_per_unit_unit"),
    Column("cost_per_unit_low", "number", "Its lower end", "", _ENDS),
    Column("cost_per_unit_high", "number", "Its upper end", "", _ENDS),
    Column("cost_per_unit_unit", "string", "Unit of the cost of one unit"),
    Column("evidence", "string", "Study finding it rests on"),
    Column("evidence_version", "integer", "Version of that finding"),
    Column("evidence_tier", "string", "Type of study"),
    Column("evidence_source", "string", "Where it was published"),
    Column("reason", "string", "Why a number is missing"),
    Column("one_child_lifetime_discounted", "number", "Lifetime earnings of one child who moves, discounted"),
    Column("one_child_lifetime_discounted_low", "number", "Its lower end", "", _ENDS),
    Column("one_child_lifetime_discounted_high", "number", "Its upper end", "", _ENDS),
    Column("one_child_lifetime_undiscounted", "number", "Lifetime earnings of one child who moves, not discounted"),
    Column("one_child_lifetime_undiscounted_low", "number", "Its lower end", "", _ENDS),
    Column("one_child_lifetime_undiscounted_high", "number", "Its upper end", "", _ENDS),
    Column("one_child_lifetime_unit", "string", "Unit of lifetime earnings"),
    Column("age_profile", "string", "Earnings by age that they rest on"),
    Column("lifetime_does_not_claim", "string", "What lifetime earnings do not claim"),
    Column("occupations", "string", "Codes of the jobs it leads to; see the table of wages"),
    Column("fictional", "boolean", "Made up for demonstration"),
)
TRACTS = (
    Column("geoid", "string", "Tract (2010 GEOID)"),
    Column("neighborhood", "string", "Neighborhood"),
    Column("value", "number", "Household income percentile of children from low-income families", "rank 0-1"),
    Column("standard_error", "number", "Standard error", "rank 0-1"),
    Column("low_income_children", "number", "Low-income children"),
    Column("reason", "string", "Why a number is missing"),
    Column("fictional", "boolean", "Made up for demonstration"),
)
_IN_MONTH = "dollars of dollars_of"
WAGES = (
    Column("intervention", "string", "What is planned"),
    Column("occupation", "string", "Code of the job it leads to (Standard Occupational Classification)"),
    Column("title", "string", "The job"),
    Column("metro", "string", "Code of the metropolitan area (CBSA)"),
    Column("metro_title", "string", "Metropolitan area"),
    Column("dollars_of", "string", "Month whose dollars wages are"),
    Column("annual_median", "number", "Median yearly wage: what the job pays, not what training adds", _IN_MONTH),
    Column("hourly_median", "number", "Median hourly wage", _IN_MONTH),
    Column("annual_mean", "number", "Mean yearly wage", _IN_MONTH),
    Column("mean_rse", "number", "Relative standard error of the mean; the source gives none of the median", "percent"),
    Column("us_annual_median", "number", "Median yearly wage in the United States", _IN_MONTH),
    Column("employment", "number", "Jobs in the metropolitan area"),
    Column("employment_rse", "number", "Relative standard error of jobs", "percent"),
    Column("area_income", "number", "Household income of adults who grew up in the area, low-income", _IN_MONTH),
    Column("area_income_2015", "number", "The same as published", "usd_2015"),
    Column("reason", "string", "Why there is no median yearly wage"),
    Column("employment_reason", "string", "Why there is no number of jobs"),
    Column("source", "string", "Where wages come from"),
    Column("fictional", "boolean", "Made up for demonstration"),
)
_NOT_OF_ONE_CHILD = (None,) * 9
_NOT_WORKED_OUT = (None,) * 14


def plan_file(page: PlanPage, address: str) -> TableFile:
    """A row for each intervention and one for all of it."""
    results = {row.key: row for row in page.figures.rows}
    fictional = page.content.is_fictional
    rows = []
    for row in page.content.interventions:
        result = results.get(f"intervention-{row.pk}")
        rows.append([*_row(row, result), *_lifetime(row, result), " ".join(row.occupations) or None, fictional])
    rows.append([*_total(page), *_NOT_OF_ONE_CHILD, None, fictional])
    return _file(page, f"plan-{page.row.pk}", INTERVENTIONS, (), rows, address)


def tracts_file(page: PlanPage, address: str) -> TableFile:
    """A row for each tract of the area, with its shape in map files."""
    rows = [
        [row.geoid, row.name, row.value, row.standard_error, row.children, row.reason, page.content.is_fictional]
        for row in page.figures.area.tracts
    ]
    return _file(page, f"plan-{page.row.pk}-tracts", TRACTS, ("geoid",), rows, address)


def wages_file(page: PlanPage, prices: MonthPrices | None, address: str) -> TableFile:
    """A row for each job an intervention leads to, in the dollars of the source of wages."""
    names = {row.pk: row.name for row in page.content.interventions}
    usd = page.figures.area.usd
    rows = [
        [
            names.get(row.intervention, ""),
            row.code,
            row.title,
            row.metro or None,
            row.metro_title or None,
            f"{row.month:%Y-%m}" if row.month else None,
            row.annual_median,
            row.hourly_median,
            row.annual_mean,
            row.mean_rse,
            row.us_annual_median,
            row.employment,
            row.employment_rse,
            round(usd * prices.from_year) if usd is not None and prices else None,
            usd,
            REASONS.get(row.reason, row.reason) or None,
            REASONS.get(row.employment_reason, row.employment_reason) or None,
            row.source or None,
            page.content.is_fictional,
        ]
        for row in page.figures.occupations
    ]
    return _file(page, f"plan-{page.row.pk}-wages", WAGES, (), rows, address)


def _file(
    page: PlanPage, name: str, columns: tuple[Column, ...], key: tuple[str, ...], rows: list[list], address: str
) -> TableFile:
    title, *notes = _about(page)
    table = Table(name, title, columns, key, notes=tuple(notes), address=address)
    frame = build_frame(table, rows)
    return TableFile(table, frame, shapes_of(frame) if key else None)


def _total(page: PlanPage) -> list:
    """What can be added up over the interventions, in the columns up to `reason`."""
    reached, cost = page.figures.totals.reached, page.figures.totals.cost
    known = {
        "intervention": "All of it",
        "people": reached.unit,
        "reached": reached.value,
        "cost_usd": cost.value,
        "cost_unit": cost.unit,
        "reason": _reasons(reached, cost),
    }
    return [known.get(column.name) for column in INTERVENTIONS[: -len(_NOT_OF_ONE_CHILD) - 2]]


def _row(row: InterventionPlanned, result: InterventionResult | None) -> list:
    evidence = row.evidence
    about = [evidence.key, evidence.version, evidence.tier, evidence.source] if evidence else [None, None, None, None]
    if result is None:
        return [
            row.name,
            row.people,
            row.offered,
            row.takeup,
            row.study_takeup,
            row.itt_reason,
            *_NOT_WORKED_OUT,
            *about,
            "nothing is calculated",
        ]
    gain, cost, each = result.gain, result.cost, result.cost_per_unit
    return [
        row.name,
        row.people,
        row.offered,
        row.takeup,
        row.study_takeup,
        row.itt_reason,
        result.reached.value,
        result.outcome,
        result.rule,
        gain.value,
        gain.unit,
        gain.low,
        gain.high,
        result.chance_of_no_gain,
        cost.value,
        cost.unit,
        each.value,
        each.low,
        each.high,
        each.unit,
        *about,
        _reasons(gain, each),
    ]


def _lifetime(row: InterventionPlanned, result: InterventionResult | None) -> list:
    """Of one child who moves; empty for everything else."""
    found = result.lifetime if result else None
    if found is None:
        return list(_NOT_OF_ONE_CHILD)
    now, whole = found.discounted, found.undiscounted
    return [
        now.value,
        now.low,
        now.high,
        whole.value,
        whole.low,
        whole.high,
        now.unit,
        row.age_profile_name,
        " ".join(found.does_not_claim),
    ]


def _reasons(*quantities: Quantity) -> str:
    return "; ".join(dict.fromkeys(q.reason for q in quantities if q.reason and not q.has_range))


def _about(page: PlanPage) -> list[str]:
    """Title, state, prices, sources and what is not claimed, a sentence each."""
    words, figures = page.content, page.figures
    state = f"published, number {page.row.number}" if not page.is_team else page.row.label.lower()
    lines = [f"Plan: {words.title}, {words.city_name} ({state})"]
    if words.is_fictional:
        lines.append("Fictional: made up to show how the portal works")
    if words.gap in GAP_BY_CODE:
        lines.append(f"Gap: {GAP_BY_CODE[words.gap].label}")
    lines.append(f"As of {format_instant(figures.computed_at.astimezone(UTC))}, {figures.draws:,} draws")
    lines.append(
        f"Area: {words.area_name or 'not named'}; {len(words.geoids)} Census tracts of 2010; {words.area_rule}"
    )
    lines.append(f"Prices of {figures.price_year}: {figures.price_source}")
    lines += [f"Source: {source}" for source in figures.area.sources]
    lines += [figures.lifetime_reason] if figures.lifetime_reason else []
    for row in figures.rows:
        lines += [f"Lifetime earnings of one child ({row.name}): {said}" for said in _rests_on(row)]
    return lines + [f"Not claimed: {line}" for line in figures.does_not_claim]


def _rests_on(row: InterventionResult) -> tuple[str, ...]:
    return row.lifetime.assumptions if row.lifetime else ()
