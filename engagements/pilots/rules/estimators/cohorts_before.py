"""What the time before tells of groups that started at different times: a test, and an allowance for drift.

Every cohort is compared with the groups that its effect is compared with - those that never start, or have not started
when it does - over the periods before its own start. So periods count by their distance from the start.
"""

from collections.abc import Sequence

import numpy as np

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.cohorts import against_others, compared_periods, spread_of, weigh_cells
from engagements.pilots.rules.estimators.sensitivity import LEAST_PERIODS_BEFORE, Sensitivity
from engagements.pilots.rules.estimators.starts import Whole


def compared_starts(starts: Whole, periods: int) -> list[int]:
    """The first periods, ascending, of cohorts that have a period before and somebody to be compared with."""
    cohorts = [int(start) for start in np.unique(starts[(starts > 0) & (starts < periods)])]
    return [start for start in cohorts if compared_periods(starts, start, periods)]


def moved_apart_p(outcomes: Floats, starts: Whole) -> tuple[Floats, int, float] | None:
    """Joint test that cohorts moved as the others did before they started: p, and the F's two df. None if no cohort
    that is compared has 2 periods before.

    `outcomes`: (..., groups, periods). Each cohort's periods before are averaged into the same number of spans, and the
    differences of the earlier spans from the last, averaged over cohorts by their groups, are tested together. Their
    covariance adds up cohort by cohort, as that of the effect does, so T-squared has the df of Nel and van der Merwe
    (1986), of equal variances: known before any outcome, because outcomes of few groups do not tell it. There are as
    many spans as periods allow, and at most a third of the df, for the test to keep its size (the bench shows it).
    """
    from scipy import stats

    cohorts = [start for start in compared_starts(starts, outcomes.shape[-1]) if start > 1]
    if not cohorts:
        return None
    single = _parts_before(starts, cohorts, 1, outcomes.shape[-1])
    spans = max(1, min(cohorts[0] - 1, int(_df(single, starts) // 3)))
    weights = _parts_before(starts, cohorts, spans, outcomes.shape[-1])
    gaps = np.einsum("...gt,gtk->...k", outcomes, weights)
    covariance = np.sum(_covariances(outcomes, starts, weights), axis=0)
    strength = np.einsum("...i,...ij,...j->...", gaps, np.linalg.pinv(covariance, hermitian=True), gaps)
    df = _df(weights, starts)
    below = max(df - spans + 1, 1.0)
    p: Floats = stats.f.sf(strength * below / (spans * df), spans, below)
    return p, spans, below


def allow_for_drift(outcomes: Floats, starts: Whole, times: float, alpha: float = 0.05) -> Sensitivity:
    """Relative magnitudes of Rambachan and Roth for the mean effect, as in `sensitivity`, by distance from the start.

    The largest drift is that of the mean over cohorts between two spans before; the effect of a cell whose period is in
    the k-th span from its start may be off by M x drift x k. Spans are as long as leaves 3 before the earliest start,
    and one after the latest. Worked: one cohort, earlier differences -1, 0, 0, then 2 periods with mean 3, M = .5: the
    set is 2.25 to 3.75.
    """
    from scipy import stats

    periods = outcomes.shape[-1]
    cohorts = compared_starts(starts, periods)
    after = {start: compared_periods(starts, start, periods) for start in cohorts}
    length = max(1, min(*(len(found) for found in after.values()), cohorts[0] // LEAST_PERIODS_BEFORE))
    weights = weigh_cells(starts, periods, length)
    if weights is None:
        raise ValueError("no cohort can be compared")
    cells = {start: len(after[start]) * int((starts == start).sum()) for start in cohorts}
    steps = {start: np.mean([(period - start) // length + 1 for period in after[start]]) for start in cohorts}
    total = sum(cells.values())
    drift = np.zeros(outcomes.shape[:-2])
    for number in range(1, cohorts[0] // length):
        moved = np.zeros((starts.size, periods))
        for start in cohorts:
            share = against_others(starts, start, start, periods)[:, None] * cells[start] / total / length
            nearer = start - number * length
            moved[:, nearer : nearer + length] += share
            moved[:, nearer - length : nearer] -= share
        drift = np.maximum(drift, np.abs((outcomes * moved).sum(axis=(-2, -1))))
    half = times * drift * sum(cells[start] * steps[start] for start in cohorts) / total
    found = spread_of(outcomes, starts, weights)
    low, high = found.value - half, found.value + half
    reach = stats.t.ppf(1 - alpha / 2, found.df) * found.error
    return Sensitivity(drift, low, high, low - reach, high + reach)


def _parts_before(starts: Whole, cohorts: Sequence[int], spans: int, periods: int) -> Floats:
    """Weights (groups x periods x spans) of the differences of the earlier spans from the last one before the start."""
    weights = np.zeros((starts.size, periods, spans))
    everybody = np.isin(starts, cohorts).sum()
    for start in cohorts:
        share = against_others(starts, start, start, periods) * (starts == start).sum() / everybody
        pieces = np.array_split(np.arange(start), spans + 1)
        for number, piece in enumerate(pieces[:-1]):
            weights[:, piece, number] += share[:, None] / piece.size
            weights[:, pieces[-1], number] -= share[:, None] / pieces[-1].size
    return weights


def _covariances(outcomes: Floats, starts: Whole, weights: Floats) -> list[Floats]:
    """What each cohort adds to the covariance of the sums. A cohort of one group borrows, as in `cohorts.spread_of`."""
    cohorts, together, spare = _cohorts(starts, outcomes.shape[-1])
    found = []
    for members in cohorts:
        own = weights[members[0]]
        if not own.any():
            continue
        donors = [members] if members.size > 1 else together
        parts = outcomes @ own
        rest = np.concatenate(
            [parts[..., group, :] - parts[..., group, :].mean(axis=-2, keepdims=True) for group in donors], axis=-2
        )
        df = members.size - 1 if members.size > 1 else spare
        found.append(members.size * np.swapaxes(rest, -1, -2) @ rest / df)
    return found


def _df(weights: Floats, starts: Whole) -> float:
    """Df of the covariance if all groups' periods had one variance and were independent."""
    cohorts, _, spare = _cohorts(starts, weights.shape[1])
    own = [(weights[members[0]], members.size) for members in cohorts if weights[members[0]].any()]
    parts = [(size * cells.T @ cells, size - 1 if size > 1 else spare) for cells, size in own]
    return _size(np.sum([part for part, _ in parts], axis=0)) / sum(_size(part) / df for part, df in parts)


def _size(matrix: Floats) -> float:
    return float(np.trace(matrix @ matrix) + np.trace(matrix) ** 2)


def _cohorts(starts: Whole, periods: int) -> tuple[list[Whole], list[Whole], int]:
    """All cohorts by their groups; those whose spread a lone group borrows; and the df of that."""
    cohorts = [np.flatnonzero(starts == start) for start in np.unique(starts)]
    several = [members for members in cohorts if members.size > 1]
    together = [members for members in several if starts[members[0]] < periods] or several
    return cohorts, together, max(sum(members.size - 1 for members in together), 1)
