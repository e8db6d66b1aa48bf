"""Every source of context on a tiny file, and its broken twins."""

import numpy as np
import pytest

from atlas.metrics.catalog import METRICS
from atlas.sources import upward_mobility, upward_mobility_columns
from atlas.sources.base import GEOID_WIDTHS, ObservationTable, SourceFileError
from atlas.sources.datasets import find_observation_dataset, get_dataset
from atlas.sources.detect import detect_source
from atlas.sources.economic_tracker import IMPUTED, SERIES
from atlas.sources.opening import open_file
from tests.factories import context, files


def read(path) -> ObservationTable:
    return detect_source(open_file(path)).read(lambda *_: None)


def column(table: ObservationTable, slug: str):
    return next(c for c in table.columns if c.slug == slug)


def numbers(array: np.ndarray) -> list[float | None]:
    return [None if np.isnan(v) else float(v) for v in array]


def test_mobility_metrics_keep_bounds_grades_and_missing_values(tmp_path):
    table = read(context.mobility(tmp_path / "a.csv"))
    income = column(table, "pctl_income_20")
    assert (table.dataset.key, table.area_kind, table.period_kind) == ("upward_mobility_place", "place", "year")
    assert table.geoids.tolist() == [2255000, 2255000, 2677777]
    assert [str(day) for day in table.periods] == ["2021-01-01", "2022-01-01", "2022-01-01"]
    assert numbers(income.value) == [11000.5, None, 9000.0]
    assert (numbers(income.lower), numbers(income.upper)) == ([10000.25, None, 8000.0], [12000.0, None, 10000.0])
    assert income.quality.tolist() == ["Weak", "", "Strong"]
    assert table.subgroups.tolist() == ["", "", ""]
    assert table.names[2677777] == "Springfield city"


def test_a_pair_of_shares_becomes_two_metrics(tmp_path):
    table = read(context.mobility(tmp_path / "a.csv"))
    value = column(table, "ratio_white_nh_house_value_households_value")
    assert numbers(value.value) == [0.619, None, 0.5]
    assert numbers(column(table, "ratio_white_nh_house_value_households_households").value) == [0.348, None, 0.25]
    assert value.quality.tolist() == ["Weak", "", "Strong"]


def test_an_implausible_value_is_kept_with_its_reason_and_named_in_the_warnings(tmp_path):
    table = read(context.mobility(tmp_path / "a.csv"))
    crime = column(table, "rate_crime_violent")
    assert numbers(crime.value) == [0.5, 13.5, 900.0]
    assert [bool(reason) for reason in crime.excluded_reason] == [True, True, False]
    assert any("rate_crime_violent of place 2255000 in 2022 is kept but not shown" in w for w in table.warnings)


def test_an_exclusion_ends_when_the_publisher_corrects_the_value(tmp_path):
    rows = (context.MOBILITY_ROWS[1].replace("13.5", "1350.5"),)
    table = read(context.mobility(tmp_path / "a.csv", rows))
    assert column(table, "rate_crime_violent").excluded_reason is None
    assert not any("not shown" in warning for warning in table.warnings)


def test_quality_columns_of_another_stem_go_with_the_metric_the_table_says(tmp_path):
    table = read(context.by_race(tmp_path / "a.csv"))
    assert column(table, "pctl_income_20").quality.tolist() == ["Strong", "Weak"]
    assert column(table, "count_homeless").quality.tolist() == ["Marginal", ""]
    assert column(table, "share_homeless").quality.tolist() == ["Marginal", ""]
    assert table.subgroups.tolist() == ["", "Black, Non-Hispanic"]
    assert column(table, "population").rows.tolist() == [True, False], "a city's population is not a group's"
    assert table.ignored_columns == ("state_name", "pctl_income_quality")
    assert any("pctl_income_quality is left out" in warning for warning in table.warnings)


@pytest.mark.parametrize(
    ("header", "row", "key"),
    [
        (context.INCOME_HEADER, "2022,26,77777,Less than $50,000,income,1,.9,1.1,.5", "upward_mobility_place_income"),
        (
            context.SHARE_HEADER,
            "2022,26,77777,Mixed neighborhoods,race-ethnicity,14,Strong,.1",
            "upward_mobility_place_race_share",
        ),
    ],
)
def test_the_other_two_shapes_are_told_apart(tmp_path, header, row, key):
    row = row.replace("Less than $50,000", '"Less than $50,000"')
    table = read(files.write(tmp_path / "a.csv", f"{header}\n{row}\n"))
    assert table.dataset.key == key and table.rows_read == 1


