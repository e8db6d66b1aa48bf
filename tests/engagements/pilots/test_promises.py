"""What the database holds whoever writes: the order of a pilot's steps, and that nothing changes after locking."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from engagements.models import (
    DataAgreement,
    LedgerEntry,
    Pilot,
    PilotAllocation,
    PilotAnalysis,
    PilotAssignment,
    PilotCity,
    PilotKey,
    PilotLink,
    PilotResult,
    PilotUnit,
    PilotUnitList,
    RegistrationVersion,
    Result,
)
from engagements.permissions import Role
from tests.factories.engagements import NOW, EngagementFactory, MilestoneFactory
from tests.factories.pilots import (
    FOUND,
    LATER,
    SHA,
    agree,
    analyze,
    deliver,
    draw,
    human_subjects,
    list_units,
    lock,
    make_pilot,
)
from tests.factories.results import Desk, make_desk

pytestmark = pytest.mark.django_db


def refused(call, name: str) -> None:
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        call()


@pytest.fixture
def desk():
    return make_pilot()


def move(pilot: Pilot, state: str) -> None:
    Pilot.objects.filter(pk=pilot.pk).update(state=state)


@pytest.mark.parametrize(
    "state", ["registered", "allocated", "running", "analyzed", "reviewed", "published", "stopped"]
)
def test_a_draft_is_nothing_else(desk, state):
    refused(lambda: move(desk.pilot, state), "when it has what the state says|pilot_stopped")


def test_states_come_with_their_rows(desk):
    lock(desk)
    refused(lambda: move(desk.pilot, "draft"), "when it has what the state says")
    refused(lambda: move(desk.pilot, "running"), "when it has what the state says")  # drawn designs are drawn first
    draw(desk, list_units(desk))
    move(desk.pilot, "running")
    refused(lambda: move(desk.pilot, "analyzed"), "when it has what the state says")
    analyze(desk, deliver(desk))
    refused(lambda: move(desk.pilot, "published"), "when it has what the state says")


def test_a_comparison_that_nobody_draws_runs_without_a_draw(desk):
    lock(desk, design="series")
    move(desk.pilot, "running")


@pytest.mark.parametrize("is_fictional", [True, False])
def test_made_up_and_real_cities_take_part_in_no_pilot_together(is_fictional):
    made = make_pilot(EngagementFactory(is_fictional=is_fictional))
    asked = {"pilot": made.pilot, "position": 1, "invited_by": made.lead, "invited_at": NOW}
    other = EngagementFactory(is_fictional=not is_fictional)
    refused(lambda: PilotCity.objects.create(engagement=other, **asked), "take part in no pilot together")
    alike = PilotCity.objects.create(engagement=EngagementFactory(is_fictional=is_fictional), **asked)
    refused(lambda: PilotCity.objects.filter(pk=alike.pk).update(engagement=other), "take part in no pilot together")


def test_the_words_of_a_registered_pilot_stay(desk):
    lock(desk)
    rows = Pilot.objects.filter(pk=desk.pilot.pk)
    refused(lambda: rows.update(title="Another"), "do not change")
    refused(lambda: rows.update(engagement=EngagementFactory()), "do not change")
    refused(lambda: desk.pilot.delete(), "Cannot (update or )?delete")
    rows.update(draft={"title": "an amendment on its way"})


def test_what_was_stopped_says_why_and_stays_stopped(desk):
    rows = Pilot.objects.filter(pk=desk.pilot.pk)
    stop = {"state": "stopped", "stopped_at": NOW, "stopped_by": desk.lead}
    refused(lambda: rows.update(**stop), "pilot_stopped_says_why")
    rows.update(**stop, stopped_kind="harm", stopped_reason="Two people lost a benefit.")
    refused(lambda: rows.update(stopped_reason="No harm at all."), "do not change")
    refused(lambda: rows.update(state="draft"), "pilot_stopped_stays_stopped")
    refused(lambda: lock(desk), "was stopped or archived")


def test_a_registration_is_its_fingerprint_and_one_chain(desk):
    refused(lambda: _version(desk, sha256=SHA), "not that of the registration")
    first = lock(desk)
    refused(lambda: lock(desk), "pilot_registration_amended_with_reason")
    refused(lambda: _version(desk, number=3, reason="x", previous_sha256=first.sha256), "registration")
    second = lock(desk, reason="The program starts later.", at=LATER)
    assert second.previous_sha256 == first.sha256
    refused(lambda: lock(desk, reason="Before the one before.", at=NOW), "follows the one before")
    for row in (first, second):
        rows = RegistrationVersion.objects.filter(pk=row.pk)
        refused(lambda rows=rows: rows.update(content="{}"), "Cannot update or delete")
        refused(rows.delete, "Cannot (update or )?delete")


def _version(desk, **fields):
    made = {"pilot": desk.pilot, "number": 1, "content": "{}", "sha256": SHA, "locked_by": desk.lead, "locked_at": NOW}
    return RegistrationVersion.objects.create(**made | fields)


def test_every_city_accepts_before_the_lock_and_none_joins_after(desk):
    other = EngagementFactory(initiative=desk.city.initiative)
    asked = PilotCity.objects.create(
        pilot=desk.pilot, engagement=other, position=1, invited_by=desk.lead, invited_at=NOW
    )
    refused(lambda: lock(desk), "Each city that takes part accepts")
    asked.accepted_by, asked.accepted_at = desk.lead, NOW
    asked.save()
    lock(desk)
    refused(asked.delete, "do not change")
    late = EngagementFactory()
    refused(
        lambda: PilotCity.objects.create(
            pilot=desk.pilot, engagement=late, position=2, invited_by=desk.lead, invited_at=NOW
        ),
        "do not change",
    )


def test_the_home_comes_first(desk):
    other = EngagementFactory()
    PilotCity.objects.all().delete()
    for engagement, position in ((other, 0), (desk.city, 1)):
        made = {"pilot": desk.pilot, "engagement": engagement, "position": position}
        refused(lambda made=made: PilotCity.objects.create(**made, invited_by=desk.lead, invited_at=NOW), "comes first")


@pytest.mark.parametrize("missing", sorted(human_subjects(1).keys() - {"expires_on", "can_stop_contact"}))
def test_nothing_of_people_before_their_protection_is_whole(desk, missing):
    lock(desk, human_subjects=human_subjects(desk.document.pk, **{missing: None if missing == "document" else " "}))
    for call in (lambda: list_units(desk), lambda: deliver(desk)):
        refused(call, "part on human subjects is complete")


def test_nothing_of_people_before_a_lock_or_after_an_expired_determination(desk):
    refused(lambda: list_units(desk), "First lock a registration")
    refused(lambda: deliver(desk), "First lock a registration")
    lock(desk, human_subjects=human_subjects(desk.document.pk, expires_on=NOW.date().isoformat()))
    refused(lambda: list_units(desk), "has not expired")


def test_a_determination_of_tomorrow_or_of_another_city_protects_nobody(desk):
    lock(desk, human_subjects=human_subjects(desk.document.pk, decided_on="2027-01-01"))
    refused(lambda: list_units(desk), "human subjects")
    elsewhere = make_pilot()
    lock(desk, reason="Another document.", human_subjects=human_subjects(elsewhere.document.pk))
    refused(lambda: list_units(desk), "human subjects")


def test_the_draw_comes_after_the_list_is_locked_and_only_once(desk):
    lock(desk)
    units = list_units(desk, locked=False)
    refused(lambda: draw(desk, units), "comes after the list is locked")
    units.sha256, units.locked_by, units.locked_at, units.count = SHA, desk.lead, LATER, 5
    refused(units.save, "another number of units")
    units.count = 4
    units.save()
    refused(lambda: PilotUnit.objects.create(unit_list=units, salted_id="f" * 64, city=desk.city), "before the list")
    refused(lambda: units.units.first().delete(), "stays as it is")
    refused(units.delete, "Cannot delete|stays as it is")
    refused(lambda: PilotUnitList.objects.update(sha256="1" * 64), "stays as it is")
    made = draw(desk, units)
    with pytest.raises(DatabaseError, match="unique"), transaction.atomic():
        draw(desk, units)
    for rows in (PilotAllocation.objects.filter(pk=made.pk), PilotAssignment.objects.all()):
        refused(rows.delete, "Cannot (update or )?delete")
    refused(lambda: PilotAllocation.objects.update(seed="another"), "Cannot update or delete")
    refused(lambda: PilotAssignment.objects.update(arm="coached"), "Cannot update or delete")


POWERBALL = {"seed_from": "Powerball", "seed_on": "2026-11-30", "seed_numbers": 5}


def test_the_seed_of_a_public_draw_is_the_registered_one(desk):
    """Whoever writes into the tables: no other spelling, no other draw, no day before the list was locked."""
    lock(desk, draw=POWERBALL)
    units = list_units(desk)  # locked on November 24
    source, at = "Powerball, 2026-11-30", NOW.replace(day=30)
    for seed, said, day in (
        (f"{source}: 7 14 23 40 61", source, at - timedelta(days=1)),
        (f"{source}: 14 7 23 40 61", source, at),
        (f"{source}: 07 14 23 40 61", source, at),
        (f"{source}: 7 14 23 40", source, at),
        (f"{source}: 7-14-23-40-61", source, at),
        ("Powerball, 2026-11-29: 7 14 23 40 61", "Powerball, 2026-11-29", at),
        (f"{source}: 7 14 23 40 61", "", at),
        ("7", "", at),
    ):
        refused(lambda seed=seed, said=said, day=day: draw(desk, units, seed, said, day), "registered public draw")
    draw(desk, units, f"{source}: 7 14 23 40 61", source, at)


@pytest.mark.parametrize("seed_on", ["2026-11-23", "2026-11-24", None])
def test_a_public_draw_is_held_on_a_later_day_than_the_list_is_locked(desk, seed_on):
    lock(desk, draw=POWERBALL | {"seed_on": seed_on})
    units = list_units(desk)  # locked on November 24
    source = f"Powerball, {seed_on}"
    refused(
        lambda: draw(desk, units, f"{source}: 7 14 23 40 61", source, LATER + timedelta(days=9)), "on a later day than"
    )


def test_nothing_that_goes_into_the_draw_changes_once_the_list_is_locked(desk):
    arms = [{"key": key, "name": key, "gets": "x", "weight": 1} for key in ("usual", "coached")]
    told = {"draw": POWERBALL, "arms": arms, "design": "phased", "starts_in": ["2027-01", "2027-04"]}
    lock(desk, **told)
    lock(desk, reason="Before the lock anything.", **told | {"draw": POWERBALL | {"seed_on": "2026-12-01"}})
    told["draw"] = POWERBALL | {"seed_on": "2026-12-01"}
    list_units(desk)
    for change in (
        {"draw": POWERBALL},
        {"draw": {"seed_from": ""}},
        {"arms": [arms[0], arms[1] | {"weight": 2}]},
        {"arms": arms[::-1]},
        {"starts_in": ["2027-04", "2027-01"]},
    ):
        refused(lambda change=change: lock(desk, reason="x", at=LATER, **told | change), "goes into the draw changes")
    # A key that a text of an earlier time does not have says nothing else than null.
    lock(desk, reason="Another question.", at=LATER, question="Why?", **told | {"draw": told["draw"] | {"x": None}})


def test_a_unit_has_no_raw_id_no_foreign_city_and_never_changes(desk):
    lock(desk)
    units = list_units(desk, numbers={"age": 40})
    refused(lambda: PilotUnit.objects.update(numbers={"age": 41}), "does not change")
    refused(lambda: PilotUnit.objects.update(block="b"), "does not change")
    PilotUnit.objects.update(numbers={})  # when the pilot's data are deleted
    other = make_pilot()
    lock(other)
    open_list = list_units(other, locked=False)
    for fields, name in (
        ({"salted_id": "123-45-6789", "city": other.city}, "pilot_unit_id_is_salted"),
        ({"salted_id": "e" * 64, "city": desk.city}, "city that takes part"),
    ):
        made = {"unit_list": open_list} | fields
        refused(lambda made=made: PilotUnit.objects.create(**made), name)
    assert units.units.count() == 4


def test_a_key_is_only_destroyed(desk):
    key = PilotKey.objects.create(pilot=desk.pilot, encrypted="x", made_at=NOW)
    rows = PilotKey.objects.filter(pk=key.pk)
    refused(lambda: rows.update(encrypted="y"), "only destroyed")
    rows.update(encrypted="", destroyed_at=NOW)
    refused(lambda: rows.update(encrypted="x", destroyed_at=None), "only destroyed")
    refused(rows.delete, "Cannot (update or )?delete")


def test_rows_need_an_agreement_that_holds(desk):
    lock(desk)
    rows = {"kind": "rows", "content": None, "file": "ab/" + "b" * 32}
    refused(lambda: deliver(desk, **rows), "pilot_rows_need_agreement")
    ended = agree(desk, expires_on=NOW.date())
    refused(lambda: deliver(desk, **rows, agreement=ended), "has not ended")
    over = agree(desk, delete_on=NOW.date())
    refused(lambda: deliver(desk, **rows, agreement=over), "has not ended")
    elsewhere = agree(make_pilot())
    refused(lambda: deliver(desk, **rows, agreement=elsewhere), "a city that takes part")
    refused(lambda: deliver(desk, content=None), "pilot_dataset_held_or_deleted")
    good = agree(desk)
    deliver(desk, **rows, agreement=good)
    changes = {"delete_on": "2030-01-01"}
    refused(lambda: DataAgreement.objects.filter(pk=good.pk).update(**changes), "promises no less")
    refused(lambda: agree(desk, smallest_cell=5), "data_agreement_cells_of_ten")


def test_data_stay_or_are_deleted_and_leave_their_fingerprint(desk):
    lock(desk)
    data = deliver(desk)
    rows = desk.pilot.datasets.filter(pk=data.pk)
    refused(lambda: rows.update(content={"arm": []}), "stay as they are")
    refused(lambda: rows.update(row_count=3), "stay as they are")
    refused(rows.delete, "Cannot (update or )?delete")
    gone = {"content": None, "deleted_at": LATER, "deleted_why": "The agreement ended."}
    rows.update(**gone)
    refused(lambda: rows.update(content={}, deleted_at=None, deleted_why=""), "stay as they are")
    refused(lambda: analyze(desk, data), "data that are still there")


def test_one_analysis_at_a_time_and_no_half_result(desk):
    lock(desk)
    data = deliver(desk)
    waits = {"state": "queued", "result": None, "ended_at": None, "started_at": None}
    running = analyze(desk, data, **waits)
    refused(lambda: analyze(desk, data, **waits), "pilot_analysis_one_at_a_time")
    rows = PilotAnalysis.objects.filter(pk=running.pk)
    refused(lambda: rows.update(result=FOUND), "pilot_analysis_result_when_done")
    refused(lambda: rows.update(state="done", ended_at=LATER), "pilot_analysis_result_when_done")
    refused(lambda: rows.update(state="failed", ended_at=LATER), "pilot_analysis_ended")
    refused(lambda: rows.update(role="secondary"), "stays what was asked")
    rows.update(state="failed", ended_at=LATER, reason="The worker was stopped.")
    refused(lambda: rows.update(state="running", ended_at=None, reason=""), "stays as it is")
    done = PilotAnalysis.objects.filter(pk=analyze(desk, data).pk)
    refused(lambda: done.update(result=FOUND | {"verdict": "did_not_work"}), "stays as it is")
    other = make_pilot()
    refused(lambda: analyze(other, data, registration=lock(other)), "of its own pilot")


def found(desk, verdict="worked", **changes) -> tuple[Desk, Result]:
    """A draft result that says what the analysis found."""
    results = make_desk_of(desk)
    said = {"effect": 6.0, "low": 2.0, "high": 10.0, "level": 95.0} | changes
    row = results.draft(**said)
    Result.objects.filter(pk=row.pk).update(verdict=verdict, own_data="Pilot data", sentence=FOUND["sentence"])
    row.refresh_from_db()
    return results, row


def make_desk_of(desk) -> Desk:
    made = make_desk(desk.city)
    return Desk(desk.city, desk.people, made.project)


def test_a_result_says_what_the_analysis_found_and_nothing_else(desk):
    lock(desk)
    analysis = analyze(desk, deliver(desk))
    _, wrong = found(desk, effect=7.0)
    made = {"pilot": desk.pilot, "analysis": analysis, "made_by": desk.staff, "made_at": LATER}
    refused(lambda: PilotResult.objects.create(result=wrong, **made), "says what its analysis found")
    Result.objects.filter(pk=wrong.pk).update(effect=6.0)
    PilotResult.objects.create(result=wrong, **made)
    rows = Result.objects.filter(pk=wrong.pk)
    for change in (
        {"effect": 5.0},
        {"low": 3.0},
        {"high": 9.0},
        {"verdict": "did_not_work"},
        {"sentence": "It is fine."},
    ):
        refused(lambda change=change: rows.update(**change), "those of its analysis")
    refused(lambda: rows.update(level=90.0), "those of its analysis")


def test_nothing_is_analyzed_after_a_determination_ended(desk):
    lock(
        desk, human_subjects=human_subjects(desk.document.pk, expires_on=(LATER + timedelta(days=1)).date().isoformat())
    )
    refused(lambda: analyze(desk, deliver(desk)), "has not expired")


def test_a_draft_follows_another_analysis_and_then_says_what_that_found(desk):
    lock(desk)
    data = deliver(desk)
    made = {"pilot": desk.pilot, "analysis": analyze(desk, data), "made_by": desk.staff, "made_at": LATER}
    results, row = found(desk)
    link = PilotResult.objects.create(result=row, **made)
    primary = FOUND["primary"] | {"value": 5.0}
    newer = analyze(desk, deliver(desk), result=FOUND | {"primary": primary, "sentence": "It worked: 5 more."})
    queued = analyze(desk, data, state="queued", result=None, ended_at=None, started_at=None)
    links, rows = PilotResult.objects.filter(pk=link.pk), Result.objects.filter(pk=row.pk)
    refused(lambda: links.update(analysis=queued), "says what its analysis found")
    links.update(analysis=newer)
    refused(lambda: rows.update(status="in_review"), "those of its analysis")
    rows.update(effect=5.0, sentence="It worked: 5 more.")
    rows.update(status="in_review")


def test_a_stopped_pilot_tells_so_without_numbers(desk):
    made = {"pilot": desk.pilot, "made_by": desk.staff, "made_at": LATER}
    none = {"effect": None, "low": None, "high": None, "level": None, "finding": "that it was stopped"}
    _, row = found(desk, verdict="stopped", **none)
    refused(lambda: PilotResult.objects.create(result=row, **made), "says what its analysis found")
    Pilot.objects.filter(pk=desk.pilot.pk).update(
        state="stopped", stopped_at=NOW, stopped_by=desk.lead, stopped_kind="other", stopped_reason="No money."
    )
    PilotResult.objects.create(result=row, **made)


@pytest.mark.parametrize(("part", "other"), [("lead", "expert"), ("expert", "lead")], ids=["registered", "analyzed"])
def test_who_registered_or_analyzed_does_not_approve(desk, monkeypatch, part, other):
    """A lead who registered and an expert who analyzed: each is refused, the other one publishes."""
    one, another = (desk.people[Role(role)] for role in (part, other))
    lock(desk, by=one if part == "lead" else desk.adviser)
    analysis = analyze(desk, deliver(desk), by=one if part == "expert" else desk.staff)
    results, row = found(desk)
    PilotResult.objects.create(pilot=desk.pilot, analysis=analysis, result=row, made_by=desk.staff, made_at=LATER)
    row.refresh_from_db()
    results.answer(results.ask(row))
    results.move(row, "in_review", desk.adviser)
    later = NOW + timedelta(minutes=1)
    with pytest.raises(ValidationError, match="Someone else approves its verdict"):
        results.move(row, "published", one, now=later)
    with monkeypatch.context() as without:  # the database refuses by itself, should the action ever forget to look
        without.setattr("engagements.results.actions.results._check_other", lambda row, by: None)
        refused(lambda: results.move(row, "published", one, now=later), "does not approve")
    results.move(row, "published", another, now=later)
    assert Pilot.objects.get(pk=desk.pilot.pk).state == "published"


def test_links_stay_within_a_city_that_takes_part(desk):
    mine, foreign = MilestoneFactory(engagement=desk.city), MilestoneFactory()
    made = {"pilot": desk.pilot, "linked_by": desk.lead, "linked_at": NOW}
    PilotLink.objects.create(engagement=desk.city, milestone=mine, **made)
    refused(lambda: PilotLink.objects.create(engagement=desk.city, milestone=foreign, **made), "takes part")
    refused(lambda: PilotLink.objects.create(engagement=foreign.engagement, milestone=foreign, **made), "takes part")
    refused(lambda: PilotLink.objects.create(engagement=desk.city, **made), "takes part|one_thing")
    refused(lambda: PilotLink.objects.create(engagement=desk.city, milestone=mine, **made), "pilot_link_once")
    assert not LedgerEntry.objects.exists()


def test_a_city_that_was_asked_and_has_not_accepted_lends_nothing(desk):
    theirs = MilestoneFactory()
    asked = {"pilot": desk.pilot, "position": 1, "invited_by": desk.lead, "invited_at": NOW}
    other = PilotCity.objects.create(engagement=theirs.engagement, **asked)
    made = {"pilot": desk.pilot, "engagement": theirs.engagement, "milestone": theirs}
    refused(lambda: PilotLink.objects.create(linked_by=desk.lead, linked_at=NOW, **made), "that takes part")
    PilotCity.objects.filter(pk=other.pk).update(accepted_by=desk.lead, accepted_at=NOW)
    PilotLink.objects.create(linked_by=desk.lead, linked_at=NOW, **made)
