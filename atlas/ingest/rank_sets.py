"""Computing the rank sets of cities: after a flip, by one worker at a time, as often as it takes."""

import numpy as np

from atlas import vectors
from atlas.ingest import locks
from atlas.models import City, TractRankSet
from atlas.models.rank_sets import RANK_METHOD
from atlas.queries.live import consistent_reads, live_catalog
from atlas.queries.members import city_members
from atlas.queries.rank_sets import missing_rank_sets
from atlas.statistics.ranks import simultaneous_rank_sets

DRAWS = 2000


def compute_missing() -> int:
    """Computes what is missing; returns how many sets of tracts. Nothing when another worker is at it.

    Each city and measure is kept as soon as it is done, so that a worker that dies loses one. The draws are seeded:
    the same release gives the same sets.
    """
    if not locks.try_lock(locks.RANK_SETS, ""):
        return 0
    try:
        made = 0
        with consistent_reads():
            for city, measure in missing_rank_sets():
                made += _compute(city, measure)
            _delete_stale()
        return made
    finally:
        locks.unlock(locks.RANK_SETS, "")


def _compute(city: str, measure: str) -> int:
    live = live_catalog().get("tract", measure)
    codes = city_members(city).own
    values, errors = vectors.national(live.release_id, measure).at(codes)
    found = simultaneous_rank_sets(values, errors, draws=DRAWS)
    packed = {
        "method": RANK_METHOD,
        "geoids": codes.astype("<i8").tobytes(),
        "low": found.low.astype("<i4").tobytes(),
        "high": found.high.astype("<i4").tobytes(),
        "ranked": found.n_ranked,
        "draws": found.draws if np.any(found.low) else 0,
    }
    TractRankSet.objects.update_or_create(
        city=City.objects.get(slug=city), release_id=live.release_id, measure=measure, defaults=packed
    )
    return 1


def _delete_stale() -> None:
    """Sets of releases that answer no more; one that is rolled back to is computed again."""
    answering = {measure.release_id for measure in live_catalog().measures}
    TractRankSet.objects.exclude(release_id__in=answering).delete()
