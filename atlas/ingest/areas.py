"""Making and changing areas. Every change leaves an event in the same transaction."""

import secrets
from collections.abc import Iterable

import numpy as np
import shapely
from django.db import transaction
from django.db.models.functions import Left
from django.utils import timezone

from atlas.ingest.overlays import live_boundaries, pack_map
from atlas.models import Area, AreaEvent, AreaGeometry, AreaTract, Tract
from atlas.models.areas import MOST_TRACTS
from atlas.sources.boundaries import TRACTS

ONE_BY_ONE = {"picked": "each tract was picked on the map", "pasted": "each tract was named in a list of GEOIDs"}
Row = tuple[str, float, bool]  # GEOID, share of its area inside, belongs


def new_token() -> str:
    """128 bits from the system: nobody guesses a link."""
    return secrets.token_hex(16)


@transaction.atomic
def make(kind: str, name: str, codes: Iterable[str], *, note: str = "", owner: int | None = None) -> str:
    """An area of whole tracts. Returns its token. `codes` are known tracts of 2010: `queries.sort_codes` says which."""
    rows = [(code, 1.0, True) for code in sorted(set(codes))]
    generated = Tract.objects.filter(vintage=2010, is_sample=True, geoid__in=[row[0] for row in rows]).exists()
    fields = {"kind": kind, "name": name, "note": note, "owner_id": owner, "rule": ONE_BY_ONE[kind]}
    return store(rows, is_sample=generated, **fields).token


def store(rows: list[Row], **fields) -> Area:
    """Area, tracts, map and event; inside a transaction of the caller's. Raises ValueError beyond MOST_TRACTS."""
    own = sum(belongs for _, _, belongs in rows)
    if not 1 <= own <= MOST_TRACTS:
        raise ValueError(f"an area has 1 to {MOST_TRACTS:,} tracts, not {own:,}")
    area = Area.objects.create(token=new_token(), tract_count=own, **fields)
    AreaTract.objects.bulk_create(
        AreaTract(area=area, geoid=geoid, share=share, belongs=belongs) for geoid, share, belongs in rows
    )
    draw(area)
    _record(area, AreaEvent.Kind.MADE, area.owner_id, {"name": area.name, "tracts": own, "kind": area.kind})
    return area


@transaction.atomic
def change(token: str, *, by: int, name: str, note: str, by_link: bool) -> bool:
    """New words, or another answer to who may see it; by its owner only. False when there is no such area of theirs."""
    area = _held(token).filter(owner_id=by).first()
    if area is None:
        return False
    wanted = {"name": name, "note": note, "by_link": by_link}
    before = {field: getattr(area, field) for field in wanted}
    if wanted != before:
        Area.objects.filter(pk=area.pk).update(**wanted)
        _record(area, AreaEvent.Kind.CHANGED, by, {"before": before, "after": wanted})
    return True


@transaction.atomic
def archive(token: str, *, by: int, anybodys: bool = False) -> bool:
    """Takes an area down; its link answers 404 from now on. Only the owner's own, unless `anybodys` (operators)."""
    found = _held(token)
    area = (found if anybodys else found.filter(owner_id=by)).first()
    if area is None:
        return False
    Area.objects.filter(pk=area.pk).update(archived_at=timezone.now())
    _record(area, AreaEvent.Kind.ARCHIVED, by, {"name": area.name})
    return True


def redraw(parts: list[str]) -> int:
    """Maps of the areas with tracts in these counties, after their boundaries were flipped. Which tracts an area is
    made of never changes: what was saved under a link stays what it was."""
    touched = AreaTract.objects.annotate(county=Left("geoid", 5)).filter(county__in=parts).values("area_id")
    found = Area.objects.filter(archived_at__isnull=True, pk__in=touched)
    for area in found:
        draw(area)
    return len(found)


def draw(area: Area) -> None:
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
    outline = shapely.from_wkb(bytes(area.outline)) if area.outline else _outline(tracts[inside])
    generated = any(is_sample for _, _, is_sample in found)
    AreaGeometry.objects.update_or_create(
        area=area, defaults=pack_map([geoid for geoid, _, _ in found], tracts, outline, generated)
    )


def _outline(tracts: np.ndarray) -> shapely.Geometry:
    return shapely.union_all(shapely.make_valid(tracts)) if tracts.size else shapely.MultiPolygon()


def _held(token: str):
    return Area.objects.select_for_update().filter(token=token, archived_at__isnull=True)


def _record(area: Area, kind: str, by: int | None, details: dict) -> None:
    AreaEvent.objects.create(area=area, kind=kind, by_id=by, details=details)
