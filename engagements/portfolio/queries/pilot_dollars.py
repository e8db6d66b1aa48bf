"""Dollars of pilots with a verdict: those linked to a pilot, and those of its plan, count under what the pilot found.

Pilots that found different things say nothing together: dollars linked to both stay where their project puts them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from engagements.models import LedgerEntry, PilotLink, PilotResult
from engagements.portfolio.queries.money import chosen_entries
from engagements.portfolio.queries.rows_as_of import read
from engagements.portfolio.queries.scope import PortfolioScope
from engagements.results.queries.published import ProjectRow

Key = tuple[int | None, int | None, str]  # plan, project, stage
Moved = dict[bool, dict[tuple[Key, str], Decimal]]


@dataclass(frozen=True)
class PilotVerdict:
    """`verdict`: of its published result."""

    verdict: str
    plan: int | None
    is_fictional: bool


def read_verdicts(projects: tuple[ProjectRow, ...]) -> dict[int, PilotVerdict]:
    """By pilot. One statement; none where no project has a verdict."""
    found = {
        one.pk: (one.fields.verdict, one.is_fictional) for row in projects for one in row.results if one.fields.verdict
    }
    if not found:
        return {}
    rows = PilotResult.objects.filter(result__in=found, pilot__archived_at=None).select_related("pilot")
    return {
        row.pilot_id: PilotVerdict(found[row.result_id][0], row.pilot.plan_id, found[row.result_id][1])
        for row in rows
        if row.pilot.is_fictional == found[row.result_id][1]
    }


def by_plan(verdicts: Mapping[int, PilotVerdict]) -> dict[int, str]:
    """Of plans whose pilots all found the same."""
    found: dict[int, set[str]] = defaultdict(set)
    for one in verdicts.values():
        if one.plan is not None:
            found[one.plan].add(one.verdict)
    return {plan: words.pop() for plan, words in found.items() if len(words) == 1}


def read_linked(scope: PortfolioScope, verdicts: Mapping[int, PilotVerdict]) -> Moved:
    """Net dollars of linked entries and of what takes them back: by whether they are invented, then by what the entry
    names and the verdict. One statement; none without verdicts."""
    moved: Moved = {False: defaultdict(Decimal), True: defaultdict(Decimal)}
    if not verdicts:
        return moved
    chosen, pilots = chosen_entries(scope), list(verdicts)
    links = f"SELECT entry_id FROM {PilotLink._meta.db_table} WHERE pilot_id = ANY(%s) AND entry_id IS NOT NULL"  # noqa: S608 - our own names; values go as parameters
    rows = read(
        f"""SELECT (is_fictional OR coalesce(engagement_id = ANY(%s), false)), plan_id, project_id, stage, net_usd,
            (SELECT array_agg(l.pilot_id) FROM {PilotLink._meta.db_table} l
                WHERE l.pilot_id = ANY(%s) AND l.entry_id = coalesce(e.reverses_id, e.id))
        FROM {LedgerEntry._meta.db_table} e WHERE initiative_id = %s AND entered_at <= %s AND {chosen.text}
        AND (id IN ({links}) OR reverses_id IN ({links}))""",  # noqa: S608 - our own names; values go as parameters
        (scope.invented, pilots, scope.initiative.pk, scope.known, *chosen.params, pilots, pilots),
    )
    for invented, plan, project, stage, net, linked in rows:
        verdict = _agreed(verdicts, linked, invented)
        if verdict:
            moved[invented][(plan, project, stage), verdict] += net
    return moved


def _agreed(verdicts: Mapping[int, PilotVerdict], pilots: Iterable[int], invented: bool) -> str:
    """What all of them found; "" where they differ, and where made-up work and real dollars meet."""
    found = {(verdicts[pilot].verdict, verdicts[pilot].is_fictional) for pilot in pilots}
    if len(found) != 1:
        return ""
    verdict, is_fictional = found.pop()
    return verdict if is_fictional == invented else ""
