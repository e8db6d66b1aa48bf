"""Broken twins of a good tract_outcomes_simple.csv, each with the kind of refusal it must meet.

Every function takes a good file and a folder and writes one twin. `expected` is a word for the reason,
"" where the twin must be accepted. The good file needs at least four rows, two in one county.
"""

import gzip
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.factories.compressed_bombs import write_gzip_bomb, write_zip_bomb


@dataclass(frozen=True)
class BrokenFile:
    path: Path
    expected: str  # kind of refusal, "" = accepted
    about: str  # what is wrong, in words
    line: int | None = None  # 1-based line of the first fault where there is one
    column: str = ""  # column at fault where there is one


def _lines(good: Path) -> list[str]:
    return good.read_text(encoding="utf-8-sig").splitlines()


def _write(folder: Path, name: str, lines: list[str], end: str = "\n") -> Path:
    path = folder / name
    path.write_text(end.join(lines) + end, encoding="utf-8", newline="")
    return path


def _with_cell(lines: list[str], line: int, column: str, text: str) -> list[str]:
    """A copy with one field replaced; `line` is 1-based, the header is line 1."""
    fields = lines[line - 1].split(",")
    fields[lines[0].split(",").index(column)] = text
    return [*lines[: line - 1], ",".join(fields), *lines[line:]]


