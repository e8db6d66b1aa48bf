"""Invented work: there is something to look at for each demo account, and nothing of it in what is public."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from atlas.models import CityTract
from engagements.demo.people import demo_people, seed_demo_people
from engagements.demo.work import SLUG, seed_demo_work
from engagements.home.queries.tasks import tasks_of
from engagements.indicators.queries.indicators import indicators
from engagements.milestones.queries.log_choices import log_choices
from engagements.milestones.queries.milestones import MilestoneFilter
from engagements.models import (
    Engagement,
    EngagementRole,
    Indicator,
    IndicatorValue,
    LedgerEntry,
    LedgerPlacement,
    Milestone,
    ProgressEntry,
    QuarterlyUpdate,
    Risk,
)
from engagements.people.queries.cities import participations
from engagements.permissions import Role
from engagements.seeds.initiative import seed
from engagements.tasks import finish_demo
from engagements.worklist.queries.board import work_counts

pytestmark = pytest.mark.django_db


def test_its_days_are_those_of_its_people():
    seed()
    seed_demo_people("quiet-Harbour-42")
    seed_demo_work(demo_people(), datetime(2026, 11, 27, 3, 51, tzinfo=UTC))  # the evening of the 26th in New York
    done = Milestone.objects.get(engagement__initiative__slug=SLUG, engagement__city__slug="detroit", status="done")
    assert (done.started_on, done.done_on) == (date(2026, 11, 26), date(2026, 11, 26))
    assert done.due_on == date(2026, 11, 26) - timedelta(days=75)


@pytest.fixture(scope="module")
def demo(module_rows):
    """Everything seeded once: it takes seconds."""
    with module_rows.unblock():
        seed()
        seed_demo_people("quiet-Harbour-42")
        assert seed_demo_work(demo_people(), timezone.now())


@pytest.fixture
def people(demo):
    return demo_people()


def counts() -> tuple[int, ...]:
    models = (Engagement, Milestone, ProgressEntry, QuarterlyUpdate, EngagementRole)
    return tuple(model.objects.count() for model in models)


def test_it_is_written_once(people):
    before = counts()
    assert not seed_demo_work(demo_people(), timezone.now())
    assert counts() == before


def test_every_row_says_that_it_is_invented(people):
    made = Engagement.objects.filter(initiative__slug=SLUG)
    assert made.count() == 2 and all(row.is_fictional and row.initiative.is_fictional for row in made)
    for model in (Milestone, QuarterlyUpdate, Indicator, IndicatorValue, Risk):
        assert set(model.objects.filter(engagement__in=made).values_list("is_fictional", flat=True)) == {True}


def test_the_public_record_tells_none_of_it(people, client):
    told = participations()
    assert len(told) == 10 and all("fictional" not in record.initiative for record in told.values())
    for address in ("/", "/cities/detroit/", "/api/v1/cities/detroit/"):
        assert "ictional" not in client.get(address).content.decode(), address


def test_the_adviser_has_something_due_something_late_and_something_blocked(people):
    today = timezone.localdate()
    shown = work_counts(people[Role.ADVISER], MilestoneFilter(in_teams=True), today=today)
    assert shown.overdue == 2 and shown.this_week and shown.in_trouble
    choices = log_choices(people[Role.ADVISER], today=today)
    assert choices[0].title == "Agreement to share appointment data"


def test_the_funder_reads_the_published_update_and_no_internal_line(people, client):
    client.force_login(people[Role.FUNDER])
    listed = client.get(f"/engagements/detroit-{SLUG}/updates/").content.decode()
    published = QuarterlyUpdate.objects.get(engagement__slug=f"detroit-{SLUG}", status="published")
    assert f"/updates/{published.pk}/" in listed and "In review" not in listed
    assert "free before anything else" in client.get(f"/updates/{published.pk}/").content.decode()
    assert "second legal review" not in client.get(f"/engagements/detroit-{SLUG}/").content.decode()


def test_the_expert_has_a_question_with_its_panel(people, client):
    client.force_login(people[Role.EXPERT])
    assert "Which tracts should we look at first" in client.get("/requests/").content.decode()


def test_detroits_indicators_are_of_the_city_and_of_the_programme_one_stale_one_opened_again(people):
    today = timezone.localdate()
    engagement = Engagement.objects.get(slug=f"detroit-{SLUG}")
    rows = indicators(people[Role.FUNDER], today=today, engagements=(engagement.pk,))
    assert sorted(row.kind for row in rows) == ["performance"] * 3 + ["population"] * 2
    stale = [row.name for row in rows if row.due.is_stale and row.kind == "performance"]
    assert stale == ["Days from request to appointment"]
    assert all(row.latest and row.source and row.rating.rule for row in rows)
    assert set(IndicatorValue.objects.filter(revision=1).values_list("change_reason", flat=True)) == {"late_data"}
    waiting = [task.title for task in tasks_of(people[Role.EXPERT], today=today) if task.noun == "indicator"]
    assert len(waiting) == 1 and waiting[0].startswith("Residents seen by a counselor")


def test_invented_money_is_posted_once_and_placed_when_tracts_are_known(people, settings):
    seed_demo_work(people, timezone.now())
    cities = Engagement.objects.filter(initiative__slug=SLUG)
    entries = LedgerEntry.objects.all()
    assert {row.engagement_id for row in entries} == {row.pk for row in cities} and all(e.is_fictional for e in entries)
    per_city = {row.pk: entries.filter(engagement=row).count() for row in cities}
    assert set(per_city.values()) == {12} and entries.exclude(reverses=None).count() == len(cities)
    assert not LedgerPlacement.objects.exists()
    detroit = cities.get(city__slug="detroit")
    CityTract.objects.create(city=detroit.city, geoid="26163500100", share=1, belongs=True, rule="half")
    settings.DEMO_ACCOUNTS = True
    for _ in range(2):  # the worker's tick, not the next start
        finish_demo()
    seed_demo_work(people, timezone.now())
    assert {p.entry.engagement for p in LedgerPlacement.objects.all()} == {detroit}
    assert LedgerPlacement.objects.count() == 5 and LedgerEntry.objects.count() == 12 * len(cities)
