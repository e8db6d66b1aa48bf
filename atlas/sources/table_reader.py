"""Reading a publisher's table strictly: by header name, every row complete, every number a number.

The fast way is pyarrow's CSV reader, which refuses ragged rows and text in number columns. When it
refuses, the file is read again slowly, line by line, to say where and why - all problems, not the first.
"""

import csv
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from atlas.sources.base import MAX_PROBLEMS_KEPT, Problem, Progress, SourceFileError, file_error, no_progress
from atlas.sources.line_blocks import read_line_blocks
from atlas.sources.opening import MAX_LINE_BYTES, OpenedFile
from atlas.sources.spool import ColumnSpool

csv.field_size_limit(MAX_LINE_BYTES)  # a field is at most its line
DIAGNOSIS_SECONDS = 5.0
_FLOAT32_MAX = float(np.finfo(np.float32).max)
MAX_COLUMNS = 20_000  # the widest official file has 7,825


GAZETTEER = "USPS\tGEOID"
FLAT_FILE = "series_id"  # the first name of every flat file of the Bureau of Labor Statistics


@dataclass(frozen=True)
class Header:
    """The names of the first line, and how the fields are parted."""

    names: tuple[str, ...]
    first_line: bytes
    delimiter: str = ","


def read_header(opened: OpenedFile) -> Header:
    """Names of the first line. Raises SourceFileError for an empty file, HTML, binary or a line beyond 1 MB."""
    with opened.text_stream() as stream:
        raw = io.BufferedReader(stream, 1 << 16).readline(MAX_LINE_BYTES + 1)
    if len(raw) > MAX_LINE_BYTES:
        raise file_error(f"is longer than {MAX_LINE_BYTES:,} bytes", line=1)
    text = raw.decode("utf-8", errors="strict").strip("\r\n")
    if not text.strip():
        raise file_error("the file is empty or begins with an empty line", line=1)
    if text.lstrip()[:1] == "<":
        raise file_error("is a web page, not a table: the download probably failed", line=1, value=text.lstrip()[:40])
    delimiter = "|" if text.count("|") > text.count(",") else ","  # the Census parts its relationship files by bars
    # Its gazetteers are parted by tabs, and so are the flat files of the Bureau of Labor Statistics.
    if "\t" in text and text.startswith((GAZETTEER, FLAT_FILE)):
        delimiter = "\t"
    try:
        names = tuple(name.strip() for name in next(csv.reader([text], delimiter=delimiter)))
    except csv.Error as error:
        raise file_error(f"can't be read as a header: {error}", line=1) from error
    if len(names) > MAX_COLUMNS:
        raise file_error(f"has {len(names):,} columns; the widest official file has 7,825", line=1)
    return Header(names, raw, delimiter)


def check_unique(header: Header) -> None:
    seen, twice = set(), []
    for name in header.names:
        if name in seen:
            twice.append(Problem("stands twice in the header", line=1, column=name))
        seen.add(name)
    if twice:
        raise SourceFileError(twice)


def read_columns(
    opened: OpenedFile,
    header: Header,
    numbers: tuple[str, ...],
    texts: tuple[str, ...] = (),
    integers: tuple[str, ...] = (),
    nulls: tuple[str, ...] = ("",),
    progress: Progress = no_progress,
) -> pa.Table:
    """The named columns: float64, string and int64, nulls where the field is one of `nulls`.

    Raises SourceFileError with every problem (line, column, value) when any row is ragged or any field is
    not what its column says; 'nan' and 'inf' are text, not numbers.
    """
    check_unique(header)
    types = {n: pa.float64() for n in numbers} | {n: pa.string() for n in texts} | {n: pa.int64() for n in integers}
    batches, rows = [], 0
    try:
        for batch, fraction in _batches(opened, header, types, nulls):
            batches.append(batch)
            rows += batch.num_rows
            progress("reading", rows, round(rows / fraction) if fraction else None)
    except pa.ArrowInvalid as error:
        raise diagnose(opened, header, numbers, integers, nulls, str(error)) from error
    if not rows:
        raise file_error("has a header and no rows")
    table = pa.Table.from_batches(batches)
    if any(_has_non_finite(table.column(name)) for name in numbers):
        raise diagnose(opened, header, numbers, integers, nulls, "holds nan or inf")
    return table


def read_spooled(
    opened: OpenedFile,
    header: Header,
    spool: ColumnSpool,
    *,
    numbers: tuple[str, ...],
    integers: tuple[str, ...],
    others: tuple[str, ...] = (),
    texts: tuple[str, ...] = (),
    nulls: tuple[str, ...] = ("",),
    progress: Progress = no_progress,
) -> dict[str, Any]:
    """`numbers` go into the spool as float32; the rest comes back whole: int64, float64 (`others`), lists of text.

    Raises SourceFileError as read_columns does.
    """
    check_unique(header)
    types = {n: pa.float32() for n in numbers} | {n: pa.float64() for n in others}
    types |= {n: pa.int64() for n in integers} | {n: pa.string() for n in texts}
    kept: dict[str, list[Any]] = {name: [] for name in (*integers, *others, *texts)}
    rows = 0
    try:
        for batch, fraction in _batches(opened, header, types, nulls):
            block = np.empty((len(numbers), batch.num_rows), np.float32)
            _fill_block(block, batch)
            spool.append(block)
            for name in kept:
                kept[name].append(batch.column(name))
            rows += batch.num_rows
            progress("reading", rows, round(rows / fraction) if fraction else None)
    except pa.ArrowInvalid as error:
        raise diagnose(opened, header, (*numbers, *others), integers, nulls, str(error)) from error
    if not rows:
        raise file_error("has a header and no rows")
    whole = {name: pa.chunked_array(parts) for name, parts in kept.items()}
    _check_no_empty(whole, integers, rows)
    return {n: c.to_pylist() if n in texts else c.to_numpy() for n, c in whole.items()}


