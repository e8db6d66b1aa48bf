"""Tables of births 1978-92 and of credit in 2020: what goes in comes out, and broken twins are refused by line."""

import numpy as np
import pytest

from atlas import measures
from atlas.ingest.pipeline import run
from atlas.queries.live import live_catalog
from atlas.sources.base import EstimateTable, SourceFileError
from atlas.sources.credit_outcomes import VALUES
from atlas.sources.datasets import get_dataset
from atlas.sources.detect import detect_source
from atlas.sources.opening import open_file
from tests.factories import county_tables, files


def read(path) -> EstimateTable:
    return detect_source(open_file(path)).read(lambda *_: None)


def values(table: EstimateTable) -> dict:
    return {column.slug: column for column in table.columns}


@pytest.mark.parametrize(("level", "codes"), [("county", [1001, 6037, 26163]), ("cz", [1001, 6037, 6163])])
def test_both_ends_and_the_change_are_kept(tmp_path, level, codes):
    table = read(county_tables.trends(tmp_path / "t.csv", level, extra="new_column"))
    found = values(table)
    assert (table.dataset.key, table.dataset.level, table.geoids.tolist()) == (f"{level}_trends", level, codes)
    assert found["trend_kfr_pooled_pooled_p25_1978"].value.tolist() == [np.float32(v) for v in (0.41, 0.42, 0.38)]
    assert found["trend_kfr_natam_pooled_p25_1992"].value[0] == np.float32(0.43)
    assert found["trend_change_kir_black_pooled_p25"].value[2] == np.float32(-0.02)
    assert all(column.standard_error is None for column in found.values())
    assert table.ignored_columns == ("new_column",) and "without a standard error" in table.warnings[0]
    assert get_dataset(table.dataset.key) == table.dataset and all(map(measures.is_measure, table.slugs))


@pytest.mark.parametrize("level", ["county", "cz"])
def test_a_row_per_birth_year_becomes_a_measure_per_birth_year(tmp_path, level):
    table = read(county_tables.cohorts(tmp_path / "c.csv", level))
    found = values(table)
    assert table.dataset.key == f"{level}_cohorts" and (table.rows_read, table.rows_kept) == (9, 3)
    assert tuple(found) == table.slugs and all(map(measures.is_measure, table.slugs))
    assert found["born_kfr_pooled_pooled_p25_1985"].value.tolist() == [np.float32(0.37)] * 3
    assert np.isnan(found["born_kfr_black_female_p75_1992"].value).all()
    assert found["born_count_low_pooled_pooled_1978"].value[0] == 60
    assert table.names[0].startswith("Some")


def test_an_area_without_a_birth_year_has_no_value_there(tmp_path):
    path = county_tables.cohorts(tmp_path / "c.csv")
    kept = [line for line in path.read_text().splitlines() if not line.startswith("26,163,Some County,1992")]
    found = values(read(files.write(tmp_path / "d.csv", "\n".join(kept) + "\n")))
    assert np.isnan(found["born_kfr_pooled_pooled_p25_1992"].value[2])
    assert np.isfinite(found["born_kfr_pooled_pooled_p25_1978"].value).all()


def test_words_of_the_new_measures():
    known = measures.describe("trend_kfr_black_female_p25_1992")
    assert known.label == "Household income percentile at age 27, Black girls" and known.unit == "rank"
    assert known.population.endswith("born 1992") and "never compared" in known.note
    waits = measures.describe("trend_emp_pooled_pooled_p25_1978")
    assert waits.unit_subject == "emp (births 1978-92)" and waits.unit.endswith("unconfirmed")
    score = measures.describe("credit_score_pooled_pooled_mean")
    assert score.unit == "points" and "born 1978–85" in score.population and "shrunk" in score.note
    assert measures.describe("born_count_all_pooled_pooled_1980").unit == "children"
    assert measures.describe("trend_change_kfr_pooled_pooled_p25").label.endswith("births of 1978 and 1992")


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("level", ["county", "cz"])
def test_every_credit_file_is_read(tmp_path, value, level):
    table = read(county_tables.credit(tmp_path / "c.csv", value, level=level))
    outcome = VALUES[value][0]
    found = values(table)
    assert table.dataset.key == f"credit_{outcome}_{level}" and get_dataset(table.dataset.key) == table.dataset
    assert set(found) == {
        f"credit_{outcome}_{who}" for who in ("pooled_pooled_p25", "white_pooled_p25", "black_pooled_p25")
    } | {f"credit_{outcome}_pooled_pooled_mean"}
    assert found[f"credit_{outcome}_black_pooled_p25"].value.tolist() == [580] * 3
    assert "already shrunk" in table.warnings[0]
    assert "3 rows are left out: kid_race 'Martian' at par_pctile 25" in table.warnings[1]
    assert "par_pctile 33" in table.warnings[2]


@pytest.mark.django_db
@pytest.mark.parametrize("make", [county_tables.trends, county_tables.cohorts, county_tables.credit])
def test_they_go_through_the_pipeline_without_any_standard_error(tmp_path, make):
    report = run(make(tmp_path / "file.csv"), commit=True)
    assert report.outcome == "activated", report.sentence()
    assert not any(one.has_standard_error for one in live_catalog().measures)


@pytest.mark.parametrize(
    ("make", "old", "new", "said"),
    [
        (county_tables.trends, "26,163", "99,163", "is not a state code"),
        (county_tables.trends, "26,163", "1,1", "stands in the file twice"),
        (county_tables.trends, ".38", "about .4", "is not a number"),
        (county_tables.trends, ".38,", "", "fields"),
        (county_tables.cohorts, "Some County,1985", "Some County,1999", "is not a birth year"),
        (county_tables.cohorts, "Some County,1985", "Some County,1978", "stands in the file twice"),
        (county_tables.cohorts, "1,1,Some", ",1,Some", "is empty"),
        (county_tables.credit, "26,163,C0,White", "26,163,C0,Pooled", "twice for the same period and group"),
        (county_tables.credit, "640", "good", "is not a number"),
        (county_tables.credit, "26,163,C0,Pooled,25", "26,1630,C0,Pooled,25", "is not a county code"),
    ],
)
def test_broken_twins_are_refused(tmp_path, make, old, new, said):
    path = make(tmp_path / "whole.csv")
    text = path.read_text("utf-8-sig")
    assert old in text
    with pytest.raises(SourceFileError, match=said):
        read(files.write(tmp_path / "broken.csv", text.replace(old, new, 1)))


def test_a_credit_file_of_unknown_groups_alone_is_refused(tmp_path):
    text = county_tables.credit(tmp_path / "c.csv").read_text()
    for race in ("Pooled", "White", "Black"):
        text = text.replace(race, "Martian")
    with pytest.raises(SourceFileError, match="is no group the portal knows"):
        read(files.write(tmp_path / "d.csv", text))
