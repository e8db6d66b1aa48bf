"""The interval that a verdict rests on: the method's own, united with every other that the rule asks for."""

from collections.abc import Iterator
from dataclasses import dataclass

from engagements.pilots.rules.estimates import Attrition, Bounds, Estimate, Refused
from engagements.pilots.rules.registration import OVER_TIME, DesignKind, Registration

# Here the wider of the method's interval and the inverted second test is shown.
GROUPED = frozenset({DesignKind.CLUSTERS, DesignKind.PHASED, DesignKind.DIFFERENCES, DesignKind.STAGGERED})
DRIFTING = frozenset({DesignKind.DIFFERENCES, DesignKind.STAGGERED})


@dataclass(frozen=True)
class Shown:
    """In the shown unit, raw direction. `is_widened`: Lee bounds are in it. `is_gap_alone`: neither
    group lost many, but one lost more than the other. `caps`: why it cannot be trusted."""

    low: float
    high: float
    is_widened: bool = False
    is_gap_alone: bool = False
    caps: tuple[str, ...] = ()


def shown_interval(
    registration: Registration, estimate: Estimate, attrition: Attrition | None, bounds: Bounds | Refused | None
) -> Shown:
    """Worked: own 2 to 10, sensitivity -1 to 13 -> -1 to 13. Never narrower than the method's own.

    `bounds`: Lee's, where attrition asks for them; refused ones leave a reason in `caps`.
    """
    ends = [
        (estimate.low, estimate.high),
        *_of_second(registration, estimate),
        *_of_sensitivity(registration, estimate),
    ]
    needs = attrition is not None and attrition.needs_bounds
    caps: tuple[str, ...] = ()
    if needs and isinstance(bounds, Bounds):
        ends.append((bounds.interval_low, bounds.interval_high))
    is_gap_alone = attrition is not None and needs and max(attrition.lost.values()) <= registration.limits.lost_percent
    if needs and not isinstance(bounds, Bounds):
        caps = (_why_unbounded(registration, bounds, is_gap_alone),)
    return Shown(
        low=min(low for low, _ in ends),
        high=max(high for _, high in ends),
        is_widened=needs and isinstance(bounds, Bounds),
        is_gap_alone=is_gap_alone,
        caps=caps,
    )


def _of_second(registration: Registration, estimate: Estimate) -> Iterator[tuple[float, float]]:
    second = estimate.second
    if registration.design in GROUPED and second is not None and second.low is not None and second.high is not None:
        yield second.low, second.high


def _of_sensitivity(registration: Registration, estimate: Estimate) -> Iterator[tuple[float, float]]:
    """Of groups that nobody drew, compared over time: what earlier drift of the registered size leaves open."""
    low, high = (estimate.details.get(name) for name in ("sensitivity_low", "sensitivity_high"))
    if registration.design in DRIFTING and isinstance(low, float) and isinstance(high, float):
        yield low, high


def _why_unbounded(registration: Registration, bounds: Bounds | Refused | None, is_gap_alone: bool) -> str:
    what = "More were lost in one group than in the other" if is_gap_alone else "Many outcomes are missing"
    if isinstance(bounds, Refused):
        return f"{what}, and how far that can move the result is not known: {bounds.reason}"
    if registration.design in OVER_TIME:
        return f"{what}, and no bounds are known for a comparison over time."
    return f"{what}, and how far that can move the result is not known."
