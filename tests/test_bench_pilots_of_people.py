"""The simulations of pilots that draw people: every cell in its form, and what is summed exactly within the limit."""

import pytest

from mobility_portal.bench.pilot_cells import adjusted, looking, lost, matched, people
from mobility_portal.bench.pilots import LIMIT

DRAWS = 200


def test_shares_are_summed_exactly_and_hold_the_limit():
    cells = people.difference_of_shares(DRAWS)
    assert len(cells) == 60 and {cell.draws for cell in cells} == {0}
    assert max(cell.false_positives for cell in cells) < LIMIT
    assert min(cell.coverage for cell in cells) > 94.9


@pytest.mark.parametrize(
    "cells", [people.difference_of_means, people.blocked, adjusted.lin, matched.pairs, looking.looks]
)
def test_every_cell_has_its_shares(cells):
    found = cells(DRAWS)
    assert len({(cell.design, cell.setting) for cell in found}) == len(found)
    for cell in found:
        assert cell.draws == DRAWS and 0 <= cell.false_positives < 15
        assert cell.power is None or 30 < cell.power < 95


def test_people_lost_are_answered_by_bounds(monkeypatch):
    monkeypatch.setattr(lost, "SETTINGS", ((300, 10, 20),))
    (cell,) = lost.lost(DRAWS)
    assert cell.false_positives < 6
    assert "without any" in cell.setting
