"""Invented work for the demo accounts: a follow-up in two cities, so that there is something due to look at.

Written once, through the same actions as everybody's; every row that can say so is marked fictional, and what is
public tells real initiatives only.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from atlas.models import City
from engagements.demo.indicators import seed_demo_indicators
from engagements.demo.money import seed_demo_money
from engagements.discussion.actions.comments import add_comment
from engagements.discussion.actions.records import add_record
from engagements.discussion.actions.requests import create_request
from engagements.discussion.actions.updates import move_update, start_update
from engagements.milestones.actions.dependencies import add_dependency
from engagements.milestones.actions.milestones import add_milestone
from engagements.milestones.actions.progress import log_progress
from engagements.models import Engagement, EngagementRole, Initiative, Milestone, Participation, QuarterlyUpdate, User
from engagements.permissions import Role, Visibility
from engagements.reviews.rules.checklists import all_yes

SLUG, NAME = "demo-follow-up", "Demo follow-up"
SOURCE = "Made up for this demo"
STARTED_BEFORE = timedelta(days=120)

# City: theme, project, roles held there (lead and funder hold theirs in the initiative).
CITIES = {
    "detroit": (
        "housing",
        "Residents of affordable homes are offered one appointment with a financial counselor.",
        (Role.ADVISER, Role.EXPERT, Role.CITY_STAFF, Role.LOCAL_PARTNER),
    ),
    "tulsa": ("workforce", "Young people are reminded of training by text message.", (Role.ADVISER, Role.EXPERT)),
}

# Stage, title, days from today, evidence asked for, statuses logged with their lines.
MILESTONES = (
    (
        "scoping",
        "Agree the question and the outcome",
        -75,
        "Signed one-page scope",
        (
            ("in_progress", "Two meetings; the outcome is kept appointments."),
            ("done", "Scope signed by both departments."),
        ),
    ),
    (
        "design",
        "Agreement to share appointment data",
        -6,
        "Signed agreement",
        (("in_progress", "Draft is with the city's lawyers."), ("blocked", "Waits for a second legal review.")),
    ),
    (
        "design",
        "Letter and text message tested with residents",
        3,
        "Notes of ten interviews",
        (("in_progress", "Six of ten interviews held; people ask what it costs."),),
    ),
    ("field", "First letters sent", 24, "Posting receipt", ()),
    ("analysis", "Kept appointments counted", 95, "Table by week", ()),
)

TEXTS = {
    "what_we_did": "We agreed the question and interviewed six residents about the letter.",
    "what_we_learned": "People want to know that the appointment is free before anything else.",
    "what_we_changed": "The first line of the letter now says that it is free.",
    "what_we_need": "A decision on sharing appointment data by the end of the month.",
}


@transaction.atomic
def seed_demo_work(people: dict[Role, User], now: datetime) -> bool:
    """Makes the invented initiative where it is not there yet; True when it was made. Roles are given each time."""
    with timezone.override(people[Role.LEAD].time_zone):  # as on their pages: one deed, one day
        return _seed(people, now)


def _seed(people: dict[Role, User], now: datetime) -> bool:
    initiative, made = Initiative.objects.get_or_create(
        slug=SLUG, defaults={"name": NAME, "source": SOURCE, "is_fictional": True}
    )
    if initiative.name != NAME:  # of a database of an earlier release
        initiative.name = NAME
        initiative.save(update_fields=["name"])
    for slug, (theme, project, roles) in CITIES.items():
        city = City.objects.filter(slug=slug).first()
        if city is None:
            continue
        engagement, fresh = Engagement.objects.get_or_create(
            initiative=initiative,
            city=city,
            defaults={
                "slug": f"{slug}-{SLUG}",
                "theme": theme,
                "project": project,
                "project_source": SOURCE,
                "starts_on": timezone.localdate(now) - STARTED_BEFORE,
                "needs_approval": True,
                "is_fictional": True,
            },
        )
        for role in (Role.LEAD, Role.FUNDER, *roles):
            _give_role(people[role], role, initiative, engagement, now)
        if fresh:
            _begin(engagement, now)
            _work(engagement, people, roles, now)
        if Role.CITY_STAFF in roles:
            seed_demo_indicators(engagement, people, now)
        seed_demo_money(engagement, people[Role.ADVISER], now)
    return made


def _give_role(user: User, role: Role, initiative: Initiative, engagement: Engagement, now: datetime) -> None:
    place = engagement if role not in (Role.LEAD, Role.FUNDER) else None
    held = {"user": user, "role": role.value, "initiative": initiative, "engagement": place}
    if not EngagementRole.objects.open().filter(**held).exists():
        EngagementRole.objects.create(**held)


def _begin(engagement: Engagement, now: datetime) -> None:
    for status, days in (("announced", 120), ("active", 90)):
        Participation.objects.create(
            engagement=engagement, status=status, began_on=timezone.localdate(now) - timedelta(days=days), source=SOURCE
        )


def _work(engagement: Engagement, people: dict[Role, User], roles: tuple[Role, ...], now: datetime) -> None:
    adviser, lead = people[Role.ADVISER], people[Role.LEAD]
    made = []
    for stage, title, days, evidence, lines in MILESTONES:
        row = add_milestone(
            engagement=engagement.pk,
            title=title,
            stage=stage,
            due_on=_day(now, days),
            owner=adviser.pk,
            acceptance_evidence=evidence,
            by=adviser,
            now=now,
        )
        made.append(row)
        for status, line in lines:
            if status == "done":  # approval is asked for here
                log_progress(milestone=row.pk, status="awaiting_review", line=line, by=adviser, now=now)
                log_progress(milestone=row.pk, status="done", line="Approved.", by=lead, now=now)
            else:
                log_progress(milestone=row.pk, status=status, line=line, by=adviser, now=now)
    add_dependency(milestone=made[3].pk, needs=made[1].pk, by=adviser, now=now)
    Milestone.objects.filter(engagement=engagement).update(is_fictional=True, source=SOURCE)
    add_record(
        engagement=engagement.pk,
        kind="decision",
        title="One appointment, not a course",
        on=_day(now, -60),
        body="Residents asked for something short.",
        visibility=Visibility.CITY.value,
        by=adviser,
        now=now,
    )
    _updates(engagement, adviser, lead, now)
    if Role.CITY_STAFF in roles:
        staff, expert = people[Role.CITY_STAFF], people[Role.EXPERT]
        add_comment(
            engagement=engagement.pk,
            body="The lawyers meet on Thursday.",
            visibility=Visibility.TEAM.value,
            mentions=(adviser.pk,),
            by=staff,
            now=now,
        )
        create_request(
            engagement=engagement.pk,
            question="Which tracts should we look at first, and how sure can we be of them?",
            due_on=_day(now, 7),
            owner=expert.pk,
            panel_path=f"/cities/{engagement.city.slug}/#where",
            by=staff,
            now=now,
        )


def _updates(engagement: Engagement, adviser: User, lead: User, now: datetime) -> None:
    """The last quarter's is published, this quarter's waits for its review."""
    this = (now.year, (now.month + 2) // 3)
    last = (now.year - 1, 4) if this[1] == 1 else (now.year, this[1] - 1)
    for (year, quarter), steps in ((last, ("in_review", "approved", "published")), (this, ("in_review",))):
        row = start_update(engagement=engagement.pk, year=year, quarter=quarter, texts=TEXTS, by=adviser, now=now)
        QuarterlyUpdate.objects.filter(pk=row.pk).update(is_fictional=True)
        for step in steps:
            row.refresh_from_db()
            by = adviser if step == "in_review" else lead
            answers = all_yes("update") if step == "approved" else ()
            move_update(update=row.pk, status=step, expected_version=row.version, by=by, now=now, answers=answers)


def _day(now: datetime, days: int) -> date:
    return timezone.localdate(now) + timedelta(days=days)
