"""The ledger's API: who posts what, once; payees for the team; sums that are those of a slow recomputation."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from atlas.models import CityTract
from engagements.models import (
    LedgerEntry,
    LedgerPlacement,
    LedgerPlacementTract,
    LedgerTotal,
    Plan,
    Project,
    ProjectPlan,
)
from engagements.money.queries.places import places
from engagements.money.queries.sums import money, money_sums
from engagements.money.rules.stages import STAGES
from engagements.permissions import EDIT_MONEY, PERMISSIONS, VIEW_MONEY, Role
from tests.engagements.milestones.test_api import asker, is_problem
from tests.factories.engagements import NOW, EngagementFactory, UserFactory, everybody, member, pair
from tests.factories.ledger import commitment, entry, funder
from tests.reference import ledger as slow

pytestmark = pytest.mark.django_db
ENTRIES, SUMS = "/api/v1/ledger/entries/", "/api/v1/ledger/sums/"


@pytest.fixture
def work():
    engagement = EngagementFactory()
    commitment(engagement)
    return engagement, member(Role.CITY_STAFF, engagement)


def body(engagement, **more) -> dict:
    wanted = {"engagement": engagement.pk, "stage": "spent", "amount": "99.50", "occurred_on": "2026-03-02"}
    return wanted | {"funder": funder(engagement).pk, "payee": "Acme", "external_id": "V-7"} | more


def test_an_entry_is_posted_once_for_one_key_and_read_back(work):
    engagement, staff = work
    client = asker(staff)
    first, second = (
        client.post(ENTRIES, body(engagement), format="json", headers={"Idempotency-Key": "k-1"}) for _ in range(2)
    )
    assert first.status_code == second.status_code == 201 and first.json() == second.json()
    assert second["Idempotency-Replayed"] == "true" and LedgerEntry.objects.filter(stage="spent").count() == 1
    found = client.get(f"{ENTRIES}{first.json()['id']}/").json()
    assert (found["usd"], found["payee"], found["price_year"], found["tracts"]) == ("99.50", "Acme", 2026, {})
    other = client.post(ENTRIES, body(engagement, amount="5"), format="json", headers={"Idempotency-Key": "k-1"})
    is_problem(other, 422)


def test_a_token_without_the_scope_and_a_stranger_post_nothing(work):
    engagement, staff = work
    reader = asker(staff, ["read"])
    assert "write:ledger" in is_problem(reader.post(ENTRIES, body(engagement), format="json"), 403)["detail"]
    is_problem(APIClient().post(ENTRIES, body(engagement), format="json"), 401)
    is_problem(APIClient().get(SUMS), 401)
    assert LedgerEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"amount": "-5"}, "amount"),
        ({"amount": "1.2m"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "99999999999"}, "amount"),
        ({"amount": "5000"}, "amount"),
        ({"stage": "paid"}, "stage"),
        ({"occurred_on": "03/04/2026"}, "occurred_on"),
        ({"occurred_on": "2030-01-01"}, "occurred_on"),
        ({"tracts": {"26163500100": "0.5"}}, "tracts"),
        ({"tracts": {"1": "1"}}, "tracts"),
        ({"tracts": "26163500100"}, "tracts"),
        ({"initiative": 1}, "engagement"),
        ({"colour": "red"}, "colour"),
        ({"payee": "x" * 151}, "payee"),
        ({"funder": 10**7}, "funder"),
    ],
)
def test_bad_input_is_a_problem_document_at_its_field(work, more, field):
    engagement, staff = work
    found = is_problem(asker(staff).post(ENTRIES, body(engagement, **more), format="json"), 400)
    assert field in str(found) and LedgerEntry.objects.count() == 1


def test_a_repeated_number_is_refused(work):
    engagement, staff = work
    client = asker(staff)
    assert client.post(ENTRIES, body(engagement), format="json").status_code == 201
    found = is_problem(client.post(ENTRIES, body(engagement, amount="1"), format="json"), 400)
    assert "Number V-7 is in the ledger already" in str(found)


def test_reversing_and_placing(work):
    engagement, staff = work
    CityTract.objects.create(city=engagement.city, geoid="26163500100", share=1, belongs=True, rule="half")
    client = asker(staff)
    pk = client.post(ENTRIES, body(engagement), format="json").json()["id"]
    placed = client.post(f"{ENTRIES}{pk}/tracts/", {"tracts": {"26163500100": "1"}, "why": "Annex"}, format="json")
    assert placed.status_code == 201 and placed.json()["tracts"] == {"26163500100": 1.0}
    back = client.post(f"{ENTRIES}{pk}/reverse/", {"why": "Twice"}, format="json")
    assert (back.status_code, back.json()["usd"], back.json()["reverses"]) == (201, "-99.50", pk)
    assert back.json()["tracts"] == {"26163500100": 1.0}
    assert client.get(f"{ENTRIES}{pk}/").json()["reversed_by"] == back.json()["id"]
    is_problem(client.post(f"{ENTRIES}{pk}/reverse/", {"why": "Twice"}, format="json"), 400)
    is_problem(client.post(f"{ENTRIES}{pk}/reverse/", {}, format="json"), 400)


def test_each_role_reads_what_the_table_says_in_both_cities():
    mine, other = pair()
    people = everybody(mine)
    plan = Plan.objects.create(engagement=mine, title="Draft", price_year=2026, written_by=people[Role.ADVISER])
    commitment(mine)
    shown = entry(mine, payee="Acme", payee_address="Main St", description="Wages", external_id="V-1", plan=plan)
    shown.save()
    there = commitment(other)
    for role, user in people.items():
        client = asker(user)
        rows = {row["id"]: row for row in client.get(ENTRIES).json()["results"]}
        sees = VIEW_MONEY in PERMISSIONS[role]
        assert (shown.pk in rows) is sees
        assert (there.pk in rows) is (role in (Role.LEAD, Role.FUNDER))
        assert client.get(f"{ENTRIES}{shown.pk}/").status_code == (200 if sees else 404)
        assert bool(client.get(SUMS).json()["results"]) is sees
        if sees:
            row = rows[shown.pk]
            hidden = role is Role.FUNDER
            assert [row[n] for n in ("payee", "payee_address", "description", "external_id", "plan", "entered_by")] == (
                [None] * 6 if hidden else ["Acme", "Main St", "Wages", "V-1", plan.pk, str(shown.entered_by)]
            )
            # What may not be read may not be found out by filtering either.
            for query in ("?external_id=V-1", "?words=acme", f"?plan={plan.pk}"):
                assert bool(client.get(ENTRIES + query).json()["count"]) is not hidden
            assert {s["plan"] for s in client.get(SUMS).json()["results"]} <= ({None} if hidden else {None, plan.pk})


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?stage=spent", 2),
        ("?stage=spent&stage=committed", 3),
        ("?since=2026-05-01", 1),
        ("?until=2026-02-28", 1),
        ("?placed=false", 3),
        ("?placed=true", 0),
        ("?words=fund", 3),
        ("?page_size=1", 3),
    ],
)
def test_filters(work, query, count):
    engagement, staff = work
    entry(engagement, amount=5).save()
    entry(engagement, amount=6, on=date(2026, 5, 2)).save()
    assert asker(staff).get(ENTRIES + query).json()["count"] == count
    is_problem(asker(staff).get(ENTRIES + "?stages=spent"), 400)


def test_sums_of_the_database_are_those_of_the_slow_reference():
    """Random entries and reversals, some fictional, some placed, over two years and both doors of the queries."""
    engagement = EngagementFactory(starts_on=date(2024, 1, 1))
    lead, by, drawn = member(Role.LEAD, engagement), UserFactory(), random.Random(20261127)
    funders = [funder(engagement, name) for name in ("One", "Two")]
    tracts = ["26163500100", "26163500200", "26163500300"]
    for geoid in tracts:
        CityTract.objects.create(city=engagement.city, geoid=geoid, share=1, belongs=True, rule="half")
    rows = []
    for kind in (False, True):
        for source in funders:
            more = {"amount": 9_000_000, "funder": source, "is_fictional": kind, "on": date(2024, 1, 1)}
            rows.append(entry(engagement, by, stage="committed", **more))
    for _ in range(150):
        on = date(2024, 1, 2) + timedelta(days=drawn.randrange(700))
        rows.append(
            entry(
                engagement,
                by,
                stage=drawn.choice([m.value for m in STAGES]),
                on=on,
                funder=drawn.choice(funders),
                amount=Decimal(drawn.randrange(1, 1_000_000)) / 100,
                is_fictional=drawn.random() < 0.3,
            )
        )
    LedgerEntry.objects.bulk_create(rows)
    backs = [
        LedgerEntry(
            reverses=row,
            why="x",
            entered_by=by,
            entered_at=NOW,
            occurred_on=row.occurred_on + timedelta(days=drawn.randrange(100)),
            **{
                n: getattr(row, n)
                for n in ("initiative", "engagement", "funder", "stage", "amount_usd", "price_year", "is_fictional")
            },
        )
        for row in rows
        if row.stage != "committed" and drawn.random() < 0.3
    ]
    LedgerEntry.objects.bulk_create(backs)
    placed = {}
    for row in drawn.sample(rows, 60):
        for number in range(1, drawn.randrange(2, 4)):
            chosen = drawn.sample(tracts, drawn.randrange(1, 4))
            made = LedgerPlacement.objects.create(entry=row, number=number, placed_by=by, placed_at=NOW)
            placed[row.pk] = {geoid: 1 / len(chosen) for geoid in chosen}
            LedgerPlacementTract.objects.bulk_create(
                LedgerPlacementTract(placement=made, geoid=geoid, share=share)
                for geoid, share in placed[row.pk].items()
            )
    plain = [
        slow.Row(
            row.stage,
            row.amount_usd,
            row.occurred_on,
            row.funder_id,
            row.is_fictional,
            row.reverses_id,
            placed.get(row.reverses_id or row.pk, {}),
        )
        for row in (*rows, *backs)
    ]
    found = money(lead, engagement.pk)
    for sums, kind in ((found.recorded, False), (found.fictional, True)):
        of_kind = [row for row in plain if row.is_fictional is kind]
        assert sums.entries == len(of_kind)
        for stage in sums.stages:
            assert stage.usd * 100 == slow.total_cents(of_kind, stage=stage.stage)
        for row in sums.by_funder:
            for meaning, usd in zip(STAGES, row.usd, strict=True):
                assert usd * 100 == slow.total_cents(of_kind, stage=meaning.value, funder=row.pk)
        for stage, run in sums.over_time.items():
            so_far = 0
            for when, usd in run:
                so_far += slow.total_cents(of_kind, stage=stage, quarter=when)
                assert usd * 100 == so_far
    for block in places(lead, engagement.pk):
        of_kind = [row for row in plain if row.is_fictional is block.is_fictional]
        for row in block.tracts:
            for meaning, usd in zip(STAGES, row.usd, strict=True):
                exact = slow.tract_cents([each for each in of_kind if each.stage == meaning.value], row.place)
                assert abs(usd * 100 - Decimal(float(exact))) < 1
        for at, whole in enumerate(block.total):
            assert sum(row.usd[at] for row in block.tracts) + block.not_placed[at] == whole
    api = {}
    for row in money_sums(lead, engagement=engagement.pk):
        api[row["stage"], row["is_fictional"]] = api.get((row["stage"], row["is_fictional"]), 0) + row["usd"]
    for (stage, kind), usd in api.items():
        assert usd * 100 == slow.total_cents([row for row in plain if row.is_fictional is kind], stage=stage)
    assert sum(LedgerTotal.objects.values_list("entries", flat=True)) == len(plain)


def test_each_role_posts_and_reverses_where_the_table_says():
    mine, other = pair()
    for role, user in everybody(mine).items():
        client, may = asker(user), EDIT_MONEY in PERMISSIONS[role]
        for engagement in (mine, other):
            commitment(engagement)  # one in use, one to take back
            first = commitment(engagement)
            allowed = may and (engagement is mine or role is Role.LEAD)
            wanted = body(engagement, external_id="", is_another=True)
            assert client.post(ENTRIES, wanted, format="json").status_code == (201 if allowed else 404), role
            back = client.post(f"{ENTRIES}{first.pk}/reverse/", {"why": "x"}, format="json")
            assert back.status_code == (201 if allowed else 404), role
            placed = client.post(f"{ENTRIES}{first.pk}/tracts/", {"tracts": {"1": "1"}}, format="json")
            assert placed.status_code == (400 if allowed else 404), role


def test_an_entry_names_its_project_and_is_found_by_it(work):
    engagement, staff = work
    project, other = (Project.objects.create(engagement=engagement, title=t, source="a test") for t in ("One", "Two"))
    plan = Plan.objects.create(engagement=engagement, title="A plan", price_year=2026, written_by=staff)
    ProjectPlan.objects.create(engagement=engagement, project=other, plan=plan)
    client = asker(staff)
    made = client.post(ENTRIES, body(engagement, project=project.pk), format="json")
    assert made.status_code == 201 and made.json()["project"] == project.pk
    assert [row["id"] for row in client.get(f"{ENTRIES}?project={project.pk}").json()["results"]] == [made.json()["id"]]
    assert not client.get(f"{ENTRIES}?project={other.pk}").json()["results"]
    assert {s["project"] for s in client.get(SUMS).json()["results"]} == {None, project.pk}
    wrong = body(engagement, project=project.pk, plan=plan.pk, external_id="V-8")
    assert list(is_problem(client.post(ENTRIES, wrong, format="json"), 400)["errors"]) == ["project"]
