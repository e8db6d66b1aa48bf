"""Import and export of milestones: tried first, kept as a whole, as far as the role goes."""

import html
import io
import re
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagements.milestones.actions.milestones import change_milestone
from engagements.milestones.actions.progress import log_progress
from engagements.milestones.exports import milestone_cells, milestones_table
from engagements.milestones.queries.milestones import MilestoneFilter, milestones
from engagements.models import Activity, DueDateChange, FormIdempotencyKey, Milestone, Notification
from engagements.permissions import EXPORT, IMPORT, INITIATIVE_ROLES, PERMISSIONS, Role
from tests.factories.engagements import NOW, TODAY, EngagementFactory, MilestoneFactory, member, pair
from tests.factories.tables import csv_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    engagement = EngagementFactory()
    return engagement, member(Role.ADVISER, engagement, email="ada@example.org")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(engagement, end="import/") -> str:
    return f"/engagements/{engagement.slug}/milestones/{end}"


def bring(client, engagement, text: str | bytes, name="table.csv"):
    content = text.encode() if isinstance(text, str) else text
    return client.post(address(engagement), {"file": SimpleUploadedFile(name, content)})


def hidden(response) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode())
    return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def keep(client, engagement, tried):
    return client.post(address(engagement, "import/keep/"), hidden(tried), follow=True)


def outcomes(response) -> list[tuple]:
    return [(row.line, row.outcome, [column for column, _ in row.problems]) for row in response.context["result"].rows]


def counts() -> tuple[int, ...]:
    return tuple(
        model.objects.count() for model in (Milestone, Activity, Notification, DueDateChange, FormIdempotencyKey)
    )


def test_trying_shows_each_row_and_keeps_nothing(work):
    engagement, user = work
    known = MilestoneFactory(engagement=engagement, title="Plan", stage="design")
    before = counts()
    tried = bring(
        signed_in(user),
        engagement,
        f"id,title,stage,due_on,slip_reason,owner\n{known.pk},Plan,Design,20 Jan 2027,Legal,\n"
        ",New,field,2027-02-01,,ada@example.org\n",
    )
    assert outcomes(tried) == [(2, "change", []), (3, "add", [])]
    assert tried.context["result"].rows[0].changes == (("due_on", "Dec 15, 2026", "Jan 20, 2027"),)
    assert counts() == before and "Import 2 rows" in tried.content.decode()
    kept = keep(signed_in(user), engagement, tried)
    assert "1 added, 1 changed." in kept.content.decode()
    known.refresh_from_db()
    assert known.due_on == date(2027, 1, 20) and DueDateChange.objects.get().reason == "legal"
    assert Milestone.objects.get(title="New").owner == user


def test_bad_rows_change_nothing_and_come_back_with_their_reasons(work):
    engagement, user = work
    MilestoneFactory(engagement=engagement, title="Plan")
    before, client = counts(), signed_in(user)
    table = (
        "title,stage,due_on,owner\nGood,design,2027-01-01,\nPlan,design,2027-01-01,\n"
        "When,design,03/04/2026,\nWho,design,2027-01-01,eve@example.org\n"
    )
    tried = bring(client, engagement, table)
    assert tried.status_code == 422
    assert outcomes(tried) == [
        (2, "add", []),
        (3, "refused", ["slip_reason"]),
        (4, "refused", ["due_on"]),
        (5, "add", []),
    ]
    page = tried.content.decode()
    assert "2 rows have errors" in page and "Nobody in the team is “eve@example.org”: it has no owner." in page
    assert "may be Apr 3, 2026 or Mar 4, 2026" in page and not re.search(r"Import \d+ row", page)
    forced = client.post(address(engagement, "import/keep/"), hidden(tried))
    assert forced.status_code == 422 and counts() == before
    given = client.post(address(engagement, "import/reasons/"), hidden(tried))
    lines = given.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "line,title,stage,due_on,owner,reason" and lines[1] == "2,Good,design,2027-01-01,,"
    assert lines[2].endswith("slip_reason: Say why the date moves.")
    assert 'filename="' in given["Content-Disposition"] and counts() == before
    again = bring(client, engagement, given.content)  # the file of reasons can be mended and brought back
    assert outcomes(again) == outcomes(tried)


