"""Running totals of the five stages by quarter: steps, because money comes in steps, each named at its end."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import plotly.graph_objects as go

from atlas.formatting.dates import format_quarter
from atlas.formatting.money import format_axis_dollars
from dashboards.charts.theme import ACCENT, BELOW_US, INK, LINE, MUTED, STEPS, new_figure
from engagements.money.rules.stages import STAGES
from engagements.money.rules.sums import Quarter

Run = Sequence[tuple[Quarter, Decimal]]
OverTime = Mapping[str, Run]  # stage -> running totals
HEIGHT = 300
MARGIN = {"l": 64, "r": 104, "t": 12, "b": 32}
# Told apart without color too: from promise (dashes) to use (the thickest line).
LINES = {
    "committed": {"color": INK, "dash": "dash", "width": 1.5},
    "allocated": {"color": MUTED, "dash": "dot", "width": 1.5},
    "obligated": {"color": STEPS[4], "width": 1.5},
    "disbursed": {"color": BELOW_US[4], "width": 2},
    "spent": {"color": ACCENT, "width": 3},
}
_WORDS = 17  # pixels of a label's line


def draw_money(over_time: OverTime, until: Quarter) -> go.Figure:
    """`until`: the quarter the reader's day is in; lines go on level to it."""
    figure = new_figure()
    quarters = quarters_of(over_time, until)
    names = [format_quarter(*each) for each in quarters]
    runs = {stage.value: filled(over_time.get(stage.value, ()), quarters) for stage in STAGES}
    amounts = [float(amount or 0) for run in runs.values() for amount in run]
    top, low = max(amounts) or 1.0, min(0.0, *amounts)
    room = (HEIGHT - MARGIN["t"] - MARGIN["b"]) / (1.06 * top - low)
    ends = _spread({stage: float(run[-1] or 0) * room for stage, run in runs.items() if any(run)}, _WORDS)
    for meaning in STAGES:
        if not any(runs[meaning.value]):
            continue
        run = [float(amount or 0) for amount in runs[meaning.value]]  # a line begins at 0 where its stage does
        figure.add_scatter(
            x=[-1, *range(len(quarters)), len(quarters) - 0.6],
            y=[0.0, *run, run[-1]],
            name=meaning.label,
            mode="lines",
            line={**LINES[meaning.value], "shape": "hv"},
            hoverinfo="skip",
        )
        figure.add_annotation(
            x=1,
            xref="paper",
            xanchor="left",
            xshift=6,
            y=run[-1],
            yanchor="middle",
            showarrow=False,
            yshift=ends[meaning.value] - run[-1] * room,
            text=meaning.label,
            align="left",
            font={"size": 13, "color": LINES[meaning.value]["color"]},
        )
    step = 1 + (len(quarters) - 1) // 6
    shown = list(range(0, len(quarters), step))
    ticks = _ticks(top)
    figure.update_layout(
        height=HEIGHT,
        margin=MARGIN,
        xaxis={
            "range": [-1, len(quarters) - 0.6],
            "tickvals": shown,
            "ticktext": [names[at] for at in shown],
            "showgrid": False,
            "ticks": "outside",
            "tickcolor": LINE,
            "tickfont": {"size": 12, "color": MUTED},
        },
        yaxis={
            "range": [low, 1.06 * top],
            "tickvals": ticks,
            "ticktext": [format_axis_dollars(each) for each in ticks],
            "gridcolor": LINE,
            "tickfont": {"size": 12, "color": MUTED},
        },
    )
    return figure


def quarters_of(over_time: OverTime, until: Quarter) -> list[Quarter]:
    """From the first entry's quarter to `until`, or to a later entry's."""
    known = [each for run in over_time.values() for each, _ in run]
    year, part = min([*known, until])
    last, found = max([*known, until]), []
    while (year, part) <= last:
        found.append((year, part))
        year, part = (year, part + 1) if part < 4 else (year + 1, 1)
    return found


def filled(run: Run, quarters: list[Quarter]) -> list[Decimal | None]:
    """A stage's running total in every quarter: None before its first entry, level after it ends."""
    known, last = dict(run), None
    found: list[Decimal | None] = []
    for each in quarters:
        last = known.get(each, last)
        found.append(last)
    return found


def _ticks(top: float) -> list[float]:
    """0 and two to four round amounts below the top."""
    size = 10.0 ** (len(str(int(top))) - 1)
    step = next(part * size for part in (0.2, 0.5, 1, 2.5) if top / (part * size) <= 4.5)
    return [step * at for at in range(int(top / step) + 1)]


def _spread(ends: dict[str, float], apart: float) -> dict[str, float]:
    """Heights in pixels at least `apart`, in their order; those of one height in the order of the stages, upwards from
    the latest."""
    order = [meaning.value for meaning in STAGES]
    lowest, found = float("-inf"), {}
    for stage in sorted(ends, key=lambda each: (ends[each], -order.index(each))):
        lowest = found[stage] = max(ends[stage], lowest + apart)
    return found
