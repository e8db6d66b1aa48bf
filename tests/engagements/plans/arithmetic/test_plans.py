"""Whole plans: every input gives a full answer or a sentence, the answer goes into JSON, the example holds."""

import doctest
import json
from dataclasses import asdict, fields
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engagements.plans.arithmetic as planning
from atlas.formatting.counts import format_people, format_to_digits
from atlas.formatting.money import format_dollars_to_digits
from atlas.formatting.rounding import round_to_digits
from atlas.formatting.shares import format_per_hundred
from engagements.plans.arithmetic import (
    Effect,
    Intervention,
    PlanInput,
    PlanningRefused,
    Quantity,
    compute_plan,
    format_range,
)
from engagements.plans.arithmetic.prose import format_amount, quote_amount
from engagements.plans.arithmetic.quantities import RANGE_NOT_AVAILABLE, certain
from tests.engagements.plans.arithmetic.test_lifetime import PLAN as LIFETIME
from tests.engagements.plans.arithmetic.test_targets import SURE
from tests.engagements.plans.arithmetic.worked import MOVES, change, compute, one
from tests.properties import examples

numbers = st.one_of(st.none(), st.floats(), st.integers(-10, 10**8), st.decimals(0, 2, places=2), st.just("n/k"))
effects = st.fixed_dictionaries(
    {
        "key": st.sampled_from(["a", "b"]),
        "value": st.one_of(st.none(), st.floats(-1e4, 1e4), numbers),
        "unit": st.sampled_from(["", "dollars", "percentage points", "SD", "percent", "visits per 100 people"]),
        "outcome": st.sampled_from(["", "earnings", "arrests"]),
        "estimand": st.sampled_from(["tot", "itt", ""]),
        "standard_error": st.one_of(st.none(), st.floats(0.1, 1e3), numbers),
        "study_takeup": st.one_of(st.none(), st.floats(0.1, 1)),
        "better": st.sampled_from(["higher", "lower"]),
        "population": st.sampled_from(["", "adults"]),
        "is_verified": st.booleans(),
        "price_year": st.sampled_from([None, 2015, 1990]),
    }
)
rows = st.fixed_dictionaries(
    {
        "offered": st.one_of(st.integers(0, 500), numbers),
        "takeup": st.one_of(st.none(), st.floats(0, 1), numbers),
        "rule": st.sampled_from(["", "", "", "takeup", "offered", "takeup_ratio"]),
        "itt_reason": st.sampled_from(["", "Same offer."]),
        "cost_usd": st.one_of(st.none(), st.floats(0, 1e4), numbers),
        "cost_price_year": st.sampled_from([None, 2006, 2019]),
        "cost_basis": st.sampled_from(["offered", "reached"]),
    }
)


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(st.tuples(rows, effects), max_size=3), st.booleans())
def test_every_plan_is_answered_in_full_or_refused_in_a_sentence(inputs, distinct):
    try:
        interventions = tuple(
            Intervention(key=str(at), name=f"part {at}", effect=Effect(**effect), **row)
            for at, (row, effect) in enumerate(inputs)
        )
        plan = PlanInput(interventions, 2024, 1000, groups_are_distinct=distinct, distinct_reason="Schools.")
    except PlanningRefused as refused:
        assert refused.field and refused.sentence.endswith(".")
        return
    result = compute_plan(plan)
    assert json.dumps(asdict(result), allow_nan=False)
    for row in result.rows:
        assert row.claims and row.does_not_claim and all(s.endswith(".") for s in row.claims + row.does_not_claim)
        for quantity in (row.offered, row.reached, row.effect, row.gain, row.cost, row.cost_per_unit):
            assert quantity.reason or (quantity.has_range and quantity.value is not None)
            assert not quantity.has_range or quantity.low <= quantity.high


