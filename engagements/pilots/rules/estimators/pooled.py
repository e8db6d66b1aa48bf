"""One registration in several cities: each city's own estimate, and how much they differ.

The registered estimate stays the one that is blocked by city. Here: Cochran's Q (1954, Biometrics 10, 101-129); tau
by R. Paule and J. Mandel (1982, J. Res. NBS 87, 377-385); the mean of cities like these with the interval of
J. Hartung and G. Knapp (2001, Statistics in Medicine 20, 3875-3889), never narrower than without its factor; and the
range in which the effect in one more such city lies (J. Higgins and others 2009, JRSS A 172, 137-159).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import chdtrc

from engagements.pilots.rules.data import Floats, PilotData
from engagements.pilots.rules.estimates import Answer, Estimate, NamedEstimate, Pooled
from engagements.pilots.rules.estimators.reference import quantile
from engagements.pilots.rules.registration import Registration
from engagements.pilots.rules.tallies import part_of

Method = Callable[[Registration, PilotData, str], Answer]
FEWEST_TO_PREDICT = 3


def by_city(registration: Registration, data: PilotData, treated: str, method: Method) -> Pooled | None:
    """Each registered city with the registered method; None under two cities with an estimate.

    A city that is refused stays in the list with its reason and counts in nothing else.
    """
    if len(registration.cities) < 2:
        return None
    answers = tuple(
        NamedEstimate(city, _alone(registration, data, treated, city, method), is_registered=True)
        for city in registration.cities
    )
    known = [one.answer for one in answers if isinstance(one.answer, Estimate)]
    known = [one for one in known if one.standard_error is not None and one.standard_error > 0]
    if len(known) < 2:
        return None
    value = np.array([one.value for one in known])
    error = np.array([one.standard_error for one in known], dtype=float)
    found = pool(value, error, registration.assumptions.level)
    return Pooled(
        cities=answers,
        tau=found.tau,
        q_p=found.q_p,
        prediction_low=found.prediction_low,
        prediction_high=found.prediction_high,
        value=found.value,
        low=found.low,
        high=found.high,
    )


def _alone(registration: Registration, data: PilotData, treated: str, city: str, method: Method) -> Answer:
    return method(replace(registration, cities=(city,)), part_of(data, data.city == city), treated)


@dataclass(frozen=True)
class RandomEffects:
    """In the unit of the values; the prediction is None under three cities."""

    value: float
    low: float
    high: float
    tau: float
    q: float
    q_p: float
    prediction_low: float | None
    prediction_high: float | None


def pool(values: Floats, errors: Floats, level: float = 95.0) -> RandomEffects:
    """At least two values with their standard errors, independent of each other.

    Worked: values 1 and 3, errors 1 and 1 -> Q 2, p .157; tau^2 1; mean 2.
    """
    count = len(values)
    fixed = 1 / errors**2
    q = float((fixed * (values - (fixed @ values) / fixed.sum()) ** 2).sum())
    between = paule_mandel(values, errors)
    weight = 1 / (errors**2 + between)
    value = float(weight @ values / weight.sum())
    spread = float((weight * (values - value) ** 2).sum()) / (count - 1)
    error = float(np.sqrt(max(spread, 1.0) / weight.sum()))
    half = float(quantile(level, count - 1)) * error
    low = high = None
    if count >= FEWEST_TO_PREDICT:
        reach = float(quantile(level, count - 2)) * float(np.sqrt(between + error**2))
        low, high = value - reach, value + reach
    return RandomEffects(
        value, value - half, value + half, float(np.sqrt(between)), q, float(chdtrc(count - 1, q)), low, high
    )


def paule_mandel(values: Floats, errors: Floats) -> float:
    """tau^2 at which the weighted squares are what they should be, count - 1; 0 where they are less already."""

    def excess(between: float) -> float:
        weight = 1 / (errors**2 + between)
        mean = weight @ values / weight.sum()
        return float((weight * (values - mean) ** 2).sum()) - (len(values) - 1)

    if excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, float(((values - values.mean()) ** 2).sum()) + float(errors.max()) ** 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2
