"""Rows and registrations of pilots that tests make from arrays."""

import numpy as np

from engagements.pilots.rules.data import Rows
from engagements.pilots.rules.registration import (
    Arm,
    DesignKind,
    Estimator,
    Outcome,
    OutcomeKind,
    Registration,
)


def make_rows(arm, outcome, *, covariates=None, **columns):
    """Rows of these arms and outcomes; a text column that is not given is "" for everybody, `took_part` NaN."""
    size = len(outcome)
    texts = {name: np.full(size, "", dtype=object) for name in ("city", "block", "cluster", "period", "group")}
    texts |= {name: np.array(list(values), dtype=object) for name, values in columns.items() if name in texts}
    return Rows(
        arm=np.array(list(arm), dtype=object),
        outcome=np.asarray(outcome, dtype=float),
        took_part=np.asarray(columns.get("took_part", np.full(size, np.nan)), dtype=float),
        covariates={name: np.asarray(values, dtype=float) for name, values in (covariates or {}).items()},
        **texts,
    )


def make_registration(kind=OutcomeKind.MEAN, **changes):
    """A pilot with the arms "c" (comparison) and "t", whose outcome is in dollars, or a share in points."""
    unit = "percentage points" if kind == OutcomeKind.SHARE else "dollars"
    values = {
        "title": "Coaching",
        "question": "Does coaching help?",
        "unit": "person",
        "people": "residents",
        "eligibility": "Adults who asked for help.",
        "arms": (Arm("c", "Comparison", "the usual letter"), Arm("t", "Coaching", "a coach")),
        "outcome": Outcome(key="outcome", name="Outcome", kind=kind, unit=unit),
        "smallest_worthwhile": 5.0,
        "worthwhile_because": "It pays for itself.",
        "design": DesignKind.PEOPLE,
        "estimator": Estimator.DIFFERENCE,
    }
    return Registration(**(values | changes))
