"""The file that describes a pilot: read, written, and every mistake named."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagements.pilots.rules.plain import PlainRefused
from engagements.pilots.rules.power.drawn import DrawnCluster
from engagements.pilots.rules.registration import DesignKind, Estimator, Subgroup
from engagements.pilots.rules.spec import MAX_BYTES, SpecFacts, read_spec, write_spec
from tests.engagements.pilots.made_registration import EARNINGS, MADE, make_registration

FACTS = SpecFacts(
    locked_at=datetime(2026, 9, 15, 16, tzinfo=UTC),
    first_data_at=datetime(2028, 1, 10, tzinfo=UTC),
    analyzed_on=date(2028, 2, 1),
    drawn={"usual": 2000.0, "coaching": 2000.0},
    clusters=(DrawnCluster("usual", 50.0), DrawnCluster("coaching", 60.0, "north")),
)
WHOLE = write_spec(MADE, FACTS)


def problems_of(text):
    with pytest.raises(PlainRefused) as refused:
        read_spec(text.encode())
    return dict(refused.value.problems)


def test_what_is_written_is_read_back():
    plan = make_registration(
        secondary=(EARNINGS,),
        subgroups=(Subgroup("sex", ("f", "m"), "Men take part less often."),),
        looks=(0.5, 1.0),
        title='A "letter" with \\ and \n a line',
    )
    spec = read_spec(write_spec(plan, FACTS).encode())
    assert spec.registration == plan
    assert spec.facts == FACTS


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_any_text_survives(text):
    assert read_spec(write_spec(make_registration(question=text), FACTS).encode()).registration.question == text


def test_facts_say_whether_it_was_registered_before_data():
    facts = read_spec(WHOLE.encode()).facts_on(date(2030, 1, 1))
    assert facts.is_registered_before
    assert facts.today == date(2028, 2, 1)
    assert facts.drawn["coaching"] == 2000


def test_a_window_that_a_wording_before_opened_earlier_counts():
    late = replace(FACTS, locked_at=datetime(2027, 1, 5, tzinfo=UTC))
    plan = make_registration(outcome={"window_from": date(2027, 2, 1)})
    opened = replace(late, outcomes_from=date(2027, 1, 1))
    read = [read_spec(write_spec(plan, one).encode()).facts_on(date(2030, 1, 1)) for one in (late, opened)]
    assert [one.is_registered_before for one in read] == [True, False]


@pytest.mark.parametrize("gone", ["locked_at", "first_data_at"])
def test_without_both_moments_nothing_was_registered_before_data(gone):
    text = "\n".join(line for line in WHOLE.splitlines() if not line.startswith(gone))
    facts = read_spec(text.encode()).facts_on(date(2030, 1, 1))
    assert not facts.is_registered_before
    assert "does not say both" in facts.registered_why


def test_the_day_of_reading_counts_where_the_file_says_none():
    text = "\n".join(line for line in WHOLE.splitlines() if not line.startswith("analyzed_on"))
    assert read_spec(text.encode()).facts_on(date(2030, 1, 1)).today == date(2030, 1, 1)


@pytest.mark.parametrize(
    ("where", "old", "new", "said"),
    [
        ("desing", "design =", "desing =", "“desing” is not a key. Did you mean “design”?"),
        ("outcome.unitt", '\nunit = "percentage', '\nunitt = "percentage', "Did you mean “outcome.unit”?"),
        ("fact", "[facts]", "[fact]", "“fact” is not a key. Did you mean “facts”?"),
        ("facts.loked_at", "locked_at", "loked_at", "Did you mean “facts.locked_at”?"),
        ("facts.drawn", "coaching = 2000", "coching = 2000", "Did you mean “facts.drawn.coaching”?"),
        ("facts.drawn.coaching", "coaching = 2000.0", "coaching = '2000'", "must be a number"),
        ("facts.drawn", "coaching = 2000.0", "", "lacks “coaching”. Say how many were drawn into every arm"),
        ("facts.drawn.coaching", "coaching = 2000.0", "coaching = 0", "must be a whole number above 0"),
        ("facts.drawn.coaching", "coaching = 2000.0", "coaching = 0.5", "must be a whole number above 0"),
        ("facts.locked_at", "T16:00:00+00:00", "", "must be a time with its zone"),
        ("smallest_worthwhile", "smallest_worthwhile = 4.0", "smallest_worthwhile = 1e400", "must be a number"),
        ("smallest_worthwhile", "smallest_worthwhile = 4.0", f"smallest_worthwhile = 1{'0' * 400}", "must be a number"),
        ("", "title =", "title ", "The spec is not TOML: "),
        ("", "title =", "title = [" + "[" * 5000, "The spec "),
        ("design", 'design = "people"', "", "“design” is missing."),
    ],
)
def test_each_mistake_is_named(where, old, new, said):
    assert old in WHOLE
    assert said in problems_of(WHOLE.replace(old, new, 1))[where]


def test_phased_starts_have_no_arms_whose_sizes_are_compared():
    """The draw gives every group the arm with the program, and the bundle says so."""
    phased = make_registration(design=DesignKind.PHASED, estimator=Estimator.PHASED, starts_in=("2027-01", "2027-03"))
    facts = SpecFacts(drawn={"coaching": 9.0})
    assert read_spec(write_spec(phased, facts).encode()).facts.drawn == {"coaching": 9.0}


def test_all_mistakes_are_named_at_once():
    text = WHOLE.replace("design =", "desing =").replace("locked_at", "loked_at")
    assert {"desing", "design", "facts.loked_at"} <= set(problems_of(text))


def test_another_encoding_and_endless_files_are_refused():
    with pytest.raises(PlainRefused, match="not UTF-8"):
        read_spec(b"title = '\xff'")
    with pytest.raises(PlainRefused, match="more than 500 kB"):
        read_spec(b"#" * (MAX_BYTES + 1))


def test_a_byte_order_mark_is_no_mistake():
    assert read_spec(b"\xef\xbb\xbf" + WHOLE.encode()).registration == MADE
