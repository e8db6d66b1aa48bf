"""No exported CSV cell is taken for a formula, numbers stay numbers, and an import gives back what was written."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atlas.tables.csv_file import csv_text
from atlas.tables.formula_escape import escape_formula, unescape_formula
from engagements.base.tables.csv_table import read_csv
from tests.factories.tables import text_csv

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
INVISIBLE = ["", " ", "\u00a0", "\u3000", "\ufeff", "\u200b", "\u200e", "\u2060", "\u00ad", "\x00", "\x0b", "\u2028"]
RISKY = [
    "＝1+1",
    "\n=1+1",
    "\r\n=1+1",
    "\t=1+1",
    "\tx",
    "\nx",
    "\rx",
    "-5.2",
    "'=1+1",
    "''＝1+1",
    "' =1+1",
    " \u200b\ufeff @SUM(A1)",
    *(f"{before}{sign}1+1" for before in INVISIBLE for sign in SIGNS),
]


@pytest.mark.parametrize("text", RISKY)
def test_what_a_spreadsheet_may_run_becomes_text_and_comes_back(text):
    assert escape_formula(text) == f"'{text}"
    assert unescape_formula(escape_formula(text)) == text


@pytest.mark.parametrize(
    "text", ["", "'", "''", " ", "a=1", "'tis", "1-2", "−5", "x\n=1+1", "\u200b", "3 - 1", "don't"]
)
def test_other_texts_stay_as_they_are(text):
    assert escape_formula(text) == unescape_formula(text) == text


@settings(deadline=None)
@given(st.text() | st.text(f"'{SIGNS} \t\r\n\ufeffa"))
def test_an_escaped_text_comes_back_and_is_no_formula(text):
    made = escape_formula(text)
    assert unescape_formula(made) == text and made[:1] not in tuple(f"{SIGNS}\t\r\n")
    assert made.lstrip()[:1] not in tuple(SIGNS)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (-5.2, "-5.2"),
        (-3, "-3"),
        ("-5.2", "'-5.2"),
        (True, "true"),
        (date(2026, 11, 23), "2026-11-23"),
        ("＝1+1", "'＝1+1"),
    ],
)
def test_numbers_stay_numbers_and_texts_are_escaped(value, cell):
    assert csv_text(value) == cell


@pytest.mark.parametrize("text", [text for text in RISKY if "\x00" not in text])
def test_a_written_table_is_read_as_it_was(text):
    content = text_csv(("title", text), [(text, "x")])
    header, row = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    assert header[1] == row[0] == f"'{text}"
    assert read_csv(content).rows[0].cells == (text.strip(), "x")
