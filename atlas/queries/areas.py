"""Areas that people put together: by their link, and as a list only to their owner."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models import Count, F, Q

from atlas.models import Area, AreaGeometry, AreaTract, AreaUpload, Boundary, CityTract, Tract
from atlas.queries.cities import EDGE
from atlas.queries.live import live_catalog
from atlas.queries.vintages import live_pairs
from atlas.records.places import AreaRecord
from atlas.sources.boundaries import TRACTS
from atlas.sources.us_outline import county_names, state_of
from atlas.statistics.overlay import MAJORITY

MOST_AREAS_OFFERED = 50  # to choose from in a form


@dataclass(frozen=True)
class AreaDetails:
    """How an area came to be: what its page says beside the numbers."""

    token: str
    name: str
    note: str
    kind: str  # "picked", "pasted" or "uploaded"
    file_name: str
    district: str
    tract_count: int
    by_link: bool
    owner_id: int | None
    made_at: datetime


@dataclass(frozen=True)
class DistrictRecord:
    """One district of an uploaded file and the tracts in it."""

    number: int
    properties: dict[str, str]
    mended: bool
    tract_count: int  # by the rule
    edge_count: int  # with part of their area inside that do not count
    best: tuple[str, float] | None  # tract that holds most of the district, and how much of it, 0-1
    covered: float  # share of its area where tract boundaries are live, 0-1


@dataclass(frozen=True)
class UploadRecord:
    token: str
    file_name: str
    keys: tuple[str, ...]  # properties that can name the districts, likeliest first
    districts: tuple[DistrictRecord, ...]  # () once the areas are made
    areas: tuple[AreaDetails, ...]
    is_saved: bool
    owner_id: int | None


@dataclass(frozen=True)
class ClassifiedGeoids:
    """GEOIDs by what is known of them. Together they are all that were asked for."""

    known: tuple[str, ...]  # tracts of 2010
    later: tuple[str, ...]  # of 2020 only
    unknown: tuple[str, ...]
    has_list: bool  # any list of tracts has been imported
    has_relation: bool  # the Census file of 2020 to 2010 tracts is live


def area(token: str, viewer: int | None = None) -> AreaRecord | None:
    """An area that `viewer` (a person's id) may see: anybody's by its link, unless its owner closed it."""
    found = _visible_to(viewer).filter(token=token).first()
    if found is None:
        return None
    rows = tuple((int(g), s, b) for g, s, b in found.tracts.values_list("geoid", "share", "belongs"))
    own = [f"{code:011d}" for code, _, belongs in rows if belongs]
    geometry = AreaGeometry.objects.filter(area=found).values_list("is_sample", flat=True).first()
    states, counties = _by_frequency(code[:2] for code in own), _by_frequency(code[:5] for code in own)
    state_name, state_usps = _describe_states(states, len(counties))
    names = county_names()
    cities = (
        CityTract.objects.filter(vintage=2010, belongs=True, geoid__in=own)
        .values_list("city__slug")
        .annotate(shared=Count("pk"))
        .order_by("-shared", "city__slug")
    )
    return AreaRecord(
        slug=found.token,
        name=found.name,
        state_name=state_name,
        state_usps=state_usps,
        county_names=tuple(names.get(county, f"county {county}") for county in counties),
        tract_count=len(own),
        edge_count=sum(EDGE[0] < share < EDGE[1] for _, share, _ in rows),
        has_geometry=geometry is not None,
        geometry_is_sample=bool(geometry) or found.is_sample,
        members=rows,
        rule=found.rule,
        city_slugs=tuple(slug for slug, _ in cities),
    )


def _describe_states(states: list[str], counties: int) -> tuple[str, str]:
    """("Ohio", "OH"), or ("4 counties in 4 states", "4 states") for an area that no one state's name describes."""
    if len(states) == 1:
        return state_of(states[0])
    return f"{counties} counties in {len(states)} states", f"{len(states)} states"


def area_details(token: str, viewer: int | None = None) -> AreaDetails | None:
    """The same area in the words of its maker."""
    found = _visible_to(viewer).filter(token=token).first()
    return _details(found) if found else None


def area_stamp(token: str) -> str | None:
    """Equal twice: nothing that a stranger sees of the area was changed in between. None for an area they may not see.

    One statement. Its tracts never change once it is made.
    """
    found = _visible_to(None).filter(token=token)
    own = ("pk", "name", "note", "rule", "kind", "file_name", "district", "owner_id", "tract_count", "is_sample")
    row = found.values_list(*own, "geometry__etag", "geometry__is_sample", "geometry__built_at").first()
    return None if row is None else repr(row)


def areas_owned_by(owner: int) -> tuple[AreaDetails, ...]:
    """A person's own areas, newest first; archived ones are gone."""
    return tuple(_details(found) for found in Area.objects.filter(owner_id=owner, archived_at__isnull=True))


def own_areas_within(owner: int, geoids: Collection[str]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """(token, name, those of these tracts that are its own) of a person's areas that have any, newest first; at most
    50. One statement."""
    rows = (
        AreaTract.objects.filter(
            area__owner_id=owner, area__archived_at__isnull=True, belongs=True, vintage=2010, geoid__in=geoids
        )
        .order_by("-area_id", "geoid")
        .values_list("area__token", "area__name", "geoid")
    )
    found: dict[tuple[str, str], list[str]] = {}
    for token, name, geoid in rows:
        found.setdefault((token, name), []).append(geoid)
    return tuple((token, name, tuple(tracts)) for (token, name), tracts in list(found.items())[:MOST_AREAS_OFFERED])


def area_upload(token: str, viewer: int | None = None) -> UploadRecord | None:
    """A file of districts by its link; of somebody signed in, for them alone."""
    found = AreaUpload.objects.filter(Q(owner__isnull=True) | Q(owner_id=viewer), token=token).first()
    if found is None:
        return None
    kept = found.districts or {"keys": [], "districts": []}
    return UploadRecord(
        found.token,
        found.file_name,
        tuple(kept["keys"]),
        tuple(_district(row) for row in kept["districts"]),
        tuple(_details(made) for made in found.areas.filter(archived_at__isnull=True).order_by("pk")),
        found.saved_at is not None,
        found.owner_id,
    )


def classify_geoids(codes: Iterable[str]) -> ClassifiedGeoids:
    """Which of these GEOIDs are tracts of 2010, which of 2020 only. Tracts of the sample count while it is live."""
    wanted = tuple(dict.fromkeys(codes))
    listed = Tract.objects.filter(vintage=2010)
    drawn = Boundary.objects.filter(release__live_parts__dataset=TRACTS.key, release__live_parts__part=F("part"))
    if not any(m.level == "tract" and m.source.is_sample for m in live_catalog().measures):
        listed, drawn = listed.filter(is_sample=False), drawn.filter(release__is_sample=False)
    known = {g for held in (listed, drawn) for g in held.filter(geoid__in=wanted).values_list("geoid", flat=True)}
    rest = [code for code in wanted if code not in known]
    pairs = live_pairs()
    in_2020 = np.isin(np.array(rest, dtype=np.int64), pairs.new) if pairs is not None else np.zeros(len(rest), bool)
    new = {code for code, is_new in zip(rest, in_2020.tolist(), strict=True) if is_new}
    return ClassifiedGeoids(
        tuple(code for code in wanted if code in known),
        tuple(code for code in rest if code in new),
        tuple(code for code in rest if code not in new),
        bool(known) or listed.exists(),
        pairs is not None,
    )


def tracts_inside_2020_tracts(codes: Iterable[str]) -> tuple[tuple[str, float], ...]:
    """(2010 tract, share of its land inside 0-1) for tracts with more than half their land in these 2020 tracts."""
    pairs = live_pairs()
    if pairs is None:
        return ()
    mine = np.isin(pairs.new, np.array([int(code) for code in codes], dtype=np.int64)) & (pairs.old_land > 0)
    found, position = np.unique(pairs.old[mine], return_inverse=True)
    share = np.bincount(position, pairs.shared[mine] / pairs.old_land[mine], minlength=found.size)
    return tuple(
        (f"{code:011d}", min(float(part), 1.0))
        for code, part in zip(found.tolist(), share.tolist(), strict=True)
        if part > MAJORITY
    )


def _visible_to(viewer: int | None):
    """Default deny: closed areas are their owner's, archived ones nobody's."""
    mine = Q(by_link=True) if viewer is None else Q(by_link=True) | Q(owner_id=viewer)
    return Area.objects.filter(mine, archived_at__isnull=True)


def _details(found: Area) -> AreaDetails:
    return AreaDetails(
        found.token,
        found.name,
        found.note,
        found.kind,
        found.file_name,
        found.district,
        found.tract_count,
        found.by_link,
        found.owner_id,
        found.created_at,
    )


def _district(row: dict) -> DistrictRecord:
    own = sum(belongs for _, _, belongs in row["tracts"])
    best = row["best"]
    return DistrictRecord(
        row["number"],
        row["properties"],
        row["mended"],
        own,
        len(row["tracts"]) - own,
        (best[0], best[1]) if best else None,
        row["covered"],
    )


def _by_frequency(codes: Iterable[str]) -> list[str]:
    held: dict[str, int] = {}
    for code in codes:
        held[code] = held.get(code, 0) + 1
    return sorted(held, key=lambda code: (-held[code], code))
