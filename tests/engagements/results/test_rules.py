"""Rules of results against worked cases: what is refused where, what an interval says, when a reply is due."""

from dataclasses import replace
from datetime import date

import pytest

from engagements.results.actions.replies import is_federal_holiday
from engagements.results.presenters import reported_when
from engagements.results.records import Arm, ProjectFields, ResultFields, SearchFields, Source, from_content, to_content
from engagements.results.rules.checks import first_day, is_https, latest_day, validate
from engagements.results.rules.projects import validate_project, validate_search
from engagements.results.rules.replies import is_settled, reply_due, reply_words, validate_answer
from engagements.results.rules.sentences import absence_sentence, public_sentence, size_words, state_of
from engagements.verdicts import REPORTED, VERDICTS, Reported, Verdict, reported_state

GOOD = ResultFields(
    finding="that 5 more in 100 had a job",
    outcome="Employed after a year",
    tried="Coaching",
    design="randomized",
    project=1,
    sources=(Source("The report", url="https://example.org/report"),),
    effect=5.0,
    unit="in 100",
    low=1.0,
    high=9.0,
    level=95.0,
    arms=(Arm("Coached", 100, 55.0, "in 100"), Arm("Not coached", 100, 50.0, "in 100")),
    participants=200,
    measured_from=date(2026, 2, 1),
    reported_on=date(2026, 6, 1),
    cost_usd=1200.5,
    cost_price_year=2026,
    cost_unit="a person",
)
_UNSIZED = {"effect": None, "low": None, "high": None, "level": None}
BEGAN, TODAY = date(2026, 1, 1), date(2026, 11, 30)


def problems(**changes) -> dict[str, str]:
    return dict(validate(replace(GOOD, **changes), begins_on=BEGAN, today=TODAY))


