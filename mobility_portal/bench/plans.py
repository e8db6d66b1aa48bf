"""How long a plan takes to compute: 50 tracts compared, 5 interventions, 10,000 draws; and 300 tracts alone.

`report_page` reads such a plan from the database as its page does. It needs a checkout with its tests: city, tracts and
people are made by their factories.
"""

import tempfile
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path

import numpy as np
from django.test import Client

from engagements.plans.arithmetic import Effect, Intervention, PlanInput, TargetInput, compare_targets, compute_plan
from mobility_portal.bench.results import Results, key_of
from mobility_portal.bench.statements import recorded_statements
from mobility_portal.bench.timing import measure

DRAWS = 10_000


def report(results: Results, runs: int = 7) -> None:
    """The arithmetic alone, then query and pages on the scratch database."""
    report_arithmetic(results, runs)
    report_page(results, runs)


def report_arithmetic(results: Results, runs: int) -> None:
    """Two rows; what is drawn for tracts is given, as the pages give it."""
    plan = make_plan(50)
    compute_plan(plan)  # imports and the first use of memory are not what is asked about
    taken = measure(lambda: compute_plan(plan), runs)
    results.add_milliseconds("plan_arithmetic", taken, "50 tracts, 5 interventions, 10,000 draws")
    many = make_targets(300)
    taken = measure(lambda: compare_targets(many), runs)
    results.add_milliseconds("plan_areas_under_a_budget", taken, "300 tracts, 10,000 draws")


def report_page(results: Results, runs: int) -> None:
    """The query behind every number of a plan, and its pages in the server; on a scratch database."""
    grid, plans = import_module("tests.factories.grid"), import_module("tests.factories.plans")
    now = import_module("tests.factories.engagements").NOW
    queries, role = (
        import_module("engagements.plans.queries.plans"),
        import_module("engagements.permissions").Role.ADVISER,
    )
    with tempfile.TemporaryDirectory() as folder:
        engagement, people = plans.city_house(Path(folder), rows=6)
    plan = plans.make_plan(
        engagement, people[role], tracts=grid.geoids(50), interventions=5, budget_usd=900_000, cost_per_child_usd=900
    )

    def read():
        return queries.plan_page(people[role], plan.pk, today=now.date(), now=now)

    assert read().figures.draws == DRAWS
    with recorded_statements() as statements:
        read()
    said = f"50 tracts, 5 interventions, {DRAWS:,} draws, {len(statements)} queries"
    results.add_milliseconds("plan_query", measure(read, runs), said)
    client = Client(headers={"accept-encoding": "identity"})
    client.force_login(people[role])
    for path in ("", "review/", "compare-areas/", "edit/area/"):
        address = f"/plans/{plan.pk}/{path}"
        assert client.get(address).status_code == 200  # the first reads templates
        taken = measure(partial(client.get, address), runs)
        results.add_milliseconds(f"plan_page_{key_of(address)}", taken)


def make_plan(tracts: int) -> PlanInput:
    effects = [
        Effect(
            key=f"study-{at}",
            value=100.0 * (at + 1),
            standard_error=40.0 * (at + 1),
            unit="dollars per year",
            outcome="adult earnings",
            outcome_family="earnings",
            estimand="tot",
            population="young adults",
            price_year=2015,
            is_verified=True,
        )
        for at in range(5)
    ]
    interventions = tuple(
        Intervention(
            key=effect.key, name=effect.key, offered=200, takeup=0.6, effect=effect, cost_usd=2500, cost_price_year=2019
        )
        for effect in effects
    )
    return PlanInput(
        interventions,
        2024,
        DRAWS,
        groups_are_distinct=True,
        distinct_reason="Five schools.",
        targets=make_targets(tracts),
    )


def make_targets(tracts: int) -> TargetInput:
    """A third of the children can be served."""
    rng = np.random.default_rng(17)
    draws = rng.normal(0.38, 0.04, tracts) + rng.normal(0, 0.02, (DRAWS, tracts))
    children = rng.uniform(50, 900, tracts)
    geoids = tuple(f"{at:011d}" for at in range(tracts))
    plan = TargetInput(geoids, draws, children, 0.42, "the nation's mean", 1000, 1000 * children.sum() / 3)
    return replace(plan, chosen=geoids[: tracts // 3])
