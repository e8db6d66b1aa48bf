"""Wages of occupations: the publisher's codes stay reasons, and broken files are refused by name."""

import csv
import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from atlas.sources.base import SourceFileError
from atlas.sources.detect import UnknownFormat, detect_source
from atlas.sources.occupation_wages import NUMBERS, read_metro_title
from atlas.sources.opening import open_file

REAL = Path(os.environ.get("WAGES_FILE", "/work/shared/new_data/wages/oews_may2025_ten_metros.csv.gz"))
_WAYS = [f"{way}_{point}" for way in "HA" for point in ("MEAN", "PCT10", "PCT25", "MEDIAN", "PCT75", "PCT90")]
NAMES = ["AREA", "AREA_TITLE", "AREA_TYPE", "OCC_CODE", "OCC_TITLE", "O_GROUP", *NUMBERS]
SPRINGFIELD = ("44100", "Springfield-Decatur, MI")
US = ("99", "National")


def row(area, code, title, group="detailed", median=40_000, **others):
    """One row in the publisher's columns; `others` by its names."""
    wages = {"MEDIAN": median, "MEAN": median * 1.1, "PCT10": median * 0.6, "PCT25": median * 0.8}
    wages |= {"PCT75": median * 1.3, "PCT90": median * 1.7}
    found = {"AREA": area[0], "AREA_TITLE": area[1], "AREA_TYPE": "1" if area == US else "4"}
    found |= {"OCC_CODE": code, "OCC_TITLE": title, "O_GROUP": group}
    found |= {"TOT_EMP": "1230", "EMP_PRSE": "4.5", "MEAN_PRSE": "1.2"}
    found |= dict.fromkeys(("JOBS_1000", "LOC_QUOTIENT"), "" if area == US else "1.25")
    for point, value in wages.items():
        found |= {f"A_{point}": f"{value:.0f}", f"H_{point}": f"{value / 2080:.2f}"}
    return found | others


def without_wage(code):
    return dict.fromkeys(_WAYS, code)


ROWS = (
    row(SPRINGFIELD, "00-0000", "All Occupations", "total", 47_000),
    row(SPRINGFIELD, "31-1131", "Nursing Assistants", median=38_420),
    row(SPRINGFIELD, "29-1212", "Cardiologists", **without_wage("#")),
    row(SPRINGFIELD, "51-4121", "Welders, Cutters, Solderers, and Brazers", TOT_EMP="**", EMP_PRSE="*",
        JOBS_1000="*", LOC_QUOTIENT="*"),
    row(SPRINGFIELD, "25-2021", "Elementary School Teachers", **dict.fromkeys(_WAYS[:6], "")),
    row(SPRINGFIELD, "27-2011", "Actors", **dict.fromkeys(_WAYS[6:], "")),
    row(SPRINGFIELD, "19-3041", "Sociologists", MEAN_PRSE="*", **without_wage("*")),
    row(US, "00-0000", "All Occupations", "total", 50_980),
    row(US, "31-1131", "Nursing Assistants", median=41_000),
    row(US, "53-3032", "Heavy and Tractor-Trailer Truck Drivers", median=58_000),
)  # fmt: skip


def written(path: Path, rows=ROWS, names=None) -> Path:
    """A table parted by commas whose name says the May it is of."""
    with open(path, "w", newline="") as stream:
        table = csv.DictWriter(stream, names or NAMES, extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)
    return path


def read(path: Path):
    found = detect_source(open_file(path))
    assert found.source == "occupation_wages"
    return found.read(lambda *a: None)


def changed(at: int, **fields):
    return tuple(one | fields if index == at else one for index, one in enumerate(ROWS))


def test_numbers_are_read_and_codes_stay_reasons(tmp_path):
    table = read(written(tmp_path / "oews_may2025.csv"))
    assert (table.rows_read, table.rows_kept, table.vintage) == (10, 10, 2025)
    assert set(table.areas) == {"44100", "99"}
    by_slug = {column.slug: column for column in table.columns}
    median, hourly, jobs = by_slug["annual_median"], by_slug["hourly_median"], by_slug["employment"]
    assert (median.value[1], hourly.value[1], jobs.value[1]) == (38_420, 18.47, 1230)
    reasons = [median.reason[at] for at in (1, 2, 4, 5, 6)]
    assert reasons == ["", "top_coded", "", "hourly_only", "not_released"]
    assert hourly.reason[4] == "annual_only" and jobs.reason[3] == "not_released"
    assert by_slug["jobs_per_1000"].reason[7] == "not_for_nation"
    for column in table.columns:  # a number or a reason, never both, never 0
        assert (np.isnan(column.value) == (column.reason != "")).all()
    assert not (median.value == 0).any() and not (jobs.value == 0).any()


