"""One table of the worker's tasks. Plain values: settings and the supervisor read it before Django is there."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Queue(StrEnum):
    IMPORTS = "imports"  # files with data: minutes to an hour each
    REPORTS = "reports"  # files that are made for people, and what pages are made of
    FEEDS = "feeds"  # other machines are asked or told
    MAIL = "mail"
    QUICK = "quick"  # seconds: what keeps the others going


OLD_QUEUE = "celery"  # where versions before these queues put every message; what still waits there is taken
ALL = (*(queue.value for queue in Queue), OLD_QUEUE)


@dataclass(frozen=True)
class TaskRule:
    """`seconds`: after them the task is told to stop, and says so where people wait for it; a minute later its process
    is killed, and what it worked on is taken up again or given up."""

    queue: Queue
    seconds: int

    @property
    def kill_after(self) -> int:
        return self.seconds + 60


_MINUTE = 60
TASKS: dict[str, TaskRule] = {
    "atlas.tasks.ingest_file": TaskRule(Queue.IMPORTS, 90 * _MINUTE),  # all tracts of the country: about 20 minutes
    "atlas.tasks.fetch_files": TaskRule(Queue.IMPORTS, 120 * _MINUTE),  # some 700 MB, over a slow line
    "engagements.tasks.run_table_import": TaskRule(Queue.IMPORTS, 20 * _MINUTE),
    "dashboards.tasks.make_report": TaskRule(Queue.REPORTS, 10 * _MINUTE),
    "engagements.tasks.run_pilot_analysis": TaskRule(Queue.REPORTS, 15 * _MINUTE),
    "engagements.tasks.simulate_pilot_power": TaskRule(Queue.REPORTS, 10 * _MINUTE),
    "engagements.tasks.make_public_record_exports": TaskRule(Queue.REPORTS, 20 * _MINUTE),
    "mobility_portal.tasks.make_due_backup": TaskRule(Queue.REPORTS, 120 * _MINUTE),  # database and files
    "engagements.tasks.delete_orphan_files": TaskRule(Queue.REPORTS, 20 * _MINUTE),
    "engagements.tasks.let_go_of_old_data": TaskRule(Queue.REPORTS, 10 * _MINUTE),
    "engagements.tasks.delete_pilot_data": TaskRule(Queue.REPORTS, 10 * _MINUTE),
    "engagements.tasks.make_previews": TaskRule(Queue.REPORTS, 10 * _MINUTE),
    "engagements.tasks.read_documents": TaskRule(Queue.REPORTS, 10 * _MINUTE),
    "engagements.tasks.learn_words": TaskRule(Queue.REPORTS, 5 * _MINUTE),
    "atlas.tasks.draw_maps": TaskRule(Queue.REPORTS, 20 * _MINUTE),
    "atlas.tasks.work_out_rank_sets": TaskRule(Queue.REPORTS, 20 * _MINUTE),
    "mobility_portal.tasks.warm_pages": TaskRule(Queue.REPORTS, 5 * _MINUTE),
    "engagements.tasks.check_feeds": TaskRule(Queue.FEEDS, 5 * _MINUTE),
    "engagements.tasks.send_webhooks": TaskRule(Queue.FEEDS, 5 * _MINUTE),
    "engagements.tasks.send_mail_at_once": TaskRule(Queue.MAIL, 5 * _MINUTE),
    "engagements.tasks.send_collected_notifications": TaskRule(Queue.MAIL, 10 * _MINUTE),
    "engagements.tasks.send_digests": TaskRule(Queue.MAIL, 10 * _MINUTE),
    "engagements.tasks.send_portfolio_digests": TaskRule(Queue.MAIL, 10 * _MINUTE),
    "engagements.tasks.send_update_reminders": TaskRule(Queue.MAIL, 10 * _MINUTE),
}
OTHERS = TaskRule(Queue.QUICK, 5 * _MINUTE)  # every task that has no line above


@dataclass(frozen=True)
class Group:
    """One worker: the processes that take from these queues. `is_sized`: as many as WORKER_CONCURRENCY says."""

    name: str
    queues: tuple[str, ...]
    processes: int
    is_sized: bool = False

    @property
    def arguments(self) -> list[str]:
        """Of `celery worker`."""
        return [
            "--pool=prefork",
            f"--queues={','.join(self.queues)}",
            f"--concurrency={self.processes}",
            f"--hostname={self.name}@%h",
        ]


# An import holds up no report, a report no mail. Of the last group's three processes feeds take one at a time and
# webhooks one (`one_at_a_time`): a slow publisher holds up nothing else.
GROUPS = (
    Group("imports", (Queue.IMPORTS.value,), 2, is_sized=True),
    Group("reports", (Queue.REPORTS.value,), 2, is_sized=True),
    Group("mail", (Queue.MAIL.value,), 1),
    Group("quick", (Queue.QUICK.value, Queue.FEEDS.value, OLD_QUEUE), 3),
)


def rule_of(task: str) -> TaskRule:
    return TASKS.get(task, OTHERS)


def route(name: str, *_asked: Any, **_more: Any) -> dict[str, str]:
    """For CELERY_TASK_ROUTES."""
    return {"queue": rule_of(name).queue.value}


def annotations() -> dict[str, dict[str, int]]:
    """For CELERY_TASK_ANNOTATIONS: the limits of the table's tasks; all others have those of the settings."""
    return {name: {"soft_time_limit": rule.seconds, "time_limit": rule.kill_after} for name, rule in TASKS.items()}
