"""Every live neighborhood characteristic at some tracts, read at once."""

import numpy as np

from atlas import vectors
from atlas.models import AreaIndex, Estimate
from atlas.queries.live import live_catalog
from atlas.queries.measures import available_measures
from atlas.records.analysis import Characteristic, OutcomeTracts
from atlas.records.places import any_sample


def characteristics(tracts: OutcomeTracts) -> tuple[Characteristic, ...]:
    """Characteristics by label, NaN where a file has no value. Two queries, however many there are.

    Generated outcomes are joined to generated characteristics only, published to published: a code of the sample
    may be that of a real tract by chance.
    """
    live = live_catalog()
    generated = any_sample(tracts.sources[:1])
    offered = [
        record
        for record in available_measures("tract")
        if record.group == "characteristic" and record.source.is_sample == generated
    ]
    releases = {record.slug: live.get("tract", record.slug).release_id for record in offered}
    codes = np.array([int(geoid) for geoid in tracts.geoids], dtype=np.int64)
    values = _read_values(releases, codes) if codes.size else {}
    found = (Characteristic(record, values[record.slug]) for record in offered if record.slug in values)
    return tuple(sorted(found, key=lambda one: one.measure.label))


def _read_values(releases: dict[str, int], codes: np.ndarray) -> dict[str, np.ndarray]:
    """slug: values (n,) float."""
    states = sorted({f"{code:011d}"[:2] for code in codes.tolist()})
    rows = AreaIndex.objects.filter(release_id__in=set(releases.values()), area__in=states)
    at = {
        (release, area): vectors.locate(np.frombuffer(geoids, "<i8"), codes)
        for release, area, geoids in rows.values_list("release_id", "area", "geoids")
    }
    held = Estimate.objects.filter(
        release_id__in=set(releases.values()), measure__slug__in=list(releases), area__in=states
    ).values_list("measure__slug", "release_id", "area", "value")
    found = {slug: np.full(codes.size, np.nan) for slug in releases}
    for slug, release, area, packed in held:
        if releases[slug] == release:
            there, position = at[release, area]
            found[slug][there] = np.frombuffer(packed, "<f4")[position[there]]
    return found
