"""The sections of a quarterly report about one body of work: what is recorded, or what is invented, never both."""

from dataclasses import replace

from dashboards.documents.model import Grid, GridColumn, Section
from dashboards.reports.figure_text import mark_label
from dashboards.reports.portfolio_money_sections import quarter_section, stage_section
from dashboards.reports.portfolio_result_sections import (
    evidence_section,
    indicator_sections,
    people_section,
    update_sections,
)
from engagements.discussion import rules as risk_rating
from engagements.portfolio.figures import DollarPart, PortfolioSection, RecordPart

NO_AMOUNT = "A dash: nothing of it is recorded."
INVENTED = "Demo data: everything on this page is made up and in no total of recorded work."


def body_sections(body: PortfolioSection) -> tuple[Section, ...]:
    """In the order in which a reader asks."""
    parts = (
        *record_sections(body),
        glance_section(body),
        stage_section(body),
        quarter_section(body),
        people_section(body),
        evidence_section(body),
        *indicator_sections(body),
        *update_sections(body),
    )
    if not body.is_fictional:
        return parts
    return tuple(_invented(part) for part in parts if any(grid.rows for grid in part.grids))


def record_sections(body: PortfolioSection) -> tuple[Section, ...]:
    """What is known of each project, and dollars by that: only where there is any."""
    known = (known_section(body.record),) if body.record is not None and body.record.groups else ()
    if body.dollars is None:
        return known
    return (*known, Section("Dollars by evidence", body.money.not_added, grids=(dollars_grid(body.dollars),)))


def known_section(record: RecordPart) -> Section:
    """Every project with what is published of it, its cost as sources say, and what the city says to it."""
    heads = (
        GridColumn("City"),
        GridColumn("What was tried", weight=1.8),
        GridColumn("What is known", weight=1.4),
        GridColumn("Design", weight=1.2),
        GridColumn("What is reported", weight=2.6),
        GridColumn("Reach, not effect", weight=1.4),
        GridColumn("Cost or grant, as sources say", weight=2, in_print=False),
        GridColumn("Sources", weight=2, in_print=False),
        GridColumn("Confirmed by the city", weight=1.2),
    )
    rows = tuple(
        (
            line.city,
            line.tried,
            group.label,
            line.design,
            line.finding,
            line.reach,
            line.cost,
            "; ".join(source.url or source.title for source in line.sources),
            "Yes" if line.is_confirmed else line.confirmed or "Not yet",
        )
        for group in record.groups
        for line in group.lines
    )
    return Section("What is known", record.sentence, grids=(Grid("Results by city", heads, rows),))


def dollars_grid(part: DollarPart) -> Grid:
    """To the cent; a row's states are together its total."""
    heads = (
        GridColumn("Stage", weight=1.3),
        *(GridColumn(state.label, "usd") for state in part.states),
        GridColumn("Ledger total", "usd"),
    )
    rows = tuple((line.label, *(figure.value for figure in line.figures), line.total.value) for line in part.lines)
    note = "Stages are never added: the same dollar passes through them. A dash: no entry."
    return Grid("Dollars by evidence", heads, rows, note)


def _invented(part: Section) -> Section:
    """Said to be fictional in its title, in the names of its tables and above everything."""
    grids = tuple(replace(grid, name=f"Fictional: {grid.name}") for grid in part.grids)
    charts = tuple(replace(c, title=f"Fictional: {c.title}" if c.title else "") for c in part.charts)
    return replace(part, title=f"Fictional: {part.title}", banner=INVENTED, grids=grids, charts=charts)


def glance_section(body: PortfolioSection) -> Section:
    work = Grid(
        "Cities: work",
        (
            GridColumn("City", weight=1.3),
            GridColumn("State", in_print=False),
            GridColumn("Status", weight=1.2),
            GridColumn("Since", "date", weight=1.1),
            GridColumn("How exactly the day is known", in_print=False),
            GridColumn("Source of the status", weight=2, in_print=False),
            GridColumn("Theme", weight=1.4),
            GridColumn("Next milestone", weight=1.9),
            GridColumn("Due", "date", weight=1.1),
            GridColumn("Late milestones", "count", True, 1.25),
            GridColumn("Milestones", "mark", weight=2.1),
            GridColumn("Last update", weight=1.1),
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
            GridColumn("City", weight=1.4),
            GridColumn("Committed", "usd", True),
            GridColumn("Spent", "usd", True),
            GridColumn("Budget", "usd", True),
            GridColumn("Budget until now", "usd", True),
            GridColumn("Against plan", "mark", weight=1.5),
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
        f"{body.rows[0].money.rule} {NO_AMOUNT}" if body.rows else "",
    )
    risks = Grid(
        "Open risks",
        (
            GridColumn("City", weight=1.2),
            GridColumn("Risk", weight=2.4),
            GridColumn("Likelihood"),
            GridColumn("Severity"),
            GridColumn("Level", "mark", weight=1.2),
            GridColumn("What is done about it", weight=2.6),
            GridColumn("Open since", "date"),
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
        risk_rating.RISK_RULE,
    )
    notes = () if body.risks else ("No risk that funders read is open.",)
    return Section("At a glance", grids=(work, money, risks), notes=notes)


def _whole(body: PortfolioSection) -> tuple[tuple, ...]:
    """What belongs to the whole initiative and to no city: without it the column would not be the total."""
    if body.money.whole is None or not any(figure.value for figure in body.money.whole):
        return ()
    amounts = {line.stage: figure.value for line, figure in zip(body.money.stages, body.money.whole, strict=True)}
    return (("Whole initiative, no city", amounts["committed"], amounts["spent"], None, None, "no budget lines"),)
