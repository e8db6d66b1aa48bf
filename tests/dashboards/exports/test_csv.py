import csv
import io

import pytest

from dashboards.exports.csv_table import write_csv
from dashboards.panels import headline, where
from tests.dashboards.panels.records import make_city, make_headline, make_source, make_tracts


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(line for line in text.splitlines(True) if not line.startswith("#")))))


def test_csv_is_the_table_with_raw_numbers():
    panel = where.build(make_tracts())
    head, *rows = rows_of(write_csv(panel))
    assert head == [column.key for column in panel.table.columns]
    assert len(rows) == len(panel.table.rows)
    by_geoid = {row[1]: row for row in rows}
    assert by_geoid["39023000100"][2] == "20000.4"
    assert by_geoid["39023000103"][2] == ""


def test_csv_names_its_source_and_says_sample():
    text = write_csv(where.build(make_tracts(sources=(make_source(is_sample=True, citation="Line\r\nbroken"),))))
    assert "# Citation: Line broken\r\n" in text
    assert text.startswith("# synthetic sample data: ")


def test_hostile_names_reach_the_file_as_text():
    assert "'=cmd()" in [row[0] for row in rows_of(write_csv(where.build(make_tracts())))]
    assert rows_of(write_csv(headline.build(make_city(name="@city"), make_headline())))[1][0] == "'@city"


@pytest.mark.parametrize(
    "name", ["=cmd()", "+cmd", "-cmd", "@cmd", "\tcmd", "＝1+1", "\n=1+1", "\r=1+1", " =1+1", "\ufeff=1+1"]
)
def test_no_name_is_a_formula_in_the_file(name):
    text = write_csv(headline.build(make_city(name=name), make_headline()))
    assert f"'{name}" in {row[0] for row in csv.reader(io.StringIO(text, newline=""))}
