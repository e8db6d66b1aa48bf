"""Every panel of a place in every format, over the web: opened by what its reader uses, all with the same rows."""

import io
import json

import frictionless
import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

from atlas.queries.live import live_catalog
from dashboards.panels.catalog import KINDS
from tests.factories import portal

pytestmark = pytest.mark.django_db


@pytest.fixture
def springfield(tmp_path):
    portal.build(tmp_path)


def get(client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content


def test_pandas_reads_every_panel_with_no_option(springfield, client):
    explained = set()
    for panel in KINDS:
        address = f"/cities/springfield/{panel}"
        read = pd.read_csv(io.BytesIO(get(client, f"{address}.csv")))
        rows = json.loads(get(client, f"{address}.json"))
        assert list(read.columns) == [column["name"] for column in rows["columns"]]
        assert len(read) == len(rows["rows"]) == len(pd.read_parquet(io.BytesIO(get(client, f"{address}.parquet"))))
        sheet = openpyxl.load_workbook(io.BytesIO(get(client, f"{address}.xlsx"))).worksheets[0]
        assert sheet.max_row == len(read) + 1
        if list(read.columns) == ["reason"]:
            explained.add(panel)
            assert len(read["reason"][0]) > 20
    assert explained == {"rent", "children", "clustering", "births", "credit", "county-download"}


def test_the_formats_agree_on_every_number(springfield, client):
    address = "/cities/springfield/where"
    frames = {
        "csv": pd.read_csv(io.BytesIO(get(client, f"{address}.csv")), dtype={"geoid": str}),
        "parquet": pd.read_parquet(io.BytesIO(get(client, f"{address}.parquet"))),
        "xlsx": pd.read_excel(io.BytesIO(get(client, f"{address}.xlsx")), dtype={"geoid": str}),
        "json": pd.DataFrame(json.loads(get(client, f"{address}.json"))["rows"]),
    }
    first = frames["csv"]
    for name, frame in frames.items():
        assert frame["geoid"].tolist() == first["geoid"].tolist(), name
        for column in ("value", "standard_error", "n", "share_in_city"):
            pd.testing.assert_series_equal(
                frame[column].astype(float), first[column].astype(float), check_names=False, rtol=0, atol=0
            )


def test_map_files_hold_the_tracts_of_the_table_and_the_source_of_their_shapes(springfield, client, tmp_path):
    table = json.loads(get(client, "/cities/springfield/where.json"))
    for extension in ("gpkg", "geojson"):
        path = tmp_path / f"where.{extension}"
        path.write_bytes(get(client, f"/cities/springfield/where.{extension}"))
        read = gpd.read_file(path)
        assert read["geoid"].tolist() == [row["geoid"] for row in table["rows"]]
        assert read.geometry.notna().all() and read.geometry.is_valid.all()
    releases = {source["release"] for source in json.loads(path.read_bytes())["table"]["sources"]}
    assert releases > {source["release"] for source in table["sources"]}
    assert releases <= {source.release_id for source in live_catalog().sources}
    answer = client.get("/cities/springfield/headline.geojson")
    assert answer.status_code == 404 and "its rows are not tracts" in answer.content.decode()


def test_frictionless_finds_the_downloaded_package_whole(springfield, client, tmp_path):
    described = json.loads(get(client, "/cities/springfield/where.datapackage.json"))
    (resource,) = described["resources"]
    (tmp_path / "where.csv").write_bytes(get(client, resource["path"].removeprefix("http://testserver")))
    resource["path"] = "where.csv"
    (tmp_path / "datapackage.json").write_text(json.dumps(described))
    report = frictionless.validate(tmp_path / "datapackage.json")
    assert report.valid, report.flatten(["fieldName", "message"])


def test_pages_link_every_format_and_code_under_a_panel(springfield, client):
    page = get(client, "/cities/springfield/charts/where/").decode()
    for end in ("csv", "xlsx", "parquet", "json", "geojson", "gpkg", "datapackage.json", "py", "R"):
        assert f'href="/cities/springfield/where.{end}' in page, end
    page = get(client, "/cities/springfield/charts/headline/").decode()
    assert "/cities/springfield/headline.parquet" in page and "/cities/springfield/headline.geojson" not in page
    code = get(client, "/cities/springfield/where.py").decode()
    release = next(source for source in live_catalog().sources if source.dataset.startswith("shown_tract_kfr"))
    assert f"release {release.release_id}" in code and release.sha256 in code
    assert "http://testserver/cities/springfield/where.csv" in code


def test_a_tract_and_a_comparison_have_files_too(springfield, client):
    tract = f"/tracts/{portal.CITY_TRACTS[0]}/measures"
    assert pd.read_csv(io.BytesIO(get(client, f"{tract}.csv")))["slug"].is_unique
    assert "read.csv" in get(client, f"{tract}.R").decode()
    means = pd.read_parquet(io.BytesIO(get(client, "/compare/means.parquet?cities=springfield")))
    assert means["place"].tolist()[0] == "Springfield"
