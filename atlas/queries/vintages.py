"""What became of a 2020 tract on 2010 ground, through the Census's relationship file where it is live."""

from functools import lru_cache

import numpy as np

from atlas.models import LivePart, TractRelation
from atlas.queries.live import Token, live_token
from atlas.sources.tract_relationship import DATASET


def tracts_of_2010(geoid: str) -> tuple[tuple[str, float], ...] | None:
    """(2010 GEOID, share of the 2020 tract's land in it), largest first; () for a code of neither vintage's file,
    None while no relationship file is live."""
    pairs = _pairs(live_token())
    if pairs is None:
        return None
    mine = pairs["new"] == int(geoid)
    shares = pairs["shared"][mine] / np.maximum(pairs["new_area"][mine], 1.0)
    rows = zip(pairs["old"][mine].tolist(), shares.tolist(), strict=True)
    return tuple((f"{code:011d}", share) for code, share in sorted(rows, key=lambda row: -row[1]) if share > 0)


@lru_cache(maxsize=2)
def _pairs(token: Token) -> dict[str, np.ndarray] | None:
    live = LivePart.objects.filter(dataset=DATASET.key, part="").first()
    if live is None:
        return None
    row = TractRelation.objects.get(release_id=live.release_id)
    named = {"new": (row.new, "<i8"), "old": (row.old, "<i8")}
    named |= {"shared": (row.shared_area, "<f8"), "new_area": (row.new_area, "<f8")}
    return {name: np.frombuffer(packed, kind) for name, (packed, kind) in named.items()}
