"""Findings of the county panels where values are missing or do not move."""

from atlas.measures import describe
from atlas.records.county_values import CountyValue, CountyValues
from dashboards.panels import births, county_download, credit
from tests.dashboards.panels.records import make_measure, make_source


def value(slug: str, number: float | None, middle: float | None = 0.4) -> CountyValue:
    words = describe(slug)
    measure = make_measure(slug, label=words.label, unit=words.unit, population=words.population, source=make_source())
    return CountyValue(measure, number, None, middle, 3)


def values(**numbers: float | None) -> CountyValues:
    return CountyValues("26163", "Wayne County", tuple(value(slug, number) for slug, number in numbers.items()))


def test_what_does_not_move_is_the_same():
    found = values(trend_kfr_pooled_pooled_p25_1978=0.38, trend_kfr_pooled_pooled_p25_1992=0.3802)
    panel = births.build("Detroit", found, by_year=False)
    assert panel.finding.endswith("the 38th: the same.") and len(panel.table.rows) == 1


def test_without_one_end_there_is_no_finding_and_the_table_says_so():
    found = values(trend_kfr_pooled_pooled_p25_1978=0.38, trend_kfr_pooled_pooled_p25_1992=None)
    panel = births.build("Detroit", found, by_year=False)
    ((*_, change, _, _, note),) = panel.table.rows
    assert panel.finding == "" and change is None and note == "change calculated from the two values"
    assert [cell for column, cell in panel.table.formatted_rows()[0][1] if column.key == "change"] == ["–"]


def test_one_end_alone_and_other_percentiles_make_no_row():
    found = values(trend_kfr_pooled_pooled_p25_1978=0.38, trend_kfr_pooled_pooled_p75_1978=0.5)
    assert births.build("Detroit", found, by_year=False).table.rows == ()


def test_other_credit_outcomes_alone_have_a_table_and_no_finding():
    panel = credit.build(values(credit_mortgage_pooled_pooled_p25=120_000.0, credit_score_pooled_pooled_p25=None))
    assert panel.finding == "" and len(panel.table.rows) == 2


def test_sensitive_outcomes_of_a_county_download_are_left_out():
    assert county_download.build(values(jail_pooled_pooled_mean=0.02)).table.rows == ()
    panel = county_download.build(values(working_pooled_pooled_mean=None))
    assert panel.finding == "" and len(panel.table.rows) == 1
