"""What is live, as one catalog; kept in memory until something is flipped."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connection
from django.utils.translation import get_language

from atlas.measures import is_outcome
from atlas.models import LivePart, Release, ReleaseMeasure
from atlas.queries.units import units_of
from atlas.records.places import Source, sample_share
from atlas.sources.base import DatasetInfo
from atlas.sources.datasets import find_observation_dataset, get_dataset

Generation = tuple[int, str]  # of the data, and the language in which what hangs on it says things


@dataclass(frozen=True)
class LiveMeasure:
    """A measure in a live release."""

    slug: str
    level: str
    release_id: int
    has_standard_error: bool
    rows_with_value: int
    priority: int
    source: Source


@dataclass(frozen=True)
class Catalog:
    """Everything live at one moment; `generation` changes with every flip and every new city."""

    generation: Generation
    measures: tuple[LiveMeasure, ...]
    sources: tuple[Source, ...]
    units: Mapping[str, str] = field(default_factory=dict)  # unit of each measure whose codebook gives none

    def find(self, level: str, slug: str) -> LiveMeasure | None:
        """The live release that answers for a measure: published before sample, then smallest priority, then newest."""
        found = [m for m in self.measures if m.level == level and m.slug == slug]
        return min(found, key=lambda m: (m.source.is_sample, m.priority, -m.release_id), default=None)

    def get(self, level: str, slug: str) -> LiveMeasure:
        """The same for a measure that is known to be live, because a record of it was read from this catalog."""
        found = self.find(level, slug)
        assert found is not None, f"{slug} is not live at level {level}"
        return found

    def find_in_release_of(self, measure: LiveMeasure, slugs: tuple[str, ...]) -> LiveMeasure | None:
        """The first of `slugs` that the same release holds."""
        held = {m.slug: m for m in self.measures if m.release_id == measure.release_id}
        return next((held[slug] for slug in slugs if slug in held), None)


def read_generation() -> int:
    """That of the data: one query; changes, in the order of commits, with every flip, city and overlay."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM atlas_generation")
        return cursor.fetchone()[0]


_catalog_of_context: ContextVar[list[Catalog] | None] = ContextVar("catalog_of_context", default=None)


@contextmanager
def consistent_reads() -> Iterator[None]:
    """Within the block everything is read from one catalog, even if a release is flipped meanwhile."""
    mark = _catalog_of_context.set([])
    try:
        yield
    finally:
        _catalog_of_context.reset(mark)


def live_catalog() -> Catalog:
    """What is live now, or what was when the current `consistent_reads` first asked."""
    kept = _catalog_of_context.get()
    if kept:
        return kept[0]
    found = _load_catalog((read_generation(), get_language() or ""))
    if kept is not None:
        kept.append(found)
    return found


def live_generation() -> Generation:
    """Changes with every flip and every new city, and with the language: what remembered pages hang on."""
    return live_catalog().generation


@lru_cache(maxsize=4)
def _load_catalog(at: Generation) -> Catalog:
    releases: dict[int, Release] = {}
    for part in LivePart.objects.select_related("release").only(
        "release__dataset",
        "release__level",
        "release__vintage",
        "release__activated_at",
        "release__sha256",
        "release__is_sample",
        "release__starter_date",
    ):
        releases[part.release_id] = part.release
    sources: dict[int, Source] = {}
    infos: dict[int, DatasetInfo] = {}
    for pk, release in releases.items():
        info = infos[pk] = get_dataset(release.dataset)
        assert release.activated_at is not None, "the database wants a time of activation of every live release"
        sources[pk] = Source(
            info.key,
            info.title,
            info.publisher,
            info.citation,
            info.licence,
            info.addresses[0],
            info.vintage_of(release.vintage),
            pk,
            release.activated_at,
            release.sha256,
            release.is_sample,
            release.starter_date,
        )
    # A column without one value answers for nothing: an older file that has values stays in use.
    rows = ReleaseMeasure.objects.filter(release__in=releases, rows_with_value__gt=0).values_list(
        "measure__slug", "release_id", "has_standard_error", "rows_with_value", "minimum", "maximum"
    )
    measures = _without_stale_sample(
        LiveMeasure(slug, releases[pk].level, pk, has_se, count, infos[pk].priority, sources[pk])
        for slug, pk, has_se, count, *_ in rows
    )
    units = units_of((slug, low, high) for slug, *_, low, high in rows)
    return Catalog(at, measures, tuple(sorted(sources.values(), key=lambda s: (s.dataset, s.release_id))), units)


def _without_stale_sample(measures: Iterable[LiveMeasure]) -> tuple[LiveMeasure, ...]:
    """Once published outcomes of tracts are live, the sample's tracts are nobody's: their codes may be those of real
    tracts by chance, and their numbers would be joined to real places."""
    found = tuple(measures)
    published = any(m.level == "tract" and not m.source.is_sample and is_outcome(m.slug) for m in found)
    return tuple(m for m in found if not (published and m.level == "tract" and m.source.is_sample))


def live_sample() -> str:
    """How much of what is live was generated: "none", "some" or "all"."""
    return sample_share(source.is_sample for source in live_catalog().sources)


def live_sources() -> tuple[Source, ...]:
    """Sources of the live estimates and boundaries, one per live release; those of context stand with their series."""
    return tuple(source for source in live_catalog().sources if find_observation_dataset(source.dataset) is None)
