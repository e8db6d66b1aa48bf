"""The simulated designs over time: each runs, and what they compute at once is what an analysis computes by itself."""

import numpy as np
import pytest

from engagements.pilots.rules.estimators.orders import adjustment, count_orders, group_error
from engagements.pilots.rules.estimators.staggered import count_reassigned
from mobility_portal.bench.pilot_cells import differences, phased, series, staggered, synthetic
from mobility_portal.bench.pilot_cells.processes import PROCESSES, Process

RANDOM = np.random.default_rng(3)


@pytest.mark.parametrize("module", [differences, phased, series, staggered, synthetic])
def test_each_design_gives_shares_for_its_settings(module):
    cells = module.CELLS[0](40)

    assert cells
    assert all(0 <= cell.false_positives <= 100 for cell in cells)
    assert len({(cell.design, cell.setting) for cell in cells}) == len(cells)


def test_outcomes_hang_together_from_period_to_period_as_said():
    values = Process("", (0.6,)).draw(RANDOM, (4_000, 20))

    assert np.corrcoef(values[:, 8], values[:, 9])[0, 1] == pytest.approx(0.6, abs=0.04)
    assert len({process.words for process in PROCESSES}) == len(PROCESSES)


@pytest.mark.parametrize("has_earlier", [True, False])
def test_counted_orders_of_many_draws_are_those_of_one(has_earlier):
    starts = np.array([0, 0, 1, 1, 2, 2])
    had = (np.arange(3) >= starts[:, None]).astype(float)
    from engagements.pilots.rules.estimators.assignments import reassign

    possible = (reassign(starts, ("",) * 6).starts[:, :, None] <= np.arange(3)).astype(float)
    later, earlier = RANDOM.normal(size=(5, 6, 3)), RANDOM.normal(size=(5, 6)) if has_earlier else None

    found = phased.p_of_orders(phased._left(later, earlier), had, possible, earlier)

    for number in range(5):
        alone = count_orders(later[number], starts, ("",) * 6, None if earlier is None else earlier[number])
        assert found[number] == pytest.approx(alone.p)


def test_the_error_of_many_draws_is_that_of_one():
    later, earlier = RANDOM.normal(size=(3, 6, 3)), RANDOM.normal(size=(3, 6))
    had = (np.arange(3) >= np.array([0, 0, 1, 1, 2, 2])[:, None]).astype(float)
    program = phased._left(np.broadcast_to(had, later.shape), earlier)

    many = group_error(phased._left(later, earlier), program, 1 / 6 + phased._direction(earlier) ** 2)

    for number in range(3):
        basis = adjustment(("",) * 6, earlier[number])
        rest = [values - basis @ (basis.T @ values) for values in (later[number], had)]
        assert many[number] == pytest.approx(float(group_error(*rest, (basis**2).sum(axis=1))))


def test_reassigned_starts_of_many_draws_are_those_of_one():
    from engagements.pilots.rules.estimators.assignments import reassign

    starts, means = np.array([1, 1, 2, 3, 3, 3]), RANDOM.normal(size=(4, 6, 3))
    orders = reassign(starts, ("",) * 6)

    found = staggered._second(means, starts, orders.starts, orders.exact)

    assert found == pytest.approx([count_reassigned(one, starts).p for one in means])
