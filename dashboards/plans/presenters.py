"""A plan's figures in words, for its page: who lives there, what is expected, what it costs, what is not claimed."""

from dataclasses import dataclass, replace

from atlas.formatting.counts import format_count
from atlas.formatting.money import format_dollars
from atlas.formatting.ranges import join_ends
from atlas.formatting.shares import format_percent
from atlas.records.prices import MonthPrices
from dashboards.formatting.estimates import (
    format_change,
    format_estimate,
    format_in_prose,
    format_income,
    format_standard_error,
)
from dashboards.formatting.shown_dollars import in_shown_dollars, is_today, shown_dollars
from dashboards.panels.base import Column, Table
from dashboards.plans.pay import PayView, build_pay_views
from engagements.plans.arithmetic import InterventionResult, Quantity, format_amount, format_range
from engagements.plans.records import AreaFigures, InterventionPlanned, PlanContent, PlanFigures

_UNIT = "rank"


@dataclass(frozen=True)
class FormattedQuantity:
    """A number with its range, and in `note` why there is none; without a number the reason is what is said."""

    words: str
    note: str = ""


def format_quantity(quantity: Quantity) -> FormattedQuantity:
    if quantity.value is None or quantity.has_range:
        words = format_range(quantity)
        return FormattedQuantity(words[:1].upper() + words[1:])
    return FormattedQuantity(format_amount(quantity), quantity.reason)


NOTHING = FormattedQuantity("")


@dataclass(frozen=True)
class AreaView:
    """`finding`: one sentence; `uncertainty`: how sure, or why nobody knows; `children`: how many and by which rule."""

    finding: str
    uncertainty: str
    beside: str
    children: str
    table: Table
    sources: tuple[str, ...]
    is_sample: bool


@dataclass(frozen=True)
class LifetimeView:
    """Of one child who moves, never of all of them. `lines`: (label, number with its range); `profile`: its name."""

    now: FormattedQuantity
    lines: tuple[tuple[str, FormattedQuantity], ...]
    profile: str
    assumptions: tuple[str, ...]
    not_claimed: tuple[str, ...]


@dataclass(frozen=True)
class InterventionView:
    """One intervention: what was typed, what is expected, where that comes from, what it does not say."""

    planned: InterventionPlanned
    result: InterventionResult | None
    expected: "FormattedQuantity"
    no_gain: str
    reached: "FormattedQuantity"
    cost: "FormattedQuantity"
    cost_per_unit: str
    evidence_address: str
    lifetime: LifetimeView | None = None
    pay: PayView | None = None  # of the jobs it leads to; no effect


@dataclass(frozen=True)
class TotalsView:
    """The sticky sum: people, cost, effects as ranges, what is not claimed. `over`: cost above the budget, in words."""

    people: "FormattedQuantity"
    cost: "FormattedQuantity"
    budget: str
    over: str
    effects: tuple[tuple[str, "FormattedQuantity"], ...]
    not_added: tuple[str, ...]
    not_claimed: tuple[str, ...]


def build_area_view(area: AreaFigures) -> AreaView:
    count = len(area.tracts)
    tracts = f"{count} tract{'s' if count != 1 else ''}"
    if area.value is None:
        finding = f"Nothing can be said of the area's {tracts}: {area.reason or area.error_reason}." if count else ""
    else:
        dollars = f", about {format_income(area.usd)} a year in {shown_dollars().words}" if area.usd is not None else ""
        finding = (
            f"Children who grew up in these {tracts} reached, on average, {format_in_prose(area.value, _UNIT)} of "
            f"{_label(area)}{dollars}."
        )
    return AreaView(
        finding, _uncertainty(area), _beside(area), _children(area), _tracts(area), area.sources, area.is_sample
    )


def _label(area: AreaFigures) -> str:
    """The average is a percentile of it: "household income at ages 31-37"."""
    label = area.measure_label.replace(" percentile", "", 1).replace(" rank", "", 1)  # older plans keep the older word
    return label[:1].lower() + label[1:]


def _uncertainty(area: AreaFigures) -> str:
    if area.value is None:
        return ""
    if area.low is None or area.high is None:
        return f"We can’t say how precise this is: {area.error_reason}."
    ends = join_ends(format_estimate(area.low, _UNIT), format_estimate(area.high, _UNIT))
    return (
        f"95% interval {ends}, standard error "
        f"{format_standard_error(area.standard_error, _UNIT)}. People: {area.population}."
    )


def _beside(area: AreaFigures) -> str:
    said = [f"{each.name} {format_estimate(each.value, _UNIT)}" for each in area.references]
    return (
        f"Beside it, with the same weights on a scale of 0 to 100: {'; '.join(said)}."
        if said and area.value is not None
        else ""
    )


def _children(area: AreaFigures) -> str:
    if area.children is None:
        return ""
    covered = (
        f" {format_percent(area.coverage)} of them lived in tracts with a value." if area.coverage is not None else ""
    )
    return (
        f"About {format_count(area.children)} children of parents below the national median income grew up there. "
        "They are "
        f"counted so: {area.children_rule}.{covered}"
    )


