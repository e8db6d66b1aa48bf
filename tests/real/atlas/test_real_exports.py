"""Every export format of three cities, recomputed from the publishers' files and shapes."""

import io
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from django.test import Client

from dashboards.downloads import files
from tests.reference import exports

CITIES = ("detroit", "new-orleans", "racine")
MEASURE = "kfr_pooled_pooled_p25_usd_2015"


@pytest.fixture(autouse=True)
def database(reports, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def read(extension: str, content: bytes, folder) -> pd.DataFrame:
    """By the library whoever takes this format uses."""
    stream = io.BytesIO(content)
    if extension == "csv":
        return pd.read_csv(stream, dtype={"geoid": str})
    if extension == "parquet":
        return pd.read_parquet(stream)
    if extension == "xlsx":
        return pd.read_excel(stream, dtype={"geoid": str})
    if extension == "json":
        return pd.DataFrame(json.loads(content)["rows"])
    path = folder / f"tracts.{extension}"
    path.write_bytes(content)
    return gpd.read_file(path)


def assert_published(rows: pd.DataFrame, raw: pd.Series) -> None:
    """Every value is the published one, to what a float32 holds; what is missing is missing in the raw file too."""
    published = raw.reindex(rows["geoid"]).to_numpy()
    np.testing.assert_array_equal(rows["value"].to_numpy(dtype=float).astype("f4"), published.astype("f4"))


@pytest.mark.parametrize("city", CITIES)
def test_each_format_of_a_citys_tracts_has_the_published_values(real_data, tmp_path, city):
    raw, members = exports.raw_values(real_data, MEASURE), exports.raw_members(real_data, city)
    shapes = exports.raw_shapes(real_data, city)
    for extension in ("csv", "parquet", "xlsx", "json", "geojson", "gpkg"):
        answer = Client().get(f"/cities/{city}/where.{extension}?measure={MEASURE}")
        assert answer.status_code == 200
        rows = read(extension, answer.content, tmp_path)
        assert set(rows["geoid"]) == members, extension
        assert_published(rows, raw)
        if isinstance(rows, gpd.GeoDataFrame):
            drawn = rows[rows.geometry.notna()]
            assert set(rows["geoid"]) - set(drawn["geoid"]) == members - set(shapes)
            for geoid, geometry in zip(drawn["geoid"], drawn.geometry, strict=True):
                assert geometry.symmetric_difference(shapes[geoid]).area < 1e-9, geoid


@pytest.mark.parametrize("extension", ["parquet", "csv"])
def test_the_whole_release_has_the_published_values_of_every_measure(real_data, tmp_path, settings, extension):
    settings.MOBILITY_HOME = tmp_path / "home"
    files._current.cache_clear()
    moved = Client().get(f"/data/download/latest/estimates.{extension}").headers["Location"]
    whole = read(extension, Client().get(moved).content, tmp_path)
    for city in CITIES:
        members = exports.raw_members(real_data, city)
        for measure in exports.FILES:
            rows = whole[(whole["city"] == city) & (whole["measure"] == measure)]
            assert set(rows["geoid"]) == members, (city, measure)
            assert_published(rows, exports.raw_values(real_data, measure))
