"""What the time before a program says of a comparison over time: the same rule for one start as for many."""

from collections.abc import Callable

from engagements.pilots.rules.data import Floats
from engagements.pilots.rules.estimators.sensitivity import LEAST_PERIODS_BEFORE, Sensitivity

MOVING_APART = 0.10  # p of the joint test of earlier changes below which no verdict may rest on the estimate
CAP_MOVING_APART = "The groups were already moving apart before the program."

Details = dict[str, float | str | list[float] | None]


def read_before(
    first: int,
    tested: tuple[Floats | float, float, float] | None,
    times: float,
    allow_for_drift: Callable[[], Sensitivity],
    few_before: str,
) -> tuple[Details, list[str]]:
    """By name what is known of the `first` periods before, and why no verdict may rest on the estimate.

    `tested`: p and both df of the joint test of earlier changes, None where there is nothing to test. `times`: M, of
    the drift that `allow_for_drift` allows for; it is asked only with LEAST_PERIODS_BEFORE. `few_before`: the reason
    where there are fewer.
    """
    details: Details = {"periods_before": float(first)}
    caps: list[str] = []
    if tested is not None:
        p, spans, rest = tested
        details |= {"pre_trend_p": float(p), "pre_trend_df": [float(spans), float(rest)]}
        if p < MOVING_APART:
            caps.append(CAP_MOVING_APART)
    if first < LEAST_PERIODS_BEFORE:
        return details, [*caps, few_before]
    allowed = allow_for_drift()
    details |= {
        "sensitivity_m": times,
        "sensitivity_low": float(allowed.low),
        "sensitivity_high": float(allowed.high),
        "largest_earlier_drift": float(allowed.largest_drift),
    }
    return details, caps
