"""A finance table by its mapping: what becomes of each row, and the file that goes back."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from engagements.base.tables.cells import read_date
from engagements.base.tables.csv_table import read_csv
from engagements.base.tables.mapping import Mapping, MappingRefused
from engagements.base.tables.table import LEDGER, TableRefused
from engagements.base.tables.xlsx_table import read_xlsx
from engagements.money.exports import with_reasons
from engagements.money.import_rows import ReadEntry, read_ledger
from engagements.money.rules.mapping import FIELDS, from_json, ledger_mapping, suggest
from tests.engagements.milestones.test_exports import workbook
from tests.factories.tables import text_csv

COLUMNS = {
    "stage": "type",
    "amount": "amount",
    "occurred_on": "posting_date",
    "external_id": "voucher",
    "payee": "vendor",
    "reverses": "reversal_of",
}
MAPPING = ledger_mapping(
    COLUMNS,
    {"funder": "Ballmer Group"},
    {"encumbrance": "obligated", "paid": "disbursed"},
    date_order="month_first",
)
HEADER = "Type,Amount,Posting Date,Voucher,Vendor,Reversal of"


def rows(*lines: str, mapping: Mapping = MAPPING, header: str = HEADER):
    return read_ledger(read_csv("\n".join([header, *lines]).encode(), LEDGER), mapping)


def sentences(read, line: int = 2) -> dict[str, str]:
    return dict(read.problems[line])


def test_a_row_becomes_an_entry():
    read = rows('Encumbrance,"$1,200.50",11/03/2026 0:00,V-1,Acme LLC,')
    assert read.entries == (
        ReadEntry(
            2, "obligated", Decimal("1200.50"), date(2026, 11, 3), 2026, "Ballmer Group", "Acme LLC", external_id="V-1"
        ),
    )
    assert not read.problems and not read.alike


@pytest.mark.parametrize(("words", "stage"), [({"encumbrance": "allocated"}, "allocated"), ({}, "obligated")])
def test_the_mappings_words_come_before_the_usual_ones(words, stage):
    mapping = ledger_mapping(COLUMNS, {"funder": "Ballmer Group"}, words, date_order="month_first")
    (entry,) = rows("Encumbrance,300,11/3/2026,V-1,Acme,", mapping=mapping).entries
    assert entry.stage == stage


def test_a_negative_row_takes_back_the_entry_it_names():
    (first, back) = rows("Paid,300,11/3/2026,V-1,Acme,", "Paid,(300.00),11/9/2026,V-2,Acme,V-1").entries
    assert (first.is_back, back.is_back, back.amount, back.reverses) == (False, True, Decimal(300), "V-1")


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        ("Paid,-300,11/3/2026,V-2,Acme,", "reverses", "−$300 takes something back: give the number of the entry"),
        ("Paid,300,11/3/2026,V-2,Acme,V-1", "amount", "This row reverses V-1, so its amount is negative: −$300."),
        ("Paid,-300,11/3/2026,V-2,Acme,V-2", "reverses", "can't reverse itself"),
        ("Paid,0,11/3/2026,V-2,Acme,", "amount", "there is nothing to book"),
        ("Paid,TBD,11/3/2026,V-2,Acme,", "amount", "Leave the row out"),
        ("Paid,,11/3/2026,V-2,Acme,", "amount", "There is no amount."),
        ("Settled,3,11/3/2026,V-2,Acme,", "stage", "“Settled” is no stage"),
        ("Paid,3,,V-2,Acme,", "occurred_on", "There is no date."),
        ("Paid,3,13/11/2026,V-2,Acme,", "occurred_on", "not in the calendar"),
        ("Paid,3,11/3/26,V-2,Acme,", "occurred_on", "no date that can be read for sure"),
        ("Paid,3,11/3/2026 14:05,V-2,Acme,", "occurred_on", "no date that can be read for sure"),
        (f"Paid,3,11/3/2026,V-2,{'x' * 151},", "payee", "more than 150 characters"),
    ],
)
def test_a_row_that_is_refused_says_why(line, field, words):
    read = rows(line)
    assert not read.entries and list(sentences(read)) == [field] and words in sentences(read)[field]


def test_all_that_is_wrong_in_a_row_is_said_at_once():
    assert set(sentences(rows("Settled,TBD,soon,V-2,Acme,"))) == {"stage", "amount", "occurred_on"}


def test_dates_by_the_mappings_order_and_without_one_refused_where_they_mean_two():
    assert read_date("03/11/2026", "day_first") == read_date("11/03/2026", "month_first") == date(2026, 11, 3)
    assert read_date("2026-11-03", "month_first") == date(2026, 11, 3)
    plain = ledger_mapping(COLUMNS, {"funder": "Ballmer Group"})
    words = sentences(rows("Spent,3,11/03/2026,V-2,Acme,", mapping=plain))["occurred_on"]
    assert "may be Mar 11, 2026 or Nov 3, 2026" in words


def test_one_number_is_one_entry_and_what_is_alike_waits_for_a_tick():
    read = rows("Paid,3,11/3/2026,V-1,Acme,", "Paid,4,11/3/2026,V-1,Acme,")
    assert [e.line for e in read.entries] == [2] and "Line 2 has the same number, V-1" in sentences(read, 3)[
        "external_id"
    ]
    read = rows("Paid,3,11/3/2026,V-1,Acme,", "Paid,3,11/3/2026,V-2, ACME ,", "Paid,3,11/4/2026,V-3,Acme,")
    assert len(read.entries) == 3 and list(read.alike) == [3] and "as line 2" in read.alike[3]
    read = rows("Paid,-3,11/3/2026,V-3,Acme,V-1", "Paid,-3,11/3/2026,V-4,Acme,V-1")
    assert "Line 2 reverses V-1 already" in sentences(read, 3)["reverses"]


def test_price_year_tracts_plan_and_milestone():
    header = "stage,amount,date,funder,price_year,tracts,plan,milestone"
    mapping = ledger_mapping(suggest(tuple(header.split(","))))
    (entry,) = rows("spent,3,2026-11-03,Fund,2025,26163500100,Homes first,12", mapping=mapping, header=header).entries
    assert (entry.price_year, entry.plan, entry.milestone) == (2025, "Homes first", "12")
    assert entry.tracts == (("26163500100", Decimal(1)),)
    read = rows("spent,3,2026-11-03,,x,26163500100:0.2,,", mapping=mapping, header=header)
    assert set(sentences(read)) == {"funder", "price_year", "tracts"}


def test_amounts_of_a_workbook_lose_the_noise_of_its_arithmetic():
    table = read_xlsx(
        workbook([HEADER.split(","), ["Paid", 0.1 + 0.2, date(2026, 11, 3), "V-1", "Acme", None]]), LEDGER
    )
    (entry,) = read_ledger(table, MAPPING).entries
    assert (entry.amount, entry.occurred_on) == (Decimal("0.30"), date(2026, 11, 3))


def test_a_table_without_the_mappings_columns_is_refused_whole():
    with pytest.raises(TableRefused, match="reads “vendor”, which this table doesn't have"):
        rows("Paid,3,11/3/2026,V-2,", header="Type,Amount,Posting Date,Voucher,Reversal of")


def test_five_thousand_rows_at_once():
    lines = [f"Paid,{n}.25,11/3/2026,V-{n},Acme," for n in range(1, 5_001)]
    assert len(rows(*lines).entries) == 5_000
    with pytest.raises(TableRefused, match="more than 5,000 rows"):
        rows(*lines, "Paid,1,11/3/2026,V-0,Acme,")


# --- The file that goes back --------------------------------------------------------------------


def returned(header: str, *lines: str, mapping: Mapping = MAPPING) -> list[list[str]]:
    table = read_csv("\n".join([header, *lines]).encode(), LEDGER)
    read = read_ledger(table, mapping)
    made = text_csv(*with_reasons(table, read.problems, read.alike, frozenset(mapping.columns.values())))
    return list(csv.reader(io.StringIO(made.decode("utf-8-sig"))))


def test_the_file_goes_back_with_a_reason_per_row_and_no_formula():
    back = returned(HEADER, "Paid,TBD,11/3/2026,V-1,=cmd|calc,", "Paid,3,11/3/2026,V-2,Acme,")
    assert back[0][-1] == "reason" and back[0][:-1] == HEADER.lower().replace(" ", "_").split(",")
    assert back[1][4] == "'=cmd|calc" and back[1][-1].startswith("Amount: “TBD” is no amount.")
    assert back[2] == ["Paid", "3", "11/3/2026", "V-2", "Acme", "", ""]


def test_brought_again_its_reasons_are_written_anew_and_a_reason_of_the_table_is_kept():
    back = returned(f"{HEADER},Reason", "Paid,3,11/3/2026,V-2,Acme,,Amount: “TBD”")
    assert back[0].count("reason") == 1 and back[1][-1] == ""
    back = returned(f"{HEADER},Reason,Clerk", "Paid,TBD,11/3/2026,V-2,Acme,,moved,Ann")
    assert back[0][-3:] == ["reason", "clerk", "portal_reason"] and back[1][-3:-1] == ["moved", "Ann"]
    again = returned(",".join(back[0]), ",".join(back[1]))
    assert again[0] == back[0]


# --- Mappings -----------------------------------------------------------------------------------


def test_a_mapping_is_saved_and_read_back():
    assert from_json(MAPPING.to_json()) == MAPPING


@pytest.mark.parametrize(
    ("change", "part", "words"),
    [
        ({"columns": {"amount": "a"}}, "stage", "Say which column holds stage, or give one text for all rows."),
        ({"columns": {k: v for k, v in COLUMNS.items() if k != "amount"}}, "amount", "Say which column holds amount."),
        ({"columns": {**COLUMNS, "payee": "amount"}}, "columns", "“amount” is given to two fields"),
        ({"columns": {**COLUMNS, "colour": "c"}}, "columns", "no field “colour”"),
        ({"constants": {"funder": "F", "payee": "P"}}, "payee", "a column and a text for all rows"),
        (
            {"columns": {"stage": "s", "occurred_on": "d"}, "constants": {"funder": "F", "amount": "5"}},
            "amount",
            "differs by row",
        ),
        ({"constants": {"funder": " "}}, "columns", "is empty"),
        ({"words": {"stage": {"paid": "gone"}}}, "stage_words", "which is no stage"),
        ({"words": {"stage": {"Paid": "spent"}}}, "stage_words", "in lower case"),
        ({"words": {"stage": "paid"}}, "stage_words", "an object of texts"),
        ({"words": {"stage": {"paid": 3}}}, "stage_words", "an object of texts"),
        ({"options": {"date_order": "us"}}, "date_order", "is none of: iso, month_first, day_first"),
        ({"options": {"decimal_mark": ";"}}, "decimal_mark", "is none of"),
        ({"options": {"negatives": None}}, "options", "an object of texts"),
        ({"titles": [["a"]]}, "titles", "a list of pairs"),
        ({"sign": "x"}, "mapping", "no part “sign”"),
        ({"format": 3}, "mapping", "not known here"),
    ],
)
def test_a_mapping_that_is_refused(change, part, words):
    with pytest.raises(MappingRefused) as refused:
        from_json({**MAPPING.to_json(), **change})
    assert any(found == part and words in sentence for found, sentence in refused.value.problems)


def test_what_is_no_mapping():
    for text in ("{", "[]", "3"):
        with pytest.raises(MappingRefused):
            from_json(text)


def test_a_mapping_saved_before_other_tables_had_any_is_still_read():
    first = {
        "format": 1,
        "columns": COLUMNS,
        "constants": {"funder": "Ballmer Group"},
        "stage_words": {"encumbrance": "obligated", "paid": "disbursed"},
        "date_order": "month_first",
        "decimal_mark": ".",
        "negatives": "reversal",
    }
    assert from_json(first) == MAPPING


def test_suggestions_name_each_column_once_and_only_fields():
    header = ("type", "amount", "posting_date", "fund", "vendor", "voucher", "memo", "colour")
    found = suggest(header)
    assert found == {
        "stage": "type",
        "amount": "amount",
        "occurred_on": "posting_date",
        "funder": "fund",
        "payee": "vendor",
        "external_id": "voucher",
        "description": "memo",
    }
    assert set(found) <= set(FIELDS)
