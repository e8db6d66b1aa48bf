"""Incomes in the dollars a page shows; everything in another unit stays as it is."""

import pytest

from dashboards.formatting.estimates import (
    format_change,
    format_estimate,
    format_in_prose,
    format_income,
    format_tick,
    unit_label,
)
from dashboards.formatting.shown_dollars import PUBLISHED, ShownDollars, cached_by_dollars, showing, shown_dollars

TODAY = ShownDollars(334.98 / 237.017, "August 2026 dollars")  # 1.41332


def test_incomes_of_2015_are_converted_and_named():
    assert (format_estimate(21_013, "usd_2015"), unit_label("usd_2015")) == ("$21,013", "2015 dollars")
    with showing(TODAY):
        assert format_estimate(21_013, "usd_2015") == "$29,698"
        assert format_in_prose(21_013, "usd_2015") == format_income(21_013) == "$29,700"
        assert format_in_prose(8_000, "usd_2015") == "$11,300"  # above 10,000 in the dollars shown
        assert format_change(-1_000, "usd_2015") == "−$1,413"
        assert format_tick(18_000, "usd_2015") == "$25.4k"
        assert unit_label("usd_2015") == "August 2026 dollars" and format_income(None) == format_estimate(None, "rank")
    assert format_estimate(21_013, "usd_2015") == "$21,013" and shown_dollars() == PUBLISHED


@pytest.mark.parametrize(("value", "unit"), [(900.0, "usd_month_2016"), (0.31, "rank"), (0.2, "share"), (50.0, "usd")])
def test_other_units_stay(value, unit):
    before = format_estimate(value, unit), unit_label(unit)
    with showing(TODAY):
        assert (format_estimate(value, unit), unit_label(unit)) == before


def test_what_is_remembered_is_remembered_for_each_of_the_dollars():
    made = []

    @cached_by_dollars(maxsize=8)
    def said(usd: float) -> str:
        made.append(usd)
        return format_income(usd)

    assert said(21_013) == said(21_013) == "$21,000" and len(made) == 1
    with showing(TODAY):
        assert said(21_013) == said(21_013) == "$29,700" and len(made) == 2
    assert said(21_013) == "$21,000" and len(made) == 2
    said.cache_clear()
    assert said(21_013) == "$21,000" and len(made) == 3
