import numpy as np
import pytest

from engagements.pilots.rules.estimates import Estimate, Refused
from engagements.pilots.rules.estimators.orders import adjustment, count_orders, group_df, group_error
from engagements.pilots.rules.estimators.phased import phased
from engagements.pilots.rules.registration import DesignKind, Estimator
from tests.engagements.pilots.made_data import make_registration
from tests.engagements.pilots.made_panels import make_panel_cells

QUARTERS = ["2024Q1", "2024Q2", "2024Q3", "2024Q4"]
STARTS = np.array([1, 1, 1, 2, 2, 2, 3, 3, 3])


def _means(effect=0.0, starts=STARTS, seed=4, between=5.0):
    rng = np.random.default_rng(seed)
    means = 20 + rng.normal(0, between, (starts.size, 1)) + 2 * np.arange(4) + rng.normal(0, 1, (starts.size, 4))
    return means + effect * (np.arange(4) >= starts[:, None])


def _answer(means, starts=STARTS, blocks=None, starts_in=()):
    arms = np.where(np.arange(4) >= starts[:, None], "t", "c")
    registration = make_registration(design=DesignKind.PHASED, estimator=Estimator.PHASED, starts_in=starts_in)
    return phased(registration, make_panel_cells(means, arms, QUARTERS, blocks=blocks), "t")


def test_an_effect_is_found_by_counting_all_orders_of_starts():
    found = _answer(_means(effect=6))

    assert isinstance(found, Estimate)
    assert 0 < found.low < 6 < found.high
    assert found.second.draws == 1_680  # 9! / (3! 3! 3!)
    assert found.second.exact
    assert found.second.p <= 0.05
    assert found.p < 0.05
    assert found.low <= found.second.low
    assert found.high >= found.second.high
    assert 4 < found.df < 9 - 2 - 1  # of what three waves of three groups carry
    assert found.units == 9


def test_the_estimate_is_regression_on_periods_and_earlier_means():
    means = _means(effect=3)
    earlier, program = means[:, 0], (np.arange(4) >= STARTS[:, None])[:, 1:]
    columns = [program.T.ravel().astype(float)]
    for period in range(3):
        here = np.zeros((3, 9))
        here[period] = 1
        columns += [here.ravel(), (here * earlier).ravel()]

    coefficients = np.linalg.lstsq(np.column_stack(columns), means[:, 1:].T.ravel())[0]

    assert _answer(means).value == pytest.approx(coefficients[0])


def test_the_earlier_mean_makes_the_interval_shorter_where_groups_differ():
    means = _means(effect=3, between=20)

    plain = count_orders(means[:, 1:], STARTS - 1, ("",) * 9)
    found = _answer(means)

    assert found.high - found.low < 0.5 * (plain.high - plain.low)


def test_without_a_period_before_all_starts_nothing_is_adjusted_for():
    starts = STARTS - 1

    assert _answer(_means(starts=starts), starts).details["is_adjusted_for_earlier_mean"] == "no"


def test_what_is_the_same_for_all_groups_of_a_block_changes_nothing():
    means = _means(effect=3)
    blocks = list("aabbabbab")
    shifted = means + np.where(np.array(blocks) == "a", 30, 0)[:, None] * np.arange(4)

    one, other = _answer(means, blocks=blocks), _answer(shifted, blocks=blocks)

    assert (one.value, one.second.p) == pytest.approx((other.value, other.second.p))
    assert one.low == pytest.approx(other.low)


def test_drawn_starts_by_group_may_stand_in_the_registration():
    means = _means(effect=3)
    named = tuple(f"g{index:02d}={QUARTERS[start]}" for index, start in enumerate(STARTS))

    assert _answer(means, starts_in=named).value == pytest.approx(_answer(means).value)


