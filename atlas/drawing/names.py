"""Which names stand on a map, and where: the widest places first, none over another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from atlas.drawing.frame import HEIGHT, WIDTH, Frame, covered
from atlas.records.drawing import MapName, NameKind

AT_FULL_VIEW, NEIGHBORHOODS, ON_A_PHONE, WHEN_CLOSER = 20, 10, 8, 24
LETTER, LINE, LINE_LENGTH = 6.7, 15.0, 11  # pixels wide and high; letters of a line before a name breaks
PHONE = 2.2  # text on a phone covers so much more of the map
EDGE = 6.0

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Candidate:
    """A name with the middle of the widest circle inside its place, meters, and that circle's radius."""

    text: str
    kind: NameKind
    x: float
    y: float
    radius: float


def dissolve(shapes: NDArray[np.object_], names: Iterable[str]) -> dict[str, BaseGeometry]:
    """Shapes with one name joined; those without a name are left out."""
    members: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        if name:
            members.setdefault(name, []).append(place)
    return {name: shapely.coverage_union_all(shapes[found]) for name, found in members.items()}


def candidates(joined: Mapping[str, BaseGeometry], kind: NameKind) -> list[Candidate]:
    """A point for each name, at the middle of the widest circle its largest part holds."""
    found = []
    for text, shape in joined.items():
        parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 0]
        if not parts:
            continue
        part = max(parts, key=lambda one: one.area)
        circle = shapely.maximum_inscribed_circle(part, tolerance=max(part.area**0.5 / 50, 1.0))
        x, y = circle.coords[0]
        found.append(Candidate(text, kind, x, y, float(circle.length)))
    return sorted(found, key=lambda one: (-one.radius, one.text))


def place_names(
    groups: Iterable[list[Candidate]], frame: Frame, grid: float, phone: Box = (0.0, 0.0, WIDTH, HEIGHT)
) -> tuple[MapName, ...]:
    """At most 20 names at full view, ten of them neighborhoods, 8 on a phone; more where the reader comes closer.

    `phone`: left, top, right, bottom in pixels of what a phone shows. Groups in order of precedence; a name that would
    cover another, a control or the frame's edge is dropped.
    """
    taken, narrow = covered(frame), list[Box]()
    deep: list[Box] = []
    shown: list[MapName] = []
    counts = {"city": 0, "near": 0, "county": 0, "narrow": 0, "deep": 0}
    for rank, one in ((rank, one) for group in groups for rank, one in enumerate(group)):
        x, y = (one.x - frame.left) / frame.meters, (one.y - frame.top) / frame.meters
        box, small = text_box(one.text, x, y), text_box(one.text, x, y, PHONE)
        inside = box[0] >= EDGE and box[1] >= EDGE and box[2] <= WIDTH - EDGE and box[3] <= HEIGHT - EDGE
        most = NEIGHBORHOODS if one.kind == "city" else AT_FULL_VIEW
        full = sum(counts[kind] for kind in ("city", "near", "county")) >= AT_FULL_VIEW
        at = round((one.x - frame.left) / grid), round((one.y - frame.top) / grid)
        if inside and not full and counts[one.kind] < most and not _hits(box, taken):
            seen = phone[0] <= small[0] and phone[1] <= small[1] and small[2] <= phone[2] and small[3] <= phone[3]
            fits = counts["narrow"] < ON_A_PHONE and seen and not _hits(small, narrow)
            shown.append(MapName(one.text, *at, one.kind, rank, is_narrow=fits))
            taken.append(box)
            deep.append(text_box(one.text, x, y, 0.5))
            counts[one.kind] += 1
            if fits:
                narrow.append(small)
                counts["narrow"] += 1
        elif one.kind == "city" and counts["deep"] < WHEN_CLOSER:
            half = text_box(one.text, x, y, 0.5)
            if not _hits(half, deep):
                shown.append(MapName(one.text, *at, one.kind, rank, is_deep=True))
                deep.append(half)
                counts["deep"] += 1
    return tuple(shown)


def lines_of_name(text: str) -> list[str]:
    """A long name in two lines, broken at the space nearest its middle."""
    spaces = [place for place, letter in enumerate(text) if letter == " "]
    if len(text) <= LINE_LENGTH or not spaces:
        return [text]
    at = min(spaces, key=lambda place: abs(place - len(text) / 2))
    return [text[:at], text[at + 1 :]]


def text_box(text: str, x: float, y: float, scale: float = 1.0) -> Box:
    """left, top, right, bottom in pixels of a name centered at x, y."""
    lines = lines_of_name(text)
    wide, high = max(map(len, lines)) * LETTER * scale, len(lines) * LINE * scale
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def _hits(box: Box, others: Iterable[Box]) -> bool:
    left, top, right, bottom = box
    return any(left < r and l < right and top < b and t < bottom for l, t, r, b in others)  # noqa: E741
