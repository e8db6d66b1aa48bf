"""A declaration refuses what would make two meanings of one file."""

from dataclasses import replace

import pytest

from atlas.tables.declaration import Column
from tests.atlas.tables.example import TABLE


def test_a_column_declared_twice_is_refused():
    with pytest.raises(ValueError, match="declares value twice"):
        replace(TABLE, columns=(*TABLE.columns, Column("value", "number", "Again")))


def test_a_key_of_no_column_is_refused():
    with pytest.raises(ValueError, match="names no column: tract"):
        replace(TABLE, key=("tract",))


def test_a_table_knows_its_columns():
    assert TABLE.has("geoid") and not TABLE.has("tract")
