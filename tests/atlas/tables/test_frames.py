"""Rows become a frame of the documented dtypes, or are refused with a sentence."""

import numpy as np
import pandas as pd
import pytest

from atlas.tables.declaration import Column, Table
from atlas.tables.frames import DTYPES, build_frame, typed_frame
from atlas.tables.values import python_columns
from tests.atlas.tables.example import FRAME, ROWS, TABLE


def test_dtypes_follow_the_declaration():
    assert {c.name: FRAME[c.name].dtype for c in TABLE.columns} == {
        c.name: pd.Series([], dtype=DTYPES[c.type]).dtype for c in TABLE.columns
    }
    assert build_frame(TABLE, []).dtypes.to_dict() == FRAME.dtypes.to_dict()


def test_missing_cells_are_missing_in_every_type():
    gone = FRAME.isna()
    assert gone["value"].tolist() == [False, False, True]
    assert gone["standard_error"].tolist() == [False, True, True]
    assert gone["n"].tolist() == [False, True, False]
    assert gone["belongs"].tolist() == [False, False, True]
    assert gone["period_start"].tolist() == gone["entered_at"].tolist() == [False, True, False]
    assert FRAME["name"].tolist()[2] == ""  # an empty text is a text


def test_codes_keep_their_zeros():
    assert FRAME["geoid"].tolist()[0] == "06037101110"


@pytest.mark.parametrize(
    ("kind", "cell", "said"),
    [
        ("integer", 2.5, "no whole number"),
        ("integer", True, "no whole number"),
        ("integer", "many", "could not convert|invalid literal"),
        ("number", True, "no number"),
        ("number", "ten", "could not convert"),
        ("boolean", "yes", "neither true nor false"),
        ("date", "Nov 23, 2026", "Invalid isoformat"),
        ("date", pd.Timestamp("2026-11-23T10:00"), "a moment, not a day"),
        ("datetime", "2026-11-23T10:00", "no time zone"),
    ],
)
def test_a_cell_of_another_type_is_refused(kind, cell, said):
    table = Table("t", "T", (Column("c", kind, "C"),))
    with pytest.raises(ValueError, match=f"Column c is declared as {kind}.*({said})"):
        build_frame(table, [(cell,)])


def test_texts_of_days_and_blanks_are_read():
    table = Table("t", "T", (Column("on", "date", "On"), Column("at", "datetime", "At"), Column("x", "number", "X")))
    frame = build_frame(table, [("2026-11-23", "2026-11-23T10:00:00-05:00", ""), ("", "", 1)])
    assert [[str(v) for v in cells] for cells in python_columns(table, frame)] == [
        ["2026-11-23", "None"],
        ["2026-11-23 15:00:00+00:00", "None"],
        ["None", "1.0"],
    ]


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="Row 1 of detroit-where has 1 cells, not 9"):
        build_frame(TABLE, [ROWS[0], ("06037101110",)])


def test_whole_columns_get_the_same_dtypes():
    table = Table(
        "t", "T", (Column("geoid", "string", "G"), Column("value", "number", "V"), Column("n", "integer", "N"))
    )
    frame = typed_frame(table, {"geoid": ["01", "02"], "value": np.array([1.5, np.nan]), "n": np.array([1.0, np.nan])})
    assert [str(dtype) for dtype in frame.dtypes] == ["str", "float64", "Int64"]
    with pytest.raises(ValueError, match="declared with geoid, value, n, not value, geoid"):
        typed_frame(table, {"value": [], "geoid": []})


def test_a_frame_of_another_table_is_not_written():
    with pytest.raises(ValueError, match="declares others"):
        python_columns(TABLE, FRAME.drop(columns="n"))
