"""What a portfolio shows, as frozen records that go to JSON and come back: page, API and reports read the same ones."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from engagements.portfolio.codec import from_plain, to_plain
from engagements.portfolio.filters import PortfolioFilter


@dataclass(frozen=True)
class Figure:
    """One number. `value` None: there is none, and `note` says why.

    `unit`: usd, people, households, milestones, cities, interventions, risks, or an indicator's own.
    `rule`: how it is made; `uncertainty`: why it has no interval, or what the interval is.
    `as_of`: what was known then. `entries`: the address of what it is made of, for readers with a role.
    """

    key: str
    label: str
    value: Decimal | None
    unit: str
    as_of: datetime
    rule: str
    entries: str
    note: str = ""
    uncertainty: str = "a full count, so there is no sampling error"


@dataclass(frozen=True)
class Mark:
    """Red, amber or green with the rule that made it; `color` “none” where the rule has nothing to go by."""

    colour: str
    words: str
    rule: str


@dataclass(frozen=True)
class MilestoneRef:
    pk: int
    title: str
    due_on: date


@dataclass(frozen=True)
class DoneMilestone:
    """What was done on a day (`precision`: day, month or year), once for all `cities` that have it, A to Z."""

    title: str
    done_on: date
    precision: str
    cities: tuple[str, ...]


@dataclass(frozen=True)
class UpdateRef:
    pk: int
    year: int
    quarter: int
    number: int
    published_at: datetime

    @property
    def name(self) -> str:
        return f"Q{self.quarter} {self.year}"


@dataclass(frozen=True)
class CityRow:
    """One city's line. `planned`: the part of the budget whose time has passed, what `spent` is compared with."""

    engagement_id: int
    slug: str
    city_slug: str
    city: str
    state: str
    theme: str
    status: str | None
    status_label: str
    status_since: date | None
    status_precision: str
    status_source: str
    next_milestone: MilestoneRef | None
    late: Figure
    milestones: Mark
    committed: Figure
    spent: Figure
    budget: Figure
    planned: Figure
    money: Mark
    update: UpdateRef | None


@dataclass(frozen=True)
class RiskLine:
    pk: int
    engagement_slug: str
    city: str
    title: str
    likelihood: str
    severity: str
    level: Mark
    mitigation: str
    opened_on: date


@dataclass(frozen=True)
class StageLine:
    stage: str
    label: str
    definition: str
    total: Figure


@dataclass(frozen=True)
class FunderLine:
    """`figures` in the order of the stages."""

    slug: str
    name: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class QuarterLine:
    """Net amounts dated in that quarter, in the order of the stages."""

    quarter: str
    starts_on: date
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class MoneyPart:
    """`whole`: what belongs to the whole initiative and to no city, by stage; None where a filter leaves it out."""

    stages: tuple[StageLine, ...]
    funders: tuple[FunderLine, ...]
    quarters: tuple[QuarterLine, ...]
    whole: tuple[Figure, ...] | None
    entries: int
    first_price_year: int | None
    last_price_year: int | None
    last_entered_at: datetime | None
    not_added: str
    price_note: str


@dataclass(frozen=True)
class PeopleLine:
    """One indicator that counts people. `is_counted`: it is in the total; otherwise `why` says what holds it out."""

    indicator_id: int
    city: str
    name: str
    plan: str
    figure: Figure
    first_on: date
    last_on: date
    is_unduplicated: bool
    is_counted: bool
    why: str
    plan_id: int | None = None


@dataclass(frozen=True)
class PeoplePart:
    """People and households apart: they are never added."""

    people: Figure
    households: Figure | None
    is_unduplicated: bool
    words: str
    lines: tuple[PeopleLine, ...]


@dataclass(frozen=True)
class TierLine:
    tier: str
    label: str
    figure: Figure


