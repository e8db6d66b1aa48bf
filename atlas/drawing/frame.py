"""How large the map is drawn and where, so that controls and legend cover no tract of the place."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

WIDTH, HEIGHT = 800, 520  # the frame in its own pixels: a desk's map; on a phone the same drawing is laid out smaller
MARGIN = 14
CONTROLS = (0, 0, 258, 56)  # left, top, right, bottom: "Beside the US / Within Detroit"
LEGEND = (340, 186)  # width, height
WORTH_IT = 1.12  # another corner than the usual one must make the map so much larger
LONGEST, STEPS = 2.0, 16  # at most so much smaller than a map without a legend; sizes tried
Corner = Literal["se", "sw", "ne", "nw"]
CORNERS: tuple[Corner, ...] = ("se", "sw", "ne", "nw")


@dataclass(frozen=True)
class Frame:
    """In meters; `meters` of ground are one pixel."""

    left: float
    top: float
    meters: float
    legend: Corner

    @property
    def box(self) -> tuple[float, float, float, float]:
        """left, top, right, bottom."""
        return self.left, self.top, self.left + WIDTH * self.meters, self.top + HEIGHT * self.meters


def choose_frame(place: BaseGeometry) -> Frame:
    """The largest scale at which some corner is free for the legend; `place` in meters, y to the south."""
    west, north, east, south = shapely.bounds(place).tolist()
    wide, high = max(east - west, 100.0), max(south - north, 100.0)
    tight = max(wide / (WIDTH - 2 * MARGIN), high / (HEIGHT - 2 * MARGIN))
    shapely.prepare(place)
    best: Frame | None = None
    for corner in CORNERS:
        found = _largest(place, corner, tight, (west, north, wide, high))
        if found is not None and (best is None or found.meters * WORTH_IT < best.meters):
            best = found
    if best is not None:
        return best
    meters = tight * LONGEST
    return Frame((west + east) / 2 - WIDTH * meters / 2, (north + south) / 2 - HEIGHT * meters / 2, meters, "se")


def _largest(
    place: BaseGeometry, corner: Corner, tight: float, bounds: tuple[float, float, float, float]
) -> Frame | None:
    """The largest map with the legend in this corner; None where no size tried leaves it free."""
    for meters in (tight * np.linspace(1.0, LONGEST, STEPS)).tolist():
        for left, top in _positions(*bounds, meters):
            if not any(_meets(place, box, left, top, meters) for box in (CONTROLS, _legend_box(corner))):
                return Frame(left, top, meters, corner)
    return None


def _positions(west: float, north: float, wide: float, high: float, meters: float) -> list[tuple[float, float]]:
    """Upper left corners of the frame with the place inside it, the most central first."""
    slack_x = WIDTH * meters - wide - 2 * MARGIN * meters
    slack_y = HEIGHT * meters - high - 2 * MARGIN * meters
    shares = np.linspace(0, 1, 9)
    every = [(float(a), float(b)) for a in shares for b in shares]
    every.sort(key=lambda pair: (abs(pair[0] - 0.5) + abs(pair[1] - 0.5), pair))
    return [
        (west - MARGIN * meters - a * max(slack_x, 0.0), north - MARGIN * meters - b * max(slack_y, 0.0))
        for a, b in every
    ]


def _legend_box(corner: Corner) -> tuple[int, int, int, int]:
    left = WIDTH - LEGEND[0] if corner[1] == "e" else 0
    # The controls stand in the upper left corner: a legend there would lie below them.
    top = HEIGHT - LEGEND[1] if corner[0] == "s" else (CONTROLS[3] if corner == "nw" else 0)
    return left, top, left + LEGEND[0], top + LEGEND[1]


def _meets(place: BaseGeometry, box: tuple[int, int, int, int], left: float, top: float, meters: float) -> bool:
    x0, y0, x1, y1 = box
    on_ground = shapely.box(left + x0 * meters, top + y0 * meters, left + x1 * meters, top + y1 * meters)
    return bool(shapely.intersects(place, on_ground))


def covered(frame: Frame) -> list[tuple[float, float, float, float]]:
    """Boxes in pixels where no name may stand: controls, legend, and the line of years at the lower left, or at the
    lower right of a legend that stands there."""
    left = WIDTH - 300.0 if frame.legend == "sw" else 0.0
    years = (left, HEIGHT - 26.0, left + 300.0, float(HEIGHT))
    return [tuple(map(float, CONTROLS)), tuple(map(float, _legend_box(frame.legend))), years]  # type: ignore[list-item]
