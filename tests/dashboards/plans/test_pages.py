"""Pages of plans: who opens which, what they show, what a form keeps when it refuses."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from atlas.ingest import areas
from engagements.discussion.actions.comments import add_comment
from engagements.models import EvidenceRow, Plan, PlanIntervention
from engagements.permissions import Role
from engagements.plans.actions.status import make_public
from tests.engagements.discussion.discussion import SUBMISSION, allowed, as_
from tests.factories import grid
from tests.factories.engagements import MilestoneFactory, UserFactory, everybody, pair
from tests.factories.plans import EvidenceFactory, city_house, itt_row, make_plan, publish
from tests.factories.reviews import answers

pytestmark = pytest.mark.django_db
TRACTS = grid.geoids(3)
TEAM = {Role.LEAD, Role.ADVISER, Role.EXPERT, Role.CITY_STAFF}
EDITORS = {Role.LEAD, Role.ADVISER, Role.CITY_STAFF}


@pytest.fixture
def house(tmp_path):
    engagement, people = city_house(tmp_path)
    plan = make_plan(
        engagement, people[Role.ADVISER], tracts=TRACTS, interventions=1, budget_usd=900_000, cost_per_child_usd=1_000
    )
    return plan, people


def text(response) -> str:
    """What a reader sees."""
    main = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def test_each_page_answers_each_role(house):
    plan, people = house
    row = plan.interventions.get()
    draft = {
        "": TEAM,
        "versions/": TEAM,
        "review/": TEAM,
        "history/": TEAM,
        "compare-areas/": TEAM,
        "plan.csv": TEAM,
        "tracts.csv": TEAM,
        "edit/": EDITORS,
        "edit/need/": EDITORS,
        "edit/area/": EDITORS,
        "edit/carry-over/": EDITORS,
        "edit/money/": EDITORS,
        "edit/claims/": EDITORS,
        "edit/links/": EDITORS,
        "interventions/choose/": EDITORS,
        "interventions/new/": EDITORS,
        "public/": {Role.CITY_STAFF},
        "archive/": EDITORS,
        "close/": EDITORS,
    }
    for path, who in draft.items():
        assert allowed(people, f"/plans/{plan.pk}/{path}") == who, path
    for path in ("edit/", "archive/"):
        assert allowed(people, f"/interventions/{row.pk}/{path}") == EDITORS, path
    publish(plan, people)
    for path in ("", "versions/", "plan.csv", "tracts.csv"):
        assert allowed(people, f"/plans/{plan.pk}/{path}") == set(Role), path
    for path in ("review/", "history/", "compare-areas/"):
        assert allowed(people, f"/plans/{plan.pk}/{path}") == TEAM, path
    assert allowed(people, f"/engagements/{plan.engagement.slug}/plans/") == set(Role)
    assert allowed(people, "/plans/new/") == EDITORS


def test_another_citys_people_get_what_is_missing(house):
    plan, people = house
    other, _ = pair()
    for role, person in everybody(other).items():
        for address in (f"/plans/{plan.pk}/", f"/plans/{plan.pk}/edit/", f"/plans/{plan.pk}/plan.csv"):
            assert as_(person).get(address).status_code == 404, (role, address)


def test_a_stranger_reads_what_is_public_and_learns_nothing_of_the_rest(house):
    plan, people = house
    Plan.objects.filter(pk=plan.pk).update(legal_review_note="Privileged words.")
    paths = ("", "versions/", "plan.csv", "tracts.csv", "review/", "edit/", "history/", "compare-areas/")
    publish(plan, people)
    stranger = Client()
    for path in paths:
        hidden, missing = (stranger.get(f"/plans/{pk}/{path}") for pk in (plan.pk, 10**6))
        assert hidden.status_code == missing.status_code == 302
    make_public(plan=plan.pk, is_public=True, by=people[Role.CITY_STAFF], now=timezone.now())
    assert [stranger.get(f"/plans/{plan.pk}/{path}").status_code for path in paths] == [200] * 4 + [302] * 4
    Plan.objects.filter(pk=plan.pk).update(status="draft", title="A secret draft", need="Only drafted")
    EvidenceRow.objects.update(effect=99_999)
    for path in (*paths[:4], "plan.datapackage.json", "tracts.json"):
        said = stranger.get(f"/plans/{plan.pk}/{path}").content.decode()
        assert "Moves to opportunity" in said or path.endswith(".csv"), path
        for secret in ("secret draft", "Only drafted", "Privileged", "99,999", str(people[Role.ADVISER])):
            assert secret not in said, (path, secret)
    city = plan.engagement.city.slug
    assert "Plans (1 public)" in text(stranger.get(f"/cities/{city}/"))
    assert "Moves to opportunity" in text(stranger.get(f"/cities/{city}/plans/"))


def test_the_page_says_who_how_much_and_what_is_not_claimed(house):
    plan, people = house
    said = text(as_(people[Role.ADVISER]).get(f"/plans/{plan.pk}/"))
    assert "Children who grew up in these 3 tracts reached, on average, the" in said and "95% interval" in said
    assert "low-income" in said or "below the national median" in said
    assert "95% range $" in said, "the effect is a range"
    assert "Nothing here shows that the plan works in this city." in said
    assert "$350,000" in said and "of the budget is left" in said  # 140 x $2,500 of $900,000


@pytest.mark.parametrize("name", ["=1+1", "＝1+1", "\u200b=1+1"])
def test_the_csv_has_the_pages_numbers_and_no_formula(house, name):
    plan, people = house
    PlanIntervention.objects.update(name=name)
    rows = as_(people[Role.ADVISER]).get(f"/plans/{plan.pk}/plan.csv").content.decode().split("\r\n")
    assert any(line.startswith(f"'{name},families,200,0.7,,,140,adult earnings,") for line in rows)
    assert rows[0].startswith("intervention,people,") and rows[-2].startswith("All of it,")
    described = as_(people[Role.ADVISER]).get(f"/plans/{plan.pk}/plan.datapackage.json").json()
    assert "Source: " in described["resources"][0]["description"]
    tracts = as_(people[Role.ADVISER]).get(f"/plans/{plan.pk}/tracts.csv").content.decode()
    assert all(f"{geoid}," in tracts for geoid in TRACTS)


def cost(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_a_page_costs_the_same_with_more_tracts_and_interventions(tmp_path):
    engagement, people = city_house(tmp_path, rows=6)
    by, row = people[Role.ADVISER], EvidenceFactory()
    small = make_plan(engagement, by, tracts=grid.geoids(2), interventions=2, evidence=row)
    large = make_plan(engagement, by, tracts=grid.geoids(50), interventions=20, evidence=row)
    client = as_(by)
    for path in ("", "edit/", "edit/area/", "review/", "plan.csv", "versions/", "history/"):
        few, many = (cost(client, f"/plans/{plan.pk}/{path}") for plan in (small, large))
        assert few == many, path
    assert cost(client, f"/plans/{large.pk}/") <= 32
    address = f"/engagements/{engagement.slug}/plans/"
    before = cost(client, address)
    for _ in range(9):
        make_plan(engagement, by)
    assert cost(client, address) == before


# Forms.


def post(person, address: str, **fields):
    return as_(person).post(address, {"submission": SUBMISSION} | fields)


def test_a_plan_from_nothing_to_its_interventions(house, tmp_path):
    plan, people = house
    by, slug = people[Role.ADVISER], plan.engagement.slug
    made = post(by, f"/plans/new/?engagement={slug}", title="Letters", need="Rents", price_year="2024")
    fresh = Plan.objects.get(title="Letters")
    assert made.status_code == 302 and made.url == f"/plans/{fresh.pk}/edit/"
    area = post(by, f"/plans/{fresh.pk}/edit/area/", version=fresh.version, tract=TRACTS[:1], geoids=TRACTS[1])
    assert area.status_code == 302 and fresh.tracts.count() == 2
    row = EvidenceFactory(key="letters")
    assert "Help with moving" in text(as_(by).get(f"/plans/{fresh.pk}/interventions/choose/"))
    added = post(
        by,
        f"/plans/{fresh.pk}/interventions/new/?evidence={row.key}",
        name="Letters",
        people="tenants",
        offered="400",
        takeup="0.5",
        rule="takeup",
        cost_usd="$1,000.50",
        cost_basis="total",
        cost_price_year="2024",
        duration_months="6",
    )
    assert added.status_code == 302 and float(fresh.interventions.get().cost_usd) == 1000.5
    assert fresh.interventions.get().evidence == row


def test_what_an_intervention_may_not_say_is_marked_and_what_was_typed_stays(house):
    plan, people = house
    by, offer = people[Role.ADVISER], itt_row(key="offer")
    good = {
        "name": "X",
        "people": "adults",
        "offered": "10",
        "takeup": ".5",
        "cost_usd": "5",
        "cost_basis": "total",
        "cost_price_year": "2024",
        "duration_months": "6",
        "study_takeup": ".4",
        "itt_reason": "Table 2",
    }
    bad = (
        ("takeup", "1.5", "above 1"),
        ("takeup", "most", "Give a number"),
        ("cost_usd", "-5", "$0 or more"),
        ("cost_usd", "five", "Give dollars"),
        ("cost_usd", "99999999999999", "extra zeros"),
        ("offered", "0", "At least one"),
        ("offered", "many", "whole people"),
        ("takeup", "0", "nobody takes part"),
        ("study_takeup", "0", "nobody takes part"),
        ("study_takeup", "most", "Give a number"),
        ("itt_reason", "", "Write where"),
        ("duration_months", "0", "1"),
    )
    for field, value, match in bad:
        answer = post(by, f"/plans/{plan.pk}/interventions/new/?evidence={offer.key}", **(good | {field: value}))
        said = answer.content.decode()
        assert answer.status_code == 422 and match in unescape(said) and "adults" in said, (field, value)
    assert plan.interventions.count() == 1
    asked = post(
        by,
        f"/plans/{plan.pk}/interventions/new/?evidence={offer.key}",
        **(good | {"study_takeup": "", "itt_reason": ""}),
    )
    assert asked.status_code == 422 and "Give the study's take-up, or write why" in unescape(asked.content.decode())
    kept = post(by, f"/plans/{plan.pk}/interventions/new/?evidence={offer.key}", **(good | {"study_takeup": ""}))
    row = plan.interventions.get(name="X")
    assert kept.status_code == 302 and (row.study_takeup, row.itt_reason) == (0.5, "Table 2")
    page = text(as_(by).get(f"/plans/{plan.pk}/"))
    assert "in the study, taken as 50 in 100: Table 2" in page


def test_a_studys_cost_is_offered_in_the_plans_prices_and_the_year_stays_the_plans(house):
    """The fault seen: a row of 2012 prices put 2012 beside the city's own cost, and $450,000 became $631,000."""
    plan, people = house
    by = people[Role.ADVISER]
    priced = EvidenceFactory(cost_usd=Decimal(5203), cost_price_year=2012)
    address = f"/plans/{plan.pk}/interventions/new/?evidence={priced.key}"
    page = as_(by).get(address)
    initial = page.context["form"].initial
    assert (initial["cost_price_year"], initial["cost_usd"]) == (2024, Decimal(7109))  # 5,203 x 313.689 / 229.594
    assert "$5,203 in prices of 2012, about $7,109 in the plan’s prices of 2024" in text(page)
    page = as_(by).get(f"/plans/{plan.pk}/interventions/new/?evidence={EvidenceFactory().key}")
    assert page.context["form"].initial["cost_price_year"] == 2024 and "cost_usd" not in page.context["form"].initial
    old = EvidenceFactory(cost_usd=Decimal(100), cost_price_year=1996)
    page = as_(by).get(f"/plans/{plan.pk}/interventions/new/?evidence={old.key}")
    assert page.context["form"].initial["cost_price_year"] == 2024 and "cost_usd" not in page.context["form"].initial
    assert "$100 in prices of 1996." in text(page)


