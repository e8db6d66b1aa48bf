"""Checklists and differences: pure, against worked cases."""

import pytest

from engagements.base.text_differences import Piece
from engagements.reviews.rules.changes import ReviewedField, compare, keep, read
from engagements.reviews.rules.checklists import (
    KINDS,
    Answer,
    Checklist,
    Point,
    all_yes,
    answered,
    check,
    checklist,
)

LIST = Checklist("plan", 1, (Point("cost", "It has a cost."), Point("people", "Nobody is named.", must=True)))


@pytest.mark.parametrize(
    ("answers", "is_approval", "fields"),
    [
        ([], True, ["point_cost", "point_people"]),
        ([Answer("cost", "yes"), Answer("people", "yes")], True, []),
        ([Answer("cost", "no", " "), Answer("people", "yes")], True, ["point_cost_words"]),
        ([Answer("cost", "no", "It is free."), Answer("people", "yes")], True, []),
        ([Answer("cost", "yes"), Answer("people", "no", "One is named.")], True, ["point_people"]),
        ([Answer("people", "no")], False, []),  # sent back: no sentence is asked for, the comments say it
        ([], False, []),
        ([Answer("cost", "maybe")], False, ["point_cost"]),
        ([Answer("cost", "no", "a" * 301)], False, ["point_cost_words"]),
        ([Answer("price", "yes")], False, ["checklist"]),
        ([Answer("cost", "yes"), Answer("cost", "no", "Twice.")], False, ["checklist"]),
    ],
)
def test_what_a_checklist_refuses(answers, is_approval, fields):
    assert [field for field, _ in check(LIST, answers, is_approval=is_approval)] == fields


@pytest.mark.parametrize("kind", KINDS)
def test_every_list_has_its_points_once_and_all_yes_answers_it(kind):
    asked = checklist(kind)
    assert len({point.key for point in asked.points}) == len(asked.points) >= 4
    assert check(asked, all_yes(kind), is_approval=True) == []


def test_a_point_without_an_answer_is_kept_as_open():
    kept = answered(LIST, [Answer("people", "no", " One is named. ")])
    assert [(point.key, point.answer, point.words) for point in kept] == [
        ("cost", "", ""),
        ("people", "no", "One is named."),
    ]


def test_prose_is_compared_word_by_word_and_a_number_as_old_and_new():
    before = [
        ReviewedField("need", "need", "The need", "Ten families wait.", True),
        ReviewedField("money", "budget", "Budget", "$40,000"),
        ReviewedField("area", "area", "Area", "North"),
        ReviewedField("area", "rule", "Rule", "Low earnings", True),
    ]
    after = [
        ReviewedField("need", "need", "The need", "Nine families wait.", True),
        ReviewedField("money", "budget", "Budget", "$45,000"),
        ReviewedField("area", "area", "Area", "North"),
        ReviewedField("area", "tracts", "Tracts", "3"),
    ]
    need, budget, tracts, rule = compare(read(keep(before)), after)
    assert need.pieces == (Piece("gone", "Ten"), Piece("new", "Nine"), Piece("same", " families wait."))
    assert (budget.before, budget.after, budget.pieces) == ("$40,000", "$45,000", ())
    assert (tracts.before, tracts.after) == ("", "3")
    assert (rule.label, rule.before, rule.after, rule.pieces) == ("Rule", "Low earnings", "", ())
    assert compare(after, after) == ()
