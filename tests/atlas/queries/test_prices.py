"""The factor from 2015 dollars to those of the last month loaded."""

from datetime import date

import pytest

from atlas.ingest.pipeline import run
from atlas.queries.prices import price_level
from tests.atlas.sources.test_consumer_prices import OTHERS, ROWS, written

pytestmark = pytest.mark.django_db


def test_without_prices_there_is_no_factor():
    assert price_level() is None


def test_the_factor_is_that_of_the_live_release(tmp_path, django_assert_num_queries):
    report = run(written(tmp_path / "prices.csv"), commit=True)
    assert report.outcome == "activated", report.sentence()
    found = price_level()
    assert (found.year, found.months, found.month, found.month_index) == (2015, 12, date(2026, 8, 1), 334.98)
    assert found.year_index == pytest.approx(237.017, abs=5e-4)
    assert found.factor == pytest.approx(1.41332, abs=5e-6) and round(21_013 * found.factor, -2) == 29_700
    assert found.source.publisher == "US Bureau of Labor Statistics" and price_level(2025) is None
    with django_assert_num_queries(1):  # what is live, asked anew by whoever reads; prices are remembered
        assert price_level() == found
    later = [*ROWS, ("CUUR0000SA0", 2026, "M09", "336.0"), *OTHERS]
    assert run(written(tmp_path / "later.csv", later), commit=True).outcome == "activated"
    assert price_level().month == date(2026, 9, 1) and price_level().factor > found.factor
