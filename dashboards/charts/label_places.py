"""Where to put labels beside dots so that none covers another, for any set of places.

Every label tries positions around its dot, near ones first; the set is improved one label at a
time until nothing gets better. Deterministic: the same dots always give the same map.
"""

from dataclasses import dataclass
from math import cos, hypot, pi, sin


@dataclass(frozen=True)
class Label:
    """A label's box in drawing units: x, y of its top left corner, and where its leader ends."""

    x: float
    y: float
    width: float
    height: float
    anchor_x: float
    anchor_y: float
    distance: float


def place_labels(
    dots: list[tuple[float, float]], widths: list[float], height: float, frame: tuple[float, float], step: float = 10.0
) -> list[Label]:
    """One label per dot inside the frame (width, height), leaders as short as they can be."""
    choices = [_candidates(dot, width, height, frame, step) for dot, width in zip(dots, widths, strict=True)]
    chosen = [candidates[0] for candidates in choices]
    for _ in range(12):
        before = list(chosen)
        for index, candidates in enumerate(choices):
            others = chosen[:index] + chosen[index + 1 :]
            other_dots = dots[:index] + dots[index + 1 :]
            chosen[index] = min(candidates, key=lambda label: _cost(label, dots[index], others, other_dots))
        if chosen == before:
            break
    return chosen


def _candidates(
    dot: tuple[float, float], width: float, height: float, frame: tuple[float, float], step: float
) -> list[Label]:
    found = []
    for ring in range(1, 15):
        distance = step * (0.9 + 0.75 * (ring - 1))
        for turn in range(24):
            angle = turn * pi / 12
            ax, ay = dot[0] + distance * cos(angle), dot[1] + distance * sin(angle)
            x = ax if cos(angle) > 0.3 else ax - width if cos(angle) < -0.3 else ax - width / 2
            y = ay - height / 2 + sin(angle) * height / 2
            if x >= 2 and y >= 2 and x + width <= frame[0] - 2 and y + height <= frame[1] - 2:
                found.append(Label(x, y, width, height, ax, ay, distance))
    return found or [Label(dot[0], dot[1], width, height, dot[0], dot[1], 0.0)]


def _cost(label: Label, dot: tuple[float, float], others: list[Label], dots: list[tuple[float, float]]) -> float:
    cost = label.distance + abs(label.anchor_y - dot[1]) * 0.15
    for other in others:
        cost += 400 * _overlap(label, other, 3)
    for x, y in dots:
        inside = label.x - 7 < x < label.x + label.width + 7 and label.y - 7 < y < label.y + label.height + 7
        cost += 4000 if inside else 0
        cost += 600 if _near_line((x, y), dot, (label.anchor_x, label.anchor_y)) < 7 else 0
    for other in others:
        for part in (0.0, 0.25, 0.5, 0.75, 1.0):
            x, y = dot[0] + part * (label.anchor_x - dot[0]), dot[1] + part * (label.anchor_y - dot[1])
            cost += 900 if other.x < x < other.x + other.width and other.y < y < other.y + other.height else 0
    return cost


def _overlap(one: Label, two: Label, gap: float) -> float:
    wide = min(one.x + one.width, two.x + two.width) - max(one.x, two.x) + gap
    high = min(one.y + one.height, two.y + two.height) - max(one.y, two.y) + gap
    return max(0.0, wide) * max(0.0, high)


def _near_line(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = (
        0.0 if length == 0 else max(0.0, min(1.0, ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length))
    )
    return hypot(point[0] - start[0] - along * dx, point[1] - start[1] - along * dy)