def test_the_county_file_differs_by_its_area_only(tmp_path):
    row = context.MOBILITY_ROWS[2].replace("26,77777", "1,1").replace("Springfield city", "Autauga County")
    table = read(context.mobility(tmp_path / "a.csv", (row,), area="county"))
    assert (table.dataset.key, table.area_kind, table.geoids.tolist()) == ("upward_mobility_county", "county", [1001])


def test_weeks_are_stored_by_their_first_day_and_a_point_is_missing(tmp_path):
    table = read(context.employment(tmp_path / "a.csv"))
    assert table.dataset.key == "economic_tracker_employment_city_weekly"
    assert [str(day) for day in table.periods] == ["2020-01-11", "2020-01-18"]
    assert (table.area_kind, table.geoids.tolist()) == ("tracker_city", [13, 13])
    assert numbers(column(table, "emp").value) == [0.00125, -0.0000399]
    assert numbers(column(table, "emp_incq4").value) == [None, 0.5]
    assert any("is a county" in warning for warning in table.warnings)


def test_months_keep_what_is_provisional(tmp_path):
    table = read(context.spending(tmp_path / "a.csv"))
    assert [str(day) for day in table.periods] == ["2020-01-01", "2020-02-01"]
    assert table.provisional.tolist() == [False, True]
    assert numbers(column(table, "spend_s_all").value) == [1.5e-08, 0.2]
    assert "1 row is provisional: the source still revises it" in table.warnings[-1]


def test_holiday_weeks_are_a_metric_of_their_own_and_imputed_ones_say_so(tmp_path):
    table = read(context.mathematics(tmp_path / "a.csv"))
    assert numbers(column(table, "zearn_engagement").value) == [0.5, None]
    assert numbers(column(table, "zearn_break_engagement").value) == [None, -1.0]
    assert column(table, "zearn_badges").quality.tolist() == ["", IMPUTED]


def test_city_ids_are_named_with_their_state(tmp_path):
    table = read(context.tracker_cities(tmp_path / "a.csv"))
    assert table.names == {13: "Springfield, MI"} and table.geoids.tolist() == [13]
    assert numbers(column(table, "tracker_city_pop2019").value) == [1749343.0]


def test_social_capital_keeps_standard_errors_and_finds_lost_zeros(tmp_path):
    county = read(context.social_county(tmp_path / "a.csv"))
    ec = column(county, "ec")
    assert (county.area_kind, county.geoids.tolist(), county.period_kind) == ("county", [1001], "none")
    assert (float(ec.value[0]), float(ec.standard_error[0])) == (0.72077, 0.0083100004)
    assert column(county, "clustering").standard_error is None
    assert county.names == {1001: "Autauga, Alabama"} and county.ignored_columns == ()
    by_zip = read(context.social_zip(tmp_path / "b.csv"))
    assert (by_zip.area_kind, by_zip.geoids.tolist()) == ("zip", [1001, 1003])
    assert numbers(column(by_zip, "ec").value) == [0.88156998, None]
    assert numbers(column(by_zip, "zip_county").value) == [25013.0, None]


def test_zones_are_2010_tracts_of_states_and_islands(tmp_path):
    table = read(context.zones(tmp_path / "a.csv"))
    assert table.geoids.tolist() == [1001020700, 66010950100] and table.vintage == 2010
    assert numbers(column(table, "opportunity_zone_contiguous").value) == [0.0, 1.0]


