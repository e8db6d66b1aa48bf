"""Pages of a portfolio: what a funder sees, what nobody sees there, and what answers what cannot be asked."""

import csv
import io
import re
from datetime import date, timedelta
from urllib.parse import quote
from uuid import uuid4

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagements import models
from engagements.permissions import Role
from tests.factories.engagements import UserFactory, give
from tests.factories.portfolio import World, random_deeds

pytestmark = pytest.mark.django_db
TEAM_ONLY = (
    "Jane Doe",
    "Bank account 7",
    "Internal worry",
    "City-only worry",
    "Draft plan nobody approved",
    "blocked",
    "Draft of",
    "999111",
    "Secret value note",
    "Unpublished words",
    "Evidence of acceptance",
)
SMALL = ("entries/", "milestones/", "values/", "budget/", "cities.csv", "cities.xlsx")


@pytest.fixture
def world():
    """Everything a portfolio has, each with something beside it that funders may not see."""
    made = World(name="Homes and Work")
    made.status("active")
    made.entry("committed", 500_000, at=None, on=date(2026, 1, 5))
    made.entry("spent", 12_500, payee="Jane Doe", payee_address="Bank account 7", description="Secret value note")
    made.milestone(due=-40, title="Sign the lease", status="blocked", acceptance_evidence="Evidence of acceptance")
    made.milestone(due=20, title="Open the office")
    made.budget(50_000)
    made.risk(title="Rents rise", mitigation="Longer leases")
    made.risk(title="Internal worry", visibility="team")
    made.risk(title="City-only worry", visibility="city")
    counted = made.indicator(
        counts_people=True,
        is_unduplicated=True,
        baseline=0,
        baseline_on=date(2026, 1, 1),
        target=400,
        target_on=date(2026, 12, 31),
    )
    made.value(counted, 120, 1)
    made.value(counted, 999_111, 2, status="draft", note="Secret value note")
    made.plan(title="Published plan", interventions=(made.evidence("rct"), None))
    made.plan(title="Draft plan nobody approved", interventions=(None,), publish=False)
    made.update(said="Opened two offices.")
    made.engagements[1].updates.create(
        year=2026, quarter=3, what_we_did="Unpublished words", written_by=made.by, status="draft"
    )
    return made


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def without_token(answer) -> str:
    """The page but for the sign-out form's token, which no two pages share."""
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


def read(client, world, address="", **query):
    return client.get(f"/portfolio/{world.initiative.slug}/{address}", query)


def test_a_funder_reads_the_first_screen_and_goes_to_the_entries_in_one_click(world):
    client = client_of(world.funder)
    page = read(client, world).content.decode()
    for words in (
        "1 of 3 cities active",
        "$500,000 committed",
        "$12,500 spent",
        "Rents rise",
        "Longer leases",
        "Opened two offices.",
        "120",
        "Randomized trial",
        "Published plan",
        "Open the office",
        "Late by 40 days",
        "Promised by a funder in writing.",
        "Used up for goods or services",
    ):
        assert words in page, words
    entries = read(client, world, "entries/", stage="spent").content.decode()
    assert "$12,500" in entries and "Spent: transactions" in entries
    late = read(client, world, "milestones/", which="late").content.decode()
    assert "Sign the lease" in late and "Blocked" in late and "Open the office" not in late
    assert "120" in read(client, world, "values/", which="people").content.decode()
    assert "$50,000" in read(client, world, "budget/").content.decode()


@pytest.mark.parametrize("role", [Role.FUNDER, Role.LEAD])
def test_nothing_internal_is_on_any_page_file_or_answer_whoever_reads(world, role):
    client = client_of(world.person(role))
    base = f"/portfolio/{world.initiative.slug}/"
    addresses = [base, *(base + page for page in SMALL[:5]), f"/api/v1{base}", f"{base}milestones/?which=late"]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        for words in TEAM_ONLY:
            assert words not in answer.content.decode(), (address, words)


