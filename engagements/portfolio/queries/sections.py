"""The parts of a portfolio put together, once for what is recorded and once for what is invented."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from engagements.portfolio.figures import CityRow, DoneMilestone, Figure, PortfolioSection
from engagements.portfolio.queries import indicators, milestones, money, people, pilot_dollars, plans, updates_and_risks
from engagements.portfolio.queries.dollars import dollars_part, read_states
from engagements.portfolio.queries.milestones import MilestoneCounts
from engagements.portfolio.queries.quality import quality_figures
from engagements.portfolio.queries.record import record_part
from engagements.portfolio.queries.scope import City, PortfolioScope
from engagements.portfolio.queries.sentence import counted_statuses, sentence
from engagements.portfolio.rules import mark_milestones, mark_money
from engagements.results.queries.published import EvidenceStates, ProjectRow, initiative_record
from engagements.workflow import PARTICIPATION

ACTIVE_RULE = "Cities whose newest status, of those that had begun by this day, is “Active”."


@dataclass(frozen=True)
class PortfolioRows:
    """Everything read from the database, by whether it is fictional."""

    sums: dict[bool, money.MoneyAsOf]
    funders: dict[int, tuple[str, str, bool]]
    budgets: dict[bool, dict]
    work: dict[bool, dict[int, MilestoneCounts]]
    done: dict[bool, tuple[DoneMilestone, ...]]
    plans: dict[int, plans.PublishedPlan]
    areas: dict[int, frozenset[str]]
    interventions: dict[bool, tuple]
    indicators: dict[bool, tuple]
    updates: dict[bool, dict]
    risks: dict[bool, tuple]
    projects: tuple[ProjectRow, ...]
    evidence: EvidenceStates
    linked: pilot_dollars.Moved


def read_all(scope: PortfolioScope) -> PortfolioRows:
    """Nineteen statements, whatever there is; two more where pilots have verdicts."""
    sums, published = money.read_sums(scope), plans.read_plans(scope)
    projects = initiative_record(scope.initiative.pk, scope.today).rows
    verdicts = pilot_dollars.read_verdicts(projects)
    return PortfolioRows(
        sums=sums,
        funders=money.read_funders(scope),
        budgets=money.read_budgets(scope),
        work=milestones.read_milestone_counts(scope),
        done=milestones.read_done(scope),
        plans=published,
        areas=plans.read_areas(published),
        interventions=plans.read_interventions(scope, published),
        indicators=indicators.read_indicators(scope),
        updates=updates_and_risks.read_updates(scope),
        risks=updates_and_risks.read_risks(scope),
        projects=projects,
        evidence=_evidence(scope, sums, projects, pilot_dollars.by_plan(verdicts)),
        linked=pilot_dollars.read_linked(scope, verdicts),
    )


def _evidence(
    scope: PortfolioScope,
    sums: dict[bool, money.MoneyAsOf],
    projects: tuple[ProjectRow, ...],
    pilots: dict[int, str],
) -> EvidenceStates:
    names_plans = any(plan is not None for kind in sums.values() for plan, _project, _stage in kind.by_link)
    return read_states(scope.initiative.pk, projects, names_plans, pilots)


def section_of(scope: PortfolioScope, found: PortfolioRows, is_fictional: bool) -> PortfolioSection:
    kind = {"kind": "fictional"} if is_fictional else {}
    sums, work = found.sums[is_fictional], found.work[is_fictional]
    shown = [city for city in scope.cities if _belongs(city, found, is_fictional)]
    rows = tuple(_row(scope, city, found, is_fictional, kind) for city in shown)
    part = people.people_part(scope, found.indicators[is_fictional], found.plans, found.areas, kind)
    stages = money.money_part(scope, sums, found.funders, kind)
    committed, spent = (
        next(line.total for line in stages.stages if line.stage == stage) for stage in ("committed", "spent")
    )
    projects = tuple(row for row in found.projects if row.is_fictional == is_fictional)
    measured = indicators.families(scope, found.indicators[is_fictional], kind)
    headline = (
        _in_period(scope, committed),
        _in_period(scope, _of_committed(spent, committed)),
        part.people,
        milestones.on_time_figure(scope, [work[city.pk] for city in shown if city.pk in work], kind),
        _cities(scope, shown, is_fictional),
    )
    return PortfolioSection(
        is_fictional=is_fictional,
        sentence=sentence(headline, shown, sums.entries, scope, is_fictional),
        headline=headline,
        rows=rows,
        risks=found.risks[is_fictional],
        money=stages,
        people=part,
        evidence=plans.evidence_part(scope, found.interventions[is_fictional]),
        families=measured,
        updates=tuple(found.updates[is_fictional][city.pk] for city in shown if city.pk in found.updates[is_fictional]),
        record=record_part(projects, tuple(shown)),
        dollars=dollars_part(scope, sums, found.evidence, found.linked[is_fictional], projects, kind),
        quality=quality_figures(scope, shown),
        done=found.done[is_fictional],
        cadences=indicators.count_cadences(measured),
    )


def has_anything(found: PortfolioRows, is_fictional: bool) -> bool:
    """Whether there is a single thing of this kind."""
    return bool(
        found.sums[is_fictional].entries
        or any(
            each[is_fictional]
            for each in (found.budgets, found.work, found.interventions, found.indicators, found.updates, found.risks)
        )
    )


def _belongs(city: City, found: PortfolioRows, is_fictional: bool) -> bool:
    """Recorded cities; for fictional figures the cities that have any."""
    if city.is_fictional or not is_fictional:
        return city.is_fictional is is_fictional
    return (
        any(engagement == city.pk for engagement, _ in found.sums[True].by_city)
        or any(city.pk in each[True] for each in (found.budgets, found.work, found.updates))
        or any(row.engagement_id == city.pk for row in found.indicators[True])
        or any(row.engagement_slug == city.slug for row in (*found.risks[True], *found.interventions[True]))
    )


def _row(scope: PortfolioScope, city: City, found: PortfolioRows, is_fictional: bool, kind: dict[str, str]) -> CityRow:
    work = found.work[is_fictional].get(city.pk, MilestoneCounts())
    budgets = found.budgets[is_fictional].get(city.pk, [])
    amounts = money.city_money(scope, city, found.sums[is_fictional], budgets, kind)
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
        late=milestones.late_figure(scope, city.city_slug, work, kind),
        milestones=mark_milestones(work.oldest_late, scope.today, work.dated),
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


def _in_period(scope: PortfolioScope, amount: Figure) -> Figure:
    """Money that was promised before a chosen period is not in it: the note keeps that from being read as never."""
    if not (scope.filters.first or scope.filters.last):
        return amount
    dated = "dated in the period chosen"
    return Figure(**{**vars(amount), "note": dated if amount.value is not None else f"{amount.note} {dated}"})


def _cities(scope: PortfolioScope, shown: list[City], is_fictional: bool) -> Figure:
    if is_fictional:
        return scope.figure(
            "cities",
            "Cities with demo work",
            len(shown),
            "cities",
            "Cities with anything marked fictional.",
            "#fictional-cities",
        )
    statuses = Counter(city.status for city in shown)
    others = counted_statuses({status: n for status, n in statuses.items() if status != "active"})
    note = f"of {len(shown)}" + (f": {others}" if others else "")
    return scope.figure("cities", "Cities active", statuses["active"], "cities", ACTIVE_RULE, "#cities", note=note)
