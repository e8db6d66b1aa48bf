"""What certification and the federal recovery fund ask for, in our words, and what the portal does not hold."""

from dataclasses import dataclass

CLAIM = (
    "Prefilled from the portal; it claims no certification. What the portal does not hold is empty, with the reason. "
    "The applicant checks each line and adds what is missing."
)
SOURCES = (
    "What Works Cities Certification, 2022 standard: the evaluation criteria, in our words "
    "(bitevaluationhub.com/wwc-certification, whatworkscities.bloomberg.org/assessment)",
    "US Treasury, State and Local Fiscal Recovery Funds, Recovery Plan Performance Report template "
    "(OMB 1505-0271, omb.report/icr/202407-1505-003)",
)


@dataclass(frozen=True)
class Criterion:
    """`missing`: what an application needs beside what the portal holds."""

    code: str
    asks: str
    missing: str


CRITERIA = (
    Criterion(
        "Eval 1",
        "The city has written down, and acts on, a commitment to rigorous evaluation across departments.",
        "Indicators show that work is followed, not that it is evaluated. The portal holds no policy, agenda or budget "
        "rule of a city on evaluation. Add it by hand.",
    ),
    Criterion(
        "Eval 2",
        "The city regularly finds, starts and pays for rigorous evaluations.",
        "The portal holds no evaluation designs yet: values of indicators are counts, not evaluations.",
    ),
    Criterion(
        "Eval 3",
        "The city regularly uses the results of rigorous evaluations to decide.",
        "The portal does not know which of these decisions rest on a rigorous evaluation. Say so by hand.",
    ),
    Criterion(
        "Eval 4",
        "The city regularly finds programs that were tested elsewhere and adapts them.",
        "The portal does not hold how a program was adapted. Add it by hand.",
    ),
    Criterion(
        "LC 6",
        "A leader or a team is responsible for rigorous evaluation across departments.",
        "The portal holds roles in this work, not who leads evaluation in the city. Add the name by hand.",
    ),
)

NOT_HELD = (
    ("Expenditure category", "The portal does not hold the federal category of a project."),
    (
        "Mandatory performance indicators",
        "The portal does not hold the Treasury’s mandatory indicators, which depend on the category.",
    ),
    (
        "Evaluated rigorously (yes or no)",
        "The portal holds no evaluation designs yet, so it can say neither yes nor no.",
    ),
)
BY_EVIDENCE = (
    "Planned dollars of the published plan, each intervention by the kind of study behind the row of evidence it "
    "names, in the prices it was typed in: amounts of two years are not added. Planned is not spent."
)
