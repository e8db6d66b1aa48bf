"""Red, amber, green, and what is compared with what: each rule as a sentence next to its arithmetic. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engagements.discussion.rules import rate_risk
from engagements.indicators.rules.checks import IndicatorDefinition
from engagements.indicators.rules.progress import progress_at, rate
from engagements.indicators.rules.staleness import next_due
from engagements.portfolio.figures import Mark
from engagements.results.records import ResultFields
from engagements.verdicts import Scale, Wanted

VERY_LATE = 30  # days
MILESTONE_RULE = (
    f"Red: an unfinished milestone is more than {VERY_LATE} days past its due date. Amber: one is past it by less. "
    "Green: none is. No color: nothing has a due date."
)
OVER, UNDER, FAR = Decimal("0.05"), Decimal("0.10"), Decimal("0.25")
MONEY_RULE = (
    "Spent against the part of the budget whose time has passed, each budget line spread evenly over its days. "
    "Green: at most 5% over or 10% under. Amber: at most 25% off. Red: further off, over or under. No color: no "
    "budget has begun, or no spending is in the ledger."
)


def mark_milestones(oldest_late: date | None, today: date, dated: int) -> Mark:
    """`oldest_late`: due date of the unfinished milestone that is latest; `dated`: milestones with a due date."""
    if oldest_late is not None:
        days = (today - oldest_late).days
        words = f"Late by {days} {'day' if days == 1 else 'days'}"
        return Mark("red" if days > VERY_LATE else "amber", words, MILESTONE_RULE)
    return Mark("green", "None late", MILESTONE_RULE) if dated else Mark("none", "Nothing due", MILESTONE_RULE)


def mark_money(spent: Decimal | None, planned: Decimal) -> Mark:
    """Spent 80 of 100 planned until now is 20% under: amber; so is 109. `spent` None: nobody has entered any."""
    if planned <= 0:
        return Mark("none", "No budget so far", MONEY_RULE)
    if spent is None:
        return Mark("none", "No spending recorded", MONEY_RULE)
    off = (spent - planned) / planned
    colour = "green" if -UNDER <= off <= OVER else "amber" if abs(off) <= FAR else "red"
    way = "over" if off > 0 else "under"
    words = "As planned" if round(100 * off) == 0 else f"{_percent_off(abs(off))}% {way} plan"
    return Mark(colour, words, MONEY_RULE)


def _percent_off(off: Decimal) -> str:
    """Whole, with a decimal where rounding would put it on the other side of a limit. Worked: 0.052 -> "5.2"."""
    whole = round(100 * off)
    crosses = any((off > limit) != (Decimal(whole) / 100 > limit) for limit in (OVER, UNDER, FAR))
    return f"{100 * off:.1f}" if crosses else str(whole)


@dataclass(frozen=True)
class Budget:
    amount: Decimal
    first_on: date
    last_on: date


def budget_within(lines: Iterable[Budget], first: date | None, last: date | None) -> Decimal:
    """Each line by the share of its days in the period, both ends included, to the cent.

    A line of $365 for 2026, until Jan 31, 2026: $31.
    """
    total = Decimal(0)
    for line in lines:
        begin, end = max(line.first_on, first or line.first_on), min(line.last_on, last or line.last_on)
        days = (end - begin).days + 1
        if days > 0:
            total += line.amount * days / ((line.last_on - line.first_on).days + 1)
    return total.quantize(Decimal("0.01"))


def mark_target(frame: IndicatorDefinition, value: float, on: date, today: date, fed: str | None = None) -> Mark:
    """As on the indicator's own page; `on` is the last day of the value's period, `fed` the cadence of its feed."""
    due = next_due(every_months=frame.every_months, last_end=on, begins_on=frame.baseline_on, today=today, fed=fed)
    found = rate(frame, progress_at(frame, value=value, on=on, due=due), value=value, due=due, today=today)
    return Mark(found.colour.value, found.label.capitalize(), found.rule)


def mark_risk(likelihood: int, severity: int) -> Mark:
    """As on the risk's own page."""
    found = rate_risk(likelihood, severity)
    words = {"red": "High", "amber": "Medium", "green": "Low"}[found.colour.value]
    return Mark(found.colour.value, words, found.rule)


@dataclass(frozen=True)
class OutcomeCost:
    """Dollars for one more person (or family, or thing) with the outcome, and its interval."""

    dollars: float
    low: float
    high: float


def cost_of_one_more(result: ResultFields) -> OutcomeCost | None:
    """Cost of one unit of a group, over the effect in that same group: only where the result says both of it.

    `cost_unit` must be the name of one of its groups, the effect a difference in percentage points or in shares, and
    the interval must lie on the wanted side of no effect: otherwise one more may cost anything. $200 a letter and 5
    points (2 to 10): $4,000 ($2,000 to $10,000).
    """
    if None in (result.cost_usd, result.cost_price_year, result.effect, result.low, result.high, result.level):
        return None
    assert result.cost_usd is not None and result.effect is not None
    assert result.low is not None and result.high is not None
    groups = {arm.name.strip().casefold() for arm in result.arms}
    of_one = {"percentage points": 0.01, "points": 0.01, "share": 1.0}.get(result.unit.strip().casefold())
    if of_one is None or result.scale != Scale.DIFFERENCE or result.cost_unit.strip().casefold() not in groups:
        return None
    sign = -1 if result.wanted == Wanted.LESS else 1
    effect, ends = sign * result.effect * of_one, sorted((sign * result.low * of_one, sign * result.high * of_one))
    if ends[0] <= 0:
        return None
    return OutcomeCost(result.cost_usd / effect, result.cost_usd / ends[1], result.cost_usd / ends[0])
