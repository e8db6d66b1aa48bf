"""Interrupted time series with a comparison series: how far the difference of the two left its earlier line.

The outcome is the treated series minus the comparison series, period by period. It has a line before the program; from
its start a step and another slope. The effect is the step: how far the difference jumped when the program started. A
program that works slowly shows in the change of slope, which is told beside it and decides nothing. The mean distance
from the earlier line over all periods after would be more useful, but no rule tried keeps its error: continuing a line
far makes slow drift look like an effect (up to 7 of 100 with a random walk, and intervals twice as wide).

HAC errors (Newey-West) are not offered: with these lengths they call chance an effect 11 to 31 times in 100. Instead
the errors follow an AR(1), and the autocorrelation is never taken for known: the interval reaches from the lowest to
the highest end over all values inside its 95% likelihood range, with t(N - 5).
"""

from dataclasses import dataclass

import numpy as np

from engagements.pilots.rules.data import Floats, PilotData
from engagements.pilots.rules.estimates import Answer, Estimate, Refused
from engagements.pilots.rules.estimators.autoregression import fit_all
from engagements.pilots.rules.estimators.panel import Flags, Panel, build_panel, refuse_gaps
from engagements.pilots.rules.estimators.periods import are_evenly_spaced
from engagements.pilots.rules.estimators.starts import split_periods
from engagements.pilots.rules.registration import Registration

METHOD = "series"
LEAST_PERIODS = 12  # before, and after
STEP, SLOPE = 2, 3  # columns of `design_of`
TINY = 1e-9
CAP_NO_COMPARISON = "There is no comparison series."


@dataclass(frozen=True)
class SeriesFit:
    """`low`, `high`: over the plausible autocorrelations. Leading axes stay."""

    value: Floats
    error: Floats
    low: Floats
    high: Floats
    p: Floats
    autocorrelation: Floats
    least: Floats
    most: Floats
    df: int


def series(registration: Registration, data: PilotData, treated: str) -> Answer:
    """The step of the difference of two series at the registered start. Each arm's groups count the same.

    Without a comparison series the treated one is fitted alone, and no verdict may rest on it. `details`:
    `autocorrelation` and its plausible range, `slope_change` per period, `periods`, `difference` (the series).
    """
    panel = build_panel(registration, data, treated, METHOD)
    if isinstance(panel, Refused):
        return panel
    first = split_periods(registration, panel, METHOD)
    if isinstance(first, Refused):
        return first
    is_treated = panel.is_treated
    if refused := _refuse(panel, is_treated, first):
        return refused
    has_comparison = bool((~is_treated).any())
    shown = panel.means[is_treated].mean(axis=0)
    if has_comparison:
        shown = shown - panel.means[~is_treated].mean(axis=0)
    level = registration.assumptions.level
    step = fit_series(shown, first, alpha=1 - level / 100)
    if not float(step.error) > TINY * float(np.abs(panel.means).max()):
        return Refused(METHOD, "The series follow straight lines without any noise.", "Outcomes as they were measured.")
    slope = fit_series(shown, first, column=SLOPE, alpha=1 - level / 100)
    return Estimate(
        method=METHOD,
        value=float(step.value),
        standard_error=float(step.error),
        low=float(step.low),
        high=float(step.high),
        level=level,
        df=float(step.df),
        p=float(step.p),
        people=panel.largest_count,
        units=len(panel.periods),
        caps=() if has_comparison else (CAP_NO_COMPARISON,),
        notes=("The effect is the step when the program started; a slow change after it is told apart.",),
        details={
            "autocorrelation": float(step.autocorrelation),
            "autocorrelation_range": [float(step.least), float(step.most)],
            "slope_change": float(slope.value),
            "slope_change_range": [float(slope.low), float(slope.high)],
            "periods_before": float(first),
            "periods_after": float(len(panel.periods) - first),
            "periods": ", ".join(panel.periods),
            "difference": shown.tolist(),
        },
    )


def _refuse(panel: Panel, is_treated: Flags, first: int) -> Refused | None:
    before, after = first, len(panel.periods) - first
    if not is_treated.any():
        return Refused(METHOD, "No series of the program was measured.", "Outcomes with the program in every period.")
    if min(before, after) < LEAST_PERIODS:
        periods = "period" if before == 1 else "periods"
        return Refused(
            METHOD,
            f"Only {before} {periods} before the program and {after} after its start were measured.",
            f"At least {LEAST_PERIODS} of each.",
        )
    if not are_evenly_spaced(panel.numbers):
        return Refused(METHOD, "The periods are not evenly spaced.", "Every period between the first and the last.")
    return refuse_gaps(panel, METHOD)


def design_of(before: int, after: int) -> Floats:
    """Columns 1, time, program, program x time since its start: line before, step, change of slope."""
    time = np.arange(before + after, dtype=float) - before
    program = (time >= 0).astype(float)
    return np.column_stack([np.ones_like(time), time, program, program * time])


def fit_series(outcomes: Floats, before: int, column: int = STEP, alpha: float = 0.05) -> SeriesFit:
    """`outcomes`: (..., periods), the difference of the two series."""
    from scipy import stats

    fits = fit_all(outcomes, design_of(before, outcomes.shape[-1] - before), column)
    df = fits.df - 1  # the autocorrelation is the fifth number taken from the data
    plausible = fits.plausible
    reach = stats.t.ppf(1 - alpha / 2, df) * fits.error
    best = fits.best[None]
    strength = np.where(plausible, np.abs(fits.value) / fits.error, np.inf).min(axis=0)
    grid = fits.grid.reshape(-1, *([1] * (outcomes.ndim - 1)))
    return SeriesFit(
        value=np.take_along_axis(fits.value, best, 0)[0],
        error=np.take_along_axis(fits.error, best, 0)[0],
        low=np.where(plausible, fits.value - reach, np.inf).min(axis=0),
        high=np.where(plausible, fits.value + reach, -np.inf).max(axis=0),
        p=2 * stats.t.sf(strength, df),
        autocorrelation=fits.grid[fits.best],
        least=np.where(plausible, grid, np.inf).min(axis=0),
        most=np.where(plausible, grid, -np.inf).max(axis=0),
        df=df,
    )
