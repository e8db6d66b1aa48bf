"""What no entry may be, the rule of commitments, and sums: against worked numbers and the slow reference."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.money.rules.amounts import LARGEST
from engagements.money.rules.checks import CoverChange, ProposedEntry, check, check_cover, check_reversal
from engagements.money.rules.stages import Stage
from engagements.money.rules.sums import NoPrices, SumEntry, cumulative, quarter, roll_up
from engagements.money.rules.tracts import equal_shares
from tests.reference import ledger as slow

TODAY, START = date(2026, 11, 27), date(2026, 1, 5)
A, B = "26163500100", "26163500200"


def wanted(**more) -> ProposedEntry:
    return ProposedEntry(**{"stage": "spent", "amount": Decimal(100), "occurred_on": TODAY, "price_year": 2026, **more})


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"amount": Decimal(0)}, "amount", "above 0. To take an entry back, reverse it"),
        ({"amount": Decimal(-5)}, "amount", "above 0"),
        ({"amount": Decimal("NaN")}, "amount", "no amount"),
        ({"amount": Decimal("Infinity")}, "amount", "no amount"),
        ({"amount": 100.0}, "amount", "no amount"),
        ({"amount": Decimal("0.001")}, "amount", "two decimals"),
        ({"amount": LARGEST + 1}, "amount", "$10 billion"),
        ({"stage": "paid"}, "stage", "“paid” is no stage"),
        ({"occurred_on": TODAY + timedelta(days=2)}, "occurred_on", "Nov 29, 2026 has not come yet"),
        ({"occurred_on": START - timedelta(days=1)}, "occurred_on", "before the engagement began, Jan 5, 2026"),
        ({"price_year": 1999}, "price_year", "from 2000 to 2027"),
        ({"price_year": 2028}, "price_year", "from 2000 to 2027"),
        ({"tracts": {A: Decimal("0.5")}}, "tracts", "make 0.5 together"),
        ({"tracts": {A: Decimal("NaN")}}, "tracts", "above 0"),
    ],
)
def test_an_entry_that_can_not_be(more, field, words):
    ((found, sentence),) = check(wanted(**more), today=TODAY, starts_on=START)
    assert found == field and words in sentence


def test_an_entry_that_can_be():
    for day in (START, TODAY, TODAY + timedelta(days=1)):
        assert check(wanted(occurred_on=day, tracts=equal_shares([A, B])), today=TODAY, starts_on=START) == ()
    assert check(wanted(occurred_on=date(2019, 1, 1)), today=TODAY, starts_on=None) == ()
    assert check(wanted(amount=Decimal("0.01")), today=TODAY, starts_on=START) == ()
    assert check(wanted(amount=LARGEST), today=TODAY, starts_on=START) == ()


def test_a_reversal_takes_back_the_whole_once():
    fine = {"amount": Decimal(100), "of_amount": Decimal(100), "on": TODAY, "of_on": START}
    assert check_reversal(**fine, is_reversal=False, is_reversed=False) == ()
    for more, words in (
        ({"amount": Decimal(30)}, "the whole $100, not $30"),
        ({"on": START - timedelta(days=1)}, "not before the entry it takes back, Jan 5, 2026"),
        ({"is_reversal": True}, "A reversal is not reversed"),
        ({"is_reversed": True}, "reversed before"),
    ):
        ((_, sentence),) = check_reversal(**{**fine, "is_reversal": False, "is_reversed": False, **more})
        assert words in sentence


# --- Nothing before a commitment, nothing beyond it ---------------------------------------------


def move(day: int, stage: str, amount: int, key=None) -> CoverChange:
    return CoverChange(date(2026, 3, day), stage, Decimal(amount), key)


@pytest.mark.parametrize(
    ("movements", "refused"),
    [
        ([move(1, "committed", 100), move(2, "spent", 100, "a")], {}),
        ([move(2, "committed", 100), move(2, "spent", 100, "a")], {}),  # the same day
        (
            [move(1, "allocated", 100, "a")],
            {"a": "Fund has committed nothing yet. Enter the commitment before what is allocated."},
        ),
        (
            [move(1, "spent", 1, "a")],
            {"a": "Fund has committed nothing yet. Enter the commitment before what is spent."},
        ),
        (
            [move(2, "committed", 100), move(1, "obligated", 5, "a")],
            {"a": "Fund committed nothing before Mar 2, 2026, so nothing of it can be obligated on Mar 1, 2026."},
        ),
        (
            [move(1, "committed", 100), move(2, "spent", 80), move(3, "spent", 40, "a")],
            {"a": "With this there would be $120 of Fund spent by Mar 3, 2026, but $100 committed."},
        ),
        # The same dollar is obligated, disbursed and spent: stages are not added.
        ([move(1, "committed", 100), *(move(2, s, 100, s) for s in ("obligated", "disbursed", "spent"))], {}),
        # Booked later for an earlier day, it takes room from what is there already.
        (
            [move(1, "committed", 100), move(9, "spent", 80), move(5, "spent", 30, "a")],
            {"a": "With this there would be $110 of Fund spent by Mar 9, 2026, but $100 committed."},
        ),
        ([move(1, "committed", 100), move(2, "spent", 100), move(3, "spent", -60), move(3, "spent", 50, "a")], {}),
        (
            [move(1, "committed", 100), move(2, "spent", 60), move(3, "committed", -100, "a")],
            {
                "a": "Without this commitment there would be $60 of Fund spent by Mar 3, 2026, but $0 committed. "
                "Reverse what is spent first."
            },
        ),
        # Of several new ones the last that doesn't fit is named, the others stay.
        (
            [
                move(1, "committed", 100),
                move(2, "spent", 70, "a"),
                move(3, "spent", 70, "b"),
                move(4, "spent", 30, "c"),
            ],
            {"b": "With this there would be $140 of Fund spent by Mar 3, 2026, but $100 committed."},
        ),
        # What was wrong before stays nobody's fault.
        ([move(1, "spent", 10), move(2, "committed", 5), move(3, "obligated", 5, "a")], {}),
    ],
)
def test_the_rule_of_commitments(movements, refused):
    assert {key: sentence for key, (_, sentence) in check_cover(movements, "Fund").items()} == refused


a_movement = st.builds(
    lambda day, stage, amount, is_new, at: (date(2026, 3, 1) + timedelta(days=day), stage, Decimal(amount), is_new),
    st.integers(0, 12),
    st.sampled_from(["committed", "allocated", "obligated", "disbursed", "spent"]),
    st.integers(-60, 100).filter(bool),
    st.booleans(),
    st.none(),
)


@given(st.lists(a_movement, max_size=25))
def test_what_is_let_in_leaves_no_day_uncovered_and_nothing_is_refused_without_need(drawn):
    old = [CoverChange(day, stage, amount) for day, stage, amount, is_new in drawn if not is_new]
    if slow.uncovered(old):
        old = []
    new = [CoverChange(day, stage, amount, at) for at, (day, stage, amount, is_new) in enumerate(drawn) if is_new]
    refused = check_cover(old + new, "Fund")
    assert slow.uncovered(old + [m for m in new if m.key not in refused]) == []
    if refused:
        assert slow.uncovered(old + new)


# --- Sums ---------------------------------------------------------------------------------------


def entry(key, stage="spent", amount="100", on=TODAY, **more) -> SumEntry:
    return SumEntry(key, stage, Decimal(amount), on, more.pop("price_year", on.year), **more)


def test_worked_sums():
    march, may = date(2026, 3, 31), date(2026, 5, 1)
    entries = [
        entry(1, "committed", "1000", march, funder="Fund"),
        entry(2, "spent", "100.01", march, funder="Fund", tracts={A: Decimal("0.5"), B: Decimal("0.5")}),
        entry(3, "spent", "40", may, funder="Other", plan=7),
        entry(4, "spent", "40", may, funder="Other", plan=7, reverses=3),
    ]
    assert roll_up(entries, ("stage",)) == {("committed",): Decimal(1000), ("spent",): Decimal("100.01")}
    assert roll_up(entries, ("stage", "plan"))[("spent", 7)] == 0
    assert roll_up(entries, ("quarter", "stage"))[((2026, 1), "spent")] == Decimal("100.01")
    by_tract = roll_up([each for each in entries if each.stage == "spent"], ("tract",))
    assert by_tract == {(A,): Decimal("50.01"), (B,): Decimal("50.00"), (None,): Decimal(0)}


def test_prices_of_one_year_or_a_reason_why_not():
    entries = [entry(1, amount="100", price_year=2024), entry(2, amount="100", price_year=2026)]
    prices = {2024: Decimal(100), 2026: Decimal(110)}
    assert roll_up(entries, ("stage",), prices=prices, year=2026) == {("spent",): Decimal(210)}
    assert roll_up(entries, ("price_year",)) == {(2024,): Decimal(100), (2026,): Decimal(100)}
    with pytest.raises(NoPrices, match="no price index for 2025"):
        roll_up([entry(1, price_year=2025)], ("stage",), prices=prices, year=2026)
    with pytest.raises(NoPrices, match="Say the year"):
        roll_up(entries, ("stage",), prices=prices)


def test_running_totals_have_every_quarter():
    spent = {(2025, 4): Decimal(5), (2026, 2): Decimal(-2)}
    assert cumulative(spent) == [((2025, 4), 5), ((2026, 1), 5), ((2026, 2), 3)]
    assert cumulative({}) == []
    assert [quarter(date(2026, month, 1))[1] for month in range(1, 13)] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]


amounts = st.decimals(min_value="0.01", max_value=10**6, places=2)


@st.composite
def ledgers(draw):
    """Entries of three funders and plans, some taken back, some placed in tracts."""
    found = []
    for key in range(draw(st.integers(0, 25))):
        on = date(2025, 1, 1) + timedelta(days=draw(st.integers(0, 700)))
        shares = equal_shares(draw(st.lists(st.sampled_from([A, B, "26163500300"]), max_size=3)))
        found.append(
            SumEntry(
                key,
                draw(st.sampled_from(list(Stage))),
                draw(amounts),
                on,
                on.year,
                funder=draw(st.sampled_from("xyz")),
                plan=draw(st.sampled_from([None, 1, 2])),
                tracts=shares,
            )
        )
    for each in list(found):
        if draw(st.booleans()):
            later = each.occurred_on + timedelta(days=draw(st.integers(0, 200)))
            found.append(
                SumEntry(
                    len(found),
                    each.stage,
                    each.amount,
                    later,
                    each.price_year,
                    each.funder,
                    each.plan,
                    reverses=each.key,
                    tracts=each.tracts,
                )
            )
    return draw(st.permutations(found))


@given(ledgers())
def test_sums_are_those_of_the_slow_reference(entries):
    for name in ("stage", "funder", "plan", "price_year"):
        for (value,), amount in roll_up(entries, (name,)).items():
            assert amount * 100 == slow.total_cents(entries, **{name: value})
    for (stage, when), amount in roll_up(entries, ("stage", "quarter")).items():
        assert amount * 100 == slow.total_cents(entries, stage=stage, quarter=when)
    everything = roll_up(entries, ())
    by_tract = roll_up(entries, ("tract",))
    assert sum(by_tract.values()) == everything.get((), 0)
    for (tract,), amount in by_tract.items():
        # Each entry's odd cents may go either way, by less than one cent a tract.
        assert abs(amount * 100 - Decimal(float(slow.tract_cents(entries, tract)))) < max(1, len(entries))


@given(ledgers())
def test_an_entry_and_its_reversal_leave_nothing_of_either(entries):
    taken_back = {each.reverses for each in entries if each.reverses is not None}
    left = [each for each in entries if each.reverses is None and each.key not in taken_back]
    by = ("stage", "funder", "plan", "tract")
    nets = {key: amount for key, amount in roll_up(entries, by).items() if amount}
    assert nets == {key: amount for key, amount in roll_up(left, by).items() if amount}
