"""Sections of a quarterly report about people reached, evidence, indicators and published updates."""

from atlas.formatting.dates import format_day
from atlas.formatting.ranges import join_ends
from dashboards.documents.cells import format_number
from dashboards.documents.model import Grid, GridColumn, Paragraph, Section
from dashboards.reports.figure_text import UNITS, key_number, mark_label
from engagements.indicators.rules import progress
from engagements.portfolio.figures import IndicatorLine, PortfolioSection, UpdateLine

UPDATE_PARTS = (
    ("What we did", "what_we_did"),
    ("What we learned", "what_we_learned"),
    ("What we changed", "what_we_changed"),
    ("What we need", "what_we_need"),
)


def people_section(body: PortfolioSection) -> Section:
    part = body.people
    numbers = tuple(key_number(figure) for figure in (part.people, part.households) if figure is not None)
    lines = Grid(
        "Counts of people",
        (
            GridColumn("City", weight=1.2),
            GridColumn("What was counted", weight=2),
            GridColumn("Plan", weight=1.6),
            GridColumn("Unit", weight=1.3),
            GridColumn("Count", "count", weight=0.9),
            GridColumn("From", "date", in_print=False),
            GridColumn("To", "date", in_print=False),
            GridColumn("Period", weight=1.5),
            GridColumn("Each person once", weight=0.9),
            GridColumn("People in the total", "count", True),
            GridColumn("Households in the total", "count", True, 1.3),
            GridColumn("Why not in the total", weight=1.8),
            GridColumn("All reasons", weight=4, in_print=False),
            GridColumn("Uncertainty", weight=1.6, in_print=False),
        ),
        tuple(
            (
                line.city,
                line.name,
                line.plan,
                line.figure.unit,
                line.figure.value,
                line.first_on,
                line.last_on,
                f"{format_day(line.first_on)} to {format_day(line.last_on)}",
                "yes" if line.is_unduplicated else "no",
                line.figure.value if line.is_counted and line.figure.unit == "people" else None,
                line.figure.value if line.is_counted and line.figure.unit == "households" else None,
                _first_reason(line.why),
                line.why,
                line.figure.uncertainty,
            )
            for line in part.lines
        ),
        part.lines[0].figure.rule if part.lines else "",
    )
    said = f"{part.words[:1].upper()}{part.words[1:]}. {part.people.rule}"
    return Section("People reached", said, numbers=numbers, grids=(lines,))


def _first_reason(why: str) -> str:
    """A count that overlaps another in fifteen quarters says so once; the sheet has every reason."""
    first, *others = why.split("; ")
    return f"{first}; and {len(others)} more such periods" if others else first


def evidence_section(body: PortfolioSection) -> Section:
    part = body.evidence
    tiers = Grid(
        "Interventions by kind of evidence",
        (GridColumn("Kind of study behind it", weight=3), GridColumn("Interventions", "count", True)),
        tuple((line.label, line.figure.value) for line in part.tiers),
        part.tiers[0].figure.rule if part.tiers else "",
    )
    each = Grid(
        "Interventions of published plans",
        (
            GridColumn("City", weight=1.1),
            GridColumn("Plan", weight=1.7),
            GridColumn("Intervention", weight=2),
            GridColumn("Kind of study", weight=1.4),
            GridColumn("What it found", weight=1.2),
            GridColumn("Published", "date"),
        ),
        tuple(
            (line.city, line.plan, line.name, line.tier_label, line.finding_label, line.published_at.date())
            for line in part.interventions
        ),
        "What a study found elsewhere is no effect of this work.",
    )
    if not part.interventions:
        return Section("Evidence behind the plans", "No published plan has an intervention.")
    return Section(
        "Evidence behind the plans", "How strong the studies are that published plans build on.", grids=(tiers, each)
    )


def indicator_sections(body: PortfolioSection) -> tuple[Section, ...]:
    if not body.families:
        return (Section("Indicators against target", "No performance indicator has an approved value."),)
    grids = tuple(
        Grid(
            f"Indicators: {family.label}",
            (
                GridColumn("City", weight=1.1),
                GridColumn("Indicator", weight=1.8),
                GridColumn("Unit", weight=0.9),
                GridColumn("Baseline", "number", weight=0.9),
                GridColumn("Of", "date", in_print=False),
                GridColumn("Target", "number", weight=0.9),
                GridColumn("By", "date", in_print=False),
                GridColumn("Newest value", "number"),
                GridColumn("Low", "number", in_print=False),
                GridColumn("High", "number", in_print=False),
                GridColumn("95% interval", weight=1.5),
                GridColumn("Period from", "date", in_print=False),
                GridColumn("Period to", "date"),
                GridColumn("Against target", "mark", weight=1.3),
                GridColumn("Why this color", weight=1.9),
            ),
            tuple(_indicator(line) for line in family.indicators),
            progress.RULE,
        )
        for family in body.families
    )
    said = (
        "Approved values of performance indicators: what programs did for their own people. Values of different "
        "families are never added, and none of them is an estimated effect."
    )
    return (Section("Indicators against target", said, grids=grids),)


def _indicator(line: IndicatorLine) -> tuple:
    interval = line.actual.uncertainty
    if line.low is not None and line.high is not None:
        interval = join_ends(format_number(line.low), format_number(line.high))
    return (
        line.city,
        line.name,
        UNITS.get(line.unit, line.unit) or "count",
        line.baseline,
        line.baseline_on,
        line.target,
        line.target_on,
        line.actual.value,
        line.low,
        line.high,
        interval,
        line.period_start,
        line.period_end,
        mark_label(line.mark),
        line.mark.rule,
    )


def update_sections(body: PortfolioSection) -> tuple[Section, ...]:
    if not body.updates:
        return (Section("Quarterly updates", "No quarterly update has been published."),)
    grid = Grid(
        "Quarterly updates",
        (
            GridColumn("City"),
            GridColumn("Quarter"),
            GridColumn("Version", "count"),
            GridColumn("Published", "date"),
            *(GridColumn(label, weight=4) for label, _ in UPDATE_PARTS),
        ),
        tuple(
            (
                line.city,
                line.ref.name,
                line.ref.number,
                line.ref.published_at.date(),
                *(getattr(line, name) for _, name in UPDATE_PARTS),
            )
            for line in body.updates
        ),
        in_print=False,
    )
    said = "The newest published update of each city, in its own words."
    paragraphs = tuple(words for line in body.updates for words in _paragraphs(line))
    return (Section("Quarterly updates", said, grids=(grid,), paragraphs=paragraphs),)


def _paragraphs(line: UpdateLine) -> list[Paragraph]:
    head = f"{line.city}, {line.ref.name} (version {line.ref.number}, published {format_day(line.ref.published_at)})"
    return [
        Paragraph(getattr(line, name).strip() or "nothing was written here.", label, head if at == 0 else "")
        for at, (label, name) in enumerate(UPDATE_PARTS)
    ]