def test_reasons_of_a_workbook_are_a_workbook(work):
    engagement, user = work
    book = openpyxl.Workbook()
    for row in (["title", "due_on"], ["=1+1", "soon"]):
        book.active.append(row)
    book.save(made := io.BytesIO())
    tried = bring(signed_in(user), engagement, made.getvalue(), "table.xlsx")
    given = signed_in(user).post(address(engagement, "import/reasons/"), hidden(tried))
    sheet = openpyxl.load_workbook(io.BytesIO(given.content)).active
    assert [cell.value for cell in sheet[2]][:2] == ["2", "=1+1"] and sheet["B2"].data_type == "s"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_brought_back_changes_nothing(work, kind):
    engagement, user = work
    MilestoneFactory(engagement=engagement, title="=1+1", acceptance_evidence="One\r\ntwo ", owner=user)
    MilestoneFactory(engagement=engagement, title="'-x", funder_note="@all", needs_approval=True, stage="close_out")
    MilestoneFactory(engagement=engagement, title="Twice", status="done", done_on=TODAY)
    MilestoneFactory(engagement=engagement, title="Twice", due_on=None, source="the record")
    client = signed_in(user)
    exported = client.get(address(engagement, f"export.{kind}"))
    assert exported["Cache-Control"] == "private, no-store" and "attachment" in exported["Content-Disposition"]
    tried = bring(client, engagement, exported.content, f"table.{kind}")
    assert [outcome for _, outcome, _ in outcomes(tried)] == ["unchanged"] * 4, tried.context["result"].rows
    assert "There is nothing to import" in tried.content.decode()


def test_an_old_export_overwrites_nobodys_work(work):
    engagement, user = work
    row = MilestoneFactory(engagement=engagement, title="Plan", funder_note="Soon.")
    client = signed_in(user)
    exported = client.get(address(engagement, "export.csv")).content.decode("utf-8-sig")
    change_milestone(milestone=row.pk, changes={"title": "Plan B"}, expected_version=1, by=user, now=NOW)
    log_progress(milestone=row.pk, status="in_progress", line="x", by=user, now=NOW)
    tried = bring(client, engagement, exported.replace("Soon.", "Later."))  # title as exported, another field changed
    assert [each.changes for each in tried.context["result"].rows] == [(("funder_note", "Soon.", "Later."),)]
    keep(client, engagement, tried)
    row.refresh_from_db()
    assert (row.title, row.funder_note) == ("Plan B", "Later.")
    tried = bring(client, engagement, exported.replace("Plan,", "Plan C,"))
    (refused,) = tried.context["result"].rows
    assert refused.outcome == "refused" and "it is now “Plan B”" in dict(refused.problems)["title"]


def test_what_changed_since_it_was_tried_is_shown_again(work):
    engagement, user = work
    row = MilestoneFactory(engagement=engagement, title="Plan")
    client = signed_in(user)
    tried = bring(client, engagement, "title,due_on,funder_note\nPlan,2026-12-15,Mine.\n")
    change_milestone(milestone=row.pk, changes={"funder_note": "Theirs."}, expected_version=1, by=user, now=NOW)
    shown = client.post(address(engagement, "import/keep/"), hidden(tried))
    assert "since you checked this file" in shown.content.decode()
    row.refresh_from_db()
    assert row.funder_note == "Theirs."
    keep(client, engagement, shown)
    row.refresh_from_db()
    assert row.funder_note == "Mine."


def test_a_second_click_imports_once(work):
    engagement, user = work
    client = signed_in(user)
    tried = bring(client, engagement, "title,stage,due_on\nNew,design,2027-01-01\n")
    keep(client, engagement, tried)
    again = keep(client, engagement, tried)
    assert "It was kept before." in again.content.decode() and Milestone.objects.count() == 1


def test_a_table_that_was_tampered_with_or_is_anothers_is_not_kept(work):
    engagement, user = work
    tried = bring(signed_in(user), engagement, "title,stage,due_on\nNew,design,2027-01-01\n")
    sent = hidden(tried)
    for client, table in (
        (signed_in(user), "x" + sent["table"]),
        (signed_in(user), ""),
        (signed_in(member(Role.ADVISER, engagement)), sent["table"]),
    ):
        client.post(address(engagement, "import/keep/"), sent | {"table": table})
    assert not Milestone.objects.exists()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("999999,X,design,2027-01-01", "id"),  # another engagement's or nobody's: the same words
        (",Twice,design,2027-01-01", "title"),
        (",X,,2027-01-01", "stage"),
        (",X,design,", "due_on"),
        (",X,design,2025-01-01", "due_on"),  # before the start
        ("{m},Twice,design,2026-12-15", "title"),
        ("{a},Gone,design,2026-12-15", "id"),
        ("{o},Other,design,2026-12-15", "id"),
        ("{m},,design,2026-12-15", "title"),
        (f",{'x' * 201},design,2027-01-01", "title"),
    ],
)
def test_each_refusal_names_its_column(work, row, column):
    engagement, user = work
    names = {"m": MilestoneFactory(engagement=engagement, title="Mine").pk, "o": MilestoneFactory(title="Other").pk}
    for _ in range(2):
        MilestoneFactory(engagement=engagement, title="Twice")
    gone = MilestoneFactory(engagement=engagement, title="Gone", archived_at=NOW, archived_by=user)
    tried = bring(signed_in(user), engagement, f"id,title,stage,due_on\n{row.format(a=gone.pk, **names)}\n")
    assert outcomes(tried) == [(2, "refused", [column])]


