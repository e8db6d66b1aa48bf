"""Live data sets as the data page lists them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Sum, Value
from django.db.models.functions import Coalesce

from atlas.measures import is_outcome
from atlas.models import Release
from atlas.queries.live import live_catalog
from atlas.sources.base import DatasetInfo
from atlas.sources.datasets import get_dataset


@dataclass(frozen=True)
class LiveDataset:
    """One live release with its data set's words and its size."""

    info: DatasetInfo
    release_id: int
    file_name: str
    activated_at: datetime
    rows_kept: int
    measures: int
    values: int  # rows with a value, over all its measures
    missing: int  # rows without: suppressed or missing in the publisher's file
    outside_range: int
    is_sample: bool
    starter_date: date | None  # of the starter set its file came with


@dataclass(frozen=True)
class DatasetRow:
    """One data set of a source with all its live files; the counts are sums over them."""

    info: DatasetInfo
    files: tuple[LiveDataset, ...]  # one, or one for each city or county where each has a file of its own

    @property
    def rows_kept(self) -> int:
        return sum(one.rows_kept for one in self.files)

    @property
    def has_values(self) -> bool:
        return any(one.measures for one in self.files)

    @property
    def values(self) -> int:
        return sum(one.values for one in self.files)

    @property
    def missing(self) -> int:
        return sum(one.missing for one in self.files)

    @property
    def outside_range(self) -> int:
        return sum(one.outside_range for one in self.files)

    @property
    def is_sample(self) -> bool:
        return any(one.is_sample for one in self.files)

    @property
    def starter_date(self) -> date | None:
        return next((one.starter_date for one in self.files if one.starter_date), None)

    @property
    def newest(self) -> LiveDataset:
        return max(self.files, key=lambda one: one.activated_at)


@dataclass(frozen=True)
class SourceGroup:
    """What one source published, data set by data set."""

    publisher: str
    datasets: tuple[DatasetRow, ...]


def by_source(found: tuple[LiveDataset, ...]) -> tuple[SourceGroup, ...]:
    """Sources in the order in which their data sets come."""
    publishers = dict.fromkeys(one.info.publisher for one in found)
    return tuple(
        SourceGroup(
            publisher,
            tuple(
                DatasetRow(info, tuple(one for one in found if one.info == info))
                for info in dict.fromkeys(one.info for one in found if one.info.publisher == publisher)
            ),
        )
        for publisher in publishers
    )


def lack_margins() -> bool:
    """Whether tract outcomes are live and none has a standard error; the simple files have them."""
    outcomes = [m for m in live_catalog().measures if m.level == "tract" and is_outcome(m.slug)]
    return bool(outcomes) and not any(m.has_standard_error for m in outcomes)


def live_datasets() -> tuple[LiveDataset, ...]:
    """By level and title. One query."""
    rows = Release.objects.filter(status="live").annotate(
        measure_count=Count("measures"),
        values_kept=_sum("rows_with_value"),
        missing=_sum("rows_without_value"),
        outside=_sum("rows_outside_range"),
    )
    found = []
    for r in rows:
        assert r.activated_at is not None, "the database wants a time of activation of every live release"
        found.append(
            LiveDataset(
                get_dataset(r.dataset),
                r.pk,
                r.file_name,
                r.activated_at,
                r.rows_kept,
                r.measure_count,
                r.values_kept,
                r.missing,
                r.outside,
                r.is_sample,
                r.starter_date,
            )
        )
    order = ["tract", "county", "cz", "nation", "percentile", "place", "metro", "zip", "map"]
    return tuple(
        sorted(
            found,
            key=lambda d: (
                d.info.content in ("boundaries", "layers"),
                order.index(d.info.level),
                d.info.title,
                d.file_name,
            ),
        )
    )


def _sum(column: str) -> Coalesce:
    return Coalesce(Sum(f"measures__{column}"), Value(0))
