import re

import numpy as np
import pytest

from dashboards.panels import distribution, headline, where
from tests.dashboards.records import make_city, make_headline, make_histogram, make_measure, make_tracts

BANNED = re.compile(r"low-opportunity|\b(bad|failing|worst|proves?|caused|impact of|effect of)\b", re.IGNORECASE)


def every_panel():
    edges, shares = make_histogram()
    return [
        headline.build(make_city(), make_headline()),
        where.build(make_tracts()),
        distribution.build(make_tracts(), edges, shares),
    ]


@pytest.mark.parametrize("panel", every_panel(), ids=lambda panel: panel.slug)
def test_words_are_people_first_and_not_causal(panel):
    assert not BANNED.search(" ".join([panel.title, panel.finding, panel.table.caption, *panel.caveats]))
    assert panel.sources
    assert all(len(row) == len(panel.table.columns) for row in panel.table.rows)


def test_headline_names_people_place_number_and_comparison():
    panel = headline.build(make_city(), make_headline())
    assert panel.finding == (
        "Children from low-income families who grew up in Springfield reached, on average, the 31st percentile of "
        "household income at ages 31–37 – $22,000 a year at that rank (2015 dollars). "
        "By the same measure: the 36th in Clark County and the 43rd in the nation."
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (None, "No standard error: the publisher's tract download has none"),
        (0.007, "Standard error 0.7; 95% interval 29.8 to 32.6"),
    ],
)
def test_uncertainty_or_its_reason_is_always_there(error, said):
    found = make_headline(standard_error=error)
    assert headline.uncertainty(found).rstrip(".") == said
    assert any(said in caveat for caveat in headline.caveats(found))


def test_the_published_value_comes_with_its_error_and_how_far_the_weights_are_from_it():
    assert headline.check(make_headline()) == (
        "Clark County as the publisher has it: 36.0 (standard error 0.4). The same arithmetic gives "
        "36.3, 0.3 ranks above it, 0.8 of its standard errors."
    )


def test_a_city_that_is_its_county_is_not_compared_with_itself():
    """New Orleans is Orleans Parish: the two differ only by what the weights get wrong."""
    same = make_headline(county_share=0.999)
    assert "Clark County" not in headline.build(make_city(), same).finding
    assert headline.check(same).endswith("the same ground, so the county's own value is the better one.")


def test_almost_everything_is_not_everything():
    assert headline.nearly(0.99991) == "nearly all" and headline.nearly(1.0) == "100.0%"


def test_no_headline_says_why():
    panel = headline.build(make_city(), make_headline(value=None, reason="No tract file yet.", references=()))
    assert (panel.figure, panel.finding, panel.reason) == (None, "", "No tract file yet.")


def test_where_counts_own_tracts_and_gives_the_middle_half():
    panel = where.build(make_tracts())
    assert panel.finding.startswith("In Springfield, none of 3 tracts with a value lay above the middle US tract.")
    assert "Half of them lay between $22,500 and $28,000." in panel.finding
    assert "North End" not in panel.finding, "no neighbourhood is named as highest or lowest"
    assert len(panel.table.rows) == 5
    assert any("1 of Springfield's tracts have no value" in said for said in panel.caveats)
    assert any("No standard errors" in said for said in panel.caveats)


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
