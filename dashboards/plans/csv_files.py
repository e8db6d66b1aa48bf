"""A plan as CSV: what its page shows, under lines that say where it comes from."""

import csv
import io
from collections.abc import Iterable, Sequence

from atlas.tables.formula_escape import comment_line, csv_cell
from engagements.evidence.gaps import GAP_BY_CODE
from engagements.plans.arithmetic import InterventionResult, Quantity
from engagements.plans.queries.plans import PlanPage
from engagements.plans.records import InterventionPlanned

HEADER = (
    "intervention",
    "people",
    "offered",
    "takeup",
    "study_takeup",
    "study_takeup_reason",
    "reached",
    "outcome",
    "rule",
    "expected",
    "expected_unit",
    "expected_low",
    "expected_high",
    "chance_of_no_gain",
    "cost_usd",
    "cost_unit",
    "cost_per_unit",
    "cost_per_unit_low",
    "cost_per_unit_high",
    "cost_per_unit_unit",
    "evidence",
    "evidence_version",
    "evidence_tier",
    "evidence_source",
    "why_a_number_is_missing",
)
LIFETIME = (
    "one_child_lifetime_discounted",
    "one_child_lifetime_discounted_low",
    "one_child_lifetime_discounted_high",
    "one_child_lifetime_undiscounted",
    "one_child_lifetime_undiscounted_low",
    "one_child_lifetime_undiscounted_high",
    "one_child_lifetime_unit",
    "age_profile",
    "lifetime_does_not_claim",
)
TRACTS = ("geoid", "neighbourhood", "rank_0_to_1", "standard_error", "low_income_children", "why_a_number_is_missing")


def plan_csv(page: PlanPage) -> str:
    """A row for each intervention and one for the sum; CRLF. Columns of lifetime earnings only where there are some."""
    results = {row.key: row for row in page.figures.rows}
    rows = [_row(row, results.get(f"intervention-{row.pk}")) for row in page.content.interventions]
    totals = page.figures.totals
    rows.append(
        [
            "All of it",
            totals.reached.unit,
            "",
            "",
            "",
            "",
            totals.reached.value,
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            totals.cost.value,
            totals.cost.unit,
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            _reasons(totals.reached, totals.cost),
        ]
    )
    if any(row.lifetime for row in page.figures.rows):
        extra = [_lifetime(row, results.get(f"intervention-{row.pk}")) for row in page.content.interventions]
        rows = [[*row, *more] for row, more in zip(rows, [*extra, [""] * len(LIFETIME)], strict=True)]
        return _write(page, (*HEADER, *LIFETIME), rows)
    return _write(page, HEADER, rows)


def tracts_csv(page: PlanPage) -> str:
    """A row for each tract of the area; CRLF."""
    return _write(
        page,
        TRACTS,
        (
            [row.geoid, row.name, row.value, row.standard_error, row.children, row.reason]
            for row in page.figures.area.tracts
        ),
    )


def _row(row: InterventionPlanned, result: InterventionResult | None) -> list:
    evidence = row.evidence
    about = [evidence.key, evidence.version, evidence.tier, evidence.source] if evidence else ["", "", "", ""]
    if result is None:
        return [
            row.name,
            row.people,
            row.offered,
            row.takeup,
            row.study_takeup,
            row.itt_reason,
            *[""] * 14,
            *about,
            "nothing is worked out",
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
        return [""] * len(LIFETIME)
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


def _write(page: PlanPage, header: Sequence[str], rows: Iterable[Sequence]) -> str:
    out = io.StringIO()
    for line in _preamble(page):
        out.write(comment_line(line))
    writer = csv.writer(out)
    writer.writerow([csv_cell(name) for name in header])
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def _preamble(page: PlanPage) -> list[str]:
    words, figures = page.content, page.figures
    state = f"published, number {page.row.number}" if not page.is_team else page.row.label.lower()
    lines = [f"Plan: {words.title}, {words.city_name} ({state})"]
    if words.is_fictional:
        lines.append("Fictional: made up to show how the portal works")
    if words.gap in GAP_BY_CODE:
        lines.append(f"Gap: {GAP_BY_CODE[words.gap].label}")
    lines.append(f"As of {figures.computed_at:%Y-%m-%d %H:%M} UTC, {figures.draws:,} draws")
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


def _cell(cell: object) -> str:
    if isinstance(cell, float):
        return repr(cell).removesuffix(".0")
    return csv_cell(cell)
