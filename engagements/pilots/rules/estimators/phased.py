"""Groups start at different times, in a drawn order (a stepped wedge), compared within each period.

In every period the groups that have started are compared with those that have not yet ("vertical"), so that whatever
changes for everybody drops out. The test gives the drawn starts to other groups of the block, as the draw could have,
and counts how often the comparison is as strong: it needs no model of how outcomes of one group hang together over
time. Thompson, Davey, Fielding, Hargreaves and Hayes (2018, Statistics in Medicine) recommend within-period comparisons
with a permutation test, because mixed models reject too often when their correlations are wrong; Hughes, Heagerty, Xia
and Ren (2020, Biometrics) build robust comparisons of the same kind on the drawn order.

Where all groups were measured before the first start, their mean then is adjusted for, with a slope in each period. It
is known before the draw's effect, so the test stays exact, and the interval is shorter.

That test is exact for a program that adds the same in every group and period. Where effects differ it rejects too
often, so there is a second lock: an interval by the spread of groups, with degrees of freedom that say how many groups
carry it. The interval shown is the wider of both.
"""

import numpy as np

from engagements.pilots.rules.data import Floats, PilotData
from engagements.pilots.rules.estimates import Answer, Estimate, Refused
from engagements.pilots.rules.estimators.counted_units import counted, plural
from engagements.pilots.rules.estimators.orders import adjustment, count_orders, group_df, group_error
from engagements.pilots.rules.estimators.panel import build_panel, refuse_gaps
from engagements.pilots.rules.estimators.starts import Whole, find_starts
from engagements.pilots.rules.quantiles import below, quantile
from engagements.pilots.rules.registration import Registration

METHOD = "phased"
LEAST_GROUPS = 3  # of each kind
LEAST_DF = 2.0
CAP_LOW_DF = "So few groups carry the comparison that its error cannot be known."
TINY = 1e-10  # a standard error this small beside the outcomes is rounding


def phased(registration: Registration, data: PilotData, treated: str) -> Answer:
    """Effect of having started, among groups in a drawn order, by two locks: the spread of groups, and counted orders.

    Refuses fewer than 3 groups that had started while others waited, or that waited while others had started; and
    orders so few that p cannot reach .05.
    """
    panel = build_panel(registration, data, treated, METHOD)
    if isinstance(panel, Refused):
        return panel
    starts = find_starts(registration, panel, METHOD)
    if isinstance(starts, Refused):
        return starts
    if refused := refuse_gaps(panel, METHOD):
        return refused
    if refused := _refuse(starts, len(panel.periods), panel.blocks, registration.unit):
        return refused
    alpha = 1 - registration.assumptions.level / 100
    first = int(starts.min())
    earlier = panel.means[:, :first].mean(axis=1) if first else None
    basis = adjustment(panel.blocks, earlier)
    later, waves = panel.means[:, first:], starts - first
    found = count_orders(later, waves, panel.blocks, earlier, alpha)
    if len(panel.groups) - basis.shape[1] < 2 or not np.isfinite([found.low, found.high]).all():
        return Refused(
            METHOD,
            f"{len(panel.groups)} groups could start in so few orders that chance could explain any result.",
            "More groups, or more different starts, so that at least 20 orders are possible.",
        )
    had = _left((np.arange(later.shape[1]) >= waves[:, None]).astype(float), basis)
    error = float(group_error(_left(later, basis), had, (basis**2).sum(axis=1)))
    df = float(group_df(had, basis @ basis.T))
    reach = quantile(1 - alpha / 2, df) * error
    if not error > TINY * float(np.abs(panel.means).max()):
        return Refused(METHOD, "Every group changed by the same amount.", "Outcomes that vary.")
    return Estimate(
        method=METHOD,
        value=found.value,
        standard_error=error,
        low=min(found.low, found.value - reach),
        high=max(found.high, found.value + reach),
        level=registration.assumptions.level,
        df=df,
        p=2 * below(-abs(found.value) / error, df),
        attainable_p=found.attainable_p,
        second=found.as_second_test(),
        people=panel.largest_count,
        units=len(panel.groups),
        caps=(CAP_LOW_DF,) if df < LEAST_DF else (),
        notes=(f"Every {registration.unit} counts the same, whatever its size.",),
        details={
            "different_starts": float(np.unique(starts).size),
            "periods_before_first_start": float(first),
            "is_adjusted_for_earlier_mean": "yes" if first else "no",
        },
    )


def _left(values: Floats, basis: Floats) -> Floats:
    """What the columns of `basis` leave of groups x periods."""
    return values - basis @ (basis.T @ values)


def _refuse(starts: Whole, periods: int, blocks: tuple[str, ...], unit: str) -> Refused | None:
    had, waited = _compared(starts, periods, blocks)
    if not had:
        return Refused(
            METHOD, "No period has groups with and without the program.", "Periods in which some groups still wait."
        )
    if min(had, waited) >= LEAST_GROUPS:
        return None
    reason = (
        f"Only {counted(had, unit)} had started while others waited."
        if had <= waited
        else f"Only {counted(waited, unit)} waited while others had started."
    )
    return Refused(METHOD, reason, f"At least {LEAST_GROUPS} {plural(unit)} of each kind.")


def _compared(starts: Whole, periods: int, blocks: tuple[str, ...]) -> tuple[int, int]:
    """How many groups had the program, and how many had not, in some period in which their block has both.

    Worked: starts 0, 1, 2 of one block -> 2 and 2: when the last one starts, nobody waits.
    """
    has_it, labels = np.arange(periods) >= starts[:, None], np.array(blocks)
    had = waited = 0
    for block in sorted(set(blocks)):
        own = has_it[labels == block]
        mixed = own.any(axis=0) & ~own.all(axis=0)
        had += int((own & mixed).any(axis=1).sum())
        waited += int((~own & mixed).any(axis=1).sum())
    return had, waited
