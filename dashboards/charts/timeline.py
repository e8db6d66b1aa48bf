"""Small charts of published series under each other: each its own value axis, all one axis of time.

A dot is a value, a thin line its publisher's bounds; a hollow dot is graded Weak or is provisional, in words too.
Lines join values of one grade only, and never reach across a value that is withheld.
"""

import textwrap
from dataclasses import dataclass
from datetime import date
from typing import Any

import plotly.graph_objects as go

from atlas.formatting.ranges import join_ends
from atlas.records.places import Series
from atlas.statistics.change import unbroken_runs
from dashboards.charts.theme import ACCENT, INK, LINE, MUTED, PAPER, Notes, escape, new_figure
from dashboards.formatting.series import CHANGES, describe_change, format_reading, label_of, period_label

PLOT, TITLE_LINE, SENTENCE_LINE, GAP = 118, 21, 17, 44  # pixels
WRAP_TITLE, WRAP_SENTENCE = 37, 50  # letters that fit 340 pixels, the title in bold
MANY = 24  # points from which a line says more than dots


@dataclass(frozen=True)
class _Block:
    series: Series
    title: list[str]
    sentence: list[str]

    @property
    def words(self) -> int:
        return len(self.title) * TITLE_LINE + len(self.sentence) * SENTENCE_LINE + 8

    @property
    def height(self) -> int:
        return self.words + PLOT


def draw_timelines(shown: tuple[tuple[Series, str], ...], note: str = "") -> go.Figure:
    """One chart for each (series, name of its area); all series are of years, or none is. `note` stands below them,
    inside the picture, so that a copy of it has the words too."""
    figure, notes = new_figure(), Notes()
    blocks = [
        _Block(
            series,
            textwrap.wrap(f"{label_of(series)}, {area}", WRAP_TITLE),
            textwrap.wrap(describe_change(series), WRAP_SENTENCE),
        )
        for series, area in shown
    ]
    if not blocks:
        return figure
    total = sum(block.height for block in blocks) + GAP * (len(blocks) - 1)
    low, high = _span(shown)
    reached = 0
    for number, block in enumerate(blocks, start=1):
        suffix = "" if number == 1 else str(number)
        top, bottom = 1 - (reached + block.words) / total, 1 - (reached + block.height) / total
        _write(notes, block, 1 - reached / total)
        _axes(figure, block.series, suffix, (max(0.0, bottom), top), low, high)
        _draw(figure, notes, block.series, suffix)
        reached += block.height + GAP
    below = textwrap.wrap(note, WRAP_SENTENCE)
    room = 32 + SENTENCE_LINE * len(below)
    if below:
        notes.add_annotation(
            text="<br>".join(escape(line) for line in below),
            x=0,
            xref="paper",
            xshift=-50,
            y=0,
            yref="paper",
            yshift=-26,
            yanchor="top",
            xanchor="left",
            align="left",
            showarrow=False,
            font={"size": 12, "color": MUTED},
        )
    notes.put_on(figure)
    margin = {"l": 54, "r": 14, "t": 8, "b": room}
    figure.update_layout(height=total + 8 + room, margin=margin, hovermode="closest")
    return figure


def _span(shown: tuple[tuple[Series, str], ...]) -> tuple[date, date]:
    periods = [
        p
        for s, _ in shown
        for p, v, r in zip(s.periods, s.values, s.excluded_reasons, strict=True)
        if p and (v is not None or r)
    ]
    return (min(periods), max(periods)) if periods else (date(2014, 1, 1), date(2023, 1, 1))


def _write(notes: Notes, block: _Block, y: float) -> None:
    title = "<br>".join(escape(line) for line in block.title)
    sentence = "<br>".join(escape(line) for line in block.sentence)
    notes.add_annotation(
        text=f'<b>{title}</b><br><span style="font-size:12px">{sentence}</span>',
        x=0,
        xref="paper",
        xshift=-50,
        y=y,
        yref="paper",
        yanchor="top",
        xanchor="left",
        align="left",
        showarrow=False,
        font={"size": 14, "color": INK},
    )


def _axes(figure: go.Figure, series: Series, suffix: str, domain: tuple[float, float], low: date, high: date) -> None:
    years = list(range(low.year, high.year + 1))
    step = 1 + (len(years) - 1) // 6
    ticks = [year for year in years if (years[-1] - year) % step == 0]
    margin = 0.4 if series.period_kind == "year" else 0.05
    figure.update_layout(
        {
            f"xaxis{suffix}": {
                "anchor": f"y{suffix}",
                "range": [low.year + _part(low) - margin, high.year + _part(high) + margin],
                "tickvals": ticks,
                "ticktext": [str(tick) for tick in ticks],
                "showgrid": False,
                "fixedrange": True,
                "ticks": "outside",
                "tickcolor": LINE,
                "tickfont": {"size": 12, "color": MUTED},
            },
            f"yaxis{suffix}": {
                "anchor": f"x{suffix}",
                "domain": list(domain),
                "fixedrange": True,
                "gridcolor": LINE,
                "tickfont": {"size": 12, "color": MUTED},
                **_values_axis(series),
            },
        }
    )


