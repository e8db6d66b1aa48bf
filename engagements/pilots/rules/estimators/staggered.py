"""Groups that started at different times which nobody drew: effects by cohort of Callaway and Sant'Anna (2021).

Groups are compared with those that never start, or have not started yet; never with groups that started earlier, whose
own effect may still grow (which is what two-way fixed effects do). The estimate is that of Callaway and Sant'Anna; the
error is our own, for theirs is far too small where few groups start together (`cohorts.effect_of`). A second test gives
the starts to other groups. Both must agree before anything is called an effect. As in difference-in-differences, the
periods before are tested, and drift as large as then is allowed for (`cohorts_before`).
"""

import numpy as np

from engagements.pilots.rules.data import Floats, PilotData
from engagements.pilots.rules.estimates import Answer, Estimate, Refused
from engagements.pilots.rules.estimators.assignments import reassign
from engagements.pilots.rules.estimators.cohorts import effect_of, weigh_cells, weigh_cohort
from engagements.pilots.rules.estimators.cohorts_before import allow_for_drift, compared_starts, moved_apart_p
from engagements.pilots.rules.estimators.counted_units import counted
from engagements.pilots.rules.estimators.panel import Flags, Panel, build_panel, refuse_gaps
from engagements.pilots.rules.estimators.permuted import Permuted, invert
from engagements.pilots.rules.estimators.starts import Whole, find_starts
from engagements.pilots.rules.estimators.time_before import Details, read_before
from engagements.pilots.rules.registration import Registration

METHOD = "staggered"
LEAST_GROUPS = 3  # that started, and that did not
ENOUGH_GROUPS = 20
MOST_ALONE = 0.25  # of the groups that started
CAP_FEW_BEFORE = "Fewer than 3 periods before the first start were measured."
CAP_FEW_GROUPS = "Fewer than 20 groups were compared, for which this method is not tried."
CAP_ALONE = "More than a quarter of the groups started alone, so that their spread is not known."


def staggered(registration: Registration, data: PilotData, treated: str) -> Answer:
    """The mean effect over all groups and periods that had the program, each group and period counting the same.

    `details`: `groups_started`, `groups_waiting` (never started), `starts` and `by_start` (the effect of each cohort);
    of the time before `pre_trend_p` of the joint test and its df, `periods_before` (the earliest start), and with 3 or
    more of them `sensitivity_low`, `sensitivity_high` (at M = `limits.earlier_drift`, which a verdict unites with the
    estimate's interval) and `largest_earlier_drift`. One start for all is refused: differences compare that. Groups
    that started in the first period are left out, and give no second start.
    """
    panel = build_panel(registration, data, treated, METHOD)
    if isinstance(panel, Refused):
        return panel
    starts = find_starts(registration, panel, METHOD)
    if isinstance(starts, Refused):
        return starts
    if refused := _refuse(panel, starts):
        return refused
    from scipy import stats

    level, last = registration.assumptions.level, len(panel.periods)
    keep = starts > 0  # the others were never measured without it
    means, starts = panel.means[keep], starts[keep]
    found = effect_of(means, starts)
    value, error, df = float(found.value), float(found.error), float(found.df)
    if not error > 0:
        return Refused(METHOD, "Groups that started together changed by the same amount.", "Outcomes that differ.")
    reach = float(stats.t.ppf(0.5 + level / 200, df)) * error
    second = count_reassigned(means, starts, 1 - level / 100)
    started = starts[starts < last]
    before, early = _before(registration, means, starts)
    alone = sum(int((started == start).sum()) == 1 for start in np.unique(started))
    caps = [
        *([CAP_FEW_GROUPS] if starts.size < ENOUGH_GROUPS else []),
        *([CAP_ALONE] if alone > MOST_ALONE * started.size else []),
        *early,
    ]
    return Estimate(
        method=METHOD,
        value=value,
        standard_error=error,
        low=value - reach,
        high=value + reach,
        level=level,
        df=df,
        p=float(2 * stats.t.sf(abs(value) / error, df)),
        second=second.as_second_test(),
        people=panel.largest_count,
        units=starts.size,
        caps=tuple(caps),
        details=_details(panel, means, starts) | before,
    )


def count_reassigned(means: Floats, starts: Whole, alpha: float = 0.05) -> Permuted:
    """The same starts given to other groups; an effect that is the same everywhere is taken off to invert the test.

    Weights of outcomes depend on a group's start alone, so every reassignment is a sum of looked-up products.
    """
    periods = means.shape[1]
    weights = weigh_cells(starts, periods)
    if weights is None:
        raise ValueError("no cohort can be compared")
    had = (np.arange(periods) >= starts[:, None]).astype(float)
    kinds, first, kind = np.unique(starts, return_index=True, return_inverse=True)
    orders = reassign(kind, ("",) * starts.size)
    groups = np.arange(starts.size)
    values, slopes = ((weights[first] @ of.T)[orders.starts, groups].sum(axis=1) for of in (means, had))
    return invert(float((weights * means).sum()), float((weights * had).sum()), values, slopes, orders.exact, alpha)


def _before(registration: Registration, means: Floats, starts: Whole) -> tuple[Details, list[str]]:
    times, alpha = registration.limits.earlier_drift, 1 - registration.assumptions.level / 100
    return read_before(
        compared_starts(starts, means.shape[1])[0],
        moved_apart_p(means, starts),
        times,
        lambda: allow_for_drift(means, starts, times, alpha),
        CAP_FEW_BEFORE,
    )


def _refuse(panel: Panel, starts: Whole) -> Refused | None:
    last = len(panel.periods)
    started = int(((starts > 0) & (starts < last)).sum())
    waiting: Flags = starts == last
    if weigh_cells(starts, last) is None:
        return Refused(
            METHOD,
            "In no period were there groups without the program to compare with.",
            "Groups that never start, or start later, measured in the same periods.",
        )
    others = int(waiting.sum()) or int((starts > starts[starts > 0].min()).sum())
    if min(started, others) < LEAST_GROUPS:
        return Refused(
            METHOD,
            f"Only {counted(started, 'group')} started, and {counted(others, 'other')} can be compared with"
            f" {'it' if started == 1 else 'them'}.",
            f"At least {LEAST_GROUPS} of each kind.",
        )
    if np.unique(starts[(starts > 0) & (starts < last)]).size == 1:  # the first period's have nothing before
        return Refused(
            METHOD, "All groups that got the program started together.", "The design “differences”, for one start."
        )
    return refuse_gaps(panel, METHOD)


def _details(panel: Panel, means: Floats, starts: Whole) -> Details:
    last = len(panel.periods)
    cohorts = [int(start) for start in np.unique(starts[starts < last])]
    weighed = [(start, *weigh_cohort(starts, start, last)) for start in cohorts]
    compared = [(panel.periods[start], float((weights * means).sum())) for start, weights, cells in weighed if cells]
    return {
        "groups_started": float((starts < last).sum()),
        "groups_waiting": float((starts == last).sum()),
        "starts": ", ".join(start for start, _ in compared),
        "by_start": [effect for _, effect in compared],
    }
