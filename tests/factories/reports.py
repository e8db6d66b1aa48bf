"""A portfolio that has something of everything a report shows, recorded and invented, with hostile words in it."""

from datetime import date
from decimal import Decimal

from tests.factories.portfolio import World

HOSTILE = '=HYPERLINK("http://x","y") #read("/etc/passwd") <b>&amp;</b> *bold*'


def full_world(cities: int = 3, **initiative) -> World:
    """The first city has a bit of everything; the second counts people and households; the third something invented."""
    world = World(cities=cities, funders=2, **initiative)
    for at in range(cities):
        world.status("active", at=at)
        world.milestone(at=at, due=30 + at, title=f"Next in {at}")
        world.entry("committed", 1_000_000 + at, at=at, funder=at % 2, on=date(2024, 12, 31))
        world.budget(Decimal(365_000), at=at)
        for quarter in (1, 2, 3):
            world.entry("disbursed", 50_000 + at, at=at, funder=at % 2, on=date(2026, 3 * quarter, 1), payee="Jane Doe")
            world.entry("spent", 40_000.25, at=at, funder=at % 2, on=date(2026, 3 * quarter, 2))
        world.update(at=at, said=f"We opened office {at}.\n\nThen we hired." if at else HOSTILE)
    world.entry("committed", 500_000, at=None, on=date(2024, 12, 31))
    world.entry("spent", 12_345.67, at=None)
    world.reverse(world.entry("spent", 999, at=0))
    world.milestone(at=0, due=-45)
    world.milestone(at=0, due=-3)
    world.milestone(at=1, due=-20, done=-21)
    world.risk(at=0, title=HOSTILE[:60], mitigation="We call a second supplier.")
    world.risk(at=1, likelihood=1, severity=1)
    plan = world.plan(
        at=0, title="Homes near work", interventions=(world.evidence("rct"), world.evidence("quasi"), None)
    )
    trained = world.indicator(
        at=0,
        plan=plan,
        counts_people=True,
        is_unduplicated=True,
        baseline=0,
        baseline_on=date(2025, 1, 1),
        target=900,
        target_on=date(2027, 1, 1),
        no_interval_reason="a full count of those who signed in",
    )
    world.value(trained, 120)
    world.value(trained, 130, quarter=2)
    world.value(world.indicator(at=1, name="People advised", counts_people=True, is_unduplicated=True), 77)
    world.value(
        world.indicator(at=1, name="Homes found", unit="households", counts_people=True, is_unduplicated=True), 31
    )
    waits = world.indicator(
        at=1,
        name="Days to a first lease",
        unit="days",
        direction="falling",
        outcome_family="housing_stability",
        baseline=90,
        baseline_on=date(2025, 1, 1),
        target=45,
        target_on=date(2026, 12, 31),
    )
    world.value(waits, 61.5, low=55.0, high=68.0)
    last = cities - 1
    world.entry("committed", 7_000, at=last, is_fictional=True, on=date(2024, 12, 31))
    world.entry("spent", 1_234.5, at=last, is_fictional=True)
    world.risk(at=last, title="An invented risk", is_fictional=True)
    return world
