"""A city's pilot from registration to data, for tests of what comes after: 4,000 people, coaching by letter."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from engagements.models import Pilot, PilotAnalysis, PilotDataset, RegistrationVersion, Result
from engagements.permissions import Role
from engagements.pilots.actions.analysis import ask_analysis
from engagements.pilots.actions.results import write_result
from engagements.pilots.rules.canonical import canonical_json, fingerprint
from engagements.pilots.rules.registration import Registration
from engagements.pilots.worker import run_analysis
from engagements.results.actions.replies import answer_reply, ask_reply
from engagements.results.actions.results import move_result
from engagements.reviews.rules.checklists import all_yes
from tests.engagements.pilots.made_registration import MADE
from tests.factories.pilots import PilotDesk, deliver, make_pilot

LOCKED = datetime(2026, 12, 1, 15, tzinfo=UTC)
COUNTED = datetime(2028, 1, 10, 15, tzinfo=UTC)
NOW = datetime(2028, 1, 12, 15, tzinfo=UTC)
COLUMNS = {"arm": ["usual", "coaching"], "n": [1980, 2020], "total": [792, 929], "assigned": [2000, 2060]}
ALL_YES = all_yes("result")


@dataclass
class Worked:
    """A desk with its locked plan and its data; None: stopped before any came in."""

    desk: PilotDesk
    version: RegistrationVersion
    data: PilotDataset | None

    @property
    def pilot(self) -> Pilot:
        return Pilot.objects.get(pk=self.desk.pilot.pk)

    def person(self, role: Role):
        return self.desk.people[role]


def lock_plan(
    desk: PilotDesk, plan: Registration = MADE, at: datetime = LOCKED, reason: str = ""
) -> RegistrationVersion:
    """By the adviser; the determination's document is the city's own."""
    people = replace(plan.human_subjects, document=desk.document.pk)
    before = desk.pilot.versions.order_by("-number").first()
    text = canonical_json(replace(plan, human_subjects=people))
    made = RegistrationVersion.objects.create(
        pilot=desk.pilot,
        number=before.number + 1 if before else 1,
        content=text,
        sha256=fingerprint(text, before.sha256 if before else ""),
        previous_sha256=before.sha256 if before else "",
        locked_by=desk.adviser,
        locked_at=at,
        reason=reason,
    )
    Pilot.objects.filter(pk=desk.pilot.pk, state="draft").update(state="registered")
    desk.pilot.refresh_from_db()
    return made


def give(desk: PilotDesk, columns: dict[str, list] = COLUMNS, **fields: Any) -> PilotDataset:
    return deliver(desk, content=columns, **{"uploaded_at": COUNTED} | fields)


def make_worked(plan: Registration = MADE, columns: dict[str, list] = COLUMNS, **fields: Any) -> Worked:
    desk = make_pilot(**{"title": plan.title} | fields)
    return Worked(desk, lock_plan(desk, plan), give(desk, columns))


def stop(worked: Worked, kind: str = "harm", why: str = "Two lost aid.") -> Worked:
    stopped = {"stopped_at": NOW, "stopped_by": worked.desk.lead, "stopped_kind": kind, "stopped_reason": why}
    Pilot.objects.filter(pk=worked.pilot.pk).update(state="stopped", **stopped)
    return worked


def make_stopped(plan: Registration = MADE, **said: str) -> Worked:
    desk = make_pilot(title=plan.title)
    return stop(Worked(desk, lock_plan(desk, plan), None), **said)


def analyze(worked: Worked, by=None, now=NOW, **options: Any) -> PilotAnalysis:
    """Asked by the city's staff, run here and now."""
    row = ask_analysis(pilot=worked.desk.pilot.pk, by=by or worked.desk.staff, now=now, **options)
    run_analysis(row.pk, now=now)
    row.refresh_from_db()
    return row


def publish(worked: Worked, row: Result | None = None, now=NOW, why: str = "") -> Result:
    """The result as a draft, answered by the city, handed in by the adviser, published by the expert."""
    desk = worked.desk
    if row is None:
        row = write_result(pilot=desk.pilot.pk, by=desk.adviser, now=now)
    asked = ask_reply(by=desk.adviser, now=now, result=row.pk, contact=desk.staff.pk)
    answer_reply(pk=asked.pk, answer="agree", reply="", expected_version=asked.version, by=desk.staff, now=now)
    for status, by in (("in_review", desk.adviser), ("published", desk.expert)):
        row.refresh_from_db()
        row = move_result(
            pk=row.pk, status=status, expected_version=row.version, by=by, now=now, answers=ALL_YES, why=why
        )
    return row
