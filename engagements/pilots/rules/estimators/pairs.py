"""Matched pairs: paired t with pairs - 1, and as second lock the exact test that flips the sign of each difference."""

from dataclasses import replace

import numpy as np

from engagements.pilots.rules.data import Floats, PilotData
from engagements.pilots.rules.estimates import Answer, Estimate, Refused, SecondTest
from engagements.pilots.rules.estimators import missing
from engagements.pilots.rules.estimators.contrast import FEWEST_PEOPLE, contrast_of, put
from engagements.pilots.rules.estimators.counted_units import not_few
from engagements.pilots.rules.estimators.means import Difference
from engagements.pilots.rules.estimators.sign_flips import flip_signs
from engagements.pilots.rules.registration import Estimator, Registration
from engagements.pilots.rules.tallies import by_block

# 2 of the 2^5 patterns are as far out as the most extreme one: p = .0625 is the smallest that 5 pairs can give.
FEWEST_PAIRS = 6


def paired(registration: Registration, data: PilotData, treated: str) -> Answer:
    """Mean over pairs of treated less comparison; the pair is the block of the data, within its city.

    A member with several people (a school) counts by its mean, and every pair once. Pairs with one member measured are
    left out and counted. The verdict needs the t interval and the sign flips; the flips' interval is in `second`.
    """
    method = Estimator.PAIRED

    def compute(known: PilotData) -> Answer:
        contrast = contrast_of(registration, known, treated, method, fewest=1)
        if isinstance(contrast, Refused):
            return contrast
        n, total, _ = by_block(contrast.data, (contrast.comparison.key, contrast.treated.key))
        both = (n > 0).all(axis=1)
        means = total[both] / n[both]
        differences = means[:, 1] - means[:, 0]
        problem = _problem(method, differences)
        if problem:
            return problem
        test = flip_signs(differences, contrast.level)
        apart, limit = int((~both).sum()), max(FEWEST_PEOPLE, registration.limits.smallest_cell)
        note = f"Left out, because one of the two has no known outcome: {not_few(apart, 'pair', limit)}."
        estimate = put(
            method,
            contrast,
            _mean(differences),
            contrast.level,
            notes=(note,) if apart else (),
            details={"pairs": float(len(differences)), "pairs_left_out": None if 0 < apart < limit else float(apart)},
            units=len(differences),
        )
        return _with_second(estimate, test, contrast.scale, round(float(n[both].sum())))

    return missing.answer(registration, data, treated, method, compute)


def _mean(differences: Floats) -> Difference:
    pairs = len(differences)
    error = differences.std(ddof=1) / np.sqrt(pairs)
    return Difference(np.asarray(differences.mean()), np.asarray(error), np.asarray(float(pairs - 1)))


def _problem(method: str, differences: Floats) -> Refused | None:
    pairs = len(differences)
    if pairs < FEWEST_PAIRS:
        return Refused(
            method,
            f"Both outcomes are known of fewer than {FEWEST_PAIRS} pairs. So few can look like any effect by chance.",
            f"At least {FEWEST_PAIRS} pairs with both outcomes.",
        )
    if differences.std() <= 1e-12 * max(float(np.abs(differences).max()), 1e-300):
        return Refused(
            method,
            "The difference is the same in every pair.",
            "Outcomes that differ between pairs. Check that the right column was read.",
        )
    return None


def _with_second(estimate: Estimate, test: SecondTest, scale: float, people: int) -> Estimate:
    low = None if test.low is None else scale * test.low
    high = None if test.high is None else scale * test.high
    return replace(estimate, second=replace(test, low=low, high=high), attainable_p=test.attainable_p, people=people)
