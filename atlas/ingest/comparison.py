"""What would change: a parsed file, or a staged release, against what is live of its data set."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

import numpy as np

from atlas import vectors
from atlas.ingest import comparison_layers, comparison_observations
from atlas.ingest.activation import release_parts
from atlas.ingest.live_release import live_release
from atlas.ingest.overlays import live_boundaries
from atlas.ingest.plausibility import count_implausible
from atlas.ingest.report import MeasureChange, ShapeChange, all_doubts, describe_loss
from atlas.ingest.staging import quality
from atlas.models import Boundary, LivePart, OccupationWage, Release, ReleaseMeasure
from atlas.sources.base import (
    GEOID_WIDTHS,
    BoundaryTable,
    CensusPlaceTable,
    Column,
    MapLayer,
    ObservationTable,
    OccupationWageTable,
    ParsedFile,
    RelationTable,
    ZipTractTable,
)
from atlas.sources.datasets import get_dataset


@dataclass(frozen=True)
class Comparison:
    """`against`: ids of the live releases it was made with; a decision is good only while these are live."""

    against: tuple[int, ...]
    measures: tuple[MeasureChange, ...] = ()
    lost_rows: int = 0
    lost_measures: tuple[str, ...] = ()
    lost_kinds: dict[str, int] = field(default_factory=dict)  # of context: areas, metrics, groups, periods
    shapes: ShapeChange | None = None

    @property
    def loses(self) -> bool:
        return bool(self.lost_rows or self.lost_measures or self.lost_kinds)

    @property
    def doubts(self) -> tuple[str, ...]:
        return all_doubts(self.measures)

    @property
    def loss(self) -> str:
        return describe_loss(self.lost_rows, self.lost_measures, self.lost_kinds)


def compare_parsed(parsed: ParsedFile) -> Comparison:
    """A file that was just read against what is live."""
    if isinstance(parsed, BoundaryTable):
        shapes = {f.geoid: hashlib.md5(f.wkb, usedforsecurity=False).hexdigest() for f in parsed.features}
        return _compare_shapes(parsed.dataset.key, shapes, {f.part for f in parsed.features})
    if isinstance(parsed, ObservationTable):
        measures, lost = comparison_observations.compare_observations(parsed)
        return Comparison(live_release_ids(parsed.dataset.key, [""]), measures, lost_kinds=lost)
    if isinstance(parsed, MapLayer):
        live = live_release_ids(parsed.dataset.key, [parsed.part])
        return Comparison(live, **comparison_layers.compare(live, comparison_layers.fingerprints(parsed.features)))
    if isinstance(parsed, OccupationWageTable):
        return _compare_wages(parsed.dataset.key, set(zip(parsed.areas, parsed.codes, strict=True)))
    if isinstance(parsed, RelationTable | ZipTractTable | CensusPlaceTable):  # replaces the whole
        return Comparison(live_release_ids(parsed.dataset.key, [""]))
    return _compare_columns(parsed.dataset.key, parsed.geoids, parsed.columns, set(parsed.slugs))


def compare_staged(release: Release) -> Comparison:
    """A staged release against what is live now: as written down when it was staged, or afresh after a flip."""
    live = live_release_ids(release.dataset, release_parts(release))
    written = stored_comparison(release)
    return written if "measures" in release.report and written.against == live else _compare_again(release.pk, live)


def stored_comparison(release: Release) -> Comparison:
    """The comparison that the import wrote down; older imports wrote less."""
    report = release.report
    shapes = report.get("shapes")
    return Comparison(
        tuple(report.get("compared_with", ())),
        tuple(MeasureChange(**measure) for measure in report.get("measures", ())),
        report.get("lost_rows", 0),
        tuple(report.get("lost_measures", ())),
        report.get("lost_kinds", {}),
        ShapeChange(**shapes) if shapes else None,
    )


@lru_cache(maxsize=16)
def _compare_again(release_id: int, live: tuple[int, ...]) -> Comparison:
    release = Release.objects.get(pk=release_id)
    content = get_dataset(release.dataset).content
    if content == "layers":
        return Comparison(live, **comparison_layers.compare(live, comparison_layers.stored_fingerprints((release_id,))))
    if content == "boundaries":
        shapes = _polygon_hashes(Boundary.objects.filter(release=release))
        return _compare_shapes(release.dataset, shapes, set(release_parts(release)))
    if content == "wages":
        rows = OccupationWage.objects.filter(release=release_id).values_list("area", "occupation")
        return _compare_wages(release.dataset, set(rows))
    _, geoids = vectors.index(release_id)
    if release.observations.exists():
        lost = comparison_observations.lost_when_staged(release)
        return replace(stored_comparison(release), against=live, lost_kinds=lost)
    if not geoids.size:  # a relationship file replaces the whole
        return replace(stored_comparison(release), against=live)
    slugs = list(ReleaseMeasure.objects.filter(release=release).values_list("measure__slug", flat=True))
    columns = (Column(slug, (v := vectors.read(release_id, slug)).value, v.standard_error) for slug in slugs)
    return _compare_columns(release.dataset, geoids, columns, set(slugs))


def live_release_ids(dataset: str, parts: Iterable[str]) -> tuple[int, ...]:
    """Ids of the releases that answer for the parts now, sorted."""
    live = LivePart.objects.filter(dataset=dataset, part__in=list(parts))
    return tuple(sorted(set(live.values_list("release_id", flat=True))))


def _compare_columns(dataset: str, geoids: np.ndarray, columns: Iterable[Column], slugs: set[str]) -> Comparison:
    """Per measure: areas with a value gained, lost and changed; the changes in the measure's unit."""
    live = live_release(dataset)
    if live is None:
        return Comparison((), tuple(_new_measure(column) for column in columns))
    level = get_dataset(dataset).level
    measured = set(ReleaseMeasure.objects.filter(release=live).values_list("measure__slug", flat=True))
    _, old_geoids = vectors.index(live.pk)
    found, position = vectors.locate(old_geoids, geoids)
    kept, _ = vectors.locate(geoids, old_geoids)
    changes = []
    for column in columns:
        if column.slug not in measured:
            changes.append(_new_measure(column))
            continue
        # Not remembered: a full file has thousands of columns, and this is the last look at the old ones.
        old = vectors.read(live.pk, column.slug).value
        before = np.where(found, old[position], np.float32(np.nan))
        gone = int(np.count_nonzero(np.isfinite(old) & ~kept))
        changes.append(_change(column, before, gone, geoids, GEOID_WIDTHS.get(level, 1)))
    if live.is_sample:  # generated rows are no loss
        return Comparison((live.pk,), tuple(changes))
    return Comparison((live.pk,), tuple(changes), int(np.count_nonzero(~kept)), tuple(sorted(measured - slugs)))


