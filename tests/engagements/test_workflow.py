"""Declared moves: who may take what where, and the words for funders."""

import pytest

from engagements import workflow
from engagements.permissions import ALL, PERMISSIONS, Role
from engagements.workflow import INDICATOR_VALUE, MILESTONE, PARTICIPATION, PLAN, REQUEST, UPDATE, MoveRefused

GRAPHS = (MILESTONE, UPDATE, REQUEST, PARTICIPATION)


@pytest.mark.parametrize("graph", GRAPHS, ids=lambda graph: graph.name)
def test_moves_join_declared_states_and_all_are_reached_from_the_first(graph):
    values = {state.value for state in graph.states}
    reached, edge = {graph.first}, {graph.first}
    while edge:
        edge = {move.end for move in graph.moves if move.start in edge} - reached
        reached |= edge
    assert reached == values
    assert {move.start for move in graph.moves} | {move.end for move in graph.moves} <= values
    assert {move.permission for move in graph.moves} <= ALL


def test_an_adviser_finishes_a_milestone_and_a_lead_where_approval_is_asked():
    adviser, lead = PERMISSIONS[Role.ADVISER], PERMISSIONS[Role.LEAD]
    assert MILESTONE.check_move("in_progress", "done", adviser).label == "Done"
    with pytest.raises(MoveRefused, match="doesn't go from “In progress” to “Done”"):
        MILESTONE.check_move("in_progress", "done", lead, needs_approval=True)
    with pytest.raises(MoveRefused, match="is for others to decide"):
        MILESTONE.check_move("awaiting_review", "done", adviser, needs_approval=True)
    assert MILESTONE.check_move("awaiting_review", "done", lead, needs_approval=True).value == "done"


def test_staying_is_allowed_and_unknown_statuses_are_not():
    assert MILESTONE.check_move("blocked", "blocked", frozenset()).label == "Blocked"
    with pytest.raises(MoveRefused, match="never “finished”"):
        MILESTONE.check_move("planned", "finished", ALL)


def test_a_milestone_has_one_label_for_everybody():
    assert all(state.funder_label == state.label for state in MILESTONE.states)
    assert len({state.label for state in MILESTONE.states}) == len(MILESTONE.states)


def test_only_a_lead_approves_and_publishes_updates():
    for role in Role:
        ends = {s.value for s in UPDATE.next_states("in_review", PERMISSIONS[role])}
        assert ends == ({"draft", "approved"} if role is Role.LEAD else set())


@pytest.mark.parametrize(
    "graph", [MILESTONE, UPDATE, PARTICIPATION, PLAN, INDICATOR_VALUE], ids=lambda graph: graph.name
)
def test_named_groups_are_declared_statuses_in_the_order_of_the_graph(graph):
    name = next(name for name, value in vars(workflow).items() if value is graph)
    groups = {key: value for key, value in vars(workflow).items() if key.startswith(f"{name}_") and "LABELS" not in key}
    order = [state.value for state in graph.states]
    assert groups
    for group in groups.values():
        assert list(group) == [value for value in order if value in group]


def test_what_is_at_work_is_open_and_what_is_approved_is_not():
    assert set(workflow.MILESTONE_AT_WORK) < set(MILESTONE.open_values)
    assert set(workflow.PARTICIPATION_AT_WORK) < set(PARTICIPATION.open_values)
    assert not set(workflow.INDICATOR_VALUE_APPROVED) & set(INDICATOR_VALUE.open_values)
