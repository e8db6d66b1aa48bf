"""A pilot that is registered and drawn, by person or by school, ready for data."""

from datetime import timedelta

from engagements.models import Pilot, PilotAllocation, PilotAssignment, PilotUnit, PilotUnitList
from engagements.pilots.rules.registration import Registration
from tests.engagements.pilots.made_registration import MADE
from tests.engagements.pilots.worked_pilot import lock_plan
from tests.factories.engagements import NOW
from tests.factories.pilots import SHA, PilotDesk, make_pilot

ARMS = ("usual", "coaching")
DRAWN_AT = NOW + timedelta(hours=1)
CAME = NOW + timedelta(hours=2)


def unit_id(number: int) -> str:
    return f"{number:064x}"


def make_drawn(plan: Registration = MADE, count: int = 80, schools: int = 0) -> PilotDesk:
    """Every other person in each arm; with `schools` everybody of every other school."""
    desk = make_pilot(title=plan.title)
    lock_plan(desk, plan, at=NOW)
    units = PilotUnitList.objects.create(
        pilot=desk.pilot, columns=["id"], uploaded_by=desk.adviser, uploaded_at=NOW, count=count
    )
    PilotUnit.objects.bulk_create(
        PilotUnit(
            unit_list=units,
            salted_id=unit_id(number),
            city=desk.city,
            cluster=f"school {number % schools}" if schools else "",
            numbers={"income": 1000.0 + number},
        )
        for number in range(count)
    )
    units.sha256, units.locked_by, units.locked_at = SHA, desk.adviser, NOW
    units.save()
    drawn = PilotAllocation.objects.create(
        unit_list=units,
        registration=desk.pilot.versions.latest("number"),
        scheme="simple",
        algorithm="a test",
        algorithm_version="1",
        seed="7",
        result_sha256=SHA,
        drawn_by=desk.adviser,
        drawn_at=DRAWN_AT,
    )
    PilotAssignment.objects.bulk_create(
        PilotAssignment(allocation=drawn, unit=unit, arm=ARMS[(number % schools if schools else number) % 2])
        for number, unit in enumerate(units.units.order_by("salted_id"))
    )
    Pilot.objects.filter(pk=desk.pilot.pk).update(state="allocated")
    desk.pilot.refresh_from_db()
    return desk


def counts(usual: int = 38, coaching: int = 39) -> bytes:
    return f"arm,n,total,assigned\nusual,{usual},15,40\ncoaching,{coaching},20,40\n".encode()


def rows(count: int = 80) -> bytes:
    lines = [f"{unit_id(n)},{ARMS[n % 2]},{n // 2 % 2}" for n in range(count)]
    return "\n".join(["id,arm,had_job", *lines]).encode() + b"\n"
