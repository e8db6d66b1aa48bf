"""Lifetime earnings in a plan: for help with moving only, per child, with a profile that somebody brings and names."""

import io
import json
import re
from html import unescape

import numpy as np
import pandas as pd
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from atlas.queries.live import live_catalog
from atlas.queries.measures import crosswalk
from engagements.models import EvidenceRow, PlanIntervention
from engagements.permissions import Role
from engagements.plans.actions.interventions import add_intervention, change_intervention
from engagements.plans.actions.status import make_public
from engagements.plans.arithmetic.profiles import write_profile
from engagements.plans.queries.plans import plan_page
from tests.dashboards.plans.test_pages import cost, text
from tests.engagements.discussion.discussion import SUBMISSION, as_
from tests.engagements.milestones.test_api import asker, is_problem
from tests.factories import grid
from tests.factories.engagements import NOW, TODAY
from tests.factories.plans import EvidenceFactory, city_house, make_plan, planned, publish
from tests.reference import planning as slow

pytestmark = pytest.mark.django_db
PROFILE = [[age, 30_000.0 + 1_000 * (age - 25)] for age in range(25, 65)]
NAME = "An invented table, read by a test"
TYPED = {
    "years_of_exposure": 11.5,
    "rank_change": 0.06,
    "rank_change_se": 0.01,
    "causal_low": 0.5,
    "causal_high": 0.7,
    "age_profile": PROFILE,
    "age_profile_name": NAME,
    "age_profile_year": 2019,
}
SAYS = "Lifetime earnings of one child who moves"


# A plan that moves children.


@pytest.fixture
def house(tmp_path):
    engagement, people = city_house(tmp_path)
    plan = make_plan(engagement, people[Role.ADVISER], tracts=grid.geoids(3))
    return plan, people


def moves(**more) -> EvidenceRow:
    return EvidenceFactory(**{"key": "moving", "moves_children": True} | more)


def add(plan, people, evidence: str = "moving", **more) -> PlanIntervention:
    return add_intervention(plan=plan.pk, values=planned(**more), evidence=evidence, by=people[Role.ADVISER], now=NOW)


def figures(plan, people):
    return plan_page(people[Role.ADVISER], plan.pk, today=TODAY, now=NOW).figures


def test_the_result_is_of_one_child_and_equals_the_recipe_done_by_hand(house):
    plan, people = house
    moves()
    add(plan, people, **TYPED)
    found = figures(plan, people)
    life = found.rows[0].lifetime
    assert found.lifetime_reason == "" and "for one child who moves (2019 prices)" in life.discounted.unit
    assert life.rank_gain.value == pytest.approx(0.06 * 0.6 / 2, rel=0.02)
    assert life.discounted.low < life.discounted.value < life.discounted.high
    table = crosswalk(live_catalog(), "kfr")[0]
    base = found.area.value
    usd = np.interp(100 * (base + life.rank_gain.value), range(101), table.usd) - table.dollars(base)
    ages, wages = zip(*PROFILE, strict=True)
    by_hand = usd / 39_000 * slow.lifetime_sum(ages, wages, (1.0,) * len(ages), 0.02, 0.01)
    assert life.discounted.value == pytest.approx(by_hand, rel=0.05), "the crosswalk is nearly straight over two ranks"
    said = " ".join(life.assumptions)
    assert NAME in said and "the portal did not check it" in said and "11.5 of 23 years" in said
    assert f"{100 * base:.1f} on a scale of 0 to 100" in said and "age 25 to 64" in said and "alive" in said


def test_people_offered_change_nothing_of_it_and_no_sum_holds_it(house):
    plan, people = house
    moves()
    add(plan, people, **TYPED)
    add(plan, people, **TYPED, offered=9_000)
    found = figures(plan, people)
    assert found.rows[0].lifetime.discounted == found.rows[1].lifetime.discounted
    assert not any("one child" in each.gain.unit for each in found.totals.effects)


def test_another_map_does_not_change_where_children_start_from(house):
    plan, people = house
    moves()
    add(plan, people, **TYPED)
    before = figures(plan, people).rows[0].lifetime.discounted
    type(plan).objects.filter(pk=plan.pk).update(measure="kfr_black_pooled_p25")
    assert figures(plan, people).rows[0].lifetime.discounted == before


def test_without_tracts_it_says_why_there_is_no_number(house):
    plan, people = house
    moves()
    bare = make_plan(plan.engagement, people[Role.ADVISER])
    add(bare, people, **TYPED)
    found = figures(bare, people)
    assert found.rows[0].lifetime is None and "no tract is chosen yet" in found.lifetime_reason


def refused(work) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        work()
    return caught.value.message_dict


