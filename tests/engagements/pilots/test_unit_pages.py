"""The pages of units and the draw: bring, lock, draw, match, download, and who may what."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from engagements.models import Pilot, PilotAllocation, PilotCity, PilotKey, PilotUnit, PilotUnitList, User
from engagements.permissions import Role
from engagements.pilots.actions.deletion import delete_due
from engagements.pilots.actions.pilots import stop_pilot
from engagements.pilots.queries import units
from engagements.pilots.queries.units import list_mark
from engagements.pilots.rules.registration import DesignKind, Estimator
from tests.engagements.pilots.drawn_pilot import make_drawn
from tests.engagements.pilots.made_registration import MADE, make_registration
from tests.factories.engagements import NOW, pair
from tests.factories.pilots import PilotDesk, agree, deliver, list_units, lock, make_pilot

pytestmark = pytest.mark.django_db
ONE = "6b1f0f3c-0000-4000-8000-000000000001"


@pytest.fixture
def desk() -> PilotDesk:
    made = make_pilot()
    lock(made)
    return made


def as_(desk: PilotDesk, role: Role = Role.CITY_STAFF) -> Client:
    client = Client()
    client.force_login(desk.people[role])
    return client


def workbook(*rows: tuple) -> SimpleUploadedFile:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("units.xlsx", out.getvalue())


def locking(desk: PilotDesk, count: int) -> dict:
    """What the button sends: the list as it is shown now."""
    mark = list_mark(PilotUnitList.objects.get(pilot=desk.pilot)) if PilotUnitList.objects.exists() else ""
    return {"count": count, "mark": mark, "submission": ONE}


def file_of(*rows: str, head: str = "id") -> SimpleUploadedFile:
    return SimpleUploadedFile("units.csv", "\n".join([head, *rows]).encode(), content_type="text/csv")


def test_from_the_file_to_the_arms(desk):
    client, base = as_(desk), f"/pilots/{desk.pilot.pk}/units/"
    rows = [f"A-{n}" for n in range(10)]
    assert client.post(f"{base}{desk.city.pk}/", {"file": file_of(*rows)}).status_code == 302
    assert "Lock the list of 10 units" in client.get(base).content.decode()
    assert client.post(f"{base}lock/", locking(desk, 10)).status_code == 302
    assert "Draw the groups" in client.get(base).content.decode()
    assert client.post(f"{base}draw/", {"submission": ONE}).status_code == 302
    page = client.get(base).content.decode()
    drawn = PilotAllocation.objects.get()
    assert drawn.seed in page and "every unit got the same group" in page and "first 16 bytes" in page
    answer = client.post(f"{base}{desk.city.pk}/match/", {"file": file_of("A-3,=1+1", head="id,note")})
    text = answer.content.decode("utf-8-sig")
    assert text.splitlines()[0] == "id,note,salted_id,arm,starts_in"
    assert "'=1+1" in text and ("usual" in text or "coaching" in text)
    table = client.get(f"{base}units.csv").content.decode("utf-8-sig").splitlines()
    assert len(table) == 11 and "A-3" not in "\n".join(table)


def test_a_list_that_another_upload_of_the_same_size_replaced_is_not_locked_unseen(desk):
    client, base = as_(desk), f"/pilots/{desk.pilot.pk}/units/"
    client.post(f"{base}{desk.city.pk}/", {"file": file_of(*(f"A-{n}" for n in range(10)))})
    seen = locking(desk, 10)
    assert f'name="mark" value="{seen["mark"]}"' in client.get(base).content.decode()
    client.post(f"{base}{desk.city.pk}/", {"file": file_of(*(f"B-{n}" for n in range(10)))})
    refused = client.post(f"{base}lock/", seen)
    assert refused.status_code == 422 and "changed since you saw it" in refused.content.decode()
    assert client.post(f"{base}lock/", seen | {"mark": ""}).status_code == 422
    assert PilotUnitList.objects.get().locked_at is None
    assert client.post(f"{base}lock/", locking(desk, 10)).status_code == 302


def test_a_draw_is_made_again_when_asked_and_else_its_last_check_is_shown(desk, monkeypatch):
    client, base = as_(desk), f"/pilots/{desk.pilot.pk}/units/"
    client.post(f"{base}{desk.city.pk}/", {"file": file_of(*(f"A-{n}" for n in range(10)))})
    client.post(f"{base}lock/", locking(desk, 10))
    assert "Nothing has been drawn" in client.post(f"{base}verify/", follow=True).content.decode()
    client.post(f"{base}draw/", {"submission": ONE})
    again = []
    monkeypatch.setattr(units, "draw_problem", lambda *one, **said: again.append(one) or "Another arm.")
    assert "Another arm." in client.get(base).content.decode() and len(again) == 1
    assert "Another arm." in client.get(base).content.decode() and len(again) == 1
    monkeypatch.undo()
    page = as_(desk, Role.EXPERT).post(f"{base}verify/", follow=True).content.decode()
    assert "every unit got the same group" in page and "Another arm." not in page
    assert "Another arm." not in client.get(base).content.decode()
    assert as_(desk, Role.FUNDER).post(f"{base}verify/").status_code == 404


def test_of_a_public_draw_only_its_numbers_are_typed():
    """Its name, day and number of values are shown as registered."""
    desk, day = make_pilot(), timezone.now().date() + timedelta(days=3)
    lock(desk, draw={"seed_from": "Powerball", "seed_on": day.isoformat(), "seed_numbers": 6})
    client, base = as_(desk), f"/pilots/{desk.pilot.pk}/units/"
    client.post(f"{base}{desk.city.pk}/", {"file": file_of(*(f"A-{n}" for n in range(10)))})
    client.post(f"{base}lock/", locking(desk, 10))
    page = client.get(base).content.decode()
    assert f"takes the seed from Powerball of {day:%B} {day.day}, {day.year}, 6 numbers" in page
    assert 'name="value"' in page and 'name="what"' not in page and 'name="held_on"' not in page
    early = client.post(f"{base}draw/", {"submission": ONE, "value": "7 14 23 40 61 9"})
    assert early.status_code == 422 and "Come back then" in early.content.decode()
    assert not PilotAllocation.objects.exists()


def test_a_workbook_of_units_is_read_as_a_text_file_is(desk):
    """Numbers, blanks around words and an empty row at the end, as office programs leave them."""
    client, base = as_(desk), f"/pilots/{desk.pilot.pk}/units/"
    file = workbook(("id",), (101,), (" A-2 ",), ("A-3",), (None,))
    assert client.post(f"{base}{desk.city.pk}/", {"file": file}).status_code == 302
    assert PilotUnit.objects.count() == 3
    kept = set(PilotUnit.objects.values_list("salted_id", flat=True))
    again = client.post(f"{base}{desk.city.pk}/match/", {"file": file_of("101", "A-2", "A-3")})
    assert {line.split(",")[1] for line in again.content.decode("utf-8-sig").splitlines()[1:]} == kept
    twice = workbook(("id",), (101,), ("101",))
    answer = client.post(f"{base}{desk.city.pk}/", {"file": twice})
    assert answer.status_code == 422 and "stands in line 2 already" in answer.content.decode()
    formula = workbook(("id",), ("=1+1",))
    assert client.post(f"{base}{desk.city.pk}/", {"file": formula}).status_code in (302, 422)


def test_a_refused_file_says_why_and_keeps_nothing(desk):
    answer = as_(desk).post(f"/pilots/{desk.pilot.pk}/units/{desk.city.pk}/", {"file": file_of("A", "A")})
    page = answer.content.decode()
    assert answer.status_code == 422 and "stands in line 2 already" in page and "Nothing was saved" in page
    assert not PilotUnit.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "no rows"), (b"PK\x03\x04broken", "workbook|read|xlsx"), (b"\x00\x01", "text file")]
)
def test_broken_files_are_refused(desk, content, words):
    file = SimpleUploadedFile("units.csv", content)
    answer = as_(desk).post(f"/pilots/{desk.pilot.pk}/units/{desk.city.pk}/", {"file": file})
    assert answer.status_code == 422 and not PilotUnit.objects.exists()


def test_the_list_is_locked_once_every_city_has_brought_its_units():
    """A button that can only refuse is not offered; nor are files with groups before there are any."""
    here, there = pair()
    desk = make_pilot(here)
    PilotCity.objects.create(
        pilot=desk.pilot,
        engagement=there,
        position=1,
        invited_by=desk.lead,
        invited_at=NOW,
        accepted_by=desk.lead,
        accepted_at=NOW,
    )
    lock(desk, estimator=Estimator.BLOCKED.value, cities=[here.city.slug, there.city.slug])
    client, base = as_(desk, Role.LEAD), f"/pilots/{desk.pilot.pk}/units/"
    client.post(f"{base}{here.pk}/", {"file": file_of(*(f"A-{n}" for n in range(10)))})
    page = client.get(base).content.decode()
    assert f"No units yet of: {there.city.name}. The list can be locked once every city" in page
    assert "Lock the list of" not in page and "Download with groups" not in page
    client.post(f"{base}{there.pk}/", {"file": file_of(*(f"B-{n}" for n in range(10)))})
    assert "Lock the list of 20 units" in client.get(base).content.decode()
    client.post(f"{base}lock/", locking(desk, 20))
    client.post(f"{base}draw/", {"submission": ONE})
    assert client.get(base).content.decode().count("Download with groups") == 2


def test_who_may_not_draw_sees_the_page_without_its_buttons(desk):
    base = f"/pilots/{desk.pilot.pk}/units/"
    page = as_(desk, Role.EXPERT).get(base).content.decode()
    assert "Import the units" not in page
    for at, sent in ((f"{desk.city.pk}/", {"file": file_of("A")}), ("lock/", locking(desk, 1))):
        assert as_(desk, Role.EXPERT).post(f"{base}{at}", sent).status_code == 404
    assert as_(desk, Role.EXPERT).get(f"{base}units.csv").status_code == 404
    assert as_(desk, Role.FUNDER).get(base).status_code == 404


def test_a_list_that_waits_for_the_draw_is_not_called_unlocked(desk):
    client, base = as_(desk), f"/pilots/{desk.pilot.pk}/units/"
    assert "Lock the list first" in client.get(base).content.decode()
    client.post(f"{base}{desk.city.pk}/", {"file": file_of(*(f"A-{n}" for n in range(10)))})
    client.post(f"{base}lock/", locking(desk, 10))
    page = as_(desk, Role.EXPERT).get(base).content.decode()
    assert "The list is locked. Nothing is drawn yet." in page and "Lock the list first" not in page
    desk.pilot.refresh_from_db()
    stop = {"pk": desk.pilot.pk, "kind": "other", "reason": "The funder withdrew."}
    stop_pilot(**stop, expected_version=desk.pilot.version, by=desk.adviser, now=timezone.now())
    page = client.get(base).content.decode()
    assert "The pilot was stopped before the draw." in page and "Lock the list first" not in page


def test_numbers_that_were_registered_are_balanced():
    desk = make_pilot()
    lock(desk, covariates=["age"], estimator="adjusted")
    client, base = as_(desk), f"/pilots/{desk.pilot.pk}/units/"
    rows = [f"A-{n},{20 + n % 7}" for n in range(40)]
    client.post(f"{base}{desk.city.pk}/", {"file": file_of(*rows, head="id,age")})
    client.post(f"{base}lock/", locking(desk, 40))
    client.post(f"{base}draw/", {"submission": ONE})
    page = client.get(base)
    assert b"numbers of the units were deleted" not in page.content
    (row,) = page.context["balance"].table.rows
    assert row.name == "age" and 20 <= row.treated <= 26 and page.context["balance"].ratio.p == 1.0


def test_a_lawful_deletion_of_numbers_is_said_and_is_no_tampering():
    desk = make_pilot()
    lock(desk, covariates=["age"], estimator="adjusted")
    client, base = as_(desk), f"/pilots/{desk.pilot.pk}/units/"
    client.post(f"{base}{desk.city.pk}/", {"file": file_of(*(f"A-{n},{20 + n}" for n in range(12)), head="id,age")})
    client.post(f"{base}lock/", locking(desk, 12))
    client.post(f"{base}draw/", {"submission": ONE})
    stopped = {"stopped_at": NOW, "stopped_by": desk.lead, "stopped_kind": "other", "stopped_reason": "No money."}
    Pilot.objects.filter(pk=desk.pilot.pk).update(state="stopped", **stopped)
    delete_due(now=NOW + timedelta(days=400))  # December 28, 2027
    page = client.post(f"{base}verify/", follow=True).content.decode()
    assert "every unit got the same group" in page and "its fingerprint differs" not in page
    assert "The numbers of the units were deleted on December 28, 2027." in page


def test_drawn_clusters_are_called_by_their_name_and_not_groups():
    plan = make_registration(design=DesignKind.CLUSTERS, estimator=Estimator.CLUSTERED, unit="school")
    desk = make_drawn(plan, schools=6)
    page = as_(desk).get(f"/pilots/{desk.pilot.pk}/units/").content.decode()
    assert '<th scope="col" class="num">Schools</th>' in page and '<th scope="col">Group</th>' in page
    assert "All units of one school are drawn together." in page
    assert "Groups drawn" not in page and '<th scope="col">Groups</th>' not in page


def test_how_alike_the_groups_are_is_said_with_its_p():
    desk = make_drawn(make_registration(covariates=("income",)))
    page = as_(desk).get(f"/pilots/{desk.pilot.pk}/units/").content.decode()
    assert "All together: p = 0." in page and "income" in page


def test_who_locked_and_who_drew_is_told_by_name_and_never_by_email():
    desk = make_drawn()
    by = desk.adviser
    for name in ("Ann Adviser", ""):
        User.objects.filter(pk=by.pk).update(name=name)
        page = as_(desk, Role.EXPERT).get(f"/pilots/{desk.pilot.pk}/units/").content.decode()
        told = " by Ann Adviser" if name else ""
        assert f"80 units, locked on November 23, 2026, 10:00 a.m. EST{told}.</p>" in page
        assert f"Drawn on November 23, 2026, 11:00 a.m. EST{told}, simple, by version 1 of the registration." in page
        assert by.email not in page


@pytest.mark.parametrize("seed_on", [None, "2026-11-24"])  # the list is locked on November 24
def test_a_list_locked_before_public_draws_had_a_day_has_no_gap_and_no_button_that_can_only_refuse(seed_on):
    desk = make_pilot()
    lock(desk, draw={"seed_from": "Powerball", "seed_on": seed_on, "seed_numbers": seed_on and 6})
    list_units(desk)
    page = as_(desk).get(f"/pilots/{desk.pilot.pk}/units/").content.decode()
    assert "The registration takes the seed from Powerball.</p>" in page and "Powerball of" not in page
    assert "Nothing can be drawn from it. Make a new pilot from this one." in page
    assert ("does not give the day of its public draw" in page) == (seed_on is None)
    assert ("must be held on a later day" in page) == (seed_on is not None)
    assert 'name="value"' not in page and "Draw the groups" not in page


def test_when_the_key_and_the_numbers_of_units_are_erased_is_said_before_and_after():
    """Registered end December 31, 2027, stopped on November 23, 2026, rows until June 30, 2028."""
    desk = make_drawn(replace(MADE, ends_on=date(2027, 12, 31)))
    PilotKey.objects.create(pilot=desk.pilot, encrypted="secret", made_at=NOW)

    def page() -> str:
        return as_(desk, Role.EXPERT).get(f"/pilots/{desk.pilot.pk}/units/").content.decode()

    what, over = "The secret key and the units’ numbers", "published, stopped or archived"
    assert f"{what} are erased 400 days after the pilot is {over}, else on January 4, 2031." in page()
    stopped = {"stopped_at": NOW, "stopped_by": desk.lead, "stopped_kind": "other", "stopped_reason": "No money."}
    Pilot.objects.filter(pk=desk.pilot.pk).update(state="stopped", **stopped)
    assert f"{what} are erased on December 28, 2027, 400 days after the pilot was {over}." in page()
    delete_due(now=NOW + timedelta(days=400))
    assert f"{what} were erased on December 28, 2027." in page() and "are erased" not in page()


def test_while_rows_are_held_their_agreement_says_when_the_key_is_erased():
    desk = make_drawn()
    for day in ("2028-06-30", "2028-03-31"):
        agreed = agree(desk, delete_on=day)
        deliver(desk, kind="rows", content=None, file=f"ab/{agreed.pk:032x}", agreement=agreed)
    page = as_(desk).get(f"/pilots/{desk.pilot.pk}/units/").content.decode()
    assert "with the last rows about people: on June 30, 2028, as the agreements say now." in page


def test_of_a_plan_without_an_end_the_rule_is_said(desk):
    lock(desk, reason="The end is open.", ends_on=None)
    page = as_(desk).get(f"/pilots/{desk.pilot.pk}/units/").content.decode()
    assert "else 1,100 days after its registered end." in page
