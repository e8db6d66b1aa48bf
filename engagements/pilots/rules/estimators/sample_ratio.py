"""Whether the groups have the sizes that the draw should give: if not, something went wrong before any outcome."""

from collections.abc import Mapping

import numpy as np
from scipy.special import chdtrc

from engagements.pilots.rules.data import PilotData
from engagements.pilots.rules.estimates import SampleRatio
from engagements.pilots.rules.registration import DesignKind, Registration
from engagements.pilots.rules.tallies import as_cells, codes_of, part_of

FEW_EXPECTED = 5.0  # under so many in an arm of two the binomial is counted exactly: chi-squared is too small there


def ratio_test(drawn: Mapping[str, float], came: Mapping[str, float]) -> SampleRatio:
    """Chi-squared of `came` against the proportions of `drawn` (weights or sizes, any sum), by arm key.

    Worked: weights 1 and 1, 480 and 520 came -> chi-squared 1.6, p .206. p is 1 where nobody came or one arm is drawn,
    and 0 where somebody came of an arm into which nobody was drawn, or of which nobody says how many were.
    """
    keys = [key for key, weight in drawn.items() if weight > 0]
    here = np.array([came.get(key, 0.0) for key in keys], dtype=float)
    share = np.array([drawn[key] for key in keys], dtype=float)
    expected = share / share.sum() * here.sum() if len(keys) else here
    if any(number > 0 and key not in keys for key, number in came.items()):
        p = 0.0
    elif len(keys) < 2 or here.sum() == 0:
        p = 1.0
    elif len(keys) == 2 and expected.min() < FEW_EXPECTED:
        p = _exact(here, share / share.sum())
    else:
        p = float(chdtrc(len(keys) - 1, ((here - expected) ** 2 / expected).sum()))
    return SampleRatio(p=p, drawn=dict(drawn), came={key: float(came.get(key, 0.0)) for key in drawn})


def sample_ratio(
    registration: Registration, data: PilotData, drawn: Mapping[str, float] | None = None
) -> SampleRatio | None:
    """Of the units in the data: clusters, or members of pairs, or people drawn; None where they aren't said.

    `drawn`: sizes of the allocation by arm; without it the registered weights.
    """
    came = units_by_arm(registration, data)
    if came is None:
        return None
    return ratio_test(drawn or {arm.key: float(arm.weight) for arm in registration.arms}, came)


def units_by_arm(registration: Registration, data: PilotData) -> dict[str, float] | None:
    cells = as_cells(data)
    found = {}
    for arm in registration.arms:
        here = part_of(cells, cells.arm == arm.key)
        if registration.design in (DesignKind.CLUSTERS, DesignKind.PHASED):
            found[arm.key] = float(len(codes_of(here.city, here.cluster)[1])) if len(here.n) else 0.0
        elif registration.design == DesignKind.PAIRS:
            found[arm.key] = float(len(codes_of(here.city, here.block)[1])) if len(here.n) else 0.0
        elif np.isnan(here.assigned).any():
            return None
        else:
            found[arm.key] = float(here.assigned.sum())
    return found


def _exact(came: np.ndarray, share: np.ndarray) -> float:
    """Two-sided binomial: the chance of every split that is no likelier than this one."""
    from scipy.stats import binomtest

    return float(binomtest(round(float(came[0])), round(float(came.sum())), float(share[0])).pvalue)
