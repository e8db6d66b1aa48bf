"""Shrinkage by plain sums: a fine even grid over S, tract by tract, one matrix solve at each S."""

import math

import numpy as np


def posterior(values, errors, x, top, steps=4000):
    """(means, SDs, mean of S) with flat priors on S in (0, top) and on the coefficients."""
    points = []
    for step in range(steps):
        variance = top * (step + 0.5) / steps
        w = [1 / (variance + s * s) for s in errors]
        information = sum(wi * np.outer(xi, xi) for wi, xi in zip(w, x, strict=True))
        beta = np.linalg.solve(information, sum(wi * yi * xi for wi, yi, xi in zip(w, values, x, strict=True)))
        misfit = sum(wi * (yi - xi @ beta) ** 2 for wi, yi, xi in zip(w, values, x, strict=True))
        log = 0.5 * (sum(map(math.log, w)) - math.log(np.linalg.det(information)) - misfit)
        points.append((log, variance, beta, np.linalg.inv(information)))
    best = max(point[0] for point in points)
    mass = [math.exp(point[0] - best) for point in points]
    total = sum(mass)
    means, spreads = [], []
    for y, s, xi in zip(values, errors, x, strict=True):
        first = second = 0.0
        for m, (_, variance, beta, covariance) in zip(mass, points, strict=True):
            own = variance / (variance + s * s)
            mean = xi @ beta + own * (y - xi @ beta)
            square = own * s * s + (1 - own) ** 2 * (xi @ covariance @ xi) + mean**2
            first, second = first + m / total * mean, second + m / total * square
        means.append(first)
        spreads.append(math.sqrt(second - first**2))
    return means, spreads, sum(m * point[1] for m, point in zip(mass, points, strict=True)) / total