def test_the_area_form_refuses_other_cities_and_keeps_what_was_chosen(house):
    plan, people = house
    by = people[Role.CITY_STAFF]
    address = f"/plans/{plan.pk}/edit/area/"
    answer = post(by, address, version=plan.version, tract=TRACTS[:2], geoids="06037101110, abc")
    assert answer.status_code == 422 and "“abc”" in unescape(answer.content.decode())
    answer = post(by, address, version=plan.version, tract=TRACTS[:2], geoids="06037101110")
    said = unescape(answer.content.decode())
    assert answer.status_code == 422 and "06037101110" in said and said.count(" checked") == 2
    token = areas.create_area("pasted", "Two cities", [*TRACTS[:2], "06037101110"], owner=by.pk)
    answer = post(by, address, version=plan.version, area_token=token)
    assert answer.status_code == 422 and "Leave out" in unescape(answer.content.decode())
    answer = post(by, address, version=plan.version, area_token=token, leave_out="on")
    assert answer.status_code == 302 and plan.tracts.count() == 2
    plan.refresh_from_db()
    assert plan.area_name == "Two cities" and plan.area_rule.startswith("Saved area")


def test_a_stale_form_shows_both_versions(house):
    plan, people = house
    seen = plan.version
    for role, title in ((Role.ADVISER, "First"), (Role.CITY_STAFF, "Second")):
        answer = post(people[role], f"/plans/{plan.pk}/edit/need/", version=seen, title=title)
    assert answer.status_code == 409 and b"First" in answer.content and b"Second" in answer.content
    seen = Plan.objects.get(pk=plan.pk).version
    for role, tracts in ((Role.ADVISER, TRACTS[:1]), (Role.CITY_STAFF, TRACTS[1:])):
        answer = post(people[role], f"/plans/{plan.pk}/edit/area/", version=seen, tract=tracts)
    assert answer.status_code == 409 and TRACTS[0] in answer.content.decode()


