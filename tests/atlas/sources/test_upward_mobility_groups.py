"""Urban Institute files with any of the metrics by any kind of group: told by their columns and rows, not by a list."""

import numpy as np
import pytest

from atlas.ingest.pipeline import run
from atlas.sources.base import ObservationTable, SourceFileError
from atlas.sources.datasets import get_dataset
from atlas.sources.detect import detect_source
from atlas.sources.opening import open_file
from tests.factories import files

HEADER = "year,state,place,state_name,place_name,subgroup,subgroup_type,share_employed,share_employed_lb,"
HEADER += "share_employed_ub,share_employed_quality"
BY_GENDER = (
    "2021,26,77777,Michigan,Springfield city,All,all,.7,.6,.8,1",
    "2021,26,77777,Michigan,Springfield city,Women,gender,.65,.5,.8,2.0",
    "2021,26,77777,Michigan,Springfield city,Men,gender,.75,NA,NA,weak",
)


def write(tmp_path, rows=BY_GENDER, header=HEADER):
    return files.write(tmp_path / "urban.csv", "\n".join([header, *rows]) + "\n")


def read(path) -> ObservationTable:
    return detect_source(open_file(path)).read(lambda *_: None)


def test_one_metric_by_gender(tmp_path):
    table = read(write(tmp_path))
    (column,) = table.columns
    assert table.dataset.key == "upward_mobility_place-share_employed-by-gender"
    assert table.dataset.title == "Mobility Metrics by place: Employment at ages 25-54, by gender"
    assert table.subgroups.tolist() == ["", "Women", "Men"]
    assert column.quality.tolist() == ["Strong", "Marginal", "Weak"]
    assert np.isnan(column.lower[2]) and column.lower[1] == 0.5
    assert get_dataset(table.dataset.key) == table.dataset


def test_bounds_of_any_metric_are_read_and_half_a_pair_of_bounds_is_reported(tmp_path):
    header = "year,state,county,share_debt_coll,share_debt_coll_lb,share_debt_coll_ub,share_in_preschool,"
    header += "share_in_preschool_lb,new_metric"
    table = read(write(tmp_path, ("2021,1,1,.3,.2,.4,.5,.4,7",), header))
    debt, preschool = table.columns
    assert (debt.lower[0], debt.upper[0]) == (0.2, 0.4) and preschool.lower is None
    assert table.ignored_columns == ("share_in_preschool_lb", "new_metric")
    assert table.dataset.key == "upward_mobility_county-share_debt_coll-1_more"
    assert get_dataset(table.dataset.key).title == "Mobility Metrics by county: Debt in collections and 1 more"


def test_several_kinds_of_groups_keep_their_kind_and_one_row_for_everybody(tmp_path):
    rows = (*BY_GENDER, BY_GENDER[0].replace("All,all", "All,age"), "2021,26,77777,Michigan,S,18-24,age,.6,.5,.7,1")
    table = read(write(tmp_path, rows))
    assert table.subgroups.tolist() == ["", "gender: Women", "gender: Men", "age: 18-24"]
    assert table.dataset.key == "upward_mobility_place-share_employed-by-age_gender"
    assert (table.rows_read, table.rows_kept) == (5, 4)


def test_two_rows_for_everybody_that_differ_are_refused(tmp_path):
    rows = (*BY_GENDER, BY_GENDER[0].replace("All,all,.7", "All,age,.71"))
    with pytest.raises(SourceFileError, match="line 5.*differs from another row for everybody"):
        read(write(tmp_path, rows))


def test_a_file_by_age_with_the_columns_of_the_income_file_is_its_own(tmp_path):
    header = "year,state,place,subgroup,subgroup_type,rate_learning,share_digital_access"
    by_age = read(write(tmp_path, ("2021,26,77777,18-24,age,1,.5",), header))
    by_income = read(write(tmp_path, ("2021,26,77777,High-Poverty,income,1,.5",), header))
    assert by_age.dataset.key == "upward_mobility_place-rate_learning-1_more-by-age"
    assert by_income.dataset.key == "upward_mobility_place_income"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (BY_GENDER[0].replace(",1", ",Superb"), "is no grade of quality"),
        (BY_GENDER[0].replace("77777", "7777777"), "is not a place code"),
        (BY_GENDER[0].replace(".7,", "x,", 1), "is not a number"),
        (BY_GENDER[0] + ",9", "fields"),
        (f"{BY_GENDER[1]}\n{BY_GENDER[1]}", "twice for the same period and group"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path, row, said):
    with pytest.raises(SourceFileError, match=said):
        read(write(tmp_path, (row,)))


@pytest.mark.django_db
def test_two_such_files_live_side_by_side(tmp_path):
    path = write(tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    first = run(path, commit=True)
    header = HEADER.replace("share_employed", "share_in_preschool")
    second = run(write(tmp_path, BY_GENDER, header), commit=True)
    assert (first.outcome, second.outcome) == ("activated", "activated") and first.dataset != second.dataset
