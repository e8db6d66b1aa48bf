"""One quantity, one number: a plan's effect and cost read the same on its page, in its document and sentences."""

import io
import re

import pandas as pd
import pytest

from dashboards.reports.plan import plan_document
from dashboards.reports.plan_sections import PlanToPrint
from engagements.permissions import Role
from engagements.plans.actions.interventions import add_intervention
from engagements.plans.queries.plans import plan_page
from tests.dashboards.plans.test_pages import text
from tests.engagements.discussion.discussion import as_
from tests.factories import grid
from tests.factories.engagements import NOW
from tests.factories.plans import city_house, itt_row, make_plan, planned

pytestmark = pytest.mark.django_db
EXACT, SHOWN = 194_500, "$190,000"  # 200 offered, take-up as in the study, $1,945 each, half carried over
COST, COST_SHOWN = 291_700, "$291,700"


def large_amounts(words: str) -> set[str]:
    return set(re.findall(r"\$\d{3},\d{3}", words))


def test_an_effect_without_a_margin_reads_the_same_through_every_door(tmp_path):
    """The fault seen: $194,000 in the facts and $190,000 in the sentences below, for one effect."""
    engagement, people = city_house(tmp_path)
    by = people[Role.ADVISER]
    plan = make_plan(engagement, by, tracts=grid.geoids(3))
    typed = planned(itt_reason="The same offer", cost_usd=COST, cost_basis="total")
    add_intervention(plan=plan.pk, values=typed, evidence=itt_row().key, by=by, now=NOW)
    assert large_amounts(text(as_(by).get(f"/plans/{plan.pk}/"))) == {SHOWN, COST_SHOWN}
    page = plan_page(by, plan.pk, today=NOW.date(), now=NOW)
    printed = PlanToPrint(plan.pk, 0, "Draft", False, "", page.content, page.figures, page.money, page.indicators, NOW)
    assert large_amounts(repr(plan_document(printed).numbers)) == {COST_SHOWN}
    assert large_amounts(repr(plan_document(printed).sections)) == {SHOWN, COST_SHOWN}
    (row,) = page.figures.rows
    assert large_amounts(" ".join(row.claims)) == {SHOWN, COST_SHOWN} and row.gain.value == EXACT
    table = pd.read_csv(io.BytesIO(as_(by).get(f"/plans/{plan.pk}/plan.csv").content))
    first = table.iloc[0]
    assert (first["expected"], first["cost_usd"]) == (EXACT, COST), "data for computing are not rounded"
