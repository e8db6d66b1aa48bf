"""A place's map as stored: path texts on a whole-number grid, made once when boundaries change."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

VERSION = 4  # of the stored form: what another version stored is drawn anew
NameKind = Literal["city", "near", "county"]


@dataclass(frozen=True)
class MapName:
    """A name on the map. `x`, `y`: its middle, in grid units; `rank`: 0 is the largest of its kind."""

    text: str
    x: int
    y: int
    kind: NameKind
    rank: int
    is_narrow: bool = False  # has room on a phone too
    is_deep: bool = False  # only where the reader has come closer


@dataclass(frozen=True)
class Drawing:
    """Units: `grid` meters. The frame's upper left corner is 0, 0; y grows to the south.

    `longitude`, `latitude` (degrees) lie at that corner; `width` and `height` are the frame's. `narrow` is the frame
    (left, top, width, height) that just holds the place.
    """

    longitude: float
    latitude: float
    middle: float  # latitude at which a degree of longitude was measured
    grid: float
    width: int
    height: int
    narrow: tuple[int, int, int, int]
    legend: Literal["se", "sw", "ne", "nw"]  # the corner left free for the legend
    tracts: dict[str, str]  # the place's own, by GEOID
    beside: dict[str, str]  # partly inside, not counted
    near: str  # neighboring tracts, one path
    counties: str  # borders between counties
    edge: str  # the place's own border
    names: tuple[MapName, ...]
    middles: dict[str, tuple[int, int]]  # a point inside each own tract, for circles
    titles: dict[str, str]  # what each tract of the place is called, those partly inside too

    def as_json(self) -> dict[str, Any]:
        return {"version": VERSION, **asdict(self)}


def drawing_from_json(stored: dict[str, Any]) -> Drawing:
    """Raises ValueError, TypeError or KeyError for what another version of the portal stored."""
    if stored["version"] != VERSION:
        raise ValueError(f"This drawing has the form {stored['version']}, not {VERSION}.")
    kept = {field.name: stored[field.name] for field in fields(Drawing)}
    kept["narrow"] = tuple(kept["narrow"])
    kept["names"] = tuple(MapName(**name) for name in kept["names"])
    kept["middles"] = {geoid: tuple(point) for geoid, point in kept["middles"].items()}
    return Drawing(**kept)
