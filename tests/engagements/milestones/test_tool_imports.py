"""A planning tool's export: mapped once, brought again by its keys, and undone."""

import html
import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from engagements.base.table_import.mapping_forms import MappingForm, word_field
from engagements.base.tables.csv_table import read_csv
from engagements.base.tables.xlsx_table import read_xlsx
from engagements.imports.actions import undo_import
from engagements.imports.worker import run_import
from engagements.milestones.import_rows import MILESTONE_TABLE
from engagements.models import (
    Activity,
    ImportKey,
    Milestone,
    MilestoneDependency,
    ProgressEntry,
    TableImport,
    TableMapping,
)
from engagements.permissions import Role
from tests.factories import spreadsheets
from tests.factories.engagements import NOW, EngagementFactory, MilestoneFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def work():
    engagement = EngagementFactory()
    user = member(Role.ADVISER, engagement, email="ada@example.org", name="Ada Adviser")
    client = Client()
    client.force_login(user)
    return engagement, client, user


def address(work, end="") -> str:
    return f"/engagements/{work[0].slug}/milestones/import/{end}"


def hidden(response) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', response.content.decode())
    return {name: html.unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def bring(work, content: bytes, **more):
    return work[1].post(address(work), {"file": SimpleUploadedFile("plan", content), **more})


def suggested(content: bytes) -> dict[str, str]:
    """What the page of columns has chosen already, as a browser would send it."""
    read = read_xlsx if content.startswith(b"PK") else read_csv
    form = MappingForm(declared=MILESTONE_TABLE, table=read(content, MILESTONE_TABLE.kind))
    return {name: form[name].value() or "" for name in form.fields}


def match(work, content: bytes, **more):
    brought = bring(work, content)
    assert brought.status_code == 200 and "Match columns" in brought.content.decode()
    return work[1].post(address(work, "columns/"), hidden(brought) | suggested(content) | more)


def keep(work, shown, **more):
    return work[1].post(address(work, "keep/"), hidden(shown) | more)


def outcomes(response) -> list[tuple[str, str]]:
    return [(row.title, row.outcome) for row in response.context["result"].rows]


ON_ICE = {word_field("status", "On ice"): "blocked"}


def changed(**cells) -> bytes:
    """The Smartsheet again with other cells in a row: row number -> {column: value}."""
    rows = [(indent, list(row)) for indent, row in spreadsheets.SMARTSHEET_ROWS]
    for name, values in cells.items():
        for column, value in values.items():
            rows[int(name[1:])][1][spreadsheets.SMARTSHEET.index(column)] = value
    return spreadsheets.smartsheet(rows)


def test_a_smartsheet_is_matched_once_and_brought_again_by_its_keys(work):
    asked = match(work, spreadsheets.smartsheet())
    assert asked.status_code == 422 and word_field("status", "On ice") in asked.context["form"].errors
    shown = match(work, spreadsheets.smartsheet(), **ON_ICE, name="Pilot plan")
    assert outcomes(shown) == [("Hire", "add"), ("Open", "add"), ("Serve", "add")] and not Milestone.objects.exists()
    assert "Nobody in the team is “Nobody Known”" in shown.content.decode()
    assert keep(work, shown).status_code == 302
    hire, opened, serve = Milestone.objects.order_by("due_on")
    assert (hire.owner, hire.status, hire.due_on) == (work[2], "in_progress", date(2027, 2, 15))
    assert (opened.owner, serve.status, serve.acceptance_evidence) == (None, "blocked", "Ten families")
    assert set(MilestoneDependency.objects.values_list("milestone", "needs")) == {
        (opened.pk, hire.pk),
        (serve.pk, opened.pk),
    }
    assert ProgressEntry.objects.filter(line="Imported from Smartsheet: Not started → Blocked").exists()
    saved = TableMapping.objects.get()
    again = bring(work, spreadsheets.smartsheet(), saved=saved.pk)
    assert outcomes(again) == [(title, "unchanged") for title in ("Hire", "Open", "Serve")]
    moved = changed(r1={"Task Name": "Hire two", "Finish": date(2027, 3, 1)}, r3={"Status": "Half way"})
    new_word = bring(work, moved, saved=saved.pk)
    assert "Match columns" in new_word.content.decode() and "“Half way”" in new_word.content.decode()
    moved = changed(r1={"Task Name": "Hire two", "Finish": date(2027, 3, 1)}, r3={"Status": "In Progress"})
    shown = bring(work, moved, saved=saved.pk)
    assert outcomes(shown)[0] == ("Hire two", "refused")  # nobody said yet why the date moves
    shown = keep(work, shown, look="again", answer_slip_reason="procurement")
    assert outcomes(shown) == [("Hire two", "change"), ("Open", "unchanged"), ("Serve", "change")]
    (hired, _, served) = shown.context["result"].rows
    assert ("due_on", "Feb 15, 2027", "Mar 1, 2027") in hired.changes and hired.changes[0][0] == "title"
    assert served.changes == (("status", "Blocked", "In progress"),)
    keep(work, shown)
    hire.refresh_from_db()
    assert (hire.title, hire.due_on) == ("Hire two", date(2027, 3, 1)) and Milestone.objects.count() == 3


def test_what_goes_out_in_the_tools_columns_comes_back_unchanged_or_edited(work):
    keep(work, match(work, spreadsheets.smartsheet(), **ON_ICE, name="Pilot plan"))
    MilestoneFactory(engagement=work[0], title="Made here", due_on=date(2027, 9, 1), stage="close_out")
    saved = TableMapping.objects.get()
    for kind in ("csv", "xlsx"):
        exported = work[1].get(f"/mappings/{saved.pk}/milestones.{kind}")
        back = bring(work, exported.content, saved=saved.pk)
        assert {row.outcome for row in back.context["result"].rows} == {"unchanged"}, back.context["result"].rows
    text = work[1].get(f"/mappings/{saved.pk}/milestones.csv").content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Task Name,Row ID,Phase,Status,% Complete,Finish,Predecessors,Assigned To")
    back = bring(work, text.replace("Ten families", "Twelve families").encode(), saved=saved.pk)
    (edited,) = [row for row in back.context["result"].rows if row.outcome == "change"]
    assert edited.changes == (("acceptance_evidence", "Ten families", "Twelve families"),)
    for role in Role:
        client = Client()
        client.force_login(member(role, work[0]))
        answer = client.get(f"/mappings/{saved.pk}/milestones.csv").status_code
        assert answer == (200 if role in (Role.LEAD, Role.ADVISER) else 404), role


@pytest.mark.parametrize(
    ("content", "more", "waiting"),
    [
        (spreadsheets.ASANA.encode(), {}, 1),
        (spreadsheets.monday(), {}, 0),
        (spreadsheets.PROJECT.encode(), {"text_stage": "design"}, 1),
        (spreadsheets.AIRTABLE.encode(), {"text_stage": "design"}, 0),
    ],
)
def test_exports_of_tools_come_in_as_they_are(work, content, more, waiting):
    shown = match(work, content, **more)
    assert outcomes(shown) == [("Hire", "add"), ("Open", "add")]
    keep(work, shown)
    hire, opened = Milestone.objects.order_by("due_on")
    assert (hire.owner, opened.due_on) == (work[2], date(2027, 4, 1))
    assert list(MilestoneDependency.objects.values_list("needs", flat=True)) == [hire.pk] * waiting


def test_a_date_that_may_be_two_is_asked_for(work):
    content = b"Name,Due\nHire,03/04/2027\n"
    page = bring(work, content).content.decode()
    assert "may be Mar 4, 2027 or Apr 3, 2027" in html.unescape(page)
    assert match(work, content, text_stage="design").context["form"].errors["date_order"]
    keep(work, match(work, content, text_stage="design", date_order="day_first"))
    assert Milestone.objects.get().due_on == date(2027, 4, 3)


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ("R-1,A,2027-01-01,\nR-1,B,2027-01-01,\n", {2: ["external_id"], 3: ["external_id"]}),
        ("R-1,A,2027-01-01,Nowhere\n", {2: ["city"]}),
        ("R-1,A,soon,\n", {2: ["due_on"]}),
        ("R-1,,2027-01-01,\n", {2: ["title"]}),
    ],
)
def test_rows_that_cant_be_kept_name_their_column_and_nothing_is_half_done(work, rows, problems):
    shown = match(work, f"Key,Name,Due,City\n{rows}".encode(), text_stage="design", date_order="iso")
    found = {row.line: [name for name, _ in row.problems] for row in shown.context["result"].rows if row.problems}
    assert found == problems and keep(work, shown).status_code == 422
    assert not Milestone.objects.exists() and not ImportKey.objects.exists() and not TableImport.objects.exists()


