"""Each official format on a schema-exact generated file: what goes in comes out, to the publisher's last digit."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest

from atlas import measures
from atlas.sample import shipped_files as shipped
from atlas.sample.crosswalk import rank_to_dollars
from atlas.sample.early import write_early
from atlas.sample.simple_files import write_simple
from atlas.sources import outcomes
from atlas.sources.base import EstimateTable, SourceFileError
from atlas.sources.detect import detect_source
from atlas.sources.opening import open_file
from tests.factories import files


def read(path: Path, source: str = "") -> EstimateTable:
    return detect_source(open_file(path), source).read(lambda *step: None)


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> dict[str, Path]:
    return {
        path.name: path for path in shipped.write_sample(tmp_path_factory.mktemp("sample"))
    }  # one set for all formats


def columns(table: EstimateTable) -> dict:
    return {column.slug: column for column in table.columns}


def rows_of(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


CASES = {
    "tract_outcomes_simple.csv": ("tract_outcomes_simple", ""),
    "tract_outcomes_late_simple.csv": ("tract_outcomes_late_simple", "_late"),
    "county_outcomes_simple.csv": ("county_outcomes_simple", ""),
    "cz_outcomes_simple.csv": ("cz_outcomes_simple", ""),
    "tract_covariates.csv": ("tract_covariates", ""),
}


@pytest.mark.parametrize("name", CASES)
def test_every_number_of_a_file_is_kept_as_published(sample, name):
    key, suffix = CASES[name]
    table = read(sample[name])
    assert table.dataset.key == key
    rows, found = rows_of(sample[name]), columns(table)
    assert table.rows_read == len(rows) == len(table.geoids)
    keys = {"tract": ("state", "county", "tract"), "county": ("state", "county"), "cz": ("cz",)}[table.dataset.level]
    widths = {"state": 10**9 if len(keys) == 3 else 1000, "county": 10**6 if len(keys) == 3 else 1}
    place = {code: i for i, code in enumerate(table.geoids.tolist())}
    for row in rows[:: max(1, len(rows) // 60)]:
        i = place[sum(int(row[k]) * widths.get(k, 1) for k in keys)]
        for column, text in row.items():
            if column in outcomes._PLACE_COLUMNS:
                continue
            estimate, part = (
                (column.removesuffix("_se"), "standard_error") if column.endswith("_se") else (column, "value")
            )
            stored = getattr(found[estimate + suffix], part)[i]
            assert math.isnan(stored) if text == "" else stored == np.float32(text), (column, text)


def test_the_published_zone_values_come_back(sample):
    """Methods 2.14: commuting zones as the publisher prints them, with their standard errors."""
    table = read(sample["cz_outcomes_simple.csv"])
    kfr = columns(table)["kfr_pooled_pooled_p25"]
    published = {
        34901: ("0.38697663", "0.0014074446"),
        12501: ("0.37457645", "0.0012435387"),
        11700: ("0.39627844", "0.0023809168"),
        19600: ("0.4457835", "0.00075030362"),
        30402: ("0.40488738", "0.0013824046"),
    }
    for zone, (value, error) in published.items():
        i = int(np.searchsorted(table.geoids, zone))
        assert (kfr.value[i], kfr.standard_error[i]) == (np.float32(value), np.float32(error))


def test_both_cohorts_share_a_header_and_never_a_slug(sample):
    early, late = read(sample["tract_outcomes_simple.csv"]), read(sample["tract_outcomes_late_simple.csv"])
    assert not set(early.slugs) & set(late.slugs)
    assert "1984–89" in measures.describe("kfr_pooled_pooled_p25_late").population
    assert "never compared" in measures.describe("kfr_pooled_pooled_p25_late").note


def test_the_cohort_is_told_by_the_file_not_its_name_alone(tmp_path):
    path = tmp_path / "renamed.csv"
    write_simple(path, tracts=300)
    header, *rows = path.read_text().splitlines()
    assert read(path).dataset.key == "tract_outcomes_simple"
    names = header.split(",")
    fields = dict.fromkeys(names, "") | {"state": "1", "county": "1", "tract": "20100", "cz": "11101"}
    fields |= {"czname": "Montgomery", "pooled_pooled_count": "255.03894"}
    rows = [row for row in rows if not row.startswith("1,1,")]
    path.write_text("\n".join([header, ",".join(fields[n] for n in names), *rows]) + "\n")
    assert read(path).dataset.key == "tract_outcomes_late_simple", "its first tract has the late file's count"
    assert read(path, "tract_outcomes_simple").dataset.key == "tract_outcomes_simple", "an operator may know better"


@pytest.mark.parametrize("count", [40, 700])
def test_any_subset_of_the_full_file_is_read(tmp_path, count):
    path = tmp_path / "tract_outcomes_early.csv"
    write_early(path, columns=count, tracts=500)
    table = read(path)
    assert table.dataset.key == "tract_outcomes_early" and table.rows_read == 500
    row = rows_of(path)[250]
    i = int(np.searchsorted(table.geoids, int(row["state"]) * 10**9 + int(row["county"]) * 10**6 + int(row["tract"])))
    for column in table.columns:
        text = row[column.slug]
        assert math.isnan(column.value[i]) if text == "" else column.value[i] == np.float32(text), column.slug
        if column.standard_error is not None:
            text = row[f"{column.slug}_se"]
            assert math.isnan(column.standard_error[i]) if text == "" else column.standard_error[i] == np.float32(text)


def test_a_file_larger_than_the_memory_it_may_use_goes_through_the_disk(tmp_path, monkeypatch):
    from atlas.sources import spool

    path = tmp_path / "early.csv"
    write_early(path, columns=120, tracts=800)
    whole = {c.slug: c.value.copy() for c in read(path).columns}
    monkeypatch.setattr(spool, "IN_MEMORY_BYTES", 1000)
    monkeypatch.setattr(spool, "GROUP_BYTES", 9000)
    for column in read(path).columns:
        assert np.array_equal(column.value, whole[column.slug], equal_nan=True)


def test_the_official_crosswalk(sample):
    table = read(sample["pctile_to_dollar_cw.csv"])
    assert table.dataset.key == "pctile_to_dollar_cw" and table.rows_read == 101
    assert columns(table)["kid_hh_income"].value[25] == np.float32(15_551.21)
    assert rank_to_dollars(0.39687583) == pytest.approx(30_683.9, abs=2)


def test_a_crosswalk_with_a_gap_or_a_fall_is_refused(sample, tmp_path):
    header, *rows = sample["pctile_to_dollar_cw.csv"].read_text().splitlines()
    for broken in ([*rows[:50], *rows[51:]], [*rows[:60], rows[10].replace("10", "60", 1), *rows[61:]]):
        with pytest.raises(SourceFileError):
            read(files.write(tmp_path / "a.csv", "\n".join([header, *broken]) + "\n"))


NATIONAL = "par_pctile,kfr_pooled_pooled,kfr_black_male,s_kfr_pooled_pooled,density\n"


def test_national_outcomes_by_parents_percentile(tmp_path):
    rows = "".join(f"{p},{0.3 + p / 400:.4f},,.5,1\n" for p in range(100, 0, -1))
    table = read(files.write(tmp_path / "a.csv", NATIONAL + rows))
    assert (table.dataset.level, table.geoids[0], table.geoids[-1]) == ("nation", 1, 100)
    assert columns(table)["kfr_pooled_pooled"].value[24] == np.float32("0.3625")
    assert np.isnan(columns(table)["kfr_black_male"].value).all()
    assert table.ignored_columns == ("s_kfr_pooled_pooled", "density")
    with pytest.raises(SourceFileError, match="percentile from 1 to 100"):
        read(files.write(tmp_path / "b.csv", NATIONAL + "101,.5,.5,.5,1\n"))


RELATION = (
    "OID_TRACT_20|GEOID_TRACT_20|NAMELSAD_TRACT_20|AREALAND_TRACT_20|OID_TRACT_10|GEOID_TRACT_10|AREALAND_TRACT_10|"
    "AREALAND_PART|AREAWATER_PART\n"
)


def test_the_relationship_file_is_parted_by_bars(tmp_path):
    text = (
        RELATION + "1|01001020100|Tract 201|900|2|01001020100|900|900|0\n1|01001020200|T|500|2|01001020300|800|500|0\n"
    )
    table = read(files.write(tmp_path / "rel.txt", text))
    assert table.new.tolist() == [1001020100, 1001020200] and table.shared_area.tolist() == [900, 500]
    with pytest.raises(SourceFileError, match="11-digit"):
        read(files.write(tmp_path / "b.txt", RELATION + "1|01001|T|900|2|01001020100|900|900|0\n"))
