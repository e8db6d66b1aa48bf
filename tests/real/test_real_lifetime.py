"""The lifetime recipe with the publisher's own crosswalk."""

import csv

import numpy as np
import pytest

from atlas.statistics.crosswalk import Crosswalk
from engagements.plans.arithmetic.lifetime import translate
from tests.engagements.plans.arithmetic.test_lifetime import TOY


def test_worked_rank_change_in_dollars(real_data):
    with (real_data / "atlas" / "pctile_kfr.csv").open() as file:
        rows = [row for row in csv.reader(file) if row[0][:1].isdigit()]
    rule = Crosswalk(np.array([float(row[1]) for row in rows]))
    usd, part = translate(0.44, np.array([0.0372]), rule, TOY)
    assert rule.dollars(0.44) == pytest.approx(35_359.57, abs=0.01)
    assert rule.dollars(0.4772) == pytest.approx(39_597.55, abs=0.01)
    assert usd[0] == pytest.approx(4_237.97, abs=0.01) and part[0] == pytest.approx(0.08829108, abs=1e-8)
    assert part[0] * TOY.worth(0, 0.01) == pytest.approx(26_819.69, abs=0.01)
    assert part[0] * TOY.worth(0.02, 0.01) == pytest.approx(14_115.80, abs=0.01)
