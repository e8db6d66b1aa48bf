"""A whole registration to test with: a letter, drawn by person, one share as the outcome. Everything is made up."""

from dataclasses import replace
from datetime import date

from engagements.pilots.rules.registration import (
    Arm,
    Assumptions,
    Consent,
    DesignKind,
    Determination,
    Estimator,
    HumanSubjects,
    Law,
    Outcome,
    OutcomeKind,
    Registration,
)

JOBS = Outcome(
    key="had_job",
    name="Had a job",
    kind=OutcomeKind.SHARE,
    unit="percentage points",
    good="had a job",
    after="after a year",
    source="Wage records of the state",
    window_from=date(2027, 1, 1),
    window_to=date(2027, 12, 31),
)
EARNINGS = Outcome(
    key="earnings",
    name="Yearly earnings",
    kind=OutcomeKind.MEAN,
    unit="dollars",
    after="in the first year",
    source="Wage records of the state",
    window_from=date(2027, 1, 1),
    window_to=date(2027, 12, 31),
)
PROTECTED = HumanSubjects(
    determination=Determination.EXEMPT,
    body="City review board",
    number="27-114",
    decided_on=date(2026, 9, 2),
    document=1,
    consent=Consent.OPT_OUT,
    consent_words="Everyone may say no at any time.",
    law=Law.NONE,
    law_words="No law on these records applies.",
    comparison_receives="The usual letter",
    can_stop="Sam Stopper",
    can_stop_contact="555-0100",
)
MADE = Registration(
    title="Coaching by letter",
    question="Do more residents have a job a year after coaching is offered?",
    unit="person",
    people="residents",
    eligibility="Adults on the waiting list in September 2026",
    arms=(
        Arm("usual", "Usual letter", "The usual letter"),
        Arm("coaching", "Coaching", "A coach for three months"),
    ),
    outcome=JOBS,
    smallest_worthwhile=4.0,
    worthwhile_because="Below 4 in 100 a job costs more than the training center.",
    design=DesignKind.PEOPLE,
    estimator=Estimator.DIFFERENCE,
    spillovers="Few: people on the list rarely know each other.",
    cities=("tulsa",),
    starts_on=date(2026, 10, 5),
    ends_on=date(2027, 12, 31),
    stopping_rule="Stop if anybody is harmed.",
    assumptions=Assumptions(people=4000, base_rate=40.0),
    human_subjects=PROTECTED,
)


def make_registration(**changes) -> Registration:
    """`MADE` with fields changed, also "outcome.better" or "limits.lost_percent" by `outcome={"better": ..}`."""
    for name, change in changes.items():
        if isinstance(change, dict):
            changes[name] = replace(getattr(MADE, name), **change)
    return replace(MADE, **changes)
