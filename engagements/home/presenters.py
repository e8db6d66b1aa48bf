"""Tasks that are no milestones, as cards between them."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from engagements.base.labels import task_verb, work_url
from engagements.home.queries.tasks import Task
from engagements.workflow import MILESTONE
from engagements.worklist.records import Card

# Column of the board by what is to be done.
_COLUMNS = {
    "review": "awaiting_review",
    "approve": "awaiting_review",
    "publish": "awaiting_review",
    "finish": "in_progress",
}
_SHOWN_AS_MILESTONES = ("do", "approve")


def task_cards(tasks: Iterable[Task], today: date) -> tuple[Card, ...]:
    """Milestones are left to the board, which knows them as rows that can be moved."""
    return tuple(
        _card(task, today) for task in tasks if not (task.noun == "milestone" and task.verb in _SHOWN_AS_MILESTONES)
    )


def _card(task: Task, today: date) -> Card:
    waits = task.verb in ("review", "approve", "publish", "answer")
    column = _COLUMNS.get(task.verb, "planned")
    return Card(
        column=column,
        title=f"{task_verb(task.verb)} {task.title}".strip(),
        url=work_url(task.noun, task.pk, task.engagement_slug),
        cities=(task.city_name,) if task.city_name else (),
        due_on=task.due_on,
        is_overdue=task.is_overdue,
        days=(task.due_on - today).days if task.due_on else None,
        note=_("For you to decide") if waits else "",
        is_fictional=task.is_fictional,
        covering_for=task.covering_for,
        verb=task.verb,
        label=MILESTONE.state(column).label if column != "planned" else _("To do"),
        action="write" if task.noun == "quarter" else "",
    )
