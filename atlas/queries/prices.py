"""The price level, from the live release of consumer prices."""

from datetime import date
from functools import lru_cache

from django.db.models import Avg, Count, QuerySet

from atlas.metrics.consumer_prices import ALL_ITEMS
from atlas.models import Observation
from atlas.queries.live import live_catalog
from atlas.records.places import Source
from atlas.records.prices import MonthPrices, PriceLevel
from atlas.sources.consumer_prices import DATASET

INCOME_YEAR = 2015  # whose dollars the Opportunity Atlas gives incomes in
_WHOLE_YEAR = 10  # months: fewer make no year; in 2025 there are eleven


def price_level(year: int = INCOME_YEAR) -> PriceLevel | None:
    """From `year` to the last month of the live release; None without one, or where it lacks the year.

    Published before sample. Two statements at the first call after a flip, then none
    but the catalog's own.
    """
    source = _source()
    return _level(source, year) if source else None


def prices_of_month(month: date, year: int = INCOME_YEAR) -> MonthPrices | None:
    """Those of a month beside `year` and the last month loaded; None without prices or where the month has none, as
    October 2025 has. One statement more than `price_level`, remembered as it is.
    """
    source = _source()
    level = _level(source, year) if source else None
    index = _index(source.release_id, month) if source and level else None
    return MonthPrices(month, index, level) if level and index else None


def _source() -> Source | None:
    live = [source for source in live_catalog().sources if source.dataset == DATASET.key]
    return min(live, key=lambda one: (one.is_sample, -one.release_id), default=None)


@lru_cache(maxsize=32)
def _index(release: int, month: date) -> float | None:
    return _months(release).filter(period_start=month).values_list("value", flat=True).first()


def _months(release: int) -> QuerySet[Observation]:
    return Observation.objects.filter(
        release=release,
        area_kind="nation",
        geoid="1",
        metric=ALL_ITEMS,
        value__isnull=False,
        period_kind="month",
    )


@lru_cache(maxsize=32)
def _level(source: Source, year: int) -> PriceLevel | None:
    """Rows of a release never change, so this is remembered for good."""
    months = _months(source.release_id)
    base = months.filter(period_start__year=year).aggregate(mean=Avg("value"), count=Count("pk"))
    last = months.order_by("-period_start").values_list("period_start", "value").first()
    if base["mean"] is None or base["count"] < _WHOLE_YEAR or last is None:
        return None
    month, index = last
    assert month is not None and index is not None, "rows without a month or a value were left out"
    return PriceLevel(year, base["mean"], base["count"], month, index, source)