@dataclass(frozen=True)
class InterventionLine:
    plan_id: int
    plan: str
    city: str
    engagement_slug: str
    name: str
    tier: str
    tier_label: str
    finding_label: str
    published_at: datetime


@dataclass(frozen=True)
class EvidencePart:
    tiers: tuple[TierLine, ...]
    interventions: tuple[InterventionLine, ...]


@dataclass(frozen=True)
class IndicatorLine:
    """The newest approved value. `low`, `high`: its 95% interval; without one `actual.uncertainty` says why.

    `age_days`: since the last day it covers. `is_current`: fewer than two cadences; else it is the last known value.
    `cadence`: on_cadence or overdue for one with a feed, by_hand for one that people enter.
    """

    pk: int
    engagement_slug: str
    city: str
    name: str
    unit: str
    direction: str
    baseline: float | None
    baseline_on: date | None
    target: float | None
    target_on: date | None
    actual: Figure
    low: float | None
    high: float | None
    period_start: date
    period_end: date
    mark: Mark
    age_days: int = 0
    is_current: bool = True
    is_overdue: bool = False
    cadence: str = "by_hand"


@dataclass(frozen=True)
class CadenceCounts:
    """Of performance indicators with a value: with a feed that is on its cadence, with one that is overdue, and those
    that people enter, of which `by_hand_overdue` are due. `old`: those without a current value."""

    on_cadence: int
    overdue: int
    by_hand: int
    by_hand_overdue: int
    old: int


@dataclass(frozen=True)
class FamilyLine:
    family: str
    label: str
    indicators: tuple[IndicatorLine, ...]


@dataclass(frozen=True)
class UpdateLine:
    """The newest published update of a city, in the words that were published."""

    ref: UpdateRef
    engagement_slug: str
    city: str
    what_we_did: str
    what_we_learned: str
    what_we_changed: str
    what_we_need: str


@dataclass(frozen=True)
class SourceRef:
    """`url` is empty where the source is a document."""

    title: str
    url: str


@dataclass(frozen=True)
class RecordLine:
    """One project of one city, and what is known of it, as it was published.

    `reach` counts people or things and is no effect. `confirmed`: what the city says to `finding`, or that it was
    asked; "" where it was not. `result_id` None: no result is published. `icon`, `tag`: how `state` is marked.
    """

    city: str
    city_slug: str
    engagement_slug: str
    project_id: int | None
    tried: str
    design: str
    finding: str
    reach: str
    cost: str
    sources: tuple[SourceRef, ...]
    confirmed: str
    is_confirmed: bool
    result_id: int | None
    state: str
    icon: str
    tag: str


@dataclass(frozen=True)
class RecordGroup:
    """Lines of which the same is known. `note`: what holds for all of them, "" where nothing does."""

    kind: str
    label: str
    note: str
    lines: tuple[RecordLine, ...]


@dataclass(frozen=True)
class RecordPart:
    """What was tried and what is known of it. `sentence` says it in one breath and claims no cause."""

    sentence: str
    groups: tuple[RecordGroup, ...]
    searched_on: date | None

    @property
    def lines(self) -> tuple[RecordLine, ...]:
        return tuple(line for group in self.groups for line in group.lines)

    def has(self, field: str) -> bool:
        """Whether any line says it: a column nobody fills is not drawn."""
        return any(getattr(line, field) for line in self.lines)


@dataclass(frozen=True)
class EvidenceState:
    """What is known of what money paid for; `icon` and `tag` say how it is marked."""

    key: str
    label: str
    icon: str
    tag: str


@dataclass(frozen=True)
class DollarLine:
    """One stage: `figures` in the order of the part's states, together `total` to the cent."""

    stage: str
    label: str
    figures: tuple[Figure, ...]
    total: Figure

    @property
    def shares(self) -> tuple[float, ...]:
        """Of the total, in percent, for bars: 0 where there is no amount, or less than none."""
        whole = self.total.value or Decimal(0)
        amounts = [figure.value or Decimal(0) for figure in self.figures]
        return tuple(float(max(100 * each / whole, Decimal(0))) if whole > 0 else 0.0 for each in amounts)