MOBILITY, RACE = context.MOBILITY_ROWS, context.RACE_ROWS
BROKEN = {
    "grade unknown": (
        lambda p: context.mobility(p, (MOBILITY[0].replace("Strong,19.1", "Fine,19.1"),)),
        2,
        "share_poverty_exposure_quality",
        "Fine",
        "no grade",
    ),
    "pair that is none": (
        lambda p: context.mobility(p, (MOBILITY[0].replace("0.619:0.348", "0.619"),)),
        2,
        "ratio_white_nh_house_value_households",
        "0.619",
        "pair of shares",
    ),
    "empty pair written otherwise": (
        lambda p: context.mobility(p, (MOBILITY[0].replace("0.619:0.348", "n/a"),)),
        2,
        "ratio_white_nh_house_value_households",
        "n/a",
        "pair of shares",
    ),
    "state that is none": (
        lambda p: context.mobility(p, (MOBILITY[0].replace("2021,22,", "2021,3,"),)),
        2,
        "state",
        "3",
        "state code",
    ),
    "word for a number": (
        lambda p: context.mobility(p, (MOBILITY[0].replace("11000.5", "low"),)),
        2,
        "pctl_income_20",
        "low",
        "not a number",
    ),
    "year twice": (lambda p: context.mobility(p, (MOBILITY[0], MOBILITY[0])), 3, "place", "2255000", "twice"),
    "group twice": (lambda p: context.by_race(p, (RACE[1], RACE[1])), 3, "place", "2677777", "twice"),
    "February 30": (
        lambda p: context.employment(p, ("2020,2,30,13,0,0",)),
        2,
        "day_endofweek",
        "30",
        "day of that month",
    ),
    "city id": (lambda p: context.employment(p, ("2020,1,17,113,0,0",)), 2, "cityid", "113", "city id"),
    "week twice": (
        lambda p: context.employment(p, ("2020,1,17,13,0,0", "2020,1,17,13,1,1")),
        3,
        "cityid",
        "13",
        "twice",
    ),
    "daily under a monthly header": (
        lambda p: context.spending(p, ("2020,1,30,26163,m,0,0,0",)),
        2,
        "day_endofmonth",
        "2020-01-30",
        "last day",
    ),
    "weekly mark in a monthly file": (
        lambda p: context.spending(p, ("2020,1,31,26163,w,0,0,0",)),
        2,
        "freq",
        "w",
        "header",
    ),
    "flag that is none": (
        lambda p: context.spending(p, ("2020,1,31,26163,m,0,0,2",)),
        2,
        "provisional",
        "2",
        "neither",
    ),
    "county without a state": (
        lambda p: context.spending(p, ("2020,1,31,163,m,0,0,0",)),
        2,
        "countyfips",
        "163",
        "county code",
    ),
    "missing said as NA": (lambda p: context.employment(p, ("2020,1,17,13,NA,0",)), 2, "emp", "NA", "not a number"),
    "city twice": (
        lambda p: context.tracker_cities(p, ("13,A,MI,M,26,1,1,5", "13,B,MI,M,26,1,1,5")),
        3,
        "cityid",
        "13",
        "twice",
    ),
    "county of no state": (
        lambda p: context.social_county(p, ("3001,X,1,1,1,1,1",)),
        2,
        "county",
        "3001",
        "county code",
    ),
    "ZIP of six digits": (lambda p: context.social_zip(p, ("100100,1,1,1,1,1,1",)), 2, "zip", "100100", "ZIP code"),
    "tract of no state": (
        lambda p: context.zones(p, ("99001020700,Low-Income Community",)),
        2,
        "censusTractNumber",
        "99001020700",
        "GEOID",
    ),
    "type unknown": (lambda p: context.zones(p, ("01001020700,Rural",)), 2, "tractType", "Rural", "no type"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_twins_are_refused_with_line_column_value_and_reason(tmp_path, case):
    make, line, name, value, reason = BROKEN[case]
    with pytest.raises(SourceFileError) as refused:
        read(make(tmp_path / "a.csv"))
    problem = refused.value.problems[0]
    assert (problem.line, problem.column, problem.value) == (line, name, value)
    assert reason in problem.reason


KEYS = (
    *(f"upward_mobility_{a}{s.key}" for a in ("place", "county") for s in upward_mobility_columns.FILE_VARIANTS),
    *(f"economic_tracker_{s}_{a}_{e}" for s in SERIES for a in ("city", "county") for e in ("weekly", "monthly")),
    "economic_tracker_cities",
    "social_capital_county",
    "social_capital_zip",
    "opportunity_zones",
)


@pytest.mark.parametrize("key", KEYS)
def test_every_data_set_of_context_says_what_it_is(key):
    info = get_dataset(key)
    assert info == find_observation_dataset(key) and info.key == key
    assert all((info.title, info.publisher, info.citation, info.licence, info.vintage, info.caveats))
    assert len(info.addresses) >= 2 and all(address.startswith("https://") for address in info.addresses)


def test_every_column_and_exclusion_speaks_of_a_known_metric():
    paired = {name + end for name in upward_mobility_columns.PAIRS for end in upward_mobility_columns.PAIR_ENDS}
    assert paired | upward_mobility_columns.QUALITY.keys() <= METRICS.keys()
    for rule in upward_mobility.EXCLUSIONS:
        assert rule.metric in METRICS and rule.area_kind in GEOID_WIDTHS and 0 < len(rule.reason) <= 200
