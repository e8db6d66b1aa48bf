"""Working out the rank sets of cities: after a flip, by one worker at a time, as often as it takes."""

import numpy as np

from atlas import vectors
from atlas.ingest import locks
from atlas.models import City, TractRankSet
from atlas.queries.live import catalogue, one_moment
from atlas.queries.members import city_members
from atlas.queries.rank_sets import missing_rank_sets
from atlas.statistics.ranks import marginal_rank_sets

DRAWS = 2000


def work_out_missing() -> int:
    """Works out what is missing; returns how many sets of tracts. Nothing when another worker is at it.

    Each city and measure is kept as soon as it is done, so that a worker that dies loses one. The draws are seeded:
    the same release gives the same sets.
    """
    if not locks.try_hold(locks.RANK_SETS, ""):
        return 0
    try:
        made = 0
        with one_moment():
            for city, measure in missing_rank_sets():
                made += _work_out(city, measure)
            _forget_old()
        return made
    finally:
        locks.release(locks.RANK_SETS, "")


def _work_out(city: str, measure: str) -> int:
    live = catalogue().find("tract", measure)
    codes = city_members(city).own
    values, errors = vectors.national(live.release_id, measure).at(codes)
    found = marginal_rank_sets(values, errors, draws=DRAWS)
    packed = {
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


def _forget_old() -> None:
    """Sets of releases that answer no more; one that is rolled back to is worked out again."""
    answering = {measure.release_id for measure in catalogue().measures}
    TractRankSet.objects.exclude(release_id__in=answering).delete()
