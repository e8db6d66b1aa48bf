"""The sample's tracts: every tract of the ten cities' counties, with codes, positions and polygons."""

from dataclasses import dataclass

import numpy as np

from atlas.sample.cities import CITIES, COMMUTING_ZONES, City, CommutingZone, CountyPart
from atlas.sample.fields import SAMPLE_SEED
from atlas.sample.lattice import CityLattice, Ring, draw_city
from atlas.sample.tracts import CountyDesign, TractList, tract_codes

WATER_CODE = 990000


@dataclass(frozen=True)
class SampleTract:
    geoid: str
    city: City
    in_city: bool
    x: float  # tract diameters east of the city's center
    y: float
    ring: Ring | None  # None: water, in the lists but without a polygon
    area_km2: float


def _share_out(city: City, lattice: CityLattice) -> list[CountyPart]:
    """The county of each cell: outer counties take the cells furthest along their bearing."""
    owner: list[CountyPart | None] = [None] * len(lattice.cells)
    for part in city.counties[1:]:
        east, north = part.bearing
        for inside, wanted in ((True, part.tracts_in_city), (False, part.tracts - part.tracts_in_city)):
            free = [i for i in range(len(owner)) if owner[i] is None and bool(lattice.in_city[i]) is inside]
            free.sort(key=lambda i: (-(lattice.x[i] * east + lattice.y[i] * north), i))
            for index in free[:wanted]:
                owner[index] = part
    return [part or city.counties[0] for part in owner]


def place_tracts(city: City, seed: int = SAMPLE_SEED) -> tuple[CityLattice, list[SampleTract]]:
    """The city's lattice and its tracts sorted by GEOID."""
    lattice = draw_city(city, seed)
    owners = _share_out(city, lattice)
    tracts = []
    for part in city.counties:
        cells = [index for index, owner in enumerate(owners) if owner is part]
        for index, code in zip(cells, tract_codes(len(cells)).tolist(), strict=True):
            tracts.append(
                SampleTract(
                    f"{part.fips}{code:06d}",
                    city,
                    bool(lattice.in_city[index]),
                    float(lattice.x[index]),
                    float(lattice.y[index]),
                    lattice.cells[index],
                    float(lattice.area_km2[index]),
                )
            )
    if city.water_tract:
        tracts.append(SampleTract(f"{city.counties[0].fips}{WATER_CODE:06d}", city, False, 0.0, 0.0, None, 0.0))
    return lattice, sorted(tracts, key=lambda tract: tract.geoid)


def county_design(part: CountyPart, zone: CommutingZone) -> CountyDesign:
    return CountyDesign(
        fips=part.fips,
        cz=zone.cz,
        czname=zone.name,
        kfr=zone.kfr + part.gap,
        kfr_by_race=(zone.white + part.gap / 2, zone.black + part.gap / 8, zone.hisp + part.gap / 4),
        mix=part.mix,
        children=zone.count * part.share_of_cz,
    )


def sample_tract_list(tracts: list[SampleTract]) -> TractList:
    """All cities' tracts, sorted by GEOID. Cities are set far apart so their fields do not touch."""
    zones = {zone.cz: zone for zone in COMMUTING_ZONES}
    designs = sorted(
        (county_design(part, zones[city.cz]) for city in CITIES for part in city.counties), key=lambda d: d.fips
    )
    position = {design.fips: number for number, design in enumerate(designs)}
    shift = {city.slug: 1000.0 * number for number, city in enumerate(CITIES)}
    ordered = sorted(tracts, key=lambda tract: tract.geoid)
    return TractList(
        counties=tuple(designs),
        county=np.array([position[t.geoid[:5]] for t in ordered]),
        codes=np.array([int(t.geoid[5:]) for t in ordered]),
        x=np.array([t.x + shift[t.city.slug] for t in ordered]),
        y=np.array([t.y for t in ordered]),
        populated=np.array([t.ring is not None for t in ordered]),
    )
