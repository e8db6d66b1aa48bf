"""Pilots at each of their steps, for tests: written straight into the tables, so that the database has to agree."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engagements.models import (
    DataAgreement,
    Document,
    Engagement,
    Pilot,
    PilotAllocation,
    PilotAnalysis,
    PilotAssignment,
    PilotCity,
    PilotDataset,
    PilotUnit,
    PilotUnitList,
    RegistrationVersion,
    User,
)
from engagements.permissions import Role
from engagements.pilots.rules.canonical import fingerprint, write_canonical
from engagements.pilots.rules.plain import to_plain
from tests.engagements.pilots.made_registration import make_registration
from tests.factories.engagements import NOW, EngagementFactory, everybody

LATER = NOW + timedelta(days=1)
SHA = "0" * 64


@dataclass
class PilotDesk:
    """Everybody of one city and its pilot."""

    city: Engagement
    people: dict[Role, User]
    pilot: Pilot
    document: Document

    def person(self, role: Role) -> User:
        return self.people[role]

    @property
    def adviser(self) -> User:
        return self.people[Role.ADVISER]

    @property
    def lead(self) -> User:
        return self.people[Role.LEAD]

    @property
    def expert(self) -> User:
        return self.people[Role.EXPERT]

    @property
    def staff(self) -> User:
        return self.people[Role.CITY_STAFF]


def make_pilot(city: Engagement | None = None, people: dict[Role, User] | None = None, **fields: Any) -> PilotDesk:
    """A draft by the adviser; the city takes part. Both are made up, or both are real."""
    city = city or EngagementFactory(is_fictional=fields.get("is_fictional", False))
    people = people or everybody(city)
    by = people[Role.ADVISER]
    pilot = Pilot.objects.create(
        engagement=city,
        **{"title": "Coaching", "written_by": by, "created_at": NOW, "draft": {}, "is_fictional": city.is_fictional}
        | fields,
    )
    PilotCity.objects.create(
        pilot=pilot, engagement=city, invited_by=by, invited_at=NOW, accepted_by=by, accepted_at=NOW
    )
    document = Document.objects.create(
        engagement=city,
        title="Determination",
        file="aa/" + "a" * 32,
        original_name="irb.pdf",
        media_type="application/pdf",
        size=1,
        sha256=SHA,
        uploaded_by=by,
        uploaded_at=NOW,
    )
    return PilotDesk(city, people, pilot, document)


def human_subjects(shown_by: int, **changes: Any) -> dict[str, Any]:
    """A complete part, as the canonical JSON has it."""
    return {
        "determination": "exempt",
        "body": "University review board",
        "number": "2026-114",
        "decided_on": "2026-11-02",
        "expires_on": None,
        "document": shown_by,
        "consent": "written",
        "law": "none",
        "comparison_receives": "what everybody gets today",
        "can_stop": "Ana Ruiz",
        "can_stop_contact": "ana@example.org",
    } | changes


def content_of(desk: PilotDesk, **changes: Any) -> str:
    """A whole registration with some of its keys as they are given, be they wrong."""
    made = make_registration(title=desk.pilot.title, cities=(desk.city.city.slug,))
    return write_canonical(to_plain(made) | {"human_subjects": human_subjects(desk.document.pk)} | changes)


def lock(desk: PilotDesk, by: User | None = None, at=NOW, reason: str = "", **changes: Any) -> RegistrationVersion:
    """The next version, by the adviser."""
    before = desk.pilot.versions.order_by("-number").first()
    content = content_of(desk, **changes)
    made = RegistrationVersion.objects.create(
        pilot=desk.pilot,
        number=before.number + 1 if before else 1,
        content=content,
        sha256=fingerprint(content, before.sha256 if before else ""),
        previous_sha256=before.sha256 if before else "",
        locked_by=by or desk.adviser,
        locked_at=at,
        reason=reason,
    )
    if before is None:
        Pilot.objects.filter(pk=desk.pilot.pk).update(state="registered")
        desk.pilot.refresh_from_db()
    return made


def list_units(desk: PilotDesk, count: int = 4, locked: bool = True, **fields: Any) -> PilotUnitList:
    made = PilotUnitList.objects.create(
        pilot=desk.pilot, columns=["id"], uploaded_by=desk.adviser, uploaded_at=LATER, count=count
    )
    PilotUnit.objects.bulk_create(
        PilotUnit(unit_list=made, salted_id=f"{n:064x}", city=desk.city, **fields) for n in range(count)
    )
    if locked:
        made.sha256, made.locked_by, made.locked_at = SHA, desk.adviser, LATER
        made.save()
    return made


def draw(desk: PilotDesk, units: PilotUnitList, seed: str = "7", seed_from: str = "", at=LATER) -> PilotAllocation:
    """Every other unit to each arm."""
    made = PilotAllocation.objects.create(
        unit_list=units,
        registration=desk.pilot.versions.latest("number"),
        scheme="simple",
        algorithm="a test",
        algorithm_version="1",
        seed=seed,
        seed_from=seed_from,
        result_sha256=SHA,
        drawn_by=desk.adviser,
        drawn_at=at,
    )
    PilotAssignment.objects.bulk_create(
        PilotAssignment(allocation=made, unit=unit, arm=("usual", "coached")[n % 2])
        for n, unit in enumerate(units.units.order_by("salted_id"))
    )
    Pilot.objects.filter(pk=desk.pilot.pk).update(state="allocated")
    desk.pilot.refresh_from_db()
    return made


def agree(desk: PilotDesk, **fields: Any) -> DataAgreement:
    """A data agreement of the city."""
    return DataAgreement.objects.create(
        **{
            "engagement": desk.city,
            "title": "Agreement on wages",
            "parties": "The city and the state",
            "legal_basis": "State code 12",
            "allowed_uses": "This pilot",
            "delete_on": "2028-06-30",
            "document": desk.document,
            "written_by": desk.adviser,
            "created_at": NOW,
        }
        | fields
    )


def deliver(desk: PilotDesk, **fields: Any) -> PilotDataset:
    """Counts and sums, two days after the lock."""
    return PilotDataset.objects.create(
        **{
            "pilot": desk.pilot,
            "number": desk.pilot.datasets.count() + 1,
            "kind": "aggregates",
            "file_sha256": SHA,
            "content_sha256": SHA,
            "row_count": 2,
            "content": {"arm": ["usual", "coached"]},
            "uploaded_by": desk.staff,
            "uploaded_at": LATER + timedelta(days=1),
        }
        | fields
    )


FOUND = {
    "primary": {"method": "difference", "value": 6.0, "level": 95.0},
    "shown_low": 2.0,
    "shown_high": 10.0,
    "verdict": "worked",
    "sentence": "It worked: of 100 people offered it, about 6 more had a job after a year (between 2 and 10 more).",
}


def analyze(desk: PilotDesk, dataset: PilotDataset, by: User | None = None, **fields: Any) -> PilotAnalysis:
    """The registered analysis, done by the city's staff."""
    at = LATER + timedelta(days=2)
    made = PilotAnalysis.objects.create(
        **{
            "pilot": desk.pilot,
            "registration": desk.pilot.versions.latest("number"),
            "dataset": dataset,
            "role": "primary",
            "method": "difference",
            "state": "done",
            "progress": 100,
            "result": FOUND,
            "asked_by": by or desk.staff,
            "asked_at": at,
            "started_at": at,
            "ended_at": at,
        }
        | fields
    )
    if made.state == "done" and made.role == "primary":
        Pilot.objects.filter(pk=desk.pilot.pk).update(state="analyzed")
        desk.pilot.refresh_from_db()
    return made
