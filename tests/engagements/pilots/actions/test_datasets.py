"""Data come in whole or not at all, under an agreement where they are rows, and leave when their day comes."""

from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread
from unittest.mock import patch

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from engagements.access.errors import NotFound
from engagements.base.erasures import erase_again, erased
from engagements.models import Activity, DataAgreement, Document, Pilot, PilotCity, PilotDataset, PilotKey, PilotUnit
from engagements.models.documents import document_storage
from engagements.permissions import Role
from engagements.pilots.actions import deletion
from engagements.pilots.actions.agreements import end_agreement, write_agreement
from engagements.pilots.actions.datasets import keep_dataset
from engagements.pilots.actions.deletion import delete_dataset, delete_due, units_kept_until
from engagements.pilots.files.tables import read_file
from engagements.pilots.files.waiting import Waiting, hold_file
from engagements.pilots.queries.analysis_inputs import counting_version
from engagements.pilots.queries.data_page import data_page
from engagements.pilots.queries.dataset_tables import table_of
from engagements.pilots.queries.deliveries import plan_of_data, released_counts
from engagements.pilots.rules.delivery import examine
from engagements.pilots.rules.reading import DataRefused
from engagements.pilots.rules.registration import DesignKind
from tests.engagements.pilots.drawn_pilot import CAME, counts, make_drawn, rows
from tests.engagements.pilots.made_registration import EARNINGS, MADE, make_registration
from tests.engagements.pilots.worked_pilot import analyze, lock_plan, make_worked, publish
from tests.factories.engagements import NOW, member, pair
from tests.factories.pilots import SHA, agree, deliver, make_pilot

DAY_AFTER = CAME + timedelta(days=30)
MAY = {Role.LEAD, Role.ADVISER, Role.CITY_STAFF}


def bring(desk, content, by=None, now=CAME, agreement=None, seen=None):
    name, sha256 = hold_file(content, desk.city.pk)
    seen = seen or examine(*read_file(content), MADE).held.sha256
    waiting = Waiting(name, sha256, {}, agreement.pk if agreement else None)
    return keep_dataset(pilot=desk.pilot.pk, waiting=waiting, seen=seen, by=by or desk.staff, now=now)


def agreed(desk, **fields):
    return agree(desk, **{"delete_on": (CAME + timedelta(days=20)).date(), "created_at": CAME} | fields)


@pytest.fixture
def desk(db):
    return make_drawn()


