"""The parts of a portfolio put together, once for what is recorded and once for what is invented."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from engagements.portfolio.figures import CityRow, Figure, PortfolioSection
from engagements.portfolio.queries import indicators, milestones, money, people, plans, updates_and_risks
from engagements.portfolio.queries.milestones import Work
from engagements.portfolio.queries.scope import City, PortfolioScope
from engagements.portfolio.queries.sentence import counted_statuses, sentence
from engagements.portfolio.rules import mark_milestones, mark_money
from engagements.workflow import PARTICIPATION

ACTIVE_RULE = "Cities whose newest status, of those that had begun by this day, is “Active”."


@dataclass(frozen=True)
class Read:
    """Everything read from the database, by whether it is fictional."""

    sums: dict[bool, money.Sums]
    funders: dict[int, tuple[str, str, bool]]
    budgets: dict[bool, dict]
    work: dict[bool, dict[int, Work]]
    plans: dict[int, plans.PublishedPlan]
    areas: dict[int, frozenset[str]]
    interventions: dict[bool, tuple]
    indicators: dict[bool, tuple]
    updates: dict[bool, dict]
    risks: dict[bool, tuple]


def read_all(asked: PortfolioScope) -> Read:
    """Twelve statements, whatever there is."""
    sums, published = money.read_sums(asked), plans.read_plans(asked)
    return Read(
        sums=sums,
        funders=money.read_funders(asked),
        budgets=money.read_budgets(asked),
        work=milestones.read_work(asked),
        plans=published,
        areas=plans.read_areas(published),
        interventions=plans.read_interventions(asked, published),
        indicators=indicators.read_indicators(asked),
        updates=updates_and_risks.read_updates(asked),
        risks=updates_and_risks.read_risks(asked),
    )


def section_of(asked: PortfolioScope, found: Read, is_fictional: bool) -> PortfolioSection:
    kind = {"kind": "fictional"} if is_fictional else {}
    sums, work = found.sums[is_fictional], found.work[is_fictional]
    shown = [city for city in asked.cities if _belongs(city, found, is_fictional)]
    rows = tuple(_row(asked, city, found, is_fictional, kind) for city in shown)
    part = people.people_part(asked, found.indicators[is_fictional], found.plans, found.areas, kind)
    stages = money.money_part(asked, sums, found.funders, kind)
    committed, spent = (
        next(line.total for line in stages.stages if line.stage == stage) for stage in ("committed", "spent")
    )
    headline = (
        _in_period(asked, committed),
        _in_period(asked, _of_committed(spent, committed)),
        part.people,
        milestones.on_time_figure(asked, [work[city.pk] for city in shown if city.pk in work], kind),
        _cities(asked, shown, is_fictional),
    )
    return PortfolioSection(
        is_fictional=is_fictional,
        sentence=sentence(headline, shown, sums.entries, asked, is_fictional),
        headline=headline,
        rows=rows,
        risks=found.risks[is_fictional],
        money=stages,
        people=part,
        evidence=plans.evidence_part(asked, found.interventions[is_fictional]),
        families=indicators.families(asked, found.indicators[is_fictional], kind),
        updates=tuple(found.updates[is_fictional][city.pk] for city in shown if city.pk in found.updates[is_fictional]),
    )


def has_anything(found: Read, is_fictional: bool) -> bool:
    """Whether there is a single thing of this kind."""
    return bool(
        found.sums[is_fictional].entries
        or any(
            each[is_fictional]
            for each in (found.budgets, found.work, found.interventions, found.indicators, found.updates, found.risks)
        )
    )


def _belongs(city: City, found: Read, is_fictional: bool) -> bool:
    """Recorded cities; beside invented ones those that have anything invented."""
    if city.is_fictional or not is_fictional:
        return city.is_fictional is is_fictional
    return (
        any(engagement == city.pk for engagement, _ in found.sums[True].by_city)
        or any(city.pk in each[True] for each in (found.budgets, found.work, found.updates))
        or any(row.engagement_id == city.pk for row in found.indicators[True])
        or any(row.engagement_slug == city.slug for row in (*found.risks[True], *found.interventions[True]))
    )


def _row(asked: PortfolioScope, city: City, found: Read, is_fictional: bool, kind: dict[str, str]) -> CityRow:
    work = found.work[is_fictional].get(city.pk, Work())
    budgets = found.budgets[is_fictional].get(city.pk, [])
    amounts = money.city_money(asked, city, found.sums[is_fictional], budgets, kind)
    update = found.updates[is_fictional].get(city.pk)
    return CityRow(
        engagement_id=city.pk,
        slug=city.slug,
        city_slug=city.city_slug,
        city=city.city,
        state=city.state,
        theme=city.theme,
        status=city.status,
        status_label=PARTICIPATION.state(city.status).funder_label if city.status else "No status",
        status_since=city.status_since,
        status_precision=city.status_precision,
        status_source=city.status_source,
        next_milestone=work.next,
        late=milestones.late_figure(asked, city.city_slug, work, kind),
        milestones=mark_milestones(work.oldest_late, asked.today, work.dated),
        **amounts,
        money=mark_money(amounts["spent"].value, amounts["planned"].value or Decimal(0)),
        update=update.ref if update else None,
    )


def _of_committed(spent: Figure, committed: Figure) -> Figure:
    """Spent, with its share of what was committed; a chosen period may use up what was promised before it."""
    if not committed.value or not spent.value:
        return spent
    share = round(100 * spent.value / committed.value)
    return Figure(**{**vars(spent), "note": f"{share}% of what was committed"})


def _in_period(asked: PortfolioScope, amount: Figure) -> Figure:
    """Money that was promised before a chosen period is not in it: the note keeps $0 from being read as never."""
    if amount.value is None or not (asked.filters.first or asked.filters.last):
        return amount
    return Figure(**{**vars(amount), "note": "dated in the period chosen"})


def _cities(asked: PortfolioScope, shown: list[City], is_fictional: bool) -> Figure:
    if is_fictional:
        return asked.figure(
            "cities",
            "Cities with invented work",
            len(shown),
            "cities",
            "Cities with anything marked fictional.",
            "#fictional-cities",
        )
    statuses = Counter(city.status for city in shown)
    others = counted_statuses({status: n for status, n in statuses.items() if status != "active"})
    note = f"of {len(shown)}" + (f": {others}" if others else "")
    return asked.figure("cities", "Cities active", statuses["active"], "cities", ACTIVE_RULE, "#cities", note=note)
