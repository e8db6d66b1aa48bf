"""Means of a group trimmed to the share of the other that was measured, and their errors by linearization.

Trimming takes whole weight, so the person at the edge may count in part: with outcomes 0 and 1 the result is exactly
what counts give. With y the outcome at the edge, r the share kept and m the mean kept, the mean moves with the data as
(outcome - y) of those kept, less r (m - y), over r; and with r itself as (y - m) d log r: Lee's (2009) three terms,
but summed by person or cluster, so that weights and clusters are in it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.tallies import Whole


@dataclass(frozen=True)
class Group:
    """People drawn into one arm, those alike together: how many, weight of each, outcome (NaN: not measured)."""

    count: Floats
    weight: Floats
    outcome: Floats
    cluster: Whole | None = None  # what counts as independent; None: each person

    @property
    def is_measured(self) -> NDArray[np.bool_]:
        return np.isfinite(self.outcome)

    @property
    def measured(self) -> float:
        return float(self.count[self.is_measured].sum())

    @property
    def share(self) -> float:
        """Of the weight drawn, the part that was measured."""
        weights = self.count * self.weight
        return float(weights[self.is_measured].sum() / weights.sum())

    @property
    def units(self) -> int:
        if self.cluster is None:
            return round(float(self.count.sum()))
        return len(np.unique(self.cluster))

    def variance(self, influence: Floats) -> float:
        """Of the sum over persons of `influence`, with n / (n - 1) of persons or clusters."""
        factor = self.units / max(self.units - 1, 1)
        if self.cluster is None:
            return factor * float((self.count * influence**2).sum())
        sums = np.bincount(np.unique(self.cluster, return_inverse=True)[1], weights=self.count * influence)
        return factor * float((sums**2).sum())


@dataclass(frozen=True)
class Trimmed:
    low: float
    high: float
    low_error: float
    high_error: float


def trimmed(comparison: Group, treated: Group) -> Trimmed:
    """Treated less comparison, lowest and highest. Whichever arm has the larger share measured is trimmed."""
    if treated.share >= comparison.share:
        (low, low_error), (high, high_error) = (_gap(treated, comparison, sign) for sign in (1.0, -1.0))
        return Trimmed(low, high, low_error, high_error)
    (high_less, high_error), (low_less, low_error) = (_gap(comparison, treated, sign) for sign in (1.0, -1.0))
    return Trimmed(-low_less, -high_less, low_error, high_error)


def _gap(more: Group, fewer: Group, sign: float) -> tuple[float, float]:
    """Trimmed mean of `more` less the mean of `fewer`, and its error. `sign` 1: trimmed from the top, -1: below."""
    kept = fewer.share / more.share
    mean, edge, keeps = _trim(more, sign, kept)
    other_weight = fewer.count * fewer.weight
    other = float(
        (other_weight * np.where(fewer.is_measured, fewer.outcome, 0.0)).sum() / (other_weight[fewer.is_measured].sum())
    )
    pull = edge - mean
    drawn, other_drawn = float((more.count * more.weight).sum()), float(other_weight.sum())
    ours = np.where(more.is_measured, (np.nan_to_num(more.outcome) - edge) * keeps + kept * pull, 0.0)
    influence = more.weight / drawn * (ours / kept - pull * (more.is_measured - more.share)) / more.share
    theirs = np.where(fewer.is_measured, other - np.nan_to_num(fewer.outcome), 0.0)
    other_influence = fewer.weight / other_drawn * (theirs + pull * (fewer.is_measured - fewer.share)) / fewer.share
    error = np.sqrt(more.variance(influence) + fewer.variance(other_influence))
    return mean - other, float(error)


def _trim(group: Group, sign: float, kept: float) -> tuple[float, float, Floats]:
    """Mean of the kept weight, the outcome at the edge, and of each entry the part that is kept (0 to 1)."""
    outcome = np.where(group.is_measured, sign * group.outcome, np.inf)
    order = np.argsort(outcome, kind="stable")
    weights = np.where(group.is_measured, group.count * group.weight, 0.0)[order]
    room = kept * weights.sum()
    before = np.concatenate([[0.0], np.cumsum(weights)[:-1]])
    part = np.clip((room - before) / np.where(weights > 0, weights, 1.0), 0.0, 1.0) * (weights > 0)
    values = np.where(weights > 0, sign * np.where(np.isfinite(outcome[order]), outcome[order], 0.0), 0.0)
    mean = float((part * weights * values).sum() / room)
    last = int(np.flatnonzero(part > 1e-12)[-1])
    keeps = np.zeros(len(order))
    keeps[order] = part
    return mean, float(values[last]), keeps
