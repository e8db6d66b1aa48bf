"""The result of a pilot: written from its analysis, answered by the city, published by a second person, corrected."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from engagements.access.errors import NotFound
from engagements.access.pilots import public_pilots
from engagements.models import Pilot, PilotResult, Result
from engagements.permissions import Role
from engagements.pilots.actions.results import write_result
from engagements.pilots.queries.findings import published_analysis
from engagements.pilots.queries.public_findings import public_finding_of
from engagements.pilots.queries.verdict_page import verdict_page
from engagements.pilots.rules.registration import Determination, Estimator
from engagements.pilots.rules.stored_finding import finding_of
from engagements.pilots.views.pilot_facts import facts_of
from engagements.results.actions.replies import answer_reply, ask_reply
from engagements.results.actions.results import change_result, move_result
from tests.engagements.pilots.made_registration import MADE
from tests.engagements.pilots.worked_pilot import (
    ALL_YES,
    COLUMNS,
    NOW,
    Worked,
    analyze,
    give,
    lock_plan,
    make_stopped,
    make_worked,
    publish,
    stop,
)
from tests.factories.pilots import agree, make_pilot

pytestmark = pytest.mark.django_db
FALSE_COUNT = COLUMNS | {"total": [792, 909]}


@pytest.fixture
def worked():
    return make_worked()


def write(worked, by=None, **options):
    return write_result(pilot=worked.pilot.pk, by=by or worked.desk.adviser, now=NOW, **options)


def test_it_says_what_the_analysis_says(worked):
    found = finding_of(analyze(worked).result)
    row = write(worked)
    assert row.sentence == found.sentence and row.status == "draft" and row.verdict == "worked"
    assert (row.effect, row.low, row.high) == (found.primary.value, found.shown_low, found.shown_high)
    assert (row.level, row.unit, row.participants, row.design) == (95.0, "percentage points", 4000, "randomized")
    assert row.finding.startswith("of 100 residents offered it, about 6 more had a job after a year")
    assert row.sources[0]["kind"] == "own" and row.own_data.startswith("Analysis ")
    assert row.project.title == MADE.title and worked.pilot.project == row.project


def test_nothing_is_written_before_an_analysis(worked):
    with pytest.raises(ValidationError, match="Run the analysis first"):
        write(worked)


@pytest.mark.parametrize("role", [Role.EXPERT, Role.LOCAL_PARTNER, Role.FUNDER])
def test_who_may_not_write_it(worked, role):
    analyze(worked)
    with pytest.raises(NotFound):
        write(worked, worked.person(role))


def test_numbers_and_verdict_change_by_nobodys_hand(worked):
    analyze(worked)
    row = write(worked)
    for changes in ({"effect": 9.0}, {"verdict": "did_not_work"}, {"finding": "It is fine."}):
        with pytest.raises(ValidationError, match="analysis says this"):
            change_result(pk=row.pk, changes=changes, expected_version=row.version, by=worked.desk.adviser, now=NOW)
    said = row.sentence
    changed = change_result(
        pk=row.pk, changes={"context": "Rents fell."}, expected_version=row.version, by=worked.desk.adviser, now=NOW
    )
    assert (changed.context, changed.sentence) == ("Rents fell.", said)


def test_the_city_is_asked_about_the_exact_sentence(worked):
    analyze(worked)
    row = write(worked)
    asked = ask_reply(by=worked.desk.adviser, now=NOW, result=row.pk, contact=worked.desk.staff.pk)
    assert asked.sentence == row.sentence


@pytest.mark.parametrize("role", [Role.EXPERT, Role.LEAD])
def test_a_second_person_publishes_and_not_the_analyst(worked, role):
    """The analyst may review other results; of this pilot the database refuses it too."""
    analyst = worked.person(role)
    analyze(worked, analyst)
    row = write(worked)
    asked = ask_reply(by=worked.desk.adviser, now=NOW, result=row.pk, contact=worked.desk.staff.pk)
    answer_reply(pk=asked.pk, answer="agree", reply="", expected_version=asked.version, by=worked.desk.staff, now=NOW)
    row.refresh_from_db()
    moves = {"pk": row.pk, "now": NOW, "answers": ALL_YES}
    row = move_result(**moves, status="in_review", expected_version=row.version, by=worked.desk.adviser)
    with pytest.raises(ValidationError, match="registered or analyzed"):
        move_result(**moves, status="published", expected_version=row.version, by=analyst)
    other = worked.person(Role.LEAD if role == Role.EXPERT else Role.EXPERT)
    move_result(**moves, status="published", expected_version=row.version, by=other)
    assert worked.pilot.state == "published"


def test_published_it_is_everybodys(worked):
    analyze(worked)
    assert not public_pilots().exists()
    publish(worked)
    assert list(public_pilots()) == [worked.pilot]


def test_a_correction_keeps_what_was_published_until_it_is_reviewed(worked):
    first = analyze(worked)
    row = publish(worked)
    give(worked.desk, FALSE_COUNT)
    second = analyze(worked)
    with pytest.raises(ValidationError, match="what was wrong"):
        write(worked)
    row = write(worked, why="One file was counted twice.")
    assert (row.status, row.effect) == ("draft", finding_of(second.result).primary.value)
    told, analysis = published_analysis(worked.pilot)
    assert analysis == first and told.content["effect"] == finding_of(first.result).primary.value
    assert list(public_pilots()) == [worked.pilot]
    publish(worked, row)
    told, analysis = published_analysis(worked.pilot)
    assert analysis == second and told.kind == "corrected"
    assert row.publications.count() == 2


def test_the_same_analysis_is_no_correction(worked):
    analyze(worked)
    write(worked)
    with pytest.raises(ValidationError, match="says this already"):
        write(worked)


def test_a_stopped_pilot_is_published_without_a_number():
    worked = make_stopped()
    row = write(worked)
    assert (row.verdict, row.effect, row.low) == ("stopped", None, None)
    assert row.sentence.startswith("It was stopped before it was measured: Two lost aid.")
    assert PilotResult.objects.get().analysis is None
    publish(worked, row)
    assert worked.pilot.state == "published"


def test_a_stopped_pilot_with_data_is_not_called_unmeasured_before_they_are_analyzed():
    worked = stop(make_worked())
    with pytest.raises(ValidationError, match="Data of this pilot came in. Run the analysis first."):
        write(worked)
    assert not PilotResult.objects.exists()
    analyze(worked)
    assert write(worked).verdict == "worked"


APPROVED = replace(
    MADE.human_subjects, determination=Determination.APPROVED, decided_on=date(2026, 9, 2), expires_on=date(2028, 1, 11)
)


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (replace(MADE, human_subjects=APPROVED), "determination expired"),
        (replace(MADE, estimator=Estimator.PAIRED), ""),
    ],
)
def test_a_stopped_pilot_whose_data_nobody_can_analyze_any_more_is_published_all_the_same(plan, why):
    """Stopped on January 12, 2028: its approval held until the day before, or today's rules refuse its method."""
    worked = stop(make_worked(plan))
    if why:
        with pytest.raises(ValidationError, match=why):
            analyze(worked)
    else:
        assert analyze(worked).state == "failed"
    row = write(worked)
    assert (row.verdict, row.effect, row.participants, row.arms) == ("stopped", None, None, [])
    assert row.sentence.startswith("It was stopped before its data were analyzed: Two lost aid. Randomized")
    assert (row.finding, row.own_data) == ("Two lost aid", "Stopped before its data were analyzed")
    assert "measured" not in row.sentence
    publish(worked, row)
    assert worked.pilot.state == "published"
    told = dict(facts_of(verdict_page(AnonymousUser(), worked.pilot.pk)))
    assert told["People"] == "Not told of a stopped pilot"


