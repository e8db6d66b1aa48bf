"""How alike the arms are as drawn, and whether they have the sizes that the draw should give."""

from dataclasses import dataclass

import numpy as np

from engagements.models import Pilot, PilotUnit
from engagements.pilots.rules.estimates import Balance, SampleRatio
from engagements.pilots.rules.estimators.balance import balance
from engagements.pilots.rules.estimators.sample_ratio import ratio_test
from engagements.pilots.rules.registration import DesignKind, Registration
from engagements.pilots.rules.unit_lists import number_columns


@dataclass(frozen=True)
class DrawBalance:
    """`table`: of the primary contrast, None without numbers. `ratio`: None for phased starts. What is counted there
    are units, or whole groups where these were drawn."""

    table: Balance | None
    ratio: SampleRatio | None
    treated: str
    comparison: str


def draw_balance(pilot: Pilot, plan: Registration) -> DrawBalance:
    """Of a pilot that was drawn. One statement."""
    rows = list(
        PilotUnit.objects.filter(unit_list__pilot=pilot).values_list(
            "city_id", "block", "cluster", "numbers", "assignment__arm"
        )
    )
    comparison, treated = plan.arms[0], plan.arms[1]
    whole_groups = plan.design in (DesignKind.CLUSTERS, DesignKind.PHASED)
    came = {
        arm.key: float(
            len({(city, cluster) for city, _block, cluster, _numbers, got in rows if got == arm.key})
            if whole_groups
            else sum(1 for *_rest, got in rows if got == arm.key)
        )
        for arm in plan.arms
    }
    weights = {arm.key: float(arm.weight) for arm in plan.arms}
    ratio = None if plan.design == DesignKind.PHASED else ratio_test(weights, came)
    two = [row for row in rows if row[4] in (comparison.key, treated.key)]
    names = [name for name in number_columns(plan) if any(name in row[3] for row in two)]
    table = None
    if names and plan.design != DesignKind.PHASED:
        is_treated = np.array([row[4] == treated.key for row in two], dtype=bool)
        values = {name: np.array([row[3].get(name, np.nan) for row in two], dtype=float) for name in names}
        blocks = np.array([f"{row[0]} {row[1]}" for row in two], dtype=object)
        table = balance(values, is_treated, blocks)
    return DrawBalance(table, ratio, treated.name, comparison.name)