LISTS = ("entries/?stage=spent", "milestones/", "values/", "budget/", "shares/", "reports/")


@pytest.mark.parametrize("role", [Role.ADVISER, Role.CITY_STAFF, Role.LOCAL_PARTNER])
def test_who_works_in_one_city_reads_the_figures_and_no_list_behind_them(world, role):
    """No payee, no note, nothing marked for another city's team, and no link to what they cannot open."""
    client, base = client_of(world.person(role)), f"/portfolio/{world.initiative.slug}/"
    for address in (base, f"{base}cities.csv", f"/api/v1{base}"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert not [words for words in TEAM_ONLY if words in answer.content.decode()], address
    page = client.get(base).content.decode()
    assert "entries/?" not in page and "shares/" not in page and "/reports/" not in page
    for name in LISTS:
        assert client.get(base + name).status_code == 404, name
    for kind in ("portfolio_pptx", "portfolio_pdf", "portfolio_xlsx"):  # files hold the lists: they are not theirs
        asked = {"kind": kind, "initiative": world.initiative.slug, "submission": str(uuid4())}
        assert client.post("/reports/ask/", asked).status_code == 404 and not models.Report.objects.exists()
    assert client.get("/portfolio/").headers["location"] == base
    other = World()
    assert client.get(f"/portfolio/{other.initiative.slug}/").status_code == 404
    models.EngagementRole.objects.filter(initiative=world.initiative).update(ended_on=timezone.localdate())
    assert client.get(base).status_code == 404


@pytest.mark.parametrize("role", [Role.EXPERT, None])
def test_without_such_a_role_there_is_no_portfolio(world, role):
    client = client_of(world.person(role) if role else UserFactory())
    for page in ("", *SMALL, "shares/"):
        assert read(client, world, page).status_code == 404
    own = client.get("/portfolio/")  # the cities whose work they see anyway, and no way to the portfolio
    assert own.status_code == (200 if role else 404)
    assert f"/portfolio/{world.initiative.slug}/" not in own.content.decode()
    assert client.get(f"/api/v1/portfolio/{world.initiative.slug}/").status_code == 404


def test_anothers_initiative_answers_exactly_as_one_that_is_not_there(world):
    other = World(name="Someone else’s secret initiative")
    random_deeds(other, 3, 10)
    client = client_of(world.funder)
    for page in ("", *SMALL, "shares/"):
        for query in ("", "?as_of=1999-01-01", "?from=nonsense", "?as_of=2999-01-01", "?stage=nonsense"):
            there = client.get(f"/portfolio/{other.initiative.slug}/{page}{query}")
            nowhere = client.get(f"/portfolio/never-was/{page}{query}")
            assert (there.status_code, nowhere.status_code) == (404, 404)
            assert without_token(there) == without_token(nowhere)
    for query in ("", "?as_of=1999-01-01", "?from=nonsense"):
        there = client.get(f"/api/v1/portfolio/{other.initiative.slug}/{query}")
        nowhere = client.get(f"/api/v1/portfolio/never-was/{query}")
        assert (there.status_code, there.json()["detail"]) == (404, nowhere.json()["detail"])
    assert b"secret initiative" not in client.get("/portfolio/", follow=True).content


def test_the_same_statements_are_asked_for_what_is_anothers_and_what_is_not_there(world):
    other = World()
    client = client_of(world.funder)
    counts = []
    for slug in (other.initiative.slug, "never-was"):
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/portfolio/{slug}/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def selects_of_the_initiative(client: Client, address: str) -> list[str]:
    """Statements that look the initiative up: it is the first table they read from."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    tables = [(query["sql"], query["sql"].partition(" FROM ")[2]) for query in asked]
    return [sql for sql, table in tables if table.startswith('"engagements_initiative"')]


def test_a_page_fetches_its_initiative_once_cold_and_warm(world):
    client = client_of(world.funder)
    pages = [f"/portfolio/{world.initiative.slug}/{page}" for page in ("", *SMALL, "shares/", "reports/", "grants.csv")]
    for address in (*pages, f"/api/v1/portfolio/{world.initiative.slug}/"):
        cache.clear()
        for state in ("cold", "warm"):
            found = selects_of_the_initiative(client, address)
            # A file that leaves is written in the security log, which finds the initiative it names by itself.
            expected = 2 if address.endswith((".csv", ".xlsx")) else 1
            assert len(found) == expected, (address, state, found)


def test_who_reads_one_goes_straight_to_it_and_who_reads_several_chooses(world):
    client = client_of(world.funder)
    assert client.get("/portfolio/").headers["Location"] == f"/portfolio/{world.initiative.slug}/"
    second = World(name="Another of theirs")
    give(world.funder, Role.FUNDER, second.engagements[0])
    page = client.get("/portfolio/").content.decode()
    assert "Homes and Work" in page and "Another of theirs" in page
    assert b'href="/portfolio/"' in client.get("/cities/").content


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("from=soon", 400, "is no quarter"),
        ("from=2026Q3&to=2026Q1", 400, "ends (2026Q1) before it begins"),
        ("as_of=yesterday", 400, "is no day"),
        ("as_of=2026-13-45", 400, "is no day"),
        ("as_of=2999-01-01", 400, "in the future"),
        ("as_of=2026-09-30T12:00:00", 400, "needs its zone"),
        ("as_of=1999-01-01", 404, "Nothing was recorded of this initiative then"),
        ("city=" + "x" * 200, 400, "cannot be read as a filter"),
        ("city=%00", 400, "cannot be read as a filter"),
        ("theme=" + quote("a\nb"), 400, "cannot be read as a filter"),
        ("city=" + quote("' OR 1=1"), 400, "cannot be a city"),
        ("city=atlantis", 200, "No results for these filters"),
        ("status=withdrawn", 200, "No results for these filters"),
    ],
)
def test_what_cannot_be_asked_is_explained_with_the_right_status(world, query, status, words):
    client = client_of(world.funder)
    answer = client.get(f"/portfolio/{world.initiative.slug}/?{query}")
    assert (answer.status_code, words in answer.content.decode()) == (status, True)
    api = client.get(f"/api/v1/portfolio/{world.initiative.slug}/?{query}")
    assert api.status_code == status
    if status != 200:
        assert api.headers["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize(
    "query", ["entries/?stage=lost", "milestones/?which=lost", "values/?indicator=x", "entries/?kind=fictional"]
)
def test_lists_refuse_what_they_do_not_have(world, query, settings):
    settings.DEMO_ACCOUNTS = False
    answer = client_of(world.funder).get(f"/portfolio/{world.initiative.slug}/{query}")
    assert answer.status_code == 400


def test_an_initiative_without_money_says_so():
    empty = World(cities=1)
    page = read(client_of(empty.funder), empty).content.decode()
    assert "no money is recorded in the ledger" in page and "No transactions recorded" in page
    assert "Not recorded yet" in page and page.count("Not recorded yet") == 1


def test_the_past_is_shown_as_it_was(world):
    moment = timezone.now()
    world.entry("spent", 7_500)
    models.Milestone.objects.filter(title="Open the office").update(title="Renamed later")
    page = read(client_of(world.funder), world, as_of=moment.isoformat()).content.decode()
    assert "$12,500 spent" in page and "Open the office" in page and "Renamed later" not in page
    assert 'role="note"' in page and "what was recorded then" in page
    assert "$20,000 spent" in read(client_of(world.funder), world).content.decode()


def test_fictional_work_is_in_a_part_of_its_own_and_only_where_it_may_be_shown(world, settings):
    world.entry("committed", 99_000, is_fictional=True)
    world.milestone(due=-5, title="Invented step", is_fictional=True)
    settings.DEMO_ACCOUNTS = False
    page = read(client_of(world.funder), world).content.decode()
    assert "99,000" not in page and "Invented step" not in page and 'id="fictional"' not in page
    settings.DEMO_ACCOUNTS = True
    page = read(client_of(world.funder), world).content.decode()
    real, invented = page.split('id="fictional"')
    assert "$99,000" in invented and "$99,000" not in real and "$500,000" in real and "$599,000" not in page
    assert "$99,000" in read(client_of(world.funder), world, "entries/", kind="fictional").content.decode()


@pytest.mark.parametrize("theme", ["=cmd|'/c calc'!A1", "＝1+1", "\n=1+1"])
def test_the_table_as_csv_says_as_of_when_and_runs_nothing(world, theme):
    models.Engagement.objects.filter(pk=world.engagements[0].pk).update(theme=theme)
    answer = read(client_of(world.funder), world, "cities.csv")
    assert 'attachment; filename="' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    described = read(client_of(world.funder), world, "cities.datapackage.json").json()
    assert "As of " in described["resources"][0]["description"]
    assert len(rows) == 3
    first = next(row for row in rows if row["city"] == world.engagements[0].city.name)
    assert first["theme"] == f"'{theme}"
    assert (first["spent_usd"], first["late_milestones"], first["budget_usd"]) == ("12500", "1", "50000")
    assert first["milestones_mark"] == "red: Late by 40 days"


def test_the_table_as_excel_adds_up_by_formulas_and_runs_nothing(world):
    world.entry("spent", 2_500, at=1)
    models.Engagement.objects.filter(pk=world.engagements[0].pk).update(theme="=1+1")
    book = io.BytesIO(read(client_of(world.funder), world, "cities.xlsx").content)
    formulas, values = openpyxl.load_workbook(book), openpyxl.load_workbook(book, data_only=True)
    sheet = formulas["Cities"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    column = heads["spent_usd"]
    assert (
        sheet.cell(5, column).value
        == f"=SUM({sheet.cell(2, column).column_letter}2:{sheet.cell(2, column).column_letter}4)"
    )
    assert values["Cities"].cell(5, column).value == 15_000
    themes = [sheet.cell(row, heads["theme"]) for row in (2, 3, 4)]
    assert "=1+1" in [cell.value for cell in themes] and all(cell.data_type == "s" for cell in themes)
    assert any("As of " in str(cell.value) for cell in formulas["Columns and sources"]["A"])


def test_views_are_kept_found_again_and_removed_by_their_owner_alone(world):
    client, slug = client_of(world.funder), world.initiative.slug
    query = "theme=housing&from=2026Q1"
    kept = client.post(
        "/portfolio/views/save/", {"initiative": slug, "name": "  Housing   this year ", "query": query + "&x=1"}
    )
    assert kept.headers["Location"] == f"/portfolio/{slug}/?{query}"
    view = models.SavedView.objects.get()
    assert (view.name, view.query) == ("Housing this year", query)
    assert "Housing this year" in client.get(f"/portfolio/{slug}/").content.decode()
    client.post("/portfolio/views/save/", {"initiative": slug, "name": "Housing this year", "query": "theme=workforce"})
    assert models.SavedView.objects.get().query == "theme=workforce"
    other = client_of(world.lead)
    assert "Housing this year" not in other.get(f"/portfolio/{slug}/").content.decode()
    assert other.post(f"/portfolio/views/{view.pk}/remove/").status_code == 404
    for bad in ({"name": "", "query": query}, {"name": "x", "query": "from=never"}):
        client.post("/portfolio/views/save/", {"initiative": slug} | bad)
    assert client.post("/portfolio/views/save/", {"initiative": "never-was", "name": "x"}).status_code == 404
    assert models.SavedView.objects.count() == 1
    client.post(f"/portfolio/views/{view.pk}/remove/")
    assert not models.SavedView.objects.exists()


@pytest.mark.parametrize("slug", ["", "\x00", "no such", "x" * 5_000])
def test_a_view_of_nothing_there_is_is_missing(world, slug):
    client = Client()
    client.force_login(world.funder)
    sent = {"initiative": slug, "name": "Mine", "query": ""}
    assert client.post("/portfolio/views/save/", sent).status_code == 404
    refused = client.post("/portfolio/views/save/", {"initiative": world.initiative.slug, "name": "", "query": "a\x00"})
    assert refused.status_code == 302


def test_the_api_says_what_the_page_says_with_a_moment_beside_every_figure(world):
    answer = client_of(world.funder).get(
        f"/api/v1/portfolio/{world.initiative.slug}/", {"as_of": timezone.now().isoformat()}
    )
    found = answer.json()
    spent = found["recorded"]["headline"][1]
    assert (spent["key"], spent["value"], spent["unit"]) == ("spent", "12500.00", "usd")
    assert spent["as_of"] == found["as_of"] and spent["entries"].startswith("/portfolio/")
    assert client_of(world.funder).get("/api/v1/portfolio/").json()["results"][0]["slug"] == world.initiative.slug


def test_a_page_of_few_and_of_many_asks_the_same_number_of_statements():
    small, large = World(cities=2), World(cities=12, funders=3)
    for world, deeds in ((small, 60), (large, 300)):  # of every kind some: what there is none of may save a statement
        random_deeds(world, 2, deeds)
    counts = []
    for world in (small, large):
        for query in ({}, {"as_of": timezone.now().isoformat()}):
            client = client_of(world.funder)
            read(client, world)  # the atlas is read once per process
            with CaptureQueriesContext(connection) as asked:
                assert read(client, world, **query).status_code == 200
            counts.append(len(asked))
            first_steps = [each for each in asked if "firststeps" in each["sql"] or "did_report" in each["sql"]]
            assert len(first_steps) == 2  # the roles of a new account, and which of their first steps are done
    assert counts[0] == counts[2] and counts[1] == counts[3] and max(counts) <= 41 + 2, counts


def test_pages_of_a_list_hold_a_hundred(world):
    for n in range(103):
        world.milestone(due=-60 - n, title=f"Step {n}")
    client = client_of(world.funder)
    first = read(client, world, "milestones/", which="late").content.decode()
    assert first.count('<tr><th scope="row">') == 100 and "Rows 1 to 100 of 104" in first
    assert "Rows 101 to 104 of 104" in read(client, world, "milestones/", which="late", page=2).content.decode()
    assert read(client, world, "milestones/", which="late", page=99).status_code == 200


def test_lateness_is_counted_from_the_day_that_is_asked_for(world):
    soon = timezone.now() + timedelta(seconds=1)
    assert read(client_of(world.funder), world, as_of=soon.isoformat()).status_code == 400


def test_what_is_missing_is_a_link_to_the_form_that_adds_it_for_those_who_may():
    world = World(cities=2)
    there = f"/portfolio/{world.initiative.slug}/add/"
    keys = {"money", "people", "indicators", "risks", "plans", "updates"}

    def links(user) -> set[str]:
        return set(re.findall(rf'href="{there}(\w+)/"', read(client_of(user), world).content.decode()))

    staff = world.person(Role.CITY_STAFF)
    assert links(world.lead) == keys and links(staff) == keys - {"risks"}  # risks are the team's
    assert links(world.funder) == set()
    for key in keys:
        chosen = client_of(world.lead).get(f"{there}{key}/")
        addresses = re.findall(r'class="line-title" href="([^"]+)"', chosen.content.decode())
        assert chosen.status_code == 200 and len(addresses) == 2  # one form a city
        if key == "risks":
            continue
        at_once = client_of(staff).get(f"{there}{key}/", follow=True)
        assert at_once.status_code == 200 and at_once.context["form"]
        assert client_of(world.funder).get(f"{there}{key}/").status_code == 404
    assert client_of(world.lead).get(f"{there}money-and-more/").status_code == 404
