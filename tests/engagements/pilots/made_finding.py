"""A whole finding to test with: coaching worked, 6 more in 100. Everything is made up."""

from dataclasses import replace
from typing import Any

from engagements.pilots.rules.estimates import (
    Attrition,
    Balance,
    BalanceRow,
    Estimate,
    Finding,
    NamedEstimate,
    Pooled,
    Refused,
    SampleRatio,
)
from engagements.pilots.rules.stored_finding import ArmCount
from engagements.verdicts import Verdict

ESTIMATE = Estimate(
    method="difference",
    value=6.0,
    standard_error=2.04,
    low=2.0,
    high=10.0,
    level=95.0,
    df=None,
    p=0.003,
    people=4000,
    units=4000,
    details={"events_treated": 920.0, "interval": "Newcombe", "weights": [0.5, 0.5], "none": None},
)
SENTENCE = (
    "It worked: of 100 residents offered it, about 6 more had a job after a year (between 2 and 10 more). "
    "Randomized by person. Registered before data: yes."
)
ARMS = (ArmCount("usual", 1980, 0.4, 2000, 0), ArmCount("coaching", 2020, 0.46, 2060, 1500))
FOUND = Finding(
    primary=ESTIMATE,
    shown_low=2.0,
    shown_high=10.0,
    verdict=Verdict.WORKED,
    sentence=SENTENCE,
    reasons=(),
    strength="registered trial",
    detectable=3.9,
    take_up=74.0,
    attrition=Attrition({"usual": 1.0, "coaching": 1.9}, 0.9, False),
    sample_ratio=SampleRatio(0.34, {"usual": 2000.0, "coaching": 2060.0}, {"usual": 2000.0, "coaching": 2060.0}),
    secondary=(NamedEstimate("Yearly earnings", replace(ESTIMATE, value=900.0, low=-100.0, high=1900.0), 0.08, True),),
    subgroups=(NamedEstimate("age: under 25", replace(ESTIMATE, value=7.0, low=-1.0, high=15.0), 0.09, True),),
    specifications=(
        NamedEstimate("adjusted", replace(ESTIMATE, value=5.8, method="adjusted"), 0.004),
        NamedEstimate("clustered", Refused("clustered", "There is one group in each arm.", "At least 3 of each kind.")),
    ),
    balance=Balance((BalanceRow("age", 34.2, 33.9, 0.03),), 0.61),
    pooled=None,
)
CITIES = Pooled(
    (NamedEstimate("tulsa", replace(ESTIMATE, value=7.0)), NamedEstimate("detroit", replace(ESTIMATE, value=5.0))),
    1.2,
    0.21,
    -1.0,
    13.0,
    6.1,
    1.5,
    10.7,
)


def make_finding(**changes: Any) -> Finding:
    return replace(FOUND, **changes)
