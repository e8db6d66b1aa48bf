"""Values of exported files straight from the publishers' files with pandas: no line of the portal's own code."""

import json
from pathlib import Path

import pandas as pd
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

# Measure in the portal: the publisher's national file.
FILES = {
    "kfr_pooled_pooled_p25_usd_2015": "tract_kfr_rP_gP_p25",
    "kfr_top20_pooled_pooled_p25": "tract_kfr_top20_rP_gP_p25",
    "working_pooled_pooled_mean": "tract_working_rP_gP_pall",
    "poor_share2016": "tract_poor_share2016",
    "singleparent_share2016": "tract_singleparent_share2016",
}


def raw_values(folder: Path, measure: str) -> pd.Series:
    """GEOID as 11 digits -> the published value; tracts without a value are left out."""
    frame = pd.read_csv(folder / "atlas" / "national" / f"{FILES[measure]}.csv.gz", encoding="utf-8-sig")
    codes = frame["tract"].map("{:011d}".format)
    return pd.Series(frame.iloc[:, -1].to_numpy(dtype=float), index=codes).dropna()


def raw_members(folder: Path, city: str) -> set[str]:
    """GEOIDs with at least 1% of their area in the city, by the derived overlay."""
    overlay = pd.read_csv(folder / "geo" / "tract_place_overlap_derived.csv", dtype={"geoid": str})
    inside = overlay[(overlay["city"] == city) & (overlay["share_of_tract_area_in_place"] >= 0.01)]
    return set(inside["geoid"].str.zfill(11))


def raw_shapes(folder: Path, city: str) -> dict[str, BaseGeometry]:
    """GEOID -> the published polygon."""
    features = json.loads((folder / "geo" / f"tracts_{city}.geojson").read_text())["features"]
    return {_geoid(feature["properties"]): shape(feature["geometry"]) for feature in features}


def _geoid(properties: dict) -> str:
    return str(properties.get("GEOID") or properties["GEO_ID"])[-11:]
