"""The detectable effect of people is reckoned at the level that their interval will be shown at."""

import numpy as np
import pytest
from scipy.stats import binom

from engagements.pilots.rules.estimates import Refused
from engagements.pilots.rules.estimators.proportions import newcombe, quantile_for
from engagements.pilots.rules.power.mde import detectable
from engagements.pilots.rules.registration import Arm, Assumptions, Estimator, OutcomeKind
from tests.engagements.pilots.made_data import make_registration


def weighted(comparison, treated, kind=OutcomeKind.MEAN, **changes):
    arms = (Arm("c", "Comparison", "", weight=comparison), Arm("t", "Coaching", "", weight=treated))
    return make_registration(kind, arms=arms, **changes)


def test_unequal_arms_have_the_lowered_level():
    assumed = Assumptions(people=400, sd=100)
    found = detectable(weighted(1, 3, assumptions=assumed))
    assert found.level == 97.5
    # t of 97.5 and of 80 percent with 398 people are the normal's: 2.2414 + .8416 standard errors.
    assert found.value == pytest.approx(3.0830 * 100 * np.sqrt(1 / 100 + 1 / 300), rel=1e-4)
    assert detectable(weighted(1, 1, assumptions=assumed)).level == 95


def test_arms_that_no_verdict_can_rest_on_are_refused():
    found = detectable(weighted(1, 9, assumptions=Assumptions(people=100, sd=1)))
    assert isinstance(found, Refused) and found.reason.endswith("10 people and 90.")


def test_shares_without_blocks_hold_for_unequal_arms():
    assumed = Assumptions(people=400, base_rate=30)
    assert detectable(weighted(1, 3, OutcomeKind.SHARE, assumptions=assumed)).level == 95
    blocked = weighted(1, 3, OutcomeKind.SHARE, assumptions=assumed, estimator=Estimator.BLOCKED)
    assert detectable(blocked).level == 97.5


@pytest.mark.parametrize(("people", "rate"), [(30, 5), (30, 50), (100, 2), (100, 22), (300, 10), (1000, 50)])
def test_shares_are_found_as_often_as_promised(people, rate):
    """Summed over every outcome: 77 to 82 in 100 where 80 are promised."""
    assumed = Assumptions(people=2 * people, base_rate=rate)
    value = detectable(make_registration(OutcomeKind.SHARE, assumptions=assumed)).value
    events = np.arange(people + 1)
    low, _ = newcombe(events[:, None], people, events[None, :], people, quantile_for(95, people, people))
    ours, theirs = (binom.pmf(events, people, share / 100) for share in (rate + value, rate))
    assert 0.77 < ours @ (low > 0) @ theirs < 0.82
