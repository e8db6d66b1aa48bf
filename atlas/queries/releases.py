"""Releases of a data set, one by one, and what happened to them."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

from django.db.models import Count

from atlas.models import Boundary, LivePart, MapFeature, Release, ReleaseEvent, ReleaseMeasure
from atlas.sources.base import DatasetInfo
from atlas.sources.datasets import get_dataset

MAX_EVENTS = 200


@dataclass(frozen=True)
class ReleaseRecord:
    """`parts` live for a boundary release; `kept` are the releases that a rollback of this one brings back."""

    id: int
    info: DatasetInfo
    status: str
    level: str
    file_name: str
    sha256: str
    byte_count: int
    rows_read: int
    rows_kept: int
    is_sample: bool
    starter_date: date | None  # of the starter set its file came with
    created_at: datetime
    activated_at: datetime | None
    retired_at: datetime | None
    report: dict  # as the import wrote it, without the machine's path
    parts: int = 0
    kept: tuple[int, ...] = ()

    @property
    def is_table(self) -> bool:
        """Numbers, not polygons or lines."""
        return self.info.content not in ("boundaries", "layers")

    @property
    def loses(self) -> bool:
        """When it came, it lacked rows or measures that were live."""
        return any(self.report.get(kind) for kind in ("lost_rows", "lost_measures", "lost_kinds"))


@dataclass(frozen=True)
class EventRecord:
    """What happened to a release. `by` is "" for readers who may not see names, and where nobody signed in."""

    release_id: int | None
    dataset: str
    kind: str
    by: str
    via: str
    at: datetime
    reason: str
    file_name: str
    details: dict


def release(pk: int) -> ReleaseRecord | None:
    return next(iter(_records(Release.objects.filter(pk=pk))), None)


def releases(key: str) -> tuple[ReleaseRecord, ...]:
    """All of a data set that are still there, newest first. Two queries."""
    return _records(Release.objects.filter(dataset=key))


def staged_releases() -> tuple[ReleaseRecord, ...]:
    """Those that wait for a decision. A run that is on its way to the flip has no event yet and is left out."""
    waiting = ReleaseEvent.objects.filter(kind="staged").values("release_id")
    return _records(Release.objects.filter(status="staged", pk__in=waiting))


def _records(queryset) -> tuple[ReleaseRecord, ...]:
    rows = list(queryset.order_by("-id"))
    parts: dict[int, list[int | None]] = {}
    for pk, previous in LivePart.objects.filter(release__in=rows).values_list("release_id", "previous_id"):
        parts.setdefault(pk, []).append(previous)
    return tuple(
        ReleaseRecord(
            r.pk,
            get_dataset(r.dataset),
            r.status,
            r.level,
            r.file_name,
            r.sha256,
            r.byte_count,
            r.rows_read,
            r.rows_kept,
            r.is_sample,
            r.starter_date,
            r.created_at,
            r.activated_at,
            r.retired_at,
            _public_report(r.report),
            len(parts.get(r.pk, ())),
            tuple(sorted({p for p in parts.get(r.pk, ()) if p}, reverse=True)),
        )
        for r in rows
    )


def _public_report(report: dict) -> dict:
    return {**report, "path": PurePath(report["path"]).name} if "path" in report else report


def events(key: str, *, names: bool) -> tuple[EventRecord, ...]:
    """The newest events of a data set; who stood behind them only with `names`. One query."""
    rows = ReleaseEvent.objects.filter(dataset=key).select_related("by").order_by("-id")[:MAX_EVENTS]
    return tuple(
        EventRecord(
            e.release_id,
            e.dataset,
            e.kind,
            str(e.by) if names and e.by else "",
            e.details.get("via", ""),
            e.at,
            e.reason if names or e.kind == "refused" else "",
            e.details.get("file_name", ""),
            e.details,
        )
        for e in rows
    )


def release_slugs(pk: int) -> tuple[str, ...]:
    """Measures that a release holds."""
    return tuple(ReleaseMeasure.objects.filter(release=pk).values_list("measure__slug", flat=True))


def polygons(key: str) -> dict[int, tuple[int, int]]:
    """Of each release of boundaries or of a layer: (polygons or lines, counties, places or states). One query."""
    held = MapFeature.objects if get_dataset(key).content == "layers" else Boundary.objects
    rows = held.filter(release__dataset=key).values("release_id")
    counted = rows.annotate(shapes=Count("pk"), parts=Count("part", distinct=True))
    return {row["release_id"]: (row["shapes"], row["parts"]) for row in counted}
