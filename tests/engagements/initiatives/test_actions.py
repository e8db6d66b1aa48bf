"""A lead sets up the next initiative: all of it or nothing, refused in action and database alike."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from engagements.access.engagements import engagement_for
from engagements.access.errors import NotAllowed, NotFound
from engagements.access.roles import engagements_with, permissions_in
from engagements.base.editing import Conflict
from engagements.base.queries.engagements import engagements
from engagements.home.actions import change_engagement
from engagements.initiatives.actions.initiatives import (
    Setup,
    add_cities,
    archive_initiative,
    change_initiative,
    create_initiative,
    restore_initiative,
)
from engagements.initiatives.queries.initiatives import initiative_page, initiative_to_copy, initiatives
from engagements.initiatives.rules import InitiativeFields
from engagements.models import Activity, Engagement, EngagementRole, Initiative, Milestone, Notification, Organisation
from engagements.people.queries.cities import participations
from engagements.permissions import EDIT_MILESTONE, LOG_PROGRESS, MANAGE_INITIATIVE, VIEW_PUBLISHED, Role
from tests.factories import portal
from tests.factories.engagements import NOW, TODAY, CityFactory, EngagementFactory, InitiativeFactory, everybody, member
from tests.factories.places import gazetteer

pytestmark = pytest.mark.django_db

SOURCE = "foundation.example/press, November 2, 2026"
FIELDS = InitiativeFields(
    name="Mobility Next",
    source=SOURCE,
    starts_on=date(2027, 1, 4),
    ends_on=date(2028, 6, 30),
    pledge=Decimal(9_000_000),
    pledge_on=date(2026, 11, 2),
    pledge_source=SOURCE,
)
DETROIT, NEWARK = "2622000", "3451000"


@pytest.fixture
def people(tmp_path):
    found = everybody(EngagementFactory())  # in a city that was there before the list came
    portal.ingest(gazetteer(tmp_path / "2019_Gaz_place_national.txt"))
    return found


def create(by, **changed):
    wanted = {"fields": FIELDS, "funders": ["New Foundation"], "places": [DETROIT, NEWARK]} | changed
    return create_initiative(**wanted, by=by, now=NOW)


def test_everything_is_there_at_once(people):
    lead, adviser = people[Role.LEAD], people[Role.ADVISER]
    team = ((adviser.pk, "adviser"), (people[Role.EXPERT].pk, "expert"))
    made = create(lead, setup=Setup(team, "scoping"))
    assert (made.slug, made.pledge, made.pledge_source) == ("mobility-next-2027", Decimal(9_000_000), SOURCE)
    assert [str(each.city) for each in made.engagements.order_by("city__name")] == ["Detroit, MI", "Newark, NJ"]
    assert EngagementRole.objects.get(user=lead, initiative=made).role == "lead"
    for engagement in made.engagements.all():
        assert (engagement.starts_on, engagement.ends_on) == (FIELDS.starts_on, FIELDS.ends_on)
        first = Milestone.objects.filter(engagement=engagement).order_by("due_on").first()
        assert (first.due_on, first.owner_id) == (date(2027, 1, 18), adviser.pk)  # 14 days after the start
        status = engagement.participations.get()
        assert (status.status, status.began_on, status.source) == ("announced", date(2026, 11, 2), SOURCE)
        assert LOG_PROGRESS in permissions_in(adviser, engagement.pk)
    funder = Organisation.objects.get(name="New Foundation")
    assert (funder.kind, funder.source) == ("funder", SOURCE)
    assert initiatives(lead, permission=MANAGE_INITIATIVE)[0].funders == ("New Foundation",)
    assert Activity.objects.filter(noun="initiative", object_id=made.pk, by=lead).exists()
    assert Notification.objects.filter(user=adviser, noun="engagementrole").count() == 2
    page = initiative_page(lead, made.slug)
    assert [(line.city, line.milestones, line.people) for line in page.without_map] == [
        ("Detroit, MI", 4, 2),
        ("Newark, NJ", 4, 2),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEAD])
def test_only_a_lead_creates(people, role):
    with pytest.raises(NotAllowed):
        create(people[role])
    assert Initiative.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"places": [DETROIT, "9999999"]}, "places"),
        ({"places": ["Detroit"]}, "places"),
        ({"places": []}, "places"),
        ({"places": [DETROIT, DETROIT]}, "places"),
        ({"fields": replace(FIELDS, ends_on=date(2026, 1, 1), pledge_on=date(2025, 1, 1))}, "ends_on"),
        ({"fields": replace(FIELDS, starts_on=None)}, "starts_on"),
        ({"setup": Setup((), "nothing")}, "template"),
        ({"setup": Setup(((10**9, "adviser"),))}, "team"),
        ({"funders": ["x" * 151]}, "funders"),
    ],
)
def test_nothing_is_left_of_what_is_refused(people, changed, field):
    with pytest.raises(ValidationError) as refused:
        create(people[Role.LEAD], **changed)
    assert field in refused.value.message_dict
    assert Initiative.objects.count() == 1 and Engagement.objects.count() == 1


def test_somebody_from_another_leads_team_is_not_given_work(people):
    other = member(Role.ADVISER, EngagementFactory(city=CityFactory(place_geoid="1050670")))
    with pytest.raises(ValidationError) as refused:
        create(people[Role.LEAD], setup=Setup(((other.pk, "adviser"),)))
    assert list(refused.value.message_dict) == ["team"]


def test_the_same_name_and_dates_are_refused_by_action_and_database(people):
    create(people[Role.LEAD])
    with pytest.raises(ValidationError) as refused:
        create(people[Role.LEAD], fields=replace(FIELDS, name="mobility  NEXT"))
    assert list(refused.value.message_dict) == ["name"]
    again = create(people[Role.LEAD], fields=replace(FIELDS, starts_on=date(2027, 2, 1)))
    assert again.slug == "mobility-next-2027-2"
    with pytest.raises(IntegrityError, match="initiative_once"), transaction.atomic():
        InitiativeFactory(name="MOBILITY NEXT", starts_on=FIELDS.starts_on, ends_on=FIELDS.ends_on)


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"starts_on": date(2027, 1, 2), "ends_on": date(2027, 1, 1)}, "initiative_ends_after_start"),
        ({"pledge": Decimal(0), "pledge_on": TODAY, "pledge_source": "a"}, "pledge_is_a_sum"),
        ({"pledge": Decimal(5), "pledge_on": TODAY, "pledge_source": ""}, "pledge_has_day_and_source"),
        ({"pledge": Decimal(5), "pledge_source": "a"}, "pledge_has_day_and_source"),
        ({"pledge_on": TODAY}, "pledge_has_day_and_source"),
        (
            {"pledge": Decimal(5), "pledge_on": TODAY, "pledge_source": "a", "ends_on": date(2026, 1, 1)},
            "pledge_before_the_end",
        ),
        ({"archived_at": NOW}, "initiative_archived_pair"),
    ],
)
def test_the_database_has_the_last_word(wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        InitiativeFactory(**wrong)


def test_no_city_starts_before_its_initiative():
    initiative = InitiativeFactory(starts_on=date(2027, 1, 4))
    with pytest.raises(IntegrityError, match="starts before its initiative"), transaction.atomic():
        EngagementFactory(initiative=initiative, starts_on=date(2027, 1, 3))
    inside = EngagementFactory(initiative=initiative, starts_on=date(2027, 1, 4))
    with pytest.raises(ValidationError) as refused:
        change_engagement(
            engagement=inside.pk,
            changes={"starts_on": date(2027, 1, 1)},
            expected_version=inside.version,
            by=member(Role.LEAD, inside),
            now=NOW,
        )
    assert list(refused.value.message_dict) == ["starts_on"]
    with pytest.raises(IntegrityError, match="starts before this day"), transaction.atomic():
        Initiative.objects.filter(pk=initiative.pk).update(starts_on=date(2027, 1, 5))


def test_cities_are_added_later_and_each_once(people):
    lead = people[Role.LEAD]
    made = create(lead, places=[DETROIT])
    (newark,) = add_cities(initiative=made.slug, places=[NEWARK], by=lead, now=NOW, setup=Setup((), "design"))
    assert newark.starts_on == FIELDS.starts_on and newark.milestones.count() == 4
    with pytest.raises(ValidationError) as refused:
        add_cities(initiative=made.pk, places=[NEWARK], by=lead, now=NOW)
    assert "Newark, NJ" in refused.value.message_dict["places"][0]
    with pytest.raises(NotFound):
        add_cities(initiative=made.pk, places=["1050670"], by=people[Role.ADVISER], now=NOW)


def test_a_change_is_checked_and_kept(people):
    lead = people[Role.LEAD]
    made = create(lead)
    row = change_initiative(
        initiative=made.pk, fields=replace(FIELDS, name="Next"), expected_version=made.version, by=lead, now=NOW
    )
    assert row.name == "Next" and row.version == made.version + 1
    with pytest.raises(Conflict):
        change_initiative(
            initiative=made.pk, fields=replace(FIELDS, name="Nest"), expected_version=made.version, by=lead, now=NOW
        )
    with pytest.raises(ValidationError) as refused:
        change_initiative(
            initiative=made.pk,
            fields=replace(FIELDS, starts_on=date(2027, 3, 1)),
            expected_version=row.version,
            by=lead,
            now=NOW,
        )
    assert list(refused.value.message_dict) == ["starts_on"]


def test_archived_it_is_read_and_no_longer_written_or_listed(people):
    lead, adviser = people[Role.LEAD], people[Role.ADVISER]
    made = create(lead, places=[DETROIT], setup=Setup(((adviser.pk, "adviser"),)))
    inside = made.engagements.get()
    inside.participations.create(status="active", began_on=FIELDS.starts_on, source=SOURCE)
    assert participations()["detroit"].initiative == "Mobility Next"
    with pytest.raises(ValidationError):
        archive_initiative(initiative=made.pk, expected_version=made.version, by=lead, now=NOW, why=" ")
    archive_initiative(initiative=made.pk, expected_version=made.version, by=lead, now=NOW, why="Made by mistake.")
    assert engagement_for(adviser, inside.pk, VIEW_PUBLISHED) == inside
    with pytest.raises(NotFound):
        engagement_for(adviser, inside.pk, EDIT_MILESTONE)
    assert not engagements_with(adviser, LOG_PROGRESS).filter(pk=inside.pk).exists()
    assert EDIT_MILESTONE not in permissions_in(adviser, inside.pk)
    assert inside.pk not in {row.pk for row in engagements(adviser, today=TODAY)}
    assert "detroit" not in participations()
    with pytest.raises(ValidationError):
        add_cities(initiative=made.pk, places=[NEWARK], by=lead, now=NOW)
    restore_initiative(initiative=made.pk, by=lead, now=NOW)
    assert EDIT_MILESTONE in permissions_in(adviser, inside.pk)


def test_the_next_takes_over_funders_cities_and_team(people):
    lead, adviser = people[Role.LEAD], people[Role.ADVISER]
    made = create(lead, setup=Setup(((adviser.pk, "adviser"),)))
    copied = initiative_to_copy(lead, made.slug)
    assert (copied.funders, copied.places) == (("New Foundation",), (DETROIT, NEWARK))
    assert copied.team == ((adviser.pk, "adviser"),)
    with pytest.raises(NotFound):
        initiative_to_copy(adviser, made.slug)


def test_what_was_only_announced_hides_no_record(people):
    lead = people[Role.LEAD]
    earlier = create(lead, places=[DETROIT], fields=replace(FIELDS, name="Before"))
    earlier.engagements.get().participations.create(status="active", began_on=FIELDS.starts_on, source=SOURCE)
    later = create(lead, places=[DETROIT])
    assert participations()["detroit"].initiative == "Before"
    later.engagements.get().participations.create(status="active", began_on=FIELDS.starts_on, source=SOURCE)
    assert participations()["detroit"].initiative == "Mobility Next"
