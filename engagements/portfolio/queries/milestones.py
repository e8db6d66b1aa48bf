"""Milestones by city: on time, late, next."""

from dataclasses import dataclass
from datetime import date

from engagements.models import DueDateChange, Milestone
from engagements.portfolio.figures import DoneMilestone, Figure, MilestoneRef
from engagements.portfolio.queries.rows_as_of import Sql, read, rows_at
from engagements.portfolio.queries.scope import PortfolioScope
from engagements.workflow import MILESTONE

COLUMNS = "engagement_id, title, due_on, done_on, precision, status, is_fictional, archived_at"
ON_TIME_RULE = (
    "Milestones that were due before this day and not called off; on time are those done by their due date as it "
    "stands now."
)
LATE_RULE = "Milestones that are not finished although their due date has passed."


MOST_DONE = 12  # of the page; the list behind the figures has all


@dataclass
class MilestoneCounts:
    """Counts of one city's milestones. `due`: their day had passed and nobody called them off."""

    dated: int = 0
    due: int = 0
    on_time: int = 0
    late: int = 0
    moved: int = 0
    oldest_late: date | None = None
    next: MilestoneRef | None = None


def milestone_rows(scope: PortfolioScope) -> Sql:
    """Milestones that are not archived, of the chosen cities and the period, with `invented`. As SQL in parentheses."""
    rows = rows_at(Milestone, COLUMNS, "engagement_id = ANY(%s)", (scope.ids,), scope.as_of)
    where, params = "archived_at IS NULL", [scope.invented, *rows.params]
    for sign, day in ((">=", scope.filters.starts_on), ("<=", scope.filters.ends_on)):
        if day:
            where, params = f"{where} AND due_on {sign} %s", [*params, day]
    return Sql(
        f"""(SELECT m.*, is_fictional OR engagement_id = ANY(%s) AS invented FROM {rows.text} m WHERE {where})""",  # noqa: S608 - our own names; values go as parameters
        tuple(params),
    )


def read_milestone_counts(scope: PortfolioScope) -> dict[bool, dict[int, MilestoneCounts]]:
    """By whether it is fictional and by engagement. Two statements."""
    rows, still_open = milestone_rows(scope), list(MILESTONE.open_values)
    moved = f"""SELECT milestone_id FROM {DueDateChange._meta.db_table} WHERE at <= %s"""  # noqa: S608 - our own names; values go as parameters
    found: dict[bool, dict[int, MilestoneCounts]] = {False: {}, True: {}}
    for invented, engagement, *counts in read(
        f"""SELECT invented, engagement_id,
            count(due_on) FILTER (WHERE status <> 'cancelled'),
            count(*) FILTER (WHERE status <> 'cancelled' AND due_on < %s),
            count(*) FILTER (WHERE status = 'done' AND due_on < %s AND done_on <= due_on),
            count(*) FILTER (WHERE status = ANY(%s) AND due_on < %s),
            count(*) FILTER (WHERE status <> 'cancelled' AND due_on < %s AND id IN ({moved})),
            min(due_on) FILTER (WHERE status = ANY(%s) AND due_on < %s)
        FROM {rows.text} m GROUP BY 1, 2""",  # noqa: S608 - our own names; values go as parameters
        (
            scope.today,
            scope.today,
            still_open,
            scope.today,
            scope.today,
            scope.known,
            still_open,
            scope.today,
            *rows.params,
        ),
    ):
        found[invented][engagement] = MilestoneCounts(*counts)
    for invented, engagement, pk, title, due_on in read(
        f"""SELECT DISTINCT ON (invented, engagement_id) invented, engagement_id, id, title, due_on
        FROM {rows.text} m WHERE status = ANY(%s) AND due_on >= %s
        ORDER BY invented, engagement_id, due_on, id""",  # noqa: S608 - our own names; values go as parameters
        (*rows.params, still_open, scope.today),
    ):
        found[invented][engagement].next = MilestoneRef(pk, title, due_on)
    return found


def read_done(scope: PortfolioScope) -> dict[bool, tuple[DoneMilestone, ...]]:
    """By whether it is fictional: the last MOST_DONE done, the first of them first. One statement."""
    rows, names = milestone_rows(scope), {city.pk: city.city for city in scope.cities}
    found: dict[bool, list[DoneMilestone]] = {False: [], True: []}
    for invented, title, done_on, precision, engagements in read(
        f"""SELECT invented, title, done_on, precision, engagements FROM (
            SELECT invented, title, done_on, precision, array_agg(DISTINCT engagement_id) AS engagements,
                row_number() OVER (PARTITION BY invented ORDER BY done_on DESC, title) AS place
            FROM {rows.text} m WHERE status = 'done' GROUP BY 1, 2, 3, 4
        ) done WHERE place <= %s ORDER BY done_on DESC, title""",  # noqa: S608 - our own names; values go as parameters
        (*rows.params, MOST_DONE),
    ):
        cities = tuple(sorted(names[pk] for pk in engagements))
        found[invented].append(DoneMilestone(title, done_on, precision, cities))
    return {invented: tuple(reversed(lines)) for invented, lines in found.items()}


def late_figure(scope: PortfolioScope, city_slug: str, work: MilestoneCounts, kind: dict[str, str]) -> Figure:
    entries = scope.address("milestones", which="late", city=city_slug, **kind)
    return scope.figure("late", "Late", work.late, "milestones", LATE_RULE, entries)


def on_time_figure(scope: PortfolioScope, works: list[MilestoneCounts], kind: dict[str, str]) -> Figure:
    """How many of those due were done by their day; `note` says of how many, and how many days were moved."""
    due, on_time = sum(work.due for work in works), sum(work.on_time for work in works)
    moved = sum(work.moved for work in works)
    undated = "nothing was due yet" if any(work.dated for work in works) else "no milestone has a due date"
    note = f"of {due:,} that were due" if due else undated
    if moved:
        note += f"; the due date of {moved:,} was moved at least once"
    value = on_time if due else None
    entries = scope.address("milestones", which="due", **kind)
    return scope.figure("on_time", "Milestones on time", value, "milestones", ON_TIME_RULE, entries, note=note)
