"""`run`: read, check, compare, stage, activate - the one way in, for the command line and the worker alike."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from django.db import transaction

from atlas.ingest import comparison, history, locks, provenance, staging, universe
from atlas.ingest.activation import activate
from atlas.ingest.report import IngestReport, loss_words
from atlas.models import Release
from atlas.sources import opening
from atlas.sources.base import BoundaryTable, EstimateTable, Progress, SourceFileError, file_error, no_progress
from atlas.sources.detect import DetectedSource, ParsedFile, UnknownFormat, detect_source
from atlas.sources.opening import OpenedFile

logger = logging.getLogger(__name__)


class _Clock:
    """Seconds of each stage, for the report."""

    def __init__(self):
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(now - self._last, 3)
        self._last = now


class Mode(StrEnum):
    CHECK = "check"  # a dry run: nothing is written
    STAGE = "stage"  # beside the live release, waiting for a decision
    ACTIVATE = "activate"


@dataclass(frozen=True)
class Order:
    """What is to be done with a file, and on whose behalf. `ask` stages what would lose rows instead of refusing."""

    mode: Mode
    accept_losses: bool = False
    ask: bool = False
    by: int | None = None
    via: str = history.COMMAND_LINE


def run(
    path: Path,
    *,
    source: str = "",
    mode: Mode | None = None,
    commit: bool = False,
    accept_losses: bool = False,
    ask: bool = False,
    by: int | None = None,
    via: str = history.COMMAND_LINE,
    progress: Progress = no_progress,
) -> IngestReport:
    """One file through the pipeline. Problems of the file come back in the report, never as an exception.

    `commit` is short for mode ACTIVATE; the mode is CHECK otherwise. The same bytes as the live release: `unchanged`.
    """
    order = Order(mode or (Mode.ACTIVATE if commit else Mode.CHECK), accept_losses, ask, by, via)
    clock = _Clock()
    sha256 = dataset = ""
    try:
        opened, found = _look_at(path, source)
        sha256 = opened.sha256()
        clock.lap("open")
        if live := _live_with(sha256):
            return _unchanged(path, found.source, live, clock)
        parsed = _read(found, path, progress)
        dataset = parsed.dataset.key
        clock.lap("read")
        if isinstance(parsed, EstimateTable):
            parsed = universe.check(parsed)
        clock.lap("check")
        with locks.held(locks.DATASET, dataset):
            return _bring_in(parsed, opened, found.source, sha256, order, progress, clock)
    except UnknownFormat:
        return IngestReport(str(path), "skipped", sha256=sha256)
    except SourceFileError as refused:
        report = IngestReport(
            str(path),
            "refused",
            source,
            dataset,
            sha256=sha256,
            rows_read=refused.rows_read,
            problems=tuple(refused.problems),
            problem_count=refused.total,
            seconds=clock.seconds,
        )
        if order.mode != Mode.CHECK:
            _record(history.Kind.REFUSED, report, None, order, reason=report.sentence())
        return report


def _look_at(path: Path, source: str) -> tuple[OpenedFile, DetectedSource]:
    with _faults_refuse(path):
        opened = opening.open_file(path)
        return opened, detect_source(opened, source)


def _read(found: DetectedSource, path: Path, progress: Progress) -> ParsedFile:
    with _faults_refuse(path):
        return found.read(progress)


@contextmanager
def _faults_refuse(path: Path) -> Iterator[None]:
    """A file no reader foresaw is refused like any broken one, and the log gets the traceback: files are hostile."""
    try:
        yield
    except (SourceFileError, UnknownFormat):
        raise
    except Exception as error:
        logger.exception("reading %s failed", path.name)
        raise file_error(
            f"can't be read: its reader failed ({type(error).__name__}); the log has the details"
        ) from error


def _bring_in(
    parsed: ParsedFile, opened: OpenedFile, source: str, sha256: str, order: Order, progress: Progress, clock: _Clock
) -> IngestReport:
    """Compare, stage and flip under the data set's lock: what is compared is what is replaced."""
    if live := _live_with(sha256):  # brought in by another process while this one was reading
        return _unchanged(opened.path, source, live, clock)
    sample = provenance.decide(opened.path, sha256, parsed)
    report = replace(_describe(opened.path, source, sha256, parsed), is_sample=sample)
    clock.lap("compare")
    mode = order.mode
    if report.loses and not order.accept_losses and mode != Mode.STAGE:
        if not (order.ask and mode == Mode.ACTIVATE):
            raise file_error(
                f"would drop {loss_words(report.lost_rows, report.lost_measures, report.lost_kinds)} that are live; "
                "use --accept-losses if that is meant"
            )
        mode = Mode.STAGE
    if mode == Mode.CHECK:
        return replace(report, seconds=clock.seconds)
    if mode == Mode.STAGE:
        return _wait(parsed, opened, order, progress, clock, report)
    release = _staged_with(sha256, parsed.dataset.key) or staging.stage(parsed, opened, sha256, progress, sample)
    clock.lap("stage")
    replaced, cities = activate(release, parsed, by=order.by, via=order.via)
    clock.lap("activate")
    report = replace(
        report,
        outcome="activated",
        release_id=release.pk,
        replaced_release_id=replaced,
        cities_remapped=cities,
        seconds=clock.seconds,
    )
    Release.objects.filter(pk=release.pk).update(report=report.as_dict())
    return report