def _values_axis(series: Series) -> dict[str, Any]:
    """Range with room for the words of grades, and two or three ticks in the series' unit."""
    numbers = [n for column in (series.values, series.lower, series.upper) for n in column if n is not None]
    if not numbers:
        return {"visible": False, "range": [0, 1]}
    low, high = min(numbers), max(numbers)
    if series.metric.unit in CHANGES:
        low, high = min(low, 0.0), max(high, 0.0)
    room = (high - low) or abs(high) or 1.0
    ticks = [low, high] if high > low else [high]
    return {
        "range": [low - 0.12 * room, high + 0.32 * room],
        "tickvals": ticks,
        "ticktext": [format_reading(tick, series.metric.unit) for tick in ticks],
    }


def _draw(figure: go.Figure, notes: Notes, series: Series, suffix: str) -> None:
    axes = {"xaxis": f"x{suffix}", "yaxis": f"y{suffix}"}
    name = escape(label_of(series))
    position = [None if p is None else p.year + _part(p) for p in series.periods]
    dense = sum(value is not None for value in series.values) > MANY
    if series.metric.unit in CHANGES:
        notes.add_shape(
            type="line",
            xref=f"x{suffix} domain",
            yref=f"y{suffix}",
            x0=0,
            x1=1,
            y0=0,
            y1=0,
            line={"color": MUTED, "width": 1, "dash": "dot"},
        )
    for run in unbroken_runs(series.values, series.quality, series.excluded_reasons):
        hollow = [series.quality[i] == "Weak" or series.provisional[i] for i in run]
        known = [i for i in run if None not in (series.lower[i], series.upper[i])]
        if known:
            x = [part for i in known for part in (position[i], position[i], None)]
            y = [part for i in known for part in (series.lower[i], series.upper[i], None)]
            figure.add_scatter(
                x=x,
                y=y,
                mode="lines",
                line={"color": ACCENT, "width": 2},
                hoverinfo="skip",
                name=f"{name}, margin of error",
                **axes,
            )
        figure.add_scatter(
            x=[position[i] for i in run],
            y=[series.values[i] for i in run],
            name=name,
            mode="lines" if dense and not any(hollow) else "lines+markers",
            line={"color": ACCENT, "width": 1.5 if dense else 1},
            marker={
                "size": [0 if dense and not h else 9 for h in hollow],
                "color": [PAPER if h else ACCENT for h in hollow],
                "line": {"color": ACCENT, "width": 2},
                "opacity": 1,
            },
            customdata=[_hover(series, i) for i in run],
            hovertemplate="%{customdata}<extra></extra>",
            **axes,
        )
        _name_run(notes, series, run, position, suffix)
    _note_withheld(notes, series, position, suffix)


def _name_run(notes: Notes, series: Series, run: list[int], position: list[float | None], suffix: str) -> None:
    """The publisher's grade above its first dot; "provisional" at the right end."""
    grade = series.quality[run[0]].lower()
    words = [(run[0], grade)] if grade else []
    words += [(run[-1], "provisional")] if series.provisional[run[-1]] else []
    if not words:
        return
    known = [at for at in position if at is not None]
    middle = (min(known) + max(known)) / 2
    for index, text in words:
        at = position[index]
        right = at is not None and at > middle
        notes.add_annotation(
            x=at,
            xref=f"x{suffix}",
            y=1,
            yref=f"y{suffix} domain",
            text=escape(text),
            showarrow=False,
            xanchor="right" if right and index == run[-1] else "left",
            yanchor="top",
            xshift=0 if right else -6,
            font={"size": 11, "color": MUTED},
        )


def _note_withheld(notes: Notes, series: Series, position: list[float | None], suffix: str) -> None:
    withheld = [i for i, reason in enumerate(series.excluded_reasons) if reason]
    if not withheld:
        return
    years = [period_label(series.periods[i], series.period_kind) for i in withheld]
    span = years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}"
    notes.add_annotation(
        x=0.5,
        xref=f"x{suffix} domain",
        y=0.5,
        yref=f"y{suffix} domain",
        showarrow=False,
        text=f"{span}: published, not shown",
        font={"size": 12, "color": MUTED},
        bgcolor=PAPER,
    )


def _hover(series: Series, i: int) -> str:
    unit = series.metric.unit
    said = f"{period_label(series.periods[i], series.period_kind)}: {format_reading(series.values[i], unit)}"
    if None not in (series.lower[i], series.upper[i]):
        bounds = join_ends(format_reading(series.lower[i], unit), format_reading(series.upper[i], unit))
        said += f"<br>margin of error {bounds}"
    if series.quality[i]:
        said += f"<br>graded {escape(series.quality[i])}"
    return said + ("<br>provisional" if series.provisional[i] else "")


def _part(day: date) -> float:
    """How much of its year has passed, 0-1; yearly series stand on their year."""
    return (day.timetuple().tm_yday - 1) / 366
