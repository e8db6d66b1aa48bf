"""How exactly a registered test will measure its effect: what the effect that it can detect is reckoned from."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from engagements.pilots.rules.quantiles import below, quantile
from engagements.pilots.rules.registration import OutcomeKind, Registration
from engagements.verdicts import Wanted

# From this many people on, t and the normal differ by less than one half percent here; textbooks use the normal.
NORMAL_FROM = 200
HALVINGS = 200
CLOSE = 1e-12


@dataclass(frozen=True)
class Precision:
    """`error_at`: standard error if the effect is of that size (0 or more), in the shown unit; `df` of its t.

    `alpha`: two-sided, of the last look. `level`: percent, of the interval that will be shown. `extra`: how many times
    larger an effect must be because a second test must find it too. `people`, `clusters`: in the arms compared.
    """

    error_at: Callable[[float], float]
    df: float
    alpha: float
    level: float
    people: float
    clusters: int = 0
    treated_clusters: int = 0
    extra: float = 1.0

    def power_at(self, effect: float) -> float:
        """Percent of trials that would find an effect of this size, on its own side. Worked: 0 gives half of alpha."""
        size = abs(effect)
        return 100.0 * below(
            size / self.extra / self.error_at(size) - quantile(1.0 - self.alpha / 2.0, self.df), self.df
        )

    def finds(self, effect: float, power: float) -> bool:
        """Whether `effect` is found in `power` percent of trials or more: what `effect_at` looks for, asked once."""
        return self._errors(power) * self.error_at(effect) <= effect

    def _errors(self, power: float) -> float:
        return self.extra * (quantile(1.0 - self.alpha / 2.0, self.df) + quantile(power / 100.0, self.df))

    def effect_at(self, power: float) -> float:
        """The effect found in `power` percent of trials. Worked: df infinite, alpha .05, 80: 2.801585 errors."""
        multiple = self._errors(power)
        low, high = 0.0, multiple * self.error_at(0.0)
        if self.error_at(high) == self.error_at(0.0):
            return high
        # The error depends on the effect: take the smallest effect that is as many errors as it must be.
        while multiple * self.error_at(high) > high:
            low, high = high, 2.0 * high
        for _ in range(HALVINGS):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if multiple * self.error_at(middle) > middle else (low, middle)
            if high - low <= CLOSE * high:
                break
        return high


def df_of_two_arms(people: float) -> float:
    """For two independent arms: people - 2 while they are few, else the normal."""
    return inf if people >= NORMAL_FROM else max(people - 2.0, 1.0)


def variances_of(registration: Registration, r2: float) -> Callable[[float], tuple[float, float]]:
    """Variances of one person's outcome (untreated, treated) if the effect is of that size, in the shown unit.

    For a share both depend on it: 22 in 100 have an SD of sqrt(22 x 78) = 41.4 points, 32 in 100 one of 46.6. The
    effect is taken in the good direction, and a share ends at 0 and 100.
    """
    assumed, outcome = registration.assumptions, registration.outcome
    if outcome.kind == OutcomeKind.MEAN:
        variance = (1.0 - r2) * float(assumed.sd or 0.0) ** 2
        return lambda effect: (variance, variance)
    base = float(assumed.base_rate or 0.0)
    sign = 1.0 if outcome.better == Wanted.MORE else -1.0

    def variances(effect: float) -> tuple[float, float]:
        reached = min(max(base + sign * effect, 0.0), 100.0)
        return (1.0 - r2) * base * (100.0 - base), (1.0 - r2) * reached * (100.0 - reached)

    return variances
