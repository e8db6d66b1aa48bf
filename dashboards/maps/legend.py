"""The legend that is a histogram: a place's tracts in map colors, all US tracts as a line, the color strip its axis.

One writer for the page (classes) and for pictures (paint); compare draws several that share `top` and the bins.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from dashboards.formatting.estimates import format_tick
from dashboards.maps.looks import as_class

WIDTH, HEIGHT = 312, 128
PLOT, STRIP, FOOT = 84.0, 10.0, 88.0  # height of the bars, of the strip, and where the strip begins
ROOM = 22.0  # pixels between two labels of the strip
LETTER = 6.4


@dataclass(frozen=True)
class Histogram:
    """`bins` (n + 1) edges in the measure's unit; `own` (n) and `nation` (n) shares of tracts, each of its own total.

    `edges` cut the strip into `steps`, a class each; `middle` is the middle US tract. `words` say it all to a listener.
    """

    bins: NDArray[np.floating]
    own: NDArray[np.floating]
    nation: NDArray[np.floating]
    edges: tuple[float, ...]
    steps: tuple[str, ...]
    middle: float | None
    unit: str
    words: str
    middle_words: tuple[str, str] = ("", "")  # "Middle US tract", "$33,700"
    here: float | None = None  # one tract's own value
    here_words: str = ""

    @property
    def top(self) -> float:
        """The highest share drawn; histograms set side by side share the largest of theirs."""
        return float(max(self.own.max(initial=0), self.nation.max(initial=0)))


def shares_of(values: NDArray[np.floating], bins: NDArray[np.floating]) -> NDArray[np.floating]:
    """Shares (n) of the values that are known, in bins (n + 1 edges); what lies beyond counts in the outermost."""
    known = values[np.isfinite(values)].astype(float)
    if not known.size or bins.size < 2:
        return np.zeros(max(bins.size - 1, 0))
    counts, _ = np.histogram(np.clip(known, bins[0], bins[-1]), bins=bins)
    shares: NDArray[np.floating] = counts / known.size
    return shares


def draw_legend(shown: Histogram, look: Callable[[str], str] = as_class, top: float | None = None) -> str:
    """The `<svg>` of the histogram; "" where the nation has no value."""
    inside = legend_group(shown, look, top)
    return (
        f'<svg class="map-hist" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(shown.words)}">'
        f"{inside}</svg>"
        if inside
        else ""
    )


def legend_group(shown: Histogram, look: Callable[[str], str], top: float | None = None) -> str:
    if shown.bins.size < 2:
        return ""
    low, high = float(shown.bins[0]), float(shown.bins[-1])
    highest = top or shown.top or 1.0

    def x(value: float) -> float:
        return (min(max(value, low), high) - low) / (high - low) * WIDTH

    def y(share: float) -> float:
        return FOOT - share / highest * PLOT

    middles = (shown.bins[:-1] + shown.bins[1:]) / 2
    steps = np.searchsorted(np.asarray(shown.edges), middles, side="right").tolist()
    bars = [
        f'<rect{look(shown.steps[step])} x="{x(a):.1f}" y="{y(share):.1f}" width="{x(b) - x(a):.1f}" '
        f'height="{FOOT - y(share):.1f}"/>'
        for a, b, share, step in zip(
            shown.bins[:-1].tolist(), shown.bins[1:].tolist(), shown.own.tolist(), steps, strict=True
        )
        if share > 0
    ]
    points = "L".join(
        f"{x(at):.1f} {y(share):.1f}" for at, share in zip(middles.tolist(), shown.nation.tolist(), strict=True)
    )
    drawn = [*bars, f'<path{look("hist-us")} d="M{points}"/>', *_strip(shown, x, look)]
    if shown.middle is not None:
        at = x(shown.middle)
        drawn.append(f'<path{look("hist-rule")} d="M{at:.1f} 4V{FOOT + STRIP}"/>')
        drawn += _beside(at, shown.middle_words, look)
        drawn.append(f'<text{look("hist-text")} x="{WIDTH}" y="66" text-anchor="end">all US tracts</text>')
    if shown.here is not None:
        drawn += _here(x(shown.here), None if shown.middle is None else x(shown.middle), shown.here_words, look)
    return "".join(drawn)


def _here(at: float, middle: float | None, words: str, look: Callable[[str], str]) -> list[str]:
    """An arrow down to the strip, its word on the side away from the middle's rule."""
    right = middle is not None and at >= middle
    where = f'x="{at + 8:.0f}"' if right else f'x="{at - 8:.0f}" text-anchor="end"'
    if not right and at < len(words) * LETTER + 10:
        where = f'x="{at + 8:.0f}"'
    return [
        f'<path{look("hist-here")} d="M{at:.1f} 42V{FOOT - 6}"/>',
        f'<path{look("hist-here-tip")} d="M{at:.1f} {FOOT + 1}l-6-9h12z"/>',
        f'<text{look("hist-strong")} {where} y="50">{escape(words)}</text>',
    ]


