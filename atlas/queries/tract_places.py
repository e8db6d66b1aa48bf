"""Some of a city's tracts as a place: everything that is worked out for a city or an area is worked out for them."""

from collections import Counter
from collections.abc import Iterable

from atlas.queries.members import city_members
from atlas.records.places import AreaRecord, CityRecord
from atlas.sources.us_outline import county_names


def tracts_as_place(city: CityRecord, name: str, geoids: Iterable[str], rule: str) -> AreaRecord:
    """Each tract counts whole. No statement runs here."""
    codes = sorted({int(geoid) for geoid in geoids})
    counties = Counter(f"{code:011d}"[:5] for code in codes)
    names = county_names()
    return AreaRecord(
        slug=f"{city.slug}-tracts",
        name=name,
        state_name=city.state_name,
        state_usps=city.state_usps,
        county_names=tuple(names.get(county, f"county {county}") for county, _ in counties.most_common()),
        tract_count=len(codes),
        edge_count=0,
        has_geometry=city.has_geometry,
        geometry_is_sample=city.geometry_is_sample,
        members=tuple((code, 1.0, True) for code in codes),
        rule=rule,
        city_slugs=(city.slug,),
    )


def tracts_of_city(slug: str) -> tuple[str, ...]:
    """GEOIDs of every tract with at least 1% of its area in the city, sorted: what a plan of the city may choose."""
    return tuple(f"{code:011d}" for code in city_members(slug).codes.tolist())
