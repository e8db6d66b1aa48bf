"""Made-up people of an invented pilot: each has the outcome with the chance of the arm that was drawn for its unit."""

from collections.abc import Mapping

import numpy as np

from engagements.demo.pilot_plans import DemoPilot


def unit_file(pilot: DemoPilot) -> bytes:
    """The list that is drawn from: an id, and the building where buildings are drawn."""
    cluster = pilot.plan.draw.cluster_by
    head = f"id,{cluster}" if cluster else "id"
    lines = [f"unit-{number:05}" for number in range(1, pilot.units + 1)]
    return "\n".join([head, *(f"{one},{one}" if cluster else one for one in lines), ""]).encode()


def counts_file(pilot: DemoPilot, arms: Mapping[str, str]) -> bytes:
    """`arms`: unit (its salted id, or its building) -> arm. Counts by arm, or by arm and building, as CSV.

    Worked: 2,000 drawn, 98% measured, a chance of .5 -> about 1,960 measured and 980 events.
    """
    numbers = np.random.default_rng(pilot.seed)
    chance = {arm.key: share for arm, share in zip(pilot.plan.arms, pilot.chances, strict=True)}
    cluster = pilot.plan.draw.cluster_by
    found: dict[tuple[str, ...], list[int]] = {}
    for unit, arm in sorted(arms.items(), key=lambda pair: (pair[1], pair[0])):  # the same counts by any draw
        own = float(np.clip(chance[arm] + pilot.spread * numbers.standard_normal(), 0, 1))
        people = max(1, round(pilot.people * numbers.uniform(0.7, 1.3))) if cluster else 1
        measured = int(numbers.binomial(people, pilot.measured))
        events = int(numbers.binomial(measured, own))
        cell = found.setdefault((arm, unit) if cluster else (arm,), [0, 0, 0])
        for place, count in enumerate((measured, events, people)):
            cell[place] += count
    head = ["arm", *([cluster] if cluster else []), "n", "events", "assigned"]
    lines = [",".join([*key, *map(str, counts)]) for key, counts in sorted(found.items())]
    return "\n".join([",".join(head), *lines, ""]).encode()
