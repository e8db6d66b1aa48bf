"""The sections of a plan's document: the need, the area, what will be done, the money, and what is not claimed."""

from dataclasses import dataclass
from datetime import datetime

from atlas.formatting.dates import format_day
from atlas.formatting.shares import format_percent
from dashboards.documents.model import Grid, GridColumn, KeyNumber, Paragraph, Picture, Section
from dashboards.exports.credits import SAMPLE_WORDS
from dashboards.plans.presenters import (
    AreaView,
    FormattedQuantity,
    InterventionView,
    build_area_view,
    build_intervention_views,
    build_totals_view,
)
from engagements.plans.arithmetic import Quantity
from engagements.plans.arithmetic.prose import format_ends, format_value
from engagements.plans.queries.linked import PlanIndicator, PlanMoney
from engagements.plans.records import PlanContent, PlanFigures

NO_EFFECT = "These data describe people born 1978–83: where need was. Nothing here shows whether a plan worked."


@dataclass(frozen=True)
class PlanToPrint:
    """`state` in words; `money` and `indicators` are None where only what was published is printed."""

    pk: int
    number: int  # of the last publication, 0 before the first
    state: str
    is_published: bool
    initiative: str
    content: PlanContent
    figures: PlanFigures
    money: PlanMoney | None
    indicators: tuple[PlanIndicator, ...] | None
    as_of: datetime


def quantity_number(label: str, quantity: Quantity) -> KeyNumber:
    """The number, and in small its unit with the range or the reason for none."""
    if quantity.value is None:
        return KeyNumber(
            label, "no figure", f"{quantity.unit}; {quantity.reason}" if quantity.unit else quantity.reason
        )
    sure = f"95% range {format_ends(quantity)}" if quantity.has_range else quantity.reason
    return KeyNumber(label, format_value(quantity), f"{quantity.unit}; {sure}")


def plan_sections(plan: PlanToPrint, picture: Picture | None) -> tuple[Section, ...]:
    content, figures = plan.content, plan.figures
    area, shown, totals = (
        build_area_view(figures.area),
        build_intervention_views(content, figures),
        build_totals_view(content, figures),
    )
    effects = tuple((label, _in_full(said)) for label, said in totals.effects)
    in_sum = (
        ("People who take part", _in_full(totals.people)),
        ("Cost", _in_full(totals.cost)),
        ("Budget", "; ".join(words for words in (totals.budget, totals.over) if words) or "none is set"),
        *effects,
    )
    parts = [
        Section("The need", paragraphs=(Paragraph(content.need or "Nothing is written here yet."),)),
        _area(plan, area, picture),
        _done(shown, figures),
        Section(
            "In sum",
            "Expected effects are ranges, and effects on different outcomes are never added.",
            grids=(
                Grid("The plan in sum", (GridColumn("What"), GridColumn("How much, as a range", weight=2.6)), in_sum),
            ),
            notes=totals.not_added,
        ),
        _money(plan),
        _indicators(plan),
    ]
    if content.what_happened:
        closed = f"Closed on {format_day(content.closed_on)}." if content.closed_on else "Closed."
        parts.append(Section("What happened", closed, paragraphs=(Paragraph(content.what_happened),)))
    parts.append(
        Section(
            "What this plan does not promise", paragraphs=tuple(Paragraph(f"• {line}") for line in totals.not_claimed)
        )
    )
    return (*parts, _how(plan, shown))


def _in_full(said: FormattedQuantity) -> str:
    """With the reason for no range in parentheses."""
    return f"{said.words} ({said.note})" if said.note else said.words


def _area(plan: PlanToPrint, area: AreaView, picture: Picture | None) -> Section:
    content, figures = plan.content, plan.figures
    said = [area.children]
    if content.area_rule:
        said.append(f"How the tracts were chosen: {content.area_rule}")
    if content.targets_by_race:
        review = "A legal review is on file." if content.has_legal_note else "A legal review is missing."
        said.append(f"They were chosen on a measure of one race. {review}")
    finding = (area.finding or "No tract is chosen yet.", area.uncertainty, area.beside)
    grid = Grid(
        "Tracts of the plan",
        (
            GridColumn("Neighborhood", weight=1.6),
            GridColumn("Tract (2010 GEOID)", weight=1.3),
            GridColumn("Average percentile", "percentile"),
            GridColumn("Standard error", "error"),
            GridColumn("Low-income children", "count", True),
            GridColumn("If there is none, why", weight=1.8),
        ),
        tuple((t.name, t.geoid, t.value, t.standard_error, t.children, t.reason) for t in figures.area.tracts),
        figures.area.measure_label,
    )
    return Section(
        "The area",
        " ".join(words for words in finding if words),
        picture=picture,
        grids=(grid,),
        paragraphs=tuple(Paragraph(words) for words in said if words),
        notes=(NO_EFFECT,),
        banner=SAMPLE_WORDS if area.is_sample else "",
    )