def test_the_steps_of_a_plan_by_its_buttons(house):
    plan, people = house
    steps = ((Role.ADVISER, "in_review"), (Role.EXPERT, "reviewed"), (Role.LEAD, "approved"), (Role.LEAD, "published"))
    for role, status in steps:
        plan.refresh_from_db()
        step = f"/plans/{plan.pk}/review/" if status in ("reviewed", "approved") else f"/plans/{plan.pk}/"
        page = as_(people[role]).get(step)
        assert f'value="{status}"' in page.content.decode()
        to = step if "review" in step else f"/plans/{plan.pk}/move/"
        post(people[role], to, version=plan.version, status=status, **answers("plan"))
    plan.refresh_from_db()
    assert plan.status == "published"
    staff = people[Role.CITY_STAFF]
    assert post(staff, f"/plans/{plan.pk}/public/", version=plan.version, is_public="yes").status_code == 302
    plan.refresh_from_db()
    assert plan.is_public and post(staff, f"/plans/{plan.pk}/close/", version=plan.version).status_code == 422
    answer = post(staff, f"/plans/{plan.pk}/close/", version=plan.version, what_happened="It rained.")
    assert answer.status_code == 302 and "It rained." in text(Client().get(f"/plans/{plan.pk}/"))


def test_a_step_that_is_refused_says_why_on_the_plans_page(house):
    plan, people = house
    by = people[Role.ADVISER]
    client = as_(by)
    Plan.objects.filter(pk=plan.pk).update(need="")
    plan.refresh_from_db()
    answer = client.post(f"/plans/{plan.pk}/move/", {"version": plan.version, "status": "in_review"}, follow=True)
    assert "Say what the need is" in text(answer)
    answer = client.post(f"/plans/{plan.pk}/move/", {"version": plan.version, "status": "published"}, follow=True)
    assert "doesn't go" in text(answer)