def test_what_needs_approval_waits_for_review(work):
    work[0].needs_approval = True
    work[0].save()
    shown = match(work, b"Name,Due,Status\nHire,2027-01-01,Complete\n", text_stage="design")
    assert "waits for review instead of being done" in shown.content.decode()
    keep(work, shown)
    assert Milestone.objects.get().status == "awaiting_review"


def test_a_long_table_is_checked_and_imported_by_the_worker(work, monkeypatch, django_capture_on_commit_callbacks):
    called = []
    monkeypatch.setattr(
        "engagements.base.table_import.mapped_views.current_app.send_task", lambda *a, **k: called.append(k)
    )
    rows = "".join(f"M{n},design,2027-01-01\n" for n in range(501))
    with django_capture_on_commit_callbacks(execute=True):
        answer = bring(work, f"title,stage,due_on\n{rows}".encode())
    row = TableImport.objects.get()
    assert answer.url == f"/imports/{row.pk}/" and called == [{"args": [row.pk]}]
    page = work[1].get(answer.url)
    assert page["Refresh"] == "3" and "501" in page.content.decode() and not Milestone.objects.exists()
    run_import(row.pk, now=NOW)
    run_import(row.pk, now=NOW)  # told twice: checked once
    assert "Import 501 rows" in work[1].get(answer.url).content.decode() and not Milestone.objects.exists()
    other = Client()
    other.force_login(member(Role.LEAD, work[0]))
    assert other.post(f"{answer.url}keep/").status_code == 404
    for _ in range(2):
        work[1].post(f"{answer.url}keep/")
    run_import(row.pk, now=NOW)
    row.refresh_from_db()
    assert (Milestone.objects.count(), row.state, row.added, row.packed) == (501, "kept", 501, "")
    assert TableImport.objects.count() == 1


