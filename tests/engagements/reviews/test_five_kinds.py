"""What holds for every kind: the database has the last word, decisions keep their points, comments their section."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from engagements.discussion.actions.comments import add_comment
from engagements.discussion.actions.updates import move_update, start_update
from engagements.evidence.actions import add_evidence, review_evidence
from engagements.indicators.actions.value_status import move_values
from engagements.models import EvidenceRow, IndicatorValue, Plan, QuarterlyUpdate, Result, ReviewDecision
from engagements.permissions import Role
from engagements.plans.actions.plans import change_plan
from engagements.plans.actions.status import move_plan
from engagements.reviews.rules.checklists import KINDS
from tests.engagements.discussion.discussion import as_
from tests.engagements.evidence.test_actions import GOOD
from tests.factories.engagements import NOW, EngagementFactory, everybody
from tests.factories.indicators import enter, make_indicator, move, versions
from tests.factories.plans import make_plan
from tests.factories.results import make_desk

pytestmark = pytest.mark.django_db


def a_plan():
    here = EngagementFactory()
    people = everybody(here)
    return make_plan(here, people[Role.ADVISER], interventions=1, status="in_review"), people


def rows() -> dict[str, tuple]:
    """Of each kind one in review: (its rows, what approving would write)."""
    plan, people = a_plan()
    here, lead = plan.engagement, people[Role.LEAD]
    update = start_update(engagement=here.pk, year=2026, quarter=2, by=people[Role.ADVISER], now=NOW)
    move_update(update=update.pk, status="in_review", expected_version=1, by=people[Role.ADVISER], now=NOW)
    values = enter(make_indicator(here, people[Role.CITY_STAFF]), people[Role.CITY_STAFF])
    move(values, "in_review", people[Role.CITY_STAFF])
    evidence = add_evidence(fields=replace(GOOD, tried_in=()), by=people[Role.EXPERT], now=NOW)
    desk = make_desk(here)
    result = desk.draft()
    desk.answer(desk.ask(result))
    desk.move(result, "in_review", desk.adviser)
    approved, reviewed = ({f"{name}_by": lead, f"{name}_at": NOW} for name in ("approved", "reviewed"))
    return {
        "plan": (Plan.objects.filter(pk=plan.pk), reviewed | {"status": "reviewed"}),
        "update": (QuarterlyUpdate.objects.filter(pk=update.pk), approved | {"status": "approved"}),
        "value": (IndicatorValue.objects.filter(pk=values[0].pk), approved | {"status": "approved"}),
        "evidence": (EvidenceRow.objects.filter(pk=evidence.pk), reviewed | {"status": "reviewed"}),
        "result": (Result.objects.filter(pk=result.pk), reviewed | {"status": "published"}),
    }


def test_the_database_approves_nothing_that_nobody_decided():
    found = rows()
    assert set(found) == set(KINDS)
    for kind, (row, wanted) in found.items():
        with pytest.raises(IntegrityError, match="answered the checklist"), transaction.atomic():
            row.update(**wanted)
        thing = row.get()
        point = {"key": "a", "statement": "A.", "must": False, "answer": "yes", "words": ""}
        kept = {f"{kind}_id": thing.pk, "outcome": "approved", "moved_to": wanted["status"], "checklist_version": 1}
        by = wanted.get("approved_by") or wanted["reviewed_by"]
        kept |= {"decided_by": by, "decided_at": NOW, "answers": [point]}
        ReviewDecision.objects.create(**kept, seen_version=thing.version + 1)  # of another version
        with pytest.raises(IntegrityError, match="answered the checklist"), transaction.atomic():
            row.update(**wanted)
        ReviewDecision.objects.create(**kept, seen_version=thing.version)
        assert row.update(**wanted) == 1, kind


def test_who_wrote_it_does_not_approve_it_in_the_database_either():
    found = rows()
    for kind, person in (("value", "entered_by"), ("evidence", "written_by"), ("result", "written_by")):
        thing = found[kind][0].get()
        point = {"key": "a", "statement": "A.", "must": False, "answer": "yes", "words": ""}
        with pytest.raises(IntegrityError, match="does not approve"), transaction.atomic():
            ReviewDecision.objects.create(
                **{f"{kind}_id": thing.pk},
                outcome="approved",
                moved_to="approved",
                seen_version=thing.version,
                checklist_version=1,
                answers=[point],
                decided_by=getattr(thing, person),
                decided_at=NOW,
            )


def test_every_move_refuses_an_approval_without_answers():
    plan, people = a_plan()
    found = rows()
    lead = people[Role.LEAD]
    value = found["value"][0].get()
    evidence = found["evidence"][0].get()
    calls = (
        lambda: move_plan(plan=plan.pk, status="reviewed", expected_version=plan.version, by=lead, now=NOW),
        lambda: move_values(
            indicator=value.indicator_id,
            values=versions(value),
            status="approved",
            by=found["value"][1]["approved_by"],
            now=NOW,
        ),
        lambda: review_evidence(
            key=evidence.key, status="reviewed", expected_version=evidence.version, by=lead, now=NOW
        ),
    )
    for call in calls:
        with pytest.raises(ValidationError) as refused:
            call()
        assert all(name.startswith("point_") for name in refused.value.message_dict)
    assert not ReviewDecision.objects.filter(outcome="approved").exists()


def test_a_plan_is_sent_back_and_its_money_is_shown_as_old_and_new():
    plan, people = a_plan()
    expert, url = as_(people[Role.EXPERT]), f"/plans/{plan.pk}/review/"
    page = expert.get(url).content.decode()
    assert "No indicator belongs to this plan" in page and "No milestone is linked" in page
    assert expert.post(url, {"status": "draft", "version": plan.version, "why": "Too dear"}).status_code == 302
    plan.refresh_from_db()
    plan = change_plan(
        plan=plan.pk,
        changes={"budget_usd": "90000.00"},
        expected_version=plan.version,
        by=people[Role.ADVISER],
        now=NOW,
    )
    make_indicator(plan.engagement, people[Role.CITY_STAFF], plan=plan.pk)
    Plan.objects.filter(pk=plan.pk).update(status="in_review")
    page = expert.get(url)
    budget, indicator = page.context["since"].changes
    assert (budget.section, budget.after, budget.pieces) == ("money", "$90,000", ())
    assert indicator.section == "indicators" and indicator.before == ""
    assert "No indicator belongs" not in page.content.decode()


def test_an_old_decision_shows_the_points_it_was_given():
    plan, people = a_plan()
    old = {"key": "gone", "statement": "The mayor was asked.", "must": False, "answer": "no", "words": "She was away."}
    ReviewDecision.objects.create(
        plan=plan,
        engagement=plan.engagement,
        outcome="sent_back",
        moved_to="draft",
        seen_version=1,
        checklist_version=1,
        answers=[old],
        decided_by=people[Role.EXPERT],
        decided_at=NOW,
    )
    words = as_(people[Role.ADVISER]).get(f"/plans/{plan.pk}/review/").content.decode()
    assert "The mayor was asked." in words and "She was away." in words


def test_a_section_is_one_of_the_thing_and_results_are_commented_by_their_team():
    desk = make_desk()
    result = desk.draft()
    common = {"engagement": desk.city.pk, "visibility": "city", "by": desk.expert, "now": NOW}
    with pytest.raises(ValidationError):
        add_comment(**common, body="No", result=result.pk, section="what_we_did")
    made = add_comment(**common, body="How many?", result=result.pk, section="effect")
    url = f"/comments/{made.pk}/"
    shown = {role: as_(person).get(url).status_code for role, person in desk.people.items()}
    team = {Role.LEAD, Role.ADVISER, Role.EXPERT, Role.CITY_STAFF}
    assert {role for role, status in shown.items() if status == 302} == team
    assert as_(desk.adviser).get(url)["Location"] == f"/results/{result.pk}/review/#comment-{made.pk}"
