"""Birth and outcome years as pictures say them, from the vintages of the files behind them."""

import pytest

from atlas.sources.base import ATLAS_VINTAGE
from dashboards.formatting.years import years_in, years_of
from tests.dashboards.panels.records import make_source

DOLLARS = "people born 1978-83, incomes of 2014-15 in 2015 dollars"
LATE = "people born 1984-89, outcomes at younger ages than the births of 1978-83"
SPLIT = "2010 Census tracts; people born 1978-83, outcomes in 2014-15 (incarceration: April 1, 2010)"


@pytest.mark.parametrize(
    ("vintages", "said"),
    [
        ((ATLAS_VINTAGE, DOLLARS), "Children born 1978–83; outcomes of 2014–15."),
        (("births 1978-83, 2010 tracts",), "Children born 1978–83."),
        (("yearly, about 2014-2023, each metric in the years it was measured",), ""),
        ((SPLIT,), "Children born 1978–83; outcomes of 2014–15."),
        ((), ""),
    ],
)
def test_years_stand_once_and_only_where_there_are_births(vintages, said):
    assert years_of(tuple(make_source(vintage=vintage) for vintage in vintages)) == said


def test_later_births_and_the_day_of_a_count_are_said():
    assert years_in([LATE]) == "Children born 1984–89; outcomes at younger ages."
    assert years_in([SPLIT], with_incarceration=True).endswith("incarceration on April 1, 2010.")
