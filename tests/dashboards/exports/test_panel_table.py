"""A panel leaves the portal with exactly the rows of its table, under standard names and with its sources."""

import io
from datetime import date

import pandas as pd
import pytest

from atlas.records.places import SAMPLE_NOTICE
from atlas.tables.code import python_code
from atlas.tables.datapackage import describe_package, facts_of
from atlas.tables.formats import FORMATS, formats_of
from atlas.web.table_files import write_file
from dashboards.exports.credits import credits
from dashboards.exports.panel_table import NO_ERROR, NO_VALUE, panel_file, write_csv
from dashboards.panels import groups, headline, where
from tests.dashboards.panels.records import make_city, make_groups, make_headline, make_source, make_tracts

TEXTS = {"geoid": str, "neighborhood": str, "place": str, "reason": str}


def read(text: str) -> pd.DataFrame:
    """As a researcher reads it: no option but that codes and names are text."""
    return pd.read_csv(io.StringIO(text, newline=""), dtype=TEXTS, keep_default_na=False, na_values=[""])


def test_the_rows_are_those_of_the_table_with_raw_numbers():
    panel = where.build(make_tracts())
    found = read(write_csv(panel)).set_index("geoid")
    assert len(found) == len(panel.table.rows)
    assert found["value"]["39023000100"] == 20000.4
    assert pd.isna(found["value"]["39023000103"]) and found["reason"]["39023000103"] == NO_VALUE
    assert found["belongs"].dtype == bool


def test_a_table_of_tracts_has_standard_error_n_and_reason_whatever_its_source_has():
    found = panel_file(where.build(make_tracts()), "springfield-where")
    assert {"value", "standard_error", "n", "reason"} <= set(found.table.names) and found.table.key == ("geoid",)
    known = found.frame[found.frame["value"].notna() & found.frame["standard_error"].isna()]
    assert set(known["reason"]) <= {NO_ERROR}
    assert [made.extension for made in formats_of(found.table, has_shapes=True)] == list(FORMATS)


def test_other_panels_have_no_shapes():
    found = panel_file(groups.build(make_city(), make_groups(exact=True)), "springfield-groups")
    assert found.shapes is None and {"value", "standard_error", "reason"} <= set(found.table.names)
    assert next(c.unit for c in found.table.columns if c.name == "value") == "rank 0-1"


def test_sources_notes_and_columns_travel_beside_the_csv():
    panel = where.build(make_tracts(sources=(make_source(is_sample=True, citation="Line\r\nbroken"),)))
    found = panel_file(panel, "springfield-where", "https://portal.example/cities/springfield/#where")
    content = write_file(found, "csv")
    said = describe_package("p", "P", [(found.table, facts_of(content, "where.csv", "csv", "text/csv"))])
    (resource,) = said["resources"]
    assert said["sources"][0]["citation"] == "Line\r\nbroken" and said["sources"][0]["is_sample"]
    assert resource["description"].count(panel.finding) == 1
    assert all(caveat in resource["description"] for caveat in panel.caveats)
    assert content.startswith(b"neighborhood,geoid,value,")


def test_each_row_of_sample_data_says_so():
    text = write_csv(where.build(make_tracts(sources=(make_source(is_sample=True),))))
    assert set(read(text)["sample_notice"]) == {SAMPLE_NOTICE}
    assert "sample_notice" not in write_csv(where.build(make_tracts()))


def test_hostile_names_reach_the_file_as_text():
    assert "'=cmd()" in set(read(write_csv(where.build(make_tracts())))["neighborhood"])
    assert read(write_csv(headline.build(make_city(name="@city"), make_headline())))["place"][0] == "'@city"


@pytest.mark.parametrize(
    "name", ["=cmd()", "+cmd", "-cmd", "@cmd", "\tcmd", "＝1+1", "\n=1+1", "\r=1+1", " =1+1", "\ufeff=1+1"]
)
def test_no_name_is_a_formula_in_the_file(name):
    text = write_csv(headline.build(make_city(name=name), make_headline()))
    assert f"'{name}" in set(read(text)["place"])


def test_a_starter_set_is_called_by_its_date_in_every_export():
    made_on = date(2026, 11, 29)
    panel = where.build(make_tracts(sources=(make_source(starter_date=made_on),)))
    found = panel_file(panel, "springfield-where")
    said = describe_package("p", "P", [(found.table, facts_of(b"", "where.csv", "csv", "text/csv"))])
    assert said["sources"][0]["starter_set"] == "2026-11-29"
    assert "starter set of 2026-11-29" in python_code(found.table, "https://portal.example/where.csv", "0" * 64)
    assert all("starter set of Nov 29, 2026" in text for text in credits(panel.sources))
    fetched = where.build(make_tracts(sources=(make_source(),)))
    assert "starter" not in " ".join(credits(fetched.sources))
