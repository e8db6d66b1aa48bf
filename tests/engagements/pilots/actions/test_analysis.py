"""An analysis from asking to its finding: by who may, one at a time, kept whole or not at all."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from engagements.access.errors import NotFound
from engagements.models import Activity, Notification, Pilot, PilotAnalysis, PilotDataset
from engagements.permissions import Role
from engagements.pilots import worker
from engagements.pilots.actions import running
from engagements.pilots.actions.analysis import ask_analysis, cancel_analysis
from engagements.pilots.actions.running import lost_analyses
from engagements.pilots.queries.analysis_inputs import data_day, was_registered_before
from engagements.pilots.queries.pilot_answers import pilot_answers
from engagements.pilots.queries.pilots import pilot_page
from engagements.pilots.rules.registration import Boundary
from engagements.pilots.rules.stored_finding import arms_of, finding_of
from engagements.pilots.rules.verdict import DATA_BEFORE_THE_END
from engagements.pilots.worker import run_analysis
from tests.engagements.pilots.made_registration import MADE
from tests.engagements.pilots.worked_pilot import COLUMNS, COUNTED, NOW, analyze, give, lock_plan, make_worked
from tests.factories.pilots import make_pilot

pytestmark = pytest.mark.django_db
MAY = {Role.LEAD, Role.ADVISER, Role.EXPERT, Role.CITY_STAFF}


@pytest.fixture
def worked():
    return make_worked()


def ask(worked, by=None, **options):
    return ask_analysis(pilot=worked.pilot.pk, by=by or worked.desk.staff, now=NOW, **options)


@pytest.mark.parametrize("role", list(Role))
def test_who_may_ask(worked, role):
    by = worked.person(role)
    if role in MAY:
        assert ask(worked, by).state == "queued"
        return
    with pytest.raises(NotFound):
        ask(worked, by)


def test_the_registered_method_on_the_counts_is_the_finding(worked):
    row = analyze(worked)
    assert (row.state, row.progress, row.method, row.role) == ("done", 100, "difference", "primary")
    found = finding_of(row.result)
    assert found.verdict == "worked" and round(found.primary.value, 2) == 5.99
    assert found.sentence.endswith("Randomized by person. Registered before data: yes.")
    assert [(one.key, one.measured, one.assigned) for one in arms_of(row.result)] == [
        ("usual", 1980, 2000),
        ("coaching", 2020, 2060),
    ]
    assert row.code_version and row.libraries["numpy"] and row.seed == "20261130"
    assert worked.pilot.state == "analyzed"


def test_the_same_input_gives_the_same_output(worked):
    assert analyze(worked).result == analyze(worked).result


def test_the_asker_and_the_writer_are_told(worked):
    analyze(worked)
    told = Notification.objects.filter(line__startswith="The analysis is done")
    assert set(told.values_list("user", flat=True)) == {worked.desk.staff.pk, worked.desk.adviser.pk}
    assert Activity.objects.filter(noun="pilot", verb="analyzed").exists()


def test_a_second_one_waits_for_the_first(worked):
    first = ask(worked)
    with pytest.raises(ValidationError, match="already on its way"):
        ask(worked, worked.desk.lead)
    fields = {"pilot": worked.pilot, "registration": worked.version, "dataset": worked.data, "role": "primary"}
    with pytest.raises(IntegrityError, match="one_at_a_time"), transaction.atomic():
        PilotAnalysis.objects.create(**fields, method="difference", asked_by=worked.desk.lead, asked_at=NOW)
    run_analysis(first.pk, now=NOW)
    assert ask(worked).pk != first.pk


def test_a_person_asks_for_few_at_once():
    desks = [make_worked() for _ in range(4)]
    by = desks[0].desk.staff
    for one in desks[1:]:
        fields = {"pilot": one.pilot, "registration": one.version, "dataset": one.data, "role": "primary"}
        PilotAnalysis.objects.create(**fields, method="difference", asked_by=by, asked_at=NOW)
    with pytest.raises(ValidationError, match="3 analyses of yours"):
        ask(desks[0])


def test_canceled_before_it_began_it_never_begins(worked):
    row = ask(worked)
    cancel_analysis(pk=row.pk, by=worked.desk.lead, now=NOW)
    run_analysis(row.pk, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.result, row.reason) == ("canceled", None, "Canceled by the team.")
    assert worked.pilot.state == "registered"


def test_canceled_while_it_runs_it_leaves_nothing(worked, monkeypatch):
    row = ask(worked)
    honest = running.tell_progress

    def cancel_at_the_end(pk, percent):
        if percent == 95:
            cancel_analysis(pk=pk, by=worked.desk.staff, now=NOW)
        honest(pk, percent)

    monkeypatch.setattr(worker, "tell_progress", cancel_at_the_end)
    run_analysis(row.pk, now=NOW)
    row.refresh_from_db()
    assert (row.state, row.result) == ("canceled", None)


def test_what_has_ended_is_not_canceled(worked):
    row = analyze(worked)
    with pytest.raises(ValidationError, match="has ended"):
        cancel_analysis(pk=row.pk, by=worked.desk.staff, now=NOW)


def test_nothing_without_a_plan_or_data(worked):
    with pytest.raises(ValidationError, match="Lock the registration first"):
        desk = make_pilot()
        ask_analysis(pilot=desk.pilot.pk, by=desk.staff, now=NOW)
    with pytest.raises(ValidationError, match="no data"):
        empty = make_worked(columns=COLUMNS)
        empty.pilot.datasets.update(content=None, deleted_at=NOW, deleted_why="Its day came.")
        ask(empty)


def test_an_expired_determination_stops_it_until_it_is_renewed():
    ends = replace(MADE.human_subjects, expires_on=date(2028, 1, 11))
    worked = make_worked(replace(MADE, human_subjects=ends))
    with pytest.raises(ValidationError, match="expired on January 11, 2028"):
        ask(worked)
    renewed = replace(MADE, human_subjects=replace(ends, expires_on=date(2029, 1, 1)))
    lock_plan(worked.desk, renewed, at=NOW - timedelta(days=1), reason="The board renewed it.")
    row = ask(worked)
    assert row.registration == worked.version, "what was amended after the data gives no verdict"


def test_a_smaller_worthwhile_effect_after_the_data_changes_no_verdict(worked):
    lock_plan(worked.desk, replace(MADE, smallest_worthwhile=1.0), at=NOW, reason="We would take less.")
    assert analyze(worked).registration == worked.version


def test_before_the_registered_end_nothing_is_told():
    worked = make_worked(replace(MADE, ends_on=date(2028, 6, 30)))
    assert finding_of(analyze(worked).result).verdict == "cannot_tell"


def test_the_delivery_itself_must_be_of_after_the_end():
    """The end is December 31, 2027: data of the day before say nothing on January 12, those of that day do."""
    worked = make_worked()
    early = give(worked.desk, number=2, uploaded_at=datetime(2027, 12, 30, 23, tzinfo=UTC))
    found = finding_of(analyze(worked, dataset=early.pk).result)
    assert (found.verdict, found.reasons[-1]) == ("cannot_tell", DATA_BEFORE_THE_END)
    on_time = give(worked.desk, number=3, uploaded_at=datetime(2027, 12, 31, 1, tzinfo=UTC))
    assert finding_of(analyze(worked, dataset=on_time.pk).result).verdict == "worked"


def test_values_of_feeds_are_of_the_day_through_which_they_were_taken():
    worked = make_worked()
    for through, day in (("2027-11-30", date(2027, 11, 30)), ("2027-12-31", COUNTED.date())):
        assert data_day(PilotDataset(uploaded_at=COUNTED, checks={"through": through}), MADE) == day
    assert data_day(worked.data, MADE) == COUNTED.date()


def test_what_is_amended_after_outcomes_began_is_not_registered_before_data():
    """The window opened January 1, 2027; the data came a year later. Pages, API and the finding say the same."""
    desk = make_pilot(title=MADE.title)
    lock_plan(desk)
    later = replace(MADE, smallest_worthwhile=1.0, outcome=replace(MADE.outcome, window_from=date(2027, 3, 1)))
    version = lock_plan(desk, later, at=datetime(2027, 2, 1, 15, tzinfo=UTC), reason="We would take less.")
    give(desk)
    row = ask_analysis(pilot=desk.pilot.pk, by=desk.staff, now=NOW)
    run_analysis(row.pk, now=NOW)
    row.refresh_from_db()
    found = finding_of(row.result)
    assert row.registration == version and found.strength == "exploratory" and found.verdict == "cannot_tell"
    whys = {was_registered_before(desk.pilot, version).why, pilot_page(desk.adviser, desk.pilot.pk).before.why}
    (answer,) = pilot_answers(desk.adviser, Pilot.objects.filter(pk=desk.pilot.pk))
    said = "The plan was locked on February 1, 2027 (UTC), but outcomes began on January 1, 2027."
    assert whys | {answer.before.why} == {said}


LOOKING = replace(
    MADE,
    looks=(0.5, 1.0),
    boundary=Boundary.OBRIEN_FLEMING,
    assumptions=replace(MADE.assumptions, people=8000),
    ends_on=date(2028, 6, 30),
)


def test_a_look_is_taken_once_before_the_end():
    """4,000 of 8,000 people are measured: look 1. The same data again are the same look, other data are another one."""
    worked = make_worked(LOOKING)
    first = analyze(worked)
    assert first.look == 1 and finding_of(first.result).primary.level == pytest.approx(99.695, abs=0.001)
    assert analyze(worked).look == 1
    give(worked.desk, COLUMNS | {"total": [792, 940]}, number=2, content_sha256="2" * 64)
    with pytest.raises(ValidationError, match="Look 1 of 2 was taken with data 1"):
        ask(worked)
    after_end = datetime(2028, 7, 1, 15, tzinfo=UTC)
    with pytest.raises(ValidationError, match="Look 1 of 2 was taken with data 1"):
        ask_analysis(pilot=worked.pilot.pk, by=worked.desk.staff, now=after_end)
    give(worked.desk, COLUMNS | {"total": [792, 940]}, number=3, content_sha256="2" * 64, uploaded_at=after_end)
    after = analyze(worked, now=after_end)
    assert after.look == 2 and after.dataset.number == 3
    assert finding_of(after.result).primary.level == pytest.approx(95.1, abs=0.001)


def test_data_that_cannot_be_read_say_why(worked):
    give(worked.desk, {"arm": ["usual", "other"], "n": [10, 10], "total": [1, 2]})
    row = analyze(worked)
    assert row.state == "failed" and "other" not in row.reason or "arm" in row.reason
    assert row.result is None and worked.pilot.state == "registered"


def test_an_error_leaves_a_sentence_and_no_result(worked, monkeypatch):
    row = ask(worked)
    monkeypatch.setattr(worker, "analyze", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run_analysis(row.pk, now=NOW)
    row.refresh_from_db()
    assert row.state == "failed" and "the log has the details. Run it again. If it fails" in row.reason


def test_what_lost_its_worker_is_handed_over_again_and_in_the_end_given_up(worked):
    row = ask(worked)
    PilotAnalysis.objects.filter(pk=row.pk).update(state="running")
    looks = [lost_analyses(now=NOW) for _ in range(running.MAX_ATTEMPTS + 2)]
    assert looks == [[], *[[row.pk]] * running.MAX_ATTEMPTS, []]
    row.refresh_from_db()
    assert (row.state, row.result) == ("failed", None)


def test_run_twice_it_is_kept_once(worked):
    row = analyze(worked)
    ended = row.ended_at
    run_analysis(row.pk, now=NOW + timedelta(days=1))
    row.refresh_from_db()
    assert row.ended_at == ended
