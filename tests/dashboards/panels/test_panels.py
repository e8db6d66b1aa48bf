import re
from dataclasses import replace

import numpy as np
import pytest

from atlas.records.places import ComparedCity, Reference
from atlas.statistics.benchmark import CountyDifference
from atlas.statistics.inflation import Inflation, measure_inflation
from dashboards.formatting.benchmarks import adjustment_note, basis_words
from dashboards.panels import distribution, gaps, groups, headline, where
from tests.dashboards.panels.records import (
    make_city,
    make_groups,
    make_headline,
    make_histogram,
    make_measure,
    make_tracts,
)

NO_RATIO = Inflation(None, None, 0, reason="the tract file has no counts")
BANNED = re.compile(r"low-opportunity|\b(bad|failing|worst|proves?|caused|impact of|effect of)\b", re.IGNORECASE)


def beside(**errors) -> tuple[ComparedCity, ...]:
    """Two other cities: Dayton at 31.0, Tulsa at 40.0, each with a standard error of 0.4 unless told otherwise."""
    return tuple(
        ComparedCity(name, make_headline(value=value, standard_error=errors.get(name, 0.004)))
        for name, value in (("Dayton", 0.310), ("Tulsa", 0.400))
    )


def every_panel():
    edges, shares = make_histogram()
    return [
        headline.build(make_city(), make_headline(standard_error=0.007), beside(), make_headline(value=0.315)),
        groups.build(make_city(), make_groups()),
        groups.build(make_city(), make_groups(exact=True)),
        gaps.build(make_city(), make_groups()),
        gaps.build(make_city(), make_groups(exact=True)),
        where.build(make_tracts()),
        distribution.build(make_tracts(), edges, shares),
    ]


@pytest.mark.parametrize("panel", every_panel(), ids=lambda panel: panel.slug)
def test_words_are_people_first_and_not_causal(panel):
    assert not BANNED.search(
        " ".join([panel.title, panel.finding, panel.table.caption, *panel.caveats, *panel.details])
    )
    assert panel.sources
    assert all(len(row) == len(panel.table.columns) for row in panel.table.rows)


def test_headline_names_people_place_number_and_comparison():
    panel = headline.build(make_city(), make_headline())
    first, dollars, county, nation, meaning = re.split(r"(?<=\.) ", panel.finding)
    assert "low-income families in Springfield" in first and "31st" in first and panel.lead == first
    assert "$22,000" in dollars and "2015 dollars" in dollars
    assert "Clark County" in county and "36th" in county
    assert "43rd" in nation and "$34,000" in nation
    assert re.findall(r"\d+", meaning) == ["31", "69", "100"], "a percentile is explained once"


def test_how_we_know_is_short_and_the_rest_is_kept_for_methods():
    """170 words at most; weights, coverage and tests go into the details."""
    full = headline.build(make_city(), make_headline(standard_error=0.007), beside(), make_headline(value=0.315))
    for panel in (full, *every_panel()):
        assert len(" ".join(panel.caveats).split()) <= 170, panel.slug
    assert any(said.startswith("Weights:") for said in full.details)
    assert not set(full.details) & set(full.caveats)


@pytest.mark.parametrize(("error", "said"), [(None, "no margin of error"), (0.007, "29.8 to 32.6")])
def test_uncertainty_or_its_reason_is_always_there(error, said):
    found = make_headline(standard_error=error)
    assert said in headline.uncertainty(found)
    assert any(said in caveat for caveat in headline.caveats(make_city(), found))
    assert any(("0.70" if error else "download has none") in detail for detail in headline.details(make_city(), found))


def test_the_published_county_value_comes_with_its_error_and_what_it_moves_the_city_by():
    assert adjustment_note("Springfield", make_headline()) == (
        "Clark County is published at 36.0 (standard error 0.40); the average of its tracts is 36.3. The difference of "
        "−0.30 points (0.8 standard errors) is added to each of its tracts: Springfield was at 31.5 before and is "
        "at 31.2."
    )