def _counts(column: Column) -> dict[str, Any]:
    found = quality(column)
    kept = {key: found[key] for key in ("rows_with_value", "rows_without_value", "rows_outside_range")}
    return kept | count_implausible(column)


def _new_measure(column: Column) -> MeasureChange:
    counts = _counts(column)
    return MeasureChange(column.slug, **counts, added=counts["rows_with_value"])


def _change(column: Column, before: np.ndarray, gone: int, geoids: np.ndarray, width: int) -> MeasureChange:
    """`before` are the live values of the same rows; `gone` counts live values whose row is no longer there."""
    has, had = np.isfinite(column.value), np.isfinite(before)
    both = has & had
    difference = column.value[both].astype(float) - before[both].astype(float)
    largest = _largest_change(difference, geoids[both], width, before[both], column.value[both])
    difference = difference[difference != 0]
    return MeasureChange(
        column.slug,
        **_counts(column),
        added=int(np.count_nonzero(has & ~had)),
        removed=int(np.count_nonzero(had & ~has)) + gone,
        changed=difference.size,
        largest_change=float(np.abs(difference).max()) if difference.size else None,
        mean_change=float(difference.mean()) if difference.size else None,
        **largest,
    )


def _largest_change(
    difference: np.ndarray, geoids: np.ndarray, width: int, before: np.ndarray, after: np.ndarray
) -> dict[str, Any]:
    """Where the largest change is and what stood there before and after; {} where nothing changes."""
    if not np.any(difference):
        return {}
    at = int(np.argmax(np.abs(difference)))
    return {
        "largest_at": f"{int(geoids[at]):0{width}d}",
        "largest_before": vectors.published(before[at]),
        "largest_after": vectors.published(after[at]),
    }


# Sampling drops some occupations of an area each year, so what is gone is no loss; half of it gone is a file cut short.
_LOST_SHARE = 0.5


def _compare_wages(dataset: str, new: set[tuple[str, str]]) -> Comparison:
    """By (area, occupation), in the areas the file answers for."""
    areas = {area for area, _ in new}
    answering = LivePart.objects.filter(dataset=dataset, part__in=areas).values_list("part", "release_id")
    live = {part: release for part, release in answering}
    rows = OccupationWage.objects.filter(release__in=set(live.values()), area__in=areas)
    old = {
        (area, code)
        for area, code, release in rows.values_list("area", "occupation", "release_id")
        if live[area] == release
    }
    gone = len(old - new)
    return Comparison(tuple(sorted(set(live.values()))), lost_rows=gone if gone > _LOST_SHARE * len(old) else 0)


def _compare_shapes(dataset: str, shapes: dict[str, str], parts: set[str]) -> Comparison:
    """By fingerprint of each polygon. Live polygons of the file's own counties that it lacks are a loss: a city
    would shrink to what is left."""
    live = live_release_ids(dataset, parts)
    old = _polygon_hashes(live_boundaries(dataset).filter(part__in=parts))
    change = ShapeChange(
        added=len(shapes.keys() - old.keys()),
        removed=len(old.keys() - shapes.keys()),
        changed=sum(old[geoid] != shapes[geoid] for geoid in shapes.keys() & old.keys()),
    )
    generated = Release.objects.filter(pk__in=live, is_sample=True).exists()
    return Comparison(live, lost_rows=0 if generated else change.removed, shapes=change)


def _polygon_hashes(boundaries) -> dict[str, str]:
    rows = boundaries.values_list("geoid", "wkb")
    return {geoid: hashlib.md5(bytes(wkb), usedforsecurity=False).hexdigest() for geoid, wkb in rows.iterator()}
