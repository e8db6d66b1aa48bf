"""Groups start at different times, in a drawn order (a stepped wedge), compared within each period.

In every period the groups that have started are compared with those that have not yet ("vertical"), so that whatever
changes for everybody drops out. The test gives the drawn starts to other groups of the block, as the draw could have,
and counts how often the comparison is as strong: it needs no model of how outcomes of one group hang together over
time. Thompson, Davey, Fielding, Hargreaves and Hayes (2018, Statistics in Medicine) recommend within-period comparisons
with a permutation test, because mixed models reject too often when their correlations are wrong; Hughes, Heagerty, Xia
and Ren (2020, Biometrics) build robust comparisons of the same kind on the drawn order.

Where all groups were measured before the first start, their mean then is adjusted for, with a slope in each period. It
is known before the draw's effect, so the test stays exact, and the interval is shorter.

The test is exact for a program that adds the same in every group and period. Where effects differ, the interval is of a
weighted mean of them, and no longer exact.
"""

import numpy as np

from engagements.pilots.rules.data import PilotData
from engagements.pilots.rules.estimates import Answer, Estimate, Refused
from engagements.pilots.rules.estimators.orders import count_orders
from engagements.pilots.rules.estimators.panel import build_panel, refuse_gaps
from engagements.pilots.rules.estimators.starts import Whole, find_starts
from engagements.pilots.rules.registration import Registration

METHOD = "phased"


def phased(registration: Registration, data: PilotData, treated: str) -> Answer:
    """Effect of having started, among groups whose order was drawn. Interval and p by counting orders of starts.

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
    found = count_orders(panel.means[:, first:], starts - first, panel.blocks, earlier, alpha)
    if not np.isfinite([found.low, found.high]).all():
        return Refused(
            METHOD,
            f"{len(panel.groups)} groups could start in so few orders that chance could explain any result.",
            "More groups, or more different starts, so that at least 20 orders are possible.",
        )
    return Estimate(
        method=METHOD,
        value=found.value,
        standard_error=found.standard_error,
        low=found.low,
        high=found.high,
        level=registration.assumptions.level,
        df=None,
        p=found.p,
        attainable_p=found.attainable_p,
        second=found.as_second_test(),
        people=panel.largest_count,
        units=len(panel.groups),
        details={
            "different_starts": float(np.unique(starts).size),
            "periods_before_first_start": float(first),
            "is_adjusted_for_earlier_mean": "yes" if first else "no",
        },
    )


def _is_mixed(starts: Whole, blocks: tuple[str, ...]) -> bool:
    """Whether some block has groups that start at different periods, or never."""
    labels = np.array(blocks)
    return any(np.unique(starts[labels == block]).size > 1 for block in set(blocks))
