"""`run`: read, check, compare, stage, activate - the one way in, for the command line and the worker alike."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from atlas.ingest import (
    comparison,
    drawings,
    history,
    locks,
    provenance,
    second_columns,
    staging,
    starter_files,
    universe,
)
from atlas.ingest.activation import activate
from atlas.ingest.report import IngestReport, describe_loss, shorten_doubts
from atlas.ingest.starter_files import StarterOrigin
from atlas.models import Release
from atlas.sources import opening
from atlas.sources.base import (
    EstimateTable,
    ParsedFile,
    Progress,
    SourceFileError,
    file_error,
    no_progress,
    parsed_parts,
)
from atlas.sources.detect import DetectedSource, UnknownFormat, detect_source
from atlas.sources.opening import OpenedFile

logger = logging.getLogger(__name__)


class _StageTimer:
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
class IngestOptions:
    """What is to be done with a file, and on whose behalf. `stage_losses` stages what would lose rows, or holds numbers
    that cannot be right, instead of refusing.
    """

    mode: Mode
    accept_losses: bool = False
    stage_losses: bool = False
    by: int | None = None
    via: str = history.COMMAND_LINE
    reason: str = ""  # why it is brought in; readers see it where values change
    accept_implausible: bool = False


def run(
    path: Path,
    *,
    source: str = "",
    mode: Mode | None = None,
    commit: bool = False,
    accept_losses: bool = False,
    stage_losses: bool = False,
    by: int | None = None,
    via: str = history.COMMAND_LINE,
    reason: str = "",
    progress: Progress = no_progress,
    accept_implausible: bool = False,
) -> IngestReport:
    """One file through the pipeline. Problems of the file come back in the report, never as an exception.

    `commit` is short for mode ACTIVATE; the mode is CHECK otherwise. The same bytes as the live release: `unchanged`.
    """
    mode = mode or (Mode.ACTIVATE if commit else Mode.CHECK)
    options = IngestOptions(mode, accept_losses, stage_losses, by, via, reason, accept_implausible)
    timer = _StageTimer()
    sha256 = dataset = ""
    try:
        opened = _open(path)
        sha256 = opened.sha256()
        origin = starter_files.identify(path, sha256)
        found = _detect_source(opened, source)
        timer.lap("open")
        if live := _live_release_of_file(sha256):
            return _unchanged_report(path, found.source, live, timer)
        parsed, waiting = second_columns.apply_meanings(_read(found, path, progress))
        dataset = parsed.dataset.key
        timer.lap("read")
        if isinstance(parsed, EstimateTable):
            parsed = universe.check_tracts(parsed)
        timer.lap("check")
        with locks.session_lock(locks.DATASET, dataset):
            return _stage_and_activate(parsed, opened, found.source, sha256, origin, options, progress, timer, waiting)
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
            seconds=timer.seconds,
        )
        if options.mode != Mode.CHECK:
            _record_event(history.Kind.REFUSED, report, None, options, reason=report.sentence())
        return report


def _open(path: Path) -> OpenedFile:
    with _reader_failures_as_file_errors(path):
        return opening.open_file(path)


def _detect_source(opened: OpenedFile, source: str) -> DetectedSource:
    with _reader_failures_as_file_errors(opened.path):
        return detect_source(opened, source)


def _read(found: DetectedSource, path: Path, progress: Progress) -> ParsedFile:
    with _reader_failures_as_file_errors(path):
        return found.read(progress)


@contextmanager
def _reader_failures_as_file_errors(path: Path) -> Iterator[None]:
    """A file no reader foresaw is refused like any broken one, and the log gets the traceback: files are hostile."""
    try:
        yield
    except (SourceFileError, UnknownFormat, SoftTimeLimitExceeded):
        raise
    except Exception as error:
        logger.exception("reading %s failed", path.name)
        raise file_error(
            f"can't be read: its reader failed ({type(error).__name__}); the log has the details"
        ) from error


def _stage_and_activate(
    parsed: ParsedFile,
    opened: OpenedFile,
    source: str,
    sha256: str,
    origin: StarterOrigin | None,
    options: IngestOptions,
    progress: Progress,
    timer: _StageTimer,
    waiting: dict[str, int],
) -> IngestReport:
    """Compare, stage and flip under the data set's lock: what is compared is what is replaced."""
    if live := _live_release_of_file(sha256):  # imported by another process while this one was reading
        return _unchanged_report(opened.path, source, live, timer)
    sample = provenance.check_provenance(opened.path, sha256, parsed)
    if origin is not None:
        remaining = starter_files.without_answered_parts(parsed, origin.made_on)
        if remaining is None:
            return _superseded_report(opened.path, source, sha256, parsed, origin, timer)
        parsed = remaining
    report = replace(
        _compare_with_live(opened.path, source, sha256, parsed),
        is_sample=sample,
        starter=origin.as_dict() if origin else None,
        waiting_suffixes=waiting,
    )
    timer.lap("compare")
    if report.has_no_value:
        raise file_error("every value in it is empty, so there is nothing to import")
    mode = options.mode
    if (question := _unconfirmed(report, options)) and mode != Mode.STAGE:
        if not (options.stage_losses and mode == Mode.ACTIVATE):
            raise file_error(question)
        mode = Mode.STAGE
    if mode == Mode.CHECK:
        return replace(report, seconds=timer.seconds)
    if mode == Mode.STAGE:
        return _stage_for_decision(parsed, opened, origin, options, progress, timer, report)
    release = _staged_release_of_file(sha256, parsed.dataset.key) or staging.stage(
        parsed, opened, sha256, progress, sample, starter_date=origin.made_on if origin else None
    )
    timer.lap("stage")
    replaced, cities = activate(
        release, parsed, by=options.by, via=options.via, reason=options.reason, changes=report.measures
    )
    timer.lap("activate")
    drawings.store_missing()
    timer.lap("draw")
    report = replace(
        report,
        outcome="activated",
        release_id=release.pk,
        replaced_release_id=replaced,
        cities_remapped=cities,
        seconds=timer.seconds,
    )
    Release.objects.filter(pk=release.pk).update(report=report.as_dict())
    return report


