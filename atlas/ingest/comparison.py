"""What would change: a parsed file, or a staged release, against what is live of its data set."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from atlas import vectors
from atlas.ingest.activation import parts_of
from atlas.ingest.overlays import live_boundaries
from atlas.ingest.report import MeasureChange, ShapeChange, loss_words
from atlas.ingest.staging import quality
from atlas.models import Boundary, LivePart, Release, ReleaseMeasure
from atlas.sources.base import BoundaryTable, Column
from atlas.sources.recognise import Parsed


@dataclass(frozen=True)
class Comparison:
    """`against`: ids of the live releases it was made with; a decision is good only while these are live."""

    against: tuple[int, ...]
    measures: tuple[MeasureChange, ...] = ()
    lost_rows: int = 0
    lost_measures: tuple[str, ...] = ()
    shapes: ShapeChange | None = None

    @property
    def loses(self) -> bool:
        return bool(self.lost_rows or self.lost_measures)

    @property
    def loss(self) -> str:
        return loss_words(self.lost_rows, self.lost_measures)


def live_release(dataset: str) -> Release | None:
    """The one that answers for a table of estimates (boundaries have one per part)."""
    part = LivePart.objects.filter(dataset=dataset, part="").select_related("release").first()
    return part.release if part else None


def compare_parsed(parsed: Parsed) -> Comparison:
    """A file that was just read against what is live."""
    if isinstance(parsed, BoundaryTable):
        shapes = {f.geoid: hashlib.md5(f.wkb, usedforsecurity=False).hexdigest() for f in parsed.features}
        return _compare_shapes(parsed.dataset.key, shapes, {f.part for f in parsed.features})
    return _compare_columns(
        parsed.dataset.key, parsed.geoids, parsed.columns, {column.slug for column in parsed.columns}
    )


def compare_staged(release: Release) -> Comparison:
    """A staged release against what is live now: as written down when it was staged, or afresh after a flip."""
    live = against(release.dataset, parts_of(release))
    written = as_written(release)
    return written if "measures" in release.report and written.against == live else _afresh(release.pk, live)


def as_written(release: Release) -> Comparison:
    """The comparison that the import wrote down; older imports wrote less."""
    report = release.report
    shapes = report.get("shapes")
    return Comparison(
        tuple(report.get("compared_with", ())),
        tuple(MeasureChange(**measure) for measure in report.get("measures", ())),
        report.get("lost_rows", 0),
        tuple(report.get("lost_measures", ())),
        ShapeChange(**shapes) if shapes else None,
    )


@lru_cache(maxsize=16)
def _afresh(release_id: int, live: tuple[int, ...]) -> Comparison:
    release = Release.objects.get(pk=release_id)
    if "boundaries" in release.dataset:
        shapes = _shapes(Boundary.objects.filter(release=release))
        return _compare_shapes(release.dataset, shapes, set(parts_of(release)))
    slugs = list(ReleaseMeasure.objects.filter(release=release).values_list("measure__slug", flat=True))
    columns = (Column(slug, (v := vectors.national(release_id, slug)).value, v.standard_error) for slug in slugs)
    return _compare_columns(release.dataset, vectors.index(release_id)[1], columns, set(slugs))


def against(dataset: str, parts: Iterable[str]) -> tuple[int, ...]:
    """Ids of the releases that answer for the parts now, sorted."""
    live = LivePart.objects.filter(dataset=dataset, part__in=list(parts))
    return tuple(sorted(set(live.values_list("release_id", flat=True))))


def _compare_columns(dataset: str, geoids: np.ndarray, columns: Iterable[Column], slugs: set[str]) -> Comparison:
    """Per measure: areas with a value gained, lost and changed; the changes in the measure's unit."""
    live = live_release(dataset)
    if live is None:
        return Comparison((), tuple(_change(geoids, column, None) for column in columns))
    measured = set(ReleaseMeasure.objects.filter(release=live).values_list("measure__slug", flat=True))
    changes = tuple(_change(geoids, c, live if c.slug in measured else None) for c in columns)
    found, _ = vectors.locate(geoids, vectors.index(live.pk)[1])
    return Comparison((live.pk,), changes, int(np.count_nonzero(~found)), tuple(sorted(measured - slugs)))


def _change(geoids: np.ndarray, column: Column, live: Release | None) -> MeasureChange:
    found = quality(column)
    counts = {key: found[key] for key in ("rows_with_value", "rows_without_value", "rows_outside_range")}
    if live is None:
        return MeasureChange(column.slug, **counts, added=counts["rows_with_value"])
    old = vectors.national(live.pk, column.slug)
    before, _ = old.at(geoids)
    has, had = np.isfinite(column.value), np.isfinite(before)
    still, _ = vectors.locate(geoids, old.geoids[np.isfinite(old.value)])
    both = has & had
    difference = column.value[both].astype(float) - before[both].astype(float)
    difference = difference[difference != 0]
    return MeasureChange(
        column.slug,
        **counts,
        added=int(np.count_nonzero(has & ~had)),
        removed=int(np.count_nonzero(had & ~has) + np.count_nonzero(~still)),
        changed=difference.size,
        largest_change=float(np.abs(difference).max()) if difference.size else None,
        mean_change=float(difference.mean()) if difference.size else None,
    )


def _compare_shapes(dataset: str, shapes: dict[str, str], parts: set[str]) -> Comparison:
    """By fingerprint of each polygon. A redrawn county may have fewer tracts: said, but no loss to accept."""
    live = against(dataset, parts)
    old = _shapes(live_boundaries(dataset).filter(part__in=parts))
    change = ShapeChange(
        added=len(shapes.keys() - old.keys()),
        removed=len(old.keys() - shapes.keys()),
        changed=sum(old[geoid] != shapes[geoid] for geoid in shapes.keys() & old.keys()),
    )
    return Comparison(live, shapes=change)


def _shapes(boundaries) -> dict[str, str]:
    rows = boundaries.values_list("geoid", "wkb")
    return {geoid: hashlib.md5(bytes(wkb), usedforsecurity=False).hexdigest() for geoid, wkb in rows.iterator()}
