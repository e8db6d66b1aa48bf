"""Power by simulation, where no formula fits: the registered method on made-up trials, read as a verdict reads it.

Slow (seconds to minutes): a job runs it, shows its progress and may end it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

from numpy.random import PCG64, Generator

from engagements.pilots.rules.estimates import Answer, Estimate, Refused
from engagements.pilots.rules.estimators.counted_units import plural
from engagements.pilots.rules.estimators.looks import at_end
from engagements.pilots.rules.estimators.methods import method_of
from engagements.pilots.rules.estimators.time_before import MOVING_APART
from engagements.pilots.rules.power.designs import refused_numbers
from engagements.pilots.rules.power.made_trials import Layout, groups_of, lay_out, make_cells
from engagements.pilots.rules.registration import OVER_TIME, DesignKind, OutcomeKind, Registration
from engagements.pilots.rules.shown_interval import shown_interval
from engagements.pilots.rules.spoken_numbers import speak
from engagements.verdicts import Wanted

METHOD = "simulated power"
SEED = 20_261_130
TRIALS = 500
SHARES_OF_WORTHWHILE = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0)
ROUNDING = 1e-9


@dataclass(frozen=True)
class SimulatedPower:
    """`curve`: (effect in the shown unit, percent of trials that find it). `detectable`: where it reaches the asked
    power, between two effects tried on a straight line; None if none did. `error`: of a percentage near the asked
    power, in points. `held_back`: percent of trials without an effect that may say no more than "cannot tell".
    `refused`: of the method, where every trial was. `sentence`: for the page."""

    curve: tuple[tuple[float, float], ...]
    detectable: float | None
    trials: int
    error: float
    held_back: float
    sentence: str


def simulate_power(
    registration: Registration,
    trials: int = TRIALS,
    effects: Sequence[float] = (),
    *,
    tell: Callable[[int, int], None] = lambda done, total: None,
    is_canceled: Callable[[], bool] = lambda: False,
) -> SimulatedPower | Refused | None:
    """None if canceled. `effects`: 0 or more, in the shown unit; else none to three times the smallest worthwhile.

    `tell(done, total)` counts analyses. Refused where something is missing, or the method refuses the first trial: then
    it would refuse the pilot. The same registration gives the same numbers.
    """
    if refused := _lacks(registration):
        return refused
    tried = sorted(effects) or [share * registration.smallest_worthwhile for share in SHARES_OF_WORTHWHILE]
    layout, method = lay_out(at_end(registration)), method_of(registration.estimator)
    treated, total = registration.arms[1].key, trials * len(tried)
    found, held_back = [0] * len(tried), 0
    for trial in range(trials):
        for place, effect in enumerate(tried):
            if is_canceled():
                return None
            # The same groups and shocks at every effect, so that the curve is smooth.
            cells = make_cells(layout, effect, Generator(PCG64((SEED, trial))))
            answer = method(layout.registration, cells, treated)
            if isinstance(answer, Refused) and not trial:
                return answer
            found[place] += finds_gain(layout.registration, answer)
            held_back += place == 0 and is_held_back(answer)
            tell(trial * len(tried) + place + 1, total)
    curve = tuple((effect, 100.0 * hits / trials) for effect, hits in zip(tried, found, strict=True))
    return _summary(registration, layout, curve, trials, 100.0 * held_back / trials)


def is_held_back(answer: Answer) -> bool:
    """Whether a verdict may say no more than "cannot tell"."""
    if isinstance(answer, Refused) or answer.caps:
        return True
    earlier = answer.details.get("pre_trend_p")
    return isinstance(earlier, float) and earlier < MOVING_APART


def finds_gain(registration: Registration, answer: Answer) -> bool:
    """Whether the interval shown is beyond 0 in the good direction, and the second test agrees."""
    if is_held_back(answer) or not isinstance(answer, Estimate):
        return False
    shown, second = shown_interval(registration, answer, None, None), answer.second
    agrees = second is None or second.p <= 1.0 - answer.level / 100.0 + ROUNDING
    return agrees and (shown.low > 0.0 if registration.outcome.better == Wanted.MORE else shown.high < 0.0)


def _lacks(registration: Registration) -> Refused | None:
    assumed = registration.assumptions
    if registration.design not in OVER_TIME | {DesignKind.CLUSTERS}:
        return Refused(METHOD, "A formula holds for this design.", "The smallest effect by formula, which is shown.")
    needed = []
    if registration.outcome.kind == OutcomeKind.SHARE and not (assumed.base_rate and 0.0 < assumed.base_rate < 100.0):
        needed.append("how many in 100 have the outcome without the program")
    if registration.outcome.kind == OutcomeKind.MEAN and not (assumed.sd and assumed.sd > 0.0):
        needed.append("the standard deviation of the outcome")
    if not assumed.people:
        needed.append("the number of people measured in each period")
    if not sum(groups_of(registration)):
        needed.append(f"the number of {plural(registration.unit)}")
    if registration.design in OVER_TIME and not (assumed.periods_before is not None and assumed.periods_after):
        needed.append("the number of periods before and after the start")
    if needed:
        return Refused(METHOD, "It is too early to simulate this test.", f"Still needed: {'; '.join(needed)}.")
    return refused_numbers(registration, METHOD)


def _summary(
    registration: Registration, layout: Layout, curve: tuple[tuple[float, float], ...], trials: int, held_back: float
) -> SimulatedPower:
    power = registration.assumptions.power
    detectable = _crossing(curve, power)
    error = 100.0 * sqrt(power / 100.0 * (1.0 - power / 100.0) / trials)
    sentence = _sentence(registration, layout, curve, detectable)
    return SimulatedPower(curve, detectable, trials, error, held_back, sentence)


def _crossing(curve: Sequence[tuple[float, float]], power: float) -> float | None:
    for (low, less), (high, more) in zip(curve, curve[1:], strict=False):
        if less < power <= more:
            return low + (high - low) * (power - less) / (more - less)
    return None


def _sentence(
    registration: Registration, layout: Layout, curve: Sequence[tuple[float, float]], detectable: float | None
) -> str:
    worth, largest = registration.smallest_worthwhile, curve[-1][0]
    shown = detectable if detectable is not None else largest
    spoken = speak(registration.outcome, (shown, worth), (0.0,))
    per = " in 100" if spoken.is_share else ""
    over = f" over {layout.periods} periods" if layout.periods > 1 else ""
    begin = f"In simulated trials like this one ({len(layout.starts)} groups{over})"
    if detectable is None:
        often = f"{registration.assumptions.power:g} of 100 trials"
        return f"{begin} not even an effect of {spoken.size(largest)}{per} is found in {often}."
    verb = "cannot be detected reliably" if detectable > worth else "or more can be detected"
    size = f"less than {spoken.size(shown)}{per}" if detectable > worth else f"{spoken.size(shown)}{per}"
    return f"{begin} {size} {verb}; you said {spoken.size(worth)}{per} would be worth it."
