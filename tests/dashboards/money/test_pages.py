"""Pages of money: figures with what they mean, recorded apart from invented, nothing of payees for funders."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from atlas.formatting.money import format_axis_dollars
from atlas.ingest import areas
from atlas.models import City, CityTract
from dashboards.charts.money_map import MapTracts, draw_money_map
from dashboards.charts.money_over_time import draw_money
from dashboards.exports.figure_svg import draw_figure
from engagements.models import BudgetLine, LedgerEntry, LedgerPlacement, LedgerPlacementTract, Plan, PlanPublication
from engagements.money.rules.stages import STAGES
from engagements.permissions import Role
from tests.factories import grid, portal
from tests.factories.engagements import NOW, EngagementFactory, everybody, member
from tests.factories.ledger import budget_line, commitment, entry, funder
from tests.factories.plans import city_house

pytestmark = pytest.mark.django_db


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def work():
    engagement = EngagementFactory()
    return engagement, everybody(engagement)


def fill(engagement, by, count=1) -> None:
    commitment(engagement, by, amount=100_000)
    plan = Plan.objects.create(engagement=engagement, title="Secret draft", price_year=2026, written_by=by)
    for number in range(count):
        entry(
            engagement,
            by,
            amount=250 + number,
            plan=plan,
            payee="Acme LLC",
            payee_address="9 Main St",
            description="Wages",
            external_id=f"V-{number}",
        ).save()


def text(client, engagement, end="") -> str:
    response = client.get(f"/engagements/{engagement.slug}/money/{end}")
    assert response.status_code == 200
    return response.content.decode()


def test_five_figures_each_with_its_definition_and_the_time(work):
    engagement, people = work
    fill(engagement, people[Role.LEAD])
    budget_line(engagement)
    words = text(as_(people[Role.LEAD]), engagement)
    for meaning in STAGES:
        assert words.count(meaning.definition) >= 2  # the figure and the chart
    assert "$250 of $100,000 committed is spent" in words and "as of Nov 23, 2026" in words
    assert "Don’t add stages together" in words and "$250 of a budget of $500 is spent" in words
    assert words.count("money-figure") == 2 and "Table of the same running totals" in words and "style=" not in words


def test_funders_see_sums_and_entries_and_nothing_of_payees_or_drafts(work):
    engagement, people = work
    fill(engagement, people[Role.LEAD])
    taken = LedgerEntry.objects.get(stage="spent")
    LedgerPlacement.objects.create(entry=taken, number=1, why="The annex", placed_by=people[Role.LEAD], placed_at=NOW)
    client = as_(people[Role.FUNDER])
    pages = [text(client, engagement, end) for end in ("", "entries/", "places/", "live/", "entries.csv", "sums.csv")]
    pages.append(client.get(f"/money/{taken.pk}/").content.decode())
    for page in pages:
        for hidden in ("Acme", "9 Main St", "Wages", "V-0", "Secret draft", "The annex", str(people[Role.LEAD])):
            assert hidden not in page
    assert "$250" in pages[0] and "A plan that is not published" in pages[0] and "money/new/" not in pages[0]
    team = as_(people[Role.EXPERT])
    assert "Acme LLC" in text(team, engagement) and "9 Main St" in text(team, engagement, "places/")
    assert "Secret draft" in text(team, engagement)


def test_who_sees_no_draft_reads_the_title_a_plan_was_published_with_until_it_is_archived(work):
    engagement, people = work
    lead = people[Role.LEAD]
    fill(engagement, lead)
    plan = Plan.objects.get()
    PlanPublication.objects.create(
        plan=plan,
        number=1,
        content={"title": "Homes near good schools"},
        figures={},
        approved_by=lead,
        published_by=lead,
        published_at=NOW,
    )
    Plan.objects.update(published_at=NOW)  # a revision is begun under another name
    client, ends = as_(people[Role.FUNDER]), ("", "entries/", "live/", "entries.csv", "sums.csv")
    pages = {end: text(client, engagement, end) for end in ends}
    pages["entry"] = client.get(f"/money/{LedgerEntry.objects.get(stage='spent').pk}/").content.decode()
    for end, page in pages.items():
        assert "Secret draft" not in page and "Homes near good schools" in page, end
    assert "Secret draft" in text(as_(people[Role.EXPERT]), engagement)
    Plan.objects.update(archived_at=NOW, archived_by=lead)
    for end in ends:
        assert "Homes near" not in text(client, engagement, end), end
    found = client.get(f"/api/v1/ledger/entries/?plan={plan.pk}").json()
    assert found["count"] == 0


def test_invented_money_stands_apart_and_enters_no_recorded_sum(work):
    engagement, people = work
    commitment(engagement, amount=1000)
    commitment(engagement, amount=7, is_fictional=True)
    words = text(as_(people[Role.LEAD]), engagement)
    assert '<dd class="stage-usd">$1,000</dd>' in words and '<dd class="stage-usd">$7</dd>' in words
    assert "$1,007" not in words and words.count('class="sample-mark">Demo data') == 1


def test_an_open_page_is_told_only_what_is_new(work):
    engagement, people = work
    client, address = as_(people[Role.FUNDER]), f"/engagements/{engagement.slug}/money/live/"
    commitment(engagement)
    first = client.get(address)
    version = first["ETag"].strip('"')
    assert f"?version={version}" in first.content.decode()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"{address}?version={version}").status_code == 204
    assert len(queries) <= 6
    assert client.get(address, headers={"if-none-match": f'"{version}"'}).status_code == 204
    entry(engagement, amount=33).save()
    again = client.get(f"{address}?version={version}")
    assert again.status_code == 200 and "$33" in again.content.decode()


@pytest.mark.parametrize("role", [Role.LEAD, Role.FUNDER])
def test_statements_do_not_grow_with_entries(work, role):
    engagement, people = work
    client, counts = as_(people[role]), []
    fill(engagement, people[Role.LEAD], 2)
    ends = ("", "entries/", "places/", "entries.csv", "sums.csv")
    for more in (0, 20):
        for number in range(more):
            entry(engagement, amount=number + 1, external_id=f"N-{number}", funder=funder(engagement)).save()
            budget_line(engagement, name=f"Line {number}")
        with CaptureQueriesContext(connection) as queries:
            for end in ends:
                text(client, engagement, end)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_empty_ledger_says_what_will_be_there_and_what_the_record_says(work):
    engagement, people = work
    engagement.initiative.summary = "Three funders committed $12 million."
    engagement.initiative.save()
    lead, funder_ = (text(as_(people[role]), engagement) for role in (Role.LEAD, Role.FUNDER))
    assert "money/new/" in lead and "money/new/" not in funder_
    assert "On the public record:</strong> Three funders committed $12 million. Source: a test" in lead
    assert "This is not a transaction" in lead and not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("?stage=spent", 3),
        ("?stage=committed", 1),
        ("?words=acme", 3),
        ("?words=nobody", 0),
        ("?placed=no", 4),
        ("?placed=yes", 0),
        ("?since=2026-03-01", 3),
        ("?until=2026-02-28", 1),
        ("?page=2", 0),
        ("?page=x", 4),
        ("?stage=paid", 4),
        ("?since=tomorrow", 4),
        ("?funder=999999", 4),
    ],
)
def test_the_filter_of_entries(work, query, shown):
    engagement, people = work
    fill(engagement, people[Role.LEAD], 3)
    assert text(as_(people[Role.LEAD]), engagement, f"entries/{query}").count('<tr id="entry-') == shown


def test_entries_as_a_table_hold_numbers_and_no_formula(work):
    engagement, people = work
    first = commitment(engagement, payee="=1+1")
    LedgerEntry(
        **{
            name: getattr(first, name)
            for name in (
                "initiative",
                "engagement",
                "funder",
                "stage",
                "amount_usd",
                "price_year",
                "entered_by",
                "entered_at",
            )
        },
        reverses=first,
        why="x",
        occurred_on=date(2026, 4, 1),
    ).save()
    rows = list(csv.DictReader(io.StringIO(text(as_(people[Role.LEAD]), engagement, "entries.csv").lstrip("\ufeff"))))
    assert [row["usd"] for row in rows] == ["-1000", "1000"] and rows[1]["payee"] == "'=1+1"


# --- Forms ----------------------------------------------------------------------------------------

ENTRY = {
    "stage": "spent",
    "amount": "$1,200.50",
    "occurred_on": "2026-03-02",
    "submission": "12345678-1234-5678-1234-567812345678",
}


@pytest.mark.parametrize(
    ("more", "field", "said"),
    [
        ({"amount": "-5"}, "amount", "reverse it"),
        ({"amount": "1.2m"}, "amount", "is rounded"),
        ({"amount": "€5"}, "amount", "not in US dollars"),
        ({"amount": ""}, "amount", "required"),
        ({"amount": "999999"}, "amount", "committed"),
        ({"stage": "paid"}, "stage", "valid choice"),
        ({"occurred_on": "3/2/2026"}, "occurred_on", "Give a day such as"),
        ({"funder": "999999"}, "funder", "valid choice"),
        ({"tracts": ["26163500100"]}, "tracts", "not one of the city"),
        ({"tracts": ["26163500100:0.4"]}, "tracts", "not one of the city"),
        ({"tracts_area": "aaaa"}, "tracts", "not there any more"),
        ({"payee": "x" * 151}, "payee", "at most 150"),
        ({"price_year": "1999"}, "price_year", "2000"),
    ],
)
def test_an_entry_form_says_what_to_mend_and_keeps_what_was_typed(work, more, field, said):
    engagement, people = work
    commitment(engagement, amount=5000)
    client, address = as_(people[Role.CITY_STAFF]), f"/engagements/{engagement.slug}/money/new/"
    answer = client.post(address, ENTRY | {"funder": funder(engagement).pk, "payee": "Acme"} | more)
    assert answer.status_code == 422 and said in " ".join(answer.context["form"].errors[field])
    assert answer.context["form"]["occurred_on"].value() == more.get("occurred_on", "2026-03-02")
    assert LedgerEntry.objects.count() == 1


SHARE = "tracts_share_"


@pytest.mark.parametrize(
    ("more", "shares"),
    [
        ({}, {}),
        ({"tracts": [0, 1]}, {0: 0.5, 1: 0.5}),
        ({"tracts": [0, 1, 2], f"{SHARE}1": "50"}, {0: 0.25, 1: 0.5, 2: 0.25}),
        ({"tracts": [1], f"{SHARE}0": "90"}, {1: 1}),  # the share of a tract that is not ticked counts for nothing
        ({"tracts_area": "mine"}, {2: 0.5, 3: 0.5}),
    ],
)
def test_tracts_are_ticked_or_those_of_a_saved_area_and_share_the_money(tmp_path, more, shares):
    engagement, people = city_house(tmp_path)
    commitment(engagement, amount=5000)
    geoids, staff = grid.geoids(4), people[Role.CITY_STAFF]
    token = areas.create_area("picked", "East side", geoids[2:], owner=staff.pk)
    sent: dict = {}
    for name, value in more.items():
        named = f"{SHARE}{geoids[int(name[-1])]}" if name.startswith(SHARE) else name
        sent[named] = token if value == "mine" else [geoids[n] for n in value] if isinstance(value, list) else value
    made = as_(staff).post(
        f"/engagements/{engagement.slug}/money/new/", ENTRY | {"funder": funder(engagement).pk} | sent
    )
    assert made.status_code == 302
    kept = LedgerPlacementTract.objects.values_list("geoid", "share")
    assert dict(kept) == pytest.approx({geoids[n]: share for n, share in shares.items()})
    page = as_(staff).get(f"{made['Location']}place/").content.decode()  # what is known is where the form starts
    assert page.count(" checked>") == len(shares) and page.count("tracts_share_") == 10


def test_what_was_ticked_and_typed_of_tracts_comes_back_in_an_open_fold(tmp_path):
    engagement, people = city_house(tmp_path)
    geoid = grid.geoids(1)[0]
    sent = ENTRY | {"funder": funder(engagement).pk, "tracts": [geoid], f"{SHARE}{geoid}": "140"}
    answer = as_(people[Role.CITY_STAFF]).post(f"/engagements/{engagement.slug}/money/new/", sent)
    assert answer.status_code == 422 and "percent above 0" in str(answer.context["form"].errors["tracts"])
    page = answer.content.decode()
    assert page.count('<details class="fold" open') == 1 and 'value="140"' in page
    assert re.search(rf'value="{geoid}" checked', page) and 'href="#id_tracts"' in page


def test_statements_of_the_entry_form_do_not_grow_with_tracts_and_areas(tmp_path):
    engagement, people = city_house(tmp_path, rows=3)
    staff = people[Role.CITY_STAFF]
    client, counts = as_(staff), []
    for number in (1, 5):
        for _ in range(number):
            areas.create_area("picked", "Some", grid.geoids(20), owner=staff.pk)
        client.get(f"/engagements/{engagement.slug}/money/new/")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(f"/engagements/{engagement.slug}/money/new/").status_code == 200
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 25, counts


def test_an_entry_is_entered_reversed_and_asked_about_when_it_comes_again(work):
    engagement, people = work
    commitment(engagement, amount=5000)
    client, address = as_(people[Role.CITY_STAFF]), f"/engagements/{engagement.slug}/money/new/"
    sent = ENTRY | {"funder": funder(engagement).pk}
    for _ in range(2):  # a second click
        made = client.post(address, sent)
        assert made.status_code == 302
    assert LedgerEntry.objects.get(stage="spent").amount_usd == Decimal("1200.50")
    again = sent | {"submission": "12345678-1234-5678-1234-567812345679"}
    asked = client.post(address, again)
    assert asked.status_code == 422 and 'type="checkbox" name="is_another"' in asked.content.decode()
    assert client.post(address, again | {"is_another": "on"}).status_code == 302
    back = client.post(f"{made['Location']}reverse/", {"why": "", "occurred_on": "2026-04-01", **_submission(3)})
    assert back.status_code == 422
    back = client.post(f"{made['Location']}reverse/", {"why": "Twice", "occurred_on": "2026-04-01", **_submission(3)})
    assert "This transaction reverses" in client.get(back["Location"]).content.decode()
    assert "was reversed by" in client.get(made["Location"]).content.decode()


def test_budget_forms(work):
    engagement, people = work
    client, address = as_(people[Role.ADVISER]), f"/engagements/{engagement.slug}/money/budget/new/"
    sent = {"name": "Counseling", "amount_usd": "500", "period_start": "2026-01-01", "period_end": "2026-12-31"}
    assert client.post(address, sent | {"period_end": "2025-12-31"} | _submission(1)).status_code == 422
    assert client.post(address, sent | {"amount_usd": "lots"} | _submission(1)).status_code == 422
    assert client.post(address, sent | _submission(1)).status_code == 302
    line = BudgetLine.objects.get()
    edit = f"/budget/{line.pk}/edit/"
    changed = sent | {"amount_usd": "700", "why": "Agreed", "version": "1"}
    assert client.post(edit, changed | {"why": ""} | _submission(2)).status_code == 422
    assert client.post(edit, changed | _submission(2)).status_code == 302
    assert client.post(edit, changed | {"amount_usd": "800"} | _submission(3)).status_code == 409
    archive = f"/budget/{line.pk}/archive/"
    assert client.post(archive, {"why": "Over", "version": "2"} | _submission(4)).status_code == 302
    assert client.get(edit).status_code == 404


def _submission(number: int) -> dict[str, str]:
    return {"submission": f"12345678-1234-5678-1234-56781234567{number}"}


# --- The chart --------------------------------------------------------------------------------------


def test_the_chart_names_each_line_at_its_end_without_covering_another():
    run = {"committed": (((2026, 1), Decimal(100)),), "spent": (((2026, 2), Decimal(99)),)}
    figure = draw_money(run, (2026, 4))
    assert [trace.name for trace in figure.data] == ["Committed", "Spent"]
    assert list(figure.data[1].y) == [0, 0, 99, 99, 99, 99]
    places = [note.y * 256 / (1.06 * 100) + note.yshift for note in figure.layout.annotations]
    assert abs(places[0] - places[1]) >= 17
    assert "<svg" in draw_figure(figure, "t", width=358)
    assert [format_axis_dollars(n) for n in (0, 950, 20_000, 1.5e6, 2e9)] == ["$0", "$950", "$20k", "$1.5M", "$2B"]


def test_a_chart_of_nothing_but_reversals_is_drawn_too():
    assert "<svg" in draw_figure(draw_money({"spent": (((2026, 1), Decimal(-5)),)}, (2026, 1)), "t", width=358)


def test_a_member_of_another_city_finds_no_money(work):
    engagement, _ = work
    other = EngagementFactory(initiative=engagement.initiative)
    client = as_(member(Role.CITY_STAFF, other))
    assert client.get(f"/engagements/{engagement.slug}/money/").status_code == 404
    assert client.get(f"/money/{commitment(engagement).pk}/").status_code == 404


# --- The map of where it works ------------------------------------------------------------------------


def test_the_map_colours_amounts_and_hatches_tracts_without_any():
    tracts = MapTracts(("1", "2", "3", "4"), ("Old <Town>", "", "", ""), (True, True, True, False))
    figure = draw_money_map(tracts, {"1": Decimal("1200.50"), "2": Decimal(90), "9": Decimal(5)}, "Spent")
    traces = {trace.name: trace for trace in figure.data}
    assert list(traces["tracts"].locations) == ["1", "2", "3"] and list(traces["edge"].locations) == ["4"]
    assert traces["tracts"].z[2] == -1 and traces["tracts"].z[0] > traces["tracts"].z[1] >= 0
    assert [row[1] for row in traces["tracts"].customdata] == [
        "$1,200.50 spent",
        "$90 spent",
        "nothing spent is placed here",
    ]
    assert traces["tracts"].customdata[0][0] == "Old &lt;Town&gt;"
    assert list(traces["hatch"].locations) == ["3", "4"] and traces["hatch"].meta == {"pattern": "hatch"}
    assert traces["edge"].marker.opacity < 1
    assert draw_money_map(MapTracts(("1",), ("",), (False,)), {"1": Decimal(5)}, "Spent").data[0].marker.opacity == 1
    assert not draw_money_map(MapTracts((), (), ()), {}, "Spent").data
    cents = draw_money_map(tracts, {"1": Decimal("4337.69"), "2": Decimal("4337.68")}, "Spent").data[0]
    assert cents.z[0] == cents.z[1] == 0 and list(cents.colorbar.ticktext) == ["none", "about $4.3k"]
    assert list(traces["tracts"].colorbar.ticktext) == ["none", "$1.2k"] and list(traces["tracts"].z) == [1, 0, -1]


def test_the_map_is_of_one_stage_and_knows_no_payee(tmp_path):
    portal.build(tmp_path)
    city = City.objects.get(slug="springfield")
    engagement = EngagementFactory(city=city)
    people = everybody(engagement)
    fill(engagement, people[Role.LEAD])
    placed = LedgerEntry.objects.get(stage="spent")
    tract = CityTract.objects.filter(city=city, vintage=2010, belongs=True).first().geoid
    made = LedgerPlacement.objects.create(entry=placed, number=1, placed_by=people[Role.LEAD], placed_at=NOW)
    LedgerPlacementTract.objects.create(placement=made, geoid=tract, share=1)
    for role in (Role.LEAD, Role.FUNDER):
        answer = as_(people[role]).get(f"/engagements/{engagement.slug}/money/places/")
        ((_, drawn),) = answer.context["blocks"]
        words = answer.content.decode()
        assert answer.context["stage"].value == "spent"  # the latest that a tract is named for
        assert drawn.finding == "$250 of $250 spent is placed in 1 tract."
        assert "$250 spent" in str(drawn.figure) and "9 Main St" not in str(drawn.figure)
        assert f'data-geometry="/cities/{city.slug}/geometry.json"' in words and 'id="figure-places-recorded"' in words
        assert "which is no effect" in words and f'href="/tracts/{tract}/"' in words
        assert ("9 Main St" in words) is (role is Role.LEAD)
    client = as_(people[Role.LEAD])
    none = client.get(f"/engagements/{engagement.slug}/money/places/?stage=committed").content.decode()
    assert "No tract is named for anything committed yet" in none and "data-geometry" not in none
    assert "Nothing of $100,000 committed is placed in a tract yet." in none
    wrong = client.get(f"/engagements/{engagement.slug}/money/places/?stage=paid")
    assert wrong.status_code == 400 and "“paid” is no stage of money" in wrong.content.decode()


def test_without_boundaries_the_table_stands_alone(work):
    engagement, people = work
    fill(engagement, people[Role.LEAD])
    CityTract.objects.create(city=engagement.city, geoid="26163500100", share=1, belongs=True, rule="half")
    made = LedgerPlacement.objects.create(
        entry=LedgerEntry.objects.get(stage="spent"), number=1, placed_by=people[Role.LEAD], placed_at=NOW
    )
    LedgerPlacementTract.objects.create(placement=made, geoid="26163500100", share=1)
    words = text(as_(people[Role.FUNDER]), engagement, "places/")
    assert "boundaries are not imported yet" in words and "26163500100" in words and "data-geometry" not in words
