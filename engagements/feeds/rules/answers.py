"""What a publisher sent, as a table: CSV, or JSON as Socrata and ArcGIS write it. Pure."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 50_000, 200, 2_000
_MARKUP = ("<!doctype", "<html", "<head", "<!--", "<?xml")


class FeedProblem(Exception):
    """Why nothing was taken from a feed: one sentence for its owner. `advice`: what to do about it."""

    def __init__(self, sentence: str, advice: str = ""):
        super().__init__(sentence)
        self.sentence, self.advice = sentence, advice


@dataclass(frozen=True)
class AnswerTable:
    """Rows by column name; a cell is text, a number, a truth value or None."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, object], ...]


def read_csv(body: bytes) -> AnswerTable:
    """Comma, semicolon or tab, with a first row of names. Raises FeedProblem."""
    text = _decode(body)
    if not text.strip():
        raise FeedProblem("The file is empty.", "Open the address in a browser and look whether it gives a table.")
    first = text.lstrip("\r\n").splitlines()[0]
    delimiter = max(",;\t", key=first.count)
    try:
        lines = [cells for cells in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True) if any(cells)]
    except csv.Error as broken:
        raise FeedProblem(
            "The file ends in the middle of a row or is not a table.", "It is asked for again by itself."
        ) from broken
    names = tuple(name.strip() for name in lines[0])
    _check_size(names, len(lines) - 1)
    if len(set(names)) < len(names):
        raise FeedProblem("Two columns of the file have one name.", "Ask the publisher, or bind another address.")
    if len(lines) > 1 and len(lines[-1]) < len(names):
        raise FeedProblem("The file ends in the middle of a row.", "It is asked for again by itself.")
    rows: list[dict[str, object]] = [
        dict(zip(names, (cell.strip()[:LONGEST_CELL] for cell in cells), strict=False))
        for cells in lines[1:]
        if len(cells) == len(names)
    ]
    if len(rows) < (len(lines) - 1) / 2:
        raise FeedProblem(
            "Most rows have another number of cells than the first row has names.",
            "Look whether the address still gives the table you bound.",
        )
    return AnswerTable(names, tuple(rows))


def read_socrata(body: bytes) -> AnswerTable:
    """A list of objects. Raises FeedProblem with the message of the server where it sent one."""
    found = _read_json(body)
    if isinstance(found, dict) and found.get("message"):
        raise FeedProblem(f"The data portal says: {str(found['message'])[:200]}", "Check the query of the feed.")
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise FeedProblem("The answer is not a list of rows.", "Check the address: it is that of a Socrata data set.")
    return _of_objects(found)


def read_arcgis(body: bytes) -> AnswerTable:
    """The features of one page of a layer. Raises FeedProblem: ArcGIS reports errors with status 200."""
    found = _read_json(body)
    if isinstance(found, dict) and isinstance(found.get("error"), dict):
        said = str(found["error"].get("message") or "an error")[:200]
        raise FeedProblem(f"The feature service says: {said}", "Check the address, the query and the token.")
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list):
        raise FeedProblem(
            "The answer has no features.", "Check the address: it is that of one layer, with its number at the end."
        )
    return _of_objects([each.get("attributes") for each in features if isinstance(each, dict)])


def has_more(body: bytes) -> bool:
    """Whether ArcGIS kept features back for another page."""
    found = _read_json(body)
    return isinstance(found, dict) and bool(found.get("exceededTransferLimit"))


def join_tables(tables: Iterable[AnswerTable]) -> AnswerTable:
    """Pages of one answer, in their order. Raises FeedProblem for too many rows."""
    pages = list(tables)
    names = tuple(dict.fromkeys(name for page in pages for name in page.columns))
    rows = tuple(row for page in pages for row in page.rows)
    _check_size(names, len(rows))
    return AnswerTable(names, rows)


def read_rows(rows: object) -> AnswerTable:
    """What a program pushed: a list of objects. Raises FeedProblem."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise FeedProblem("Send a list of rows.")
    return _of_objects(rows)


def _of_objects(rows: list[object]) -> AnswerTable:
    good = [row for row in rows if isinstance(row, dict)]
    names = tuple(dict.fromkeys(str(name) for row in good for name in row))
    _check_size(names, len(good))
    return AnswerTable(names, tuple({str(n): _plain(cell) for n, cell in row.items()} for row in good))


def _plain(cell: object) -> object:
    """What is a cell; objects inside a cell, such as places, are not."""
    if isinstance(cell, str):
        return cell.strip()[:LONGEST_CELL]
    return cell if isinstance(cell, int | float | bool) else None


def _read_json(body: bytes) -> object:
    text = _decode(body)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as broken:
        raise FeedProblem(
            "The answer is not JSON, or it was cut off.", "It is asked for again; check the address if this stays."
        ) from broken


def _decode(body: bytes) -> str:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    if text.lstrip()[:20].lower().startswith(_MARKUP):
        raise FeedProblem(
            "A web page came instead of data.", "The address may have moved, or asks to sign in. Open it in a browser."
        )
    if "\x00" in text[:1000]:
        raise FeedProblem("What came is not text.", "Bind the address of a CSV file, not of a spreadsheet or archive.")
    return text


def _check_size(names: tuple[str, ...], rows: int) -> None:
    if rows > MOST_ROWS:
        raise FeedProblem(
            f"The answer has {rows:,} rows; at most {MOST_ROWS:,} are read.", "Narrow it with the query of the feed."
        )
    if len(names) > MOST_COLUMNS:
        raise FeedProblem(f"The answer has more than {MOST_COLUMNS} columns.", "Choose columns in the query.")
