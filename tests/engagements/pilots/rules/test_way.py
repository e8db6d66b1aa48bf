"""What comes next for a pilot."""

from dataclasses import replace

from engagements.pilots.rules.way import Standing, Step, next_step, way_of
from engagements.pilots.views.shown_way import shown_way

DRAFT = Standing(False, True, False, False, False)


def test_one_step_after_the_other():
    at, seen = DRAFT, []
    for done in ("is_registered", "is_drawn", "has_data", "is_analyzed", "is_answered", "is_public"):
        seen.append(next_step(at))
        at = replace(at, **{done: True})
    assert seen == list(Step) and next_step(at) is None


def test_what_nobody_draws_has_no_draw():
    assert Step.DRAWN not in dict(way_of(replace(DRAFT, is_drawn_design=False)))


def test_stopped_before_data_it_goes_to_the_city_and_the_public():
    stopped = replace(DRAFT, is_registered=True, is_stopped=True)
    assert [step for step, _ in way_of(stopped)] == [Step.REGISTERED, Step.ANSWERED, Step.PUBLISHED]
    assert next_step(stopped) == Step.ANSWERED


def test_a_draft_that_was_stopped_has_nothing_next():
    stopped = replace(DRAFT, is_stopped=True)
    assert next_step(stopped) is None
    assert shown_way(1, stopped).said == "It was stopped before its plan was locked. Nothing more is to be done."


def test_data_without_a_draw_are_not_asked_to_be_drawn():
    assert next_step(replace(DRAFT, is_registered=True, has_data=True)) == Step.ANALYZED
