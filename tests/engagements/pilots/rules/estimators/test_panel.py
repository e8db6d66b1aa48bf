import numpy as np
import pytest

from engagements.pilots.rules.estimates import Refused
from engagements.pilots.rules.estimators.panel import build_panel, refuse_gaps
from engagements.pilots.rules.registration import OutcomeKind
from tests.engagements.pilots.made_data import make_registration, make_rows
from tests.engagements.pilots.made_panels import make_panel_cells

MEANS = [[0.1, 0.2], [0.3, 0.5]]


def test_means_are_in_the_shown_unit_by_group_and_period():
    panel = build_panel(
        make_registration(OutcomeKind.SHARE), make_panel_cells(MEANS, ["t", "c"], ["2024", "2025"]), "t", "x"
    )

    assert panel.means == pytest.approx(np.array([[10, 20], [30, 50]]))
    assert panel.has_program.tolist() == [[True, True], [False, False]]
    assert (panel.groups, panel.periods, panel.largest_count) == (("g00", "g01"), ("2024", "2025"), 200)


def test_rows_give_the_same_as_cells_and_missing_outcomes_are_not_counted():
    rows = make_rows("ttccc", [1, 3, 4, 8, np.nan], cluster="aabbb", period=["1"] * 5)

    panel = build_panel(make_registration(), rows, "t", "x")

    assert panel.means.ravel().tolist() == [2, 6]
    assert panel.people.ravel().tolist() == [2, 2]


def test_periods_are_put_in_the_order_of_time_not_of_letters():
    panel = build_panel(make_registration(), make_panel_cells(MEANS, ["t", "c"], ["9", "10"]), "t", "x")

    assert panel.periods == ("9", "10")
    assert panel.means.tolist() == pytest.approx(np.array(MEANS))


def test_groups_of_two_cities_with_one_name_stay_apart():
    rows = make_rows("tc", [1, 2], cluster=["North", "North"], city=["racine", "tulsa"], period=["1", "1"])

    assert build_panel(make_registration(), rows, "t", "x").groups == ("racine: North", "tulsa: North")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"period": ["2024", "2024-03", "2024", "2024"]}, "The periods are not all written in one way."),
        ({"arm": "tctc", "cluster": "aabb"}, "A group has people with and without the program in one period."),
        ({"block": "xyxx"}, "A group is in two blocks."),
        ({"outcome": [1, 1, 1, 1]}, "Every outcome has the same value."),
        ({"outcome": [np.nan] * 4}, "No outcome was measured."),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(changed, reason):
    columns = {"arm": "ttcc", "outcome": [1, 2, 3, 4], "cluster": "aabb", "period": ["2024"] * 4} | changed
    rows = make_rows(columns.pop("arm"), columns.pop("outcome"), **columns)

    refused = build_panel(make_registration(), rows, "t", "x")

    assert isinstance(refused, Refused)
    assert refused.reason == reason
    assert refused.needed


def test_a_group_not_measured_in_some_period_is_counted():
    cells = make_panel_cells([[1, np.nan], [2, 3]], ["t", "c"], ["1", "2"])

    refused = refuse_gaps(build_panel(make_registration(), cells, "t", "x"), "x")

    assert refused.reason == "1 of 2 groups was not measured in every period."


def test_lone_groups_in_lone_periods_do_not_fill_the_memory():
    many = 2_000
    names = [str(index) for index in range(many)]

    refused = build_panel(
        make_registration(), make_rows("t" * many, range(many), cluster=names, period=names), "t", "x"
    )

    assert refused.reason == "2,000 groups in 2,000 periods are more than an analysis can hold."
