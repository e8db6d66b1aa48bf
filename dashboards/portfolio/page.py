"""What the page of a portfolio shows around its figures: charts, filters, who may do what. No request, no HTML."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboards.charts.theme import figure_json
from dashboards.portfolio.charts import need_figure, running_figure, stages_figure
from engagements.discussion.rules import RISK_RULE
from engagements.indicators.rules.freshness import RULE as CURRENT_RULE
from engagements.indicators.rules.progress import RULE as TARGET_RULE
from engagements.portfolio.figures import Choice, Choices, RecordPart
from engagements.portfolio.queries.portfolio import PortfolioFigures, PortfolioFilter, PortfolioSection, write_as_of
from engagements.portfolio.rules import MILESTONE_RULE, MONEY_RULE


@dataclass(frozen=True)
class EmbeddedFigure:
    """A chart's numbers as the page's script reads them; inert: no browser runs JSON."""

    name: str
    script: SafeString


@dataclass(frozen=True)
class WorkColumns:
    """Which columns of the table of cities say anything: an empty column is not drawn."""

    milestones: bool
    money: bool
    updates: bool

    @property
    def any(self) -> bool:
        return self.milestones or self.money or self.updates


@dataclass(frozen=True)
class SectionView:
    """One body with its charts; `prefix` keeps addresses on the page apart."""

    body: PortfolioSection
    prefix: str
    stages: EmbeddedFigure | None
    running: EmbeddedFigure | None
    has_work: WorkColumns
    missing: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Filtering:
    """One group of boxes of the filter."""

    name: str
    legend: str
    choices: tuple[tuple[Choice, bool], ...]


def page_of(figures: PortfolioFigures) -> dict:
    """What the part of the page with all figures is made of. Statements: none."""
    bodies = [body for body in (figures.recorded, figures.fictional) if body is not None]
    if figures.initiative.is_fictional and figures.fictional is not None:
        bodies = [figures.fictional]  # nothing of an invented initiative is recorded: no page of empty places first
    parts = tuple(_part(body, "fictional-" if body.is_fictional else "") for body in bodies)
    need = _drawn("figure-need", need_figure(figures.need))
    return {
        "figures": figures,
        "first": bodies[0],
        "columns": record_columns(bodies[0].record),
        "parts": parts,
        "need": need,
        "draws": bool(need or any(part.stages or part.running for part in parts)),
        "rules": {
            "milestones": MILESTONE_RULE,
            "money": MONEY_RULE,
            "target": TARGET_RULE,
            "current": CURRENT_RULE,
            "risk": RISK_RULE,
        },
    }


def address_query(filters: PortfolioFilter, as_of: datetime | None) -> str:
    """Filters and moment as the page's address has them."""
    return filters.query(as_of=write_as_of(as_of))


def filtering(choices: Choices, filters: PortfolioFilter) -> tuple[Filtering, ...]:
    groups = (
        ("city", "Cities", choices.cities, filters.cities),
        ("theme", "Themes", choices.themes, filters.themes),
        ("funder", "Funders (of the money)", choices.funders, filters.funders),
        ("status", "Status", choices.statuses, filters.statuses),
    )
    return tuple(
        Filtering(name, legend, tuple((choice, choice.value in chosen) for choice in offered))
        for name, legend, offered, chosen in groups
        if offered
    )


def record_columns(record: RecordPart | None) -> dict[str, bool | int]:
    """Which columns of the record say anything, and `count`: how many there are with city, project and reply; `cost` is
    a list of its own."""
    optional = ("design", "finding", "reach", "sources")
    found = {name: record is not None and record.has(name) for name in optional}
    return {**found, "cost": record is not None and record.has("cost"), "count": 3 + sum(found.values())}


def _part(body: PortfolioSection, prefix: str) -> SectionView:
    rows = body.rows
    return SectionView(
        body,
        prefix,
        _drawn(f"figure-{prefix}stages", stages_figure(body.money)),
        _drawn(f"figure-{prefix}running", running_figure(body.money)),
        WorkColumns(
            milestones=any(row.next_milestone or row.milestones.colour != "none" for row in rows),
            money=any(row.spent.value is not None or row.budget.value for row in rows),
            updates=any(row.update for row in rows),
        ),
        _missing(body),
    )


def _missing(body: PortfolioSection) -> tuple[tuple[str, str], ...]:
    """(key of `filling.NEEDS`, words) of what nobody recorded, or the filters leave out; money has its own line under
    the dollars by evidence."""
    every = (
        (bool(body.people.lines), "people", _("counts of people")),
        (bool(body.families), "indicators", _("values of indicators")),
        (bool(body.risks), "risks", _("open risks")),
        (bool(body.evidence.interventions), "plans", _("published plans")),
        (bool(body.updates), "updates", _("quarterly updates")),
    )
    return tuple((key, words) for is_there, key, words in every if not is_there)


def _drawn(name: str, figure) -> EmbeddedFigure | None:
    return None if figure is None else EmbeddedFigure(name, json_script(figure_json(figure), name))
