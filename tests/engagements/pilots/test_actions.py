"""From a draft to the draw, as people do it: what each step asks for, and what it refuses."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pgtrigger
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.test import Client

from engagements.access.errors import NotFound
from engagements.access.notifications import visible_notifications
from engagements.access.pilots import pilot_for, public_pilots, visible_pilots
from engagements.base.tables.csv_table import read_csv
from engagements.models import Pilot, PilotCity, PilotKey, PilotUnit
from engagements.permissions import EDIT_PILOT, Role
from engagements.pilots.actions import units
from engagements.pilots.actions.cities import accept_city, invite_city, leave_city
from engagements.pilots.actions.drawing import draw
from engagements.pilots.actions.locking import amend_registration, lock_registration
from engagements.pilots.actions.matching import answer_file
from engagements.pilots.actions.pilots import link_pilot, make_pilot, save_draft, start_pilot, stop_pilot, unlink_pilot
from engagements.pilots.actions.salting import destroy_key
from engagements.pilots.actions.unit_files import FileRefused
from engagements.pilots.actions.units import bring_units, lock_units
from engagements.pilots.queries.analysis_inputs import counting_version
from engagements.pilots.queries.pilots import city_choices, link_choices, pilot_page
from engagements.pilots.queries.units import DrawChecked, draw_of, units_by_city
from engagements.pilots.rules.canonical import registration_of
from engagements.pilots.rules.drafts import plain_draft
from engagements.pilots.rules.registration import DesignKind, Draw, Estimator
from tests.engagements.pilots.made_registration import MADE, make_registration
from tests.factories.engagements import NOW, EngagementFactory, MilestoneFactory, give, member, pair
from tests.factories.indicators import make_indicator
from tests.factories.pilots import PilotDesk, deliver
from tests.factories.pilots import make_pilot as row_of_pilot

pytestmark = pytest.mark.django_db
AT = NOW + timedelta(hours=1)


@pytest.fixture
def desk() -> PilotDesk:
    return row_of_pilot()


def write(desk: PilotDesk, **changes) -> Pilot:
    """The draft as it would be locked."""
    changes.setdefault("starts_on", date(2026, 12, 5))
    changes["human_subjects"] = {"document": desk.document.pk} | changes.get("human_subjects", {})
    plan = make_registration(**changes)
    draft = plain_draft(plan)
    desk.pilot = save_draft(
        pk=desk.pilot.pk, draft=draft, expected_version=fresh(desk).version, by=desk.adviser, now=NOW
    )
    return desk.pilot


def fresh(desk: PilotDesk) -> Pilot:
    desk.pilot.refresh_from_db()
    return desk.pilot


def register(desk: PilotDesk, **changes):
    row = write(desk, **changes)
    made = lock_registration(pk=row.pk, expected_version=row.version, by=desk.adviser, now=NOW)
    fresh(desk)
    return made


def table(*rows: str, head: str = "id"):
    return read_csv("\n".join([head, *rows]).encode())


def bring(desk: PilotDesk, *rows: str, head: str = "id") -> int:
    return bring_units(pk=desk.pilot.pk, engagement=desk.city.pk, table=table(*rows, head=head), by=desk.staff, now=AT)


def listed(desk: PilotDesk, count: int = 12, **changes) -> None:
    register(desk, **changes)
    bring(desk, *(f"A-{n}" for n in range(count)))
    lock_units(pk=desk.pilot.pk, expected_count=count, by=desk.staff, now=AT)


def test_a_file_of_units_is_read_before_the_pilot_is_locked_and_only_by_the_plan_it_was_read_by(desk, monkeypatch):
    register(desk)
    order, read, take = [], units.read_unit_file, units.lock
    monkeypatch.setattr(units, "read_unit_file", lambda *one: order.append("read") or read(*one))
    monkeypatch.setattr(units, "lock", lambda row: order.append("lock") or take(row))
    assert bring(desk, "A-1", "A-2") == 2 and order == ["read", "lock"]

    def amended_meanwhile(*one):
        row = write(desk, ends_on=date(2028, 6, 30))
        amend_registration(pk=row.pk, expected_version=row.version, reason="Late records.", by=desk.lead, now=AT)
        return read(*one)

    monkeypatch.setattr(units, "read_unit_file", amended_meanwhile)
    with pytest.raises(ValidationError, match="registration changed"):
        bring(desk, "A-1", "A-2", "A-3")
    assert PilotUnit.objects.count() == 2
    monkeypatch.undo()
    with pytest.raises(FileRefused, match="Line 2: A cell has more than 1,000 characters"):
        bring(desk, "A" * 1001)


def test_who_may_make_one(desk):
    made = make_pilot(engagement=desk.city.slug, title=" Letters ", by=desk.staff, now=NOW)
    assert made.title == "Letters" and made.cities.get().accepted_by == desk.staff
    for role in (Role.EXPERT, Role.LOCAL_PARTNER, Role.FUNDER):
        with pytest.raises((NotFound, PermissionError, Exception)) as refused:
            make_pilot(engagement=desk.city.slug, title="x", by=desk.people[role], now=NOW)
        assert not isinstance(refused.value, ValidationError)
    with pytest.raises(ValidationError, match="title"):
        make_pilot(engagement=desk.city.slug, title=" ", by=desk.staff, now=NOW)


def test_who_sees_what(desk):
    stranger = member(Role.LEAD, EngagementFactory())
    for role, sees in (("lead", 1), ("expert", 1), ("city_staff", 1), ("local_partner", 0), ("funder", 0)):
        assert visible_pilots(desk.people[Role(role)]).count() == sees, role
    assert not visible_pilots(stranger).exists()
    with pytest.raises(NotFound):
        pilot_for(desk.expert, desk.pilot.pk, EDIT_PILOT)


def test_a_draft_is_kept_as_it_is_and_two_do_not_overwrite_each_other(desk):
    draft = {"title": "Letters", "question": "Do they?", "smallest_worthwhile": 3}
    row = save_draft(pk=desk.pilot.pk, draft=draft, expected_version=1, by=desk.adviser, now=NOW)
    assert row.title == "Letters" and row.draft["question"] == "Do they?" and row.version == 2
    with pytest.raises(ValidationError, match="Someone else saved"):
        save_draft(pk=row.pk, draft=draft | {"title": "x"}, expected_version=1, by=desk.lead, now=NOW)
    with pytest.raises(ValidationError, match="is not a key"):
        save_draft(pk=row.pk, draft={"primary_outcom": 1}, expected_version=2, by=desk.lead, now=NOW)


def test_everything_that_is_missing_is_said_at_once(desk):
    with pytest.raises(ValidationError) as refused:
        lock_registration(pk=desk.pilot.pk, expected_version=1, by=desk.adviser, now=NOW)
    said = refused.value.message_dict
    assert {
        "question",
        "outcome.key",
        "smallest_worthwhile",
        "human_subjects.determination",
        "starts_on",
    } <= said.keys()
    assert Pilot.objects.get().state == "draft"


def test_the_document_must_be_of_a_city_that_takes_part(desk):
    elsewhere = row_of_pilot()
    row = write(desk, human_subjects={"document": elsewhere.document.pk})
    with pytest.raises(ValidationError, match="document of a city"):
        lock_registration(pk=row.pk, expected_version=row.version, by=desk.adviser, now=NOW)


def test_locking_keeps_the_words_and_their_fingerprint(desk):
    made = register(desk)
    assert desk.pilot.state == "registered" and desk.pilot.title == "Coaching by letter"
    assert registration_of(made.content).cities == (desk.city.city.slug,)
    with pytest.raises(ValidationError, match="is registered"):
        lock_registration(pk=desk.pilot.pk, expected_version=desk.pilot.version, by=desk.adviser, now=NOW)


def test_an_amendment_has_a_reason_and_never_another_outcome(desk):
    register(desk)
    row = write(desk, ends_on=date(2028, 6, 30))
    with pytest.raises(ValidationError, match="why"):
        amend_registration(pk=row.pk, expected_version=row.version, reason=" ", by=desk.adviser, now=AT)
    made = amend_registration(pk=row.pk, expected_version=row.version, reason="Late records.", by=desk.lead, now=AT)
    assert made.number == 2 and made.previous_sha256 == row.versions.get(number=1).sha256
    row = write(desk, outcome={"key": "earned_more"})
    with pytest.raises(ValidationError, match="another test"):
        amend_registration(pk=row.pk, expected_version=row.version, reason="Better luck.", by=desk.lead, now=AT)
    row = write(desk, ends_on=date(2028, 6, 30))
    with pytest.raises(ValidationError, match="Nothing differs"):
        amend_registration(pk=row.pk, expected_version=row.version, reason="Again.", by=desk.lead, now=AT)


def test_what_was_amended_after_data_gives_no_verdict(desk):
    register(desk)
    deliver(desk)
    row = write(desk, smallest_worthwhile=1.0)
    after = NOW + timedelta(days=9)
    amend_registration(pk=row.pk, expected_version=row.version, reason="Less is fine too.", by=desk.lead, now=after)
    counts = counting_version(row)
    assert counts.number == 1 and registration_of(counts.content).smallest_worthwhile == 4.0


def test_two_cities_run_one_registration():
    here, there = pair()
    desk = row_of_pilot(here)
    staff = member(Role.CITY_STAFF, there)
    invite_city(pk=desk.pilot.pk, engagement=there.pk, by=desk.lead, now=NOW)
    row = write(desk, estimator=Estimator.BLOCKED)
    with pytest.raises(ValidationError, match="Not accepted yet: .* Wait for them, or leave them out"):
        lock_registration(pk=row.pk, expected_version=row.version, by=desk.adviser, now=NOW)
    with pytest.raises(NotFound):
        accept_city(pk=row.pk, engagement=there.pk, by=desk.adviser, now=NOW)
    assert pilot_for(staff, row.pk).pk == row.pk
    accept_city(pk=row.pk, engagement=there.pk, by=staff, now=NOW)
    lock_registration(pk=row.pk, expected_version=row.version, by=desk.adviser, now=NOW)
    bring(desk, *(f"A-{n}" for n in range(6)))
    with pytest.raises(ValidationError, match="No units yet of"):
        lock_units(pk=row.pk, expected_count=6, by=desk.staff, now=AT)
    with pytest.raises(ValidationError, match="list of another city"):
        bring_units(pk=row.pk, engagement=there.pk, table=table("A-1", "B-2"), by=staff, now=AT)
    bring_units(pk=row.pk, engagement=there.pk, table=table(*(f"B-{n}" for n in range(4))), by=staff, now=AT)
    assert [one.count for one in units_by_city(row)] == [6, 4]
    lock_units(pk=row.pk, expected_count=10, by=desk.staff, now=AT)
    draw(pk=row.pk, numbers="", by=desk.lead, now=AT)
    by_city = Counter(PilotUnit.objects.values_list("city_id", "assignment__arm"))
    assert set(by_city.values()) == {3, 2} and len(by_city) == 4
    with pytest.raises(ValidationError, match="do not change"):
        leave_city(pk=row.pk, engagement=there.pk, by=staff, now=AT)


def test_a_city_that_leaves_takes_what_the_pilot_was_linked_to_there_with_it():
    """Its milestones stay its own: nothing of a city that takes no part is counted or listed with the pilot."""
    here, there = pair()
    desk = row_of_pilot(here)
    staff = member(Role.CITY_STAFF, there)
    invite_city(pk=desk.pilot.pk, engagement=there.pk, by=desk.lead, now=NOW)
    accept_city(pk=desk.pilot.pk, engagement=there.pk, by=staff, now=NOW)
    for city in (here, there):
        link_pilot(pk=desk.pilot.pk, milestone=MilestoneFactory(engagement=city).pk, by=desk.lead, now=NOW)
    leave_city(pk=desk.pilot.pk, engagement=there.pk, by=staff, now=NOW)
    assert desk.pilot.links.get().engagement == here
    assert not visible_pilots(staff).filter(pk=desk.pilot.pk).exists()


def test_a_city_hears_that_it_is_asked_until_it_leaves():
    here, there = pair()
    desk = row_of_pilot(here)
    staff = member(Role.CITY_STAFF, there)
    invite_city(pk=desk.pilot.pk, engagement=there.pk, by=desk.lead, now=NOW)
    (told,) = visible_notifications(staff)
    assert told.line == f"{there.city} is asked to take part in a pilot: {desk.pilot.title}"
    leave_city(pk=desk.pilot.pk, engagement=there.pk, by=staff, now=NOW)
    assert not visible_notifications(staff).exists()


def test_a_city_may_leave_before_the_lock():
    here, there = pair()
    desk = row_of_pilot(here)
    staff = member(Role.CITY_STAFF, there)
    for by in (staff, desk.lead):
        invite_city(pk=desk.pilot.pk, engagement=there.pk, by=desk.lead, now=NOW)
        leave_city(pk=desk.pilot.pk, engagement=there.pk, by=by, now=NOW)
    assert PilotCity.objects.get().position == 0
    with pytest.raises(ValidationError, match="leads a pilot can’t leave"):
        leave_city(pk=desk.pilot.pk, engagement=here.pk, by=desk.staff, now=NOW)
    with pytest.raises(NotFound):
        invite_city(pk=desk.pilot.pk, engagement=EngagementFactory().pk, by=desk.lead, now=NOW)


def test_the_draw_from_file_to_arms(desk):
    listed(desk)
    made = draw(pk=desk.pilot.pk, numbers="", by=desk.staff, now=AT)
    assert len(made.seed) == 32 and made.seed_from == ""
    assert Counter(made.assignments.values_list("arm", flat=True)) == {"usual": 6, "coaching": 6}
    shown = draw_of(desk.pilot, AT)
    assert shown.checked == DrawChecked("", AT) and fresh(desk).state == "allocated"
    answer = answer_file(
        pk=desk.pilot.pk,
        engagement=desk.city.pk,
        table=table("A-1,x", "Z-9,y", head="ID,Street"),
        by=desk.staff,
        now=AT,
    )
    assert answer[0] == ("ID", "Street", "salted_id", "arm", "starts_in")
    assert answer[1][:2] == ("A-1", "x") and answer[1][3] in ("usual", "coaching") and answer[2][2:] == ("", "", "")
    with pytest.raises(ValidationError, match="There is one draw"):
        draw(pk=desk.pilot.pk, numbers="", by=desk.staff, now=AT)


def test_no_raw_id_is_kept_anywhere(desk):
    register(desk)
    bring(desk, *(f"SECRET-{n}" for n in range(4)))
    for unit in PilotUnit.objects.all():
        assert "SECRET" not in str(vars(unit))
    destroy_key(desk.pilot, now=AT)
    assert PilotKey.objects.get().encrypted == ""
    with pytest.raises(ValidationError, match="destroyed"):
        answer_file(pk=desk.pilot.pk, engagement=desk.city.pk, table=table("SECRET-1"), by=desk.staff, now=AT)


def test_a_file_replaces_what_the_city_brought_before_until_the_lock(desk):
    register(desk)
    bring(desk, "A", "B", "C")
    assert bring(desk, "A", "D") == 2 and PilotUnit.objects.count() == 2
    with pytest.raises(ValidationError, match="changed since"):
        lock_units(pk=desk.pilot.pk, expected_count=3, by=desk.staff, now=AT)
    lock_units(pk=desk.pilot.pk, expected_count=2, by=desk.staff, now=AT)
    with pytest.raises(ValidationError, match="stays as it is"):
        bring(desk, "E", "F")


@pytest.mark.parametrize(
    ("rows", "head", "words"),
    [
        (["A", "A"], "id", "stands in line 2 already"),
        (["1"], "number", "no column “id”"),
        (["A,", "B,x"], "id,site", "“site” is missing"),
        (["a,ann@example.org", "b,bo@example.org"], "id,contact", "email addresses"),
        (["078-05-1120", "219-09-9999"], "id", "Social Security"),
    ],
)
def test_files_that_are_refused(desk, rows, head, words):
    register(desk, draw={"block_by": ("site",)} if "site" in head else {}, estimator=_method(head))
    with pytest.raises(FileRefused) as refused:
        bring(desk, *rows, head=head)
    said = " ".join(refused.value.messages)
    assert words in said and "example.org" not in said and "1120" not in said
    assert not PilotUnit.objects.exists()


def _method(head: str) -> Estimator:
    return Estimator.BLOCKED if "site" in head else Estimator.DIFFERENCE


POWERBALL = vars(Draw(seed_from="Powerball", seed_on=date(2026, 12, 2), seed_numbers=6))


def test_the_seed_of_a_public_draw_comes_after_the_list_is_locked(desk):
    """Nothing but the numbers is typed, and they have one spelling."""
    listed(desk, draw=POWERBALL)
    later = NOW + timedelta(days=10)
    for numbers, at, words in (
        ("7 14 23 40 61 9", AT, "held on December 2, 2026"),
        ("", later, "0 were typed"),
        ("7 14 23 40 61", later, "5 were typed"),
        ("7 14 23 40 61 1234567890", later, "more than 9 digits"),
    ):
        with pytest.raises(ValidationError, match=words):
            draw(pk=desk.pilot.pk, numbers=numbers, by=desk.staff, now=at)
    made = draw(pk=desk.pilot.pk, numbers=" 07-14-61-23-40,  Powerball 9", by=desk.staff, now=later)
    assert made.seed == "Powerball, 2026-12-02: 7 9 14 23 40 61" and made.seed_from == "Powerball, 2026-12-02"
    assert draw_of(desk.pilot, later).checked.problem == ""


def test_a_list_is_locked_on_an_earlier_day_than_its_public_draw(desk):
    """On the day itself the numbers may be known: the list could be arranged until they give the arms one wants."""
    register(desk, draw=POWERBALL)
    bring(desk, *(f"A-{n}" for n in range(12)))
    for at in (datetime(2026, 12, 2, 0, 0, tzinfo=UTC), datetime(2026, 12, 9, tzinfo=UTC)):
        with pytest.raises(ValidationError, match=r"later day.*Amend the registration"):
            lock_units(pk=desk.pilot.pk, expected_count=12, by=desk.staff, now=at)
    row = write(desk, draw=POWERBALL | {"seed_on": date(2026, 12, 12)})
    amend = {"pk": row.pk, "expected_version": row.version, "reason": "Late list.", "by": desk.lead}
    amend_registration(**amend, now=datetime(2026, 12, 9, tzinfo=UTC))
    lock_units(pk=row.pk, expected_count=12, by=desk.staff, now=datetime(2026, 12, 11, 23, 59, tzinfo=UTC))


def test_nothing_that_goes_into_the_draw_changes_once_the_list_is_locked(desk):
    """Whoever knows the seed could choose by it. What cannot change keeps no other amendment back."""
    listed(desk, draw=POWERBALL)
    after = NOW + timedelta(days=9)  # the public draw was held meanwhile

    def amend(**changes):
        row = write(desk, **changes)
        amend_registration(pk=row.pk, expected_version=row.version, reason="Better.", by=desk.lead, now=after)

    with pytest.raises(ValidationError, match="how it is drawn from does not change"):
        amend(draw=POWERBALL | {"seed_from": "Mega Millions"})
    with pytest.raises(ValidationError, match="shares of the draw do not change"):
        amend(draw=POWERBALL, arms=(MADE.arms[0], replace(MADE.arms[1], weight=2)))
    amend(draw=POWERBALL, ends_on=date(2028, 6, 30))
    assert desk.pilot.versions.count() == 2


def test_a_public_draw_without_its_day_is_not_registered(desk):
    row = write(desk, draw={"seed_from": "Powerball"})
    with pytest.raises(ValidationError) as refused:
        lock_registration(pk=row.pk, expected_version=row.version, by=desk.adviser, now=NOW)
    assert {"draw.seed_on", "draw.seed_numbers"} == refused.value.message_dict.keys()


def test_a_seed_cannot_be_chosen_where_the_portal_makes_it(desk):
    listed(desk)
    with pytest.raises(ValidationError, match="names no public draw"):
        draw(pk=desk.pilot.pk, numbers="1", by=desk.staff, now=AT)


def test_groups_are_drawn_whole(desk):
    register(desk, **CLUSTERED)
    bring(desk, *(f"P-{n},school {n % 8}" for n in range(40)), head="id,school")
    lock_units(pk=desk.pilot.pk, expected_count=40, by=desk.staff, now=AT)
    draw(pk=desk.pilot.pk, numbers="", by=desk.staff, now=AT)
    arms = set(PilotUnit.objects.values_list("cluster", "assignment__arm"))
    assert len(arms) == 8
    shown = draw_of(desk.pilot, AT)
    assert [one.groups for one in shown.arms] == [4, 4]


CLUSTERED = {
    "design": DesignKind.CLUSTERS,
    "estimator": Estimator.CLUSTERED,
    "draw": {"cluster_by": "school"},
    "assumptions": {"clusters": 8, "icc": 0.05},
}


def test_pairs_are_made_when_the_list_comes(desk):
    register(desk, design=DesignKind.PAIRS, estimator=Estimator.PAIRED, draw={"pair_by": ("age",)})
    with pytest.raises(ValidationError, match="odd number"):
        bring(desk, "A,20", head="id,age")
    bring(desk, "A,20", "B,61", "C,60", "D,21", head="id,age")
    assert set(Counter(PilotUnit.objects.values_list("pair", flat=True)).values()) == {2}


def test_a_stopped_pilot_goes_no_further(desk):
    listed(desk)
    row = fresh(desk)
    with pytest.raises(ValidationError, match="what happened"):
        stop_pilot(pk=row.pk, kind="harm", reason=" ", expected_version=row.version, by=desk.lead, now=AT)
    stop_pilot(pk=row.pk, kind="harm", reason="Two lost a benefit.", expected_version=row.version, by=desk.lead, now=AT)
    with pytest.raises(ValidationError, match="was stopped"):
        draw(pk=row.pk, numbers="", by=desk.staff, now=AT)


def test_it_starts_after_the_draw(desk):
    listed(desk)
    draw(pk=desk.pilot.pk, numbers="", by=desk.staff, now=AT)
    row = fresh(desk)
    assert start_pilot(pk=row.pk, expected_version=row.version, by=desk.lead, now=AT).state == "running"


def test_links_are_to_one_thing_of_a_city_that_takes_part(desk):
    mine = MilestoneFactory(engagement=desk.city)
    made = link_pilot(pk=desk.pilot.pk, milestone=mine.pk, by=desk.adviser, now=NOW)
    assert link_pilot(pk=desk.pilot.pk, milestone=mine.pk, by=desk.adviser, now=NOW).pk == made.pk
    with pytest.raises(ValidationError, match="Choose one"):
        link_pilot(pk=desk.pilot.pk, by=desk.adviser, now=NOW)
    unlink_pilot(pk=desk.pilot.pk, link=made.pk, by=desk.adviser, now=NOW)
    assert not desk.pilot.links.exists()


@pytest.mark.parametrize("is_fictional", [True, False])
def test_a_made_up_city_is_not_asked_to_real_work_nor_the_other_way(is_fictional):
    desk = row_of_pilot(EngagementFactory(is_fictional=is_fictional))
    other, alike = EngagementFactory(is_fictional=not is_fictional), EngagementFactory(is_fictional=is_fictional)
    for there in (other, alike):
        give(desk.lead, Role.LEAD, there)
    assert [pk for pk, _name in city_choices(desk.lead, desk.pilot)] == [alike.pk]
    with pytest.raises(ValidationError, match="take part in no pilot together"):
        invite_city(pk=desk.pilot.pk, engagement=other.pk, by=desk.lead, now=NOW)
    assert invite_city(pk=desk.pilot.pk, engagement=alike.pk, by=desk.lead, now=NOW).position == 1


def test_a_made_up_plan_is_copied_into_made_up_work_only():
    desk = row_of_pilot(EngagementFactory(is_fictional=True))
    register(desk)
    real = EngagementFactory()
    give(desk.staff, Role.CITY_STAFF, real)
    copy = {"title": "Again", "by": desk.staff, "now": NOW, "copied_from": desk.pilot.pk}
    with pytest.raises(NotFound):
        make_pilot(engagement=real.slug, **copy)
    assert make_pilot(engagement=desk.city.slug, **copy).is_fictional
    browser = Client()
    browser.force_login(desk.staff)
    for city, status in ((real, 404), (desk.city, 200)):
        assert browser.get(f"/engagements/{city.slug}/pilots/new/?from={desk.pilot.pk}").status_code == status


def test_a_pilot_with_one_made_up_city_is_no_public_work():
    """As it may lie in a database from before the rule."""
    desk = row_of_pilot()
    with pgtrigger.ignore("engagements.Pilot:state_has_its_rows", "engagements.PilotCity:cities_alike"):
        Pilot.objects.filter(pk=desk.pilot.pk).update(state="published")
        assert public_pilots().count() == visible_pilots(AnonymousUser()).count() == 1
        PilotCity.objects.create(
            pilot=desk.pilot,
            engagement=EngagementFactory(is_fictional=True),
            position=1,
            invited_by=desk.lead,
            invited_at=NOW,
        )
    assert not public_pilots().exists() and not visible_pilots(AnonymousUser()).exists()
    assert visible_pilots(desk.lead).count() == 1


def test_a_city_shows_its_milestones_and_indicators_to_its_own_and_not_before_it_accepts():
    here, there = pair()
    desk = row_of_pilot(here)
    theirs = member(Role.CITY_STAFF, there)
    both = member(Role.CITY_STAFF, here)
    give(both, Role.CITY_STAFF, there)
    invite_city(pk=desk.pilot.pk, engagement=there.pk, by=desk.lead, now=NOW)
    things = {"milestone": [], "indicator": []}
    for city, by in ((here, desk.staff), (there, theirs)):
        things["milestone"].append(MilestoneFactory(engagement=city, title=f"Hire at {city.slug}"))
        things["indicator"].append(make_indicator(city, by, name=f"Jobs at {city.slug}"))

    def choices(by) -> set[str]:
        return {key for _heading, rows in link_choices(by, desk.pilot) for key, _words in rows}

    ours, others = ({f"{kind}:{rows[place].pk}" for kind, rows in things.items()} for place in (0, 1))
    assert choices(desk.staff) == ours and choices(both) == ours
    with pytest.raises(ValidationError, match="city that takes part"):
        link_pilot(pk=desk.pilot.pk, milestone=things["milestone"][1].pk, by=both, now=NOW)
    accept_city(pk=desk.pilot.pk, engagement=there.pk, by=theirs, now=NOW)
    assert choices(desk.staff) == ours and choices(both) == ours | others
    for kind, rows in things.items():
        for one in rows:
            link_pilot(pk=desk.pilot.pk, by=both, now=NOW, **{kind: one.pk})

    def linked(by) -> set[str]:
        return {one.words for one in pilot_page(by, desk.pilot.pk).links}

    open_to_both = {one.title for one in things["milestone"]}  # cities of one initiative read each other's milestones
    for by, place in ((desk.staff, 0), (theirs, 1)):
        assert linked(by) == open_to_both | {things["indicator"][place].name}
    assert len(linked(both)) == 4


def test_a_plan_is_copied_without_its_people_and_days(desk):
    register(desk, draw=POWERBALL)
    made = make_pilot(engagement=desk.city.slug, title="Again", by=desk.staff, now=NOW, copied_from=desk.pilot.pk)
    assert made.draft["outcome"]["key"] == "had_job" and made.draft["title"] == "Again"
    assert "human_subjects" not in made.draft and made.draft["starts_on"] is None
    draw = made.draft["draw"]
    assert (draw["seed_from"], draw["seed_on"], draw["seed_numbers"]) == ("", None, None)
