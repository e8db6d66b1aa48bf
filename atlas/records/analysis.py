"""What the analyses of a place rest on: frozen records, arrays aligned by tract, no ORM objects.

Units as in `atlas.records.places`: ranks and shares 0-1, NaN without a value.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from atlas.formatting.tract_names import tract_title
from atlas.records.places import MeasureRecord, Place, Source, any_sample


@dataclass(frozen=True)
class TractGroup:
    """The tracts of a place around (or of) the city; arrays (n,)."""

    kind: str  # "county", "commuting zone" or "nation"
    name: str
    values: NDArray[np.floating] = field(repr=False)
    standard_errors: NDArray[np.floating] | None = field(repr=False)
    weights: NDArray[np.floating] = field(repr=False)


@dataclass(frozen=True)
class OutcomeTracts:
    """An outcome over the tracts that belong to a place, and the children they stand for; arrays (n,) by GEOID."""

    place: Place
    measure: MeasureRecord
    geoids: tuple[str, ...]
    names: tuple[str, ...]
    values: NDArray[np.floating] = field(repr=False)
    standard_errors: NDArray[np.floating] | None = field(repr=False)  # None when the file publishes none
    weights: NDArray[np.floating] = field(
        repr=False
    )  # children of parents below the national median, NaN where unknown
    weight_rule: str = ""
    derivation: str = ""  # how ranks were obtained, "" when published as ranks
    around: tuple[TractGroup, ...] = ()
    sources: tuple[Source, ...] = ()
    reason: str = ""  # why there is nothing to analyze

    @property
    def titles(self) -> tuple[str, ...]:
        """What people read in place of the publisher's names: "Corktown", "Tract 5222, Detroit"."""
        return tuple(tract_title(geoid, name) for geoid, name in zip(self.geoids, self.names, strict=True))

    @property
    def used(self) -> NDArray[np.bool_]:
        """bool (n,): a value and a weight above 0, and a standard error where the file has them."""
        known: NDArray[np.bool_] = np.isfinite(self.values) & np.isfinite(self.weights) & (self.weights > 0)
        if self.standard_errors is not None:
            known &= np.isfinite(self.standard_errors)
        return known

    @property
    def is_sample(self) -> bool:
        return self.place.geometry_is_sample or any_sample(self.sources)


@dataclass(frozen=True)
class TractDraws:
    """Draws (D, m) of the true values of the m tracts that are `drawn` (bool (n,), aligned with `tracts`).

    `draws` is None where `reason` says why nothing could be drawn.
    """

    tracts: OutcomeTracts
    drawn: NDArray[np.bool_] = field(repr=False)
    draws: NDArray[np.floating] | None = field(repr=False)
    reason: str = ""

    @property
    def geoids(self) -> tuple[str, ...]:
        """Of the columns of `draws`."""
        return tuple(geoid for geoid, kept in zip(self.tracts.geoids, self.drawn.tolist(), strict=True) if kept)

    @property
    def children(self) -> NDArray[np.floating]:
        """(m,) behind the columns of `draws`."""
        return self.tracts.weights[self.drawn]


@dataclass(frozen=True)
class Characteristic:
    """A neighborhood characteristic at a place's tracts, values (n,) aligned with OutcomeTracts."""

    measure: MeasureRecord
    values: NDArray[np.floating] = field(repr=False)


@dataclass(frozen=True)
class GroupCounts:
    """Two groups of children in the tracts of one ground; arrays (n,), NaN where a count is unknown."""

    kind: str  # "city", "area", "county", "commuting zone" or "nation"
    name: str
    first: NDArray[np.floating] = field(repr=False)
    second: NDArray[np.floating] = field(repr=False)


# How children were counted, within the rule's words: panels say by it why a number has no margin of error.
MODELED = "modeled weight"
PUBLISHED = "the source's count"


@dataclass(frozen=True)
class ChildGroups:
    """Two groups of children, counted in the place and around it."""

    slug: str
    first: str  # "low-income children"
    second: str
    rule: str  # how the children were counted
    grounds: tuple[GroupCounts, ...] = ()
    sources: tuple[Source, ...] = ()
    reason: str = ""  # why there are no counts


@dataclass(frozen=True)
class Outlines:
    """The polygons of tracts in meters, aligned with `geoids`; None where no outline is live."""

    geoids: tuple[str, ...]
    polygons: NDArray[np.object_] = field(repr=False)  # shapely objects or None
    sources: tuple[Source, ...] = ()
