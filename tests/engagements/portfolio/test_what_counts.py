"""People, plans and kept answers: who is counted once, what a revision may not show, what a cache may not tell."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from atlas.models import CityTract
from engagements import models
from engagements.portfolio.queries.portfolio import PortfolioFilter, portfolio
from tests.factories.portfolio import World, archive

pytestmark = pytest.mark.django_db


def figures(world, **more):
    return portfolio(world.funder, world.initiative.slug, now=timezone.now(), **more).recorded


def plan_in(world, *tracts: str, at: int = 0):
    """A published plan in these tracts of the city."""
    plan = world.plan(at=at, title=f"Plan in {' '.join(tracts)}", publish=False)
    for geoid in tracts:
        CityTract.objects.get_or_create(
            city=world.engagements[at].city, geoid=geoid, defaults={"share": 1.0, "belongs": True, "rule": "a test"}
        )
        models.PlanTract.objects.create(plan=plan, geoid=geoid)
    world.publish(plan)
    return plan


def count(world, plan, number, at: int = 0, **more):
    made = world.indicator(
        at=at, counts_people=True, is_unduplicated=True, plan=plan, name=f"Count of {number}", **more
    )
    world.value(made, number)
    return made


def test_people_of_plans_that_share_a_tract_are_not_added_and_of_others_are():
    world = World()
    count(world, plan_in(world, "26163500100", "26163500200"), 100)
    count(world, plan_in(world, "26163500200"), 40)
    count(world, plan_in(world, "26163500900"), 7)
    count(world, plan_in(world, "26163500100", at=1), 1_000, at=1)
    people = figures(world).people
    assert people.people.value == 1_007
    assert {line.figure.value for line in people.lines if not line.is_counted} == {100, 40}
    assert "2 counts left out because they overlap others" in people.words and people.is_unduplicated


def test_a_count_without_a_plan_may_hold_anybody():
    world = World()
    count(world, plan_in(world, "26163500100"), 100)
    count(world, plan_in(world, "26163500900"), 7)
    count(world, None, 60)
    people = figures(world).people
    assert people.people.value is None and people.words.startswith("no count that may be added")
    assert all("may count people of" in line.why for line in people.lines)


def test_households_are_never_added_to_people_and_who_may_be_counted_twice_is_said():
    world = World()
    count(world, None, 60)
    count(world, None, 20, unit="households")
    twice = world.indicator(at=1, counts_people=True, name="Visits")
    world.value(twice, 30, 1)
    world.value(twice, 50, 2)
    people = figures(world).people
    assert (people.people.value, people.households.value) == (60, 20)
    assert people.words.endswith("1 count left out because it may count a person twice")


def test_what_was_done_is_named_once_for_all_its_cities_and_the_latest_stays():
    world = World(cities=2)
    for at in (0, 1):
        world.milestone(at=at, due=-30, done=-31, title="Cities named")
    world.milestone(due=-20, done=-10, title="Letters sent")
    world.milestone(due=5, title="Not yet")
    lines = figures(world).done
    both = tuple(sorted(engagement.city.name for engagement in world.engagements))
    assert [(line.title, line.cities) for line in lines if line.title in ("Cities named", "Letters sent")] == [
        ("Cities named", both),
        ("Letters sent", (world.engagements[0].city.name,)),
    ]
    assert "Not yet" not in {line.title for line in lines}
    for n in range(20):
        world.milestone(due=-9, done=-9, title=f"Step {n:02}")
    assert len(figures(world).done) == 12 and "Cities named" not in {line.title for line in figures(world).done}


def test_a_reopened_value_is_gone_until_it_is_approved_again():
    world = World()
    made = world.indicator(counts_people=True, is_unduplicated=True)
    value = world.value(made, 120)
    before = timezone.now()
    models.IndicatorValue.objects.filter(pk=value.pk).update(status="draft", revision=1, change_reason="entry_error")
    assert figures(world).people.people.value is None
    assert figures(world, as_of=before).people.people.value == 120


def test_a_revision_of_a_published_plan_shows_nothing_before_it_is_published():
    world = World()
    plan = world.plan(title="First words", interventions=(world.evidence("rct"),))
    models.Plan.objects.filter(pk=plan.pk).update(status="draft", title="Secret revision")
    world.intervention(plan, world.evidence("quasi"))
    lines = figures(world).evidence.interventions
    assert [(line.plan, line.tier) for line in lines] == [("First words", "rct")]
    world.publish(plan)
    assert {line.tier for line in figures(world).evidence.interventions} == {"rct", "quasi"}
    archive(plan, world.by)
    assert figures(world).evidence.interventions == ()


def test_the_tier_is_that_of_the_version_of_the_evidence_that_was_read():
    world = World()
    row = world.evidence("descriptive")
    world.plan(interventions=(row,))
    models.EvidenceRow.objects.filter(pk=row.pk).update(tier="rct")
    assert [line.tier for line in figures(world).evidence.interventions] == ["descriptive"]


def test_money_of_the_whole_initiative_is_left_out_while_cities_are_chosen():
    world = World()
    world.entry("committed", 1_000, at=None)
    world.entry("committed", 50)
    slug = world.engagements[0].city.slug
    chosen = figures(world, filters=PortfolioFilter(cities=(slug,)))
    assert chosen.figure("committed").value == 50 and chosen.money.whole is None
    assert figures(world).figure("committed").value == 1_050


def test_a_moved_due_date_is_said_beside_the_milestones_that_were_on_time():
    world = World()
    made, later = world.milestone(due=-50, done=-20), world.today - timedelta(days=15)
    models.DueDateChange.objects.create(
        milestone=made, old=made.due_on, new=later, reason="data", at=timezone.now(), by=world.by
    )
    models.Milestone.objects.filter(pk=made.pk).update(due_on=later)
    on_time = figures(world).figure("on_time")
    assert (on_time.value, on_time.note) == (1, "of 1 that were due; the due date of 1 was moved at least once")


# Answers that are kept.


def page_of(user, world, query=""):
    client = Client()
    client.force_login(user)
    return client.get(f"/portfolio/{world.initiative.slug}/{query}")


def test_a_kept_page_is_for_nobody_without_a_role():
    world = World()
    world.entry("committed", 500)
    assert page_of(world.funder, world).status_code == 200
    assert page_of(world.by, world).status_code == 404
    models.EngagementRole.objects.filter(user=world.funder).update(ended_on=timezone.now().date())
    assert page_of(world.funder, world).status_code == 404


def test_what_is_written_is_on_the_next_page():
    world = World()
    world.entry("committed", 500)
    assert "$500 committed" in page_of(world.funder, world).content.decode()
    world.entry("committed", 250)
    assert "$750 committed" in page_of(world.lead, world).content.decode()


def test_a_kept_page_with_invented_work_is_not_for_those_who_are_shown_none(settings):
    world = World()
    world.milestone(due=-3, title="Invented step", is_fictional=True)
    settings.DEMO_ACCOUNTS = True
    assert 'href="#fictional"' in page_of(world.funder, world).content.decode()
    settings.DEMO_ACCOUNTS = False
    assert 'href="#fictional"' not in page_of(world.funder, world).content.decode()
