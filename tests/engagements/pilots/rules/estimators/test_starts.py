import numpy as np
import pytest

from engagements.pilots.rules.estimates import Estimate, Refused
from engagements.pilots.rules.estimators.methods import method_of
from engagements.pilots.rules.estimators.panel import build_panel
from engagements.pilots.rules.estimators.starts import find_starts, split_periods, with_starts
from engagements.pilots.rules.registration import DesignKind, Estimator, Limits
from tests.engagements.pilots.made_data import make_registration, make_rows
from tests.engagements.pilots.made_panels import make_panel_cells, months

ARMS = [["c", "t", "t"], ["c", "c", "t"], ["c", "c", "c"]]


def _starts(arms, starts_in=()):
    registration = make_registration(starts_in=starts_in)
    cells = make_panel_cells(np.arange(9.0).reshape(3, 3), arms, months(3))
    return find_starts(registration, build_panel(registration, cells, "t", "x"), "x")


def test_the_change_of_arm_in_the_data_tells_when_a_group_started():
    assert _starts(ARMS).tolist() == [1, 2, 3]


def test_registered_starts_by_group_hold_against_the_data():
    assert _starts(["t", "t", "c"], ("g00=2024-02", "g01=2024-03")).tolist() == [1, 2, 3]


def test_drawn_starts_are_put_into_the_registration():
    drawn = with_starts(make_registration(starts_in=("2024-02", "2024-03")), {"b": "2024-03", "a": "2024-02"})

    assert drawn.starts_in == ("a=2024-02", "b=2024-03")


def test_a_city_before_the_name_of_a_group_need_not_be_named():
    rows = make_rows("tcc", [1, 2, 3], cluster=["North", "South", "South"], city=["racine"] * 3, period=["1", "1", "2"])
    registration = make_registration(starts_in=("North=1", "racine: South=2"))

    assert find_starts(registration, build_panel(registration, rows, "t", "x"), "x").tolist() == [0, 1]


def test_one_registered_start_is_that_of_all_groups_with_the_program():
    assert _starts(["t", "t", "c"], ("2024-02",)).tolist() == [1, 1, 3]


def test_starts_outside_the_data_are_never_or_from_the_first():
    assert _starts(["t", "t", "c"], ("g00=2030-01", "g01=2020-01")).tolist() == [3, 0, 3]


@pytest.mark.parametrize(
    ("arms", "starts_in", "reason"),
    [
        (["t", "t", "c"], (), "It is not known when each group started."),
        (
            ["t", "t", "c"],
            ("g00=2024", "g01=2024"),
            "A registered start is not written as the periods of the data are.",
        ),
        (["t", "t", "c"], ("g77=2024-01",), "A registered start names a group that the data do not have."),
        (ARMS, ("g00=2024-03",), "The data tell another start of a group than was drawn or registered."),
        ([["c", "t", "c"], *ARMS[1:]], (), "The program ended again in a group."),
        ([["c", "t", "c"], *ARMS[1:]], ("g00=2024-02",), "The program ended again in a group."),
    ],
)
def test_starts_that_are_not_known_are_refused(arms, starts_in, reason):
    refused = _starts(arms, starts_in)

    assert isinstance(refused, Refused)
    assert refused.reason == reason


def test_a_common_start_splits_the_periods():
    registration = make_registration(starts_in=("2024-02",))
    panel = build_panel(registration, make_panel_cells(np.arange(6.0).reshape(2, 3), ["t", "c"], months(3)), "t", "x")

    assert split_periods(registration, panel, "x") == 1
    assert split_periods(make_registration(), panel, "x").reason == "It is not registered when the program started."
    assert split_periods(make_registration(starts_in=("2024",)), panel, "x").needed == "A start such as 2024-03."


def test_data_whose_arms_change_at_another_time_than_registered_are_refused():
    arms = [["c", "t", "t"], ["c", "c", "c"]]
    cells = make_panel_cells(np.arange(6.0).reshape(2, 3), arms, months(3))

    def split(start):
        registration = make_registration(starts_in=(start,))
        return split_periods(registration, build_panel(registration, cells, "t", "x"), "x")

    assert split("2024-02") == 1
    assert split("2024-03").reason == "The data tell another start of a group than was registered."


@pytest.mark.parametrize(
    ("estimator", "periods", "start"),
    [(Estimator.DIFFERENCES, 6, 3), (Estimator.SERIES, 24, 12), (Estimator.SYNTHETIC, 24, 12)],
)
def test_designs_with_one_start_refuse_a_program_that_ends_again(estimator, periods, start):
    """The last period of the treated group has no program any more; it must not count as one with it."""
    means = np.random.default_rng(5).normal(50, 2, (24, periods))
    treated = 1 if estimator == Estimator.SYNTHETIC else 6
    arms = np.full(means.shape, "c", dtype=object)
    arms[:treated, start:] = "t"
    registration = make_registration(
        design=DesignKind(estimator.value),
        estimator=estimator,
        starts_in=(months(periods)[start],),
        limits=Limits(pre_fit=50.0),
    )

    def answer():
        return method_of(estimator)(registration, make_panel_cells(means, arms, months(periods)), "t")

    assert isinstance(answer(), Estimate)
    arms[0, -1] = "c"
    assert answer().reason == "The program ended again in a group."
