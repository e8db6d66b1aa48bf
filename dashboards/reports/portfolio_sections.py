"""The sections of a quarterly report about one body of work: what is recorded, or what is invented, never both."""

from dataclasses import replace

from atlas.formatting.dates import format_day
from dashboards.reports.cells import format_number
from dashboards.reports.document import Bars, Grid, Head, Paragraph, Section
from dashboards.reports.figure_text import UNITS, key_number, mark_label
from engagements.discussion import risk_rating
from engagements.indicators.rules import progress
from engagements.portfolio.figures import IndicatorLine, MoneyPart, PortfolioSection, UpdateLine

INVENTED = "Fictional demonstration: everything on this page is invented and in no total of recorded work."
QUARTERS = 12  # in a chart: more bars than a reader tells apart are in the table alone
NO_MONEY = "No entry of the ledger is in this part."
UPDATE_PARTS = (
    ("What we did", "what_we_did"),
    ("What we learned", "what_we_learned"),
    ("What we changed", "what_we_changed"),
    ("What we need", "what_we_need"),
)


def body_sections(body: PortfolioSection) -> tuple[Section, ...]:
    """In the order in which a reader asks."""
    parts = (
        _glance(body),
        _stages(body),
        _quarters(body),
        _people(body),
        _evidence(body),
        *_indicators(body),
        *_updates(body),
    )
    if not body.is_fictional:
        return parts
    return tuple(_invented(part) for part in parts if any(grid.rows for grid in part.grids))


def _invented(part: Section) -> Section:
    """Said to be fictional in its title, in the names of its tables and above everything."""
    grids = tuple(replace(grid, name=f"Fictional: {grid.name}") for grid in part.grids)
    return replace(part, title=f"Fictional: {part.title}", banner=INVENTED, grids=grids)


def _glance(body: PortfolioSection) -> Section:
    work = Grid(
        "Cities: work",
        (
            Head("City", weight=1.3),
            Head("State", in_print=False),
            Head("Status", weight=1.2),
            Head("Since", "date", weight=1.1),
            Head("How exactly the day is known", in_print=False),
            Head("Source of the status", weight=2, in_print=False),
            Head("Theme", weight=1.4),
            Head("Next milestone", weight=1.9),
            Head("Due", "date", weight=1.1),
            Head("Late milestones", "count", True, 1.25),
            Head("Milestones", "mark", weight=2.1),
            Head("Last update", weight=1.1),
        ),
        tuple(
            (
                row.city,
                row.state,
                row.status_label,
                row.status_since,
                row.status_precision,
                row.status_source,
                row.theme,
                row.next_milestone.title if row.next_milestone else "none planned",
                row.next_milestone.due_on if row.next_milestone else None,
                row.late.value,
                mark_label(row.milestones),
                row.update.name if row.update else "none published",
            )
            for row in body.rows
        ),
        body.rows[0].milestones.rule if body.rows else "",
    )
    money = Grid(
        "Cities: money against plan",
        (
            Head("City", weight=1.4),
            Head("Committed", "usd", True),
            Head("Spent", "usd", True),
            Head("Budget", "usd", True),
            Head("Budget until now", "usd", True),
            Head("Against plan", "mark", weight=1.5),
        ),
        (
            *(
                (
                    row.city,
                    row.committed.value,
                    row.spent.value,
                    row.budget.value,
                    row.planned.value,
                    mark_label(row.money),
                )
                for row in body.rows
            ),
            *_whole(body),
        ),
        body.rows[0].money.rule if body.rows else "",
    )
    risks = Grid(
        "Open risks",
        (
            Head("City", weight=1.2),
            Head("Risk", weight=2.4),
            Head("Likelihood"),
            Head("Severity"),
            Head("Level", "mark", weight=1.2),
            Head("What is done about it", weight=2.6),
            Head("Open since", "date"),
        ),
        tuple(
            (
                risk.city,
                risk.title,
                risk.likelihood,
                risk.severity,
                mark_label(risk.level),
                risk.mitigation,
                risk.opened_on,
            )
            for risk in body.risks
        ),
        risk_rating.RULE,
    )
    notes = () if body.risks else ("No risk that funders read is open.",)
    return Section("At a glance", grids=(work, money, risks), notes=notes)


def _whole(body: PortfolioSection) -> tuple[tuple, ...]:
    """What belongs to the whole initiative and to no city: without it the column would not be the total."""
    if body.money.whole is None or not any(figure.value for figure in body.money.whole):
        return ()
    amounts = {line.stage: figure.value for line, figure in zip(body.money.stages, body.money.whole, strict=True)}
    return (("Whole initiative, no city", amounts["committed"], amounts["spent"], None, None, "no budget lines"),)


def _stages(body: PortfolioSection) -> Section:
    money = body.money
    if not money.entries:
        return Section("Money by stage", NO_MONEY)
    names = tuple(line.label for line in money.stages)
    definitions = Grid(
        "The five stages",
        (Head("Stage"), Head("What it means", weight=4), Head("Dollars", "usd", weight=1.4)),
        tuple((line.label, line.definition, line.total.value) for line in money.stages),
        money.not_added,
    )
    funders = Grid(
        "Funders by stage",
        (Head("Funder", weight=1.8), *(Head(name, "usd", True) for name in names)),
        tuple((line.name, *(figure.value for figure in line.figures)) for line in money.funders),
    )
    chart = Bars(
        names,
        tuple((line.name, tuple(float(f.value) for f in line.figures)) for line in money.funders),
        "dollars",
        f"Dollars by stage, a bar for each funder. {money.not_added}",
    )
    return Section(
        "Money by stage", money.not_added, chart=chart, grids=(definitions, funders), notes=_money_notes(money)
    )