def test_a_good_result_is_kept_and_comes_back_from_its_publication():
    assert problems() == {} and from_content(to_content(GOOD)) == GOOD


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sources": ()}, "sources"),
        ({"sources": (Source("", url="https://example.org"),)}, "sources.0.title"),
        ({"sources": (Source("A"),)}, "sources.0.url"),
        ({"sources": (Source("A", url="http://example.org"),)}, "sources.0.url"),
        ({"sources": (Source("A", url="javascript:alert(1)"),)}, "sources.0.url"),
        ({"sources": (Source("A", kind="document"),)}, "sources.0.document"),
        ({"unit": " "}, "unit"),
        ({"effect": 10.0}, "effect"),
        ({"low": 9.5}, "low"),
        ({"high": None}, "high"),
        ({"level": None}, "level"),
        ({"level": 100.0}, "level"),
        ({"low": None, "high": None, "level": None}, "no_interval_reason"),
        ({"effect": None}, "low"),
        ({"effect": float("nan")}, "effect"),
        ({"effect": 1e300, "high": 1e301}, "effect"),
        ({"scale": "ratio", "effect": -1.0, "low": -2.0}, "effect"),
        ({"participants": 199}, "participants"),
        ({"arms": (Arm("A", 1), Arm("a", 1))}, "arms"),
        ({"arms": (Arm("", 1),)}, "arms.0.name"),
        ({"arms": (Arm("A", 1, 2.0),)}, "arms.0.unit"),
        ({"verdict": "worked"}, "verdict"),
        ({"verdict": "worked", "own_data": "Our survey", "low": None, "high": None, "level": None}, "verdict"),
        ({"verdict": "splendid", "own_data": "Our survey"}, "verdict"),
        ({"measured_from": date(2025, 12, 31)}, "measured_from"),
        ({"measured_to": date(2026, 1, 15)}, "measured_to"),
        ({"reported_on": date(2026, 12, 1)}, "reported_on"),
        ({"reach_number": 7}, "reach_unit"),
        ({"reach_number": -1, "reach_unit": "people"}, "reach_number"),
        ({"cost_price_year": None}, "cost_price_year"),
        ({"cost_unit": ""}, "cost_unit"),
        ({"cost_usd": 1.005}, "cost_usd"),
        ({"cost_usd": -1.0}, "cost_usd"),
        ({"project": None}, "project"),
        ({"project": None, "is_outside": True}, "outside_reason"),
        ({"finding": ""}, "finding"),
        ({"outcome": "x" * 201}, "outcome"),
        ({"design": "guess"}, "design"),
        ({"size_in_words": "five times"}, "size_source"),
        ({"size_in_words": "five times", "size_source": "Another report"}, "size_source"),
        ({"size_source": "The report"}, "size_source"),
        (_UNSIZED | {"finding": "that 5 more in 100 had a job"}, "size_in_words"),
        (_UNSIZED | {"finding": "that twice as many had a job"}, "size_in_words"),
        ({"reported_precision": "by"}, "reported_precision"),
        ({"reported_precision": "month", "reported_on": None}, "reported_on"),
        ({"reported_precision": "month", "reported_on": date(2025, 12, 31)}, "reported_on"),
        ({"reported_precision": "year", "reported_on": date(2025, 6, 1)}, "reported_on"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(changes, field):
    assert field in problems(**changes)


def test_a_date_before_the_initiative_is_only_wrong_inside_it():
    outside = {"project": None, "is_outside": True, "outside_reason": "Another program"}
    assert problems(measured_from=date(2020, 1, 1), **outside) == {}


def test_numbers_of_what_was_tried_and_years_are_no_size():
    match = {"finding": "that a 50% match of 2019 helped", "tried": "A 50% match"}
    assert problems(**_UNSIZED, **match) == {}
    assert (
        problems(**_UNSIZED, finding="that more had a job", size_in_words="a tenth more", size_source="The report")
        == {}
    )


@pytest.mark.parametrize(
    ("precision", "kept", "latest", "words"),
    [
        ("day", date(2024, 2, 17), date(2024, 2, 17), "Feb 17, 2024"),
        ("month", date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        ("year", date(2024, 1, 1), date(2024, 12, 31), "2024"),
    ],
)
def test_a_day_is_as_exact_as_its_source(precision, kept, latest, words):
    day = date(2024, 2, 17)
    assert first_day(day, precision) == kept and latest_day(day, precision) == latest
    assert reported_when(replace(GOOD, reported_on=kept, reported_precision=precision)) == words


def test_a_month_in_which_the_initiative_began_is_not_before_it():
    month = {"reported_on": date(2026, 3, 1), "reported_precision": "month", "measured_from": None}
    assert validate(replace(GOOD, **month), begins_on=date(2026, 3, 30), today=TODAY) == []
    assert validate(replace(GOOD, **month), begins_on=date(2026, 4, 1), today=TODAY)


def test_groups_without_numbers_need_not_add_up():
    assert problems(arms=(Arm("A", 10), Arm("B")), participants=200) == {}


@pytest.mark.parametrize(
    ("low", "high", "scale", "wanted", "state"),
    [
        (1, 9, "difference", "more", "gain"),
        (-9, -1, "difference", "more", "loss"),
        (-9, -1, "difference", "less", "gain"),
        (1, 9, "difference", "less", "loss"),
        (-1, 9, "difference", "more", "zero"),
        (0, 9, "difference", "more", "zero"),
        (1.1, 3, "ratio", "more", "gain"),
        (0.4, 0.9, "ratio", "more", "loss"),
        (0.8, 1.4, "ratio", "more", "zero"),
        (1, 1.4, "ratio", "more", "zero"),
        (None, None, "ratio", "more", "no_interval"),
        (1, None, "difference", "more", "no_interval"),
    ],
)
def test_what_an_interval_says(low, high, scale, wanted, state):
    assert reported_state(low, high, scale, wanted) == Reported(state)


def test_each_word_has_a_mark_and_a_color_of_its_own_kind():
    assert set(VERDICTS) == set(Verdict) and set(REPORTED) == set(Reported)
    assert all(one.label and one.icon and one.tag for one in (*VERDICTS.values(), *REPORTED.values()))


def test_a_published_result_has_a_state_and_an_own_one_a_verdict():
    assert state_of(GOOD) == Reported.GAIN
    own = replace(GOOD, verdict="worked", own_data="Our survey")
    assert state_of(own) is None and public_sentence(own).startswith(VERDICTS[Verdict.WORKED].sentence)


def test_the_public_sentence_names_size_design_and_what_is_missing():
    newark = ResultFields(
        finding="more than 20 times as likely", outcome="o", tried="t", design="randomized", size_in_words="20 times"
    )
    assert public_sentence(newark) == "The city reports more than 20 times as likely; randomized; margin not published."
    apart = replace(newark, finding="that more landlords registered")
    assert public_sentence(apart) == (
        "The city reports that more landlords registered; 20 times; randomized; margin not published."
    )
    assert public_sentence(replace(apart, size_in_words="")).endswith("size not published.")
    assert "+1 to +9" in public_sentence(GOOD) and "not published" not in public_sentence(GOOD)
    assert size_words(replace(GOOD, effect=-1948.0, low=None, high=None)) == "−1,948 in 100"


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("https://example.org/a?b=c", True),
        ("http://example.org", False),
        ("https://user@example.org", False),
        ("https://localhost", False),
        ("https://exa mple.org", False),
        ("//example.org", False),
        ("https://", False),
    ],
)
def test_only_whole_https_addresses(address, fine):
    assert is_https(address) is fine


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2026, 11, 30), date(2026, 12, 14)),
        (date(2026, 12, 18), date(2027, 1, 5)),  # Christmas and New Year lie between
        (date(2026, 11, 20), date(2026, 12, 7)),  # Thanksgiving lies between
        (date(2026, 11, 28), date(2026, 12, 11)),  # asked on a Saturday
    ],
)
def test_ten_business_days(asked, due):
    assert reply_due(asked, is_federal_holiday) == due
    assert (due - asked).days >= 13


