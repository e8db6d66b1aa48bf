"""What the jobs pay that an intervention leads to, beside the income of adults who grew up in the plan's area.

Both in the same dollars, and neither an effect of the plan.
"""

from dataclasses import dataclass

from atlas.formatting.counts import format_count
from atlas.queries.prices import prices_of_month
from atlas.records.prices import MonthPrices
from atlas.records.wages import OccupationPay
from atlas.sources.occupation_wages import TOP_CODED
from dashboards.formatting.wages import (
    REASONS,
    WageDollars,
    format_error,
    format_median,
    format_wage,
    income_in,
    income_words,
    wage_dollars,
)
from engagements.plans.records import OccupationPaid, PlanFigures

NONE = "–"  # the reason stands under the job


@dataclass(frozen=True)
class PayLine:
    code: str
    title: str
    median: str
    nation: str
    jobs: str
    jobs_error: str
    mean_error: str
    note: str  # why a number is missing, "" where none is


@dataclass(frozen=True)
class PayView:
    """Of one intervention. `dollars`: of the wages; "" where there is none. `income`: of the area, "" without one, in
    `income_dollars`, which are others where no prices are loaded.
    """

    metro_title: str
    dollars: str
    lines: tuple[PayLine, ...]
    income: str
    income_dollars: str
    source: str


def prices_of_plan(figures: PlanFigures) -> MonthPrices | None:
    """Those of the month whose dollars its wages are. No statement without wages."""
    month = next((each.month for each in figures.occupations if each.month), None)
    return prices_of_month(month) if month else None


def build_pay_views(figures: PlanFigures, prices: MonthPrices | None) -> dict[int, PayView]:
    """By the id of the intervention; only those that lead to a job."""
    rows: dict[int, list[OccupationPaid]] = {}
    for each in figures.occupations:
        rows.setdefault(each.intervention, []).append(each)
    return {pk: _view(found, figures, prices) for pk, found in rows.items()}


def _view(found: list[OccupationPaid], figures: PlanFigures, prices: MonthPrices | None) -> PayView:
    first, usd = found[0], figures.area.usd
    dollars = wage_dollars(first.month, prices) if first.month else None
    return PayView(
        first.metro_title,
        dollars.words if dollars else "",
        tuple(_line(each, dollars) for each in found),
        income_in(usd, dollars) if usd is not None and dollars else "",
        income_words(dollars) if dollars else "",
        first.source,
    )


def _line(each: OccupationPaid, dollars: WageDollars | None) -> PayLine:
    reasons = {"annual_median": each.reason} if each.reason else {}
    pay = OccupationPay(
        each.code,
        each.title,
        "",
        annual_median=each.annual_median,
        hourly_median=each.hourly_median,
        missing=reasons,
    )
    has_wage = each.annual_median is not None or each.hourly_median is not None or each.reason == TOP_CODED
    nation = each.us_annual_median
    return PayLine(
        each.code,
        each.title,
        format_median(pay, dollars) if dollars and has_wage else NONE,
        format_wage(nation, {}, "annual_median", dollars) if dollars and nation is not None else NONE,
        format_count(each.employment) if each.employment is not None else NONE,
        format_error(each.employment_rse),
        format_error(each.mean_rse),
        _why_missing(each, has_wage),
    )


def _why_missing(each: OccupationPaid, has_wage: bool) -> str:
    """One reason for both where it is the same."""
    wage = "" if has_wage else REASONS.get(each.reason, each.reason)
    jobs = "" if each.employment is not None else REASONS.get(each.employment_reason, each.employment_reason)
    said = [wage, f"number of jobs {jobs}" if jobs and jobs != wage else ""]
    return "; ".join(filter(None, said))
