"""The seed of a public draw: one spelling whatever is typed, and its day after the lock."""

from dataclasses import replace
from datetime import date

import pytest

from engagements.pilots.rules.drawing.allocate import allocate
from engagements.pilots.rules.drawing.public_seed import public_seed, seed_day_problem, seed_problem
from engagements.pilots.rules.drawing.units import DrawRefused, DrawUnit
from engagements.pilots.rules.drawing.verify import draw_problem
from engagements.pilots.rules.registration import Draw
from tests.engagements.pilots.made_registration import make_registration

POWERBALL = Draw(seed_from="Powerball", seed_on=date(2026, 12, 2), seed_numbers=6)
SEED = "Powerball, 2026-12-02: 7 9 14 23 40 61"


@pytest.mark.parametrize(
    "typed",
    ["7 14 23 40 61 9", "7-14-23-40-61, Powerball 9", "07,14,23,40,61,09", " 61 40 23 14 9 7 ", "7\n14/23 40;61 (9)"],
)
def test_however_it_is_typed_the_seed_is_one(typed):
    assert public_seed(POWERBALL, typed) == SEED


@pytest.mark.parametrize("typed", ["", "714 23 40 61 9", "7 14 23 40 61", "7 14 23 40 61 9 2", "７ 14 23 40 61 9"])
def test_another_number_of_values_is_refused(typed):
    with pytest.raises(DrawRefused, match="has 6 numbers"):
        public_seed(POWERBALL, typed)


def test_zero_is_a_number_and_long_ones_are_none():
    assert public_seed(replace(POWERBALL, seed_numbers=5), "00 0 3 10 2") == "Powerball, 2026-12-02: 0 0 2 3 10"
    with pytest.raises(DrawRefused, match="more than 9 digits"):
        public_seed(POWERBALL, "1234567890 1 2 3 4 5")


@pytest.mark.parametrize(("locked_on", "is_refused"), [(1, False), (2, True), (3, True)])
def test_the_day_of_the_draw_is_after_the_lock(locked_on, is_refused):
    problem = seed_day_problem(POWERBALL, date(2026, 12, locked_on))
    assert ("later day" in problem) == is_refused
    assert seed_day_problem(Draw(), date(2026, 12, 3)) == ""
    assert "does not give the day" in seed_day_problem(Draw(seed_from="Powerball"), date(2026, 12, 1))


def test_a_seed_of_another_spelling_is_not_that_of_the_registered_draw():
    assert seed_problem(POWERBALL, SEED) == ""
    for other in (
        "Powerball, 2026-12-02: 7 14 23 40 61 9",
        "Powerball, 2026-12-02: 07 9 14 23 40 61",
        "Powerball, 2026-12-05: 7 9 14 23 40 61",
        "powerball, 2026-12-02: 7 9 14 23 40 61",
        "7 9 14 23 40 61",
        "7",
    ):
        assert "not that of the registered" in seed_problem(POWERBALL, other), other


def test_whoever_checks_a_draw_finds_a_seed_of_another_spelling():
    units = [DrawUnit(f"{n:04x}", "tulsa") for n in range(10)]
    plan = make_registration(draw=vars(POWERBALL))

    def checked(registration, seed):
        drawn = allocate(registration, units, seed)
        said = {"said_list": drawn.list_sha256, "said_result": drawn.result_sha256}
        return draw_problem(registration, units, seed, drawn.arms, **said)

    assert checked(plan, SEED) == ""
    assert "not that of the registered" in checked(plan, "Powerball, 2026-12-02: 7-14")


def test_a_draw_of_before_days_were_registered_still_verifies():
    units = [DrawUnit(f"{n:04x}", "tulsa") for n in range(10)]
    plan = make_registration(draw=vars(Draw(seed_from="Powerball of December 2, 2026")))
    seed = "Powerball of December 2, 2026, 2026-12-02: 7 14"
    drawn = allocate(plan, units, seed)
    said = {"said_list": drawn.list_sha256, "said_result": drawn.result_sha256}
    assert draw_problem(plan, units, seed, drawn.arms, **said) == ""