def _fill_block(block: NDArray[np.float32], batch: pa.RecordBatch) -> None:
    """The batch's first columns as rows of `block`, NaN for an empty field.

    Raises ArrowInvalid for nan and inf, which are text, not numbers.
    """
    empty = 0
    for i in range(len(block)):
        column = batch.column(i)
        block[i] = column.to_numpy(zero_copy_only=False)
        empty += column.null_count
    if np.count_nonzero(np.isfinite(block)) != block.size - empty:
        raise pa.ArrowInvalid("holds nan or inf")


def _check_no_empty(columns: dict[str, pa.ChunkedArray], names: tuple[str, ...], rows: int) -> None:
    """A row without its place is no row. Raises SourceFileError naming each empty field."""
    problems, total = [], 0
    for name in names:
        empty = np.flatnonzero(columns[name].is_null().to_numpy()).tolist() if columns[name].null_count else []
        total += len(empty)
        problems += [Problem("is empty", line=int(i) + 2, column=name) for i in empty[:MAX_PROBLEMS_KEPT]]
    if problems:
        raise SourceFileError(problems, total, rows)


def _batches(
    opened: OpenedFile, header: Header, types: dict[str, pa.DataType], nulls: tuple[str, ...]
) -> Iterator[tuple[pa.RecordBatch, float | None]]:
    position = {name: str(i) for i, name in enumerate(header.names)}
    size = _block_size(len(header.names))
    parse = pacsv.ParseOptions(delimiter=header.delimiter, ignore_empty_lines=True)
    convert = pacsv.ConvertOptions(
        column_types={position[name]: kind for name, kind in types.items()},
        include_columns=[position[name] for name in types],
        null_values=list(nulls),
        strings_can_be_null=False,
        quoted_strings_can_be_null=True,
        check_utf8=False,  # the stream has checked
    )
    with opened.text_stream() as stream:
        stream.read(len(header.first_line))
        for block, fraction in read_line_blocks(stream, size):
            if not block.strip(b"\r\n"):
                continue
            table = pacsv.read_csv(
                pa.BufferReader(block),
                read_options=pacsv.ReadOptions(column_names=list(position.values()), block_size=len(block) + 1),
                parse_options=parse,
                convert_options=convert,
            )
            for batch in table.to_batches():
                yield batch.rename_columns(list(types)), fraction


def _block_size(columns: int) -> int:
    """Bytes read at once: enough rows of a wide file that the work per block does not outweigh them.

    The reader holds several blocks as text and as numbers; with 1,500 columns 4.5 MB a block cost 100 MB more than 2.
    """
    return min(max(1 << 20, columns * 1_400), 32 << 20)


def _has_non_finite(column: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.invert(pc.is_finite(column)), skip_nulls=True).as_py())


def diagnose(
    opened: OpenedFile,
    header: Header,
    numbers: tuple[str, ...],
    integers: tuple[str, ...],
    nulls: tuple[str, ...],
    fallback: str,
) -> SourceFileError:
    """Every problem of the file, found the slow way; `fallback` is said when the slow way finds none.

    Spelling out stops after MAX_PROBLEMS_KEPT, and the search after DIAGNOSIS_SECONDS: the file is refused either way.
    """
    deadline = time.monotonic() + DIAGNOSIS_SECONDS
    positions: list[tuple[int, str, type[float] | type[int], str]] = [
        (header.names.index(n), n, float, "is not a number") for n in numbers
    ]
    positions += [(header.names.index(n), n, int, "is not a whole number") for n in integers]
    problems: list[Problem] = []
    total, rows = 0, 0

    def note(problem: Problem) -> None:
        nonlocal total
        total += 1
        if len(problems) < MAX_PROBLEMS_KEPT:
            problems.append(problem)

    with opened.text_stream() as stream:
        lines = csv.reader(
            io.TextIOWrapper(io.BufferedReader(stream), encoding="utf-8", newline=""), delimiter=header.delimiter
        )
        try:
            next(lines)
            for fields in lines:
                if not fields:
                    continue
                rows += 1
                line = lines.line_num
                if problems and rows % 1000 == 0 and time.monotonic() > deadline:
                    note(Problem("the search for more problems ended here", line=line))
                    break
                if len(fields) != len(header.names):
                    note(Problem(f"has {len(fields)} fields, the header has {len(header.names)}", line=line))
                    continue
                for position, name, kind, reason in positions:
                    text = fields[position]
                    if text not in nulls and not _is(kind, text):
                        note(Problem(reason, line=line, column=name, value=text[:80]))
        except csv.Error as error:
            note(Problem(f"can't be read as a table: {error}", line=lines.line_num))
    if not problems:
        note(Problem(fallback))
    return SourceFileError(problems, total, rows)


def _is(kind: type, text: str) -> bool:
    try:
        return abs(kind(text)) <= _FLOAT32_MAX and "_" not in text  # false for nan and inf
    except ValueError:
        return False