def test_a_file_that_cant_be_read_is_said_at_the_field(work):
    engagement, user = work
    for content, words in ((b"", "no rows"), (b"PK\x03\x04x", "not a workbook")):
        response = bring(signed_in(user), engagement, content)
        assert response.status_code == 422 and words in response.content.decode()
    assert "Match columns" in bring(signed_in(user), engagement, b"a,b\n1,2").content.decode()
    assert signed_in(user).post(address(engagement)).status_code == 422


def test_who_is_given_many_milestones_is_told_once(work):
    engagement, user = work
    owner = member(Role.CITY_STAFF, engagement, email="cy@example.org")
    rows = "".join(f"M{n},design,2027-01-01,CY@example.org\n" for n in range(5))
    client = signed_in(user)
    keep(client, engagement, bring(client, engagement, "title,stage,due_on,owner\n" + rows))
    assert Milestone.objects.filter(owner=owner).count() == 5
    assert [row.line for row in Notification.objects.all()] == [f"5 milestones in {engagement.city}"]


def test_a_full_table_asks_a_few_statements_a_row(work):
    engagement, user = work
    client, found = signed_in(user), []
    for count in (20, 120):
        rows = "".join(f"M{n},design,2027-01-01\n" for n in range(count))
        with CaptureQueriesContext(connection) as asked:
            assert bring(client, engagement, "title,stage,due_on\n" + rows).context["added"] == count
        found.append(len(asked))
    assert (found[1] - found[0]) / 100 <= 8


# --- Roles ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("end", "permission"),
    [
        ("import/", IMPORT),
        ("import/template.csv", IMPORT),
        ("import/template.xlsx", IMPORT),
        ("export.csv", EXPORT),
        ("export.xlsx", EXPORT),
    ],
)
def test_each_role_imports_and_exports_what_the_table_says(end, permission):
    mine, other = pair()
    strange = EngagementFactory()
    assert Client().get(address(mine, end)).url.startswith("/accounts/login/")
    for role in Role:
        client = signed_in(member(role, mine))
        held = permission in PERMISSIONS[role]
        elsewhere = held and role in INITIATIVE_ROLES
        found = [client.get(address(place, end)).status_code for place in (mine, other, strange)]
        assert found == [200 if held else 404, 200 if elsewhere else 404, 404], role
        missing = client.get("/engagements/nowhere/milestones/" + end)
        assert missing.status_code == 404


@pytest.mark.parametrize("end", ["import/", "import/columns/", "import/keep/", "import/reasons/"])
def test_nobody_imports_into_what_is_not_theirs(end):
    mine, other = pair()
    for role in Role:
        if IMPORT not in PERMISSIONS[role]:
            assert signed_in(member(role, mine)).post(address(mine, end)).status_code == 404, role
    tried = bring(signed_in(adviser := member(Role.ADVISER, mine)), mine, "title,stage,due_on\nNew,design,2027-01-01\n")
    assert signed_in(adviser).post(address(other, end), hidden(tried)).status_code == 404
    assert not Milestone.objects.exists()


def test_a_funders_row_holds_the_status_and_nothing_internal(work):
    engagement, user = work
    MilestoneFactory(engagement=engagement, status="blocked", acceptance_evidence="Internal", owner=user)
    (row,) = milestones(member(Role.FUNDER, engagement), MilestoneFilter(), today=timezone.localdate()).rows
    text = csv_of(milestones_table("x", ""), [milestone_cells(row, None)]).decode()
    assert "Blocked" in text and not any(word in text for word in ("Internal", "ada@"))


def test_exports_ask_as_often_for_many_as_for_two(work):
    engagement, user = work
    client, found = signed_in(user), []
    for more in (2, 30):
        for _ in range(more):
            MilestoneFactory(engagement=engagement, owner=user)
        with CaptureQueriesContext(connection) as asked:
            client.get(address(engagement, "export.csv"))
        found.append(len(asked))
    assert found[0] == found[1]


def test_the_list_offers_each_role_what_it_may_do(work):
    engagement, _ = work
    for role in Role:
        page = signed_in(member(role, engagement)).get(f"/engagements/{engagement.slug}/milestones/").content.decode()
        assert (address(engagement) in page) is (IMPORT in PERMISSIONS[role]), role
        assert (address(engagement, "export.csv") in page) is (EXPORT in PERMISSIONS[role]), role
        assert "/me/calendar/" in page