def test_all_parts_go_into_json():
    result = compute(change(moves_children=True, lifetime=LIFETIME), targets=SURE)
    record = json.loads(json.dumps(asdict(result), allow_nan=False))
    assert record["rows"][0]["gain"]["value"] == 243_390 and record["price_source"].startswith("US Bureau of Labor")
    assert record["targets"]["sentences"] and record["rows"][0]["lifetime"]["assumptions"]


def test_the_example_of_the_package():
    found = doctest.testmod(planning, optionflags=doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL)
    assert found.attempted > 5 and not found.failed


def test_numbers_of_forms_and_tables_are_taken():
    rows = [
        change(offered=Decimal("200"), takeup=Decimal("0.7"), cost_usd=Decimal("2500.00"), cost_price_year=2006),
        change(offered=np.int64(200), takeup=np.float32(0.5), cost_usd=2500, cost_price_year=2006),
    ]
    assert one(rows[0]).gain == one().gain and one(rows[1]).reached.value == 100
    assert all(type(getattr(rows[1], f.name)) is float for f in fields(rows[1]) if f.name in ("offered", "takeup"))


def test_words_of_the_worked_plan():
    row = one(change(cost_usd=2500, cost_price_year=2006))
    said = " ".join(row.claims)
    assert row.claims[0] == "200 children are offered “help with moving”; about 140 take part (70 in 100)."
    assert "for those who take part together: $240,000 per year; 95% range $6,100 to $660,000" in said
    assert (
        "found $3,477 per year for one person, standard error $1,418. This is the effect on those who took part."
        in said
    )
    assert "Cost: $544,599 (2024 prices)." in row.claims
    assert any(
        s.startswith("Cost of one dollar per year more in adult earnings: $2.20; 95% range $0.8") for s in row.claims
    )
    assert "made elsewhere" in compute(MOVES).does_not_claim[0]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (format_to_digits(-0.04567), "−0.0457"),
        (format_to_digits(0), "0"),
        (format_to_digits(140.0), "140"),
        (format_dollars_to_digits(1_234_567), "$1.23 million"),
        (format_dollars_to_digits(12_000_000_000), "$12,000 million"),
        (format_dollars_to_digits(-5), "−$5"),
        (format_dollars_to_digits(91.14, 2), "$91"),
        (format_dollars_to_digits(0.0012), "$0.0012"),
        (format_amount(certain(3, "families", "planned")), "3 families"),
        (format_amount(certain(69.4, "families", "planned")), "69 families"),
        (format_amount(certain(0.3, "families", "planned")), "fewer than 1 families"),
        (format_amount(certain(544_598.02, "dollars (2024 prices)", "planned")), "$544,598 (2024 prices)"),
        (format_amount(certain(4.5, "dollars", "planned")), "$4.50"),
        (format_range(Quantity(194_500, "dollars", reason=RANGE_NOT_AVAILABLE)), f"$190,000 ({RANGE_NOT_AVAILABLE})"),
        (format_range(Quantity(194_500, "dollars", -6_123, 661_234, 1, 10)), "$190,000; 95% range −$6,100 to $660,000"),
        (format_range(Quantity(None, "dollars", 12.34, None, None, 10, "no end")), "at least $12, no end"),
        (quote_amount(3477, "dollars per year", 6), "$3,477 per year"),
        (format_people(0.3), "fewer than 1"),
        (format_per_hundred(0.004), "fewer than 1 in 100"),
        (format_range(Quantity(5.0, "visits", reason="planned")), "5 visits (planned)"),
        (format_range(Quantity(None, "visits", reason="not known")), "not known"),
        (format_range(Quantity(None, "dollars", low=500.0, reason="no upper bound")), "at least $500, no upper bound"),
    ],
)
def test_words(said, words):
    assert said == words


def test_a_quantity_without_a_range_or_a_reason_is_an_error():
    with pytest.raises(ValueError, match="says why"):
        Quantity(1.0, "people")


def test_rounding_keeps_the_sign_and_the_size():
    assert [round_to_digits(x) for x in (243_390, -0.0045678, 0, 999.6)] == [243_000, -0.00457, 0, 1000]
