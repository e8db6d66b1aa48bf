"""Tract and place boundaries as GeoJSON with the Census Bureau's property names; synthetic shapes.

CRS84 longitude and latitude, 6 decimals, one feature a line. ALAND and AWATER are square meters.
"""

import json
from pathlib import Path

from atlas.sample.cities import City
from atlas.sample.lattice import CityLattice
from atlas.sample.sample_tracts import SampleTract

CRS84 = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}


def _tract_label(code: str) -> str:
    """000601 -> 6.01, 000700 -> 7."""
    whole, part = str(int(code[:4])), code[4:]
    return whole if part == "00" else f"{whole}.{part}"


def tract_feature(tract: SampleTract) -> dict:
    code = tract.geoid[5:]
    properties = {
        "STATEFP": tract.geoid[:2],
        "COUNTYFP": tract.geoid[2:5],
        "TRACTCE": code,
        "AFFGEOID": f"1400000US{tract.geoid}",
        "GEOID": tract.geoid,
        "NAME": _tract_label(code),
        "LSAD": "CT",
        "ALAND": round(tract.area_km2 * 1e6),
        "AWATER": 0,
    }
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [tract.ring]}}


def place_feature(city: City, lattice: CityLattice) -> dict:
    properties = {
        "STATEFP": city.place_geoid[:2],
        "PLACEFP": city.place_geoid[2:],
        "GEOID": city.place_geoid,
        "NAME": city.name,
        "NAMELSAD": f"{city.name} city",
        "LSAD": "25",
        "CLASSFP": "C1",
        "FUNCSTAT": "A",
        "ALAND": round(lattice.place_km2 * 1e6),
        "AWATER": 0,
        "INTPTLAT": f"{city.latitude:+.7f}",
        "INTPTLON": f"{city.longitude:+012.7f}",
    }
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": lattice.place}}


def _write_collection(path: Path, features: list[dict]) -> None:
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    crs = json.dumps(CRS84, separators=(",", ":"))
    head = f'{{"type":"FeatureCollection","name":"{path.stem}","crs":{crs},"features":['
    path.write_text(f"{head}\n{lines}\n]}}\n", encoding="utf-8", newline="")


def write_boundaries(folder: Path, city: City, lattice: CityLattice, tracts: list[SampleTract]) -> dict[Path, int]:
    """tracts_{slug}.geojson and place_{slug}.geojson; features per path."""
    features = [tract_feature(tract) for tract in tracts if tract.ring is not None]
    tract_path, place_path = folder / f"tracts_{city.slug}.geojson", folder / f"place_{city.slug}.geojson"
    _write_collection(tract_path, features)
    _write_collection(place_path, [place_feature(city, lattice)])
    return {tract_path: len(features), place_path: 1}
