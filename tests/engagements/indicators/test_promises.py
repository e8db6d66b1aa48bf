"""What the database refuses of indicators, values and risks, whoever writes."""

from datetime import date

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from engagements.models import Indicator, IndicatorValue, Risk
from engagements.permissions import Role
from tests.engagements.discussion.discussion import house
from tests.factories.engagements import NOW
from tests.factories.indicators import FIELDS, Q3, approved, enter, make_indicator

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    here, there, people, _ = house()
    return here, there, people, make_indicator(here, people[Role.CITY_STAFF])


def refused(match: str, write, *args, error=IntegrityError, **kwargs):
    with pytest.raises(error, match=match), transaction.atomic():
        write(*args, **kwargs)


def sql(statement: str, *params) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


@pytest.mark.parametrize(
    ("fields", "promise"),
    [
        ({"name": " "}, "indicator_has_words"),
        ({"unit": "share", "denominator": ""}, "indicator_share"),
        ({"unit": "share", "denominator": "of all", "target": 2}, "indicator_share_between_0_and_1"),
        ({"target": -1}, "indicator_target_on_its_way"),
        ({"direction": "falling"}, "indicator_target_on_its_way"),
        ({"target_on": date(2026, 3, 31)}, "indicator_target_after_baseline"),
        ({"baseline_on": None}, "indicator_baseline_has_day"),
        ({"target_on": None}, "indicator_target_has_day"),
        ({"unit": "days", "counts_people": True}, "indicator_people_in_people"),
        ({"every_months": 0}, "indicator_due_every"),
        ({"archived_at": NOW}, "indicator_archived_pair"),
    ],
)
def test_indicators_hold_together(world, fields, promise):
    here, *_ = world
    refused(promise, Indicator.objects.create, engagement=here, **FIELDS | fields)


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ("period_end = '2026-06-30'", "value_period_in_order"),
        ("low = 70, high = 80", "value_interval_around_it"),
        ("low = 50", "value_interval_around_it"),
        ("dimension = 'sex'", "value_group_in_full"),
        ("denominator = 0", "value_denominator_above_0"),
        ("status = 'final'", "value_status_is_declared"),
        ("status = 'approved'", "answered the checklist"),
        ("status = 'locked'", "value_approved_has_approver"),
        ("revision = 1", "value_change_has_reason"),
        ("revision = 1, change_reason = 'other'", "value_other_reason_in_words"),
        ("reviewed_at = now()", "value_reviewed_pair"),
    ],
)
def test_values_hold_together(world, change, promise):
    _, _, people, row = world
    (value,) = enter(row, people[Role.CITY_STAFF])
    refused(promise, sql, f"UPDATE engagements_indicatorvalue SET {change} WHERE id = %s", value.pk)


def test_one_value_a_period_and_group_and_within_the_engagement(world):
    here, there, people, row = world
    (value,) = enter(row, people[Role.CITY_STAFF])
    make = {
        "indicator": row,
        "engagement": here,
        "period_start": Q3[0],
        "period_end": Q3[1],
        "value": 1,
        "entered_by": people[Role.CITY_STAFF],
        "entered_at": NOW,
    }
    refused("value_once_a_period", IndicatorValue.objects.create, **make)
    refused(
        "value_within_engagement",
        IndicatorValue.objects.create,
        **make | {"engagement": there, "category": "x", "dimension": "sex"},
    )


@pytest.mark.parametrize(
    "change", ["value = 1", "numerator = 1", "period_end = '2026-09-29'", "category = 'x', dimension = 'sex'"]
)
def test_an_approved_value_is_fixed_by_raw_sql_too(world, change):
    _, _, people, row = world
    (value,) = approved(row, people)
    refused(
        "value_fixed_once_approved|reopened with a coded reason",
        sql,
        f"UPDATE engagements_indicatorvalue SET {change} WHERE id = %s",
        value.pk,
    )


def test_it_is_reopened_with_a_coded_reason_only_by_bulk_too(world):
    _, _, people, row = world
    (value,) = approved(row, people)
    mine = IndicatorValue.objects.filter(pk=value.pk)
    back = {"status": "draft", "approved_by": None, "approved_at": None}
    refused("reopened with a coded reason", mine.update, **back)
    refused("reopened with a coded reason", mine.update, change_reason="late_data", **back)
    mine.update(change_reason="late_data", revision=1, **back)
    mine.update(value=61)
    mine.update(status="in_review")


def test_nothing_is_deleted(world):
    here, _, people, row = world
    (value,) = enter(row, people[Role.CITY_STAFF])
    refused("Cannot delete", IndicatorValue.objects.filter(pk=value.pk).delete, error=InternalError)
    refused("Cannot delete", sql, "DELETE FROM engagements_indicator WHERE id = %s", row.pk, error=InternalError)


@pytest.mark.parametrize(
    ("fields", "promise"),
    [
        ({"title": " "}, "risk_has_title"),
        ({"likelihood": 4}, "risk_levels_known"),
        ({"severity": 0}, "risk_levels_known"),
        ({"closed_on": date(2025, 1, 1)}, "risk_closed_after_opened"),
        ({"visibility": "CITY"}, "risk_visibility_is_known"),
        ({"archived_at": NOW}, "risk_archived_pair"),
    ],
)
def test_risks_hold_together(world, fields, promise):
    here, *_ = world
    base = {"title": "It rains", "likelihood": 1, "severity": 1, "opened_on": date(2026, 1, 1)}
    refused(promise, Risk.objects.create, engagement=here, **base | fields)