def _tracts(area: AreaFigures) -> Table:
    columns = (
        Column("neighborhood", "Neighborhood"),
        Column("geoid", "Tract (2010 GEOID)"),
        Column("value", area.measure_label or "Outcome", "value", _UNIT),
        Column("standard_error", "Standard error", "error", _UNIT),
        Column("children", "Low-income children", "count", "children", none="not known"),
    )
    rows = tuple((row.name, row.geoid, row.value, row.standard_error, row.children) for row in area.tracts)
    return Table(f"The plan's tracts{', percentile ranks 0 to 100' if area.measure_label else ''}", columns, rows)


def build_intervention_views(
    content: PlanContent, figures: PlanFigures, prices: MonthPrices | None = None
) -> tuple[InterventionView, ...]:
    """`prices`: of the month whose dollars wages are, so that incomes stand beside them in the same."""
    results = {row.key: row for row in figures.rows}
    pay = build_pay_views(figures, prices)
    return tuple(
        replace(_intervention(row, results.get(f"intervention-{row.pk}")), pay=pay.get(row.pk))
        for row in content.interventions
    )


def _intervention(row: InterventionPlanned, result: InterventionResult | None) -> InterventionView:
    address = f"/evidence/{row.evidence.key}/" if row.evidence else ""
    if result is None:
        return InterventionView(row, None, NOTHING, "", NOTHING, NOTHING, "", address)
    chance = result.chance_of_no_gain
    return InterventionView(
        row,
        result,
        _expected(result),
        "" if chance is None else _chance(chance),
        format_quantity(result.reached),
        format_quantity(result.cost),
        _each(result),
        address,
        _lifetime(row, result),
    )


def _lifetime(row: InterventionPlanned, result: InterventionResult) -> LifetimeView | None:
    """None for whatever moves no children, and where nobody brought an age profile."""
    found = result.lifetime
    if found is None:
        return None
    share = found.share_of_earnings
    assert share.value is not None and share.low is not None and share.high is not None, "made of draws, with a range"
    percent = f"{100 * share.value:.1f}% of average earnings at 34"
    low, high = (f"{100 * end:.1f}%" for end in (share.low, share.high))
    rank = found.rank_gain
    value, bottom, top = (format_change(each, _UNIT) for each in (rank.value, rank.low, rank.high))
    ranks = f"{value}; 95% range {join_ends(bottom, top)}"
    return LifetimeView(
        format_quantity(found.discounted),
        (
            ("Not discounted", format_quantity(found.undiscounted)),
            ("Change in income percentile", FormattedQuantity(ranks)),
            ("Change in income a year", format_quantity(_in_shown_dollars(found.yearly_gain))),
            ("As a share of earnings", FormattedQuantity(f"{percent}; 95% range {join_ends(low, high)}")),
        ),
        row.age_profile_name,
        found.assumptions,
        found.does_not_claim,
    )


def _in_shown_dollars(gain: Quantity) -> Quantity:
    """A change of an income of 2015 with its range, in the dollars shown; its unit says which."""
    if not is_today():
        return gain
    value, low, high, error = (
        None if each is None else in_shown_dollars(each)
        for each in (gain.value, gain.low, gain.high, gain.standard_error)
    )
    unit = gain.unit.replace("(2015 prices)", f"({shown_dollars().words})")
    return replace(gain, value=value, low=low, high=high, standard_error=error, unit=unit)


def _expected(result: InterventionResult) -> FormattedQuantity:
    if result.gain.value is None:
        return FormattedQuantity(f"No effect is estimated: {result.gain.reason}")
    return format_quantity(result.gain)


def _each(result: InterventionResult) -> str:
    """What a unit of the effect costs, in the sentence of the arithmetic; or why nobody knows."""
    if result.gain.value is None:
        return ""
    said = next((line for line in result.claims if line.startswith("Cost of ")), "")
    why = result.cost_per_unit.reason.removeprefix("no cost per unit: ")
    return said or f"What a unit of it costs is not said ({why})."


def _chance(share: float) -> str:
    if share <= 0:
        return "In none of the draws nothing is gained"
    return f"In {max(1, round(100 * share))} of 100 draws nothing is gained"


def build_totals_view(content: PlanContent, figures: PlanFigures) -> TotalsView:
    totals = figures.totals
    budget = format_dollars(content.budget_usd, missing="")
    over = ""
    if content.budget_usd is not None and totals.cost.value is not None:
        rest = float(content.budget_usd) - totals.cost.value
        over = f"{format_dollars(round(abs(rest)))} {'above the budget' if rest < 0 else 'of the budget is left'}"
    own = tuple(line.strip() for line in content.not_claimed.splitlines() if line.strip())
    return TotalsView(
        people=format_quantity(totals.reached),
        cost=format_quantity(totals.cost),
        budget=f"{budget} in prices of {content.price_year}" if budget else "",
        over=over,
        effects=_effects(content, figures),
        not_added=totals.not_added,
        not_claimed=(*own, *figures.does_not_claim),
    )


def _effects(content: PlanContent, figures: PlanFigures) -> tuple[tuple[str, FormattedQuantity], ...]:
    """Each outcome that may be summed once; every other intervention for itself."""
    summed = {key for each in figures.totals.effects for key in each.keys}
    rows = [(each.outcome, format_quantity(each.gain)) for each in figures.totals.effects]
    rows += [
        (f"{row.name}: {row.outcome}" if row.outcome else row.name, _expected(row))
        for row in figures.rows
        if row.key not in summed
    ]
    return tuple(rows)
