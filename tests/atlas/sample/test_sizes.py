"""National-size writers at small sizes: the same code path, a fraction of the rows."""

import csv
import hashlib

import numpy as np
import pytest

from atlas.sample.columns import SIMPLE_COLUMNS, choose_early_columns, early_columns
from atlas.sample.early import write_early
from atlas.sample.national import NATIONAL_TRACTS, county_codes, national_tract_list
from atlas.sample.number_text import number_as_text, rows_as_text
from atlas.sample.simple_files import write_simple
from atlas.sample.tracts import tract_codes


def sha(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("tracts", [3, 3000, 6500])
def test_simple_file_of_any_size(tmp_path, tracts):
    assert write_simple(tmp_path / "a.csv", tracts) == tracts
    write_simple(tmp_path / "b.csv", tracts)
    assert sha(tmp_path / "a.csv") == sha(tmp_path / "b.csv")
    with (tmp_path / "a.csv").open(newline="") as handle:
        rows = list(csv.reader(handle))
    assert tuple(rows[0]) == SIMPLE_COLUMNS and {len(row) for row in rows} == {65} and len(rows) == tracts + 1


def test_national_list_has_distinct_valid_codes():
    listed = national_tract_list(NATIONAL_TRACTS, 1)
    geoids = listed.geoids()
    assert len(set(geoids)) == NATIONAL_TRACTS and geoids == sorted(geoids)
    assert {len(geoid) for geoid in geoids} == {11}
    assert {geoid[:5] for geoid in geoids} <= set(county_codes()) and len(county_codes()) == 3141
    assert {design.fips: design.cz for design in listed.counties}["34013"] == 19600


def test_tract_codes_increase_and_stay_below_water():
    codes = tract_codes(4000)
    assert (np.diff(codes) > 0).all() and codes.max() < 990000


@pytest.mark.parametrize("width", [5, 40, 300, 7825])
def test_early_file_of_any_width(tmp_path, width):
    write_early(tmp_path / "a.csv", width, 700)
    write_early(tmp_path / "b.csv", width, 700)
    assert sha(tmp_path / "a.csv") == sha(tmp_path / "b.csv")
    with (tmp_path / "a.csv").open(newline="") as handle:
        rows = list(csv.reader(handle))
    assert tuple(rows[0]) == choose_early_columns(width) and {len(row) for row in rows} == {width}
    assert len(rows) == 701
    czname = rows[0].index("czname")
    for row in rows[1:]:
        for position, text in enumerate(row):
            if position != czname and text:
                float(text)


def test_early_estimate_and_error_are_blank_together(tmp_path):
    write_early(tmp_path / "a.csv", 400, 3000)
    with (tmp_path / "a.csv").open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    for name in ("kfr_pooled_pooled_p25", "kfr_black_male_p25", "jail_hisp_pooled_p25"):
        assert all((row[name] == "") == (row[f"{name}_se"] == "") for row in rows)
        shown = [float(row[name]) for row in rows if row[name]]
        assert 0 < len(shown) <= len(rows) and -0.5 < min(shown) < max(shown) < 1


def test_early_names():
    names = early_columns()
    assert len(names) == len(set(names)) == 7825
    assert names[:4] == ("state", "county", "tract", "kir_natam_female_p1") and names.index("cz") == 5702
    assert "teenbrth_black_male_p25" not in names and "kfr_pooled_pooled_p50_se" not in names
    with pytest.raises(ValueError, match="between 5 and 7825"):
        choose_early_columns(8000)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.38697663, ".38697663"),
        (-0.0017383998, "-.0017383998"),
        (102336.61, "102336.61"),
        (0.00075030362, ".00075030362"),
        (9.4631505e-05, ".000094631505"),
        (-1.1399628e-05, "-.000011399628"),
        (8.0409773e-06, "8.0409773e-06"),
        (-8.220205e-06, "-8.2202050e-06"),
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (0.5, ".5"),
        (-0.5, "-.5"),
        (float("nan"), ""),
    ],
)
def test_number_text(number, text):
    assert number_as_text(number) == text
    assert rows_as_text(np.array([[3.0, number, 4.0]])) == [f"3,{text},4"]
