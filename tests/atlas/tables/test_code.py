"""Code to copy runs as it is, and names the releases it read."""

import io
import runpy
import urllib.request

import pytest

from atlas.tables.code import CHANGED, python_code, r_code
from atlas.tables.csv_file import write_csv
from atlas.tables.datapackage import facts_of
from tests.atlas.tables.example import FRAME, ROWS, SOURCE, TABLE

ADDRESS = 'https://portal.example/cities/detroit/where.csv?measure="quoted"'
CONTENT = write_csv(TABLE, FRAME)
SHA256 = facts_of(CONTENT, "", "csv", "text/csv").sha256


@pytest.fixture
def served(monkeypatch):
    asked = []

    def answer(address):
        asked.append(address)
        return io.BytesIO(CONTENT)

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    return asked


def run(code: str, folder) -> dict:
    path = folder / "copied.py"
    path.write_text(code)
    return runpy.run_path(str(path))


def test_the_python_code_reads_the_table_with_its_types(served, tmp_path, capsys):
    table = run(python_code(TABLE, ADDRESS, SHA256), tmp_path)["table"]
    assert served == [ADDRESS] and capsys.readouterr().out == ""
    assert table["geoid"].tolist() == [row[0] for row in ROWS]
    assert str(table["period_start"].dtype).startswith("datetime64") and len(table) == len(ROWS)


def test_the_python_code_says_when_the_numbers_changed(served, tmp_path, capsys):
    run(python_code(TABLE, ADDRESS, "0" * 64), tmp_path)
    assert capsys.readouterr().out == f"{CHANGED}\n"


def test_both_name_release_and_checksum():
    for code in (python_code(TABLE, ADDRESS, SHA256), r_code(TABLE, ADDRESS, SHA256)):
        assert "release 17" in code and SOURCE.sha256 in code and SHA256 in code and TABLE.address in code
        head = [line for line in code.splitlines() if "Household income in Detroit" in line]
        assert head == ["# Household income in Detroit, by tract"]


def test_the_r_code_keeps_codes_as_text_and_names_what_r_would_change():
    code = r_code(TABLE, ADDRESS, SHA256)
    assert 'geoid = "character"' in code and 'period_start = "Date"' in code and "check.names = FALSE" in code
    assert 'where.csv?measure=\\"quoted\\""' in code
