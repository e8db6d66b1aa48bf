"""Each file is opened by the library its reader uses, and holds the same rows."""

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date

import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from atlas.tables.csv_file import write_csv
from atlas.tables.declaration import Column, Table
from atlas.tables.describe import describe_table
from atlas.tables.formats import FORMATS, formats_of, write_table
from atlas.tables.formula_escape import unescape_formula
from atlas.tables.frames import build_frame
from atlas.tables.geo_files import NoShapes
from atlas.tables.values import python_rows
from atlas.tables.xlsx_file import sheet_name, write_xlsx
from tests.atlas.tables.example import AT, FRAME, SHAPES, SOURCE, TABLE


def test_pandas_reads_the_csv_without_any_option():
    read = pd.read_csv(io.BytesIO(write_csv(TABLE, FRAME)), dtype={"geoid": str})
    assert tuple(read.columns) == TABLE.names
    assert read["geoid"].tolist() == FRAME["geoid"].tolist()
    assert read["value"].tolist()[:2] == [0.38697663, -12.0] and read["value"].isna().tolist() == [False, False, True]
    assert read["belongs"].tolist()[:2] == [True, False]
    assert pd.to_datetime(read["period_start"]).dt.date.tolist()[0] == date(1978, 1, 1)
    assert pd.to_datetime(read["entered_at"])[0] == AT


def test_the_csv_is_plain_rfc_4180():
    content = write_csv(TABLE, FRAME)
    assert content.startswith(b"geoid,name,value,") and not content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == 4 and content.endswith(b"\r\n")
    assert b'"Caf\xc3\xa9, ""Zo\xc3\xab""\nEast"' in content
    assert b"#" not in content


def test_no_number_changes_and_no_text_runs():
    content = write_csv(TABLE, FRAME).decode()
    assert ",'=1+1,0.38697663,0.01,3,true," in content
    assert ",-12,,,false," in content
    read = pd.read_csv(io.StringIO(content))
    assert [unescape_formula(text) for text in read["name"].fillna("")] == FRAME["name"].tolist()


def test_pandas_reads_parquet_with_types_units_and_sources():
    content = write_table("parquet", TABLE, FRAME)
    read = pd.read_parquet(io.BytesIO(content), dtype_backend="pyarrow")
    assert read["geoid"].tolist() == FRAME["geoid"].tolist() and read["name"].tolist() == FRAME["name"].tolist()
    assert read["n"].tolist()[0] == 3 and read["period_start"].tolist()[0] == date(1978, 1, 1)
    schema = pq.read_schema(io.BytesIO(content))
    assert [str(field.type) for field in schema] == [
        *("string", "string", "double", "double", "int64", "bool", "date32[day]", "timestamp[us, tz=UTC]", "string")
    ]
    assert schema.field("value").metadata[b"unit"] == b"usd_2015"
    assert json.loads(schema.metadata[b"table"]) == describe_table(TABLE)


def test_openpyxl_reads_typed_cells_and_a_sheet_of_sources():
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(TABLE, FRAME)))
    sheet, about = book.worksheets
    assert [sheet.title, about.title] == ["detroit-where", "Columns and sources"]
    header, first, second, third = sheet.iter_rows(values_only=True)
    assert header == TABLE.names
    assert first[:6] == ("06037101110", "=1+1", 0.38697663, 0.01, 3, True)
    assert [cell.data_type for cell in sheet[2][:3]] == ["s", "s", "n"]
    assert first[6].date() == date(1978, 1, 1) and first[7] == AT.replace(tzinfo=None)
    assert second[1] == 'Café, "Zoë"\nEast' and second[3:5] == (None, None)
    assert sheet["C1"].comment.text == "Household income at age 35" and sheet.freeze_panes == "A2"
    said = [cell for row in about.iter_rows(values_only=True) for cell in row if cell]
    assert {"usd_2015", "Household income at age 35", SOURCE.sha256, "17", *TABLE.notes} <= {*said}
    assert any("Chetty et al. 2018; free with attribution" in cell for cell in said)