def test_only_for_help_with_moving_and_all_of_it_or_nothing(house):
    plan, people = house
    moves()
    EvidenceFactory(key="training")
    for key in ("training", ""):
        said = refused(lambda key=key: add(plan, people, key, **TYPED))
        assert "moving children" in str(said)
        said = refused(lambda key=key: add(plan, people, key, age_profile_name=NAME))
        assert said.keys() == {"age_profile_name"}
    for name in TYPED:
        without = {key: value for key, value in TYPED.items() if key != name}
        assert refused(lambda without=without: add(plan, people, **without)).keys() == {name}
    for name, value in (
        ("age_profile", [[33, 5.0], [35, 5.0]]),
        ("age_profile_year", 1800),
        ("rank_change", 1.5),
        ("rank_change_se", 0.0),
        ("rank_change_se", 2.0),
        ("years_of_exposure", 24.0),
        ("causal_high", 0.5),
        ("age_profile_name", "  "),
    ):
        assert refused(lambda name=name, value=value: add(plan, people, **TYPED | {name: value})), name
    row = add(plan, people, **TYPED)
    said = refused(
        lambda: change_intervention(
            intervention=row.pk,
            changes={},
            evidence="training",
            now=NOW,
            expected_version=row.version,
            by=people[Role.ADVISER],
        )
    )
    assert "moving children" in str(said)
    emptied = dict.fromkeys(TYPED) | {"age_profile_name": ""}
    done = change_intervention(
        intervention=row.pk, changes=emptied, expected_version=row.version, by=people[Role.ADVISER], now=NOW
    )
    assert done.age_profile is None and figures(plan, people).rows[0].lifetime is None


BY_AGE, NAMED = "Ages rise by one", "intervention_profile_is_named"
REFUSED = (
    ("age_profile = NULL", NAMED),
    ("age_profile_name = ' '", NAMED),
    ("age_profile_year = NULL", NAMED),
    ("age_profile_year = 1900", NAMED),
    ("age_profile = '{}'", BY_AGE),
    ("age_profile = '[]'", BY_AGE),
    ("age_profile = 'null'", BY_AGE),
    ("age_profile = '[34]'", BY_AGE),
    ("age_profile = '[[34]]'", BY_AGE),
    ("age_profile = '[[34, \"5\"]]'", BY_AGE),
    ("age_profile = '[[34, 5, 6]]'", BY_AGE),
    ("age_profile = '[[34, 0]]'", BY_AGE),
    ("age_profile = '[[33, 5]]'", BY_AGE),
    ("age_profile = '[[34, 5], [36, 5]]'", BY_AGE),
    ("age_profile = '[[34.5, 5], [35.5, 5]]'", BY_AGE),
)


def test_the_database_refuses_it_too(house):
    plan, people = house
    moves()
    add(plan, people, **TYPED)
    for values, name in REFUSED:
        with pytest.raises(IntegrityError, match=name), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE engagements_planintervention SET {values}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT age_profile FROM engagements_planinterventionevent ORDER BY pgh_id DESC LIMIT 1")
        assert json.loads(cursor.fetchone()[0]) == PROFILE, "the history has it"


# Form, page, file, publication, API.


FORM = {
    "name": "Help with moving",
    "people": "families",
    "offered": "200",
    "takeup": "0.7",
    "rule": "takeup",
    "cost_usd": "2500",
    "cost_basis": "reached",
    "cost_price_year": "2024",
    "duration_months": "12",
    "years_of_exposure": "11.5",
    "rank_change": "0.06",
    "rank_change_se": "0.01",
    "causal_low": "0.5",
    "causal_high": "0.7",
    "age_profile": "age, earnings\n" + write_profile(PROFILE),
    "age_profile_name": NAME,
    "age_profile_year": "2019",
}


def test_the_form_asks_only_where_the_evidence_moves_children(house):
    plan, people = house
    moves()
    EvidenceFactory(key="training")
    client = as_(people[Role.ADVISER])
    address = f"/plans/{plan.pk}/interventions/new/"
    for query in ("", "?evidence=training"):
        assert "age_profile" not in client.get(address + query).content.decode()
    assert "Average earnings by age" in text(client.get(f"{address}?evidence=moving"))
    for field, value, match in (
        ("age_profile", "34, much", "Line 1: “much”"),
        ("age_profile", "", "all of these"),
        ("rank_change", "six", "Give a number"),
        ("age_profile_year", "soon", "Give a year"),
        ("causal_high", "0.4", "as a range"),
    ):
        answer = client.post(f"{address}?evidence=moving", {"submission": SUBMISSION} | FORM | {field: value})
        said = unescape(answer.content.decode())
        assert answer.status_code == 422 and match in said and "$2500" not in said and NAME in said, (field, value)
    assert client.post(f"{address}?evidence=moving", {"submission": SUBMISSION} | FORM).status_code == 302
    row = plan.interventions.get()
    assert row.age_profile == PROFILE and row.causal_high == 0.7
    again = client.get(f"/interventions/{row.pk}/edit/").content.decode()
    assert "25, 30000\n26, 31000" in again.replace("\r", "")