def test_experts_comment_on_a_section(house):
    plan, people = house
    expert = people[Role.EXPERT]
    page = as_(expert).get(f"/plans/{plan.pk}/review/").content.decode()
    action = unescape(re.search(r'action="([^"]+section=money)"', page)[1])
    answer = post(expert, action, body="Is this enough?", visibility="team")
    assert answer.status_code == 302
    said = as_(people[Role.LEAD]).get(f"/plans/{plan.pk}/review/").content.decode()
    money = said.split('id="section-money"')[1].split('id="section-indicators"')[0]
    assert "Is this enough?" in money and said.count("Is this enough?") == 1
    add_comment(
        engagement=plan.engagement_id,
        body="Whole.",
        visibility="all",
        plan=plan.pk,
        by=people[Role.LEAD],
        now=timezone.now(),
    )
    assert "Whole." not in as_(people[Role.FUNDER]).get(f"/engagements/{plan.engagement.slug}/").content.decode()


def test_the_newer_evidence_is_offered_and_taken_by_a_button(house):
    plan, people = house
    by, row = people[Role.ADVISER], plan.interventions.get()
    EvidenceRow.objects.filter(pk=row.evidence_id).update(effect=50.0)
    page = as_(by).get(f"/plans/{plan.pk}/").content.decode()
    assert "The evidence changed since." in page and f"/interventions/{row.pk}/evidence/" in page
    post(by, f"/interventions/{row.pk}/evidence/", version=row.version)
    assert "The evidence changed since." not in as_(by).get(f"/plans/{plan.pk}/").content.decode()


