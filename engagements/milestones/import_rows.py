"""Rows of a table as wishes for milestones, with what is wrong in each cell; in our columns or in a planning tool's."""

import re
from collections import Counter
from dataclasses import dataclass

from engagements import limits
from engagements.base.tables.cells import read_choice, read_planned_day, read_whole, read_yes
from engagements.base.tables.mapping import Declaration, Field, Mapping, meaning_of, own_mapping
from engagements.base.tables.table import IS_PARENT, MANY_ROWS, Kind, Row, Table, TableRefused
from engagements.workflow import MILESTONE, SLIP_REASONS

STAGES = (
    ("scoping", "Scoping"),
    ("design", "Design"),
    ("field", "Field"),
    ("analysis", "Analysis"),
    ("close_out", "Close-out"),
)
STATUSES = tuple(MILESTONE.choices)
# What planning tools call a status, in lower case.
_STATUS_WORDS = tuple(
    (word, status)
    for status, words in {
        "planned": ("not started", "to do", "todo", "backlog", "new", "future task", "planned", "no", "false"),
        "in_progress": ("in progress", "working on it", "doing", "on track", "started", "on schedule", "active"),
        "at_risk": ("at risk", "delayed", "off track", "late"),
        "blocked": ("blocked", "stuck", "on hold", "waiting"),
        "awaiting_review": ("in review", "review", "needs review", "waiting for review", "pending review"),
        "done": ("done", "complete", "completed", "closed", "finished", "yes", "true", "achieved"),
        "cancelled": ("canceled", "cancelled", "dropped", "won't do"),
    }.items()
    for word in words
)
MILESTONE_TABLE = Declaration(
    "milestones",
    "A milestone",
    Kind("milestone", "milestones", "Milestones", MANY_ROWS),
    (
        Field(
            "id",
            "Number here",
            "Number of an existing milestone; empty for a new one",
            differs=True,
            usual=("portal_id",),
            ours=True,
        ),
        Field(
            "version",
            "Version here",
            "As exported: tells whether someone changed it since",
            differs=True,
            usual=("portal_version",),
            ours=True,
        ),
        Field(
            "external_id",
            "Key in the tool",
            "What stays when a row is renamed: the tool’s own number, or a "
            "column you choose. The next import finds its milestone by it",
            differs=True,
            shares=True,
            usual=("task_id", "item_id", "item_id_(auto_generated)", "row_id", "unique_id", "record_id", "key"),
        ),
        Field(
            "title",
            "Title",
            "What is to be reached; required",
            required=True,
            differs=True,
            usual=("task_name", "name", "task", "milestone", "item", "activity", "summary", "primary"),
        ),
        Field(
            "stage",
            "Stage",
            ", ".join(label for _, label in STAGES) + "; required for a new one",
            choices=STAGES,
            usual=("phase", "section/column", "group_above", "section", "row_above", "workstream"),
        ),
        Field(
            "due_on",
            "Due date",
            "2026-11-23 or Nov 23, 2026; required",
            required=True,
            is_date=True,
            usual=(
                "due",
                "due_date",
                "finish",
                "finish_date",
                "end_date",
                "end",
                "deadline",
                "target_date",
                "date",
                "timeline___end",
            ),
        ),
        Field(
            "status",
            "Status",
            ", ".join(label for _, label in STATUSES) + ". A change is logged as progress",
            choices=STATUSES,
            usual_words=_STATUS_WORDS,
            usual=("state", "progress_status"),
        ),
        Field(
            "percent_done",
            "Share done",
            "Where there is no status: 100% is done, more than 0% is in progress",
            differs=True,
            usual=("%_complete", "percent_complete", "complete", "%_done", "progress"),
        ),
        Field(
            "owner",
            "Owner",
            "Email address or name of someone in the team; empty: nobody",
            usual=("assigned_to", "assignee_email", "assignee", "person", "people", "resource_names", "responsible"),
        ),
        Field(
            "acceptance_evidence",
            "What shows that it is done",
            "What shows that it is done",
            usual=("notes", "description", "comments", "details"),
        ),
        Field(
            "waits_for",
            "Waits for",
            "Row numbers or names of what comes before, such as 2, 4FS +3d. Adds what a "
            "milestone waits for; nothing is removed",
            differs=True,
            usual=(
                "predecessors",
                "blocked_by_(dependencies)",
                "blocked_by",
                "dependent_on",
                "depends_on",
                "dependency",
            ),
        ),
        Field(
            "row_number",
            "Number of the row",
            "The number by which other rows wait for it; empty: its place in the table",
            differs=True,
            usual=("id", "row_number", "row", "#"),
        ),
        Field(
            "holds_rows",
            "Holds other rows",
            "yes: a heading with its tasks below it. Headings are left out",
            differs=True,
            usual=(IS_PARENT, "summary"),
        ),
        Field("needs_approval", "Needs approval", "yes or no; empty: as the engagement asks"),
        Field("funder_note", "Note for funders", "One sentence funders read"),
        Field("city", "City", "Rows of another city are refused", differs=True),
        Field(
            "slip_reason",
            "Why dates move",
            "Required when the date moves: " + ", ".join(label for _, label in SLIP_REASONS),
            choices=SLIP_REASONS,
            in_preview=True,
        ),
        Field(
            "slip_words",
            "Why dates move, in words",
            "Why the date moves, in words; required for Other",
            in_preview=True,
        ),
    ),
    own=("line", "started_on", "done_on", "fictional", "reason"),
)
# column -> what to write in it; the order of the template and of exports
COLUMNS = MILESTONE_TABLE.columns
SHOWN_ONLY = MILESTONE_TABLE.own
REQUIRED = ("title", "due_on")
_TEXTS = ("title", "acceptance_evidence", "funder_note")
_WAITED = re.compile(r"(\d{1,6})(?:(?:FS|SS|FF|SF)\s*)?(?:\s*[+-]\s*\d+(?:\.\d+)?\s*[A-Za-z%]*)?", re.ASCII)


