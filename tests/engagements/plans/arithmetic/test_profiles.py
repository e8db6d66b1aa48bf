"""Mean earnings by age as people paste them, and what is said of a table that cannot be used."""

import pytest

from engagements.plans.arithmetic.profiles import check_profile, parse_profile, write_profile


def test_two_columns_of_a_table_are_read_with_signs_commas_tabs_and_a_first_line_of_names():
    wanted = [[33, 46_000.0], [34, 48_000.5]]
    for pasted in (
        "33, 46000\n34, 48000.50",
        "Age,Earnings\r\n33,$46,000\r\n\r\n34,$48,000.50",
        "33\t46000\n34\t48,000.5",
        "33; 46000\n34; 48000.5",
    ):
        assert parse_profile(pasted) == (wanted, []), pasted
    assert parse_profile(write_profile(wanted)) == (wanted, [])


@pytest.mark.parametrize(
    ("pasted", "match"),
    [
        ("34", "Line 1: “34” is not an age and an amount"),
        ("old, 5", "Line 1: “old” is not an age"),
        ("34.5, 5", "Line 1: “34.5” is not an age in whole years"),
        ("34, much", "Line 1: “much” is not an amount"),
        ("33, 5\n34, -5", "Line 2: average earnings at 34 are more than $0"),
        ("34, 0", "Line 1: average earnings at 34 are more than $0"),
        ("34, 99999999", "at most $10,000,000"),
        ("17, 5", "Line 1: age 17 is outside 18 to 70"),
        ("70, 5\n71, 5", "Line 2: age 71 is outside"),
        ("33, 5\n35, 5", "Line 2: age 35 follows 33"),
        ("34, 5\n34, 6", "Line 2: age 34 follows 34"),
        ("40, 5\n41, 5", "Age 34 is missing"),
    ],
)
def test_what_is_wrong_is_said_line_by_line(pasted, match):
    assert match in " ".join(parse_profile(pasted)[1])


def test_a_whole_wrong_table_says_five_lines_and_how_many_more():
    problems = parse_profile("\n".join(["much, more"] * 40))[1]
    assert len(problems) == 6 and problems[-1] == "And 35 more of this kind."


@pytest.mark.parametrize("sent", [{}, [34, 5], [[34]], [[34, "5"]], [[34, True]], [[34.5, 5]], [[33, 5], [35, 5]], []])
def test_what_a_program_sends_is_checked_by_the_same_rules(sent):
    assert check_profile(sent)
    assert check_profile([[33, 46_000.0], [34, 48_000]]) == []
