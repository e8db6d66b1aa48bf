"""A registration for simulations: the comparison "c" against "t", people drawn one by one."""

from typing import Any

from engagements.pilots.rules.registration import Arm, DesignKind, Estimator, Outcome, OutcomeKind, Registration


def registration(kind: OutcomeKind = OutcomeKind.MEAN, **changes: Any) -> Registration:
    values: dict[str, Any] = {
        "title": "Simulation",
        "question": "",
        "unit": "person",
        "people": "people",
        "eligibility": "",
        "arms": (Arm("c", "Comparison", ""), Arm("t", "Program", "")),
        "outcome": Outcome(key="outcome", name="Outcome", kind=kind, unit=""),
        "smallest_worthwhile": 0.2,
        "worthwhile_because": "",
        "design": DesignKind.PEOPLE,
        "estimator": Estimator.DIFFERENCE,
    }
    return Registration(**(values | changes))
