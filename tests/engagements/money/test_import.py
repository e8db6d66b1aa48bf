"""A finance table: its columns named once, tried row by row, kept whole or not at all, given back with reasons."""

import csv
import html
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext

from atlas.models import CityTract
from engagements.base.table_import.mapping_forms import word_field
from engagements.base.tables.table import LEDGER
from engagements.base.tables.xlsx_table import read_xlsx
from engagements.models import (
    Activity,
    FormIdempotencyKey,
    LedgerEntry,
    LedgerPlacement,
    LedgerTotal,
    Plan,
    Project,
    ProjectPlan,
    TableMapping,
)
from engagements.permissions import Role
from tests.engagements.milestones.test_exports import workbook
from tests.factories.engagements import EngagementFactory, MilestoneFactory, UserFactory, everybody, member, pair
from tests.factories.ledger import commitment, entry, funder

pytestmark = pytest.mark.django_db

HEADER = "Type,Amount,Posting Date,Voucher,Vendor,Fund,Reversal of,Service tracts"
GOOD = (
    "Award,1000,2026-02-02,V-1,,A Fund,,",
    'Encumbrance,"$800.00",2026-03-01,V-2,Acme,A Fund,,',
    "Paid out,300.25,2026-03-05,V-3,Acme,A Fund,,26163500100",
    "Paid out,(300.25),2026-03-06,V-4,Acme,A Fund,V-3,",
)
COLUMNS = {
    "column_stage": "type",
    "column_amount": "amount",
    "column_occurred_on": "posting_date",
    "column_funder": "fund",
    "column_external_id": "voucher",
    "column_payee": "vendor",
    "column_reverses": "reversal_of",
    "column_tracts": "service_tracts",
    "date_order": "iso",
    "decimal_mark": ".",
    "negatives": "reversal",
    "source_system": "Munis",
}


@pytest.fixture
def work():
    engagement = EngagementFactory()
    funder(engagement)
    CityTract.objects.create(city=engagement.city, geoid="26163500100", share=1, belongs=True, rule="half")
    client = Client()
    client.force_login(member(Role.CITY_STAFF, engagement))
    return engagement, client


def address(engagement, end="") -> str:
    return f"/engagements/{engagement.slug}/money/import/{end}"


def bring(work, *lines, content=None, **more):
    engagement, client = work
    content = content or "\n".join([HEADER, *lines]).encode()
    return client.post(address(engagement), {"file": SimpleUploadedFile("t.csv", content), **more})


def hidden(response) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode())
    return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def name_columns(work, brought, **more):
    return work[1].post(address(work[0], "columns/"), hidden(brought) | COLUMNS | more)


def tried(work, *lines, **more):
    return name_columns(work, bring(work, *lines), **more)


def keep(work, shown, **more):
    return work[1].post(address(work[0], "keep/"), hidden(shown) | more)


def outcomes(response) -> list[tuple]:
    return [(row.line, row.outcome, [field for field, _ in row.problems]) for row in response.context["result"].rows]


def words(response) -> str:
    return html.unescape(response.content.decode())


def counts() -> tuple[int, ...]:
    return tuple(
        model.objects.count() for model in (LedgerEntry, LedgerPlacement, LedgerTotal, Activity, FormIdempotencyKey)
    )


def test_the_columns_are_asked_for_then_every_row_is_shown_and_nothing_kept(work):
    brought = bring(work, *GOOD)
    assert brought.status_code == 200 and "Match columns" in words(brought)
    assert brought.context["form"]["column_external_id"].value() == "voucher"  # suggested by its name
    before = counts()
    shown = name_columns(work, brought)
    assert outcomes(shown) == [(2, "add", []), (3, "add", []), (4, "add", []), (5, "reverse", [])]
    assert "Under contract (obligated) $800, Mar 1, 2026, A Fund, Acme" in words(shown) and "4 rows" in words(shown)
    assert counts() == before


def test_what_was_tried_is_kept_once(work):
    shown = tried(work, *GOOD, name="Munis, monthly")
    for _ in range(2):  # a second click
        assert keep(work, shown).status_code == 302
    sums = dict(LedgerTotal.objects.order_by().values_list("stage").annotate(Sum("net_usd")))
    assert sums == {"committed": 1000, "obligated": 800, "disbursed": 0}
    back = LedgerEntry.objects.get(external_id="V-4")
    assert (back.reverses.external_id, back.why, back.source_system) == ("V-3", "Taken back in Munis", "Munis")
    assert LedgerPlacement.objects.get().entry.external_id == "V-3"
    assert Activity.objects.filter(verb="imported").get().line == "4 transactions from Munis"
    assert TableMapping.objects.get().columns["words"]["stage"]["paid out"] == "disbursed"


