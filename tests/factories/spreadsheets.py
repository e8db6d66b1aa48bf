"""Tables in the shape in which planning tools export them, made here: column names, hierarchy, dates."""

import io
from collections.abc import Iterable, Sequence
from datetime import date

import openpyxl
from openpyxl.styles import Alignment

SMARTSHEET = (
    "Task Name",
    "Row ID",
    "Phase",
    "Status",
    "% Complete",
    "Start",
    "Finish",
    "Predecessors",
    "Assigned To",
    "Comments",
)
# indent of the task name, then the cells
SMARTSHEET_ROWS: tuple[tuple[int, Sequence[object]], ...] = (
    (0, ("Pilot", "R-1", None, "In Progress", 0.4, date(2027, 1, 4), date(2027, 6, 30), None, None, None)),
    (1, ("Hire", "R-2", "Design", "In Progress", 0.5, date(2027, 1, 4), date(2027, 2, 15), None, "Ada Adviser", None)),
    (1, ("Open", "R-3", "Field", "Not Started", 0, date(2027, 2, 16), date(2027, 4, 1), "2FS", "Nobody Known", None)),
    (1, ("Serve", "R-4", "Field", "On ice", 0, date(2027, 4, 2), date(2027, 6, 30), "3FS +3d", None, "Ten families")),
)
ASANA = (
    "Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,Start Date,Due Date,"
    "Tags,Notes,Projects,Parent task,Blocked By (Dependencies),Blocking (Dependencies)\n"
    "120,2026-11-01,,2026-11-02,Hire,Design,Ada Adviser,ada@example.org,,2027-02-15,,Two people,Pilot,,,Open\n"
    "121,2026-11-01,,2026-11-02,Open,Field,,,,2027-04-01,,,Pilot,,Hire,\n"
)
PROJECT = (
    "ID,Task_Mode,Name,Duration,Start,Finish,Predecessors,Outline_Level,Summary,Percent_Complete,Resource_Names\n"
    '1,Auto Scheduled,Pilot,120 days,"Mon 1/4/27","Wed 6/30/27",,1,Yes,20%,\n'
    '2,Auto Scheduled,Hire,30 days,"Mon 1/4/27","Mon 2/15/27",,2,No,50%,"Ada Adviser,Somebody"\n'
    '3,Auto Scheduled,Open,30 days,"Tue 2/16/27","Thu 4/1/27",2FS+1 day,2,No,0%,\n'
)
AIRTABLE = "Name,Status,Assignee,Due,Attachments\nHire,Todo,Ada Adviser,1/20/2027,\nOpen,In progress,,4/1/2027,\n"


def smartsheet(rows: Iterable[tuple[int, Sequence[object]]] = SMARTSHEET_ROWS) -> bytes:
    """A sheet with its hierarchy as indents, and the sheet of comments beside it."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Pilot plan"
    sheet.append(SMARTSHEET)
    for indent, cells in rows:
        sheet.append(cells)
        line = sheet.max_row
        sheet.cell(line, 1).alignment = Alignment(indent=indent)
        sheet.cell(line, 5).number_format = "0%"
        for column in (6, 7):
            sheet.cell(line, column).number_format = "MM/DD/YY"
    book.create_sheet("Comments").append(["Row", "Comment"])
    return _bytes(book)


def monday() -> bytes:
    """A board: its name, then groups, each with its name, the column names, items, a subitem and a line of sums."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Pilot"
    header = ["Name", "Subitems", "Person", "Status", "Due", "Item ID (auto generated)"]
    sheet.append(["Pilot"])
    sheet.append(["Design"])
    sheet.append(header)
    sheet.append(["Hire", "Post the job", "Ada Adviser", "Working on it", date(2027, 2, 15), 9001])
    sheet.append(["Subitems", "Name", "Owner", "Status", "Date", "Item ID (auto generated)"])
    sheet.append([None, "Post the job", "Ada Adviser", "Done", date(2027, 1, 10), 9101])
    sheet.append([None, None, None, None, date(2027, 2, 15), None])
    sheet.append(["Field"])
    sheet.append(header)
    sheet.append(["Open", None, None, "Stuck", date(2027, 4, 1), 9002])
    sheet.merge_cells("A1:F1")
    return _bytes(book)


def _bytes(book: openpyxl.Workbook) -> bytes:
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
