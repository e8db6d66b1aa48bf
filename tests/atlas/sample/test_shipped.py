"""The shipped set: the same bytes each time, the publishers' columns, the right tracts."""

import csv
import hashlib
import json

import pytest
from pyproj import Transformer
from shapely import transform, union_all
from shapely.geometry import shape

from atlas.sample import columns
from atlas.sample.cities import CITIES
from atlas.sample.shipped_files import write_sample


def test_two_runs_write_the_same_bytes(sample, manifest, tmp_path):
    again = {path.name: path for path in write_sample(tmp_path)}
    assert len(manifest["files"]) == len(again) - 1
    for entry in manifest["files"]:
        assert hashlib.sha256(again[entry["name"]].read_bytes()).hexdigest() == entry["sha256"], entry["name"]
        assert entry["synthetic"] is True


def test_another_seed_writes_other_bytes(manifest, tmp_path):
    write_sample(tmp_path, seed=7)
    other = {entry["name"]: entry["sha256"] for entry in json.loads((tmp_path / "manifest.json").read_text())["files"]}
    same = {entry["name"] for entry in manifest["files"] if other[entry["name"]] == entry["sha256"]}
    assert same == {"pctile_to_dollar_cw.csv"}


@pytest.mark.parametrize(
    ("name", "expected", "width"),
    [
        ("tract_outcomes_simple.csv", columns.SIMPLE_COLUMNS, 65),
        ("tract_outcomes_late_simple.csv", columns.SIMPLE_COLUMNS, 65),
        ("tract_covariates.csv", columns.COVARIATE_COLUMNS, 38),
        ("county_outcomes_simple.csv", columns.COUNTY_SIMPLE_COLUMNS, 64),
        ("cz_outcomes_simple.csv", columns.CZ_SIMPLE_COLUMNS, 62),
        ("pctile_to_dollar_cw.csv", columns.CROSSWALK_COLUMNS, 9),
    ],
)
def test_columns_are_the_publishers(sample, manifest, name, expected, width):
    with (sample / name).open(newline="") as handle:
        rows = list(csv.reader(handle))
    assert tuple(rows[0]) == expected and len(expected) == width
    assert {len(row) for row in rows} == {width}
    assert len(rows) - 1 == next(entry["rows"] for entry in manifest["files"] if entry["name"] == name)


def test_identifiers_have_lost_their_zeros_and_pad_back_to_eleven_digits(sample):
    with (sample / "tract_outcomes_simple.csv").open(newline="") as handle:
        rows = [row[:3] for row in csv.reader(handle)][1:]
    assert all(str(int(field)) == field for row in rows for field in row)
    geoids = [f"{int(s):02d}{int(c):03d}{int(t):06d}" for s, c, t in rows]
    assert geoids == sorted(set(geoids)) and {len(geoid) for geoid in geoids} == {11}
    assert len(geoids) == sum(city.tracts + city.water_tract for city in CITIES)
    assert {geoid[:5] for geoid in geoids} == {part.fips for city in CITIES for part in city.counties}


def test_downloads_carry_a_mark_and_bare_integers(sample):
    lines = (sample / "shown_tract_kfr_rP_gP_p25.csv").read_text(encoding="utf-8").split("\n")
    assert lines[0] == '\ufeff"tract","Name","Household_Income_at_Age_35_rP_gP_p25"'
    rows = list(csv.reader(lines[1:-1]))
    values = [int(row[2]) for row in rows if row[2]]
    assert values == sorted(values, reverse=True) and not rows[-1][2]


def _projected(city):
    to_metres = Transformer.from_crs(4326, 5070, always_xy=True)
    return lambda geometry: transform(geometry, to_metres.transform, interleaved=False)


@pytest.mark.parametrize("city", CITIES, ids=lambda city: city.slug)
def test_majority_of_area_gives_the_real_number_of_tracts(sample, city):
    project = _projected(city)
    load = lambda name: json.loads((sample / f"{name}_{city.slug}.geojson").read_text())["features"]  # noqa: E731
    place = project(shape(load("place")[0]["geometry"]))
    tracts = {f["properties"]["GEOID"]: project(shape(f["geometry"])) for f in load("tracts")}
    assert place.is_valid and all(tract.is_valid for tract in tracts.values())
    shares = {geoid: tract.intersection(place).area / tract.area for geoid, tract in tracts.items()}
    inside = [geoid for geoid, share in shares.items() if share >= 0.5]
    assert len(inside) == city.tracts_in_city and len(tracts) == city.tracts
    assert all(share < 0.4 or share > 0.6 for share in shares.values()), "no tract may hang on rounding"
    assert sum(0.01 < share < 0.99 for share in shares.values()) > 10
    for part in city.counties:
        assert sum(geoid.startswith(part.fips) for geoid in inside) == part.tracts_in_city
    assert union_all(list(tracts.values())).area == pytest.approx(sum(t.area for t in tracts.values()), rel=1e-6)
    assert place.area / 1e6 == pytest.approx(city.land_km2, rel=0.05)
    assert len(place.interiors) == city.enclaves


def test_counts_of_the_ten_cities():
    assert {city.slug: city.tracts_in_city for city in CITIES} == {
        "albuquerque": 121,
        "cincinnati": 110,
        "dayton": 49,
        "detroit": 297,
        "lansing": 34,
        "newark": 87,
        "new-orleans": 177,
        "racine": 17,
        "rochester": 81,
        "tulsa": 121,
    }