def test_next_month_the_saved_reading_is_chosen(work):
    keep(work, tried(work, *GOOD, name="Munis, monthly"))
    saved = TableMapping.objects.get()
    shown = bring(work, "Paid out,50,2026-04-05,V-9,Acme,A Fund,,", saved=saved.pk)
    assert outcomes(shown) == [(2, "add", [])]
    without = bring(work, content=b"Type,Amount\nAward,3\n", saved=saved.pk)
    assert without.status_code == 422 and "which this table doesn't have" in words(without)
    tried(work, *GOOD, name="Munis, monthly", decimal_mark=",")
    saved.refresh_from_db()
    assert (saved.version, saved.columns["options"]["decimal_mark"]) == (2, ",")
    work[1].post(f"/mappings/{saved.pk}/archive/")
    assert bring(work, *GOOD, saved=saved.pk).status_code == 422


BAD = (
    GOOD[0],
    "Encumbrance,TBD,2026-03-01,V-2,Acme,A Fund,,",
    "Paid out,-40,2026-03-02,V-5,Acme,A Fund,,",
    "Paid out,3000,2026-03-03,V-6,=HYPERLINK(1),A Fund,,",
    "Paid out,5,2026-03-04,V-7,Acme,Nobody,,36061000100",
    "Paid out,5,2025-03-04,V-1,Acme,A Fund,,",
)


def test_a_table_with_bad_rows_changes_nothing_and_goes_back_with_a_reason_each(work):
    before = counts()
    shown = tried(work, *BAD)
    assert shown.status_code == 422 and "5 rows have errors, so nothing can be imported" in words(shown)
    assert outcomes(shown)[1:] == [
        (3, "refused", ["amount"]),
        (4, "refused", ["reverses"]),
        (5, "refused", ["amount"]),
        (6, "refused", ["funder", "tracts"]),
        (7, "refused", ["external_id"]),
    ]
    assert "Enter 6 rows" not in words(shown) and counts() == before
    assert keep(work, shown).status_code == 422 and counts() == before
    given = work[1].post(address(work[0], "reasons/"), hidden(shown))
    rows = list(csv.reader(io.StringIO(given.content.decode("utf-8-sig"))))
    assert rows[0][-1] == "reason" and rows[1][-1] == "" and len(rows) == 7
    assert "Leave the row out" in rows[2][-1] and "takes something back" in rows[3][-1]
    assert "$3,000 of A Fund disbursed by Mar 3, 2026, but $1,000 committed" in rows[4][-1]
    assert rows[4][4] == "'=HYPERLINK(1)" and "Known are: A Fund." in rows[5][-1] and "Not in" in rows[5][-1]
    assert counts() == before


def test_a_workbook_goes_back_as_a_workbook(work):
    content = workbook([HEADER.split(","), ["Award", "n/a", date(2026, 2, 2), "V-1", None, "A Fund", None, None]])
    shown = name_columns(work, bring(work, content=content))
    given = work[1].post(address(work[0], "reasons/"), hidden(shown))
    assert read_xlsx(given.content, LEDGER).rows[0].cells[-1].startswith("Amount:")


def test_numbers_the_ledger_has_are_refused_and_what_looks_the_same_waits_for_a_tick(work):
    engagement, _ = work
    commitment(engagement, external_id="V-1", source_system="Munis")
    entry(engagement, stage="disbursed", amount=50, payee="Acme").save()
    lines = ("Award,10,2026-02-02,V-1,,A Fund,,", "Paid out,50,2026-03-02,V-8,ACME,A Fund,,")
    shown = tried(work, *lines)
    assert outcomes(shown) == [(2, "refused", ["external_id"]), (3, "ask", [])]
    shown = tried(work, lines[1])
    assert outcomes(shown) == [(2, "ask", [])] and "may already be recorded" in words(shown)
    assert keep(work, shown, ticked="2").status_code == 422  # ticks count once they were looked at
    shown = keep(work, shown, ticked="2", look="again")
    assert outcomes(shown) == [(2, "add", [])] and "checked" in words(shown)
    assert keep(work, shown, ticked="2").status_code == 302
    assert LedgerEntry.objects.filter(amount_usd=50).count() == 2


def test_a_reversal_of_what_the_ledger_has(work):
    keep(work, tried(work, *GOOD[:3]))
    wrong = tried(work, "Paid out,(300),2026-03-06,V-4,Acme,A Fund,V-3,", "Award,-5,2026-03-06,V-5,,A Fund,V-99,")
    assert "takes back the whole $300.25, not $300" in words(wrong) and "is neither in the ledger nor" in words(wrong)
    keep(work, tried(work, GOOD[3]))
    again = tried(work, "Paid out,(300.25),2026-03-07,V-6,Acme,A Fund,V-3,")
    assert "reversed before" in words(again)


def test_what_changed_since_the_try_is_not_kept(work):
    shown = tried(work, *GOOD)
    commitment(work[0], external_id="V-1", source_system="Munis")
    before = counts()
    answer = keep(work, shown)
    assert answer.status_code == 422 and "changed since you checked" in words(answer) and counts() == before


