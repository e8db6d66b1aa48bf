"""Making and changing areas. Every change leaves an event in the same transaction."""

import secrets
from collections.abc import Iterable

import numpy as np
import shapely
from django.db import transaction
from django.db.models.functions import Left
from django.utils import timezone

from atlas.ingest.overlays import build_map, live_boundaries
from atlas.models import Area, AreaEvent, AreaGeometry, AreaTract, Tract
from atlas.models.areas import MAX_TRACTS
from atlas.sources.boundaries import TRACTS

SELECTION_RULES = {"picked": "each tract was picked on the map", "pasted": "each tract was named in a list of GEOIDs"}
TractRow = tuple[str, float, bool]  # GEOID, share of its area inside, belongs


def new_token() -> str:
    """128 bits from the system: nobody guesses a link."""
    return secrets.token_hex(16)


@transaction.atomic
def create_area(kind: str, name: str, codes: Iterable[str], *, note: str = "", owner: int | None = None) -> str:
    """An area of whole tracts. Returns its token. `codes` are known tracts of 2010: `queries.areas.classify_geoids`
    says which.
    """
    rows = [(code, 1.0, True) for code in sorted(set(codes))]
    generated = Tract.objects.filter(vintage=2010, is_sample=True, geoid__in=[row[0] for row in rows]).exists()
    fields = {"kind": kind, "name": name, "note": note, "owner_id": owner, "rule": SELECTION_RULES[kind]}
    return save_area(rows, is_sample=generated, **fields).token


def save_area(rows: list[TractRow], **fields) -> Area:
    """Area, tracts, map and event; inside a transaction of the caller's. Raises ValueError beyond MAX_TRACTS."""
    own = sum(belongs for _, _, belongs in rows)
    if not 1 <= own <= MAX_TRACTS:
        raise ValueError(f"an area has 1 to {MAX_TRACTS:,} tracts, not {own:,}")
    area = Area.objects.create(token=new_token(), tract_count=own, **fields)
    AreaTract.objects.bulk_create(
        AreaTract(area=area, geoid=geoid, share=share, belongs=belongs) for geoid, share, belongs in rows
    )
    rebuild_map(area)
    _record_event(area, AreaEvent.Kind.MADE, area.owner_id, {"name": area.name, "tracts": own, "kind": area.kind})
    return area


@transaction.atomic
def update_area(token: str, *, by: int, name: str, note: str, by_link: bool) -> bool:
    """New words, or another answer to who may see it; by its owner only. False when there is no such area of theirs."""
    area = _locked_areas(token).filter(owner_id=by).first()
    if area is None:
        return False
    after = {"name": name, "note": note, "by_link": by_link}
    before = {field: getattr(area, field) for field in after}
    if after != before:
        Area.objects.filter(pk=area.pk).update(**after)
        _record_event(area, AreaEvent.Kind.CHANGED, by, {"before": before, "after": after})
    return True


@transaction.atomic
def archive_area(token: str, *, by: int, any_owner: bool = False) -> bool:
    """Takes an area down; its link answers 404 from now on. Only the owner's own, unless `any_owner` (operators)."""
    found = _locked_areas(token)
    area = (found if any_owner else found.filter(owner_id=by)).first()
    if area is None:
        return False
    Area.objects.filter(pk=area.pk).update(archived_at=timezone.now())
    _record_event(area, AreaEvent.Kind.ARCHIVED, by, {"name": area.name})
    return True


def rebuild_maps(parts: list[str]) -> int:
    """Maps of the areas with tracts in these counties, after their boundaries were flipped. Which tracts an area is
    made of never changes: what was saved under a link stays what it was."""
    touched = AreaTract.objects.annotate(county=Left("geoid", 5)).filter(county__in=parts).values("area_id")
    found = Area.objects.filter(archived_at__isnull=True, pk__in=touched)
    for area in found:
        rebuild_map(area)
    return len(found)


def rebuild_map(area: Area) -> None:
    """The stored map from the live boundaries; none while there are none of its tracts."""
    codes = list(area.tracts.values_list("geoid", "belongs"))
    rows = live_boundaries(TRACTS.key).filter(geoid__in=[code for code, _ in codes]).order_by("geoid")
    found = list(rows.values_list("geoid", "wkb", "release__is_sample"))
    if not found:
        AreaGeometry.objects.filter(area=area).delete()
        return
    tracts = shapely.from_wkb(np.array([bytes(wkb) for _, wkb, _ in found], dtype=object))
    own = {code for code, belongs in codes if belongs}
    inside = np.array([geoid in own for geoid, _, _ in found])
    outline = shapely.from_wkb(bytes(area.outline)) if area.outline else _union_outline(tracts[inside])
    generated = any(is_sample for _, _, is_sample in found)
    AreaGeometry.objects.update_or_create(
        area=area, defaults=build_map([geoid for geoid, _, _ in found], tracts, outline, generated)
    )


def _union_outline(tracts: np.ndarray) -> shapely.Geometry:
    return shapely.union_all(shapely.make_valid(tracts)) if tracts.size else shapely.MultiPolygon()


def _locked_areas(token: str):
    return Area.objects.select_for_update().filter(token=token, archived_at__isnull=True)


def _record_event(area: Area, kind: str, by: int | None, details: dict) -> None:
    AreaEvent.objects.create(area=area, kind=kind, by_id=by, details=details)