@dataclass(frozen=True)
class ImportRow:
    """One row. `fields`: of title, stage, due_on, owner (an address, a name or None), acceptance_evidence,
    needs_approval, funder_note, as far as the table has the column. `problems`: (column, sentence).

    `number`: by which other rows name it in `waits_for`; `status` "" says nothing of it.
    """

    line: int
    title: str
    pk: int | None
    version: int | None
    fields: dict[str, object]
    slip_reason: str
    slip_words: str
    problems: tuple[tuple[str, str], ...]
    key: str = ""
    status: str = ""
    number: str = ""
    waits_for: tuple[str, ...] = ()
    city: str = ""


@dataclass(frozen=True)
class ReadMilestones:
    """`notes`: what was left out, in words."""

    rows: tuple[ImportRow, ...]
    notes: tuple[str, ...] = ()


def read_import_rows(table: Table) -> tuple[ImportRow, ...]:
    """Of a table in our own columns. Raises TableRefused for unknown or missing columns."""
    unknown = [name for name in table.header if name not in COLUMNS and name not in SHOWN_ONLY]
    if unknown:
        raise TableRefused(f"There is no column “{unknown[0][:60]}”. Columns are: {', '.join(COLUMNS)}.")
    missing = [name for name in REQUIRED if name not in table.header]
    if missing:
        raise TableRefused(f"The column “{missing[0]}” is missing. The template has all columns.")
    return read_milestones(table, own_mapping(MILESTONE_TABLE, table.header)).rows


def read_milestones(table: Table, mapping: Mapping) -> ReadMilestones:
    """Raises TableRefused when the mapping names a column that the table doesn't have."""
    mapping.check_header(table)
    cells = [(row, number, mapping.cells_of(table, row)) for number, row in enumerate(table.rows, start=1)]
    kept = [(row, number, cell) for row, number, cell in cells if not _is_heading(cell)]
    titles = Counter(cell["title"].casefold() for _, _, cell in kept)
    ids = Counter(cell.get("id", "") for _, _, cell in kept)
    keys = Counter(cell.get("external_id", "") for _, _, cell in kept)
    rows = tuple(_read_wish(row, number, cell, mapping, titles, ids, keys) for row, number, cell in kept)
    left_out = len(cells) - len(kept)
    words = "1 row that only holds others was" if left_out == 1 else f"{left_out} rows that only hold others were"
    note = f"{words} left out."
    return ReadMilestones(rows, (note,) if left_out else ())


