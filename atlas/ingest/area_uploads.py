"""Files of districts: which tracts lie in each, kept until somebody has looked at them and made areas of them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from django.utils import timezone

from atlas.ingest.areas import TractRow, new_token, save_area
from atlas.ingest.overlays import live_boundaries
from atlas.models import Area, AreaUpload
from atlas.models.areas import MAX_TRACTS
from atlas.sources.base import file_error
from atlas.sources.boundaries import TRACTS
from atlas.sources.districts import District, name_keys, read_districts
from atlas.statistics import overlay

UNUSED_UPLOAD_LIFETIME = timedelta(days=1)  # a file that was looked at and not used
MAX_ROWS = 20_000  # tracts of all districts of a file together
_MAX_CANDIDATES = 3 * MAX_TRACTS
_OUTLINE_METRES = 5.0


class AlreadyCreated(Exception):
    """Its areas were made before: a form sent twice."""


@dataclass(frozen=True)
class NearbyTracts:
    """Live tracts near the districts."""

    geoids: list[str]
    polygons: np.ndarray
    is_sample: np.ndarray


def save_upload(data: bytes, file_name: str, *, owner: int | None) -> str:
    """Reads the file, works out each district's tracts and keeps them. Returns the upload's token. Raises
    SourceFileError.
    """
    districts = read_districts(data)
    nearby = _nearby_tracts(districts)
    if not nearby.geoids:
        raise file_error("it lies where no tract boundaries have been imported: nothing is known of the tracts inside")
    counted = [_assign_tracts(district, nearby) for district in districts]
    if sum(len(row["tracts"]) for row in counted) > MAX_ROWS:
        raise file_error(f"it covers more than {MAX_ROWS:,} tracts in all: upload fewer districts at once")
    AreaUpload.objects.filter(saved_at__isnull=True, created_at__lt=timezone.now() - UNUSED_UPLOAD_LIFETIME).delete()
    kept = {"keys": list(name_keys(districts)), "districts": counted}
    upload = AreaUpload.objects.create(token=new_token(), file_name=file_name, districts=kept, owner_id=owner)
    return upload.token


@transaction.atomic
def create_areas(
    token: str, names: dict[int, tuple[str, str]], *, note: str = "", owner: int | None
) -> tuple[str, ...]:
    """An area of each district numbered in `names`: (the area's name, the district's in the file).

    Returns their tokens. Raises AlreadyCreated, and ValueError for a district that can't be an area.
    """
    upload = AreaUpload.objects.select_for_update().get(token=token)
    if upload.saved_at is not None:
        raise AlreadyCreated
    made = []
    for row in upload.districts["districts"]:
        if row["number"] in names:
            name, label = names[row["number"]]
            fields: dict[str, Any] = {
                "name": name,
                "district": label,
                "note": note,
                "owner_id": owner,
                "upload": upload,
            }
            fields |= {"kind": Area.Kind.UPLOADED, "file_name": upload.file_name, "rule": overlay.RULE}
            fields |= {"outline": bytes.fromhex(row["outline"]), "is_sample": row["is_sample"]}
            tracts: list[TractRow] = [(geoid, share, belongs) for geoid, share, belongs in row["tracts"]]
            made.append(save_area(tracts, **fields).token)
    AreaUpload.objects.filter(pk=upload.pk).update(saved_at=timezone.now(), districts={})
    return tuple(made)


def _nearby_tracts(districts: tuple[District, ...]) -> NearbyTracts:
    """Tracts whose box meets a district's. Boxes are compared first, so that polygons far away are never loaded."""
    polygons = np.array([district.polygon for district in districts], dtype=object)
    west, south, east, north = shapely.total_bounds(polygons)
    rows = live_boundaries(TRACTS.key).filter(
        max_longitude__gte=west, min_longitude__lte=east, max_latitude__gte=south, min_latitude__lte=north
    )
    sides = ("min_longitude", "min_latitude", "max_longitude", "max_latitude")
    found = np.array(list(rows.values_list("pk", *sides)), dtype=float).reshape(-1, 5)
    if not found.size:
        return NearbyTracts([], np.empty(0, dtype=object), np.empty(0, bool))
    tree = shapely.STRtree(shapely.box(*found[:, 1:].T))
    near = np.unique(tree.query(shapely.box(*shapely.bounds(polygons).T))[1])
    if near.size > _MAX_CANDIDATES:
        raise file_error(f"it covers more than {MAX_TRACTS:,} tracts: areas are smaller than that")
    chosen = rows.filter(pk__in=found[near, 0].astype(int).tolist()).order_by("geoid")
    held = list(chosen.values_list("geoid", "wkb", "release__is_sample"))
    wkb = np.array([bytes(packed) for _, packed, _ in held], dtype=object)
    return NearbyTracts([geoid for geoid, _, _ in held], shapely.from_wkb(wkb), np.array([s for _, _, s in held], bool))


def _assign_tracts(district: District, nearby: NearbyTracts) -> dict:
    """What is kept of a district: the same rule as for a city. `best` is the tract that holds most of it."""
    polygon = district.polygon
    west, south, east, north = polygon.bounds
    sides = shapely.bounds(nearby.polygons)
    meets = (sides[:, 2] >= west) & (sides[:, 0] <= east) & (sides[:, 3] >= south) & (sides[:, 1] <= north)
    index = np.flatnonzero(meets)
    tracts = nearby.polygons[index]
    centre = shapely.point_on_surface(polygon)
    plane = overlay.equal_area(centre.x, centre.y)
    shares = overlay.shares(tracts, polygon, plane)
    sizes = shapely.area(overlay.project(tracts, plane)) if index.size else np.empty(0)
    whole = float(shapely.area(overlay.project(np.array([polygon], dtype=object), plane)[0]))
    inside = shares * sizes
    shown = np.flatnonzero(shares >= overlay.MIN_SHARE)
    best = int(np.argmax(inside)) if inside.size and inside.max() > 0 else None
    return {
        "number": district.number,
        "properties": district.properties,
        "mended": district.mended,
        "tracts": [[nearby.geoids[index[i]], float(shares[i]), bool(shares[i] >= overlay.MAJORITY)] for i in shown],
        "best": None if best is None else [nearby.geoids[index[best]], float(inside[best] / whole) if whole else 0.0],
        "covered": min(float(inside.sum() / whole), 1.0) if whole else 0.0,
        "is_sample": bool(nearby.is_sample[index[shown]].any()),
        "outline": shapely.to_wkb(_simplify_outline(polygon), hex=True),
    }


def _simplify_outline(polygon: shapely.Geometry) -> shapely.Geometry:
    """The outline for a map; the tracts were counted with every corner."""
    simple = shapely.simplify(polygon, _OUTLINE_METRES / 111_000)
    return polygon if simple.is_empty else simple
