"""Correlation, line, segregation and Moran's I by loops over tracts."""

import math


def correlation(x, y, w):
    """The weighted correlation."""
    total = sum(w)

    def standard(column):
        mean = sum(a * b for a, b in zip(w, column, strict=True)) / total
        spread = math.sqrt(sum(a * (b - mean) ** 2 for a, b in zip(w, column, strict=True)) / total)
        return [(b - mean) / spread for b in column]

    return sum(a * b * c for a, b, c in zip(w, standard(x), standard(y), strict=True)) / total


def effective_sample_size(x, y, w, points):
    """Clifford, Richardson and Hemon's number sum by sum, weighted and at most that of independent tracts."""
    n, total = len(x), sum(w)
    share = [a / total for a in w]
    distance = [[math.dist(a, b) for b in points] for a in points]
    farthest, number = max(map(max, distance)), math.ceil(1 + math.log2(n * (n - 1) / 2))
    kind = [
        [-1 if i == j else min(int(distance[i][j] / farthest * number), number - 1) for j in range(n)] for i in range(n)
    ]

    def covariance(column):
        mean = sum(column) / n
        sums, pairs = {}, {}
        for i in range(n):
            for j in range(n):
                sums[kind[i][j]] = sums.get(kind[i][j], 0) + (column[i] - mean) * (column[j] - mean)
                pairs[kind[i][j]] = pairs.get(kind[i][j], 0) + 1
        return [[sums[kind[i][j]] / pairs[kind[i][j]] for j in range(n)] for i in range(n)]

    def worth(first, second):
        a = [[(share[i] if i == j else 0) - share[i] * share[j] for j in range(n)] for i in range(n)]

        def times(s):
            return [[sum(a[i][k] * s[k][j] for k in range(n)) for j in range(n)] for i in range(n)]

        one, other = times(first), times(second)
        product = sum(one[i][j] * other[j][i] for i in range(n) for j in range(n))
        trace = sum(one[i][i] for i in range(n)) * sum(other[i][i] for i in range(n))
        return product / trace

    same = [[float(i == j) for j in range(n)] for i in range(n)]
    most = 1 + 1 / worth(same, same)
    variance = worth(covariance(x), covariance(y))
    return most if variance <= 0 else min(most, 1 + 1 / variance)


def hc3(x, y, w):
    """Standard error of the weighted line's slope, MacKinnon and White's HC3."""
    total = sum(w)
    intercept, slope = line(x, y, w)
    mean = sum(a * b for a, b in zip(w, x, strict=True)) / total
    spread = sum(a * (b - mean) ** 2 for a, b in zip(w, x, strict=True))
    meat = 0.0
    for a, b, c in zip(w, x, y, strict=True):
        leverage = a / total + a * (b - mean) ** 2 / spread
        meat += (a * (b - mean) * (c - intercept - slope * b) / (1 - leverage)) ** 2
    return math.sqrt(meat) / spread


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
    """Row-standardized I of tracts that all have a neighbor; neighbors = list of lists."""
    n = len(values)
    mean = sum(values) / n
    z = [v - mean for v in values]
    lag = [sum(z[j] for j in near) / len(near) for near in neighbours]
    return sum(a * b for a, b in zip(z, lag, strict=True)) / sum(a * a for a in z)
