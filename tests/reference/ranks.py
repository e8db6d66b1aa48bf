"""Rank confidence sets from a list of one-sided hypotheses, draw by draw."""

import numpy as np


def stepdown(pairs, values, errors, noise, level):
    """Rejected (j, k), "k is higher than j", of the hypotheses in `pairs`."""
    remaining, rejected = list(pairs), []
    while remaining:
        sizes = {(j, k): (errors[j] ** 2 + errors[k] ** 2) ** 0.5 for j, k in remaining}
        largest = [max(0.0, *((draw[k] - draw[j]) / sizes[j, k] for j, k in remaining)) for draw in noise]
        critical = np.quantile(largest, level)
        new = [(j, k) for j, k in remaining if (values[k] - values[j]) / sizes[j, k] > critical]
        if not new:
            break
        rejected += new
        remaining = [pair for pair in remaining if pair not in new]
    return rejected


def sets(values, errors, noise, level, *, simultaneous):
    """[(L, U)] per tract; noise: one list of normal errors per draw."""
    p = len(values)
    everything = [(j, k) for j in range(p) for k in range(p) if j != k]
    found = []
    for tract in range(p):
        pairs = everything if simultaneous else [pair for pair in everything if tract in pair]
        rejected = stepdown(pairs, values, errors, noise, level)
        found.append((1 + sum(j == tract for j, _ in rejected), p - sum(k == tract for _, k in rejected)))
    return found
