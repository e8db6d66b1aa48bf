"""Names of water, streams, landmarks, schools and hospitals: which are shown, in whole words, and where."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from atlas.drawing.frame import HEIGHT, WIDTH
from atlas.drawing.names import PHONE, Box, text_box
from atlas.records.context import ContextFeature
from atlas.records.drawing import Drawing
from dashboards.maps.label_places import Spot, cells_of, is_free, place_on_area, place_on_line

Flat = tuple[ContextFeature, BaseGeometry]  # a feature with its shape in meters from the frame's corner
WATER_NAMES, STREAM_NAMES, LANDMARK_NAMES = 4, 3, 3  # at full view
DEEP_NAMES, DEEP_POINTS = 10, 12  # more where the reader has come closer
LOOKED_AT = 7  # of the widest waters, for a place where the name fits
WIDE_ENOUGH = 4.0  # pixels from the middle of a water to its bank where its name may stand
ROOMY = 10.0  # the same of a landmark named at full view
HOSPITAL, AIRPORT, CAMPUS = "K1231", "K2451", "K2540"  # MTFCC
PARKS = frozenset(f"K{code}" for code in range(2180, 2191))
# How the Census Bureau shortens words in the names of water and landmarks.
_WHOLE_WORDS = {
    "Riv": "River",
    "Lk": "Lake",
    "Crk": "Creek",
    "Cnl": "Canal",
    "Byu": "Bayou",
    "Pnd": "Pond",
    "Rsvr": "Reservoir",
    "Chnnl": "Channel",
    "Hbr": "Harbor",
    "Lgn": "Lagoon",
    "Brk": "Brook",
    "Frk": "Fork",
    "Arprt": "Airport",
    "Arpt": "Airport",
    "Coll": "College",
    "Hosp": "Hospital",
    "Intl": "International",
    "Meml": "Memorial",
    "Mem": "Memorial",
    "Natl": "National",
    "Pk": "Park",
    "Rgnl": "Regional",
    "Sch": "School",
    "Elem": "Elementary",
    "Univ": "University",
}


@dataclass(frozen=True)
class Label:
    """A name with the point it stands at, grid units, and by how many degrees it turns. `is_deep`: only where the
    reader has come closer."""

    text: str
    x: float
    y: float
    angle: float = 0.0
    is_deep: bool = False
    is_narrow: bool = False  # has room on a phone too
    is_below: bool = False  # of a point, which stands above its name


def whole_words(name: str) -> str:
    """A name as the Census Bureau shortens it, in whole words.

    >>> whole_words("Ohio Riv"), whole_words("Lk Pontchartrain"), whole_words("Wayne State Univ")
    ('Ohio River', 'Lake Pontchartrain', 'Wayne State University')
    """
    return " ".join(_WHOLE_WORDS.get(word, word) for word in name.split())


def longest(streams: Iterable[Flat], most: int, meters: float) -> list[Flat]:
    """At most so many streams of at least so many meters, the longest first."""
    long = [pair for pair in streams if pair[1].length >= meters]
    return sorted(long, key=lambda pair: (-pair[1].length, pair[0].name))[:most]


class ContextNames:
    """Places names one kind after another; none over one that stands already."""

    def __init__(self, drawing: Drawing, taken: list[Box]) -> None:
        """`taken`: boxes in pixels; what is placed is added."""
        self._meters = drawing.grid * drawing.width / WIDTH  # of one pixel
        self._k = WIDTH / drawing.width
        self._taken = taken
        self._deep = [*taken, *(text_box(n.text, n.x * self._k, n.y * self._k, 0.5) for n in drawing.names)]
        left, top, wide, high = (number * self._k for number in drawing.narrow)
        self._own = (left, top, left + wide, top + high)
        self._narrow = [text_box(n.text, n.x * self._k, n.y * self._k, PHONE) for n in drawing.names if n.is_narrow]

    def of_water(self, water: Iterable[Flat]) -> Iterator[Label]:
        """The widest waters of the frame."""
        shown = 0
        for radius, name, shape in self._by_width(water)[:LOOKED_AT]:
            if shown >= WATER_NAMES or radius < WIDE_ENOUGH:
                break
            if spot := place_on_area(shape, name, self._taken):
                shown += 1
                yield self._label(name, spot.x, spot.y, spot.angle)

    def of_streams(self, streams: Iterable[Flat]) -> Iterator[Label]:
        """The longest first."""
        shown = 0
        for one, shape in streams:
            name = whole_words(one.name)
            if shown >= STREAM_NAMES:
                break
            if spot := place_on_line(self._pixels(shape), name, self._taken):
                shown += 1
                yield self._label(name, spot.x, spot.y, spot.angle)

    def of_landmarks(self, landmarks: Iterable[Flat]) -> Iterator[Label]:
        """Parks, campuses and airports, the widest first: three at full view, more for who comes closer."""
        kept = [pair for pair in landmarks if pair[0].feature_class in PARKS | {AIRPORT, CAMPUS}]
        full, deep = 0, 0
        for radius, name, shape in self._by_width(kept):
            x, y = shapely.maximum_inscribed_circle(_largest(shape), tolerance=1.0).coords[0]
            if full < LANDMARK_NAMES and radius >= ROOMY and is_free((text_box(name, x, y),), self._taken):
                full += 1
                yield self._label(name, x, y)
            elif deep < DEEP_NAMES and is_free((text_box(name, x, y, 0.5),), self._deep):
                deep += 1
                yield self._label(name, x, y, is_deep=True)

    def of_points(self, points: Iterable[Flat]) -> Iterator[Label]:
        """Hospitals, then schools, of the ground that the place lies on; only for who comes closer."""
        left, top, right, bottom = self._own
        shown = 0
        for one, shape in sorted(points, key=lambda pair: (pair[0].feature_class != HOSPITAL, pair[0].name)):
            name = whole_words(one.name)
            for x, y in shapely.get_coordinates(self._pixels(shape)).tolist():
                box = text_box(name, x, y, 0.5)
                if shown >= DEEP_POINTS or not (left < x < right and top < y < bottom):
                    continue
                if is_free((box,), self._deep):
                    shown += 1
                    yield replace(self._label(name, x, y, is_deep=True), is_below=True)

    def _label(self, name: str, x: float, y: float, angle: float = 0.0, *, is_deep: bool = False) -> Label:
        self._deep.append(text_box(name, x, y, 0.5))
        is_narrow = False
        if not is_deep:
            cells = cells_of(name, Spot(x, y, angle))
            self._taken += cells
            self._deep += cells
            large = cells_of(name, Spot(x, y, angle), PHONE)
            is_narrow = self._is_on_phone(large)
            self._narrow += large if is_narrow else []
        return Label(name, x / self._k, y / self._k, angle, is_deep, is_narrow)

    def _is_on_phone(self, cells: list[Box]) -> bool:
        """Whether letters of a phone's size stand within what it shows, and over no other name of it."""
        left, top, right, bottom = self._own
        seen = all(left <= a and top <= b and c <= right and d <= bottom for a, b, c, d in cells)
        return seen and is_free(cells, self._narrow)

    def _pixels(self, shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(shape, lambda points: points / self._meters)

    def _by_width(self, features: Iterable[Flat]) -> list[tuple[float, str, BaseGeometry]]:
        """(radius of the widest circle inside, name, shape) in pixels of what the frame shows, the widest first."""
        view = shapely.box(0, 0, WIDTH, HEIGHT)
        by_name: dict[str, list[BaseGeometry]] = {}
        for one, shape in features:
            if one.name:
                by_name.setdefault(whole_words(one.name), []).append(self._pixels(shape))
        found = []
        for name, shapes in by_name.items():
            whole = shapely.union_all(shapely.make_valid(np.array(shapes, dtype=object)))
            part = _largest(shapely.intersection(whole, view))
            if part is not None:
                circle = shapely.maximum_inscribed_circle(part, tolerance=max(part.area**0.5 / 50, 1.0))
                found.append((float(circle.length), name, part))
        return sorted(found, key=lambda one: (-one[0], one[1]))


def _largest(shape: BaseGeometry) -> BaseGeometry | None:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 0]
    return max(parts, key=lambda part: part.area) if parts else None