def test_page_file_and_publication_name_the_profile_and_what_is_not_claimed(house):
    plan, people = house
    moves()
    row = add(plan, people, **TYPED)
    client = as_(people[Role.ADVISER])
    said = text(client.get(f"/plans/{plan.pk}/"))
    assert SAYS in said and NAME in said and "for one child who moves (2019 prices); 95% range $" in said
    assert "It is not multiplied by the number of children" in said
    table = pd.read_csv(io.BytesIO(client.get(f"/plans/{plan.pk}/plan.csv").content)).set_index("intervention")
    line = table.loc["Help with moving"]
    assert line["age_profile"] == NAME and isinstance(line["lifetime_does_not_claim"], str)
    assert line["one_child_lifetime_discounted"] == figures(plan, people).rows[0].lifetime.discounted.value
    described = client.get(f"/plans/{plan.pk}/plan.datapackage.json").content.decode()
    assert "Lifetime earnings of one child (Help with moving): " in described
    publish(plan, people)
    make_public(plan=plan.pk, is_public=True, by=people[Role.CITY_STAFF], now=NOW)
    before = text(Client().get(f"/plans/{plan.pk}/"))
    assert SAYS in before and NAME in before
    type(plan).objects.filter(pk=plan.pk).update(status="draft")
    PlanIntervention.objects.filter(pk=row.pk).update(rank_change=0.5)
    assert text(Client().get(f"/plans/{plan.pk}/")) == before, "as it was published"
    sides = text(client.get(f"/plans/{plan.pk}/versions/?new=now&old=p1"))
    assert "rank change 0.06" in sides and "rank change 0.5" in sides


def test_everything_else_says_nothing_of_lifetime_dollars(house):
    plan, people = house
    EvidenceFactory(key="training")
    add(plan, people, "training")
    client = as_(people[Role.ADVISER])
    for path in ("", "interventions/new/?evidence=training", "versions/"):
        assert not re.search("lifetime", client.get(f"/plans/{plan.pk}/{path}").content.decode(), re.IGNORECASE), path
    table = pd.read_csv(io.BytesIO(client.get(f"/plans/{plan.pk}/plan.csv").content))
    of_lifetime = [name for name in table.columns if "lifetime" in name or name == "age_profile"]
    assert len(of_lifetime) == 9 and table[of_lifetime].isna().all(axis=None)


def test_a_mover_without_a_profile_says_why_there_is_nothing(house):
    plan, people = house
    moves()
    add(plan, people)
    said = text(as_(people[Role.ADVISER]).get(f"/plans/{plan.pk}/"))
    assert "brings an age profile of earnings" in said and SAYS not in said


def test_a_page_costs_the_same_with_one_and_with_many(house):
    plan, people = house
    row = moves()
    large = make_plan(plan.engagement, people[Role.ADVISER], tracts=grid.geoids(10))
    client = as_(people[Role.ADVISER])
    for within, count in ((plan, 1), (large, 8)):
        for number in range(count):
            PlanIntervention.objects.create(
                plan=within,
                evidence=row,
                evidence_version=row.version,
                position=number,
                **planned(f"Offer {number}"),
                **TYPED,
            )
    assert cost(client, f"/plans/{plan.pk}/") == cost(client, f"/plans/{large.pk}/")


def test_programs_send_it_and_read_the_result(house):
    plan, people = house
    moves()
    by = asker(people[Role.ADVISER])
    one = f"/api/v1/plans/{plan.pk}/"
    body = {
        "name": "Moves",
        "offered": 100,
        "takeup": 0.5,
        "cost_usd": "2500.00",
        "cost_price_year": 2024,
        "evidence": "moving",
    } | TYPED
    for sent in ([[34]], [[34, "much"]], [[33, 5], [35, 5]], "34, 5", [[age, 5] for age in range(18, 100)]):
        found = is_problem(by.post(f"{one}interventions/", body | {"age_profile": sent}, "json"), 400)
        assert "age_profile" in str(found), sent
    made = by.post(f"{one}interventions/", body, "json")
    assert made.status_code == 201 and made.json()["age_profile"] == PROFILE and made.json()["age_profile_name"] == NAME
    life = by.get(f"{one}figures/").json()["rows"][0]["lifetime"]
    assert life["discounted"]["low"] < life["discounted"]["value"] and life["does_not_claim"]
