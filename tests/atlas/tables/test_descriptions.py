"""The package descriptor is what frictionless reads; the data set's description is what search engines read."""

import json
from dataclasses import replace

import frictionless
import pytest

from atlas.tables.csv_file import write_csv
from atlas.tables.datapackage import describe_package, facts_of
from atlas.tables.frames import build_frame
from atlas.tables.schema_org import describe_dataset
from tests.atlas.tables.example import FRAME, ROWS, SOURCE, TABLE


@pytest.fixture
def package(tmp_path):
    """datapackage.json and its CSV, beside each other."""
    content = write_csv(TABLE, FRAME)
    (tmp_path / "detroit-where.csv").write_bytes(content)
    facts = facts_of(content, "detroit-where.csv", "csv", "text/csv")
    described = describe_package("detroit", "Detroit", [(TABLE, facts)], version="abc", homepage=TABLE.address)
    (tmp_path / "datapackage.json").write_text(json.dumps(described))
    return tmp_path / "datapackage.json"


def test_frictionless_finds_every_cell_as_declared(package):
    report = frictionless.validate(package)
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    (resource,) = frictionless.Package(package).resources
    assert [field.type for field in resource.schema.fields] == [column.type for column in TABLE.columns]
    assert resource.schema.primary_key == ["geoid"]
    rows = resource.read_rows()
    assert rows[0]["geoid"] == "06037101110" and float(rows[0]["value"]) == 0.38697663


def test_frictionless_notices_a_changed_file(package):
    csv = package.parent / "detroit-where.csv"
    csv.write_bytes(csv.read_bytes().replace(b"0.38697663", b"0.38697664"))
    assert not frictionless.validate(package).valid


def test_sources_are_named_once_with_release_and_checksum():
    other = replace(TABLE, name="other")
    facts = facts_of(b"x", "https://portal.example/x.parquet", "parquet", "application/vnd.apache.parquet")
    described = describe_package("both", "Both", [(TABLE, facts), (other, facts)])
    (source,) = described["sources"]
    assert (source["release"], source["sha256"], source["path"]) == (17, SOURCE.sha256, SOURCE.address)
    assert [resource["name"] for resource in described["resources"]] == ["detroit-where-parquet", "other-parquet"]
    assert "version" not in described


def test_a_source_without_a_web_address_has_none():
    table = replace(TABLE, sources=(replace(SOURCE, address="a file from the team"),))
    described = describe_package("one", "One", [(table, facts_of(b"", "x.csv", "csv", "text/csv"))])
    assert "path" not in described["sources"][0]


def test_the_dataset_names_its_files_units_and_license():
    found = describe_dataset(TABLE, {"https://portal.example/x.csv": "text/csv"}, publisher="Mobility Portal")
    assert found["@type"] == "Dataset" and found["url"] == TABLE.address and len(found["description"]) >= 50
    assert found["distribution"] == [
        {"@type": "DataDownload", "contentUrl": "https://portal.example/x.csv", "encodingFormat": "text/csv"}
    ]
    assert {"@type": "PropertyValue", "name": "value", "description": "Household income at age 35"} == {
        key: value for key, value in found["variableMeasured"][2].items() if key != "unitText"
    }
    assert found["license"] == [{"@type": "CreativeWork", "name": "free with attribution"}]
    assert "version" not in found and found["isBasedOn"][0]["url"] == SOURCE.address


def test_a_long_description_is_cut_where_search_engines_stop():
    table = replace(TABLE, notes=("long " * 2000,))
    assert len(describe_dataset(table, {}, publisher="P")["description"]) == 5000
    assert build_frame(table, ROWS).shape == FRAME.shape
