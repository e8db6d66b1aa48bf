"""What an intervention costs in the plan's prices, and what a unit of effect costs."""

import numpy as np

from engagements.plans.arithmetic.interventions import Intervention
from engagements.plans.arithmetic.prices import price_factor
from engagements.plans.arithmetic.quantities import Quantity, certain, no_quantity
from engagements.plans.arithmetic.reach import NO_TAKEUP

COST_AS_PLANNED = "the cost is as planned; how far it may be off is not estimated"
NO_UPPER_BOUND = "no upper bound"
MOST_CHANCE_OF_NO_GAIN = 0.025  # above it the 95% range of the cost of a unit of effect has no upper end


def count_cost(intervention: Intervention, price_year: int) -> Quantity:
    """units x unit cost (x months) x price index of the plan's year / of the cost's year; in dollars.

    Worked: 140 reached x $2,500 of 2006 in prices of 2024: $544,598.
    """
    unit = f"dollars ({price_year} prices)"
    if intervention.cost_usd is None:
        return no_quantity(unit, "no cost is given")
    units = _count_units(intervention)
    if units is None:
        return no_quantity(unit, f"the cost is per person reached, and {NO_TAKEUP}")
    times = 1.0
    if intervention.cost_period == "month":
        assert intervention.duration_months is not None, "Intervention refuses a monthly cost without a duration"
        times = intervention.duration_months
    assert intervention.cost_price_year is not None, "Intervention refuses a cost without its price year"
    each = intervention.cost_usd * price_factor(intervention.cost_price_year, price_year)
    return certain(units * times * each, unit, COST_AS_PLANNED)


def _count_units(intervention: Intervention) -> float | None:
    """How many times the cost is paid: people offered, people reached, or once; None without the planned take-up."""
    if intervention.cost_basis == "total":
        return 1.0
    if intervention.cost_basis == "offered":
        return intervention.offered
    return None if intervention.takeup is None else intervention.offered * intervention.takeup


def chance_of_no_gain(gains: np.ndarray) -> float:
    """Share of draws (D,) at or below 0, in the direction that is wanted."""
    return float(np.mean(gains <= 0))


def cost_per_unit(cost: Quantity, gain: Quantity, gains: np.ndarray | None, *, sign: int = 1) -> Quantity:
    """cost / gain; gains (D,) in the outcome's own direction, sign -1 where lower is better.

    A draw without a gain in the wanted direction counts as infinitely dear. The value is cost / expected gain, its
    range that of cost / draw: never the ratio of two ranges. When more than 2.5% of draws gain nothing there is no
    upper end, and no value is printed either.
    """
    unit = f"{cost.unit} for each of: {gain.unit}"
    if cost.value is None:
        return no_quantity(unit, cost.reason)
    if gain.value is None or gains is None:
        return no_quantity(unit, f"no cost per unit: {gain.reason}")
    wanted = sign * gains
    least, most = (float(q) for q in np.quantile(wanted, [0.025, 0.975]))
    if most <= 0:
        return no_quantity(unit, f"{NO_UPPER_BOUND}: the whole range of the gain is at or below zero")
    chance = chance_of_no_gain(wanted)
    if chance > MOST_CHANCE_OF_NO_GAIN or least <= 0:
        words = f"{NO_UPPER_BOUND}: in {100 * chance:.0f} of 100 draws nothing is gained"
        return Quantity(None, unit, low=cost.value / most, draws=len(gains), reason=words)
    return Quantity(
        cost.value / (sign * gain.value),
        unit,
        cost.value / most,
        cost.value / least,
        draws=len(gains),
        reason=COST_AS_PLANNED,
    )