# --- Undo -------------------------------------------------------------------------------------


def imported(work) -> TableImport:
    MilestoneFactory(engagement=work[0], title="Hire", stage="design", due_on=date(2027, 1, 15), status="planned")
    keep(
        work,
        match(work, spreadsheets.smartsheet(), **ON_ICE, text_slip_reason="data"),
    )
    return TableImport.objects.get()


def test_an_import_is_undone_as_a_whole(work):
    made = imported(work)
    assert (made.added, made.changed) == (2, 1)
    answer = work[1].post(f"/imports/{made.pk}/undo/", follow=True)
    assert "The import was undone" in answer.content.decode()
    (left,) = Milestone.objects.filter(archived_at=None)
    assert (left.title, left.status, left.due_on, left.owner) == ("Hire", "planned", date(2027, 1, 15), None)
    assert Milestone.objects.count() == 3 and not MilestoneDependency.objects.exists()
    assert Activity.objects.filter(verb="undone").count() == 1
    undo_import(table_import=made.pk, by=work[2], now=made.at)  # a second click
    assert Activity.objects.filter(verb="undone").count() == 1
    shown = match(work, spreadsheets.smartsheet(), **ON_ICE, text_slip_reason="data")
    assert outcomes(shown) == [("Hire", "change"), ("Open", "add"), ("Serve", "add")]  # it can come in again


def test_an_undo_is_refused_for_rows_changed_since_and_after_a_day(work):
    made = imported(work)
    Milestone.objects.filter(title="Serve").update(funder_note="Changed.")
    answer = work[1].post(f"/imports/{made.pk}/undo/", follow=True)
    assert "Changed since the import: “Serve”" in html.unescape(answer.content.decode())
    assert Milestone.objects.filter(archived_at=None).count() == 3
    Milestone.objects.filter(title="Serve").update(funder_note="")  # still another version
    TableImport.objects.update(at=NOW - timedelta(days=900))
    page = work[1].get(f"/engagements/{work[0].slug}/imports/").content.decode()
    assert "Undo this import" not in page
    assert "within a day" in work[1].post(f"/imports/{made.pk}/undo/", follow=True).content.decode()


def test_each_role_sees_and_undoes_what_it_may_import(work):
    made = imported(work)
    for role in Role:
        client = Client()
        client.force_login(member(role, work[0]))
        index = client.get(f"/engagements/{work[0].slug}/imports/").status_code
        assert index == (200 if role in (Role.LEAD, Role.ADVISER, Role.CITY_STAFF) else 404), role
        if role not in (Role.LEAD, Role.ADVISER):
            assert client.post(f"/imports/{made.pk}/undo/").status_code == 404, role
            saved = TableMapping.objects.filter(kind="milestones").first()
            assert saved is None or client.post(f"/mappings/{saved.pk}/archive/").status_code == 404
    assert TableImport.objects.get().state == "kept"
