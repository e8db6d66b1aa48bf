"""One reader and one mapping for every kind of table: shapes of tools, dates that are asked for, words, keys. Pure."""

from datetime import date

import pytest

from engagements.base.table_import.tools import tool_of
from engagements.base.tables.cells import find_date_question, read_date, read_planned_day
from engagements.base.tables.csv_table import read_csv
from engagements.base.tables.mapping import LEAVE, Mapping, from_json, suggest, unknown_words
from engagements.base.tables.table import GROUP, IS_PARENT, PARENT, TableRefused, parents_of
from engagements.base.tables.xlsx_table import read_xlsx
from engagements.milestones.import_rows import MILESTONE_TABLE, read_milestones, read_waits
from tests.engagements.milestones.test_exports import workbook
from tests.factories import spreadsheets


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["2027-01-20", "Jan 20, 2027"], "iso"),
        (["01/20/2027", "03/04/2027"], "month_first"),
        (["20/01/2027", "03/04/2027"], "day_first"),
        (["01/20/27"], "month_first_short"),
        (["Mon 1/4/27", "Wed 6/30/27"], "month_first_short"),
        (["46349"], "excel"),
        (["03/04/2027"], ""),
        (["03/04/27", "05/06/27"], ""),
        (["01/20/2027", "20/01/2027"], ""),
        (["soon"], "iso"),
    ],
)
def test_dates_that_can_be_read_one_way_need_no_question_and_others_are_asked(texts, order):
    found, question = find_date_question(texts)
    assert found == order and bool(question) is (order == "")


def test_the_question_names_both_days():
    assert "may be Mar 4, 2027 or Apr 3, 2027" in find_date_question(["03/04/2027"])[1]


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("11/23/26", "month_first_short", date(2026, 11, 23)),
        ("23/11/26", "day_first_short", date(2026, 11, 23)),
        ("46349", "excel", date(2026, 11, 23)),
        ("Mon 11/23/26", "month_first_short", date(2026, 11, 23)),
        ("November 23, 2026 8:00 AM", "iso", date(2026, 11, 23)),
        ("2026-11-23T17:00:00.000Z", "iso", date(2026, 11, 23)),
    ],
)
def test_days_as_tools_print_them(text, order, day):
    assert read_planned_day(text, order) == day


@pytest.mark.parametrize("text", ["11/23/26", "46349", "99999"])
def test_what_nobody_was_asked_about_is_refused(text):
    with pytest.raises(ValueError, match="Write 2026-11-23"):
        read_date(text)


def test_a_smartsheet_has_its_hierarchy_as_columns():
    table = read_xlsx(spreadsheets.smartsheet(), MILESTONE_TABLE.kind)
    assert table.header[-2:] == (PARENT, IS_PARENT) and tool_of(table.header) == "Smartsheet"
    assert [row.cells[-2:] for row in table.rows] == [("", "yes"), *[("Pilot", "no")] * 3]
    assert table.rows[1].cells[4] == "50%" and "“Comments” was not read" in table.notes[0]
    assert parents_of([0, 2, 2, 4, 0]) == [None, 0, 0, 2, None]


def test_a_monday_board_has_its_groups_as_a_column_and_no_subitems():
    table = read_xlsx(spreadsheets.monday(), MILESTONE_TABLE.kind)
    at = table.header.index(GROUP)
    assert [(row.line, row.cells[0], row.cells[at]) for row in table.rows] == [
        (4, "Hire", "Design"),
        (10, "Open", "Field"),
    ]
    assert any("2 lines of subitems or sums" in note for note in table.notes)


def test_lines_above_the_column_names_are_left_out_and_said():
    table = read_csv(f",,\n,,https://app.example/export\n,,\n{spreadsheets.ASANA}".encode(), MILESTONE_TABLE.kind)
    assert table.header[0] == "task_id" and len(table.rows) == 2 and "line 2 and before" in table.notes[0]


def test_a_formula_is_named_by_its_cell():
    table = read_xlsx(workbook([["title", "due_on"], ["=1+1", "2027-01-01"]]))
    assert any("A2" in note for note in table.notes)


def test_another_encoding_is_said_with_line_and_column():
    with pytest.raises(TableRefused, match="line 2, about column 2"):
        read_csv("title,owner\na,Tür\n".encode("cp1252"))
    assert read_csv("title,owner\na,Tür\n".encode("utf-16")).rows[0].cells[1] == "Tür"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            spreadsheets.ASANA,
            {"external_id": "task_id", "title": "name", "due_on": "due_date", "stage": "section/column"},
        ),
        (
            spreadsheets.PROJECT,
            {"title": "name", "due_on": "finish", "percent_done": "percent_complete", "row_number": "id"},
        ),
        (spreadsheets.AIRTABLE, {"title": "name", "due_on": "due", "owner": "assignee", "status": "status"}),
    ],
)
def test_columns_of_tools_are_suggested(content, expected):
    found = suggest(MILESTONE_TABLE, read_csv(content.encode(), MILESTONE_TABLE.kind).header)
    assert expected.items() <= found.items() and "id" not in found


def test_words_are_known_by_meaning_or_asked_and_a_mapping_keeps_them():
    table = read_csv(b"name,state,due\nA,Stuck,2027-01-01\nB,On ice,2027-01-01\n")
    columns = {"title": "name", "status": "state", "due_on": "due"}
    mapping = Mapping(MILESTONE_TABLE, columns)
    assert unknown_words(table, mapping) == {"status": ("Stuck", "On ice")}
    said = Mapping(MILESTONE_TABLE, columns, words={"status": {"stuck": "blocked", "on ice": LEAVE}})
    assert from_json(MILESTONE_TABLE, said.to_json()) == said and not unknown_words(table, said)
    assert [row.status for row in read_milestones(table, said).rows] == ["blocked", ""]


def test_a_key_may_be_the_column_of_another_field():
    mapping = Mapping(MILESTONE_TABLE, {"title": "name", "external_id": "name", "due_on": "due"})
    (row,) = read_milestones(read_csv(b"name,due\nA,2027-01-01\n"), mapping).rows
    assert (row.key, row.title) == ("A", "A")


@pytest.mark.parametrize(
    ("text", "status", "problem"),
    [
        ("100%", "done", ""),
        ("50", "in_progress", ""),
        ("0.5", "in_progress", ""),
        ("0%", "", ""),
        ("1", "", "may be 1%"),
    ],
)
def test_a_share_done_stands_in_for_a_status(text, status, problem):
    mapping = Mapping(MILESTONE_TABLE, {"title": "name", "percent_done": "done", "due_on": "due"})
    (row,) = read_milestones(read_csv(f"name,done,due\nA,{text},2027-01-01\n".encode()), mapping).rows
    assert row.status == status and (problem in dict(row.problems).get("percent_done", ""))


def test_what_a_row_waits_for():
    assert read_waits("2FS +3d, 4; Hire staff") == ("2", "4", "Hire staff") and read_waits("") == ()
