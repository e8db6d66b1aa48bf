"""Plain values into records: every problem is named with its place."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest

from engagements.pilots.rules.plain import PlainRefused, from_plain, nearest, to_plain
from engagements.pilots.rules.registration import Registration
from tests.engagements.pilots.made_registration import MADE


@dataclass(frozen=True)
class Looked:
    at: datetime | None = None
    is_over: bool = False


def problems_of(kind, plain):
    with pytest.raises(PlainRefused) as refused:
        from_plain(kind, plain)
    return dict(refused.value.problems)


def changed(**changes):
    return {**to_plain(MADE), **changes}


def test_a_record_comes_back_from_its_plain_values():
    assert from_plain(Registration, to_plain(MADE)) == MADE


@pytest.mark.parametrize(
    ("where", "plain", "said"),
    [
        ("outcom", changed(outcom={}), "“outcom” is not a key. Did you mean “outcome”?"),
        ("design", changed(design="persons"), "“design” must be one of: people, pairs, "),
        ("smallest_worthwhile", changed(smallest_worthwhile="4"), "must be a number"),
        ("smallest_worthwhile", changed(smallest_worthwhile=True), "must be a number"),
        ("smallest_worthwhile", changed(smallest_worthwhile=float("nan")), "must be a number"),
        ("title", changed(title=7), "“title” must be a text"),
        ("title", changed(title="a\ud800"), "has a character that no text may have"),
        ("question", changed(question="a\0"), "has a character that no text may have"),
        ("cities", changed(cities="tulsa"), "“cities” must be a list."),
        ("ends_on", changed(ends_on="2027-02-30"), "must be a date such as"),
        (
            "arms.1.weight",
            changed(arms=[*to_plain(MADE)["arms"][:1], {"key": "b", "name": "", "gets": "", "weight": 1.5}]),
            "must be a whole number",
        ),
        ("limits", changed(limits=3), "“limits” must be a table"),
        ("outcome.key", changed(outcome={"name": "x", "kind": "share", "unit": "x"}), "“outcome.key” is missing."),
        ("zzzz", changed(zzzz=1), "“zzzz” is not a key. Known here: title, "),
    ],
)
def test_each_problem_says_where_and_what(where, plain, said):
    assert said in problems_of(Registration, plain)[where]


def test_all_problems_are_said_at_once():
    assert {"title", "cities", "ends_on"} <= set(problems_of(Registration, changed(title=1, cities=2, ends_on="soon")))


def test_times_need_a_zone_and_dates_are_no_times():
    assert from_plain(Looked, {"at": "2026-09-15T12:00:00Z"}).at.hour == 12
    assert "with its zone" in problems_of(Looked, {"at": datetime(2026, 9, 15, 12)})["at"]
    assert "with its zone" in problems_of(Looked, {"at": date(2026, 9, 15)})["at"]
    assert "true or false" in problems_of(Looked, {"is_over": 1})["is_over"]


def test_a_key_of_a_stranger_cannot_break_a_message():
    (sentence,) = problems_of(Looked, {"\x1b[31m" + "a" * 500: 1}).values()
    assert "\x1b" not in sentence
    assert len(sentence) < 200


def test_the_nearest_name_is_found_without_regard_to_case_and_strokes():
    assert nearest("Smallest-Worthwile", ["smallest_worthwhile", "title"]) == "smallest_worthwhile"
    assert nearest("xyz", ["smallest_worthwhile", "title"]) == ""
