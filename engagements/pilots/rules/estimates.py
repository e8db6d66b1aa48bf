"""What an estimator returns: a number with its interval and its tests, or a refusal that says what would be needed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engagements.pilots.rules.registration import Outcome, OutcomeKind
from engagements.verdicts import Verdict


@dataclass(frozen=True)
class SecondTest:
    """The second lock. `attainable_p`: the smallest p this design can give; `exact`: all patterns were counted."""

    name: str  # "randomization" or "wild"
    p: float
    attainable_p: float
    draws: int
    exact: bool
    low: float | None = None  # of the interval by inverting it, where that was done
    high: float | None = None


@dataclass(frozen=True)
class Estimate:
    """`value`, `standard_error`, `low`, `high` in the shown unit (points for a share). `level` in percent, as shown.

    `df`: None for a normal or exact reference. `p`: two-sided, of no effect. `attainable_p`: smallest possible p, None
    where any p is possible. `caps`: reasons, each a sentence, why no verdict but "cannot tell" may rest on it.
    `details`: numbers that a reader may check, by name (joint pre-trend p, weights, F of the first stage).
    """

    method: str
    value: float
    standard_error: float | None
    low: float
    high: float
    level: float
    df: float | None
    p: float | None
    attainable_p: float | None = None
    second: SecondTest | None = None
    people: int = 0  # 0: not told
    units: int = 0  # persons, pairs or clusters that count as independent
    caps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    details: Mapping[str, float | str | list[float] | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """No estimate is possible. `reason`: what is so; `needed`: what would have to be."""

    method: str
    reason: str
    needed: str


Answer = Estimate | Refused


@dataclass(frozen=True)
class Attrition:
    """Percent of those drawn whose outcome is missing, by arm key; `gap` in points, treated minus comparison."""

    lost: Mapping[str, float]
    gap: float
    needs_bounds: bool


@dataclass(frozen=True)
class Bounds:
    """Lee bounds with their own interval, in the shown unit. `level`: of the interval, in percent: the method's."""

    low: float
    high: float
    interval_low: float
    interval_high: float
    level: float = 95.0


@dataclass(frozen=True)
class SampleRatio:
    """Whether the arms have the sizes that were drawn: chi-squared. Blocks a verdict under .001."""

    p: float
    drawn: Mapping[str, float]
    came: Mapping[str, float]


@dataclass(frozen=True)
class BalanceRow:
    """One covariate before the program, by arm; `standardized`: the gap in standard deviations; `missing`: percent."""

    name: str
    treated: float
    comparison: float
    standardized: float | None
    missing: float = 0.0


@dataclass(frozen=True)
class Balance:
    """Shown, never deciding: some imbalance by chance is expected. `p`: of all covariates together."""

    rows: tuple[BalanceRow, ...]
    p: float | None


@dataclass(frozen=True)
class NamedEstimate:
    """A secondary, subgroup, city or exploratory estimate. `adjusted_p`: Holm if registered, else BH."""

    name: str
    answer: Answer
    adjusted_p: float | None = None
    is_registered: bool = False


@dataclass(frozen=True)
class Pooled:
    """Several cities: how much their effects differ. `tau`: standard deviation of effects; `q_p`: of Cochran's Q.

    `value`, `low`, `high`: the mean effect of cities like these (random effects), beside the registered estimate.
    """

    cities: tuple[NamedEstimate, ...]
    tau: float
    q_p: float
    prediction_low: float | None
    prediction_high: float | None
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Finding:
    """All that one analysis says. `shown_low`, `shown_high`: the interval of the verdict, after every union."""

    primary: Answer
    shown_low: float | None
    shown_high: float | None
    verdict: Verdict
    sentence: str
    reasons: tuple[str, ...]
    strength: str  # "registered trial", "registered comparison" or "exploratory"
    detectable: float | None  # smallest effect it could detect, in the shown unit
    take_up: float | None = None  # percent of the offered who took part
    on_takers: Estimate | None = None  # TOT
    attrition: Attrition | None = None
    bounds: Bounds | None = None
    sample_ratio: SampleRatio | None = None
    pooled: Pooled | None = None
    secondary: tuple[NamedEstimate, ...] = ()
    subgroups: tuple[NamedEstimate, ...] = ()
    specifications: tuple[NamedEstimate, ...] = ()  # all other methods tried: exploratory
    balance: Balance | None = None


def scale_of(outcome: Outcome) -> float:
    """What a collected value is multiplied by to be shown: 100 for a share, whose unit is percentage points."""
    return 100.0 if outcome.kind == OutcomeKind.SHARE else 1.0
