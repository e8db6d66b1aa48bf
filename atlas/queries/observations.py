"""Series of one area and what there is for it. A city's page gets the Economic Tracker's series of its county."""

from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q

from atlas import vectors
from atlas.metrics.catalog import CONTEXT_NOTE, describe_metric
from atlas.metrics.labels import MetricDefinition
from atlas.models import City, Observation
from atlas.queries.live import live_catalog
from atlas.records.places import AvailableMetric, Series, Source
from atlas.sources import tracker_cities
from atlas.sources.base import DatasetInfo
from atlas.sources.datasets import find_observation_dataset
from atlas.sources.us_outline import county_names

_TRACKER = "economic_tracker"
HAS_SHOWN_VALUE = Q(value__isnull=False, excluded_reason="")
_FIELDS = (
    "release_id",
    "period_kind",
    "period_start",
    "value",
    "lower",
    "upper",
    "standard_error",
    "quality",
    "provisional",
    "excluded_reason",
)


@dataclass(frozen=True)
class _LiveDataset:
    """A live data set of observations."""

    info: DatasetInfo
    source: Source


def series(area_kind: str, geoid: str, metric: str, subgroup: str = "", dataset: str = "") -> Series | None:
    """One metric of one area over all its periods; None when nothing of it is live.

    Where several data sets hold it, the one of smallest priority that has a value answers; `dataset` asks for one,
    as a comparison of groups within one file does. At most five queries once the catalog is in memory.
    Raises UnknownMetric.
    """
    return many_series(area_kind, geoid, ((metric, subgroup),), dataset).get((metric, subgroup))


def many_series(
    area_kind: str, geoid: str, wanted: tuple[tuple[str, str], ...], dataset: str = ""
) -> dict[tuple[str, str], Series]:
    """Series of one area by (metric, subgroup), as `series` gives them; what isn't live is absent.

    At most five queries, however many are wanted. Raises UnknownMetric.
    """
    words = {metric: describe_metric(metric) for metric, _ in wanted}
    live = {pk: found for pk, found in live_context().items() if dataset in ("", found.info.key)}
    city = _tracker_city(area_kind, geoid)
    rows = (
        Observation.objects.filter(
            _area_filter(area_kind, geoid, city),
            release__in=live,
            metric__in=words,
            subgroup__in={subgroup for _, subgroup in wanted},
        )
        .order_by("period_start")
        .values_list("metric", "subgroup", *_FIELDS)
    )
    held: dict[tuple[str, str], dict[int, list[tuple]]] = {}
    for metric, subgroup, release, *rest in rows:
        held.setdefault((metric, subgroup), {}).setdefault(release, []).append(tuple(rest))
    chosen = {
        key: min(by_release, key=lambda pk: _preference(by_release[pk], live[pk].info, pk))
        for key in dict.fromkeys(wanted)
        if (by_release := held.get(key))
    }
    tracked: set[tuple[str, str]] = set()
    tracker_name = extent = ""
    if city is not None:
        tracked = {key for key, pk in chosen.items() if live[pk].info.key.startswith(_TRACKER)}
        tracker_name, extent = city.name, _describe_tracker_city(city) if tracked else ""
    return {
        key: _series(
            area_kind,
            geoid,
            words[key[0]],
            key[1],
            held[key][pk],
            live[pk],
            tracker_name if key in tracked else "",
            extent if key in tracked else "",
        )
        for key, pk in chosen.items()
    }


def available_metrics(area_kind: str, geoid: str) -> tuple[AvailableMetric, ...]:
    """Every metric with a value to show for one area, once per live data set. At most four queries."""
    live = live_context()
    areas = area_filter(area_kind, geoid)
    rows = (
        Observation.objects.filter(areas, HAS_SHOWN_VALUE, release__in=live)
        .order_by()
        .values("release_id", "metric", "subgroup", "period_kind")
        .annotate(count=Count("pk"), first=Min("period_start"), last=Max("period_start"))
    )
    groups: dict[tuple[int, str], list[dict]] = {}
    for row in rows:
        groups.setdefault((row["release_id"], row["metric"]), []).append(row)
    found = [
        AvailableMetric(
            metric=describe_metric(slug),
            subgroups=tuple(sorted(row["subgroup"] for row in held)),
            period_kind=held[0]["period_kind"],
            first=min((row["first"] for row in held if row["first"]), default=None),
            last=max((row["last"] for row in held if row["last"]), default=None),
            values=sum(row["count"] for row in held),
            source=live[release].source,
        )
        for (release, slug), held in groups.items()
    ]
    return tuple(sorted(found, key=lambda f: (f.metric.family, f.metric.slug, live[f.source.release_id].info.priority)))


