"""Vectors of a release as arrays. A release never changes, so what is read is kept in memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from atlas.models import AreaIndex, Estimate


@dataclass(frozen=True)
class Vector:
    """Aligned arrays: geoids int64 sorted, value and standard_error float32 with NaN for an empty field."""

    geoids: np.ndarray
    value: np.ndarray
    standard_error: np.ndarray | None

    def at(self, geoids: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """(values, standard errors) for other GEOIDs, NaN where this release has no row."""
        found, position = locate(self.geoids, geoids)
        value = (
            np.where(found, self.value[position], np.float32(np.nan))
            if self.value.size
            else np.full(len(geoids), np.nan, "f4")
        )
        if self.standard_error is None:
            return value, None
        return value, np.where(found, self.standard_error[position], np.float32(np.nan))


def published(value: np.floating | float) -> float | None:
    """A stored float32 in the shortest text that names it; None for NaN.

    That is the publisher's own text up to trailing digits a float32 does not hold (76759.883 comes back as 76759.88).

    >>> published(np.float32(0.38697663))
    0.38697663
    """
    return float(str(np.float32(value))) if np.isfinite(value) else None


def locate(sorted_geoids: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(found, position) of each wanted GEOID in a sorted array."""
    if not sorted_geoids.size:
        return np.zeros(len(wanted), bool), np.zeros(len(wanted), int)
    if np.array_equal(sorted_geoids, wanted):  # most files have the same tracts
        return np.ones(len(wanted), bool), np.arange(len(wanted))
    position = np.clip(np.searchsorted(sorted_geoids, wanted), 0, sorted_geoids.size - 1)
    return sorted_geoids[position] == wanted, position


def rows_of_counties(sorted_geoids: np.ndarray, counties: Iterable[int]) -> np.ndarray:
    """Positions, rising, of the tracts of some counties (5-digit numbers) in a sorted array of tracts' GEOIDs.

    The tracts of a county lie beside one another, so nothing has to be asked of the nation's other tracts.

    >>> rows_of_counties(np.array([1001000100, 1003000100, 1003000200, 1005000100]), [1005, 1003])
    array([1, 2, 3])
    """
    wanted = np.unique(np.fromiter(counties, np.int64))
    first, end = np.searchsorted(sorted_geoids, (wanted * 10**6, (wanted + 1) * 10**6))
    return np.concatenate([np.arange(a, b) for a, b in zip(first, end, strict=True)] or [np.empty(0, np.int64)])


@lru_cache(maxsize=24)
def index(release_id: int) -> tuple[dict[str, slice], np.ndarray]:
    """Areas of a release and all its GEOIDs, sorted."""
    rows = AreaIndex.objects.filter(release_id=release_id).order_by("area").values_list("area", "geoids")
    slices, pieces, start = {}, [], 0
    for area, packed in rows:
        piece = np.frombuffer(packed, "<i8")
        slices[area] = slice(start, start + piece.size)
        pieces.append(piece)
        start += piece.size
    return slices, np.concatenate(pieces) if pieces else np.empty(0, "<i8")


@lru_cache(maxsize=160)
def national(release_id: int, slug: str) -> Vector:
    """The whole vector of a measure, remembered: about 300 kB for all US tracts."""
    return read(release_id, slug)


@lru_cache(maxsize=8)
def several(release_id: int, slugs: tuple[str, ...]) -> dict[str, Vector]:
    """Whole vectors of many measures by one query, remembered: for counties, whose vectors are short."""
    return _read(release_id, slugs)


def read(release_id: int, slug: str) -> Vector:
    """The whole vector of a measure."""
    return _read(release_id, (slug,))[slug]


def _read(release_id: int, slugs: tuple[str, ...]) -> dict[str, Vector]:
    slices, geoids = index(release_id)
    values = {slug: np.full(geoids.size, np.nan, "<f4") for slug in slugs}
    errors: dict[str, np.ndarray] = {}
    rows = Estimate.objects.filter(release_id=release_id, measure__slug__in=slugs).values_list(
        "measure__slug", "area", "value", "standard_error"
    )
    for slug, area, packed, packed_error in rows:
        values[slug][slices[area]] = np.frombuffer(packed, "<f4")
        if packed_error is not None:
            error = errors.setdefault(slug, np.full(geoids.size, np.nan, "<f4"))
            error[slices[area]] = np.frombuffer(packed_error, "<f4")
    for array in (geoids, *values.values(), *errors.values()):
        array.flags.writeable = False
    return {slug: Vector(geoids, value, errors.get(slug)) for slug, value in values.items()}


@lru_cache(maxsize=8)
def labels(release_id: int) -> dict[int, str]:
    """Publisher's names of a release's areas by GEOID, {} when it has none."""
    found: dict[int, str] = {}
    for packed, text in (
        AreaIndex.objects.filter(release_id=release_id).exclude(labels="").values_list("geoids", "labels")
    ):
        found |= dict(zip(np.frombuffer(packed, "<i8").tolist(), text.split("\n"), strict=True))
    return found


def several_at(release_id: int, slugs: tuple[str, ...], geoids: np.ndarray) -> dict[str, Vector]:
    """Vectors of many measures at some areas only (int64 GEOIDs, sorted), NaN where the release has no row.

    One query for the release's index and one for the vectors of the states that the areas lie in.
    """
    slices, every = index(release_id)
    found, position = locate(every, geoids)
    rows_of = {
        area: np.flatnonzero(found & (position >= part.start) & (position < part.stop)) for area, part in slices.items()
    }
    wanted = [area for area, rows in rows_of.items() if rows.size]
    values = {slug: np.full(len(geoids), np.nan, "<f4") for slug in slugs}
    errors: dict[str, np.ndarray] = {}
    stored = Estimate.objects.filter(release_id=release_id, measure__slug__in=slugs, area__in=wanted).values_list(
        "measure__slug", "area", "value", "standard_error"
    )
    for slug, area, packed, packed_error in stored:
        rows = rows_of[area]
        at = position[rows] - slices[area].start
        values[slug][rows] = np.frombuffer(packed, "<f4")[at]
        if packed_error is not None:
            error = errors.setdefault(slug, np.full(len(geoids), np.nan, "<f4"))
            error[rows] = np.frombuffer(packed_error, "<f4")[at]
    return {slug: Vector(geoids, value, errors.get(slug)) for slug, value in values.items()}
