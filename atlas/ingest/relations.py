"""2020 tracts on 2010 ground, through the Census's relationship file."""

from dataclasses import replace

import numpy as np

from atlas.models import LivePart, TractRelation
from atlas.sources.base import MAX_PROBLEMS_KEPT, Column, EstimateTable, Problem, SourceFileError
from atlas.sources.geoids import format_tract_geoids
from atlas.sources.tract_relationship import DATASET

MIN_SHARED_LAND = 0.999  # both tracts share at least this much of their land: the line between them did not move


def convert_to_2010_tracts(parsed: EstimateTable, unknown: np.ndarray) -> EstimateTable:
    """`parsed` with 2020 GEOIDs replaced by those of 2010. Raises SourceFileError for GEOIDs of neither vintage, and
    for tracts whose ground changed: an estimate of one place is not an estimate of another.
    """
    pairs = _pairs()
    not_listed = "is not a 2010 tract of its state's list"
    if pairs is None:
        hint = "if these are 2020 tracts, ingest the Census relationship file first"
        raise _tract_error(parsed, unknown, f"{not_listed}; {hint}")
    listed = np.isin(unknown, pairs["new"])
    if not listed.all():
        raise _tract_error(parsed, unknown[~listed], not_listed)
    same = (pairs["shared"] >= MIN_SHARED_LAND * pairs["new_area"]) & (
        pairs["shared"] >= MIN_SHARED_LAND * pairs["old_area"]
    )
    mapping = dict(zip(pairs["new"][same].tolist(), pairs["old"][same].tolist(), strict=True))
    moved = np.array([code for code in parsed.geoids.tolist() if code not in mapping], dtype=np.int64)
    if moved.size:
        raise _tract_error(parsed, moved, "is a 2020 tract whose ground is not that of one 2010 tract")
    old = np.array([mapping[code] for code in parsed.geoids.tolist()])
    order = np.argsort(old, kind="stable")
    columns = tuple(
        Column(c.slug, c.value[order], None if c.standard_error is None else c.standard_error[order])
        for c in parsed.columns
    )
    names = tuple(parsed.names[i] for i in order) if parsed.names else ()
    warning = f"{len(old):,} 2020 tracts carried over to the 2010 tracts of the same ground"
    return replace(
        parsed, geoids=old[order], columns=columns, names=names, lines=None, warnings=(*parsed.warnings, warning)
    )


def _tract_error(parsed: EstimateTable, codes: np.ndarray, reason: str) -> SourceFileError:
    named = codes[:MAX_PROBLEMS_KEPT]
    rows = np.searchsorted(parsed.geoids, named)
    lines = [None] * named.size if parsed.lines is None else parsed.lines[rows].tolist()
    problems = [
        Problem(reason, line=line, column="tract", value=code)
        for line, code in zip(lines, format_tract_geoids(named), strict=True)
    ]
    return SourceFileError(problems, int(codes.size), len(parsed.geoids))


def _pairs() -> dict[str, np.ndarray] | None:
    live = LivePart.objects.filter(dataset=DATASET.key, part="").first()
    if live is None:
        return None
    row = TractRelation.objects.get(release_id=live.release_id)
    return {
        "new": np.frombuffer(row.new, "<i8"),
        "old": np.frombuffer(row.old, "<i8"),
        "shared": np.frombuffer(row.shared_area, "<f8"),
        "new_area": np.frombuffer(row.new_area, "<f8"),
        "old_area": np.frombuffer(row.old_area, "<f8"),
    }
