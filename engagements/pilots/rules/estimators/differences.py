"""Difference-in-differences: groups that got the program at one time, against groups that did not.

Each group gives its mean after minus its mean before; the effect is the treated groups' mean change minus the others'.
On these changes, one per group, stand the two locks of designs that draw whole groups, at their levels (`locks`): CR2
with Satterthwaite's df, and randomization or the wild bootstrap. So periods of a group may hang together in any way.
What the design cannot know - whether both kinds would have moved alike - is tested on the periods before, and allowed
for by `sensitivity`.
"""

import numpy as np

from engagements.pilots.rules.data import Floats, PilotData
from engagements.pilots.rules.estimates import Answer, Estimate, Refused
from engagements.pilots.rules.estimators.changes import (
    changes_of,
    difference_of_means,
    earlier_changes_p,
    since_last_before,
)
from engagements.pilots.rules.estimators.cluster_fit import fit
from engagements.pilots.rules.estimators.cluster_sums import ClusterSums
from engagements.pilots.rules.estimators.clusters import second_test
from engagements.pilots.rules.estimators.counted_units import counted, plural
from engagements.pilots.rules.estimators.locks import lock_for
from engagements.pilots.rules.estimators.panel import Flags, Panel, build_panel, refuse_gaps
from engagements.pilots.rules.estimators.sensitivity import allow_for_drift, span_length
from engagements.pilots.rules.estimators.starts import split_periods
from engagements.pilots.rules.estimators.time_before import Details, read_before
from engagements.pilots.rules.quantiles import below, quantile
from engagements.pilots.rules.registration import Registration

METHOD = "differences"
LEAST_GROUPS = 3  # of each kind
LEAST_DF = 2.0
TINY = 1e-10  # a standard error this small beside the outcomes is rounding
CAP_FEW_BEFORE = "Fewer than 3 periods before the program were measured."
CAP_LOW_DF = "So few groups carry the comparison that its error cannot be known."
CAP_UNREACHABLE = "With so few groups the second test can never be passed."


def differences(registration: Registration, data: PilotData, treated: str) -> Answer:
    """Effect per group of the mean after minus the mean before, with all that is known about the time before.

    The interval is the wider of both locks. `details`: `pre_trend_p` of the joint test and its df, `periods_before`,
    `periods_after`; with 3 or more periods before `sensitivity_low`, `sensitivity_high` (the interval at M =
    `limits.earlier_drift`, which a verdict unites with the estimate's) and `largest_earlier_drift`; for a picture
    `periods` and `gap`, `gap_low`, `gap_high`, the difference since the last period before.
    """
    panel = build_panel(registration, data, treated, METHOD)
    if isinstance(panel, Refused):
        return panel
    first = split_periods(registration, panel, METHOD)
    if isinstance(first, Refused):
        return first
    is_treated = panel.is_treated
    if refused := _refuse(panel, is_treated, first, registration.unit):
        return refused
    changes = changes_of(panel.means, first)
    sums = sums_of_changes(changes, is_treated)
    found = fit(sums)
    value, error, df = float(sums.effect), float(found.standard_error), float(found.df)
    if not error > TINY * float(np.abs(panel.means).max()):
        return Refused(METHOD, "Every group of a kind changed by the same amount.", "Outcomes that vary.")
    lock = lock_for(sums, 1 - registration.assumptions.level / 100)
    second = second_test(sums, found, lock)
    reach = quantile(1 - lock.alpha / 2, df) * error
    details, caps = _before(registration, panel, is_treated, first, lock.alpha)
    caps += [CAP_LOW_DF] * (df < LEAST_DF) + [CAP_UNREACHABLE] * (not lock.is_reachable)
    return Estimate(
        method=METHOD,
        value=value,
        standard_error=error,
        low=min(value - reach, value - reach if second.low is None else second.low),
        high=max(value + reach, value + reach if second.high is None else second.high),
        level=round(100 * (1 - lock.alpha), 6),
        df=df,
        p=2 * below(-abs(value) / error, df),
        attainable_p=second.attainable_p,
        second=second,
        people=panel.largest_count,
        units=len(panel.groups),
        caps=tuple(caps),
        notes=_notes(registration.unit, lock.alpha, lock.is_lowered, first, len(panel.periods)),
        details=details | _event_study(panel, is_treated, first, lock.alpha),
    )


def sums_of_changes(changes: Floats, is_treated: Flags) -> ClusterSums:
    """Groups' changes as clusters of one person each: every group counts the same. Leading axes stay."""
    return ClusterSums(is_treated, np.zeros(is_treated.size, dtype=np.int64), np.ones(is_treated.size), changes)


def _refuse(panel: Panel, is_treated: Flags, first: int, unit: str) -> Refused | None:
    offered, others = int(is_treated.sum()), int((~is_treated).sum())
    each = f"At least {LEAST_GROUPS} {plural(unit)} of each kind."
    if not others:
        return Refused(METHOD, "Nobody was left without the program to compare with.", each)
    if min(offered, others) < LEAST_GROUPS:
        few, what = (offered, "got") if offered <= others else (others, "did not get")
        return Refused(METHOD, f"Only {counted(few, unit)} {what} the program.", each)
    if not 0 < first < len(panel.periods):
        return Refused(
            METHOD, "The data do not reach from before the program to after its start.", "Periods before and after."
        )
    return refuse_gaps(panel, METHOD)


def _before(
    registration: Registration, panel: Panel, is_treated: Flags, first: int, alpha: float
) -> tuple[Details, list[str]]:
    times = registration.limits.earlier_drift
    details, caps = read_before(
        first,
        earlier_changes_p(panel.means, is_treated, first) if first > 1 else None,
        times,
        lambda: allow_for_drift(panel.means, is_treated, first, times, alpha),
        CAP_FEW_BEFORE,
    )
    return {**details, "periods_after": float(len(panel.periods) - first)}, caps


def _notes(unit: str, alpha: float, is_lowered: bool, first: int, periods: int) -> tuple[str, ...]:
    notes = [f"Every {unit} counts the same, whatever its size."]
    if is_lowered:
        notes.append(f"The interval is at {100 * (1 - alpha):.3g} percent, because few {plural(unit)} are compared.")
    length = span_length(first, periods)
    if length > 1:
        notes.append(f"Earlier drift is measured between spans of {length} periods.")
    return tuple(notes)


def _event_study(panel: Panel, is_treated: Flags, first: int, alpha: float) -> Details:
    """The difference in each period, measured from the last one before the program, with its own interval."""
    found = difference_of_means(np.swapaxes(since_last_before(panel.means, first), 0, 1), is_treated)
    reach = quantile(1 - alpha / 2, found.df) * found.error
    return {
        "periods": ", ".join(panel.periods),
        "gap": found.value.tolist(),
        "gap_low": (found.value - reach).tolist(),
        "gap_high": (found.value + reach).tolist(),
    }
