"""The locked text: the same plan gives the same bytes, and the text gives back the plan."""

import hashlib
import json
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.pilots.rules.canonical import (
    canonical_json,
    chain_problem,
    fingerprint,
    registration_of,
    write_canonical,
)
from engagements.pilots.rules.plain import PlainRefused
from engagements.pilots.rules.registration import (
    Arm,
    Assumptions,
    Boundary,
    DesignKind,
    Draw,
    Limits,
    Outcome,
    Registration,
    Subgroup,
)
from tests.engagements.pilots.made_registration import MADE, make_registration

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
NUMBER = st.floats(-1e9, 1e9, allow_nan=False)


def build(kind, **given):
    """Any record of this kind; texts that are not given are any text."""
    texts = {one.name: TEXT for one in fields(kind) if one.type is str}
    return st.builds(kind, **(texts | given))


ARM = build(Arm, weight=st.integers(1, 9))
OUTCOME = build(Outcome, window_from=st.none() | st.dates())
REGISTRATION = build(
    Registration,
    arms=st.lists(ARM, max_size=3).map(tuple),
    outcome=OUTCOME,
    smallest_worthwhile=NUMBER,
    draw=build(Draw, block_by=st.lists(TEXT, max_size=2).map(tuple)),
    secondary=st.lists(OUTCOME, max_size=2).map(tuple),
    subgroups=st.lists(build(Subgroup, values=st.just(("a", "b"))), max_size=2).map(tuple),
    looks=st.lists(NUMBER, max_size=3).map(tuple),
    boundary=st.sampled_from(Boundary),
    assumptions=build(Assumptions, people=st.none() | st.integers(0, 10**6), icc=st.none() | NUMBER),
    limits=build(Limits, pre_fit=st.none() | NUMBER),
)


@given(REGISTRATION)
def test_the_text_gives_back_the_plan_and_the_plan_the_text(plan):
    text = canonical_json(plan)
    assert canonical_json(registration_of(text)) == text


def test_a_plan_with_up_to_six_decimals_comes_back_whole():
    plan = make_registration(smallest_worthwhile=4.25, looks=(0.333333, 1.0), design=DesignKind.CLUSTERS)
    assert registration_of(canonical_json(plan)) == plan


def test_the_text_is_json_with_sorted_keys_fixed_decimals_and_no_spaces():
    text = canonical_json(MADE)
    plain = json.loads(text)
    assert list(plain) == sorted(plain)
    assert '"smallest_worthwhile":4.000000,' in text
    assert '"people":4000,' in text
    assert '"window_from":"2027-01-01"' in text
    assert '": ' not in text
    assert "\n" not in text


def test_two_ways_to_write_one_letter_are_one_text():
    composed, apart = "Caf\u00e9", "Cafe\u0301"
    assert composed != apart
    assert canonical_json(make_registration(title=composed)) == canonical_json(make_registration(title=apart))


def test_nothing_is_negative_zero_and_nothing_is_infinite():
    assert write_canonical(-0.0000001) == "0.000000"
    with pytest.raises(ValueError, match="finite"):
        write_canonical(float("inf"))


def test_a_fingerprint_is_sha256_of_the_text_and_of_the_one_before():
    text = canonical_json(MADE)
    first = fingerprint(text)
    assert first == hashlib.sha256(text.encode()).hexdigest()
    assert fingerprint(text, first) == hashlib.sha256(f"{first}\n{text}".encode()).hexdigest()


def test_a_changed_version_is_found():
    plans = [MADE, replace(MADE, smallest_worthwhile=3.0), replace(MADE, ends_on=date(2028, 1, 31))]
    chain, previous = [], ""
    for plan in plans:
        text = canonical_json(plan)
        previous = fingerprint(text, previous)
        chain.append((text, previous))
    assert chain_problem(chain) == ""
    chain[1] = (chain[1][0].replace("3.000000", "9.000000"), chain[1][1])
    assert chain_problem(chain).startswith("Version 2 ")


def test_a_text_locked_before_a_field_was_added_takes_its_default():
    plain = json.loads(canonical_json(MADE))
    del plain["limits"], plain["draw"]
    assert registration_of(json.dumps(plain)) == MADE


def test_what_is_no_registration_says_what_is_wrong():
    with pytest.raises(PlainRefused, match="not JSON"):
        registration_of("{")
    with pytest.raises(PlainRefused, match="“titel” is not a key. Did you mean “title”"):
        registration_of('{"titel": "x"}')