@pytest.mark.parametrize("key", ["never-was", "%00", "a b", "9" * 500])
def test_an_intervention_on_a_row_that_is_none_is_missing(house, key):
    plan, people = house
    assert as_(people[Role.ADVISER]).get(f"/plans/{plan.pk}/interventions/new/?evidence={key}").status_code == 404


def test_interventions_are_put_in_order_and_taken_out(house):
    plan, people = house
    by = people[Role.ADVISER]
    other = make_plan(plan.engagement, by, tracts=TRACTS, interventions=2)
    first, second = other.interventions.all()
    post(by, f"/interventions/{second.pk}/order/", way="up")
    assert list(other.interventions.values_list("pk", flat=True)) == [second.pk, first.pk]
    first.refresh_from_db()
    answer = post(by, f"/interventions/{first.pk}/archive/", version=first.version, why="Too dear")
    assert answer.status_code == 302 and other.interventions.filter(archived_at=None).count() == 1


def test_links_are_ticked(house):
    plan, people = house
    milestone = MilestoneFactory(engagement=plan.engagement, title="Ask the school")
    by = people[Role.ADVISER]
    answer = post(by, f"/plans/{plan.pk}/edit/links/", version=plan.version, milestones=[milestone.pk])
    assert answer.status_code == 302
    assert "Ask the school" in text(as_(by).get(f"/plans/{plan.pk}/"))


def test_versions_and_history_tell_what_changed(house):
    plan, people = house
    publish(plan, people)
    by = people[Role.ADVISER]
    post(by, f"/plans/{plan.pk}/move/", version=plan.version, status="draft")
    plan.refresh_from_db()
    post(by, f"/plans/{plan.pk}/edit/need/", version=plan.version, title="Moves for 300", need=plan.need)
    said = text(as_(by).get(f"/plans/{plan.pk}/versions/?old=p1&new=now"))
    assert "Moves to opportunity" in said and "Moves for 300" in said
    others = text(as_(people[Role.FUNDER]).get(f"/plans/{plan.pk}/versions/"))
    assert "Moves for 300" not in others and "There is one version so far." in others
    history = as_(by).get(f"/plans/{plan.pk}/history/")
    assert "Moves for 300" in text(history)
    (tracts,) = re.findall(r'<li id="entry-plantract-\d+">(.*?)</li>', history.content.decode(), re.DOTALL)
    assert "3 tracts" in tracts and ", ".join(sorted(TRACTS)) in tracts  # added together, told once