def test_a_city_that_is_its_county_leads_with_the_published_value_and_is_not_compared_with_itself():
    """New Orleans is Orleans Parish: the two differ only by what the tracts and the weights get wrong."""
    same = make_headline(
        county_share=0.999, basis="published", value=0.36, raw_value=0.363, standard_error=0.004, inflation=NO_RATIO
    )
    panel = headline.build(make_city(), same)
    assert "Clark County" not in panel.finding and "the 36th income percentile" in panel.finding
    assert adjustment_note("Springfield", same) == (
        "Clark County is published at 36.0 (standard error 0.40). Clark County and Springfield are the same ground, so "
        "the published value stands for both. The average of its tracts is 36.3, 0.30 points higher (0.8 standard "
        "errors)."
    )
    assert panel.table.rows[0][:3] == ("Springfield", 0.36, 0.004) and panel.table.rows[0][-1] == "published"
    assert headline.inflation_notes(same) == [], "the standard error is the published one"


def test_a_city_over_several_counties_names_what_each_moves_it_by():
    moves = ((40143, -0.002, 0.9), (40113, -0.01, 0.08), (40145, 0.004, 0.02))
    three = tuple(CountyDifference(code, 0.36, None, 0.36 - by, share, 0.1) for code, by, share in moves)
    found = make_headline(county_differences=three, value=0.377, raw_value=0.379, adjustment_error=None)
    assert adjustment_note("Tulsa", found) == (
        "Each tract is moved by what its county has as published less the average of its tracts in points: Tulsa "
        "County −0.20, Osage County −1.00 and Wagoner County +0.40. Tulsa is moved by −0.20, from 37.9 to 37.7."
    )
    many = make_headline(county_differences=three + tuple(replace(three[0], county=26000 + i) for i in (161, 163)))
    assert "Wayne County" not in adjustment_note("Tulsa", many) and "and 1 more." in adjustment_note("Tulsa", many)


def test_a_city_whose_county_publishes_nothing_says_that_it_is_not_adjusted():
    raw = make_headline(basis="raw", basis_reason="1 county has no published value of this measure", value=0.315)
    said = "Not adjusted to published county values: 1 county has no published value of this measure."
    assert adjustment_note("Springfield", raw) == said and said in headline.details(make_city(), raw)
    table = headline.build_table(make_city(), raw)
    row = dict(zip([column.key for column in table.columns], table.rows[0], strict=True))
    moved = (row["rank"], row["tract_mean"], row["adjustment"], row["adjustment_in_errors"])
    assert moved == (0.315, 0.315, None, None)
    assert row["how"].startswith("average of its tracts, not adjusted: 1 county")
    assert adjustment_note("Springfield", make_headline(value=None)) == ""


def test_a_place_of_whole_counties_and_the_nation_are_means_of_published_values():
    whole = Reference("nation", "United States", 0.43, 0.0001, 34000.0, "weights", basis="published", raw_value=0.431)
    assert basis_words(whole) == "average of published county values"
    two = make_headline(basis="published", county_differences=make_headline().county_differences * 2)
    assert basis_words(two) == "average of published county values"
    assert basis_words(make_headline(basis="published")) == basis_words(make_headline().references[0]) == "published"


def test_the_table_has_the_mean_before_the_adjustment_and_its_size_for_every_place():
    table = headline.build_table(make_city(), make_headline(), beside())
    at = {column.key: index for index, column in enumerate(table.columns)}
    first, county, nation, dayton, _ = table.rows
    assert first[at["tract_mean"]] == 0.315 and first[at["adjustment"]] == pytest.approx(-0.003)
    assert first[at["adjustment_in_errors"]] == pytest.approx(-0.75)
    assert county[at["tract_mean"]] == 0.363 and county[at["adjustment_in_errors"]] == pytest.approx(-0.75)
    assert nation[at["adjustment"]] is None and "27 counties" in nation[at["how"]]
    assert dayton[at["tract_mean"]] == 0.315
    shown = [column.format(cell) for column, cell in zip(table.columns, first, strict=True)]
    assert shown[3:6] == ["31.5", "−0.30", "−0.8"]


def test_almost_everything_is_not_everything():
    assert headline.nearly(0.99991) == "nearly all" and headline.nearly(1.0) == "100.0%"


def test_no_headline_says_why():
    panel = headline.build(make_city(), make_headline(value=None, reason="No tract file yet.", references=()))
    assert (panel.figure, panel.finding, panel.reason) == (None, "", "No tract file yet.")