def truncated_gzip(good: Path, folder: Path) -> BrokenFile:
    packed = gzip.compress(good.read_bytes(), mtime=0)
    path = folder / "truncated.csv.gz"
    path.write_bytes(packed[: len(packed) * 2 // 3])
    return BrokenFile(path, "truncated", "a gzip file that ends two thirds in, as after a broken download")


def semicolons(good: Path, folder: Path) -> BrokenFile:
    path = _write(folder, "semicolons.csv", [line.replace(",", ";") for line in _lines(good)])
    return BrokenFile(path, "delimiter", "fields parted by semicolons", 1)


def tabs(good: Path, folder: Path) -> BrokenFile:
    path = _write(folder, "tabs.csv", [line.replace(",", "\t") for line in _lines(good)])
    return BrokenFile(path, "delimiter", "fields parted by tabs", 1)


def html_page(good: Path, folder: Path) -> BrokenFile:
    page = [
        "<!DOCTYPE html>",
        "<html><head><title>404 Not Found</title></head>",
        "<body><h1>Not Found</h1></body></html>",
    ]
    return BrokenFile(_write(folder, "page.csv", page), "html", "an error page saved under the file's name", 1)


def header_only(good: Path, folder: Path) -> BrokenFile:
    return BrokenFile(_write(folder, "header_only.csv", _lines(good)[:1]), "no_rows", "a header and nothing else")


def empty(good: Path, folder: Path) -> BrokenFile:
    path = folder / "empty.csv"
    path.write_bytes(b"")
    return BrokenFile(path, "empty", "no bytes at all")


def duplicate_tract(good: Path, folder: Path) -> BrokenFile:
    lines = _lines(good)
    path = _write(folder, "duplicate_tract.csv", [*lines, lines[1]])
    return BrokenFile(path, "duplicate_tract", "the first tract again at the end", len(lines) + 1, "tract")


def _download_with(folder: Path, name: str, geoid: str) -> Path:
    lines = [
        "tract,Name,Household_Income_at_Age_35_rP_gP_p25",
        '39113000100,"Dayton, OH",28329',
        f'{geoid},"Dayton, OH",30111',
    ]
    return _write(folder, name, lines)


def five_digit_geoid(good: Path, folder: Path) -> BrokenFile:
    path = _download_with(folder, "five_digit_geoid.csv", "39113")
    return BrokenFile(path, "geoid", "a county code where a tract code belongs", 3, "tract")


def unrecoverable_ten_digit_geoid(good: Path, folder: Path) -> BrokenFile:
    path = _download_with(folder, "ten_digit_geoid.csv", "3113000100")
    return BrokenFile(
        path, "geoid", "10 digits; with its leading zero back the state would be 03, which is none", 3, "tract"
    )


def block_group_geoid(good: Path, folder: Path) -> BrokenFile:
    path = _download_with(folder, "block_group_geoid.csv", "391130001001")
    return BrokenFile(path, "geoid", "12 digits: a block group", 3, "tract")


def text_in_number(good: Path, folder: Path) -> BrokenFile:
    lines = _with_cell(_lines(good), 3, "kfr_pooled_pooled_p25", "suppressed")
    return BrokenFile(
        _write(folder, "text_in_number.csv", lines), "number", "a word in a number column", 3, "kfr_pooled_pooled_p25"
    )


def _not_a_number(text: str) -> Callable[[Path, Path], BrokenFile]:
    def write(good: Path, folder: Path) -> BrokenFile:
        lines = _with_cell(_lines(good), 3, "kfr_pooled_pooled_p25_se", text)
        path = _write(folder, f"{text.strip('-').lower()}_in_number.csv", lines)
        return BrokenFile(path, "number", f"{text} in a number column", 3, "kfr_pooled_pooled_p25_se")

    return write


infinity_in_number = _not_a_number("inf")
nan_in_number = _not_a_number("nan")
na_in_number = _not_a_number("NA")


def missing_column(good: Path, folder: Path) -> BrokenFile:
    lines = [line.split(",") for line in _lines(good)]
    position = lines[0].index("tract")
    cut = [",".join(fields[:position] + fields[position + 1 :]) for fields in lines]
    return BrokenFile(
        _write(folder, "missing_column.csv", cut), "missing_column", "the tract column is gone", 1, "tract"
    )


def duplicate_column(good: Path, folder: Path) -> BrokenFile:
    lines = _lines(good)
    name = "kfr_pooled_pooled_p25"
    doubled = [f"{lines[0]},{name}", *(f"{line},.5" for line in lines[1:])]
    return BrokenFile(_write(folder, "duplicate_column.csv", doubled), "duplicate_column", "one name twice", 1, name)


def nul_bytes(good: Path, folder: Path) -> BrokenFile:
    path = folder / "nul_bytes.csv"
    head, tail = good.read_bytes().split(b"\n", 1)
    path.write_bytes(head + b"\n" + tail[:20] + b"\0\0\0" + tail[20:])
    return BrokenFile(path, "nul_bytes", "NUL bytes inside the first data line", 2)


def not_utf8(good: Path, folder: Path) -> BrokenFile:
    lines = _with_cell(_lines(good), 2, "czname", "Mayag\u00fcez")
    path = folder / "not_utf8.csv"
    path.write_bytes(("\n".join(lines) + "\n").encode("latin-1"))
    return BrokenFile(path, "encoding", "Latin-1 bytes that are not UTF-8", 2, "czname")


def picture(good: Path, folder: Path) -> BrokenFile:
    path = folder / "picture.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 16)
    return BrokenFile(path, "binary", "a picture under the file's name")


def _head(good: Path) -> bytes:
    return ("\n".join(_lines(good)[:2]) + "\n").encode()


def gzip_bomb(good: Path, folder: Path) -> BrokenFile:
    path = folder / "bomb.csv.gz"
    write_gzip_bomb(path, _head(good))
    return BrokenFile(path, "expands_too_far", "5 MB that expand to 3 GB")


def zip_bomb(good: Path, folder: Path) -> BrokenFile:
    path = folder / "bomb.zip"
    write_zip_bomb(path, _head(good))
    return BrokenFile(path, "expands_too_far", "5 MB that expand to 3 GB")


def nested_zip(good: Path, folder: Path) -> BrokenFile:
    inner = zip_bomb(good, folder).path
    path = folder / "nested.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "inner.zip")
    inner.unlink()
    return BrokenFile(path, "nested_archive", "a zip inside a zip")


def zip_with_path_traversal(good: Path, folder: Path) -> BrokenFile:
    path = folder / "traversal.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("../../tract_outcomes_simple.csv"), good.read_bytes())
    return BrokenFile(path, "unsafe_path", "a member that would be written outside the folder")


def zip_with_several_files(good: Path, folder: Path) -> BrokenFile:
    path = folder / "several.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("tract_outcomes_simple.csv", "another.csv"):
            archive.writestr(zipfile.ZipInfo(name), good.read_bytes())
    return BrokenFile(path, "several_members", "two CSV files in one archive: which one is meant?")


def long_line(good: Path, folder: Path) -> BrokenFile:
    lines = _with_cell(_lines(good), 2, "czname", "x" * 1_200_000)
    return BrokenFile(_write(folder, "long_line.csv", lines), "line_too_long", "a line of more than 1 MB", 2, "czname")


def ten_million_columns(good: Path, folder: Path, columns: int = 10_000_000) -> BrokenFile:
    path = folder / "ten_million_columns.csv"
    with path.open("w", encoding="ascii", newline="") as handle:
        handle.write("state,county,tract,cz,czname")
        for start in range(5, columns, 100_000):
            handle.write("," + ",".join(map(str, range(start, min(start + 100_000, columns)))))
        handle.write("\n1,1,100,11101,Montgomery\n")
    return BrokenFile(path, "too_many_columns", "a header of ten million names", 1)


def contradicting_zone(good: Path, folder: Path) -> BrokenFile:
    lines = _lines(good)
    zone = lines[0].split(",").index("cz")
    counties = [tuple(line.split(",")[:2]) for line in lines]
    line = (
        next(i for i in range(2, len(lines)) if counties[i - 2 : i].count(counties[i]) == 2) + 1
    )  # third of its county
    own = lines[line - 1].split(",")[zone]
    changed = _with_cell(lines, line, "cz", "19600" if own != "19600" else "11600")
    path = _write(folder, "contradicting_zone.csv", changed)
    return BrokenFile(path, "zone", "one county in two commuting zones", line, "cz")


def too_few_fields(good: Path, folder: Path) -> BrokenFile:
    lines = _lines(good)
    lines[2] = lines[2].rsplit(",", 3)[0]
    return BrokenFile(_write(folder, "too_few_fields.csv", lines), "ragged", "a line three fields short", 3)


def too_many_fields(good: Path, folder: Path) -> BrokenFile:
    lines = _lines(good)
    lines[2] += ",1,2"
    return BrokenFile(_write(folder, "too_many_fields.csv", lines), "ragged", "a line two fields long", 3)


def windows_text(good: Path, folder: Path) -> BrokenFile:
    path = folder / "windows_text.csv"
    path.write_bytes(b"\xef\xbb\xbf" + ("\r\n".join(_lines(good)) + "\r\n").encode())
    return BrokenFile(path, "", "byte-order mark and Windows line ends: accepted")


def reordered_columns(good: Path, folder: Path) -> BrokenFile:
    lines = [",".join(reversed(line.split(","))) for line in _lines(good)]
    return BrokenFile(_write(folder, "reordered_columns.csv", lines), "", "columns in reverse order: accepted")


def additional_columns(good: Path, folder: Path) -> BrokenFile:
    lines = _lines(good)
    longer = [f"{lines[0]},remark,kfr_martian_pooled_p25", *(f"{line},checked,.5" for line in lines[1:])]
    return BrokenFile(_write(folder, "additional_columns.csv", longer), "", "two columns more than known: accepted")


BROKEN: dict[str, Callable[[Path, Path], BrokenFile]] = {
    function.__name__: function
    for function in (
        truncated_gzip,
        semicolons,
        tabs,
        html_page,
        header_only,
        empty,
        duplicate_tract,
        five_digit_geoid,
        unrecoverable_ten_digit_geoid,
        block_group_geoid,
        text_in_number,
        missing_column,
        duplicate_column,
        nul_bytes,
        not_utf8,
        picture,
        gzip_bomb,
        zip_bomb,
        nested_zip,
        zip_with_path_traversal,
        zip_with_several_files,
        long_line,
        ten_million_columns,
        contradicting_zone,
        too_few_fields,
        too_many_fields,
    )
} | {"infinity_in_number": infinity_in_number, "nan_in_number": nan_in_number, "na_in_number": na_in_number}
GOOD: dict[str, Callable[[Path, Path], BrokenFile]] = {
    function.__name__: function for function in (windows_text, reordered_columns, additional_columns)
}
