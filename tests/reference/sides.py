"""Sides of tracts from a list of one-sided hypotheses, draw by draw."""

import numpy as np


def sides(values, errors, reference, draws, level=0.95, seed=1):
    """(above, below): hypotheses rejected one list after another, the critical value from drawn errors."""
    noise = np.random.default_rng(seed).standard_normal((draws, len(values)))
    left = [(tract, sign) for tract in range(len(values)) for sign in (1, -1)]
    rejected = []
    while left:
        largest = np.max([sign * noise[:, tract] for tract, sign in left], axis=0)
        critical = np.quantile(largest, level)
        new = [(tract, sign) for tract, sign in left if sign * (values[tract] - reference) / errors[tract] > critical]
        if not new:
            break
        rejected += new
        left = [one for one in left if one not in new]
    return sum(sign == 1 for _, sign in rejected), sum(sign == -1 for _, sign in rejected)
