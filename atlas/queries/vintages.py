"""What became of 2020 tracts on 2010 ground, through the Census's relationship file where it is live."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from atlas.models import LivePart, TractRelation
from atlas.sources.tract_relationship import DATASET


@dataclass(frozen=True)
class TractPairs:
    """Pairs of tracts that share land; arrays aligned, shape (n,), land in square meters."""

    new: np.ndarray  # int64 GEOIDs of 2020
    old: np.ndarray  # int64 GEOIDs of 2010
    shared: np.ndarray
    new_land: np.ndarray
    old_land: np.ndarray


def live_pairs() -> TractPairs | None:
    """The live relationship file's pairs, None while none is live. One query once they are in memory."""
    live = LivePart.objects.filter(dataset=DATASET.key, part="").values_list("release_id", flat=True).first()
    return None if live is None else _pairs(live)


@lru_cache(maxsize=1)
def _pairs(release_id: int) -> TractPairs:
    row = TractRelation.objects.get(release_id=release_id)
    areas = (np.frombuffer(packed, "<f8") for packed in (row.shared_area, row.new_area, row.old_area))
    return TractPairs(np.frombuffer(row.new, "<i8"), np.frombuffer(row.old, "<i8"), *areas)


def tracts_of_2010(geoid: str) -> tuple[tuple[str, float], ...] | None:
    """(2010 GEOID, share of the 2020 tract's land in it), largest first; () for a code of neither vintage's file,
    None while no relationship file is live."""
    pairs = live_pairs()
    if pairs is None:
        return None
    mine = pairs.new == int(geoid)
    shares = pairs.shared[mine] / np.maximum(pairs.new_land[mine], 1.0)
    rows = zip(pairs.old[mine].tolist(), shares.tolist(), strict=True)
    return tuple((f"{code:011d}", share) for code, share in sorted(rows, key=lambda row: -row[1]) if share > 0)
