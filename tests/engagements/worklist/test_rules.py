"""Columns, groups of days and cards that are one task, against cases worked by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engagements.worklist.records import Card, Column
from engagements.worklist.rules import (
    Due,
    by_due,
    end_of_quarter,
    initials,
    is_due,
    latest_due,
    same_tasks,
    sections_of,
)

TODAY = date(2026, 11, 23)


def card(title="A step", days: int | None = 3, pk=1, city="Detroit", **other) -> Card:
    due = None if days is None else TODAY + timedelta(days=days)
    return Card(
        column=other.pop("column", "planned"),
        title=title,
        url="/",
        cities=(city,),
        due_on=due,
        days=days,
        is_overdue=days is not None and days < 0,
        picks=((pk, 1),),
        **other,
    )


@pytest.mark.parametrize(
    ("day", "ahead", "end"),
    [
        (date(2026, 11, 30), 0, date(2026, 12, 31)),
        (date(2026, 11, 30), 1, date(2027, 3, 31)),
        (date(2026, 1, 1), 0, date(2026, 3, 31)),
        (date(2026, 12, 31), 2, date(2027, 6, 30)),
    ],
)
def test_a_quarter_ends(day, ahead, end):
    assert end_of_quarter(day, ahead) == end


def test_what_is_due_within_a_choice_keeps_what_is_late():
    assert latest_due(Due.WEEK, TODAY) == date(2026, 11, 29)
    assert latest_due(Due.OVERDUE, TODAY) is latest_due("", TODAY) is None
    late, soon, later, undated = card(days=-4), card(days=6), card(days=7), card(days=None)
    assert [is_due(one, Due.WEEK, TODAY) for one in (late, soon, later, undated)] == [True, True, False, False]
    assert [is_due(one, Due.OVERDUE, TODAY) for one in (late, soon)] == [True, False]
    assert is_due(undated, "", TODAY)


def test_one_task_in_two_cities_is_one_card_and_two_of_one_city_stay_two():
    here, there, again = card(pk=1), card(pk=2, city="Tulsa"), card(pk=3)
    other_day = card(pk=4, city="Racine", days=4)
    found = list(same_tasks([here, there, again, other_day]))
    assert [(one.cities, [pk for pk, _ in one.picks]) for one in found] == [
        (("Detroit", "Tulsa"), [1, 2]),
        (("Detroit",), [3]),
        (("Racine",), [4]),
    ]


def test_a_joined_card_may_only_what_both_may():
    one, two = card(pk=1, may_edit=True, may_log=True), card(pk=2, city="Tulsa", may_edit=False, may_log=True)
    (joined,) = same_tasks([one, two])
    assert joined.may_log and not joined.may_edit and joined.key == "1-2" and joined.pick == "1:1 2:1"


def test_sections_follow_the_days():
    waiting = replace(card("Review", days=None), column="awaiting_review", picks=())
    cards = [
        card("undated", days=None), waiting, card("late", days=-1), card("sixth", days=6), card("seventh", days=7),
        card("next month", days=20), card("next year", days=60), card("later", days=400),
    ]  # fmt: skip
    found = [(one.kind, one.begins, [each.title for each in one.cards]) for one in sections_of(cards, TODAY)]
    assert found == [
        ("overdue", None, ["late"]),
        ("waiting", None, ["Review"]),
        ("week", None, ["sixth"]),
        ("month", date(2026, 11, 1), ["seventh"]),
        ("month", date(2026, 12, 1), ["next month"]),
        ("year", date(2027, 1, 1), ["next year", "later"]),
        ("undated", None, ["undated"]),
    ]
    assert [one.title for one in by_due(cards)][-2:] == ["Review", "undated"]


def test_a_column_counts_what_it_does_not_show():
    joined = next(iter(same_tasks([card(pk=1), card(pk=2, city="Tulsa")])))
    assert Column("planned", "Not started", (joined,), 5).more == 3


@pytest.mark.parametrize(("name", "short"), [("Ada B. Adviser (demo)", "AA"), ("Lena", "L"), ("", ""), ("ö ü", "ÖÜ")])
def test_initials(name, short):
    assert initials(name) == short
