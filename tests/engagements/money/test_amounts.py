"""Amounts, stages and tracts as finance systems write them: what is read, what is refused and in which words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas.formatting.money import format_dollars
from engagements.money.rules.amounts import LARGEST, read_amount
from engagements.money.rules.stages import BY_VALUE, CHOICES, COVERED, STAGES, Stage, read_stage
from engagements.money.rules.tracts import equal_shares, read_tracts, share_problem, shares_of_picked, split, to_cents

READ = {
    "1200.5": "1200.50",
    "$1,200.50": "1200.50",
    "US$ 1,200.50": "1200.50",
    "USD 1 200": "1200.00",
    "1200 USD": "1200.00",
    "1\u00a0200.50": "1200.50",
    "1\u202f200": "1200.00",
    "1,200": "1200.00",
    "(300.00)": "-300.00",
    "($300)": "-300.00",
    "$(300.00)": "-300.00",
    "$ (300)": "-300.00",
    "300.00-": "-300.00",
    "-$300": "-300.00",
    "$-300": "-300.00",
    "−300": "-300.00",
    "300- USD": "-300.00",
    "+300": "300.00",
    ".75": "0.75",
    "0": "0.00",
    "12,345,678.90": "12345678.90",
    "1200.5000": "1200.50",
    "0.500": "0.50",
    "10,000,000,000": "10000000000.00",
    "  7 ": "7.00",
}


@pytest.mark.parametrize(("text", "amount"), READ.items())
def test_amounts_as_finance_systems_write_them(text, amount):
    assert str(read_amount(text)) == amount


@pytest.mark.parametrize(
    ("text", "amount"), [("1.200,50", "1200.50"), ("1 200,5", "1200.50"), ("1.200", "1200.00"), ("(300,00)", "-300.00")]
)
def test_the_decimal_comma_is_read_where_the_mapping_says_so(text, amount):
    assert str(read_amount(text, ",")) == amount


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "There is no amount."),
        ("   ", "There is no amount."),
        ("TBD", "“TBD” is no amount. Leave the row out"),
        ("n/a", "Leave the row out"),
        ("-", "Leave the row out"),
        ("NaN", "a calculation fails"),
        ("inf", "a calculation fails"),
        ("#DIV/0!", "a calculation fails"),
        ("1.2m", "is rounded. Write the full amount"),
        ("$3k", "is rounded"),
        ("1.2 million", "is rounded"),
        ("1.2e6", "a power of ten"),
        ("1.200,50", "decimals follow a point here"),
        ("1,50", "decimals follow a point here"),
        ("1.200", "may be 1,200 or 1.200"),
        ("12.345", "may be 12,345 or 12.345"),
        ("1200.505", "more than two decimals"),
        ("0.001", "more than two decimals"),
        ("10,000,000,000.01", "more than $10 billion"),
        ("9" * 30, "more than $10 billion"),
        ("€300", "not in US dollars"),
        ("300 CAD", "not in US dollars"),
        ("C$300", "not in US dollars"),
        ("(-300)", "negative twice"),
        ("-300-", "negative twice"),
        ("1,20,000", "is no amount"),
        ("1,200 300", "is no amount"),
        ("12 34", "is no amount"),
        ("12/5", "is no amount"),
        ("50%", "is no amount"),
        ("٣٠٠", "is no amount"),
        ("300 CR", "is no amount"),
        ("=SUM(A1:A3)", "is no amount"),
        ("three hundred", "is no amount"),
    ],
)
def test_what_may_mean_something_else_is_refused_in_words(text, words):
    with pytest.raises(ValueError) as refused:
        read_amount(text)
    assert words in str(refused.value)


def test_with_a_decimal_comma_a_point_is_refused_alike():
    with pytest.raises(ValueError, match="decimals follow a comma here"):
        read_amount("1,200.50", ",")
    with pytest.raises(ValueError, match="may be 1,200 or 1.200"):
        read_amount("1,200", ",")


@given(st.decimals(min_value=0, max_value=LARGEST, places=2), st.booleans())
def test_what_a_spreadsheet_shows_of_an_amount_is_read_back(amount, is_back):
    for text in (f"{amount}", f"{amount:,}", f"${amount:,}", f"{amount:,}".replace(",", " ")):
        assert read_amount(f"({text})" if is_back else text) == (-amount if is_back else amount)
    comma = f"{amount:,}".translate(str.maketrans(",.", ".,"))
    assert read_amount(comma, ",") == amount


@given(st.text(max_size=25))
def test_no_text_breaks_it(text):
    for mark in (".", ","):
        try:
            amount = read_amount(text, mark)
        except ValueError as refused:
            assert str(refused).endswith((".", "?"))
        else:
            assert abs(amount) <= LARGEST and amount == amount.quantize(Decimal("0.01"))


def test_dollars_in_words():
    assert [format_dollars(Decimal(each)) for each in ("1200.5", "1200", "-300", "0")] == [
        "$1,200.50",
        "$1,200",
        "−$300",
        "$0",
    ]


# --- Stages -----------------------------------------------------------------------------------


def test_the_five_stages_in_their_order_each_with_one_sentence():
    assert [value for value, _ in CHOICES] == ["committed", "allocated", "obligated", "disbursed", "spent"]
    for meaning in STAGES:
        assert meaning.definition.count(".") == 1 and meaning.definition.endswith(".")
        assert meaning.iati and meaning.federal and meaning.city
    assert set(COVERED) < set(BY_VALUE)


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("spent", "spent"),
        (" Obligated ", "obligated"),
        ("ENCUMBRANCE", "obligated"),
        ("Under contract (obligated)", "obligated"),
        ("Purchase  order", "obligated"),
    ],
)
def test_a_stage_by_its_word_or_by_the_usual_one(text, stage):
    assert read_stage(text) is Stage(stage)


def test_words_that_mean_no_stage_are_refused():
    with pytest.raises(ValueError, match="“Paid” is no stage. Say in the mapping which of committed, allocated"):
        read_stage("Paid")
    with pytest.raises(ValueError, match="There is no stage"):
        read_stage(" ")


# --- Tracts -----------------------------------------------------------------------------------

A, B, C = "26163500100", "26163500200", "26163500300"


def test_tracts_with_shares():
    assert read_tracts(f"{A}:0.5;{B}:0.5") == {A: Decimal("0.5"), B: Decimal("0.5")}
    assert read_tracts(f"{A}: 25% ;\n{B}:75%;") == {A: Decimal("0.25"), B: Decimal("0.75")}
    assert read_tracts(f"{A}:0.333333;{B}:0.333333;{C}:0.333333")
    assert read_tracts(A) == {A: Decimal(1)}
    assert read_tracts(" ") == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{A}:0.5;{B}:0.4", "make 0.9 together, not 1"),
        (f"{A}:1;{B}:0", "above 0"),
        (f"{A}:0.5;{B}", "has no share"),
        (f"{A}:0.5;{A}:0.5", "twice"),
        ("8031001000:1", "a spreadsheet took the leading zero away"),
        ("2616350:1", "has 7 digits"),
        (f"{A}=1", "write a tract and its share"),
        (f"{A}:half", "is no share"),
        (f"{A}:-1", "is no share"),
        (f"{A}:150%", "at most 1"),
    ],
)
def test_tracts_that_are_refused(text, words):
    with pytest.raises(ValueError) as refused:
        read_tracts(text)
    assert words in str(refused.value)


@given(st.integers(1, 300))
def test_equal_shares_make_exactly_one(count):
    shares = equal_shares(str(10_000_000_000 + number) for number in range(count))
    assert sum(shares.values()) == 1 and not share_problem(shares)


@given(
    st.decimals(min_value=-1_000_000, max_value=1_000_000, places=2),
    st.lists(st.decimals(min_value="0.000001", max_value=1, places=6), min_size=1, max_size=40),
)
def test_an_amount_is_split_to_the_cent(amount, shares):
    by_tract = {str(at): share for at, share in enumerate(shares)}
    parts = split(amount, by_tract)
    assert sum(parts.values()) == amount
    for tract, part in parts.items():
        assert abs(part - amount * by_tract[tract] / sum(shares)) < Decimal("0.01")


@given(st.lists(st.decimals(min_value=-9_999, max_value=99_999, places=8), min_size=1, max_size=30))
def test_exact_parts_in_cents_are_together_what_they_are_together(amounts):
    parts = {str(at): amount for at, amount in enumerate(amounts)}
    cents = to_cents(parts)
    assert sum(cents.values()) == sum(amounts).quantize(Decimal("0.01"))
    assert all(abs(cents[name] - part) <= Decimal("0.01") for name, part in parts.items())


def test_the_odd_cent_goes_to_the_largest_remainder_then_by_number():
    assert split(Decimal("0.05"), {B: Decimal("0.5"), A: Decimal("0.5")}) == {B: Decimal("0.02"), A: Decimal("0.03")}
    assert split(Decimal("-10"), equal_shares([A, B, C])) == {
        A: Decimal("-3.34"),
        B: Decimal("-3.33"),
        C: Decimal("-3.33"),
    }


@pytest.mark.parametrize(
    ("picked", "typed", "wanted"),
    [
        ([], {}, {}),
        ([A], {}, {A: "1"}),
        ([A, B, C], {}, {A: "0.333334", B: "0.333333", C: "0.333333"}),
        ([A, B], {A: "75", B: " "}, {A: "0.75", B: "0.25"}),
        ([A, B, C], {A: "50 %"}, {A: "0.5", B: "0.25", C: "0.25"}),
        ([A, B], {A: "33.3333", B: "66.6667"}, {A: "0.333333", B: "0.666667"}),
        ([A, A], {}, {A: "1"}),
    ],
)
def test_shares_beside_ticked_tracts_make_one_and_empty_ones_divide_the_rest(picked, typed, wanted):
    found = shares_of_picked(picked, typed)
    assert found == {name: Decimal(share) for name, share in wanted.items()}
    assert not share_problem(found)


@pytest.mark.parametrize(
    ("picked", "typed", "said"),
    [
        ([A, B], {A: "50", B: "40"}, "make 90% together"),
        ([A, B], {A: "100"}, "make 100% already"),
        ([A, B], {A: "101"}, "above 0, up to 100"),
        ([A], {A: "0"}, "above 0"),
        ([A], {A: "-5"}, "above 0"),
        ([A], {A: "half"}, "write a percent"),
        ([A], {A: "9" * 5_000}, "write a percent"),
        ([str(n) for n in range(501)], {}, "At most 500"),
    ],
)
def test_shares_that_are_none_are_refused_with_a_sentence(picked, typed, said):
    with pytest.raises(ValueError, match=said):
        shares_of_picked(picked, typed)
