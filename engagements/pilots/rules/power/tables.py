"""What a registrant compares before locking: how many people each effect needs, and power along a row of effects."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import ceil

from engagements.pilots.rules.estimates import Refused
from engagements.pilots.rules.power.designs import precision_of
from engagements.pilots.rules.power.drawn import DrawnCluster
from engagements.pilots.rules.power.precision import Precision
from engagements.pilots.rules.registration import DesignKind, Registration

SHARES_OF_WORTHWHILE = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
POINTS = 21
MOST_PEOPLE = 10_000_000
MOST_CLUSTERS = 10_000


@dataclass(frozen=True)
class SampleSize:
    """`effect` in the shown unit. `people`: in all arms, None where no number of them is enough. `clusters`: of which
    as many as assumed are treated in proportion, each of the assumed mean size; None for other designs."""

    effect: float
    people: int | None
    clusters: int | None = None


def sample_sizes(registration: Registration) -> list[SampleSize]:
    """For half to twice the smallest effect worth having. Empty where no formula holds or something is missing.

    Worked: two equal arms, SD 12,000, effect 2,744.98: 600 people.
    """
    worth = registration.smallest_worthwhile
    if isinstance(precision_of(_plenty(registration)), Refused) or worth <= 0.0:
        return []
    by_clusters = registration.design == DesignKind.CLUSTERS

    @cache  # the same sizes are asked about for each effect
    def precision_with(size: int) -> Precision | Refused:
        return precision_of((_with_clusters if by_clusters else _with_people)(registration, size))

    return [_size_for(registration, share * worth, precision_with) for share in SHARES_OF_WORTHWHILE]


def power_curve(
    registration: Registration, clusters: Sequence[DrawnCluster] | None = None
) -> list[tuple[float, float]]:
    """(effect, percent of trials that find it), from 0 to twice the larger of what is worthwhile and detectable.

    `clusters`: as drawn, once they are.
    """
    precision = precision_of(registration, clusters)
    if isinstance(precision, Refused):
        return []
    top = 2.0 * max(registration.smallest_worthwhile, 0.75 * precision.effect_at(registration.assumptions.power))
    return [(effect, precision.power_at(effect)) for effect in (top * step / (POINTS - 1) for step in range(POINTS))]


def _size_for(
    registration: Registration, effect: float, precision_with: Callable[[int], Precision | Refused]
) -> SampleSize:
    power = registration.assumptions.power
    by_clusters = registration.design == DesignKind.CLUSTERS

    def is_enough(size: int) -> bool:
        precision = precision_with(size)
        return isinstance(precision, Precision) and precision.finds(effect, power)

    found = _smallest(is_enough, 4, MOST_CLUSTERS if by_clusters else MOST_PEOPLE)
    if not by_clusters or found is None:
        return SampleSize(effect, found)
    return SampleSize(effect, ceil(found * _mean_size(registration)), found)


def _smallest(is_enough: Callable[[int], bool], least: int, most: int) -> int | None:
    """Doubles, then halves: more is never worse, but for the one or two units that a share of the draw rounds off."""
    high = least
    while not is_enough(high):
        if high >= most:
            return None
        least, high = high, min(2 * high, most)
    while high - least > 1:
        middle = (least + high) // 2
        least, high = (least, middle) if is_enough(middle) else (middle, high)
    return high


def _with_people(registration: Registration, people: int) -> Registration:
    return replace(registration, assumptions=replace(registration.assumptions, people=people))


def _with_clusters(registration: Registration, clusters: int) -> Registration:
    """As many clusters of the same mean size, the same part of them treated."""
    assumed = registration.assumptions
    treated = assumed.treated_clusters
    if treated is not None and assumed.clusters:
        treated = max(round(treated / assumed.clusters * clusters), 1)
    people = max(round(clusters * _mean_size(registration)), 1)
    changed = replace(assumed, clusters=clusters, treated_clusters=treated, people=people)
    return replace(registration, assumptions=changed)


def _mean_size(registration: Registration) -> float:
    assumed = registration.assumptions
    return (assumed.people or 0) / (assumed.clusters or 1)


def _plenty(registration: Registration) -> Registration:
    """The same pilot with so many units that only missing assumptions can refuse it."""
    assumed = registration.assumptions
    if registration.design == DesignKind.CLUSTERS:
        return _with_clusters(registration, 400) if assumed.people and assumed.clusters else registration
    return _with_people(registration, 4_000)
