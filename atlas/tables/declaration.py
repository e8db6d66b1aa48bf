"""What a table is before it has rows: its columns with type, unit and description, its key, and its sources."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

ColumnType = Literal["string", "integer", "number", "boolean", "date", "datetime"]

GEOID = "geoid"  # the column that joins a table to shapes: 11 digits as text, leading zeros kept


@dataclass(frozen=True)
class Column:
    """One column. `unit` is of the raw numbers ("rank 0-1", "usd_2015", ...), "" for text and for plain counts."""

    name: str
    type: ColumnType
    title: str
    unit: str = ""
    description: str = ""


@dataclass(frozen=True)
class Provenance:
    """One source of a table's numbers: who published it, how to cite it, which release was read."""

    title: str
    publisher: str
    citation: str
    license: str
    address: str
    vintage: str
    release: int
    sha256: str
    is_sample: bool = False
    starter_date: date | None = None  # of the starter set the file came with; None for one fetched or loaded


@dataclass(frozen=True)
class Table:
    """A declared table. `name` is its file name and resource name: lowercase letters, digits, hyphens.

    `key`: columns that together name a row, () where no set of columns does. `notes`: what to know before use.
    `address`: page of the portal it stands on, "" where there is none. `sheet`: its sheet in a workbook, "" is `name`.
    Raises ValueError for a name used twice and for a key that is no column.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    description: str = ""
    sources: tuple[Provenance, ...] = ()
    notes: tuple[str, ...] = ()
    address: str = ""
    is_sample: bool = field(default=False, kw_only=True)
    sheet: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"Table {self.name} declares {', '.join(twice)} twice.")
        if unknown := [name for name in self.key if name not in names]:
            raise ValueError(f"The key of table {self.name} names no column: {', '.join(unknown)}.")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def has(self, name: str) -> bool:
        return name in self.names
