"""A pilot as it is registered before data: what is tested, on whom, how, and which effect would be worth having.

One record for the form, the file that `analyze_pilot` reads, the locked version in the database and the API.
Effects, standard deviations and the smallest effect worth having are in the outcome's unit; for a share that is
percentage points ("4" means 4 in 100), everywhere.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from engagements.verdicts import Wanted


class DesignKind(StrEnum):
    """What compares the arms. The first four are drawn by the portal, and so may be the fifth."""

    PEOPLE = "people"  # each person (or household) is drawn by itself, also within blocks
    PAIRS = "pairs"  # matched pairs, one of each drawn
    CLUSTERS = "clusters"  # whole groups are drawn: schools, buildings, neighborhoods
    PHASED = "phased"  # groups start at different times, in a drawn order
    DIFFERENCES = "differences"  # difference-in-differences, one common start, not drawn
    SERIES = "series"  # interrupted time series with a comparison series
    STAGGERED = "staggered"  # groups started at different times that nobody drew
    SYNTHETIC = "synthetic"  # one place against a weighted mean of others


DRAWN = frozenset({DesignKind.PEOPLE, DesignKind.PAIRS, DesignKind.CLUSTERS, DesignKind.PHASED})
OVER_TIME = frozenset(
    {DesignKind.PHASED, DesignKind.DIFFERENCES, DesignKind.SERIES, DesignKind.STAGGERED, DesignKind.SYNTHETIC}
)


class Estimator(StrEnum):
    """The registered method: its estimate alone gives the verdict. METHODS_OF lists what each design may register."""

    DIFFERENCE = "difference"  # of means, Welch (HC2); of shares, Newcombe
    BLOCKED = "blocked"  # indicators of blocks, HC2
    ADJUSTED = "adjusted"  # Lin: centered covariates by arm, HC2, or HC3 where people are few
    PAIRED = "paired"  # paired t with pairs - 1
    CLUSTERED = "clustered"  # CR2 with Satterthwaite df, and a second test: two locks
    DIFFERENCES = "differences"  # of changes, CR2 by group, joint test of earlier changes, sensitivity
    SERIES = "series"  # AR(1) by REML at its least favorable value
    STAGGERED = "staggered"  # Callaway and Sant'Anna
    SYNTHETIC = "synthetic"  # nonnegative weights, placebos
    PHASED = "phased"  # drawn order of starts, permuted


METHODS_OF: dict[DesignKind, tuple[Estimator, ...]] = {
    DesignKind.PEOPLE: (Estimator.DIFFERENCE, Estimator.BLOCKED, Estimator.ADJUSTED),
    DesignKind.PAIRS: (Estimator.PAIRED,),
    DesignKind.CLUSTERS: (Estimator.CLUSTERED,),
    DesignKind.PHASED: (Estimator.PHASED,),
    DesignKind.DIFFERENCES: (Estimator.DIFFERENCES,),
    DesignKind.SERIES: (Estimator.SERIES,),
    DesignKind.STAGGERED: (Estimator.STAGGERED,),
    DesignKind.SYNTHETIC: (Estimator.SYNTHETIC,),
}


class OutcomeKind(StrEnum):
    SHARE = "share"  # yes or no of each person: percentage points
    MEAN = "mean"  # a number of each person, in its unit


class MissingRule(StrEnum):
    """What is done about people whose outcome is not known. Covariates are filled with their mean, and flagged."""

    COMPLETE = "complete"  # those measured; above the limits of attrition also Lee bounds
    WORST = "worst"  # shares only: missing in the treated arm counts as the bad answer, in the other as the good one


class Law(StrEnum):
    NONE = "none"
    FERPA = "ferpa"
    HIPAA = "hipaa"
    STATE = "state"
    OTHER = "other"


class Determination(StrEnum):
    APPROVED = "approved"
    EXEMPT = "exempt"
    NOT_RESEARCH = "not_research"


class Consent(StrEnum):
    WRITTEN = "written"
    SPOKEN = "spoken"
    OPT_OUT = "opt_out"
    WAIVED = "waived"
    NOT_NEEDED = "not_needed"


class Boundary(StrEnum):
    """How repeated looks share the error. NONE: one look, at the end."""

    NONE = "none"
    OBRIEN_FLEMING = "obrien_fleming"  # alpha spending, each tail .025
    ALWAYS_VALID = "always_valid"  # normal mixture, valid after any number of looks


@dataclass(frozen=True)
class Arm:
    """`key`: as in data files. `weight`: its share of the draw against the others' (1 and 1: half and half)."""

    key: str
    name: str
    gets: str  # what people in it receive; for the comparison, what it receives instead
    weight: int = 1


