"""What a new initiative must be, case by case."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engagements.initiatives.rules import (
    InitiativeFields,
    find_city_problem,
    find_funder_problem,
    find_problems,
    read_dollars,
    split_funders,
)

TODAY = date(2026, 11, 30)
GOOD = InitiativeFields(
    name="Mobility Next",
    source="A press release, November 2026",
    starts_on=date(2027, 1, 4),
    ends_on=date(2028, 6, 30),
    pledge=Decimal(12_000_000),
    pledge_on=date(2026, 11, 2),
    pledge_source="A press release, November 2026",
)


def test_a_good_one_has_no_problem():
    assert find_problems(GOOD, today=TODAY) == {}
    without = replace(GOOD, pledge=None, pledge_on=None, pledge_source="", ends_on=None)
    assert find_problems(without, today=TODAY) == {}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"source": ""}, "source"),
        ({"ends_on": date(2027, 1, 3)}, "ends_on"),
        ({"starts_on": date(2206, 1, 1), "ends_on": None}, "starts_on"),
        ({"pledge": Decimal(0)}, "pledge"),
        ({"pledge": Decimal(10_000_000_001)}, "pledge"),
        ({"pledge": None}, "pledge"),
        ({"pledge_on": None}, "pledge_on"),
        ({"pledge_on": date(2026, 12, 1)}, "pledge_on"),
        ({"starts_on": None, "ends_on": date(2026, 11, 1)}, "pledge_on"),
        ({"pledge_source": " "}, "pledge_source"),
    ],
)
def test_each_slip_is_said_at_its_field(changed, field):
    assert list(find_problems(replace(GOOD, **changed), today=TODAY)) == [field]


@pytest.mark.parametrize(
    ("places", "is_wrong"),
    [((), True), (("2622000",), False), (("2622000",) * 2, True), (tuple(map(str, range(61))), True)],
)
def test_cities_are_some_and_each_once(places, is_wrong):
    assert bool(find_city_problem(places)) is is_wrong


def test_funders_are_parted_by_lines_and_semicolons_not_by_commas():
    assert split_funders(" Ballmer  Group\nGates Foundation, Seattle;Ballmer Group\n\n") == (
        "Ballmer Group",
        "Gates Foundation, Seattle",
    )
    assert find_funder_problem(["x" * 151]) and find_funder_problem(["x"] * 21) and not find_funder_problem(["x"])


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12 million", "12000000.00"),
        ("$12,000,000", "12000000.00"),
        ("12000000.5", "12000000.50"),
        ("1.25m", "1250000.00"),
        ("$ 3 Billion", "3000000000.00"),
        ("150k", "150000.00"),
    ],
)
def test_amounts_as_people_write_them(text, amount):
    assert read_dollars(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", "twelve", "-5", "12,00", "1.234567", "5 dozen", "1e9", "NaN", "12 million dollars"]
)
def test_what_is_no_amount(text):
    with pytest.raises(ValueError, match=r"amount|cent"):
        read_dollars(text)