def test_a_day_of_spending_taking_back_and_spending_again(work):
    lines = (
        "Award,100,2026-02-02,V-1,,A Fund,,",
        "Spent,100,2026-03-02,V-2,Acme,A Fund,,",
        "Spent,-100,2026-03-02,V-3,Acme,A Fund,V-2,",
        "Spent,100,2026-03-02,V-4,Other,A Fund,,",
    )
    assert keep(work, tried(work, *lines)).status_code == 302
    assert LedgerTotal.objects.get(stage="spent").net_usd == Decimal(100)


def test_a_milestone_by_title_or_number(work):
    milestone = MilestoneFactory(engagement=work[0], title="Letters sent")
    header = "stage,amount,date,funder,milestone"
    rows = "\n".join(
        f"Award,{9 - at},2026-02-02,A Fund,{said}" for at, said in enumerate(("letters  SENT", milestone.pk, "x"))
    )
    shown = name_columns(
        work,
        bring(work, content=f"{header}\n{rows}".encode()),
        column_stage="stage",
        column_occurred_on="date",
        column_funder="funder",
        column_milestone="milestone",
        column_external_id="",
        column_payee="",
        column_reverses="",
        column_tracts="",
    )
    assert outcomes(shown) == [(2, "add", []), (3, "add", []), (4, "refused", ["milestone"])]


def test_a_project_by_title_that_agrees_with_the_plan(work):
    engagement = work[0]
    letters, calls = (
        Project.objects.create(engagement=engagement, title=t, source="a test") for t in ("Letters", "Calls")
    )
    plan = Plan.objects.create(engagement=engagement, title="A plan", price_year=2026, written_by=UserFactory())
    ProjectPlan.objects.create(engagement=engagement, project=letters, plan=plan)
    said = ("letters,", "Calls,", "Letters,A plan", "Calls,A plan", "Nothing,")
    rows = "\n".join(f"Award,{9 - at},2026-02-02,A Fund,{words}" for at, words in enumerate(said))
    shown = name_columns(
        work,
        bring(work, content=f"stage,amount,date,funder,project,plan\n{rows}".encode()),
        column_stage="stage",
        column_occurred_on="date",
        column_funder="funder",
        column_project="project",
        column_plan="plan",
        column_external_id="",
        column_payee="",
        column_reverses="",
        column_tracts="",
    )
    good, bad = [(line, "add", []) for line in (2, 3, 4)], [(line, "refused", ["project"]) for line in (5, 6)]
    assert outcomes(shown) == good + bad


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"column_amount": ""}, "column_amount"),
        ({"column_payee": "amount"}, None),
        ({"text_payee": "Acme"}, "column_payee"),
        ({word_field("stage", "Paid out"): "gone"}, word_field("stage", "Paid out")),
        ({"source_system": ""}, "source_system"),
        ({"date_order": "x"}, "date_order"),
    ],
)
def test_a_reading_that_is_wrong_says_so_and_keeps_what_was_chosen(work, more, field):
    answer = tried(work, *GOOD, **more)
    assert answer.status_code == 422 and (field or "__all__") in answer.context["form"].errors
    assert answer.context["form"]["column_funder"].value() == "fund"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "There are no rows"),
        (b"\xff\xfe\x00", "cut off"),
        (b"PK\x03\x04x", "not a workbook"),
        (b"a,a\n1,2", "Two columns"),
    ],
)
def test_files_that_are_no_table(work, content, said):
    answer = work[1].post(address(work[0]), {"file": SimpleUploadedFile("t.csv", content)})
    assert answer.status_code == 422 and said in words(answer)


def test_a_table_packed_for_somebody_else_is_not_read(work):
    shown = tried(work, *GOOD)
    other = Client()
    other.force_login(member(Role.CITY_STAFF, work[0]))
    assert other.post(address(work[0], "keep/"), hidden(shown)).status_code == 302
    assert not LedgerEntry.objects.exists()


def test_who_may_not_enter_money_brings_no_table():
    here, _ = pair()
    found = {}
    for role, user in everybody(here).items():
        client = Client()
        client.force_login(user)
        found[role] = client.get(address(here)).status_code
    may = dict.fromkeys((Role.LEAD, Role.ADVISER, Role.CITY_STAFF), 200)
    assert found == may | {Role.EXPERT: 403, Role.FUNDER: 403, Role.LOCAL_PARTNER: 404}


def test_two_thousand_rows_take_the_statements_of_two(work):
    taken = []
    for count in (2, 2000):
        day = "2026-02-02" if count == 2 else "2026-02-03"
        lines = [f"Award,{n},{day},N-{count}-{n},,A Fund,," for n in range(1, count + 1)]
        shown = tried(work, *lines)
        with CaptureQueriesContext(connection) as queries:
            assert keep(work, shown).status_code == 302
        taken.append(len(queries))
    assert taken[0] == taken[1]
