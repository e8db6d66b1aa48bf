"""Every recorded dollar by what is known of what it paid for: an entry names a project, or a plan that has one, or is
linked to a pilot.

What an entry leads to is looked up now, also when the rest is shown as of an earlier moment.
"""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from engagements.models import ProjectPlan
from engagements.money.rules.stages import STAGES
from engagements.portfolio.figures import DollarLine, DollarPart, EvidenceState, OutcomeCostLine
from engagements.portfolio.queries.money import MoneyAsOf, stage_figure
from engagements.portfolio.queries.pilot_dollars import Key
from engagements.portfolio.queries.scope import PortfolioScope
from engagements.portfolio.rules import cost_of_one_more
from engagements.results.queries.published import (
    DOLLAR_STATES,
    NO_TEST,
    NOT_LINKED,
    REPORTED_ONLY,
    TESTED,
    EvidenceStates,
    ProjectRow,
)
from engagements.verdicts import VERDICTS

_VERDICTS = frozenset(verdict.value for verdict in VERDICTS)


def evidence_labels() -> dict[str, EvidenceState]:
    """By key, in the order of the columns: verdicts first, then what has none."""
    verdicts = {
        verdict.value: EvidenceState(verdict.value, shown.label, shown.icon, shown.tag)
        for verdict, shown in VERDICTS.items()
    }
    others = (
        EvidenceState(REPORTED_ONLY, _("Result published by others"), "triangle-up", "quiet"),
        EvidenceState(TESTED, _("Being tested"), "half", "now"),
        EvidenceState(NO_TEST, _("No test planned"), "ring", "quiet"),
        EvidenceState(NOT_LINKED, _("Not linked to a project"), "ring-dashed", "quiet"),
    )
    known = verdicts | {state.key: state for state in others}
    return {key: known[key] for key in DOLLAR_STATES}


def read_states(
    initiative_id: int, projects: tuple[ProjectRow, ...], names_plans: bool, pilots: Mapping[int, str]
) -> EvidenceStates:
    """What is known of each project and of what each plan calculates for; a plan of no project is not in it.

    `pilots`: the verdict of pilots by their plan, which says more than a project without one. One statement; none
    where no entry names a plan.
    """
    states = {row.pk: row.dollars for row in projects}
    links = ProjectPlan.objects.filter(engagement__initiative_id=initiative_id).values_list("plan_id", "project_id")
    project_of = dict(links) if names_plans else {}
    of_plans = {plan: states[project] for plan, project in project_of.items() if project in states}
    told = {plan: word for plan, word in pilots.items() if of_plans.get(plan) not in _VERDICTS}
    return EvidenceStates(states, of_plans | told, project_of)


def dollars_part(
    scope: PortfolioScope,
    sums: MoneyAsOf,
    states: EvidenceStates,
    linked: Mapping[tuple[Key, str], Decimal],
    projects: tuple[ProjectRow, ...],
    kind: dict[str, str],
) -> DollarPart | None:
    """None where nothing is in the ledger. `linked`: dollars of pilots, by what their entries name and the verdict.

    The figures of a stage are together its total to the cent.
    """
    if not sums.entries:
        return None
    amounts: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for (plan, project, stage), net in sums.by_link.items():
        amounts[stage, states.of(plan, project)] += net
    for ((plan, project, stage), verdict), net in linked.items():
        _move(amounts, stage, states.of(plan, project), verdict, net)
    labels = evidence_labels()
    shown = tuple(state for key, state in labels.items() if any(found == key for _stage, found in amounts))
    lines = tuple(
        DollarLine(
            stage.value,
            stage.label,
            tuple(
                stage_figure(
                    scope,
                    stage.value,
                    amounts.get((stage.value, state.key)),
                    f"{stage.value}-{state.key}",
                    sums,
                    **kind,
                )
                for state in shown
            ),
            stage_figure(scope, stage.value, sums.by_stage[stage.value], f"{stage.value}-by-evidence", sums, **kind),
        )
        for stage in STAGES
        if stage.value in sums.by_stage
    )
    return DollarPart(shown, lines, _costs(projects))


def _move(amounts: dict[tuple[str, str], Decimal], stage: str, old: str, new: str, net: Decimal) -> None:
    """What is left of nothing is no figure: $0 would say that an entry is there."""
    if old == new:
        return
    amounts[stage, new] += net
    amounts[stage, old] -= net
    if not amounts[stage, old]:
        del amounts[stage, old]


def _costs(projects: tuple[ProjectRow, ...]) -> tuple[OutcomeCostLine, ...]:
    """Of results whose effect and cost are of one group, with an interval above no effect."""
    found = []
    for row in projects:
        for result in row.results:
            cost = cost_of_one_more(result.fields)
            if cost is not None:
                found.append(
                    OutcomeCostLine(
                        row.city,
                        result.fields.outcome,
                        cost.dollars,
                        cost.low,
                        cost.high,
                        result.fields.level or 0,
                        result.fields.cost_price_year or 0,
                    )
                )
    return tuple(found)