def _unconfirmed(report: IngestReport, options: IngestOptions) -> str:
    """What somebody has to say yes to before the file goes live, "" for nothing."""
    guarded = not options.accept_losses and not starter_files.are_all_starter_releases(report.compared_with)
    if report.loses and guarded:
        lost = describe_loss(report.lost_rows, report.lost_measures, report.lost_kinds)
        return f"would drop {lost} that are in use; use --accept-losses if that is meant"
    if report.doubts and not options.accept_implausible:
        return f"has {shorten_doubts(report.doubts)}; use --accept-implausible if the file is right"
    return ""


def _stage_for_decision(
    parsed: ParsedFile,
    opened: OpenedFile,
    origin: StarterOrigin | None,
    options: IngestOptions,
    progress: Progress,
    timer: _StageTimer,
    report: IngestReport,
) -> IngestReport:
    """Staged, compared, and left for a person to decide. The same bytes wait once."""
    waiting = _staged_release_of_file(report.sha256, parsed.dataset.key)
    if waiting and not waiting.events.filter(kind=history.Kind.STAGED).exists():
        waiting.delete()  # left by a run that was killed on its way to the flip: without its tracts' names
        waiting = None
    with transaction.atomic():
        starter_date = origin.made_on if origin else None
        release = waiting or staging.stage(
            parsed, opened, report.sha256, progress, report.is_sample, starter_date=starter_date, waits=True
        )
        timer.lap("stage")
        report = replace(report, outcome="staged", release_id=release.pk, seconds=timer.seconds)
        Release.objects.filter(pk=release.pk).update(report=report.as_dict())
        if not waiting:
            _record_event(history.Kind.STAGED, report, release, options)
    return report


def _record_event(
    kind: str, report: IngestReport, release: Release | None, options: IngestOptions, reason: str = ""
) -> None:
    file = {"file_name": Path(report.path).name, "sha256": report.sha256}
    history.record_event(
        kind,
        dataset=report.dataset,
        release=release,
        by=options.by,
        via=options.via,
        reason=reason,
        **({} if release else file),
    )


def _live_release_of_file(sha256: str) -> Release | None:
    """A live release of exactly these bytes, even where a later file answers for some of its parts by now."""
    return _same_reading(Release.objects.filter(sha256=sha256, status="live").first())


def _same_reading(release: Release | None) -> Release | None:
    """None for a release whose file would be read differently by now, because an operator explained its columns."""
    return None if release is None or second_columns.has_answered_question(release) else release


def _unchanged_report(path: Path, source: str, live: Release, timer: _StageTimer) -> IngestReport:
    parts, answering = live.boundaries.values_list("part", flat=True), live.live_parts.values_list("part", flat=True)
    taken = sorted(set(parts) - set(answering))
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
        seconds=timer.seconds,
    )


def _superseded_report(
    path: Path, source: str, sha256: str, parsed: ParsedFile, origin: StarterOrigin, timer: _StageTimer
) -> IngestReport:
    return IngestReport(
        str(path),
        "superseded",
        source,
        parsed.dataset.key,
        sha256,
        parsed.rows_read,
        starter=origin.as_dict(),
        seconds=timer.seconds,
    )


def _staged_release_of_file(sha256: str, dataset: str) -> Release | None:
    """What a run that was killed between staging and the flip has left: complete, so it is used."""
    return _same_reading(Release.objects.filter(sha256=sha256, dataset=dataset, status="staged").first())


def _compare_with_live(path: Path, source: str, sha256: str, parsed: ParsedFile) -> IngestReport:
    found = comparison.compare_parsed(parsed)
    parts = tuple(filter(None, parsed_parts(parsed)))
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
