"""CPI-U by month, from the publisher's flat file or a table parted by commas; broken files are refused by name."""

import os
from pathlib import Path

import numpy as np
import pytest

from atlas.sources.base import SourceFileError
from atlas.sources.detect import detect_source
from atlas.sources.opening import open_file

REAL = Path(os.environ.get("PRICES_FILE", "/work/shared/new_data/prices/cpi_u_all_items_monthly.csv"))
MONTHS = [233.707, 234.722, 236.119, 236.599, 237.805, 238.638, 238.654, 238.316, 237.945, 237.838, 237.336, 236.525]
ROWS = [("CUUR0000SA0", 2015, f"M{month:02d}", str(value)) for month, value in enumerate(MONTHS, 1)]
ROWS += [
    ("CUUR0000SA0", 2015, "M13", "237.017"),
    ("CUUR0000SA0", 2025, "M09", "324.8"),
    ("CUUR0000SA0", 2025, "M10", "-"),
    ("CUUR0000SA0", 2026, "M08", "334.98"),
]
OTHERS = [("CUSR0000SA0", 2015, "M01", "234.747"), ("CUUR0100SA0", 2015, "S01", "250.1")]


def written(path: Path, rows=(*ROWS, *OTHERS)) -> Path:
    """As a table parted by commas."""
    lines = ["series_id,year,period,value", *(",".join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


def flat_file(path: Path) -> Path:
    """As the publisher has it: parted by tabs, padded with blanks, with a column of footnotes."""
    lines = ["series_id        \tyear\tperiod\t       value\tfootnote_codes"]
    lines += [f"{series:<17}\t{year}\t{period}\t{value:>12}\t" for series, year, period, value in (*OTHERS, *ROWS)]
    path.write_text("\r\n".join(lines) + "\r\n")
    return path


def read(path: Path):
    found = detect_source(open_file(path))
    assert found.source == "consumer_prices"
    return found.read(lambda *a: None)


@pytest.mark.parametrize("write", [written, flat_file])
def test_months_of_the_one_series_are_kept(tmp_path, write):
    table = read(write(tmp_path / "prices.csv"))
    assert (table.area_kind, table.period_kind, set(table.geoids.tolist())) == ("nation", "month", {1})
    assert (table.rows_read, table.rows_kept, table.vintage) == (18, 14, 2026)
    (column,) = table.columns
    assert column.slug == "cpi_u_all_items" and column.value.tolist() == [*MONTHS, 324.8, 334.98]
    assert [str(day) for day in table.periods[[0, 11, 12, 13]]] == [
        "2015-01-01",
        "2015-12-01",
        "2025-09-01",
        "2026-08-01",
    ]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("2015,M02,", "2015,M14,", "line 3, column period: 'M14' is none of M01 to M13"),
        ("2015,M02,", "2015,S01,", "'S01' is none of M01 to M13"),
        ("2015,M02,", "2015,M01,", "stands in the file twice"),
        ("M02,234.722", "M02,0", "is no price level above 0"),
        ("M02,234.722", "M02,many", "'many' is not a number"),
        ("M13,237.017", "M13,238.017", "line 14, column value: '238.017' is not the mean of that year's months"),
        ("2026,M08", "20,M08", "is not a year"),
    ],
)
def test_a_field_that_is_wrong_is_named(tmp_path, before, after, words):
    path = written(tmp_path / "prices.csv")
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    with pytest.raises(SourceFileError) as refused:
        read(path)
    assert words in refused.value.problems[0].sentence()


def test_a_file_of_other_series_alone_is_refused(tmp_path):
    with pytest.raises(SourceFileError, match="no row of the series CUUR0000SA0"):
        read(written(tmp_path / "prices.csv", OTHERS))


@pytest.mark.skipif(not REAL.exists(), reason="needs the real file")
def test_the_real_file_is_read_whole():
    table = read(REAL)
    value = table.columns[0].value
    months_of_2015 = value[table.periods.astype("datetime64[Y]") == np.datetime64("2015")]
    assert table.rows_kept == 595 and np.isclose(months_of_2015.mean(), 237.017, atol=5e-4)
    assert (str(table.periods[-1]), value[-1]) == ("2026-08-01", 334.98)
