"""What is measured around a city's people over time: a usual set, and everything else that can be asked for."""

from collections import Counter
from difflib import get_close_matches

from django.db.models import Count, Q

from atlas.metrics.catalog import describe_metric
from atlas.models import CityTract, Observation
from atlas.queries.observations import HAS_SHOWN_VALUE, area_filter, live_context, many_series
from atlas.records.places import CityRecord, ContextSeries, Series, SeriesOption
from atlas.sources.us_outline import county_names

YEARLY, TRACKER = "upward_mobility", "economic_tracker"
# Conditions that research ties to children's later incomes and that the publisher measures by place.
DEFAULT_YEARLY = (
    "share_employed",
    "pctl_income_20",
    "share_affordable_available_50_ami",
    "share_poverty_exposure",
    "share_in_preschool",
    "share_hs_degree",
    "share_homeless",
    "share_transportation_cost",
)
DEFAULT_TRACKER = ("emp", "merchants_all", "initclaims_rate_regular", "spend_all")
MAX_CHOSEN = 4


class UnknownSeries(LookupError):
    """Nothing of this key is measured here; `nearest` are keys that are."""

    def __init__(self, key: str, nearest: tuple[str, ...]):
        super().__init__(key)
        self.key, self.nearest = key, nearest


def context_series(city: CityRecord, chosen: tuple[str, ...] = ()) -> ContextSeries:
    """The usual series of a city, those of `chosen` (keys of `SeriesOption`) after them, and all that are offered.

    A metric that is not published for the place is that of its main county. The same number of queries however many
    series there are. Raises UnknownSeries for a key that is not offered; more than MOST_CHOSEN are cut.
    """
    offered = _series_options(city)
    by_key = {offer.key: offer for offer in offered}
    for key in chosen:
        if key not in by_key:
            raise UnknownSeries(key, tuple(get_close_matches(key, by_key, n=3, cutoff=0.3)))
    asked = tuple(dict.fromkeys(k for k in chosen if k not in (*DEFAULT_YEARLY, *DEFAULT_TRACKER)))[:MAX_CHOSEN]
    shown = [by_key[key] for key in (*DEFAULT_YEARLY, *DEFAULT_TRACKER, *asked) if key in by_key]
    found = _load_series(shown)
    return ContextSeries(
        yearly=tuple(found[o.key] for o in shown if o.metric.family == YEARLY),
        tracker=tuple(found[o.key] for o in shown if o.metric.family == TRACKER),
        offered=offered,
        chosen=asked,
    )


def series_key(metric: str, subgroup: str) -> str:
    return f"{metric}:{subgroup}" if subgroup else metric


def _load_series(shown: list[SeriesOption]) -> dict[str, Series]:
    by_area: dict[tuple[str, str], list[SeriesOption]] = {}
    for offer in shown:
        by_area.setdefault((offer.area_kind, offer.geoid), []).append(offer)
    return {
        series_key(*pair): series
        for (kind, geoid), offers in by_area.items()
        for pair, series in many_series(kind, geoid, tuple((o.metric.slug, o.subgroup) for o in offers)).items()
    }


def _series_options(city: CityRecord) -> tuple[SeriesOption, ...]:
    """By family and label; the place answers before its county."""
    county = main_county(city)
    grounds = [("place", city.place_geoid, city.name)]
    if county:
        grounds.append(("county", county, county_names().get(county, f"county {county}")))
    found: dict[str, SeriesOption] = {}
    for kind, geoid, name in grounds:
        rows = (
            Observation.objects.filter(
                area_filter(kind, geoid),
                HAS_SHOWN_VALUE | ~Q(excluded_reason=""),
                release__in=live_context(),
                period_kind__in=("year", "month", "week"),
            )
            .order_by()
            .values_list("metric", "subgroup", "period_kind")
            .annotate(shown=Count("pk", filter=HAS_SHOWN_VALUE))
        )
        for metric, subgroup, period_kind, shown in rows:
            words, key = describe_metric(metric), series_key(metric, subgroup)
            if words.family in (YEARLY, TRACKER) and key not in found:
                whose = f"{name} as the Tracker draws it" if (kind, words.family) == ("place", TRACKER) else name
                found[key] = SeriesOption(key, words, subgroup, kind, geoid, whose, period_kind, shown)
    order = {YEARLY: 0, TRACKER: 1}
    return tuple(sorted(found.values(), key=lambda o: (order[o.metric.family], o.metric.label, o.subgroup)))


def main_county(city: CityRecord) -> str:
    """The county that holds most of the city's tracts, "" before they are known."""
    geoids = CityTract.objects.filter(city__slug=city.slug, belongs=True).values_list("geoid", flat=True)
    counted = Counter(geoid[:5] for geoid in geoids)
    return max(sorted(counted), key=counted.__getitem__) if counted else ""
