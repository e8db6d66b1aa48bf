"""`run`: read, check, compare, stage, activate - the one way in, for the command line and the worker alike."""

import time
from dataclasses import replace
from pathlib import Path

from atlas.ingest import comparison, comparison_observations, locks, provenance, staging, universe
from atlas.ingest.activation import activate
from atlas.ingest.report import IngestReport
from atlas.models import Release
from atlas.sources import opening
from atlas.sources.base import (
    BoundaryTable,
    EstimateTable,
    ObservationTable,
    Progress,
    Refused,
    no_progress,
    refuse,
)
from atlas.sources.opening import OpenedFile
from atlas.sources.recognise import NotRecognised, Parsed, recognise


class _Clock:
    """Seconds of each stage, for the report."""

    def __init__(self):
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(now - self._last, 3)
        self._last = now


def run(
    path: Path, *, source: str = "", commit: bool = False, accept_losses: bool = False, progress: Progress = no_progress
) -> IngestReport:
    """One file through the pipeline. Problems of the file come back in the report, never as an exception.

    Without `commit` nothing is written. The same bytes as the live release: outcome `unchanged`.
    """
    clock = _Clock()
    sha256 = ""
    try:
        opened = opening.open_file(path)
        found = recognise(opened, source)
        sha256 = opened.sha256()
        clock.lap("open")
        if live := _live_with(sha256):
            return _unchanged(path, found.source, live, clock)
        parsed = found.read(progress)
        clock.lap("read")
        if isinstance(parsed, EstimateTable):
            parsed = universe.check(parsed)
        clock.lap("check")
        with locks.held(locks.DATASET, parsed.dataset.key):
            return _bring_in(parsed, opened, found.source, sha256, commit, accept_losses, progress, clock)
    except NotRecognised:
        return IngestReport(str(path), "skipped", sha256=sha256)
    except Refused as refused:
        return IngestReport(
            str(path), "refused", source, sha256=sha256, rows_read=refused.rows_read,
            problems=tuple(refused.problems), problem_count=refused.total, seconds=clock.seconds,
        )  # fmt: skip


def _bring_in(
    parsed: Parsed,
    opened: OpenedFile,
    source: str,
    sha256: str,
    commit: bool,
    accept_losses: bool,
    progress: Progress,
    clock: _Clock,
) -> IngestReport:
    """Compare, stage and flip under the data set's lock: what is compared is what is replaced."""
    if live := _live_with(sha256):  # brought in by another process while this one was reading
        return _unchanged(opened.path, source, live, clock)
    sample = provenance.decide(opened.path, sha256, parsed)
    report = replace(_describe(opened.path, source, sha256, parsed, accept_losses), is_sample=sample)
    clock.lap("compare")
    if not commit:
        return replace(report, seconds=clock.seconds)
    release = _staged_with(sha256, parsed.dataset.key) or staging.stage(parsed, opened, sha256, progress, sample)
    clock.lap("stage")
    replaced, cities = activate(release, parsed)
    clock.lap("activate")
    report = replace(
        report, outcome="activated", release_id=release.pk, replaced_release_id=replaced, cities_remapped=cities,
        seconds=clock.seconds,
    )  # fmt: skip
    Release.objects.filter(pk=release.pk).update(report=report.as_dict())
    return report


def _live_with(sha256: str) -> Release | None:
    """A live release of exactly these bytes, even where a later file answers for some of its parts by now."""
    return Release.objects.filter(sha256=sha256, status="live").first()


def _unchanged(path: Path, source: str, live: Release, clock: _Clock) -> IngestReport:
    taken = sorted(
        set(live.boundaries.values_list("part", flat=True)) - set(live.live_parts.values_list("part", flat=True))
    )
    warnings = (
        (f"a later file answers for {', '.join(taken)}; roll that one back to see this one there",) if taken else ()
    )
    return IngestReport(
        str(path), "unchanged", source, live.dataset, live.sha256, live.rows_read, live.rows_kept,
        release_id=live.pk, is_sample=live.is_sample, warnings=warnings, seconds=clock.seconds,
    )  # fmt: skip


def _staged_with(sha256: str, dataset: str) -> Release | None:
    """What a run that was killed between staging and the flip has left: complete, so it is used."""
    return Release.objects.filter(sha256=sha256, dataset=dataset, status="staged").first()


def _describe(path: Path, source: str, sha256: str, parsed: Parsed, accept_losses: bool) -> IngestReport:
    base = {"source": source, "dataset": parsed.dataset.key, "sha256": sha256, "rows_read": parsed.rows_read}
    base |= {"rows_kept": parsed.rows_kept, "warnings": parsed.warnings}
    if isinstance(parsed, ObservationTable):
        changes = comparison_observations.compare(parsed, accept_losses)
        return IngestReport(str(path), "valid", ignored_columns=parsed.ignored_columns, measures=changes, **base)
    if isinstance(parsed, BoundaryTable):
        parts = tuple(sorted({feature.part for feature in parsed.features}))
        _refuse_losses(comparison.lost_boundaries(parsed), (), accept_losses)
        return IngestReport(str(path), "valid", parts=parts, **base)
    if not isinstance(parsed, EstimateTable):
        return IngestReport(str(path), "valid", **base)
    live = comparison.live_release(parsed.dataset.key)
    _refuse_losses(*comparison.lost(parsed, live), accept_losses)
    changes = comparison.compare(parsed, live)
    return IngestReport(str(path), "valid", measures=changes, ignored_columns=parsed.ignored_columns, **base)


def _refuse_losses(rows: int, measures: tuple[str, ...], accept: bool) -> None:
    if (rows or measures) and not accept:
        named = f" ({', '.join(measures[:5])}{', ...' if len(measures) > 5 else ''})" if measures else ""
        raise refuse(
            f"would drop {rows:,} rows and {len(measures)} measures{named} that are live; "
            "use --accept-losses if that is meant"
        )
