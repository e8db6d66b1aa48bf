"""Workbooks are read as the text they would be, alone or in the publisher's archive; broken ones are refused."""

import io
import zipfile

import openpyxl
import pytest

from atlas.sources.base import SourceFileError
from atlas.sources.opening import open_file
from tests.atlas.sources.test_occupation_wages import NAMES, ROWS, US, read, row, written


def workbook(rows=ROWS, names=(*NAMES, "I_GROUP", "ANNUAL")) -> bytes:
    """As the publisher has it: numbers as numbers, codes as text, more columns, a second sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(names))
    for one in rows:
        given = one | {"I_GROUP": "cross-industry", "ANNUAL": None}
        sheet.append([_cell(given[name]) for name in names])
    book.create_sheet("Field Descriptions").append(["Field", "About"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(text):
    try:
        return float(text) if "." in text else int(text)
    except (ValueError, TypeError):
        return text or None


def archive(path, **members: bytes):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(f"oesm25ma/{name}.xlsx", content)
    return path


def same(one, other) -> bool:
    return (one.areas, one.codes, one.titles, one.vintage) == (
        other.areas,
        other.codes,
        other.titles,
        other.vintage,
    ) and all(
        (a.reason == b.reason).all() and repr(a.value.tolist()) == repr(b.value.tolist())
        for a, b in zip(one.columns, other.columns, strict=True)
    )


def test_a_workbook_says_what_the_table_says(tmp_path):
    plain = read(written(tmp_path / "oews_may2025.csv"))
    alone = tmp_path / "MSA_M2025_dl.xlsx"
    alone.write_bytes(workbook())
    assert same(read(alone), plain)
    packed = archive(
        tmp_path / "oesm25ma.zip", MSA_M2025_dl=workbook(), BOS_M2025_dl=workbook(), file_descriptions=b"x"
    )
    found = read(packed)
    assert same(found, plain) and "ANNUAL" in found.ignored_columns


def test_a_group_of_one_occupation_is_kept_once(tmp_path):
    twice = row(US, "31-1120", "Home Health and Personal Care Aides", "broad", 35_000)
    rows = (*ROWS, twice, twice | {"O_GROUP": "detailed"})
    found = read(written(tmp_path / "oews_may2025.csv", rows))
    assert (found.rows_read, found.rows_kept) == (12, 11) and found.groups[-1] == "detailed"


@pytest.mark.parametrize("cut", [100, 2_000, -40])
def test_a_workbook_cut_short_is_refused(tmp_path, cut):
    path = tmp_path / "MSA_M2025_dl.xlsx"
    path.write_bytes(workbook()[:cut])
    with pytest.raises(SourceFileError, match="cut short or damaged|empty"):
        read(path)


def test_a_workbook_that_declares_entities_or_expands_without_end_is_refused(tmp_path):
    path = tmp_path / "MSA_M2025_dl.xlsx"
    for part, text in (
        ("xl/worksheets/sheet9.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
        ("xl/big.xml", b"<a>" + b" " * 70_000_000),
    ):
        path.write_bytes(workbook())
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as made:
            made.writestr(part, text)
        with pytest.raises(SourceFileError, match="document type|expands"):
            read(path)


def test_an_archive_of_other_workbooks_is_no_table(tmp_path):
    with pytest.raises(SourceFileError, match="0 tables"):
        open_file(archive(tmp_path / "oesm25ma.zip", BOS_M2025_dl=workbook()))
