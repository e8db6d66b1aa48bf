"""Entering, reviewing, approving and opening again; each refusal in words."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from engagements.access.errors import NotFound
from engagements.base.editing import Conflict
from engagements.indicators.actions.indicators import archive_indicator, change_indicator
from engagements.indicators.actions.value_entries import EntriesRefused, ValueEntry
from engagements.indicators.actions.value_status import move_values, review_values
from engagements.indicators.actions.values import archive_value, change_value, enter_period, enter_value
from engagements.models import Activity, Document, Engagement, IndicatorValue, Notification
from engagements.permissions import Role
from engagements.reviews.rules.checklists import all_yes
from tests.engagements.discussion.discussion import house
from tests.factories.engagements import NOW
from tests.factories.indicators import Q2, Q3, approved, enter, make_indicator, move, versions

pytestmark = pytest.mark.django_db
YES = all_yes("value")
STAFF, LEAD, EXPERT, ADVISER = Role.CITY_STAFF, Role.LEAD, Role.EXPERT, Role.ADVISER


@pytest.fixture
def world():
    here, there, people, others = house()
    return here, people, others, make_indicator(here, people[STAFF])


def problems(call, *args, **kwargs) -> dict:
    with pytest.raises(ValidationError) as refused:
        call(*args, **kwargs)
    return refused.value.message_dict if hasattr(refused.value, "error_dict") else {"": refused.value.messages}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"target": -5}, "target"),
        ({"unit": "share", "denominator": ""}, "baseline"),
        ({"name": " "}, "name"),
        ({"unit": "miles"}, "unit"),
        ({"source": ""}, "source"),
        ({"baseline_on": None}, "baseline_on"),
        ({"target": 0, "baseline": 5}, "target"),
        ({"every_months": 99}, "every_months"),
        ({"dimensions": ["sex", "sex"]}, "dimensions"),
        ({"name": "x" * 151}, "name"),
    ],
)
def test_an_indicator_that_makes_no_sense_is_refused_at_its_field(world, changes, field):
    here, people, _, _ = world
    if changes.get("unit") == "share":
        changes |= {"target": 0.5, "baseline": 7}
    found = problems(make_indicator, here, people[STAFF], **changes)
    assert field in found and "violat" not in str(found)


def test_owner_and_plan_are_of_the_engagement(world):
    here, people, others, row = world
    assert "owner" in problems(make_indicator, here, people[STAFF], owner=others[ADVISER].pk)
    assert make_indicator(here, people[STAFF], name="Two", owner=people[EXPERT].pk).owner == people[EXPERT]
    with pytest.raises(NotFound):
        make_indicator(here, people[STAFF], plan=10**6)


@pytest.mark.parametrize("role", [Role.EXPERT, Role.LOCAL_PARTNER, Role.FUNDER])
def test_only_those_who_keep_indicators_write(world, role):
    here, people, _, row = world
    with pytest.raises(NotFound):
        make_indicator(here, people[role])
    with pytest.raises(NotFound):
        enter(row, people[role])


def test_a_second_click_makes_one(world):
    here, people, _, row = world
    key = uuid.uuid4()
    common = {"indicator": row.pk, "period_start": Q3[0], "period_end": Q3[1], "by": people[STAFF], "now": NOW}
    one = enter_period(entries=[ValueEntry(60)], submission=key, **common)
    assert enter_period(entries=[ValueEntry(60)], submission=key, **common) == one
    assert IndicatorValue.objects.count() == 1


def test_groups_and_everybody_come_at_once_or_not_at_all(world):
    _, people, _, row = world
    with pytest.raises(EntriesRefused) as refused:
        enter(
            row,
            people[STAFF],
            ValueEntry(60),
            ValueEntry(40, "sex", "women"),
            ValueEntry(21, "sex", "men"),
            ValueEntry(1, "race", "x"),
        )
    assert refused.value.problems == {("race", "x"): {"dimension": "This indicator is broken down by sex."}}
    with pytest.raises(EntriesRefused) as refused:
        enter(row, people[STAFF], ValueEntry(60), ValueEntry(40, "sex", "women"), ValueEntry(21, "sex", "men"))
    assert "more than the 60 people of everybody" in refused.value.problems["sex", "men"]["value"]
    assert not IndicatorValue.objects.exists()
    rows = enter(row, people[STAFF], ValueEntry(60), ValueEntry(40, "sex", "women"), ValueEntry(20, "sex", "men"))
    assert len(rows) == 3 and {r.status for r in rows} == {"draft"}
    feed = Activity.objects.filter(noun="indicator", verb="entered").get()
    assert feed.line == "Jul to Sep 2026, 3 values" and feed.object_id == row.pk


def test_a_group_added_later_is_held_against_the_total_that_is_there(world):
    _, people, _, row = world
    enter(row, people[STAFF], ValueEntry(60))
    with pytest.raises(EntriesRefused):
        enter(row, people[STAFF], ValueEntry(61, "sex", "women"))
    found = problems(
        enter_value,
        indicator=row.pk,
        period_start=Q3[0],
        period_end=Q3[1],
        entry=ValueEntry(5),
        by=people[STAFF],
        now=NOW,
    )
    assert found == {"value": ["There is a value of this period and group already. Change that one."]}


def test_a_share_comes_from_its_parts(world):
    here, people, _, _ = world
    share = make_indicator(
        here,
        people[STAFF],
        name="Kept",
        unit="share",
        denominator="of all",
        baseline=None,
        baseline_on=None,
        target=None,
        target_on=None,
    )
    (row,) = enter(share, people[STAFF], ValueEntry(None, numerator=12, denominator=48))
    assert row.value == 0.25
    changed = change_value(
        value=row.pk, changes={"value": None, "numerator": 24.0}, expected_version=1, by=people[STAFF], now=NOW
    )
    assert changed.value == 0.5
    found = problems(change_value, value=row.pk, changes={"value": 35.0}, expected_version=2, by=people[STAFF], now=NOW)
    assert "Write 0.35 for 35%." in found["value"][0]


def test_two_who_change_one_draft_are_told(world):
    _, people, _, row = world
    (value,) = enter(row, people[STAFF])
    change_value(value=value.pk, changes={"value": 61.0}, expected_version=1, by=people[ADVISER], now=NOW)
    with pytest.raises(Conflict) as conflict:
        enter(row, people[STAFF], ValueEntry(62, version=1))
    assert conflict.value.theirs["value"] == 61.0
    value.refresh_from_db()
    assert (value.value, value.entered_by) == (61, people[ADVISER])


def test_draft_review_approval_lock_and_back_with_a_reason(world):
    _, people, others, row = world
    rows = enter(row, people[STAFF], ValueEntry(60), ValueEntry(40, "sex", "women"))
    assert "for others to decide" in problems(move, rows, "in_review", people[EXPERT])["status"][0]
    move(rows, "in_review", people[STAFF])
    told = set(Notification.objects.filter(line__startswith="To review").values_list("user", flat=True))
    assert told == {people[LEAD].pk, people[EXPERT].pk, others[LEAD].pk}  # leads are of the whole initiative
    review_values(indicator=row.pk, values=versions(*rows), by=people[EXPERT], now=NOW, words="Read it", answers=YES)
    assert "for others to decide" in problems(move, rows, "approved", people[EXPERT])["status"][0]
    move(rows, "approved", people[LEAD])
    (first, _) = IndicatorValue.objects.order_by("pk")
    assert (first.reviewed_by, first.approved_by) == (people[EXPERT], people[LEAD])
    move(rows, "locked", people[LEAD])
    assert "doesn't go" in problems(move, rows, "draft", people[LEAD], reason="late_data")["status"][0]
    move(rows, "approved", people[LEAD])
    assert "Choose why" in problems(move, rows, "draft", people[LEAD])["reason"][0]
    assert "Say in words" in problems(move, rows, "draft", people[LEAD], reason="other")["words"][0]
    move(rows, "draft", people[LEAD], reason="other", words="The list was of another office")
    first.refresh_from_db()
    assert (first.status, first.revision, first.change_reason, first.approved_by) == ("draft", 1, "other", None)
    assert Activity.objects.get(verb="reopened").why == "Other: The list was of another office"
    move(rows, "in_review", people[STAFF])
    move(rows, "approved", people[LEAD])
    first.refresh_from_db()
    assert (first.status, first.revision, first.change_words) == ("approved", 1, "The list was of another office")


def test_nobody_reviews_or_approves_what_they_entered(world):
    _, people, _, row = world
    rows = enter(row, people[LEAD])
    move(rows, "in_review", people[LEAD])
    assert "approved by someone else" in problems(move, rows, "approved", people[LEAD])["status"][0]
    found = problems(review_values, indicator=row.pk, values=versions(*rows), by=people[LEAD], now=NOW)
    assert "reviewed by someone else" in found["status"][0]


def test_what_changes_in_review_is_reviewed_again(world):
    _, people, _, row = world
    rows = enter(row, people[STAFF])
    move(rows, "in_review", people[STAFF])
    review_values(indicator=row.pk, values=versions(*rows), by=people[EXPERT], now=NOW, answers=YES)
    seen = versions(*rows)
    changed = change_value(
        value=rows[0].pk, changes={"value": 59.0}, expected_version=seen[rows[0].pk], by=people[STAFF], now=NOW
    )
    assert changed.status == "in_review" and changed.reviewed_by is None
    with pytest.raises(ValidationError, match="changed since you read it"):
        move_values(indicator=row.pk, values=seen, status="approved", by=people[LEAD], now=NOW)


def test_an_approved_value_is_not_changed_taken_away_or_overwritten(world):
    _, people, _, row = world
    (value,) = approved(row, people)
    common = {"value": value.pk, "expected_version": versions(value)[value.pk], "by": people[STAFF], "now": NOW}
    assert "A lead reopens it" in problems(change_value, changes={"value": 5.0}, **common)[""][0]
    assert "A lead reopens it" in problems(archive_value, why="x", **common)[""][0]
    with pytest.raises(EntriesRefused):
        enter(row, people[STAFF], ValueEntry(5, version=99))


def test_without_an_interval_or_a_reason_for_none_nothing_goes_to_review(world):
    here, people, _, _ = world
    row = make_indicator(here, people[STAFF], name="Score", unit="score", no_interval_reason="")
    rows = enter(row, people[STAFF], ValueEntry(3.5))
    assert "the reason for none" in problems(move, rows, "in_review", people[STAFF])[""][0]
    (value,) = rows
    change_value(value=value.pk, changes={"low": 3.0, "high": 4.0}, expected_version=1, by=people[STAFF], now=NOW)
    assert move(rows, "in_review", people[STAFF])[0].status == "in_review"


def test_what_approved_values_were_read_against_changes_with_a_reason(world):
    _, people, _, row = world
    approved(row, people, ValueEntry(60), ValueEntry(1, "sex", "women"))
    common = {"indicator": row.pk, "expected_version": row.version, "by": people[STAFF], "now": NOW}
    assert "Say why" in problems(change_indicator, changes={"target": 300.0}, **common)["why"][0]
    assert "new indicator" in problems(change_indicator, changes={"unit": "count"}, why="x", **common)["unit"][0]
    assert "keep it" in problems(change_indicator, changes={"dimensions": []}, why="x", **common)["dimensions"][0]
    assert change_indicator(changes={"target": 300.0}, why="More money", **common).target == 300
    found = problems(
        archive_indicator, indicator=row.pk, expected_version=row.version + 1, why="x", by=people[STAFF], now=NOW
    )
    assert "a lead archives it" in found[""][0]


def test_evidence_is_a_document_of_the_engagement(world, settings, tmp_path):
    settings.DOCUMENTS_DIR = tmp_path
    here, people, _, row = world
    make = {"size": 1, "sha256": "0" * 64, "media_type": "text/csv", "original_name": "x", "uploaded_at": NOW}
    mine = Document.objects.create(engagement=here, title="List", file="x", uploaded_by=people[STAFF], **make)
    there = Engagement.objects.exclude(pk=here.pk).get()
    strange = Document.objects.create(
        engagement=there, title="Other", file="y", uploaded_by=people[STAFF], visibility="all", **make
    )
    common = {"indicator": row.pk, "period_start": Q3[0], "period_end": Q3[1], "by": people[STAFF], "now": NOW}
    value = enter_value(entry=ValueEntry(60), document=mine.pk, **common)
    assert value.document == mine
    found = problems(enter_value, entry=ValueEntry(1, "sex", "women"), document=strange.pk, **common)
    assert "of another engagement" in found["document"][0]
    Document.objects.filter(pk=mine.pk).update(archived_at=NOW, archived_by=people[STAFF])
    changed = change_value(value=value.pk, changes={"value": 61.0}, expected_version=1, by=people[STAFF], now=NOW)
    assert (changed.value, changed.document) == (61, mine)


def test_a_draft_taken_away_leaves_room_for_another(world):
    _, people, _, row = world
    (value,) = enter(row, people[STAFF], period=Q2)
    archive_value(value=value.pk, expected_version=1, why="Twice", by=people[STAFF], now=NOW)
    assert enter(row, people[STAFF], period=Q2)[0].pk != value.pk


def test_a_period_that_has_not_ended_has_no_value(world):
    _, people, _, row = world
    with pytest.raises(EntriesRefused) as refused:
        enter(row, people[STAFF], period=(date(2026, 10, 1), date(2026, 12, 31)))
    assert "has not ended yet" in refused.value.problems["", ""]["period_end"]
