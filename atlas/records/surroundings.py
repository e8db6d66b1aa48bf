"""A tract and the tracts around it, as a small map and a row of dots need them."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class NearbyTract:
    """`value` in the measure's unit, None without one; `border`: meters it shares with the tract in the middle."""

    geoid: str
    title: str
    value: float | None
    border: float
    shape: Any = field(repr=False, compare=False)  # shapely, meters from the frame's lower left corner


@dataclass(frozen=True)
class Surroundings:
    """Everything within the frame, the tract itself among it. `width` and `height` in meters; north is up."""

    geoid: str
    width: float
    height: float
    tracts: tuple[NearbyTract, ...]
    water: tuple[Any, ...] = field(default=(), repr=False)  # shapely, on the same ground; () where no layer is loaded
    main_roads: tuple[Any, ...] = field(default=(), repr=False)  # highways (S1100)
    roads: tuple[Any, ...] = field(default=(), repr=False)  # other main roads (S1200)

    @property
    def itself(self) -> NearbyTract:
        return next(one for one in self.tracts if one.geoid == self.geoid)

    @property
    def neighbors(self) -> tuple[NearbyTract, ...]:
        """Those that share a border, the longest first."""
        beside = [one for one in self.tracts if one.border > 0 and one.geoid != self.geoid]
        return tuple(sorted(beside, key=lambda one: (-one.border, one.geoid)))