def _is_heading(cell: dict[str, str]) -> bool:
    return cell.get("holds_rows", "").casefold() in ("yes", "true", "1")


def _read_wish(
    row: Row, number: int, cell: dict[str, str], mapping: Mapping, titles: Counter, ids: Counter, keys: Counter
) -> ImportRow:
    problems: list[tuple[str, str]] = []
    title, key = cell["title"], cell.get("external_id", "")
    fields: dict[str, object] = {name: cell[name] for name in _TEXTS if mapping.has(name)}

    def read(name: str, how, *more):
        try:
            return how(cell[name], *more) if cell.get(name) else None
        except ValueError as wrong:
            problems.append((name, str(wrong)))
            return None

    pk, version = read("id", read_whole), read("version", read_whole)
    fields["due_on"] = read("due_on", read_planned_day, mapping.options["date_order"])
    if cell.get("stage"):
        fields["stage"] = read("stage", _read_meaning, "stage")
    if cell.get("needs_approval"):
        fields["needs_approval"] = read("needs_approval", read_yes)
    if mapping.has("owner"):
        fields["owner"] = cell["owner"] or None
    reason = read("slip_reason", read_choice, SLIP_REASONS) or ""
    status = (read("status", _read_meaning, "status") or "") if cell.get("status") else read("percent_done", _by_share)
    if not title:
        problems.append(("title", "Give it a title."))
    if len(key) > limits.TITLE:
        problems.append(("external_id", f"The key has more than {limits.TITLE} characters."))
    if cell.get("id") and ids[cell["id"]] > 1:
        problems.append(("id", "Another row has the same id."))
    if key and keys[key] > 1:
        problems.append(("external_id", f"Another row has the same key, “{key[:40]}”."))
    if not cell.get("id") and not key and title and titles[title.casefold()] > 1:
        problems.append(("title", "Another row has the same title. Give the id, or another title."))
    return ImportRow(
        row.line,
        title,
        pk,
        version,
        fields,
        reason,
        cell.get("slip_words", ""),
        tuple(problems),
        key,
        status or "",
        cell.get("row_number") or str(number),
        read_waits(cell.get("waits_for", "")),
        cell.get("city", ""),
    )


def _read_meaning(text: str, name: str) -> str:
    each = MILESTONE_TABLE.field(name)
    assert each is not None, "a field of this table"
    return meaning_of(each, text) or read_choice(text, each.choices)


def _by_share(text: str) -> str:
    """A status from “50%”, “50” or 0.5. Worked: 100% -> done; 1.0 -> done; 0.5 -> in progress; 0 -> "" (says nothing).

    “1” without a point is one percent where it is a percentage and all of it as a share: refused.
    Raises ValueError with a sentence.
    """
    found = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)\s*(%?)", text, re.ASCII)
    if not found:
        raise ValueError(f"“{text[:40]}” is no share done. Write it like 50%.")
    number, sign = float(found[1]), found[2]
    if text == "1":
        raise ValueError("“1” may be 1% or all of it. Write 1% or 100%.")
    if not sign and number <= 1:
        number *= 100
    if number > 100:
        raise ValueError(f"“{text[:40]}” is more than 100%.")
    return "done" if number == 100 else "in_progress" if number > 0 else ""


def read_waits(text: str) -> tuple[str, ...]:
    """What a row waits for, as numbers or names. Worked: "2FS +3d, 4; Hire staff" -> ("2", "4", "Hire staff")."""
    parts = (part.strip() for part in re.split(r"[,;\n]", text))
    return tuple(found[1] if (found := _WAITED.fullmatch(part)) else part for part in parts if part)