def test_what_is_public_names_nobody_who_published_it(house):
    plan, people = house
    publish(plan, people)
    post(people[Role.ADVISER], f"/plans/{plan.pk}/move/", version=plan.version, status="draft")
    Plan.objects.filter(pk=plan.pk).update(need="Fewer get far.")
    publish(plan, people)
    make_public(plan=plan.pk, is_public=True, by=people[Role.CITY_STAFF], now=timezone.now())
    for path in ("", "versions/"):
        said = text(Client().get(f"/plans/{plan.pk}/{path}"))
        assert "Fewer get far." in said
        assert not [role for role, person in people.items() if str(person) in said], path
    assert str(people[Role.LEAD]) in text(as_(people[Role.FUNDER]).get(f"/plans/{plan.pk}/versions/"))


def test_a_second_click_on_make_it_public_leaves_it_public(house):
    plan, people = house
    publish(plan, people)
    staff, address = people[Role.CITY_STAFF], f"/plans/{plan.pk}/public/"
    page = as_(staff).get(address).content.decode()
    assert 'name="is_public" value="yes"' in page
    for _ in range(2):
        assert post(staff, address, version=plan.version, is_public="yes").status_code == 302
        plan.refresh_from_db()
        assert plan.is_public
    assert 'name="is_public" value="no"' in as_(staff).get(address).content.decode()
    assert post(staff, address, version=plan.version, is_public="no").status_code == 302
    plan.refresh_from_db()
    assert not plan.is_public


# Areas compared.


def test_areas_are_compared_in_the_order_of_geoids_with_a_picture_and_a_table(house):
    plan, people = house
    answer = as_(people[Role.EXPERT]).get(f"/plans/{plan.pk}/compare-areas/")
    page, said = answer.content.decode(), text(answer)
    shown = re.findall(r'data-geoid="(\d{11})"', page)
    assert len(shown) == 10 and shown == sorted(shown)
    assert "expected regret" in said and 'class="tract-picture"' in page
    assert "rank 1" not in said.lower()
    for query in (
        "?most=2",
        "?against=county&most=3",
        "?against=city",
        "?against=moon&most=x",
        "?most=0",
        f"?most={'9' * 5_000}",
    ):
        assert as_(people[Role.EXPERT]).get(f"/plans/{plan.pk}/compare-areas/{query}").status_code == 200


def test_without_budget_the_comparison_asks_for_one(house):
    plan, people = house
    Plan.objects.update(budget_usd=None)
    said = text(as_(people[Role.LEAD]).get(f"/plans/{plan.pk}/compare-areas/"))
    assert "Areas can’t be compared here." in said and "Give a budget" in said


def test_files_without_standard_errors_say_what_is_missing(tmp_path):
    engagement, people = city_house(tmp_path, errors=False, rows=6)
    plan = make_plan(
        engagement, people[Role.LEAD], tracts=TRACTS, interventions=1, budget_usd=90_000, cost_per_child_usd=1_000
    )
    client = as_(people[Role.LEAD])
    said = text(client.get(f"/plans/{plan.pk}/compare-areas/"))
    assert "no margin of error" in said and "full or simple tract file" in said
    page = text(client.get(f"/plans/{plan.pk}/"))
    assert "We can’t say how precise this is:" in page and "the" in page


def test_a_plan_without_imported_data_says_so(db):
    engagement, _ = pair()
    people = everybody(engagement)
    plan = make_plan(engagement, people[Role.LEAD])
    for path in ("", "edit/", "edit/area/", "compare-areas/", "review/"):
        assert as_(people[Role.LEAD]).get(f"/plans/{plan.pk}/{path}").status_code == 200, path


def test_somebody_without_a_role_is_told_nothing(house):
    plan, _ = house
    somebody = UserFactory()
    assert as_(somebody).get("/plans/new/").status_code == 403
    for path in ("", "edit/", "move/"):
        assert as_(somebody).post(f"/plans/{plan.pk}/{path}").status_code in (404, 405)
