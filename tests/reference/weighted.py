"""Slow, obvious recomputations: oracles for the fast code."""


def mean_and_error(values, weights, errors):
    """Loop over tracts that have all three; returns (mean, standard error, coverage)."""
    use = [(y, w, s) for y, w, s in zip(values, weights, errors, strict=True) if y == y and w == w and w > 0 and s == s]
    known = sum(w for w in weights if w == w and w > 0)
    total = sum(w for _, w, _ in use)
    mean = sum(w * y for y, w, _ in use) / total
    variance = sum((w / total) ** 2 * s**2 for _, w, s in use)
    return mean, variance**0.5, total / known


def midrank(value, reference, weights):
    below = sum(w for r, w in zip(reference, weights, strict=True) if r < value)
    equal = sum(w for r, w in zip(reference, weights, strict=True) if r == value)
    return (below + equal / 2) / sum(weights)


def income_at(rank, usd):
    """Linear between the floor and the ceiling of 100 x rank."""
    position = 100 * rank
    low = int(position)
    return usd[low] if low == 100 else usd[low] + (position - low) * (usd[low + 1] - usd[low])
