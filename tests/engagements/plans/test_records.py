"""What was published of a plan comes back as it was frozen, also after records have grown."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from engagements.plans.arithmetic import Intervention, PlanInput, compute_plan
from engagements.plans.queries.area import area_figures
from engagements.plans.records import PlanContent, PlanFigures, freeze, thaw


@dataclass(frozen=True)
class Part:
    day: date | None
    cents: Decimal


@dataclass(frozen=True)
class Whole:
    parts: tuple[Part, ...]
    words: tuple[str, ...]
    one: Part | None
    count: int = 7


def test_a_record_comes_back_as_it_went():
    whole = Whole((Part(date(2026, 11, 27), Decimal("0.10")), Part(None, Decimal("12.00"))), ("a",), None)
    frozen = freeze(whole)
    assert frozen["parts"][0] == {"day": "2026-11-27", "cents": "0.10"}
    assert thaw(Whole, frozen) == whole


def test_what_was_frozen_before_a_field_existed_has_nothing_in_it_and_what_is_gone_is_passed_over():
    assert thaw(Whole, {"words": ["a"], "was": 1}) == Whole((), ("a",), None, 7)
    empty = thaw(PlanContent, {})
    assert empty.title == "" and empty.geoids == () and empty.budget_usd is None


def test_every_figure_of_a_plan_survives(db):
    row = Intervention(key="a", name="Letters", offered=10, takeup=0.5, cost_usd=5, cost_price_year=2024)
    result = compute_plan(PlanInput(interventions=(row,), price_year=2024))
    figures = PlanFigures(
        area=area_figures("nowhere", "", ("26163500100",), "", ""),
        rows=result.rows,
        totals=result.totals,
        lifetime_reason="",
        does_not_claim=result.does_not_claim,
        warnings=result.warnings,
        price_year=result.price_year,
        price_source=result.price_source,
        draws=result.draws,
        computed_at=datetime(2026, 11, 27, tzinfo=UTC),
    )
    assert thaw(PlanFigures, freeze(figures)) == figures
