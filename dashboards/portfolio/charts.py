"""Which chart a part of a portfolio becomes: from its figures to pure charts."""

import plotly.graph_objects as go

from atlas.formatting.percentiles import format_percentile, format_points
from dashboards.charts.dot_rows import DotBlock, DotRow, draw_dot_rows
from dashboards.charts.money_stages import StageBar, StageLine, draw_running, draw_stages
from dashboards.formatting.estimates import format_income
from dashboards.formatting.shown_dollars import shown_dollars
from engagements.portfolio.figures import Figure, MoneyPart, NeedLine, NeedPart
from engagements.portfolio.filters import quarter_label


def stages_figure(money: MoneyPart) -> go.Figure | None:
    """None without any entry."""
    if not money.entries:
        return None
    bars = tuple(
        StageBar(stage.label, stage.definition, tuple(_dollars(funder.figures[n]) for funder in money.funders))
        for n, stage in enumerate(money.stages)
    )
    return draw_stages(bars, tuple(funder.name for funder in money.funders), money.price_note)


def running_figure(money: MoneyPart) -> go.Figure | None:
    """None for less than two quarters: there is nothing to follow."""
    if len(money.quarters) < 2:
        return None
    lines = []
    for number, stage in enumerate(money.stages):
        total: float | None = None
        values = []
        for quarter in money.quarters:
            added = _dollars(quarter.figures[number])
            total = total if added is None else (total or 0.0) + added
            values.append(total)
        lines.append(StageLine(stage.label, tuple(values)))
    names = tuple(quarter_label(quarter.quarter) for quarter in money.quarters)
    return draw_running(names, tuple(lines), money.price_note)


def _dollars(figure: Figure) -> float | None:
    return None if figure.value is None else float(figure.value)


def _beside(line: NeedLine) -> str:
    """ "$43,000; no margin of error": the income at a city's percentile, and what it lacks."""
    income = "" if line.usd is None else format_income(line.usd)
    return "; ".join(filter(None, (income, "" if line.low is not None else "no margin of error")))


def need_figure(need: NeedPart) -> go.Figure | None:
    """Cities A to Z as dots with their intervals; None where no city has a value."""
    rows = tuple(
        DotRow(
            line.city,
            _beside(line),
            100 * line.value,
            None if line.low is None else 100 * line.low,
            None if line.high is None else 100 * line.high,
            format_percentile(line.value)
            + ("" if line.standard_error is None else f" ± {format_points(line.standard_error)}"),
        )
        for line in need.lines
        if line.value is not None
    )
    if not rows:
        return None
    incomes = any(line.usd is not None for line in need.lines)
    heading = f"Percentile, and household income there in {shown_dollars().words}" if incomes else "Percentile"
    block = DotBlock(f"{heading}, cities A to Z", "percentile of household income, all US children", rows)
    return draw_dot_rows((block,))
