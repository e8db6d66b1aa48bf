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
often, so there is a second lock: an interval by the spread of groups. The interval shown is the wider of both.
"""

import numpy as np

from engagements.pilots.rules.data import Floats, PilotData
from engagements.pilots.rules.estimates import Answer, Estimate, Refused
from engagements.pilots.rules.estimators.orders import adjustment, count_orders, group_error
from engagements.pilots.rules.estimators.panel import build_panel, refuse_gaps
from engagements.pilots.rules.estimators.starts import Whole, find_starts
from engagements.pilots.rules.quantiles import below, quantile
from engagements.pilots.rules.registration import Registration

METHOD = "phased"
TINY = 1e-10  # a standard error this small beside the outcomes is rounding


def phased(registration: Registration, data: PilotData, treated: str) -> Answer:
    """Effect of having started, among groups in a drawn order, by two locks: the spread of groups, and counted orders.

    Refuses orders so few that p cannot reach .05, and data in which no period has groups of both kinds.
    """
    panel = build_panel(registration, data, treated, METHOD)
    if isinstance(panel, Refused):
        return panel
    starts = find_starts(registration, panel, METHOD)
    if isinstance(starts, Refused):
        return starts
    if refused := refuse_gaps(panel, METHOD):
        return refused
    if not _is_mixed(starts, panel.blocks):
        return Refused(
            METHOD, "No period has groups with and without the program.", "Periods in which some groups still wait."
        )
    alpha = 1 - registration.assumptions.level / 100
    first = int(starts.min())
    earlier = panel.means[:, :first].mean(axis=1) if first else None
    basis = adjustment(panel.blocks, earlier)
    later, waves = panel.means[:, first:], starts - first
    found = count_orders(later, waves, panel.blocks, earlier, alpha)
    df = len(panel.groups) - basis.shape[1] - 1
    if df < 1 or not np.isfinite([found.low, found.high]).all():
        return Refused(
            METHOD,
            f"{len(panel.groups)} groups could start in so few orders that chance could explain any result.",
            "More groups, or more different starts, so that at least 20 orders are possible.",
        )
    had = (np.arange(later.shape[1]) >= waves[:, None]).astype(float)
    error = float(group_error(_left(later, basis), _left(had, basis), (basis**2).sum(axis=1)))
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
        df=float(df),
        p=2 * below(-abs(found.value) / error, df),
        attainable_p=found.attainable_p,
        second=found.as_second_test(),
        people=panel.largest_count,
        units=len(panel.groups),
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


def _is_mixed(starts: Whole, blocks: tuple[str, ...]) -> bool:
    """Whether some block has groups that start at different periods, or never."""
    labels = np.array(blocks)
    return any(np.unique(starts[labels == block]).size > 1 for block in set(blocks))