def _wait(
    parsed: ParsedFile, opened: OpenedFile, order: Order, progress: Progress, clock: _Clock, report: IngestReport
) -> IngestReport:
    """Staged, compared, and left for a person to decide. The same bytes wait once."""
    waiting = _staged_with(report.sha256, parsed.dataset.key)
    if waiting and not waiting.events.filter(kind=history.Kind.STAGED).exists():
        waiting.delete()  # left by a run that was killed on its way to the flip: without its tracts' names
        waiting = None
    with transaction.atomic():
        release = waiting or staging.stage(parsed, opened, report.sha256, progress, report.is_sample, waits=True)
        clock.lap("stage")
        report = replace(report, outcome="staged", release_id=release.pk, seconds=clock.seconds)
        Release.objects.filter(pk=release.pk).update(report=report.as_dict())
        if not waiting:
            _record(history.Kind.STAGED, report, release, order)
    return report


def _record(kind: str, report: IngestReport, release: Release | None, order: Order, reason: str = "") -> None:
    file = {"file_name": Path(report.path).name, "sha256": report.sha256}
    history.record(
        kind,
        dataset=report.dataset,
        release=release,
        by=order.by,
        via=order.via,
        reason=reason,
        **({} if release else file),
    )


def _live_with(sha256: str) -> Release | None:
    """A live release of exactly these bytes, even where a later file answers for some of its parts by now."""
    return Release.objects.filter(sha256=sha256, status="live").first()


def _unchanged(path: Path, source: str, live: Release, clock: _Clock) -> IngestReport:
    brought, answers = live.boundaries.values_list("part", flat=True), live.live_parts.values_list("part", flat=True)
    taken = sorted(set(brought) - set(answers))
    later = (f"a later file answers for {', '.join(taken)}: roll that one back to see this one there",)
    return IngestReport(
        str(path),
        "unchanged",
        source,
        live.dataset,
        live.sha256,
        live.rows_read,
        live.rows_kept,
        release_id=live.pk,
        is_sample=live.is_sample,
        warnings=later if taken else (),
        seconds=clock.seconds,
    )


def _staged_with(sha256: str, dataset: str) -> Release | None:
    """What a run that was killed between staging and the flip has left: complete, so it is used."""
    return Release.objects.filter(sha256=sha256, dataset=dataset, status="staged").first()


def _describe(path: Path, source: str, sha256: str, parsed: ParsedFile) -> IngestReport:
    found = comparison.compare_parsed(parsed)
    parts = tuple(sorted({f.part for f in parsed.features})) if isinstance(parsed, BoundaryTable) else ()
    return IngestReport(
        str(path),
        "valid",
        source,
        parsed.dataset.key,
        sha256,
        parsed.rows_read,
        parsed.rows_kept,
        measures=found.measures,
        lost_rows=found.lost_rows,
        lost_measures=found.lost_measures,
        lost_kinds=found.lost_kinds,
        shapes=found.shapes,
        compared_with=found.against,
        warnings=parsed.warnings,
        parts=parts,
        ignored_columns=getattr(parsed, "ignored_columns", ()),
    )