def test_what_travels_with_a_sentence():
    asked, due = date(2026, 11, 30), date(2026, 12, 14)
    assert "until December 14, 2026" in reply_words("", "", asked, None, due, asked)
    assert reply_words("", "", asked, None, due, due).endswith("until December 14, 2026.")
    assert reply_words("", "", asked, None, due, date(2026, 12, 15)) == (
        "The city was asked on November 30, 2026; no reply."
    )
    assert reply_words("add", "We had 300.", asked, date(2026, 12, 1), due, due).endswith("2026): We had 300.")
    assert not is_settled("", due, due) and is_settled("", due, date(2026, 12, 15)) and is_settled("agree", due, asked)


def test_absence_is_no_accusation():
    assert absence_sentence(date(2026, 11, 29)) == "We found no published result (searched to November 29, 2026)."


def test_projects_searches_and_answers():
    assert validate_project(ProjectFields("Coaching")) == []
    wrong = ProjectFields("", ends_on=date(2026, 1, 1), starts_on=date(2026, 2, 1), reach_number=3, status="odd")
    assert {name for name, _ in validate_project(wrong)} == {"title", "ends_on", "reach_unit", "status"}
    search = SearchFields(1, "Ann", "A result", "example.org", TODAY)
    assert validate_search(search, today=TODAY) == []
    assert {n for n, _ in validate_search(replace(search, places="", searched_on=date(2027, 1, 1)), today=TODAY)} == {
        "places",
        "searched_on",
    }
    assert validate_answer("agree", "", "", is_passed_on=False) == []
    assert {n for n, _ in validate_answer("add", "", "", is_passed_on=True)} == {"reply", "received_how"}
    assert {n for n, _ in validate_answer("", "x" * 601, "", is_passed_on=False)} == {"answer", "reply"}