@dataclass(frozen=True)
class OutcomeCostLine:
    """Dollars for one more of `outcome`, of effect and cost of the same group; `low` to `high` is the interval."""

    city: str
    outcome: str
    dollars: float
    low: float
    high: float
    level: float
    price_year: int


@dataclass(frozen=True)
class DollarPart:
    """Every recorded dollar, by stage and by what is known of what it paid for. Stages are never added.

    States without any amount are left out. `costs`: only where a result has effect, interval and cost of one group.
    """

    states: tuple[EvidenceState, ...]
    lines: tuple[DollarLine, ...]
    costs: tuple[OutcomeCostLine, ...]


@dataclass(frozen=True)
class PortfolioSection:
    """Everything counted of recorded work, or everything invented: the two are never in one number."""

    is_fictional: bool
    sentence: str
    headline: tuple[Figure, ...]
    rows: tuple[CityRow, ...]
    risks: tuple[RiskLine, ...]
    money: MoneyPart
    people: PeoplePart
    evidence: EvidencePart
    families: tuple[FamilyLine, ...]
    updates: tuple[UpdateLine, ...]
    record: RecordPart | None = None
    dollars: DollarPart | None = None
    quality: tuple[Figure, ...] = ()
    done: tuple[DoneMilestone, ...] = ()
    cadences: CadenceCounts | None = None

    def figure(self, key: str) -> Figure:
        return next(figure for figure in self.headline if figure.key == key)


@dataclass(frozen=True)
class NeedLine:
    """Where the need was: mean household income rank (0-1) of children of low-income parents, by city, A to Z.

    `usd`: household income at that rank, 2015 dollars a year; None without a value.
    """

    city_slug: str
    city: str
    value: float | None
    standard_error: float | None
    low: float | None
    high: float | None
    reason: str
    is_sample: bool
    usd: float | None = None


@dataclass(frozen=True)
class NeedPart:
    lines: tuple[NeedLine, ...]
    words: str
    source: str


@dataclass(frozen=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True)
class Choices:
    """What the filters offer: everything the initiative has, whatever is chosen now."""

    cities: tuple[Choice, ...]
    themes: tuple[Choice, ...]
    funders: tuple[Choice, ...]
    statuses: tuple[Choice, ...]
    quarters: tuple[Choice, ...]


@dataclass(frozen=True)
class InitiativeFact:
    """`announced` is what its sources say of it: no entry of the ledger, and in no total.

    `pledge`: what funders announced, in dollars, and when (`pledge_on` as `pledge_precision` says) and where."""

    slug: str
    name: str
    announced: str
    source: str
    is_fictional: bool
    pledge: Decimal | None = None
    pledge_on: date | None = None
    pledge_precision: str = "day"
    pledge_source: str = ""
    pledge_note: str = ""


@dataclass(frozen=True)
class PortfolioFigures:
    """`as_of`: what was known then. `today`: the day that lateness is counted from. `is_past`: asked as of a past day.

    `fictional` is None for readers who are shown nothing invented, and where there is nothing invented.
    """

    initiative: InitiativeFact
    filters: PortfolioFilter
    as_of: datetime
    today: date
    is_past: bool
    recorded: PortfolioSection
    fictional: PortfolioSection | None
    need: NeedPart
    choices: Choices

    @property
    def is_empty(self) -> bool:
        """The filters match no city."""
        return not self.recorded.rows and not (self.fictional and self.fictional.rows)

    def to_json(self) -> dict:
        """Plain values: amounts and other Decimals as text, days and times in ISO 8601."""
        return to_plain(self)

    @classmethod
    def from_json(cls, plain: dict) -> "PortfolioFigures":
        return from_plain(cls, plain)
