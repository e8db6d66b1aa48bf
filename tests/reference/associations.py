"""Correlation, line, segregation and Moran's I by loops over tracts."""

import math


def correlation(x, y, w):
    """(weighted correlation, HC1 standard error of the standardised slope)."""
    n, total = len(x), sum(w)

    def standard(column):
        mean = sum(a * b for a, b in zip(w, column, strict=True)) / total
        spread = math.sqrt(sum(a * (b - mean) ** 2 for a, b in zip(w, column, strict=True)) / total)
        return [(b - mean) / spread for b in column]

    u, v = standard(x), standard(y)
    r = sum(a * b * c for a, b, c in zip(w, u, v, strict=True)) / total
    meat = sum((a * b * (c - r * b)) ** 2 for a, b, c in zip(w, u, v, strict=True))
    return r, math.sqrt(n / (n - 2) * meat) / total


def line(x, y, w):
    """(intercept, slope) from the normal equations of deviations."""
    total = sum(w)
    mx = sum(a * b for a, b in zip(w, x, strict=True)) / total
    my = sum(a * b for a, b in zip(w, y, strict=True)) / total
    slope = sum(a * (b - mx) * (c - my) for a, b, c in zip(w, x, y, strict=True)) / sum(
        a * (b - mx) ** 2 for a, b in zip(w, x, strict=True)
    )
    return my - slope * mx, slope


def segregation(group, others):
    """(D, isolation, exposure, H)."""
    b, w = sum(group), sum(others)

    def entropy(p):
        return -sum(q * math.log(q) for q in (p, 1 - p) if q > 0)

    pairs = [(x, y) for x, y in zip(group, others, strict=True) if x + y > 0]
    d = sum(abs(x / b - y / w) for x, y in pairs) / 2
    isolation = sum(x / b * x / (x + y) for x, y in pairs)
    exposure = sum(x / b * y / (x + y) for x, y in pairs)
    whole = entropy(b / (b + w))
    h = sum((x + y) / (b + w) * (whole - entropy(x / (x + y))) for x, y in pairs) / whole
    return d, isolation, exposure, h


def moran(values, neighbours):
    """Row-standardised I of tracts that all have a neighbour; neighbours = list of lists."""
    n = len(values)
    mean = sum(values) / n
    z = [v - mean for v in values]
    lag = [sum(z[j] for j in near) / len(near) for near in neighbours]
    return sum(a * b for a, b in zip(z, lag, strict=True)) / sum(a * a for a in z)
