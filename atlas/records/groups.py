"""What is known of groups of children by race and gender: levels first, then gaps. Pure records.

Values are ranks or shares 0-1; an `Estimate` carries its standard error or the reason for none.
"""

from dataclasses import dataclass, field

from atlas.measures import GENDERS, RACES
from atlas.records.places import Basis, Source, any_sample
from atlas.statistics.gaps import Gap
from atlas.statistics.inflation import Inflation
from atlas.statistics.results import Estimate


@dataclass(frozen=True)
class Group:
    """Children of one race and gender in the publisher's names; "pooled" is everybody."""

    race: str
    gender: str

    @property
    def words(self) -> str:
        """ "Black children", "girls", "white boys"; "all children" for everybody."""
        if self.race == "pooled":
            return "all children" if self.gender == "pooled" else GENDERS[self.gender]
        whose = "other" if self.race == "other" else RACES[self.race]
        return f"{whose} {GENDERS[self.gender]}"

    @property
    def is_everybody(self) -> bool:
        return self.race == self.gender == "pooled"

    def slug(self, outcome: str) -> str:
        """Of the outcome for parents at the 25th percentile."""
        return f"{outcome}_{self.race}_{self.gender}_p25"


# Races first, then boys and girls, then both: the order of every figure and table.
GROUPS = tuple(
    sorted(
        (Group(race, gender) for race in RACES for gender in GENDERS),
        key=lambda g: (g.race != "pooled" and g.gender != "pooled", g.gender != "pooled"),
    )
)
# (first, second): a gap is the first group's level less the second's.
PAIRS = tuple(
    (Group("white", gender), Group(race, gender))
    for gender in GENDERS
    for race in RACES
    if race not in ("pooled", "white", "other")
) + tuple((Group(race, "female"), Group(race, "male")) for race in RACES if race != "other")


@dataclass(frozen=True)
class GroupLevel:
    """A group's mean over a place's tracts, each weighted by the group's own low-income children."""

    group: Group
    measure: str
    here: Estimate  # the best mean there is; coverage: share of the group's children in tracts with a value
    nation: Estimate  # the same group, the same weights, every US tract
    tracts_total: int
    children: float | None  # the group's low-income children in the place's tracts
    children_reason: str  # why that is not known
    weight_rule: str
    inflation: Inflation
    basis: Basis = "raw"  # what `here` is
    raw: Estimate | None = None  # the mean of its tracts as the tract file has them
    basis_reason: str = ""  # why `here` is that mean, "" where it is benchmarked or published


@dataclass(frozen=True)
class PublishedLevel:
    """A group's value for the main county as published, beside the mean of all counties by the group's counts."""

    group: Group
    measure: str
    here: Estimate
    nation: Estimate
    children: float | None


@dataclass(frozen=True)
class GroupGap:
    first: Group
    second: Group
    gap: Gap
    is_benchmarked: bool = False  # both levels are, and with them their difference


@dataclass(frozen=True)
class PublishedGap:
    first: Group
    second: Group
    difference: Estimate


@dataclass(frozen=True)
class WeightCheck:
    """How far a race's modeled weights are from what the publisher has for the main county."""

    race: str
    children_modelled: float
    children_published: float
    mean_error: float | None  # tract mean of the county less its published value; None where none is published
    mean_standard_error: float | None  # of the published value
    share_error: float  # over the counties of the fit: RMSE of the share below the median, 0-1
    counties: int


@dataclass(frozen=True)
class Groups:
    """Everything about groups in one place; empty tuples where the files have nothing."""

    place: str
    outcome: str  # of the tract levels, "" without any
    levels: tuple[GroupLevel, ...]
    gaps: tuple[GroupGap, ...]
    county: str  # name of the main county, "" while it is not known
    county_share: float | None  # of its low-income children who live in the place's tracts
    published_outcome: str  # of the county's levels: not always the tracts'
    published: tuple[PublishedLevel, ...]
    published_gaps: tuple[PublishedGap, ...]
    checks: tuple[WeightCheck, ...]
    weighting: str
    sources: tuple[Source, ...] = field(default_factory=tuple)
    reason: str = ""  # why there are no levels over tracts
    on_sample_map: bool = False

    @property
    def is_sample(self) -> bool:
        return self.on_sample_map or any_sample(self.sources)
