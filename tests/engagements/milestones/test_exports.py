"""Tables people bring: what is read, what is refused and in which words."""

import io
import time
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from atlas.tables.declaration import Table
from atlas.tables.frames import build_frame
from atlas.tables.xlsx_file import write_xlsx
from engagements.base.tables import xlsx_table
from engagements.base.tables.cells import read_choice, read_date, read_whole, read_yes
from engagements.base.tables.csv_table import read_csv
from engagements.base.tables.declare import columns_of
from engagements.base.tables.table import TableRefused
from engagements.base.tables.xlsx_table import read_xlsx
from engagements.milestones.import_rows import STAGES, read_import_rows
from engagements.models import Milestone
from tests.factories.tables import csv_of


def workbook(rows, **sheets) -> bytes:
    """A sheet called Milestones; `sheets`: title -> (state, rows)."""
    book = openpyxl.Workbook()
    book.active.title = "Milestones"
    for row in rows:
        book.active.append(row)
    for title, (state, cells) in sheets.items():
        sheet = book.create_sheet(title)
        sheet.sheet_state = state
        for row in cells:
            sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """The archive with some of its parts replaced or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return made.getvalue()


def test_stages_are_those_of_the_database():
    assert list(STAGES) == Milestone.Stage.choices


# --- Cells ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23",
        "Nov 23, 2026",
        "November 23 2026",
        "Nov. 23, 2026",
        "23 Nov 2026",
        "23 November 2026",
        "23 nov. 2026",
        "23. Nov 2026",
        "23 NOV, 2026",
    ],
)
def test_a_day_is_written_so(text):
    assert read_date(text) == date(2026, 11, 23)


def test_a_day_that_may_be_two_is_refused_with_both():
    with pytest.raises(ValueError, match="may be Apr 3, 2026 or Mar 4, 2026. Write 2026-11-23"):
        read_date("03/04/2026")


@pytest.mark.parametrize(
    "text",
    [
        "11/23/2026",
        "05/05/2026",
        "23.11.26",
        "31 Feb 2026",
        "2026-13-01",
        "45000",
        "soon",
        "=TODAY()",
        "1926-01-01",
        "9999-01-01",
        "2026-11-23T00:00",
    ],
)
def test_what_is_no_sure_day_is_refused(text):
    with pytest.raises(ValueError, match="."):
        read_date(text)


def test_other_cells():
    assert [read_yes(text) for text in ("Yes", "n", "TRUE", "0")] == [True, False, True, False]
    assert read_choice("close-out", STAGES) == read_choice("Close out", STAGES) == "close_out"
    for read in (lambda: read_yes("maybe"), lambda: read_choice("x", STAGES), lambda: read_whole("1.5")):
        with pytest.raises(ValueError, match="."):
            read()


# --- CSV --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_csv_as_spreadsheets_write_it(mark):
    text = f'\ufeffTitle{mark}Due on\r\n\r\n"Two{mark} or\nmore"{mark}2026-11-23\r\n'.replace("\ufeff", "")
    table = read_csv(text.encode("utf-8-sig"))
    assert table.header == ("title", "due_on")
    assert [(row.line, row.cells) for row in table.rows] == [(3, (f"Two{mark} or\nmore", "2026-11-23"))]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "There are no rows"),
        (b"title,due_on\n", "There are no rows"),
        ("title\nTür".encode("cp1252"), "not UTF-8"),
        ("title\nx".encode("utf-16")[:-1], "cut off"),
        (b"title\na\x00b", "no text file"),
        (b'title\n"open', "quotation mark"),
        (b'title\n"a"b', "quotation mark"),
        (b"title,due_on\na\n", "Line 2 has fewer cells"),
        (b"title,due_on\na,b,c\n", "Line 2 has more cells"),
        (b"title,Title\na,b\n", "Two columns are called title"),
        (b"title,,x\na,b,c\n", "Column 2 has no name"),
        (b"title\n" + b"x\n" * 501, "more than 500 rows"),
        (b"title\n" + b"x" * 5001, "more than 5,000 characters"),
        (b"x" * 5_000_001, "more than 5 MB"),
        (b"title," + b"x," * 50 + b"\na\n", "columns"),
    ],
)
def test_csv_that_cant_be_read_says_why(content, words):
    with pytest.raises(TableRefused, match=words):
        read_csv(content)


# --- XLSX -------------------------------------------------------------------------------------

HEADER = ["title", "due_on", "needs_approval", "id"]


def test_xlsx_days_formulas_and_numbers_become_text():
    table = read_xlsx(workbook([HEADER, ["=1+1", datetime(2026, 11, 23), True, 3.0], [], ["x", date(2026, 1, 2)]]))
    assert [(row.line, row.cells) for row in table.rows] == [
        (2, ("=1+1", "2026-11-23", "yes", "3")),
        (4, ("x", "2026-01-02", "", "")),
    ]


def test_hidden_sheets_are_left_out_and_said():
    table = read_xlsx(workbook([HEADER, ["Seen"]], Old=("hidden", [["title"], ["No"]]), Deep=("veryHidden", [["x"]])))
    assert [row.cells[0] for row in table.rows] == ["Seen"]
    assert table.notes == ("Hidden sheet “Old” was not read.", "Hidden sheet “Deep” was not read.")


def test_of_several_visible_sheets_the_named_one_is_read():
    table = read_xlsx(workbook([HEADER, ["Seen"]], Other=("visible", [["x"]])))
    assert table.rows[0].cells[0] == "Seen" and table.notes == ("Sheet “Other” was not read.",)
    book = openpyxl.load_workbook(io.BytesIO(workbook([HEADER, ["a"]], Other=("visible", [["x"]]))))
    book["Milestones"].title = "One"
    book.save(made := io.BytesIO())
    with pytest.raises(TableRefused, match="shows 2 sheets .“One”, “Other”.. Call the one to read “Milestones”"):
        read_xlsx(made.getvalue())


def test_merged_cells_are_refused_by_name():
    book = openpyxl.load_workbook(io.BytesIO(workbook([HEADER, ["a"], ["b"]])))
    book.active.merge_cells("A2:A3")
    book.save(made := io.BytesIO())
    with pytest.raises(TableRefused, match="A2:A3 are merged"):
        read_xlsx(made.getvalue())


def test_bombs_entities_and_rubbish_are_refused_at_once():
    whole = workbook([HEADER, ["a"]])
    bomb = repacked(whole, **{"xl/media/image1.png": b"\0" * 30_000_000})
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'
    sheet = "xl/worksheets/sheet1.xml"
    cases = [
        bomb,
        repacked(whole, **{sheet: entity}),
        repacked(whole, **{sheet: b"<worksheet"}),
        b"PK\x03\x04rubbish",
        repacked(whole, **{sheet: b"<worksheet/>".decode().encode("utf-16")}),
        whole[: len(whole) // 2],
        repacked(whole, **{"[Content_Types].xml": b"<Types/>"}),
        repacked(whole, **{"xl/workbook.xml": b"<a/>"}),
        repacked(whole, **{f"x/{n}": b"" for n in range(300)}),
        b"PK" + b"x" * 5_000_001,
    ]
    start = time.process_time()
    for content in cases:
        with pytest.raises(TableRefused):
            read_xlsx(content)
    assert time.process_time() - start < 5


def sheet_of(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    lie = '<dimension ref="A1:XFD1048576"/>'
    return f'<worksheet xmlns="{space}">{lie}<sheetData>{rows}</sheetData></worksheet>'.encode()


def test_a_hundred_thousand_rows_and_far_away_cells_are_refused_quickly():
    def cell(row: int, column: str = "A") -> str:
        return f'<row r="{row}"><c r="{column}{row}" t="inlineStr"><is><t>title</t></is></c></row>'

    whole, sheet = workbook([HEADER, ["a"]]), "xl/worksheets/sheet1.xml"
    start = time.process_time()
    for rows, words in (
        ("".join(cell(n) for n in range(1, 100_001)), "more than 500 rows"),
        (cell(1) + cell(1_048_576), "more than 100,000 lines"),
        (cell(1) + "".join(cell(n, "XFD") for n in range(2, 50_000)), "no rows"),
    ):
        with pytest.raises(TableRefused, match=words):
            read_xlsx(repacked(whole, **{sheet: sheet_of(rows)}))
    assert time.process_time() - start < 10


def test_a_password_is_named(monkeypatch):
    made = bytearray(workbook([HEADER, ["a"]]))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        at = made.index(mark) + (6 if mark == b"PK\x03\x04" else 8)
        made[at] |= 1
    with pytest.raises(TableRefused, match="password"):
        read_xlsx(bytes(made))
    assert xlsx_table.MAX_PARTS == 200


# --- Columns ----------------------------------------------------------------------------------


def test_an_unknown_or_missing_column_refuses_the_table():
    for header, words in ((b"title,due_on,colour\na,b,c", "no column “colour”"), (b"title\na", "“due_on” is missing")):
        with pytest.raises(TableRefused, match=words):
            read_import_rows(read_csv(header))


def test_every_wrong_cell_of_a_row_is_named():
    (wish,) = read_import_rows(
        read_csv(b"id,title,due_on,stage,needs_approval,slip_reason\nx,,03/04/2026,sky,perhaps,mood\n")
    )
    assert {column for column, _ in wish.problems} == {
        "id",
        "title",
        "due_on",
        "stage",
        "needs_approval",
        "slip_reason",
    }


def test_one_title_or_id_twice_is_refused_in_both_rows():
    wishes = read_import_rows(
        read_csv(b"id,title,due_on\n,A,2026-12-01\n,a,2026-12-01\n7,B,2026-12-01\n7,C,2026-12-01\n")
    )
    assert [[column for column, _ in wish.problems] for wish in wishes] == [["title"], ["title"], ["id"], ["id"]]


# --- What goes out ----------------------------------------------------------------------------


def test_exports_hold_no_formula_and_typed_days():
    types = {"b": "date", "d": "integer"}
    table = Table("t", "T", columns_of(("a", "b", "c", "d"), types, {"a": "What it is"}), sheet="Milestones")
    rows = [("=cmd()", date(2026, 11, 23), "@x", 7), ("-1", None, "", 8), ("＝1+1", None, " =1", -9)]
    text = csv_of(table, rows).decode().splitlines()
    assert text == ["a,b,c,d", "'=cmd(),2026-11-23,'@x,7", "'-1,,,8", "'＝1+1,,' =1,-9"]
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(table, build_frame(table, rows))))
    sheet = book["Milestones"]
    assert sheet.freeze_panes == "A2" and sheet["A1"].comment.text.endswith("What it is")
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=cmd()", "s")
    assert sheet["B2"].value == datetime(2026, 11, 23) and sheet["B2"].is_date and sheet["D2"].value == 7