@dataclass(frozen=True)
class Outcome:
    """`column`: its name in data files. `unit`: "percentage points" for a share. `after`: "after a year", in words.

    `good`: what one person with the good answer did ("had a job"), for the sentence; `better` says which way is good.
    """

    key: str
    name: str
    kind: OutcomeKind
    unit: str
    good: str = ""
    better: Wanted = Wanted.MORE
    after: str = ""
    source: str = ""  # the system it is read from
    window_from: date | None = None
    window_to: date | None = None


@dataclass(frozen=True)
class Subgroup:
    """People told apart by a column that is known before the draw."""

    column: str
    values: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True)
class Draw:
    """`block_by`: columns of the unit list; in several cities "city" is always one. `seed_from`: which future public
    draw fixes the seed, held on the day `seed_on` with `seed_numbers` numbers, or "" for a seed that the portal draws
    after the list is locked. Plans locked before draws had a day and numbers have None there."""

    block_by: tuple[str, ...] = ()
    cluster_by: str = ""  # column that names the group
    pair_by: tuple[str, ...] = ()  # numbers that pairs are matched on, in order of importance
    seed_from: str = ""
    seed_on: date | None = None
    seed_numbers: int | None = None


@dataclass(frozen=True)
class Assumptions:
    """What the power of the test is reckoned from, before data. Shares (`base_rate`) in percent of people.

    `people`: in all arms. `sd` for means. `r2`: of covariates. `take_up`: percent of the offered who take part.
    `clusters` and `treated_clusters`: until the draw, which then counts instead. `size_cv`: of cluster sizes.
    """

    people: int | None = None
    base_rate: float | None = None
    sd: float | None = None
    r2: float = 0.0
    take_up: float = 100.0
    clusters: int | None = None
    treated_clusters: int | None = None
    icc: float | None = None
    size_cv: float = 0.0
    level: float = 95.0
    power: float = 80.0
    periods_before: int | None = None
    periods_after: int | None = None


@dataclass(frozen=True)
class HumanSubjects:
    """Who decided that people are protected, and how. Without it nothing is drawn and no data come in."""

    determination: Determination | None = None
    body: str = ""
    number: str = ""
    decided_on: date | None = None
    expires_on: date | None = None
    document: int | None = None  # of the engagement
    consent: Consent | None = None
    consent_words: str = ""
    law: Law | None = None
    law_words: str = ""
    comparison_receives: str = ""
    can_stop: str = ""  # the named person who may stop it for harm
    can_stop_contact: str = ""


@dataclass(frozen=True)
class Limits:
    """House defaults that a registration may change before data."""

    lost_percent: float = 20.0  # above: the union with Lee bounds counts
    lost_gap_points: float = 5.0
    earlier_drift: float = 0.5  # M of the sensitivity of differences and staggered starts
    pre_fit: float | None = None  # synthetic control: largest root mean squared error before, in the outcome's unit
    smallest_cell: int = 10


@dataclass(frozen=True)
class Registration:
    """The comparison arm is `arms[0]`; the primary contrast is `arms[1]` against it, others are secondary."""

    title: str
    question: str
    unit: str  # what is drawn or compared: "person", "household", "school"
    people: str  # who is counted in the outcome, plural: "residents", "students"
    eligibility: str
    arms: tuple[Arm, ...]
    outcome: Outcome
    smallest_worthwhile: float
    worthwhile_because: str
    design: DesignKind
    estimator: Estimator
    spillovers: str = ""
    cities: tuple[str, ...] = ()  # slugs; more than one: blocked by city, pooled
    starts_on: date | None = None
    ends_on: date | None = None  # the registered end: no verdict before
    draw: Draw = field(default_factory=Draw)
    covariates: tuple[str, ...] = ()
    missing: MissingRule = MissingRule.COMPLETE
    secondary: tuple[Outcome, ...] = ()
    subgroups: tuple[Subgroup, ...] = ()
    looks: tuple[float, ...] = ()  # shares of the final information, ascending, the last is 1
    boundary: Boundary = Boundary.NONE
    stopping_rule: str = ""
    assumptions: Assumptions = field(default_factory=Assumptions)
    human_subjects: HumanSubjects = field(default_factory=HumanSubjects)
    limits: Limits = field(default_factory=Limits)
    quasi_identifiers: tuple[str, ...] = ()  # columns that k-anonymity is asked of
    cost_per_unit_usd: float | None = None
    starts_in: tuple[str, ...] = ()  # designs over time: first period with the program, for the treated
