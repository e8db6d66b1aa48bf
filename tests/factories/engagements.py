"""People, roles and work: small ones by hand, and ten cities' five years by COPY."""

import io
import json
from datetime import UTC, date, datetime, timedelta

import factory
from django.db import connection
from factory.django import DjangoModelFactory

from atlas.models import City
from engagements import models
from engagements.permissions import INITIATIVE_ROLES, Role
from tests.factories.names import letters

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TODAY = NOW.date()
PASSWORD = "quiet-Harbour-42"


class CityFactory(DjangoModelFactory):
    class Meta:
        model = City

    slug = factory.Sequence(lambda n: f"city-{letters(n)}")  # in the order in which they were made, also by name
    name = factory.LazyAttribute(lambda city: city.slug.title())
    state_name, state_usps, longitude, latitude = "Michigan", "MI", -83.0, 42.3
    place_geoid = factory.Sequence(lambda n: f"{2600000 + n}")


class UserFactory(DjangoModelFactory):
    class Meta:
        model = models.User

    email = factory.Sequence(lambda n: f"person.{letters(n)}@example.org")
    name = factory.Sequence(lambda n: f"Person {letters(n)}")
    password = "!"


class InitiativeFactory(DjangoModelFactory):
    class Meta:
        model = models.Initiative

    slug = factory.Sequence(lambda n: f"initiative-{letters(n)}")
    name = factory.LazyAttribute(lambda made: made.slug.title())
    source = "a test"


class EngagementFactory(DjangoModelFactory):
    class Meta:
        model = models.Engagement

    initiative = factory.SubFactory(InitiativeFactory)
    city = factory.SubFactory(CityFactory)
    slug = factory.LazyAttribute(lambda made: f"{made.city.slug}-{made.initiative.slug}")
    starts_on = date(2026, 1, 1)


class MilestoneFactory(DjangoModelFactory):
    class Meta:
        model = models.Milestone

    engagement = factory.SubFactory(EngagementFactory)
    title = factory.Sequence(lambda n: f"Milestone {letters(n)}")
    stage = "scoping"
    due_on = date(2026, 12, 15)


class CommentFactory(DjangoModelFactory):
    class Meta:
        model = models.Comment

    body = "Said."
    created_at = NOW


def member(role: Role | str, engagement: models.Engagement, **person) -> models.User:
    """Somebody new with an open role in the engagement, or in its initiative."""
    user = UserFactory(**person)
    give(user, role, engagement)
    return user


def give(user: models.User, role: Role | str, engagement: models.Engagement) -> models.EngagementRole:
    at = None if Role(role) in INITIATIVE_ROLES else engagement
    return models.EngagementRole.objects.create(
        user=user, role=Role(role).value, initiative=engagement.initiative, engagement=at, began_on=date(2026, 1, 1)
    )


def pair() -> tuple[models.Engagement, models.Engagement]:
    """Two cities of one initiative."""
    initiative = InitiativeFactory()
    return EngagementFactory(initiative=initiative), EngagementFactory(initiative=initiative)


def everybody(engagement: models.Engagement) -> dict[Role, models.User]:
    return {role: member(role, engagement) for role in Role}


def make_many(
    cities: int = 10, milestones: int = 5_000, activity: int = 50_000
) -> tuple[list[models.Engagement], dict[Role, models.User]]:
    """An initiative of so many cities over five years, evenly spread; the first city has everybody.

    Ten cities' 5,000 milestones (with their history) and 50,000 lines of activity take some seconds.
    """
    initiative = InitiativeFactory()
    found = [EngagementFactory(initiative=initiative, starts_on=date(2021, 11, 1)) for _ in range(cities)]
    people = everybody(found[0])
    for engagement in found[1:]:
        give(people[Role.ADVISER], Role.ADVISER, engagement)
    for engagement in found:
        models.Participation.objects.create(
            engagement=engagement, status="active", began_on=engagement.starts_on, source="a test"
        )
    owner = people[Role.ADVISER]
    made = models.Milestone.objects.bulk_create(
        (_milestone(n, found[n % cities], owner, milestones) for n in range(milestones)), batch_size=2_000
    )
    _copy_activity(activity, made, found, owner)
    return found, people


def _milestone(n: int, engagement, owner, of: int) -> models.Milestone:
    stage = list(models.Milestone.Stage)[n % 5].value
    status = ("planned", "in_progress", "at_risk", "done", "blocked")[n // 5 % 5]
    due = date(2021, 12, 1) + timedelta(days=round(n * 1_826 / max(of, 1)))
    return models.Milestone(
        engagement=engagement,
        title=f"Milestone {n}",
        stage=stage,
        status=status,
        due_on=due,
        owner=owner,
        position=n,
        started_on=None if status == "planned" else due - timedelta(days=20),
        done_on=due if status == "done" else None,
    )


def _copy_activity(count: int, milestones: list, engagements: list, by: models.User) -> None:
    rows = io.StringIO()
    for n in range(count):
        about = milestones[n % len(milestones)] if milestones else None
        at = NOW - timedelta(minutes=52 * n)
        changes = json.dumps({"status": ["planned", "in_progress"]})
        level = ("team", "city", "all")[n % 3]
        engagement = about.engagement_id if about else engagements[n % len(engagements)].pk
        about_id = about.pk if about else 0
        rows.write(f"{engagement}\t{by.pk}\t{at.isoformat()}\tlogged\tmilestone\t{about_id}\tMilestone\tLine {n}\t\t")
        rows.write(f"{changes}\t{level}\n")
    rows.seek(0)
    columns = "engagement_id,by_id,at,verb,noun,object_id,title,line,why,changes,visibility"
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY engagements_activity ({columns}) FROM STDIN", rows)
        cursor.execute("ANALYZE engagements_activity, engagements_milestone")