def _done(shown: tuple[InterventionView, ...], figures: PlanFigures) -> Section:
    if not shown:
        return Section("What will be done", "Nothing is planned yet.")
    heads = (
        GridColumn("Intervention", weight=1.7),
        GridColumn("For whom", weight=1.1),
        GridColumn("Offered", "count", weight=0.8),
        GridColumn("Take-up, planned", "share"),
        GridColumn("Price", "usd", weight=0.9),
        GridColumn("Paid", weight=1.3),
        GridColumn("In prices of", weight=0.8),
        GridColumn("Cost in all", weight=1.6),
        GridColumn("From", "date"),
        GridColumn("Months", "count", weight=0.7),
    )
    reach = Grid(
        "Reach and cost",
        heads,
        tuple(
            (
                one.planned.name,
                one.planned.people or "people",
                one.planned.offered,
                one.planned.takeup,
                one.planned.cost_usd,
                one.planned.cost_basis_words,
                str(one.planned.cost_price_year),
                one.cost.words or "not calculated",
                one.planned.starts_on,
                one.planned.duration_months,
            )
            for one in shown
        ),
        _reach_note(shown),
    )
    expected = Grid(
        "What is expected",
        (
            GridColumn("Intervention", weight=1.3),
            GridColumn("Outcome", weight=1.2),
            GridColumn("Expected, all together", weight=1.8),
            GridColumn("Chance of no gain", weight=1.1),
            GridColumn("A unit costs", weight=1.5),
            GridColumn("Rests on", weight=2),
        ),
        tuple(
            (
                one.planned.name,
                one.result.outcome if one.result else "",
                _in_full(one.expected) or "not calculated",
                one.no_gain,
                one.cost_per_unit,
                _study(one),
            )
            for one in shown
        ),
    )
    said = []
    for one in shown:
        if one.result:
            lines = (*one.result.claims, *one.result.warnings)
            said.append(Paragraph("\n".join(lines), "It says", one.planned.name))
            said.append(Paragraph("\n".join(one.result.does_not_claim), "It does not say"))
    return Section("What will be done", grids=(reach, expected), paragraphs=tuple(said), notes=figures.warnings)


def _reach_note(shown: tuple[InterventionView, ...]) -> str:
    """What holds for the columns, each reason once."""
    reasons = dict.fromkeys(one.cost.note for one in shown if one.cost.note)
    return " ".join(["Take-up is planned, not measured.", *(f"{r[:1].upper()}{r[1:].rstrip('.')}." for r in reasons)])


def _study(one: InterventionView) -> str:
    evidence = one.planned.evidence
    if evidence is None:
        return "no study: people and a cost, and no expected effect"
    here = "; tried in this city" if evidence.tried_here else ""
    return f"{evidence.intervention}: {evidence.outcome} ({evidence.tier.lower()}{here})"


def _money(plan: PlanToPrint) -> Section:
    title = "The money"
    if plan.money is None:
        return Section(title, "Transactions are kept beside a plan and are not part of what was published.")
    if not plan.money.is_shown:
        return Section(title, "Money is shown to those who may see the ledger.")
    if not plan.money.stages:
        return Section(title, "No transaction names this plan yet.")
    rows = tuple((row.label, str(row.price_year), row.usd) for row in plan.money.stages)
    as_of = f" The last was entered on {format_day(plan.money.as_of)}." if plan.money.as_of else ""
    grid = Grid("Money by stage", (GridColumn("Stage"), GridColumn("In prices of"), GridColumn("Dollars", "usd")), rows)
    said = f"Transactions that name this plan.{as_of} A dollar goes through several stages: they are not added."
    return Section(title, said, grids=(grid,))


def _indicators(plan: PlanToPrint) -> Section:
    title = "How we will know"
    if plan.indicators is None:
        return Section(title, "Indicators are kept beside a plan and are not part of what was published.")
    if not plan.indicators:
        return Section(title, "No indicator hangs on this plan yet.")
    heads = (
        GridColumn("Indicator", weight=2),
        GridColumn("Kind", weight=2.2),
        GridColumn("Unit"),
        GridColumn("Direction", weight=1.3),
        GridColumn("Baseline", "number"),
        GridColumn("Target", "number"),
    )
    rows = tuple((i.name, i.kind, i.unit, i.direction, i.baseline, i.target) for i in plan.indicators)
    return Section(title, grids=(Grid("Indicators of the plan", heads, rows),))


def _how(plan: PlanToPrint, shown: tuple[InterventionView, ...]) -> Section:
    content, figures = plan.content, plan.figures
    used = {(e.key, e.version): e for e in (one.planned.evidence for one in shown) if e}
    studies = Grid(
        "Studies the plan rests on",
        (
            GridColumn("Study", weight=1.8),
            GridColumn("Kind", weight=1.2),
            GridColumn("Effect is of", weight=1.2),
            GridColumn("Where and whom", weight=1.8),
            GridColumn("Source", weight=2.4),
            GridColumn("Row of the library", weight=1.2),
        ),
        tuple(
            (
                f"{e.intervention}: {e.outcome}",
                e.tier,
                e.estimand,
                "; ".join(words for words in (e.population, e.setting) if words),
                e.source,
                f"{e.key}, version {e.version}",
            )
            for e in used.values()
        ),
    )
    shares = f"{format_percent(content.transport_low)} to {format_percent(content.transport_high)}"
    reason = f" Because: {content.transport_reason}" if content.transport_reason else ""
    said = (
        f"{figures.draws:,} draws. Prices of {figures.price_year} by {figures.price_source}. How much of a study’s "
        f"effect to expect here is drawn between {shares} of it.{reason}"
    )
    return Section("How we know", said, grids=(studies,), notes=figures.area.sources)