def _beside(at: float, words: tuple[str, str], look: Callable[[str], str]) -> list[str]:
    """The rule's two words on the side with more room."""
    right = at < WIDTH / 2 or at + max(map(len, words)) * LETTER + 6 < WIDTH
    where = f'x="{at + 6:.0f}"' if right else f'x="{at - 6:.0f}" text-anchor="end"'
    return [
        f'<text{look("hist-strong")} {where} y="14">{escape(words[0])}</text>',
        f'<text{look("hist-text")} {where} y="29">{escape(words[1])}</text>',
    ]


def _strip(shown: Histogram, x: Callable[[float], float], look: Callable[[str], str]) -> list[str]:
    """The colors as an axis, with the edges that have room; unit signs at both ends only."""
    ends = [0.0, *(x(edge) for edge in shown.edges), float(WIDTH)]
    drawn = [
        f'<rect{look(step)} x="{a:.1f}" y="{FOOT + 2}" width="{max(b - a, 0):.1f}" height="{STRIP}"/>'
        for step, a, b in zip(shown.steps, ends[:-1], ends[1:], strict=True)
    ]
    labeled = [edge for edge in shown.edges if edge != shown.middle]
    taken: list[tuple[float, float]] = []
    for place, edge in sorted(enumerate(labeled), key=lambda pair: (0 < pair[0] < len(labeled) - 1, pair[0])):
        words = format_tick(edge, shown.unit)
        if 0 < place < len(labeled) - 1:
            words = words.strip("$k%")
        half = max(len(words) * LETTER, ROOM * 0.6) / 2
        at = min(max(x(edge), half), WIDTH - half)
        if all(at + half < left or right < at - half for left, right in taken):
            taken.append((at - half, at + half))
            where = f'x="{at:.0f}" y="{FOOT + STRIP + 17:g}" text-anchor="middle"'
            drawn.append(f"<text{look('hist-text')} {where}>{escape(words)}</text>")
    return drawn


GROUPS_HEIGHT = 40


def draw_groups(edges: tuple[float, ...], steps: tuple[str, ...], unit: str, words: str) -> str:
    """Groups within one place: a strip of equal parts, `edges` (groups + 1) from the lowest value to the highest."""
    inside = groups_group(edges, steps, unit, as_class)
    return (
        f'<svg class="map-hist" viewBox="0 0 {WIDTH} {GROUPS_HEIGHT}" role="img" aria-label="{escape(words)}">'
        f"{inside}</svg>"
    )


def groups_group(edges: tuple[float, ...], steps: tuple[str, ...], unit: str, look: Callable[[str], str]) -> str:
    """The same without its `<svg>`."""
    wide = WIDTH / len(steps)
    drawn = [
        f'<rect{look(step)} x="{place * wide:.1f}" y="4" width="{wide:.1f}" height="14"/>'
        for place, step in enumerate(steps)
    ]
    for place, edge in enumerate(edges):
        anchor = "start" if place == 0 else "end" if place == len(edges) - 1 else "middle"
        where = f'x="{place * wide:.0f}" y="35" text-anchor="{anchor}"'
        drawn.append(f"<text{look('hist-text')} {where}>{escape(format_tick(edge, unit))}</text>")
    return "".join(drawn)
