"""Three invented pilots, from registration to a published verdict, through everybody's actions.

One is made at a time, each in one transaction: what is half made is not there.
"""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from engagements.base.tables.csv_table import read_csv
from engagements.base.tables.table import Kind
from engagements.demo.pilot_people import counts_file, unit_file
from engagements.demo.pilot_plans import (
    ANALYZED,
    ANSWERED,
    COUNTED,
    DRAWN,
    LISTED,
    LOCKED,
    PUBLISHED,
    STARTED,
    DemoPilot,
    demo_pilots,
)
from engagements.demo.work import SLUG
from engagements.discussion.actions.documents import NewFile, add_document
from engagements.models import Document, Engagement, LedgerEntry, Milestone, Pilot, PilotAssignment, User
from engagements.permissions import Role
from engagements.pilots.actions.analysis import ask_analysis
from engagements.pilots.actions.datasets import keep_dataset, look_at
from engagements.pilots.actions.drawing import draw
from engagements.pilots.actions.locking import lock_registration
from engagements.pilots.actions.pilots import link_pilot, make_pilot, save_draft, start_pilot
from engagements.pilots.actions.results import write_result
from engagements.pilots.actions.units import bring_units, lock_units
from engagements.pilots.files.tables import read_file
from engagements.pilots.files.waiting import Waiting, hold_file
from engagements.pilots.queries.deliveries import ready_for_data
from engagements.pilots.rules.drafts import plain_draft
from engagements.pilots.worker import run_analysis
from engagements.results.actions.replies import answer_reply, ask_reply
from engagements.results.actions.results import move_result
from engagements.reviews.rules.checklists import all_yes

ENGAGEMENT = f"detroit-{SLUG}"
DETERMINATION = "Determination of the review board (made up)"
UNITS = Kind("unit", "units", "Units", 50_000)


def demo_pilots_to_make(now: datetime) -> list[DemoPilot]:
    """Those that are not there yet; none while their engagement is not there."""
    engagement = Engagement.objects.filter(slug=ENGAGEMENT).first()
    if engagement is None:
        return []
    there = set(Pilot.objects.filter(engagement=engagement).values_list("title", flat=True))
    return [one for one in demo_pilots(timezone.localdate(now), document=0) if one.plan.title not in there]


def seed_next_demo_pilot(people: dict[Role, User], now: datetime) -> Pilot | None:
    """The next of them, whole; None when all are there."""
    waiting = demo_pilots_to_make(now)
    if not waiting:
        return None
    with transaction.atomic():
        engagement = Engagement.objects.select_for_update().get(slug=ENGAGEMENT)
        if waiting[0].plan.title not in {one.plan.title for one in demo_pilots_to_make(now)}:
            return None  # another worker made it meanwhile
        return _from_plan_to_verdict(engagement, waiting[0], people, now)


def _from_plan_to_verdict(engagement: Engagement, made_up: DemoPilot, people: dict[Role, User], now: datetime) -> Pilot:
    """Registered by the adviser, analyzed by the city's staff, published by the expert."""
    adviser, staff = people[Role.ADVISER], people[Role.CITY_STAFF]

    def ago(days: int) -> datetime:
        """At noon or so of a US day: the day is then the same in UTC."""
        return datetime.combine(now.date() - timedelta(days=days), time(16), UTC)

    document = _determination(engagement, staff, ago(LOCKED + 1))
    plan = replace(made_up.plan, human_subjects=replace(made_up.plan.human_subjects, document=document.pk))
    row = make_pilot(engagement=engagement.pk, title=plan.title, by=adviser, now=ago(LOCKED + 1))
    row = save_draft(pk=row.pk, draft=plain_draft(plan), expected_version=row.version, by=adviser, now=ago(LOCKED + 1))
    lock_registration(pk=row.pk, expected_version=row.version, by=adviser, now=ago(LOCKED))
    _link(row, engagement, adviser, ago(LOCKED))
    _draw(row, engagement, made_up, staff, ago)
    row.refresh_from_db()
    start_pilot(pk=row.pk, expected_version=row.version, by=adviser, now=ago(STARTED))
    _deliver(row, made_up, staff, ago(COUNTED))
    analysis = ask_analysis(pilot=row.pk, by=staff, now=ago(ANALYZED))
    run_analysis(analysis.pk, now=ago(ANALYZED))
    _publish(row, people, ago)
    row.refresh_from_db()
    return row


def _determination(engagement: Engagement, by: User, at: datetime) -> Document:
    there = Document.objects.filter(engagement=engagement, title=DETERMINATION).first()
    text = ContentFile(b"Made up for this demo. The review board found the three pilots exempt.\n", "determination.txt")
    file = NewFile(text, "determination.txt", "text/plain", title=DETERMINATION)
    return there or add_document(engagement=engagement.pk, file=file, by=by, now=at)


def _link(row: Pilot, engagement: Engagement, by: User, at: datetime) -> None:
    """The timeline shows a pilot beside its milestone and its money."""
    milestone = Milestone.objects.filter(engagement=engagement, stage="field").order_by("pk").first()
    mine = engagement.pilots.count() - 1  # each has an entry of its own
    spent = LedgerEntry.objects.filter(engagement=engagement, stage="spent", reverses=None, reversed_by=None)
    entry = spent.order_by("pk")[mine : mine + 1].first()
    if milestone is not None:
        link_pilot(pk=row.pk, milestone=milestone.pk, by=by, now=at)
    if entry is not None:
        link_pilot(pk=row.pk, entry=entry.pk, by=by, now=at)


def _draw(row: Pilot, engagement: Engagement, made_up: DemoPilot, by: User, ago) -> None:
    table = read_csv(unit_file(made_up), UNITS)
    count = bring_units(pk=row.pk, engagement=engagement.pk, table=table, by=by, now=ago(LISTED))
    lock_units(pk=row.pk, expected_count=count, by=by, now=ago(LISTED))
    draw(pk=row.pk, numbers="", by=by, now=ago(DRAWN))


def _deliver(row: Pilot, made_up: DemoPilot, by: User, at: datetime) -> None:
    key = "unit__cluster" if made_up.plan.draw.cluster_by else "unit__salted_id"
    arms = dict(PilotAssignment.objects.filter(allocation__unit_list__pilot=row).values_list(key, "arm"))
    content = counts_file(made_up, arms)
    name, sha256 = hold_file(content, row.engagement_id)
    header, rows = read_file(content)
    seen = look_at(ready_for_data(row, at), header, rows, {}, None)
    waiting = Waiting(name, sha256, {}, None)
    keep_dataset(pilot=row.pk, waiting=waiting, seen=seen.held.sha256, by=by, now=at)


def _publish(row: Pilot, people: dict[Role, User], ago) -> None:
    adviser, staff, expert = (people[role] for role in (Role.ADVISER, Role.CITY_STAFF, Role.EXPERT))
    result = write_result(pilot=row.pk, by=adviser, now=ago(ANALYZED - 1))
    asked = ask_reply(by=adviser, now=ago(ANALYZED - 1), result=result.pk, contact=staff.pk)
    answer_reply(pk=asked.pk, answer="agree", expected_version=asked.version, by=staff, now=ago(ANSWERED))
    for status, by in (("in_review", adviser), ("published", expert)):
        result.refresh_from_db()
        move_result(
            pk=result.pk,
            status=status,
            expected_version=result.version,
            by=by,
            now=ago(PUBLISHED),
            answers=all_yes("result") if status == "published" else (),
        )