@pytest.mark.parametrize(
    ("starts", "reason"),
    [
        (np.array([1, 2, 3]), "Only 2 people had started while others waited."),
        (np.array([2] + [4] * 20), "Only 1 person had started while others waited."),
        (np.array([2] * 20 + [3, 4]), "Only 2 people waited while others had started."),
        (np.array([1, 1, 1, 1]), "No period has groups with and without the program."),
        (np.array([1, 1, 1, 3, 3, 3]), "6 groups could start in so few orders that chance could explain any result."),
    ],
)
def test_too_few_groups_of_a_kind_or_orders_are_refused(starts, reason):
    refused = _answer(_means(starts=starts), starts)

    assert isinstance(refused, Refused)
    assert refused.reason == reason


def test_groups_of_another_block_are_not_counted_as_those_that_wait():
    starts = np.array([1, 4, 4, 4, 4, 1, 1])

    assert _answer(_means(starts=starts), starts, blocks=list("aaaaabb")).reason.startswith("Only 1 person had started")
    assert isinstance(_answer(_means(starts=starts), starts), Estimate)


def test_degrees_of_freedom_are_those_of_the_few_groups_that_started():
    def df(*starts):
        had = (np.arange(1) >= np.array(starts)[:, None]).astype(float)
        return group_df(had - had.mean(axis=0), np.full((len(starts), len(starts)), 1 / len(starts)))

    assert df(0, 0, 0, 1, 1, 1) == pytest.approx(4)
    assert df(0, 0, 0, *[1] * 17) == pytest.approx(2.77, abs=0.005)


def test_degrees_of_freedom_are_those_of_the_residuals_of_all_cells():
    """Satterthwaite by the residual maker M of all cells: the error is a sum of squares of a'y, a = M p / root kept."""
    had = (np.arange(3) >= (STARTS - 1)[:, None]).astype(float)
    basis = adjustment(("",) * 9, _means()[:, 0])
    program = had - basis @ (basis.T @ had)
    design = np.column_stack([np.kron(basis, np.eye(3)), program.ravel()])
    maker = np.eye(27) - design @ np.linalg.pinv(design)
    alone = np.stack([np.where(np.arange(9)[:, None] == group, program, 0.0).ravel() for group in range(9)])
    kept = (1 - (program**2).sum(axis=1) / (program**2).sum()) * (1 - (basis**2).sum(axis=1))
    products = alone @ maker @ alone.T / np.sqrt(np.outer(kept, kept))

    assert group_df(program, basis @ basis.T) == pytest.approx(np.trace(products) ** 2 / (products**2).sum())


def test_an_error_that_two_groups_carry_allows_no_verdict():
    one_by_one = np.array([1, 2, 3, 4])
    found = _answer(_means(effect=6, starts=one_by_one), one_by_one)

    assert found.df < 2
    assert found.caps == ("So few groups carry the comparison that its error cannot be known.",)
    assert _answer(_means(effect=6)).caps == ()


def test_an_earlier_mean_that_blocks_explain_is_left_out():
    assert adjustment(("a", "a", "b", "b"), np.array([1.0, 1, 2, 2])).shape == (4, 2)
    assert adjustment(("a", "a", "b", "b"), np.array([1.0, 2, 2, 2])).shape == (4, 3)


def test_the_error_is_that_of_a_sandwich_over_groups_made_a_little_larger():
    import statsmodels.api as sm

    means = _means(effect=3)[:, 1:]
    had = (np.arange(3) >= (STARTS - 1)[:, None]).astype(float)
    design = np.column_stack([had.ravel(), np.tile(np.eye(3), (9, 1))])
    plain = sm.OLS(means.ravel(), design).fit(
        cov_type="cluster", cov_kwds={"groups": np.repeat(np.arange(9), 3), "use_correction": False}
    )

    larger = group_error(means - means.mean(axis=0), had - had.mean(axis=0), np.full(9, 1 / 9))

    assert plain.bse[0] < larger < 1.3 * plain.bse[0]


def test_chance_is_called_an_effect_five_times_in_a_hundred_at_most():
    found = [_answer(_means(seed=seed, starts=STARTS)) for seed in range(100)]

    assert sum(answer.second.p <= 0.05 for answer in found) <= 11
