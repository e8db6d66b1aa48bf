"""Money that worked in a tract: for those who see its engagement's money, to the cent, reversals taken off."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser

from atlas.models import CityTract
from engagements.money.queries.by_tract import money_of_tract
from engagements.permissions import PERMISSIONS, VIEW_MONEY, Role
from tests.engagements.milestones.test_api import asker
from tests.factories.engagements import EngagementFactory, UserFactory, member
from tests.factories.ledger import commitment, funder

pytestmark = pytest.mark.django_db
ENTRIES = "/api/v1/ledger/entries/"
HERE, THERE = "26163500100", "26163500200"


def test_spending_is_counted_where_it_was_placed():
    engagement = EngagementFactory()
    commitment(engagement)
    staff = member(Role.CITY_STAFF, engagement)
    for geoid in (HERE, THERE):
        CityTract.objects.create(city=engagement.city, geoid=geoid, share=1, belongs=True, rule="half")
    client = asker(staff)
    kept, taken_back = (
        client.post(
            ENTRIES,
            {
                "engagement": engagement.pk,
                "stage": "spent",
                "amount": amount,
                "occurred_on": "2026-03-02",
                "funder": funder(engagement).pk,
                "external_id": amount,
            },
            format="json",
        ).json()["id"]
        for amount in ("100.00", "60.00")
    )
    for pk in (kept, taken_back):
        placed = client.post(
            f"{ENTRIES}{pk}/tracts/", {"tracts": {HERE: "0.25", THERE: "0.75"}, "why": "x"}, format="json"
        )
        assert placed.status_code == 201, placed.json()
    assert client.post(f"{ENTRIES}{taken_back}/reverse/", {"why": "Twice"}, format="json").status_code == 201
    (found,) = money_of_tract(staff, HERE)
    assert (found.engagement, found.spent) == (engagement.slug, Decimal("25.00"))
    assert money_of_tract(staff, THERE)[0].spent == Decimal("75.00")
    assert money_of_tract(staff, "26163500300") == ()
    assert money_of_tract(AnonymousUser(), HERE) == money_of_tract(UserFactory(), HERE) == ()
    for role in Role:
        seen = money_of_tract(member(role, engagement), HERE)
        assert bool(seen) is (VIEW_MONEY in PERMISSIONS[role]), role