def test_an_approval_that_holds_still_asks_for_the_analysis():
    holds = replace(MADE, human_subjects=replace(APPROVED, expires_on=NOW.date()))
    with pytest.raises(ValidationError, match="Run the analysis first."):
        write(stop(make_worked(holds)))


def test_a_refused_design_is_published_as_such():
    worked = make_worked(columns={"arm": ["usual", "coaching"], "n": [1980, 2020], "total": [0, 0]})
    analyze(worked)
    row = write(worked)
    assert row.verdict in ("refused", "cannot_tell", "did_not_work") and row.sentence


def test_groups_too_small_to_hide_anybody_are_not_published():
    worked = make_worked(columns={"arm": ["usual", "coaching"], "n": [9, 2020], "total": [3, 929]})
    analyze(worked)
    with pytest.raises(ValidationError, match="fewer than 10 people"):
        write(worked)
    assert not Result.objects.exists()


@pytest.mark.parametrize("where", ["plan", "amendment", "agreement"])
def test_a_stricter_limit_of_small_groups_holds_wherever_it_stands(where):
    """15 people in a group: enough for the house, too few for who asked for 20."""
    strict = replace(MADE, limits=replace(MADE.limits, smallest_cell=20))
    columns = {"arm": ["usual", "coaching"], "n": [15, 2020], "total": [6, 929]}
    desk = make_pilot(title=MADE.title)
    version = lock_plan(desk, strict if where == "plan" else MADE)
    agreement = agree(desk, smallest_cell=20) if where == "agreement" else None
    worked = Worked(desk, version, give(desk, columns, agreement=agreement))
    if where == "amendment":
        lock_plan(worked.desk, strict, at=NOW, reason="The city asks for more.")
    analyze(worked)
    with pytest.raises(ValidationError, match="fewer than 20 people"):
        write(worked)


def test_of_a_pilot_that_was_stopped_no_group_is_told():
    """Four people measured before it was stopped: its result and its public finding say nothing of them."""
    worked = make_worked(columns={"arm": ["usual", "coaching"], "n": [4, 2020], "total": [2, 929]})
    Pilot.objects.filter(pk=worked.pilot.pk).update(
        state="stopped",
        stopped_at=datetime(2026, 12, 15, tzinfo=UTC),
        stopped_by=worked.desk.lead,
        stopped_kind="harm",
        stopped_reason="Two lost aid.",
    )
    done = analyze(worked)
    assert finding_of(done.result).verdict == "stopped"
    row = write(worked)
    assert (row.verdict, row.arms, row.participants) == ("stopped", [], None)
    assert public_finding_of(done, MADE, MADE).arms == ()
    publish(worked, row)
    facts = dict(facts_of(verdict_page(AnonymousUser(), worked.pilot.pk)))
    assert facts["People"] == "Not told of a stopped pilot"


def test_a_better_outcome_may_be_less():
    less = replace(MADE, outcome=replace(MADE.outcome, better="less"))
    worked = make_worked(less, columns=COLUMNS | {"total": [929, 792]})
    analyze(worked)
    row = write(worked)
    assert (row.wanted, row.effect < 0) == ("less", True)
