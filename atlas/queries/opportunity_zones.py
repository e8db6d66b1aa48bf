"""What the live lists of Opportunity Zones say of a tract."""

from datetime import date
from functools import lru_cache

from django.db.models import Max, Min

from atlas.metrics.opportunity_zones import CONTIGUOUS, DESIGNATED
from atlas.models import Observation
from atlas.queries.live import Generation, live_catalog
from atlas.records.zones import ZoneStatus
from atlas.sources import opportunity_zones

_KEYS = (opportunity_zones.DATASET.key, opportunity_zones.NEW_LIST.key)
_FIRST_TERM = tuple(day.astype(date) for day in opportunity_zones.FIRST_TERM)


def zone_statuses(geoid: str) -> tuple[ZoneStatus, ...]:
    """One status per live list, the older first; () while none is live. One query, none without a list."""
    lists = _lists(live_catalog().generation)
    if not lists:
        return ()
    rows = Observation.objects.filter(release__in=lists, area_kind="tract", geoid=geoid)
    held: dict[tuple[int, str], tuple] = {
        (release, metric): rest for release, metric, *rest in rows.values_list(*_FIELDS)
    }
    return tuple(_status(release, term, held) for release, term in lists.items())


_FIELDS = ("release_id", "metric", "value", "valid_from", "valid_to")


@lru_cache(maxsize=4)
def _lists(generation: Generation) -> dict[int, tuple[date, date]]:
    """Live lists by release, the older first, with the first and last day of their designations."""
    live = [source.release_id for key in _KEYS for source in live_catalog().sources if source.dataset == key]
    rows = Observation.objects.filter(release__in=live, metric=DESIGNATED).order_by().values("release_id")
    terms = {row["release_id"]: row for row in rows.annotate(first=Min("valid_from"), last=Max("valid_to"))}
    return {
        release: (terms[release]["first"] or _FIRST_TERM[0], terms[release]["last"] or _FIRST_TERM[1])
        for release in live
        if release in terms
    }


def _status(release: int, term: tuple[date, date], held: dict[tuple[int, str], tuple]) -> ZoneStatus:
    found = held.get((release, DESIGNATED))
    contiguous = held.get((release, CONTIGUOUS))
    first, last = (found[1] or term[0], found[2] or term[1]) if found else term
    return ZoneStatus(term[0].year, found is not None, bool(contiguous and contiguous[0] == 1), first, last)
