"""Tests of tracts against their city, dispersion and gaps: loops over tracts, nothing clever."""

import math


def tiers(values, weights, errors, rate=0.05):
    """Per tract "above", "below", "indistinguishable" or "" (no value or standard error)."""
    known = [y == y and s == s for y, s in zip(values, errors, strict=True)]
    used = [w if k and w == w and w > 0 else 0.0 for w, k in zip(weights, known, strict=True)]
    share = [w / sum(used) for w in used]
    mean = sum(share[i] * values[i] for i in range(len(values)) if known[i])
    common = sum(share[i] ** 2 * errors[i] ** 2 for i in range(len(values)) if known[i])
    tests = {}
    for i, (y, s) in enumerate(zip(values, errors, strict=True)):
        if known[i] and (variance := s**2 * (1 - 2 * share[i]) + common) > 1e-20:
            tests[i] = (y - mean, math.erfc(abs(y - mean) / math.sqrt(variance) / math.sqrt(2)))
    ordered = sorted(tests, key=lambda i: tests[i][1])
    passed = max((k for k, i in enumerate(ordered, 1) if tests[i][1] <= rate * k / len(tests)), default=0)
    found = ["indistinguishable" if i in tests else "" for i in range(len(values))]
    for i in ordered[:passed]:
        found[i] = "above" if tests[i][0] > 0 else "below"
    return found


def dispersion(values, weights, errors):
    """(total, noise, signal, unbiased signal) variances of tracts that have all three."""
    total_weight = sum(weights)
    share = [w / total_weight for w in weights]
    mean = sum(w * y for w, y in zip(share, values, strict=True))
    total = sum(w * (y - mean) ** 2 for w, y in zip(share, values, strict=True))
    noise = sum(w * s * s for w, s in zip(share, errors, strict=True))
    small = sum(w * (1 - w) * s * s for w, s in zip(share, errors, strict=True))
    return total, noise, max(0, total - noise), max(0, (total - small) / (1 - sum(w * w for w in share)))


def gap(first, second):
    """(own, its SE, common, its SE, between, its SE, coverage); each group a list of (value, weight, error).

    The error of the part between neighborhoods by nudging each estimate and seeing how far it moves.
    """

    def parts(a, b):
        def mean(group, weights):
            rows = [(y, w) for (y, _, s), w in zip(group, weights, strict=True) if y == y and s == s and w == w]
            return sum(y * w for y, w in rows) / sum(w for _, w in rows)

        own = mean(a, [row[1] for row in a]) - mean(b, [row[1] for row in b])
        both = [
            ra[0] == ra[0] and ra[2] == ra[2] and rb[0] == rb[0] and rb[2] == rb[2] and rb[1] == rb[1]
            for ra, rb in zip(a, b, strict=True)
        ]
        kept = [rb[1] if use else float("nan") for rb, use in zip(b, both, strict=True)]
        common = mean(a, kept) - mean(b, kept)
        children = sum(row[1] for row in b if row[1] == row[1])
        return own, common, own - common, sum(w for w in kept if w == w) / children

    start = parts(first, second)
    variance = [0.0, 0.0, 0.0]
    for side in (0, 1):
        for i, (y, w, s) in enumerate((first, second)[side]):
            if y != y or s != s:
                continue
            nudged = [list(first), list(second)]
            nudged[side][i] = (y + 1.0, w, s)
            moved = parts(*nudged)
            for k in range(3):
                variance[k] += ((moved[k] - start[k]) * s) ** 2
    own, common, between, coverage = start
    return own, variance[0] ** 0.5, common, variance[1] ** 0.5, between, variance[2] ** 0.5, coverage