def live_context() -> dict[int, _LiveDataset]:
    """Live releases of observations by their number."""
    found = {}
    for source in live_catalog().sources:
        if (info := find_observation_dataset(source.dataset)) is not None:
            found[source.release_id] = _LiveDataset(info, source)
    return found


def area_filter(area_kind: str, geoid: str) -> Q:
    """Where observations of an area are: itself, and for a place the Tracker's city of its name."""
    return _area_filter(area_kind, geoid, _tracker_city(area_kind, geoid))


def _area_filter(area_kind: str, geoid: str, city: "_TrackerCity | None") -> Q:
    """The area itself, and for a place the city of the Tracker that bears its name."""
    asked = Q(area_kind=area_kind, geoid=geoid)
    return asked if city is None else asked | Q(area_kind="tracker_city", geoid=city.geoid)


@dataclass(frozen=True)
class _TrackerCity:
    """A city of the Economic Tracker, found by the live file of its ids."""

    geoid: str  # its number
    name: str  # "Detroit, MI"
    release_id: int  # of the file of ids


def _tracker_city(area_kind: str, geoid: str) -> _TrackerCity | None:
    """The Tracker's city of a place; names are matched with their state, never alone."""
    ids = next((s.release_id for s in live_catalog().sources if s.dataset == tracker_cities.DATASET.key), None)
    if ids is None or area_kind != "place":
        return None
    place = City.objects.filter(place_geoid=geoid).first()
    if place is None:
        return None
    named = {name: f"{code:02d}" for code, name in vectors.labels(ids).items()}
    return _TrackerCity(named[str(place)], str(place), ids) if str(place) in named else None


def _preference(rows: list[tuple], info: DatasetInfo, release: int) -> tuple[bool, int, int]:
    """Data sets with a value first, then by priority, then the newest."""
    has_value = any(value is not None and not reason for _, _, value, *_, reason in rows)
    return not has_value, info.priority, -release


def _series(
    area_kind: str,
    geoid: str,
    words: MetricDefinition,
    subgroup: str,
    rows: list[tuple],
    live: _LiveDataset,
    tracker_name: str,
    extent: str,
) -> Series:
    kinds, periods, values, lower, upper, errors, quality, provisional, reasons = zip(*rows, strict=True)

    def shown(column: tuple) -> tuple:
        return tuple(None if reason else item for item, reason in zip(column, reasons, strict=True))

    name = tracker_name or vectors.labels(live.source.release_id).get(int(geoid), "")
    caveats = live.info.caveats
    if extent:  # said of this city instead of cities in general
        caveats = (extent, *(c for c in caveats if c not in tracker_cities.DATASET.caveats))
    return Series(
        area_kind,
        geoid,
        name,
        words,
        subgroup,
        kinds[0],
        periods,
        shown(values),
        shown(lower),
        shown(upper),
        shown(errors),
        quality,
        provisional,
        reasons,
        live.source,
        (CONTEXT_NOTE, *caveats, *_caveats(periods, provisional, reasons)),
    )


def _describe_tracker_city(city: _TrackerCity) -> str:
    """What the Tracker means by the city: "... Detroit, MI is Wayne County (1,749,343 people in 2019) ..."."""
    people = (
        Observation.objects.filter(
            release=city.release_id, area_kind="tracker_city", geoid=city.geoid, metric=tracker_cities.POPULATION
        )
        .values_list("value", flat=True)
        .first()
    )
    county = county_names().get(tracker_cities.COUNTY_OF.get(city.name, ""), "the county around it")
    counted = f" ({people:,.0f} people in 2019)" if people is not None else ""
    return f"The Economic Tracker's {city.name} is {county}{counted}, whatever the limits of the city."


def _caveats(periods: tuple, provisional: tuple[bool, ...], reasons: tuple[str, ...]) -> list[str]:
    """Sentences for what is not shown and what the publisher still revises."""
    said = [
        f"Not shown for {period.year}: {reason}." for period, reason in zip(periods, reasons, strict=True) if reason
    ]
    if count := sum(provisional):
        said.append(f"Provisional, still revised by the source: {count} {'period' if count == 1 else 'periods'}.")
    return said
