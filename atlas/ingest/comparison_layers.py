"""Roads, water and landmarks of a file against what is live of the same state or county."""

import hashlib
from collections.abc import Iterable
from typing import Any

from atlas.ingest.report import ShapeChange
from atlas.models import MapFeature, Release
from atlas.sources.base import LayerFeature

# A new year redraws its lines, so what is gone is no loss; half of a layer gone is a file cut short.
_LOSS_SHARE = 0.5


def compare(live: tuple[int, ...], new: frozenset[str]) -> dict[str, Any]:
    """`shapes` and `lost_rows` of a comparison, by fingerprint; `live` are ids of releases."""
    old = stored_fingerprints(live)
    change = ShapeChange(added=len(new - old), removed=len(old - new), changed=0)
    generated = Release.objects.filter(pk__in=live, is_sample=True).exists()
    cut_short = len(new) < _LOSS_SHARE * len(old) and not generated
    return {"shapes": change, "lost_rows": len(old) - len(new) if cut_short else 0}


def fingerprints(features: Iterable[LayerFeature]) -> frozenset[str]:
    """Of each feature's name, class and line."""
    return frozenset(_fingerprint(f.name, f.feature_class, f.route_type, f.wkb) for f in features)


def stored_fingerprints(releases: tuple[int, ...]) -> frozenset[str]:
    """The same of what releases hold. One query."""
    rows = MapFeature.objects.filter(release__in=releases).values_list("name", "feature_class", "route_type", "wkb")
    return frozenset(_fingerprint(name, code, route, bytes(wkb)) for name, code, route, wkb in rows.iterator())


def _fingerprint(name: str, feature_class: str, route_type: str, wkb: bytes) -> str:
    text = "\0".join((name, feature_class, route_type, "")).encode()
    return hashlib.md5(text + wkb, usedforsecurity=False).hexdigest()