def test_where_counts_own_tracts_and_gives_the_middle_half():
    five = np.array([20000.4, 31000, 25000, 28000, 60000], dtype=np.float32)
    whole = where.build(make_tracts(values=five, belongs=np.ones(5, bool), national_percentiles=np.full(5, 9.0)))
    assert whole.lead.startswith("In the published estimates, 5 of 5 Springfield neighborhoods")
    assert "$25,000 to $31,000" in whole.rest
    panel = where.build(make_tracts())
    assert "North End" not in panel.finding, "no neighborhood is named as highest or lowest"
    assert len(panel.table.rows) == 5
    assert any("1 of Springfield’s tracts has no published value" in said for said in panel.caveats)
    assert any("no margin of error" in said for said in panel.caveats)


def test_where_says_the_values_of_three_tracts_one_by_one():
    """Quarters of three values are no finding."""
    said = where.build(make_tracts()).finding
    assert said.startswith("In the published estimates, 3 of 3 Springfield neighborhoods")
    assert "$20,000, $25,000 and $31,000" in said and "1 more has no published number" in said
    two = make_tracts(values=np.array([20000, 31000, np.nan, np.nan, 60000], dtype=np.float32))
    assert "middle half" not in where.build(two).finding and "$20,000 and $31,000" in where.build(two).finding


def test_where_shows_standard_errors_when_published():
    errors = np.array([900, 800, 700, np.nan, 600], dtype=np.float32)
    keys = [column.key for column in where.build(make_tracts(standard_errors=errors)).table.columns]
    assert "standard_error" in keys


def test_a_city_without_values_says_so():
    empty = make_tracts(values=np.full(5, np.nan, dtype=np.float32), measure=make_measure(label="Rent"))
    edges, shares = make_histogram()
    assert where.build(empty).reason
    assert distribution.build(empty, edges, shares).reason
    assert distribution.build(empty, np.array([]), np.array([])).figure is None


def test_a_difference_inside_the_noise_is_said_so():
    """31.2 (0.7) and 31.0 (0.4): 0.2 with a standard error of 0.81; 40.0 is 8.8 away."""
    panel = headline.build(make_city(), make_headline(standard_error=0.007), beside())
    assert "Too close to call: Dayton." in panel.finding and "Tulsa" not in panel.finding
    assert [row[-1].split("; ")[-1] for row in panel.table.rows[-2:]] == [
        "too close to call with Springfield",
        "differs from Springfield",
    ]


def test_without_standard_errors_no_city_is_called_the_same_or_different():
    panel = headline.build(make_city(), make_headline(), beside())
    assert "close to call" not in panel.finding and "Dayton" not in panel.finding
    assert any("Other cities" in said and "chance" in said for said in panel.details)


def test_counting_tracts_the_other_way_says_by_how_much():
    assert headline.weighting_note(make_headline(), make_headline(value=0.3159)) == (
        "moves the average up by 0.4 points, from 31.2 to 31.6"
    )
    assert "less than a tenth" in headline.weighting_note(make_headline(), make_headline(value=0.3121))
    assert headline.weighting_note(make_headline(), make_headline()) == ""


def test_a_raised_standard_error_says_by_what_and_prints_the_parish():
    ratio = measure_inflation(np.array([0.003]), np.array([0.0024]))
    said = headline.details(make_city(), make_headline(standard_error=0.007, inflation=ratio, inflation_check=ratio))
    assert any("multiplied by 1.25" in one for one in said)
    assert any("Orleans Parish, which is the city of New Orleans, is 1.25" in one for one in said)


def test_differences_from_other_cities_are_tested_together():
    """Two standard errors apart is clear for one difference and not for each of nine; four are."""
    here = make_headline(value=0.30, standard_error=0.003)

    def others(count: int, apart: float) -> tuple[ComparedCity, ...]:
        far = make_headline(value=0.30 + apart, standard_error=0.004)
        return tuple(ComparedCity(f"City {number}", far) for number in range(count))

    assert headline.tell_apart(here, others(1, 0.0105)) == [True]
    assert headline.tell_apart(here, others(9, 0.0105)) == [False] * 9
    assert headline.tell_apart(here, others(9, 0.02)) == [True] * 9
    exact = ComparedCity("Exact", make_headline(value=0.4, standard_error=None))
    assert headline.tell_apart(here, (exact,)) == [None]
    said = " ".join(headline.details(make_city(), here, others(9, 0.0105)))
    assert "The 9 differences are tested together" in said
