"""What a plan says and what it comes to, as plain records: shown on pages, answered by the API, frozen when published.

Shares and ranks are 0-1, money is dollars of the year the field names. Pure.
"""

import dataclasses
import types
import typing
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from engagements.plans.arithmetic.results import InterventionResult, PlanTotals

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")
FORMAT = 1  # of what is frozen; a reader of later formats still understands this one


@dataclass(frozen=True)
class EvidenceUsed:
    """The row of the library an intervention rests on, as it was read; `version` is that of the row then."""

    key: str
    version: int
    intervention: str
    outcome: str
    tier: str
    estimand: str  # in words
    effect_words: str
    population: str
    setting: str
    source: str
    is_verified: bool
    tried_here: bool


@dataclass(frozen=True)
class InterventionPlanned:
    """One thing the plan will do, as it was typed."""

    pk: int
    name: str
    people: str
    offered: int
    takeup: float
    itt_reason: str
    cost_usd: Decimal
    cost_basis: str
    cost_basis_words: str
    cost_price_year: int
    starts_on: date | None
    duration_months: int
    years_of_exposure: float | None
    rank_change: float | None
    rank_change_se: float | None
    causal_low: float | None
    causal_high: float | None
    evidence: EvidenceUsed | None
    age_profile: tuple[tuple[float, ...], ...] = ()  # age, mean earnings a year in dollars of `age_profile_year`
    age_profile_name: str = ""
    age_profile_year: int | None = None
    study_takeup: float | None = None  # of those offered, as the planner gives it where the study's row records none
    occupations: tuple[str, ...] = ()  # codes of the jobs it leads to


@dataclass(frozen=True)
class PlanContent:
    """What was typed. `has_legal_note`: the note itself is the team's and is never published."""

    title: str
    city_name: str
    city_slug: str
    need: str
    gap: str
    measure: str
    area_name: str
    area_rule: str
    geoids: tuple[str, ...]
    starts_on: date | None
    ends_on: date | None
    price_year: int
    budget_usd: Decimal | None
    cost_per_child_usd: Decimal | None
    transport: str
    transport_low: float
    transport_mode: float | None
    transport_high: float
    transport_reason: str
    groups_are_distinct: bool
    distinct_reason: str
    targets_by_race: bool
    has_legal_note: bool
    not_claimed: str
    interventions: tuple[InterventionPlanned, ...]
    milestones: tuple[int, ...] = ()
    documents: tuple[int, ...] = ()
    what_happened: str = ""
    closed_on: date | None = None
    is_fictional: bool = False


@dataclass(frozen=True)
class TractFigure:
    """One tract of the area; `reason` says why there is no value."""

    geoid: str
    name: str
    value: float | None
    standard_error: float | None
    children: float | None
    reason: str = ""


@dataclass(frozen=True)
class ReferenceFigure:
    kind: str
    name: str
    value: float | None
    standard_error: float | None


@dataclass(frozen=True)
class AreaFigures:
    """Who grew up in the area and how sure that is. `low`, `high`: 95% interval; `reason`: why there is no value.

    `children`: of parents below the national median, by `children_rule`; `coverage`: share of them in tracts with a
    value, 0-1.
    """

    measure: str
    measure_label: str
    population: str
    tracts: tuple[TractFigure, ...]
    tracts_used: int
    value: float | None
    standard_error: float | None
    low: float | None
    high: float | None
    error_reason: str
    usd: float | None
    children: float | None
    children_rule: str
    coverage: float | None
    references: tuple[ReferenceFigure, ...]
    sources: tuple[str, ...]
    is_sample: bool
    reason: str = ""


@dataclass(frozen=True)
class OccupationPaid:
    """What a job that an intervention leads to pays in the city's metropolitan area. No effect of the intervention.

    Wages are dollars of the month `month` begins; `mean_rse` and `employment_rse` are relative standard errors in
    percent, and the source gives none for a median. `reason` and `employment_reason` say why a number is missing: a
    code of `atlas.sources.occupation_wages`, "no_metro", "not_in_metro" or "no_file"; "" where there is one.
    """

    intervention: int
    code: str
    title: str
    metro: str
    metro_title: str
    month: date | None
    annual_median: float | None
    hourly_median: float | None
    annual_mean: float | None
    mean_rse: float | None
    us_annual_median: float | None
    employment: float | None
    employment_rse: float | None
    reason: str
    employment_reason: str
    source: str


@dataclass(frozen=True)
class PlanFigures:
    """Everything the plan's page shows in numbers. `reason`: why there is no arithmetic."""

    area: AreaFigures
    rows: tuple[InterventionResult, ...]
    totals: PlanTotals
    lifetime_reason: str
    does_not_claim: tuple[str, ...]
    warnings: tuple[str, ...]
    price_year: int
    price_source: str
    draws: int
    computed_at: datetime
    format: int = field(default=FORMAT)
    occupations: tuple[OccupationPaid, ...] = ()


def freeze(record: Any) -> Any:
    """As JSON keeps it: days and times as text, money as text so that no cent is lost."""
    if dataclasses.is_dataclass(record):
        return {each.name: freeze(getattr(record, each.name)) for each in dataclasses.fields(record)}
    if isinstance(record, (tuple, list)):
        return [freeze(each) for each in record]
    if isinstance(record, (date, datetime)):
        return record.isoformat()
    if isinstance(record, Decimal):
        return str(record)
    return record


def thaw(kind: type[T], frozen: dict[str, Any]) -> T:
    """The record again. What was frozen before a field existed has that field's default, or nothing in it."""
    hints = typing.get_type_hints(kind)
    given = {}
    for each in dataclasses.fields(kind):
        if each.name in frozen:
            given[each.name] = _value(hints[each.name], frozen[each.name])
        elif each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING:
            given[each.name] = _nothing(hints[each.name])
    return kind(**given)


def _value(hint: Any, value: Any) -> Any:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        if value is None:
            return None
        return _value(next(arg for arg in args if arg is not type(None)), value)
    if origin is tuple:
        return tuple(_value(args[0], each) for each in value)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return thaw(hint, value)
    if hint in (date, datetime):
        return hint.fromisoformat(value)
    return Decimal(value) if hint is Decimal else value


def _nothing(hint: Any) -> Any:
    if typing.get_origin(hint) is tuple:
        return ()
    return {str: "", bool: False, int: 0, float: 0.0}.get(hint)
