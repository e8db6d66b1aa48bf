"""Sections of a quarterly report about money: by stage, and quarter by quarter."""

from datetime import date

from atlas.formatting.dates import format_day, format_quarter
from atlas.formatting.money import format_whole_dollars
from dashboards.documents.model import Bars, Grid, GridColumn, Section
from engagements.portfolio.figures import Figure, MoneyPart, PortfolioSection
from engagements.portfolio.filters import quarter_label

QUARTERS = 12  # in a chart: more bars than a reader tells apart are in the table alone

NO_ENTRY = "A dash: no entry of that stage is in the ledger."
NO_MONEY = "No transaction is in this part."


def stage_section(body: PortfolioSection) -> Section:
    money = body.money
    if not money.entries:
        return Section("Money by stage", NO_MONEY)
    names = tuple(line.label for line in money.stages)
    definitions = Grid(
        "The five stages",
        (GridColumn("Stage"), GridColumn("What it means", weight=4), GridColumn("Dollars", "usd", weight=1.4)),
        tuple((line.label, line.definition, line.total.value) for line in money.stages),
        f"{money.not_added} {NO_ENTRY}",
    )
    funders = Grid(
        "Funders by stage",
        (GridColumn("Funder", weight=1.8), *(GridColumn(name, "usd", True) for name in names)),
        tuple((line.name, *(figure.value for figure in line.figures)) for line in money.funders),
        NO_ENTRY,
    )
    chart = Bars(
        names,
        (("All funders", tuple(_bar(line.total) for line in money.stages)),),
        "dollars",
        f"Dollars by stage, all funders together. {money.not_added}",
        _in_short(money),
    )
    return Section(
        "Money by stage", money.not_added, charts=(chart,), grids=(definitions, funders), notes=_money_notes(money)
    )


def _in_short(money: MoneyPart) -> str:
    """ "$300,000 is committed and $62,662 spent": the first stage and the last, where both are known."""
    first, last = money.stages[0], money.stages[-1]
    if first.total.value is None or last.total.value is None:
        return ""
    said = f"{format_whole_dollars(first.total.value)} is {first.label.lower()}"
    return f"{said} and {format_whole_dollars(last.total.value)} {last.label.lower()}"


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
        f"Net amounts dated in the quarter; a reversal counts as minus. {NO_ENTRY}",
    )
    quarters = _calendar(money.quarters[0].starts_on, money.quarters[-1].starts_on)
    shown = quarters[-QUARTERS:]
    lines = {line.starts_on: line for line in money.quarters}
    drawn = (len(names) - 1, 0)  # spent, which the chart is about, beside committed; all stages are in the table
    series = tuple(
        (names[at], tuple(_bar(lines[day].figures[at]) if day in lines else None for day in shown)) for at in drawn
    )
    of = f" The chart shows the last {len(shown)} quarters, the table all." if len(shown) < len(quarters) else ""
    said = f"Dollars dated in each quarter, {names[drawn[0]].lower()} and {names[drawn[1]].lower()}.{of}"
    labels = tuple(format_quarter(day.year, (day.month + 2) // 3) for day in shown)
    chart = Bars(labels, series, "dollars", said, is_over_time=True)
    return Section("Money by quarter", said, charts=(chart,), grids=(grid,), notes=(money.not_added,))


def _calendar(first: date, last: date) -> list[date]:
    """First days of every quarter from one to the other: one without an entry has its place on the axis too."""
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month, 3)
    return [date(month // 12, month % 12 + 1, 1) for month in months]
