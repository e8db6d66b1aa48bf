"""Columns of a table that may be far larger than memory: rows go in, columns come out.

The full tract file has 7,825 columns of 73,278 rows (2.3 GB of float32). Row blocks are appended
to a temporary file that stays in memory while it is small; columns are gathered a group at a time.
"""

import tempfile
import weakref
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

IN_MEMORY_BYTES = 24_000_000  # the simple file's 18 MB stay in memory
GROUP_BYTES = 12_000_000


class ColumnSpool:
    """`append` blocks of shape (columns, rows of the block), float32; then iterate over columns in their order."""

    def __init__(self, columns: int):
        self.columns = columns
        self.rows = 0
        self._blocks: list[tuple[int, int]] = []  # (offset in the file, rows)
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)
        weakref.finalize(self, self._file.close)  # lives as long as the table that reads from it

    def append(self, block: NDArray[np.floating]) -> None:
        if block.shape[0] != self.columns or block.dtype != np.float32:
            raise ValueError(f"a block of {self.columns} float32 rows was expected, not {block.shape} {block.dtype}")
        self._blocks.append((self._file.tell(), block.shape[1]))
        self._file.write(np.ascontiguousarray(block).data)
        self.rows += block.shape[1]

    def groups(self) -> Iterator[tuple[int, NDArray[np.floating]]]:
        """(index of the first column, array (columns of the group, rows)) over all columns."""
        size = max(1, GROUP_BYTES // max(4 * self.rows, 1))
        for first in range(0, self.columns, size):
            count = min(size, self.columns - first)
            group = np.empty((count, self.rows), np.float32)
            start = 0
            for offset, rows in self._blocks:
                self._file.seek(offset + 4 * rows * first)
                part = np.frombuffer(self._file.read(4 * rows * count), np.float32)
                group[:, start : start + rows] = part.reshape(count, rows)
                start += rows
            yield first, group
        self._file.seek(0, 2)