class TestComingIn:
    def test_counts_are_kept_as_they_read(self, desk):
        made = bring(desk, counts())
        assert (made.number, made.kind, made.row_count) == (1, "aggregates", 2)
        assert table_of(made, MADE).outcomes["had_job"].n.sum() == 77
        desk.pilot.refresh_from_db()
        assert desk.pilot.state == "running"
        assert Activity.objects.filter(noun="pilotdataset", verb="added").count() == 1

    def test_a_later_file_is_another_and_replaces_none(self, desk):
        first, second = bring(desk, counts()), bring(desk, counts(coaching=40))
        assert (first.number, second.number) == (1, 2)
        first.refresh_from_db()
        assert first.content["n"] == ["39", "38"]

    def test_every_delivery_is_read_by_the_plan_that_is_analyzed(self, desk):
        """An amendment after the first data adds no outcome; but it may hide more, and end or renew protection."""
        bring(desk, counts())
        people = replace(MADE.human_subjects, expires_on=CAME.date())
        stricter = replace(MADE.limits, smallest_cell=39)
        late = replace(MADE, secondary=(EARNINGS,), limits=stricter, human_subjects=people)
        lock_plan(desk, late, at=CAME + timedelta(hours=1), reason="Late.")
        assert counting_version(desk.pilot).number == 1
        plan = plan_of_data(desk.pilot)
        assert (plan.secondary, plan.limits.smallest_cell) == ((), 39)
        now = CAME + timedelta(hours=2)
        with pytest.raises(DataRefused):
            bring(
                desk, counts().replace(b"arm,", b"outcome_key,arm,").replace(b"\nu", b"\nearnings,u"), now=now, seen=""
            )
        assert bring(desk, counts(), now=now).number == 2
        with pytest.raises(ValidationError, match="expired"):
            bring(desk, counts(), now=now + timedelta(days=2))

    @pytest.mark.parametrize("role", list(Role))
    def test_who_may_bring(self, desk, role):
        by = desk.people[role]
        if role in MAY:
            assert bring(desk, counts(), by).number == 1
        else:
            with pytest.raises(NotFound):
                bring(desk, counts(), by)

    def test_rows_need_an_agreement(self, desk):
        with pytest.raises(DataRefused, match="only under an agreement"):
            bring(desk, rows())
        made = bring(desk, rows(), agreement=agreed(desk))
        assert made.content is None
        assert made.checks["people"] == {"usual": 40, "coaching": 40}
        assert table_of(made, MADE).row_count == 80

    @pytest.mark.parametrize(
        "fields",
        [
            {"delete_on": CAME.date()},
            {"expires_on": (CAME - timedelta(days=1)).date()},
        ],
    )
    def test_an_agreement_that_is_over_is_refused_by_form_and_database(self, desk, fields):
        over = agreed(desk, **fields)
        with pytest.raises(ValidationError, match="expired or ended"):
            bring(desk, rows(), agreement=over)
        with pytest.raises(IntegrityError), transaction.atomic():
            PilotDataset.objects.create(
                pilot=desk.pilot, number=1, kind="rows", agreement=over, file="aa/b", file_sha256="0" * 64,
                content_sha256="0" * 64, row_count=1, uploaded_by=desk.staff, uploaded_at=CAME,
            )  # fmt: skip

    def test_an_agreement_that_was_ended_is_refused(self, desk):
        over = agreed(desk)
        end_agreement(pk=over.pk, expected_version=over.version, why="Over", by=desk.adviser, now=CAME)
        with pytest.raises(ValidationError, match="expired or ended"):
            bring(desk, rows(), agreement=over)

    def test_nothing_comes_before_the_draw(self, db):
        desk = make_pilot()
        lock_plan(desk, at=CAME - timedelta(hours=2))
        with pytest.raises(ValidationError, match="Draw the groups first"):
            bring(desk, counts())

    def test_nothing_comes_before_the_lock(self, db):
        with pytest.raises(ValidationError, match="Lock the registration first"):
            bring(make_pilot(), counts())

    def test_a_determination_that_expired_lets_nothing_in(self, db):
        plan = make_registration(human_subjects={"expires_on": CAME.date()})
        desk = make_drawn(plan)
        with pytest.raises(ValidationError, match="expired"):
            bring(desk, counts(), now=CAME + timedelta(days=2))

    def test_a_determination_whose_document_was_put_away_lets_nothing_in(self, desk):
        desk.document.archived_at, desk.document.archived_by = CAME, desk.adviser
        desk.document.save()
        with pytest.raises(ValidationError, match="no longer valid"):
            bring(desk, counts())

    def test_a_file_that_changed_since_the_preview_is_refused(self, desk):
        with pytest.raises(ValidationError, match="Check the file again"):
            bring(desk, counts(), seen="0" * 64)
        name, _ = hold_file(counts(), desk.city.pk)
        with pytest.raises(DataRefused, match="Import it again"):
            keep_dataset(
                pilot=desk.pilot.pk, waiting=Waiting(name, "1" * 64, {}, None), seen="0" * 64, by=desk.staff, now=CAME
            )

    def test_nothing_half_is_kept(self, desk):
        with patch("engagements.pilots.actions.datasets.add_activity", side_effect=RuntimeError):
            with pytest.raises(RuntimeError):
                bring(desk, rows(), agreement=agreed(desk))
        assert not PilotDataset.objects.exists()
        desk.pilot.refresh_from_db()
        assert desk.pilot.state == "allocated"

    def test_a_drawn_person_who_changed_arms_is_refused(self, desk):
        changed = rows().replace(b"01,coaching", b"01,usual", 1)
        with pytest.raises(DataRefused, match="Line 3.*not the group that was drawn"):
            bring(desk, changed, agreement=agreed(desk))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_get_two_numbers():
    desk, barrier, numbers = make_drawn(), Barrier(2), []

    def one(content):
        try:
            barrier.wait()
            numbers.append(bring(desk, content).number)
        finally:
            connection.close()

    threads = [Thread(target=one, args=(counts(coaching=n),)) for n in (39, 40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [1, 2]


class TestShowing:
    def test_a_second_delivery_hides_what_differs_by_few_people(self, desk):
        first, second = bring(desk, counts()), bring(desk, counts(coaching=40))
        assert {row[0]: row[1] for row in released_counts(first).rows} == {"coaching": 39, "usual": 38}
        shown = {row[0]: row[1] for row in released_counts(second).rows}
        assert shown["coaching"] is None

    def test_rows_are_summed_and_the_agreements_limit_holds(self, desk):
        made = bring(desk, rows(), agreement=agreed(desk, smallest_cell=50))
        assert all(row[1] is None for row in released_counts(made).rows)


@pytest.mark.django_db(transaction=True)
class TestLeaving:
    def held(self):
        desk = make_drawn()
        PilotKey.objects.create(pilot=desk.pilot, encrypted="secret", made_at=CAME)
        return desk, bring(desk, rows(), agreement=agreed(desk))

    def test_rows_go_when_their_day_comes_with_the_key_and_the_units_numbers(self):
        desk, made = self.held()
        name, told = made.file.name, []
        receiver = lambda sender, model, object_id, **_: told.append(model)  # noqa: E731 - kept alive by its name
        erased.connect(receiver)
        assert delete_due(now=CAME + timedelta(days=19)) == 0
        assert delete_due(now=DAY_AFTER) == 1
        assert delete_due(now=DAY_AFTER) == 0
        erased.disconnect(receiver)
        made.refresh_from_db()
        assert (made.file.name, made.content, made.row_count) == ("", None, 80)
        assert len(made.content_sha256) == 64
        assert not document_storage().exists(name)
        key = PilotKey.objects.get(pilot=desk.pilot)
        assert (key.encrypted, key.destroyed_at) == ("", DAY_AFTER)
        assert set(PilotUnit.objects.values_list("numbers__income", flat=True)) == {None}
        assert sorted(told) == ["engagements.PilotDataset", "engagements.PilotKey", "engagements.PilotUnitList"]
        gone = Activity.objects.get(noun="pilotdataset", verb="deleted")
        assert gone.by is None
        assert "The agreement says" in gone.why

    @pytest.mark.parametrize("end", ["stopped", "archived", "registered end"])
    def test_of_a_pilot_of_counts_the_key_and_the_numbers_go_some_time_after_it_is_over(self, end):
        """Without rows there is no agreement with a day, so the end of the pilot gives one."""
        desk = make_drawn(replace(MADE, ends_on=CAME.date()))
        PilotKey.objects.create(pilot=desk.pilot, encrypted="secret", made_at=CAME)
        bring(desk, counts())
        days, told, rows_of = 400, [], Pilot.objects.filter(pk=desk.pilot.pk)
        if end == "stopped":
            why = {"stopped_kind": "other", "stopped_reason": "No money."}
            rows_of.update(state="stopped", stopped_at=CAME, stopped_by=desk.lead, **why)
        elif end == "archived":
            rows_of.update(archived_at=CAME, archived_by=desk.lead)
        else:
            days = 1_100
        receiver = lambda sender, model, object_id, **_: told.append(model)  # noqa: E731 - kept alive by its name
        erased.connect(receiver)
        delete_due(now=CAME + timedelta(days=days - 1))
        assert PilotKey.objects.get().encrypted and PilotUnit.objects.exclude(numbers={}).count() == 80
        for _ in range(2):
            delete_due(now=CAME + timedelta(days=days))
        erased.disconnect(receiver)
        assert not PilotKey.objects.get().encrypted and not PilotUnit.objects.exclude(numbers={}).exists()
        assert sorted(told) == ["engagements.PilotKey", "engagements.PilotUnitList"]
        assert Activity.objects.get(noun="pilotunitlist", verb="deleted").by is None
        assert desk.pilot.datasets.get().deleted_at is None

    def test_of_a_published_pilot_the_days_count_from_its_publication(self):
        worked = make_worked()
        assert units_kept_until(worked.pilot) == date(2031, 1, 4)  # 1,100 days after December 31, 2027
        analyze(worked)
        publish(worked)
        assert units_kept_until(worked.pilot) == date(2029, 2, 15)  # 400 days after January 12, 2028

    def test_while_rows_are_held_the_key_stays_however_long_the_pilot_is_over(self):
        desk = make_drawn()
        PilotKey.objects.create(pilot=desk.pilot, encrypted="secret", made_at=CAME)
        bring(desk, rows(), agreement=agreed(desk, delete_on=date(2040, 1, 1)))
        Pilot.objects.filter(pk=desk.pilot.pk).update(archived_at=CAME, archived_by=desk.lead)
        delete_due(now=CAME + timedelta(days=2_000))
        assert PilotKey.objects.get().encrypted and PilotUnit.objects.exclude(numbers={}).exists()

    def test_a_worker_that_is_killed_leaves_it_whole_or_gone(self):
        _, made = self.held()
        with patch.object(deletion, "add_activity", side_effect=SystemExit):
            with pytest.raises(SystemExit):
                delete_due(now=DAY_AFTER)
        made.refresh_from_db()
        assert made.deleted_at is None
        assert document_storage().exists(made.file.name)
        assert delete_due(now=DAY_AFTER) == 1

    def test_somebody_deletes_before_the_day_with_a_reason(self):
        desk, made = self.held()
        with pytest.raises(ValidationError, match="why"):
            delete_dataset(pk=made.pk, why=" ", by=desk.staff, now=CAME)
        assert delete_dataset(pk=made.pk, why="The city asked", by=desk.staff, now=CAME).deleted_why == "The city asked"
        with pytest.raises(ValidationError, match="deleted before"):
            delete_dataset(pk=made.pk, why="Again", by=desk.staff, now=CAME)
        with pytest.raises(NotFound):
            delete_dataset(pk=made.pk, why="x", by=desk.people[Role.EXPERT], now=CAME)

    def test_another_city_that_takes_part_deletes_only_what_came_under_its_own_agreement(self):
        here, there = pair()
        desk = make_pilot(here, title=MADE.title)
        staff, accepted = member(Role.CITY_STAFF, there), {"accepted_by": desk.lead, "accepted_at": NOW}
        PilotCity.objects.create(
            pilot=desk.pilot, engagement=there, position=1, invited_by=desk.lead, invited_at=NOW, **accepted
        )
        lock_plan(desk, replace(MADE, design=DesignKind.DIFFERENCES), at=NOW)
        theirs = DataAgreement.objects.create(
            engagement=there,
            title="Theirs",
            parties="City and state",
            legal_basis="State code 12",
            allowed_uses="This pilot",
            delete_on=date(2028, 6, 30),
            document=Document.objects.create(
                engagement=there,
                title="Signed",
                file="aa/" + "b" * 32,
                original_name="a.pdf",
                media_type="application/pdf",
                size=1,
                sha256=SHA,
                uploaded_by=staff,
                uploaded_at=NOW,
            ),
            written_by=staff,
            created_at=NOW,
        )
        of_home, counted = agreed(desk), deliver(desk)
        kinds = {"kind": "rows", "content": None}
        under_home = deliver(desk, **kinds, file="ab/" + "c" * 32, agreement=of_home)
        under_theirs = deliver(desk, **kinds, file="ab/" + "d" * 32, agreement=theirs)
        shown = {row.pk: row.may_delete for row in data_page(staff, desk.pilot, CAME).datasets}
        assert shown == {counted.pk: False, under_home.pk: False, under_theirs.pk: True}
        for data in (counted, under_home):
            with pytest.raises(NotFound):
                delete_dataset(pk=data.pk, why="We leave.", by=staff, now=CAME)
        assert delete_dataset(pk=under_theirs.pk, why="We leave.", by=staff, now=CAME).deleted_at == CAME
        assert delete_dataset(pk=counted.pk, why="Wrong file.", by=desk.staff, now=CAME).deleted_at == CAME

    def test_the_key_stays_while_other_rows_are_held(self):
        desk, made = self.held()
        bring(desk, rows(), agreement=agreed(desk, title="Another", delete_on=date(2030, 1, 1)))
        assert delete_due(now=DAY_AFTER) == 1
        assert PilotKey.objects.get(pilot=desk.pilot).destroyed_at is None

    def test_a_restored_backup_deletes_it_again(self):
        desk, made = self.held()
        name = made.file.name
        gone = {"PilotDataset": made.pk, "PilotKey": desk.pilot.key.pk, "PilotUnitList": desk.pilot.unit_list.pk}
        for model, pk in gone.items():
            erase_again(f"engagements.{model}", str(pk))
            erase_again(f"engagements.{model}", str(pk))
            erase_again(f"engagements.{model}", "999999")
        made.refresh_from_db()
        assert made.deleted_at is not None
        assert not document_storage().exists(name)
        assert PilotKey.objects.get(pilot=desk.pilot).encrypted == ""
        assert not PilotUnit.objects.exclude(numbers={}).exists()


class TestAgreements:
    def write(self, desk, by=None, **fields):
        said = {
            "title": "Wages",
            "parties": "City and state",
            "legal_basis": "State code 12",
            "allowed_uses": "This pilot",
            "delete_on": (CAME + timedelta(days=90)).date(),
            "expires_on": None,
            "smallest_cell": 10,
            "rows_in_bundle": False,
        } | fields
        return write_agreement(
            pilot=desk.pilot.pk, engagement=desk.city.pk, document=desk.document.pk, fields=said,
            by=by or desk.adviser, now=CAME,
        )  # fmt: skip

    def test_written_once_and_shown_by_a_document(self, desk):
        assert self.write(desk).legal_basis == "State code 12"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("legal_basis", " "),
            ("allowed_uses", ""),
            ("delete_on", CAME.date()),
            ("expires_on", (CAME - timedelta(days=1)).date()),
            ("expires_on", (CAME + timedelta(days=91)).date()),
            ("smallest_cell", 9),
        ],
    )
    def test_what_it_must_say(self, desk, field, value):
        with pytest.raises(ValidationError) as refused:
            self.write(desk, **{field: value})
        assert field in refused.value.message_dict

    def test_only_who_may_edit_the_pilot_in_that_city(self, desk):
        with pytest.raises(NotFound):
            self.write(desk, by=desk.people[Role.EXPERT])