def test_json_says_what_it_holds_and_has_null_for_what_is_missing():
    read = json.loads(write_table("json", TABLE, FRAME))
    rows = read.pop("rows")
    assert read == describe_table(TABLE)
    assert rows[0] == {
        "geoid": "06037101110",
        "name": "=1+1",
        "value": 0.38697663,
        "standard_error": 0.01,
        "n": 3,
        "belongs": True,
        "period_start": "1978-01-01",
        "entered_at": AT.isoformat(),
        "reason": "",
    }
    assert rows[2]["value"] is None and rows[2]["standard_error"] is None and rows[2]["belongs"] is None


@pytest.mark.parametrize("extension", ["geojson", "gpkg"])
def test_geopandas_reads_values_joined_to_shapes_and_nothing_invented(extension, tmp_path):
    (tmp_path / f"tracts.{extension}").write_bytes(write_table(extension, TABLE, FRAME, SHAPES))
    read = gpd.read_file(tmp_path / f"tracts.{extension}")
    assert read["geoid"].tolist() == FRAME["geoid"].tolist()  # no feature for the shape without a row
    assert read.geometry.notna().tolist() == [True, True, False]  # no shape is made up for the row without one
    assert read.geometry[0].equals(SHAPES["06037101110"]) and read.crs.to_epsg() == 4326
    assert read["value"].tolist()[:2] == [0.38697663, -12.0] and pd.isna(read["value"].tolist()[2])
    assert read["n"].tolist()[2] == 1_000_000 and read["period_start"].astype(str).str[:10].tolist()[0] == "1978-01-01"


def test_the_geojson_carries_its_sources():
    read = json.loads(write_table("geojson", TABLE, FRAME, SHAPES))
    assert read["type"] == "FeatureCollection" and read["table"] == describe_table(TABLE)


def test_a_table_that_is_not_of_tracts_has_no_shapes():
    by_group = replace(TABLE, key=("geoid", "name"))
    with pytest.raises(NoShapes, match="are not tracts"):
        write_table("geojson", by_group, FRAME, SHAPES)
    assert [made.extension for made in formats_of(by_group, has_shapes=True)] == ["csv", "xlsx", "parquet", "json"]
    assert [made.extension for made in formats_of(TABLE, has_shapes=True)] == list(FORMATS)


@pytest.mark.parametrize("extension", list(FORMATS))
def test_the_same_table_gives_the_same_bytes(extension):
    assert write_table(extension, TABLE, FRAME, SHAPES) == write_table(extension, TABLE, FRAME, SHAPES)


@pytest.mark.parametrize("extension", list(FORMATS))
def test_a_table_without_rows_opens_too(extension, tmp_path):
    content = write_table(extension, TABLE, build_frame(TABLE, []), SHAPES)
    if extension == "csv":
        assert pd.read_csv(io.BytesIO(content)).empty
    elif extension == "xlsx":
        assert zipfile.is_zipfile(io.BytesIO(content)) and pd.read_excel(io.BytesIO(content)).empty
    elif extension == "parquet":
        assert pd.read_parquet(io.BytesIO(content)).empty
    elif extension == "json":
        assert json.loads(content)["rows"] == []
    else:
        (tmp_path / f"tracts.{extension}").write_bytes(content)
        assert gpd.read_file(tmp_path / f"tracts.{extension}").empty


def test_sample_data_says_so_in_every_description():
    said = describe_table(replace(TABLE, is_sample=True))["notes"]
    assert said[0].startswith("This is synthetic sample data: generated for demonstration")


def test_names_of_sheets_are_short_allowed_and_different():
    taken: set[str] = set()
    assert sheet_name("a/b [c]: " + "x" * 40, taken) == sheet_name("a/b [c]: " + "x" * 40, set())
    names = [sheet_name("x" * 40, taken), sheet_name("X" * 40, taken), sheet_name("", taken)]
    assert [len(name) for name in names] == [31, 31, 5] and names[1].endswith(" 2")
    assert not any(re.search(r"[\[\]:*?/\\]", name) for name in taken)


def test_moments_are_utc_in_every_row():
    table = Table("t", "T", (Column("at", "datetime", "At"),))
    ((at,),) = python_rows(table, build_frame(table, [("2026-11-29T17:05:00-05:00",)]))
    assert at == AT and at.isoformat() == "2026-11-29T22:05:00+00:00"