def _money_notes(money: MoneyPart) -> tuple[str, ...]:
    entries = f"{money.entries:,} {'entry' if money.entries == 1 else 'entries'} of the ledger"
    last = f", the last entered on {format_day(money.last_entered_at)}" if money.last_entered_at else ""
    return (
        f"{entries}{last}. Amounts are {money.price_note}. {money.stages[0].total.rule} A ledger is a full count: "
        "its sums have no sampling error.",
    )


def _quarters(body: PortfolioSection) -> Section:
    money = body.money
    if not money.quarters:
        return Section("Money by quarter", NO_MONEY)
    names = tuple(line.label for line in money.stages)
    grid = Grid(
        "Quarters by stage",
        (Head("Quarter"), *(Head(name, "usd", True) for name in names)),
        tuple((_quarter(line.quarter), *(figure.value for figure in line.figures)) for line in money.quarters),
        "Net amounts dated in the quarter; a reversal counts as minus.",
    )
    shown = money.quarters[-QUARTERS:]
    series = tuple(
        (name, tuple(float(line.figures[at].value) for line in shown))
        for at, name in enumerate(names)
        if any(line.figures[at].value for line in shown)
    )
    of = (
        ""
        if len(shown) == len(money.quarters)
        else (f" The chart shows the last {len(shown)} of {len(money.quarters)} quarters with entries, the table all.")
    )
    said = f"Dollars dated in each quarter, by stage.{of}"
    chart = Bars(tuple(_quarter(line.quarter) for line in shown), series, "dollars", said)
    return Section("Money by quarter", said, chart=chart, grids=(grid,), notes=(money.not_added,))


def _quarter(name: str) -> str:
    """ "2026Q1" as "Q1 2026"."""
    return f"Q{name[5]} {name[:4]}"


def _people(body: PortfolioSection) -> Section:
    part = body.people
    numbers = tuple(key_number(figure) for figure in (part.people, part.households) if figure is not None)
    lines = Grid(
        "Counts of people",
        (
            Head("City", weight=1.2),
            Head("What was counted", weight=2),
            Head("Plan", weight=1.6),
            Head("Unit", weight=1.3),
            Head("Count", "count", weight=0.9),
            Head("From", "date", in_print=False),
            Head("To", "date", in_print=False),
            Head("Period", weight=1.5),
            Head("Each person once", weight=0.9),
            Head("People in the total", "count", True),
            Head("Households in the total", "count", True, 1.3),
            Head("Why not in the total", weight=1.8),
            Head("All reasons", weight=4, in_print=False),
            Head("Uncertainty", weight=1.6, in_print=False),
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
    return Section("People reached", said, numbers, grids=(lines,))


def _first_reason(why: str) -> str:
    """A count that overlaps another in fifteen quarters says so once; the sheet has every reason."""
    first, *others = why.split("; ")
    return f"{first}; and {len(others)} more such periods" if others else first


def _evidence(body: PortfolioSection) -> Section:
    part = body.evidence
    tiers = Grid(
        "Interventions by kind of evidence",
        (Head("Kind of study behind it", weight=3), Head("Interventions", "count", True)),
        tuple((line.label, line.figure.value) for line in part.tiers),
        part.tiers[0].figure.rule if part.tiers else "",
    )
    each = Grid(
        "Interventions of published plans",
        (
            Head("City", weight=1.1),
            Head("Plan", weight=1.7),
            Head("Intervention", weight=2),
            Head("Kind of study", weight=1.4),
            Head("What it found", weight=1.2),
            Head("Published", "date"),
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


def _indicators(body: PortfolioSection) -> tuple[Section, ...]:
    if not body.families:
        return (Section("Indicators against target", "No performance indicator has an approved value."),)
    grids = tuple(
        Grid(
            f"Indicators: {family.label}",
            (
                Head("City", weight=1.1),
                Head("Indicator", weight=1.8),
                Head("Unit", weight=0.9),
                Head("Baseline", "number", weight=0.9),
                Head("Of", "date", in_print=False),
                Head("Target", "number", weight=0.9),
                Head("By", "date", in_print=False),
                Head("Newest value", "number"),
                Head("Low", "number", in_print=False),
                Head("High", "number", in_print=False),
                Head("95% interval", weight=1.5),
                Head("Period from", "date", in_print=False),
                Head("Period to", "date"),
                Head("Against target", "mark", weight=1.3),
                Head("Why this colour", weight=1.9),
            ),
            tuple(_indicator(line) for line in family.indicators),
            progress.RULE,
        )
        for family in body.families
    )
    said = (
        "Approved values of performance indicators: what programmes did for their own people. Values of different "
        "families are never added, and none of them is an estimated effect."
    )
    return (Section("Indicators against target", said, grids=grids),)


def _indicator(line: IndicatorLine) -> tuple:
    has_interval = line.low is not None and line.high is not None
    interval = f"{format_number(line.low)} to {format_number(line.high)}" if has_interval else line.actual.uncertainty
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


def _updates(body: PortfolioSection) -> tuple[Section, ...]:
    if not body.updates:
        return (Section("Quarterly updates", "No quarterly update has been published."),)
    grid = Grid(
        "Quarterly updates",
        (
            Head("City"),
            Head("Quarter"),
            Head("Version", "count"),
            Head("Published", "date"),
            *(Head(label, weight=4) for label, _ in UPDATE_PARTS),
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
