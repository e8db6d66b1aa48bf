"""A publisher's table as Parquet: the columns that are read, numbers in single precision as the portal stores them.

Rows are sorted by their codes, which brings like beside like: a tenth of the size of the text. Pure.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from atlas.sources.base import EstimateTable
from atlas.sources.detect import detect_source
from atlas.sources.opening import OpenedFile, open_file
from atlas.sources.table_reader import Header
from atlas.starter.errors import StarterSetError

_CODES = ("state", "county", "tract", "cz")
_FEW_VALUES = 16_384  # a dictionary of up to so many values, each met several times, is smaller than the values
_TIMES_MET = 4
_SINGLE_PRECISION = 2.0**-23  # relative: a published number and the same number kept differ by at most this


def write_parquet(opened: OpenedFile, header: Header, parsed: EstimateTable, path: Path, named: set[int]) -> str:
    """Writes the columns a reader takes. `named` are the tracts whose name an earlier file has; it grows.

    Returns what was kept, in words. Raises StarterSetError when the file does not read as the original does.
    """
    table = _read(opened, header, parsed)
    names_left_out = 0
    if "Name" in table.column_names:
        table, names_left_out = _without_known_names(table, named)
    _write(table, path)
    _check(parsed, path)
    kept = f"all {table.num_rows:,} rows and the {table.num_columns} columns that are read; numbers in single precision"
    kept += " (24 bits, about 7 significant digits), as the portal stores them"
    return kept + ("; tract names where no earlier file of the set has them" if names_left_out else "")


def _read(opened: OpenedFile, header: Header, parsed: EstimateTable) -> pa.Table:
    wanted = [name for name in header.names if name not in parsed.ignored_columns]
    with opened.text_stream() as stream:
        table = pacsv.read_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=pacsv.ReadOptions(column_names=list(header.names), skip_rows=1),
            parse_options=pacsv.ParseOptions(delimiter=header.delimiter),
            convert_options=pacsv.ConvertOptions(
                include_columns=wanted, null_values=[""], strings_can_be_null=False, quoted_strings_can_be_null=True
            ),
        )
    codes = [(name, "ascending") for name in _CODES if name in table.column_names]
    return pa.table({name: _narrow(table.column(name)) for name in table.column_names}).sort_by(codes)


def _narrow(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Whole numbers as they are, other numbers in single precision, text as text."""
    if pa.types.is_integer(column.type) or pa.types.is_string(column.type):
        return column
    return column.cast(pa.float32(), safe=False)


def _without_known_names(table: pa.Table, named: set[int]) -> tuple[pa.Table, int]:
    codes, names = table.column("tract").to_pylist(), table.column("Name").to_pylist()
    kept = ["" if code in named else name for code, name in zip(codes, names, strict=True)]
    left_out = sum(code in named for code in codes)
    named.update(code for code, name in zip(codes, names, strict=True) if name)
    return table.set_column(table.column_names.index("Name"), "Name", pa.array(kept, pa.string())), left_out


def _write(table: pa.Table, path: Path) -> None:
    few = [name for name in table.column_names if _has_few_values(name, table.column(name))]
    encodings = {
        name: "BYTE_STREAM_SPLIT" if pa.types.is_floating(table.schema.field(name).type) else "DELTA_BINARY_PACKED"
        for name in table.column_names
        if name not in few
    }
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=few,
        column_encoding=encodings,
        write_page_checksum=True,
        store_schema=False,
    )


def _has_few_values(name: str, column: pa.ChunkedArray) -> bool:
    if pa.types.is_string(column.type):
        return True
    return name not in _CODES and pc.count_distinct(column).as_py() <= min(_FEW_VALUES, len(column) // _TIMES_MET)


def _check(parsed: EstimateTable, path: Path) -> None:
    """The written file through the same reader: the same areas, measures and errors, equal in single precision."""
    again = detect_source(open_file(path)).read(lambda stage, done, total: None)
    same = (
        isinstance(again, EstimateTable)
        and again.dataset == parsed.dataset
        and again.slugs == parsed.slugs
        and np.array_equal(again.geoids, parsed.geoids)
        and all(
            a.slug == b.slug and _equal(a.value, b.value) and _equal(a.standard_error, b.standard_error)
            for a, b in zip(again.columns, parsed.columns, strict=True)
        )
    )
    if not same:
        raise StarterSetError(f"{path.name} does not read as the file it was made from")


def _equal(one: np.ndarray | None, other: np.ndarray | None) -> bool:
    if one is None or other is None:
        return one is other
    return bool(np.allclose(one, other, rtol=_SINGLE_PRECISION, atol=0, equal_nan=True))