@pytest.mark.parametrize(
    ("at", "fields", "words"),
    [
        (1, {"AREA": "4410"}, "line 3, column AREA: '4410' is no metropolitan area"),
        (1, {"AREA": "", "AREA_TITLE": ""}, "is no metropolitan area"),
        (1, {"AREA_TITLE": "Springfield"}, "'Springfield' names no metropolitan area"),
        (1, {"AREA_TITLE": "Springfield, ZZ"}, "names no metropolitan area"),
        (1, {"AREA_TITLE": "Springfield, MI"}, "is another title of the same area"),
        (1, {"OCC_CODE": "311131"}, "'311131' is no occupation's code"),
        (1, {"OCC_CODE": "00-0000"}, "line 3, column OCC_CODE: '00-0000' stands in the file twice"),
        (0, {"OCC_CODE": "00-0001"}, "has no row of all occupations"),
        (1, {"O_GROUP": "some"}, "'some' is none of total, major"),
        (1, {"OCC_TITLE": ""}, "is no title of 1 to 200 characters"),
        (1, {"A_MEDIAN": "0"}, "'0' is 0"),
        (1, {"TOT_EMP": "0"}, "column TOT_EMP: '0' is 0"),
        (1, {"A_MEDIAN": "-5"}, "'-5' is neither a number nor one of the source's codes"),
        (1, {"A_MEDIAN": "***"}, "is neither a number"),
        (1, {"A_MEDIAN": "nan"}, "is neither a number"),
        (1, {"A_MEDIAN": "1e5"}, "is neither a number"),
        (1, {"A_MEDIAN": "", "H_MEDIAN": ""}, "is empty, and no code says why"),
        (1, {"TOT_EMP": ""}, "is empty, and no code says why"),
        (1, {"JOBS_1000": ""}, "is empty, and no code says why"),
        (1, {"TOT_EMP": "#"}, "is a code for wages"),
        (1, {"TOT_EMP": "99999999999"}, "larger than any"),
        (1, {"A_PCT10": "90000"}, "is below the percentile before it"),
    ],
)
def test_a_field_that_is_wrong_is_named(tmp_path, at, fields, words):
    with pytest.raises(SourceFileError) as refused:
        read(written(tmp_path / "oews_may2025.csv", changed(at, **fields)))
    assert words in refused.value.problems[0].sentence()


@pytest.mark.parametrize("name", ["MEAN_PRSE", "A_MEDIAN", "AREA_TITLE", "O_GROUP"])
def test_a_column_that_is_missing_is_named(tmp_path, name):
    with pytest.raises(SourceFileError) as refused:
        read(written(tmp_path / "oews_may2025.csv", names=[one for one in NAMES if one != name]))
    assert refused.value.problems[0].sentence() == f"line 1, column {name}: is missing"


def test_a_file_without_the_columns_that_name_its_rows_is_refused_or_unknown(tmp_path):
    with pytest.raises(SourceFileError, match="column AREA: is missing"):
        read(written(tmp_path / "oews_may2025.csv", names=[one for one in NAMES if one != "AREA"]))
    with pytest.raises(UnknownFormat):
        read(written(tmp_path / "oews_may2025.csv", names=[one for one in NAMES if one != "OCC_TITLE"]))


@pytest.mark.parametrize(
    ("name", "year"), [("MSA_M2025_dl.csv", 2025), ("oesm24ma.csv", 2024), ("May_2023_x.csv", 2023)]
)
def test_the_year_is_in_the_name(tmp_path, name, year):
    assert read(written(tmp_path / name)).vintage == year


def test_a_name_without_a_year_is_refused(tmp_path):
    with pytest.raises(SourceFileError, match="which May"):
        read(written(tmp_path / "wages.csv"))


def test_estimates_of_one_industry_are_refused(tmp_path):
    rows = [one | {"I_GROUP": "sector"} for one in ROWS]
    with pytest.raises(SourceFileError, match="is of one industry"):
        read(written(tmp_path / "oews_may2025.csv", rows, [*NAMES, "I_GROUP"]))


@pytest.mark.parametrize(
    ("title", "cities", "states"),
    [
        ("New York-Newark-Jersey City, NY-NJ", ("New York", "Newark", "Jersey City"), ("NY", "NJ")),
        ("Louisville/Jefferson County, KY-IN", ("Louisville", "Jefferson County"), ("KY", "IN")),
    ],
)
def test_a_title_names_cities_and_states(title, cities, states):
    found = read_metro_title(title)
    assert (found.cities, found.states) == (cities, states)


@pytest.mark.skipif(not REAL.exists(), reason="needs the real file")
def test_the_real_file_is_read_whole():
    table = read(REAL)
    with gzip.open(REAL, "rt", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert table.rows_kept == len(rows) and len(set(table.areas)) == 11
    for theirs, ours in NUMBERS.items():
        column = next(one for one in table.columns if one.slug == ours)
        published = [one[theirs] for one in rows]
        for text, value, reason in zip(published, column.value, column.reason, strict=True):
            assert (float(text) == value and not reason) if text not in ("", "*", "**", "#") else reason
