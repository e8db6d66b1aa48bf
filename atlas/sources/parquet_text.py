"""A publisher's table kept as Parquet, read as the text it was made from: header, commas, empty for missing.

So every reader, and every check of what a file holds, is the same for both forms. Pure.
"""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from atlas.sources.base import file_error

MAGIC = b"PAR1"
_ROWS_AT_ONCE = 8_192
_MOST_TEXT_AT_ONCE = 64_000_000  # bytes of text in that many rows: 7.8 kB a row, where a name has 40
_DAMAGED = "the Parquet file is cut short or damaged"


class ParquetText(io.RawIOBase):
    """The bytes of the CSV form of a Parquet file, made batch by batch, in memory that does not grow with its rows."""

    _file: pq.ParquetFile | None = None  # so that closing works when opening fails

    def __init__(self, path: Path, most_bytes: int):
        """Raises SourceFileError for a damaged file, columns that are no numbers or text, or over `most_bytes`."""
        super().__init__()
        with _open(path) as found:
            _check_schema(found.schema_arrow)
            texts = [field.name for field in found.schema_arrow if pa.types.is_string(field.type)]
        file = self._file = _open(path, texts)
        _check_size(file.metadata, most_bytes)
        self._rows = file.metadata.num_rows
        self._rows_read = 0
        self._blocks = self._make_blocks(file)
        self._pending = b""

    @property
    def fraction(self) -> float:
        """Share of the rows handed out, 0-1."""
        return self._rows_read / self._rows if self._rows else 1.0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._pending:
            try:
                block = next(self._blocks, None)
            except (pa.ArrowException, OSError) as error:
                raise file_error(_DAMAGED) from error
            if block is None:
                return 0
            self._pending = block
        taken = self._pending[: len(buffer)]
        buffer[: len(taken)] = taken
        self._pending = self._pending[len(taken) :]
        return len(taken)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()

    def _make_blocks(self, file: pq.ParquetFile) -> Iterator[bytes]:
        yield _as_csv(file.schema_arrow.empty_table(), header=True)
        for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE):
            self._rows_read += batch.num_rows
            yield _as_csv(_written_out(batch), header=False)


def _open(path: Path, texts: Sequence[str] = ()) -> pq.ParquetFile:
    """The columns `texts` are read as numbers of a list of texts: one long text repeated costs nothing until it is
    written out."""
    try:
        return pq.ParquetFile(
            path, page_checksum_verification=True, thrift_string_size_limit=10_000_000, read_dictionary=list(texts)
        )
    except (pa.ArrowException, OSError) as error:
        raise file_error(_DAMAGED) from error


def _check_schema(schema: pa.Schema) -> None:
    """Only what a CSV of the publishers holds: whole numbers, numbers and text."""
    for field in schema:
        kind = field.type
        if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_string(kind)):
            raise file_error(f"holds {kind}; a table has numbers and text", line=1, column=field.name)


def _check_size(metadata: pq.FileMetaData, most_bytes: int) -> None:
    groups = (metadata.row_group(i) for i in range(metadata.num_row_groups))
    expanded = sum(group.total_byte_size for group in groups)
    if expanded > most_bytes:
        raise file_error(f"expands to over {expanded // 1_000_000:,} MB, which no source's table of this size does")


def _written_out(batch: pa.RecordBatch) -> pa.RecordBatch:
    """With its texts as texts. Raises SourceFileError where they would take more memory than any table needs."""
    columns, held = [], 0
    for column in batch.columns:
        if pa.types.is_dictionary(column.type):
            lengths = pc.take(pc.binary_length(column.dictionary), column.indices)
            held += pc.sum(lengths).as_py() or 0
            if held > _MOST_TEXT_AT_ONCE:
                raise file_error(f"holds over {_MOST_TEXT_AT_ONCE // 1_000_000} MB of text in {batch.num_rows:,} rows")
            column = column.dictionary_decode()
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _as_csv(rows: pa.Table | pa.RecordBatch, *, header: bool) -> bytes:
    buffer = io.BytesIO()
    pacsv.write_csv(rows, buffer, pacsv.WriteOptions(include_header=header))
    return buffer.getvalue()
