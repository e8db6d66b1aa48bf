"""Three invented pilots of one city: what is registered, whom it is drawn from, and the chance that makes their data.

The chance of each arm is invented; what the analysis finds is computed from people made with it.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from engagements.pilots.rules.registration import (
    Arm,
    Assumptions,
    Consent,
    DesignKind,
    Determination,
    Draw,
    Estimator,
    HumanSubjects,
    Law,
    Outcome,
    OutcomeKind,
    Registration,
)

# Days before the demo begins, in the order in which things happen: the engagement itself begins 120 days before.
LOCKED, LISTED, DRAWN, STARTED, OPENED, CLOSED, COUNTED, ANALYZED, ANSWERED, PUBLISHED = (
    112,
    110,
    109,
    108,
    105,
    35,
    28,
    24,
    18,
    12,
)


@dataclass(frozen=True)
class DemoPilot:
    """`units`: people or buildings that are drawn; `people`: in each (1: each is drawn by itself). `chances`: of the
    outcome in the comparison and in the program, as shares; `spread`: standard deviation of a building's own share;
    `measured`: share of people whose outcome is known; `seed`: of the made-up people."""

    plan: Registration
    units: int
    people: int
    chances: tuple[float, float]
    seed: int
    spread: float = 0.0
    measured: float = 0.98


def demo_pilots(today: date, document: int) -> tuple[DemoPilot, ...]:
    """`document`: of the engagement, the made-up determination."""
    text = replace(
        _base(today, document),
        title="A text the day before the appointment",
        question="Do more residents keep a first appointment with a financial counselor if a text reminds them?",
        eligibility="Residents of affordable homes with a first appointment that they made themselves",
        arms=(_usual(), Arm("text", "Text", "The usual letter, and a text the day before")),
        smallest_worthwhile=8.0,
        worthwhile_because="Below 8 in 100 the texts cost more than the hours of counselors they save.",
        cost_per_unit_usd=0.04,
    )
    call = replace(
        _base(today, document),
        title="A call after a missed appointment",
        question="Do more residents who missed an appointment keep a second one if a person calls them?",
        eligibility="Residents of affordable homes who missed their first appointment",
        arms=(_usual(), Arm("call", "Call", "The usual letter, and a call within two days")),
        outcome=replace(_kept(today), good="kept a second appointment", name="Kept an appointment"),
        smallest_worthwhile=5.0,
        worthwhile_because="Below 5 in 100 a call costs more than a counselor's hour.",
        assumptions=Assumptions(people=1600, base_rate=12.0),
        cost_per_unit_usd=3.2,
    )
    building = replace(
        _base(today, document),
        title="A counselor in the building",
        question="Do more residents keep an appointment if the counselor comes to their building?",
        unit="building",
        eligibility="Twelve buildings of affordable homes with a room for the counselor",
        arms=(_usual(), Arm("building", "In the building", "Appointments in the building, one day a week")),
        design=DesignKind.CLUSTERS,
        estimator=Estimator.CLUSTERED,
        draw=Draw(cluster_by="building"),
        smallest_worthwhile=6.0,
        worthwhile_because="Below 6 in 100 a day in a building serves fewer residents than a day downtown.",
        spillovers="None expected: residents have appointments of their own building.",
        assumptions=Assumptions(people=900, base_rate=45.0, clusters=12, treated_clusters=6, icc=0.05),
        cost_per_unit_usd=38.0,
    )
    return (
        DemoPilot(text, units=1600, people=1, chances=(0.50, 0.62), seed=11),
        DemoPilot(call, units=1600, people=1, chances=(0.12, 0.12), seed=11),
        DemoPilot(building, units=12, people=75, chances=(0.45, 0.49), spread=0.06, seed=11),
    )


def _base(today: date, document: int) -> Registration:
    return Registration(
        title="",
        question="",
        unit="person",
        people="residents",
        eligibility="",
        arms=(_usual(),),
        outcome=_kept(today),
        smallest_worthwhile=0.0,
        worthwhile_because="",
        design=DesignKind.PEOPLE,
        estimator=Estimator.DIFFERENCE,
        spillovers="Few: neighbors may talk about it.",
        cities=("detroit",),
        starts_on=today - timedelta(days=STARTED),
        ends_on=today - timedelta(days=CLOSED),
        stopping_rule="The named person stops it if residents complain of harm.",
        assumptions=Assumptions(people=1600, base_rate=50.0),
        human_subjects=_protected(today, document),
    )


def _usual() -> Arm:
    return Arm("usual", "Usual letter", "The usual letter")


def _kept(today: date) -> Outcome:
    return Outcome(
        key="kept",
        name="Kept an appointment",
        kind=OutcomeKind.SHARE,
        unit="percentage points",
        good="kept their appointment",
        after="within ten weeks",
        source="the booking system (made up)",
        window_from=today - timedelta(days=OPENED),
        window_to=today - timedelta(days=CLOSED),
    )


def _protected(today: date, document: int) -> HumanSubjects:
    return HumanSubjects(
        determination=Determination.EXEMPT,
        body="Review board (made up)",
        number="Demo 26-114",
        decided_on=today - timedelta(days=LOCKED + 3),
        document=document,
        consent=Consent.WAIVED,
        consent_words="A letter or a text does little harm, and everyone may say no at any time.",
        law=Law.NONE,
        law_words="No health or school record is used.",
        comparison_receives="The usual letter",
        can_stop="Dana Staff, program manager",
        can_stop_contact="staff.detroit@demo.example",
    )
