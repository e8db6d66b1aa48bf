"""Sections of a quarterly report about money: by stage, and quarter by quarter."""

from atlas.formatting.dates import format_day
from dashboards.documents.model import Bars, Grid, GridColumn, Section
from engagements.portfolio.figures import Figure, MoneyPart, PortfolioSection
from engagements.portfolio.filters import quarter_label

QUARTERS = 12  # in a chart: more bars than a reader tells apart are in the table alone

NO_MONEY = "No entry of the ledger is in this part."


def stage_section(body: PortfolioSection) -> Section:
    money = body.money
    if not money.entries:
        return Section("Money by stage", NO_MONEY)
    names = tuple(line.label for line in money.stages)
    definitions = Grid(
        "The five stages",
        (GridColumn("Stage"), GridColumn("What it means", weight=4), GridColumn("Dollars", "usd", weight=1.4)),
        tuple((line.label, line.definition, line.total.value) for line in money.stages),
        money.not_added,
    )
    funders = Grid(
        "Funders by stage",
        (GridColumn("Funder", weight=1.8), *(GridColumn(name, "usd", True) for name in names)),
        tuple((line.name, *(figure.value for figure in line.figures)) for line in money.funders),
    )
    chart = Bars(
        names,
        tuple((line.name, tuple(_bar(figure) for figure in line.figures)) for line in money.funders),
        "dollars",
        f"Dollars by stage, a bar for each funder. {money.not_added}",
    )
    return Section(
        "Money by stage", money.not_added, chart=chart, grids=(definitions, funders), notes=_money_notes(money)
    )


def _bar(figure: Figure) -> float | None:
    return None if figure.value is None else float(figure.value)


def _money_notes(money: MoneyPart) -> tuple[str, ...]:
    entries = f"{money.entries:,} {'entry' if money.entries == 1 else 'entries'} of the ledger"
    last = f", the last entered on {format_day(money.last_entered_at)}" if money.last_entered_at else ""
    return (
        f"{entries}{last}. Amounts are {money.price_note}. {money.stages[0].total.rule} A ledger is a full count: "
        "its sums have no sampling error.",
    )


def quarter_section(body: PortfolioSection) -> Section:
    money = body.money
    if not money.quarters:
        return Section("Money by quarter", NO_MONEY)
    names = tuple(line.label for line in money.stages)
    grid = Grid(
        "Quarters by stage",
        (GridColumn("Quarter"), *(GridColumn(name, "usd", True) for name in names)),
        tuple((quarter_label(line.quarter), *(figure.value for figure in line.figures)) for line in money.quarters),
        "Net amounts dated in the quarter; a reversal counts as minus.",
    )
    shown = money.quarters[-QUARTERS:]
    series = tuple(
        (name, tuple(_bar(line.figures[at]) for line in shown))
        for at, name in enumerate(names)
        if any(line.figures[at].value for line in shown)
    )
    of = (
        ""
        if len(shown) == len(money.quarters)
        else (f" The chart shows the last {len(shown)} of {len(money.quarters)} quarters with entries, the table all.")
    )
    said = f"Dollars dated in each quarter, by stage.{of}"
    chart = Bars(tuple(quarter_label(line.quarter) for line in shown), series, "dollars", said)
    return Section("Money by quarter", said, chart=chart, grids=(grid,), notes=(money.not_added,))
