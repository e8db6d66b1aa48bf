"""What is refused, and that the words are for whoever holds the budget."""

from dataclasses import replace

import numpy as np
import pytest

from engagements.plans.arithmetic import Effect, Interval, Intervention, PlanInput, PlanningRefused, Transport, within
from tests.engagements.plans.arithmetic.worked import MOVES, MTO, OFFER, change, compute

NAN = float("nan")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"takeup": 1.2}, "takeup", "above 1"),
        ({"takeup": 70}, "takeup", "write 0.7"),
        ({"takeup": -0.1}, "takeup", "below 0"),
        ({"takeup": NAN}, "takeup", "needs a number"),
        ({"takeup": "0.7"}, "takeup", "needs a number"),
        ({"takeup": True}, "takeup", "needs a number"),
        ({"offered": -1}, "offered", "below 0"),
        ({"offered": 1e9}, "offered", "extra zeros"),
        ({"offered": float("inf")}, "offered", "needs a number"),
        ({"offered": None}, "offered", "needs a number"),
        ({"name": " "}, "name", "name"),
        ({"people": ""}, "people", "families"),
        ({"key": ""}, "key", "key"),
        ({"cost_usd": -5, "cost_price_year": 2020}, "cost_usd", "below 0"),
        ({"cost_usd": 1e12, "cost_price_year": 2020}, "cost_usd", "extra zeros"),
        ({"cost_usd": 5}, "cost_price_year", "year's prices"),
        ({"cost_usd": 5, "cost_price_year": 1990}, "cost_price_year", "2000 to 2025"),
        ({"cost_usd": 5, "cost_price_year": 2020, "cost_period": "month"}, "duration_months", "how many months"),
        ({"duration_months": 0}, "duration_months", "above 0"),
        ({"cost_basis": "somebody"}, "cost_basis", "each offered"),
        ({"effect": OFFER, "rule": "takeup"}, "rule", "already counted in"),
        ({"rule": "offered"}, "rule", "list"),
        ({"takeup": 0}, "takeup", "nobody takes part"),
        ({"study_takeup": 0.5, "itt_reason": "a"}, "study_takeup", "Only the effect of an offer"),
        ({"study_takeup": 0.5, "itt_reason": "a", "effect": None}, "study_takeup", "Only the effect of an offer"),
        ({"study_takeup": 0.6, "itt_reason": "a", "effect": OFFER}, "study_takeup", "records its take-up, 50.0%"),
        ({"study_takeup": 0.5, "effect": replace(OFFER, study_takeup=None)}, "itt_reason", "Write where"),
        ({"study_takeup": 0, "effect": replace(OFFER, study_takeup=None)}, "study_takeup", "nobody takes part"),
        ({"study_takeup": 40, "effect": replace(OFFER, study_takeup=None)}, "study_takeup", "write 0.4"),
        ({"rule": "takeup_ratio"}, "rule", "must be multiplied by take-up"),
        ({"rule": "twice"}, "rule", "list"),
        ({"rule": "takeup", "effect": None}, "rule", "Choose a study"),
        ({"rule": "takeup", "effect": replace(MTO, estimand="")}, "rule", "cannot be multiplied"),
    ],
)
def test_interventions(changes, field, words):
    _refused(lambda: change(**changes), field, words)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"unit": " "}, "unit", "no unit"),
        ({"outcome": ""}, "outcome", "no outcome"),
        ({"value": NAN}, "effect", "needs a number"),
        ({"key": ""}, "effect", "name of its row"),
        ({"estimand": "ate"}, "estimand", "itt"),
        ({"better": "up"}, "better", "higher or lower"),
        ({"study_takeup": 1.5}, "study_takeup", "above 1"),
        ({"study_takeup": 0}, "study_takeup", "nobody takes part"),
        ({"standard_error": 0}, "se", "not above 0"),
        ({"standard_error": -1}, "se", "not above 0"),
        ({"interval": Interval(5, 4)}, "ci_low", "below its upper end"),
        ({"interval": Interval(-5, 4)}, "ci_low", "outside its own interval"),
        ({"interval": Interval(NAN, 4)}, "ci_low", "needs a number"),
        ({"price_year": 1995}, "effect_price_year", "2000 to 2025"),
    ],
)
def test_effects(changes, field, words):
    _refused(lambda: replace(MTO, **changes), field, words)


def test_a_row_without_a_number_needs_no_unit():
    assert Effect(key="none", value=None, unit="", outcome="").reason


@pytest.mark.parametrize(
    ("arguments", "field", "words"),
    [
        (("range", 0.5, 0.5, None, "a"), "transport_high", "not one value"),
        (("same", 1.0, 1.0, 1.0, "a"), "transport_high", "not one value"),
        (("range", 0.8, 0.2, None, "a"), "transport_high", "swap"),
        (("range", -0.1, 0.2, None, "a"), "transport_low", "from 0"),
        (("range", 0.1, 1.2, None, "a"), "transport_high", "1 (all of it)"),
        (("range", 0.1, NAN, None, "a"), "transport_high", "needs a number"),
        (("range", 0.1, 0.9, None, " "), "transport_reason", "Write why"),
        (("range", 0.1, 0.9, 0.5, "a"), "transport_mode", "most likely"),
        (("triangular", 0.1, 0.9, None, "a"), "transport_mode", "most likely"),
        (("triangular", 0.1, 0.9, 0.95, "a"), "transport_mode", "between"),
        (("same", 0.5, 0.9, 0.9, "a"), "transport_mode", "all of it"),
        (("unknown", 0.1, 0.9, None, "a"), "transport", "goes from 0 to 1"),
        (("surely", 0.1, 0.9, None, "a"), "transport", "from the list"),
    ],
)
def test_what_carries_over_is_never_one_number(arguments, field, words):
    _refused(lambda: Transport(*arguments), field, words)


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"price_year": 1999}, "price_year", "no price index for 1999"),
        ({"price_year": "2020"}, "price_year", "no price index"),
        ({"interventions": (MOVES, MOVES)}, "key", "same key"),
        ({"draws": 10}, "draws", "1,000"),
        ({"groups_are_distinct": True}, "distinct_reason", "Write why"),
    ],
)
def test_plans(changes, field, words):
    _refused(lambda: PlanInput(**{"interventions": (MOVES,), "price_year": 2024, **changes}), field, words)


def test_tracts_targets_by_race_ask_for_the_lawyers():
    assert "lawyers" in compute(MOVES, targets_by_race=True).warnings[0]
    assert not compute(MOVES, targets_by_race=True, legal_review_note="Read on 3 Nov 2026.").warnings


def test_labels_and_explanations_are_sentences():
    transport = within(0.25, 0.75, reason="Same voucher, tighter market.")
    assert "25% to 75%" in transport.explanation and "tighter market" in transport.explanation
    for explained in (transport, Transport()):
        assert explained.label and explained.explanation.endswith(".")


def test_numpy_numbers_are_numbers():
    assert Intervention(key="a", name="a", offered=float(np.float64(3))).offered == 3


def _refused(make, field, words):
    with pytest.raises(PlanningRefused) as caught:
        make()
    assert caught.value.field == field and words in caught.value.sentence, caught.value.sentence
    assert str(caught.value).endswith(".")
