"""Which kind of identifier the cells of a column look like, whatever the column is called.

Email addresses, formatted phone numbers, formatted Social Security numbers and street addresses count from the first
cell: one is one person. Plain digits, dates, names and sentences are told by how most cells look.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from statistics import median

from engagements.pilots.rules.privacy.first_names import FIRST_NAMES, THINGS

# Every pattern takes time in proportion to the cell: none tries two repetitions against each other. One sign before the
# @ is enough, and of two runs of blanks beside a separator only one may be empty.
_EMAIL = re.compile(r"[^\s@,;<>]@[^\s@,;<>]+\.[A-Za-z]{2}")
_PHONE = re.compile(r"(?<!\d)(?:\+?1[ .-]?)?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])[2-9]\d\d[-. ]\d{4}(?!\d)")
_SSN = re.compile(r"(?<![\d-])(?!000|666|9)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\d-])")
_NINE = re.compile(r"(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}")
_TEN = re.compile(r"\+?1?[2-9]\d\d[2-9]\d{6}")
_STREET = re.compile(
    r"\b\d{1,6}[A-Za-z]?\s+(?:[NSEW]{1,2}\.?\s+|north\s+|south\s+|east\s+|west\s+)?(?:[\w.'-]+\s+){1,4}"
    r"(?:st|street|ave|avenue|av|rd|road|blvd|boulevard|ln|lane|dr|drive|ct|court|pl|place|way|ter|terrace|pkwy|"
    r"parkway|cir|circle|hwy|highway|trl|trail)\b\.?",
    re.IGNORECASE,
)
_BOX = re.compile(r"\bp\.?\s?o\.?\s+box\s+\d", re.IGNORECASE)
_SEPARATED = re.compile(r"[ \-.(]")  # what stands between the parts of a formatted identifier
_PAIR = re.compile(r"-?\d{1,2}\.\d{3,}\s*(?:[,;]\s*|(?<=\s))-?\d{2,3}\.\d{3}|\bPOINT\s*\(", re.IGNORECASE)
_FINE = re.compile(r"-?\d{1,3}\.\d{4,}")
_DATES = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d.%m.%Y", "%m-%d-%Y", "%Y/%m/%d", "%d %B %Y", "%B %d, %Y", "%Y%m%d")
_AS_DATE = re.compile(r"\d{1,4}[-/. ]?(?:\d{1,2}|[A-Za-z]{3,9})[-/., ]{0,2}\d{1,4}|[A-Za-z]{3,9} \d{1,2}, \d{4}")

_MOST = 0.5  # share of cells with digits alone, or dates, that makes the column one of them
_NAMED = 0.3  # share of different cells that begin with a known first name
_FEW = 3  # fewer cells than these say nothing by their share
_OLD_YEARS = 10  # a column of dates whose middle is older than this is of births
_TRIED = 5_000  # different cells that shares are counted on
_WORDS_OF_SENTENCE = 6


def kind_of_values(cells: Sequence[str], *, is_sum: bool, is_period: bool, today: date | None = None) -> str:
    """The name of an `Identifier`, or "". `today`: what dates are held against; the day itself when not given."""
    different = list(dict.fromkeys(cell.strip() for cell in cells if cell and cell.strip()))
    if any("@" in cell and _EMAIL.search(cell) for cell in different):
        return "EMAIL"
    marked = [cell for cell in different if len(cell) >= 7 and _SEPARATED.search(cell) and not _is_number(cell)]
    for pattern, kind in ((_SSN, "SSN"), (_PHONE, "PHONE"), (_PAIR, "COORDINATES"), (_STREET, "ADDRESS")):
        if any(pattern.search(cell) for cell in marked):
            return kind
    if any(_BOX.search(cell) for cell in marked):
        return "ADDRESS"
    tried = different if len(different) <= _TRIED else different[:: len(different) // _TRIED + 1]
    if is_sum or len(tried) < _FEW:
        return ""
    if _share(tried, _NINE) > _MOST:
        return "SSN"
    if _share(tried, _TEN) > _MOST:
        return "PHONE"
    if not is_period and _are_births(tried, today or date.today()):  # noqa: DTZ011 - years, not hours
        return "BIRTH_DATE"
    return "NAME" if _are_names(tried) else "FREE_TEXT" if _are_sentences(tried) else ""


def coordinate_columns(columns: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """Pairs that place something in the United States: one column like longitudes, then also those like latitudes.

    Latitudes alone look like test scores and place nothing; a column of longitudes is always beside them.
    """
    fine = {name: numbers for name, cells in columns.items() if (numbers := _fine_numbers(cells))}
    east = {name for name, numbers in fine.items() if all(-180 <= number <= -64 for number in numbers)}
    north = {name for name, numbers in fine.items() if all(17 <= number <= 72 for number in numbers)}
    return frozenset(east | north) if east and north else frozenset()


def _fine_numbers(cells: Sequence[str]) -> list[float]:
    """The numbers of a column that has nothing but numbers, most with four decimals; else none."""
    filled = [cell.strip() for cell in cells if cell and cell.strip()][:_TRIED]
    if len(filled) < _FEW or sum(bool(_FINE.fullmatch(cell)) for cell in filled) < 0.8 * len(filled):
        return []
    try:
        return [float(cell) for cell in filled]
    except ValueError:
        return []  # something else stands among them: not a column of coordinates


def _is_number(cell: str) -> bool:
    """Whether it is an amount: digits with at most one point, which no formatted identifier is."""
    return cell.lstrip("-").replace(".", "", 1).isdigit()


def _share(cells: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.fullmatch(cell)) for cell in cells) / len(cells)


def _are_births(cells: Sequence[str], today: date) -> bool:
    found = [day for cell in cells if (day := _date_of(cell))]
    if len(found) < max(_FEW, _MOST * len(cells)):
        return False
    return (today - date.fromordinal(int(median(day.toordinal() for day in found)))).days > _OLD_YEARS * 365


def _date_of(cell: str) -> date | None:
    """A full date as files write it; a year or a month alone is none."""
    text = cell.removesuffix(" 00:00:00").removesuffix("T00:00:00")
    if not _AS_DATE.fullmatch(text):
        return None
    for form in _DATES:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day without a time
        except ValueError:
            continue  # the next form
        return found if 1900 <= found.year else None
    return None


def _are_names(cells: Sequence[str]) -> bool:
    hits = sum(_is_name(cell) for cell in cells)
    return hits >= _FEW and hits >= _NAMED * len(cells)


def _is_name(cell: str) -> bool:
    """ "Ana Ruiz", "Ruiz, Ana" or "Ana": letters only, a known first name in its place, no word of a thing."""
    words = [word.strip(".'") for word in cell.replace(",", " , ").split()]
    plain = [word.casefold() for word in words if word != ","]
    if not 1 <= len(plain) <= 4 or not all(word.replace("-", "").isalpha() for word in plain) or THINGS & set(plain):
        return False
    first = plain[words.index(",")] if "," in words[1:-1] else plain[0]
    return first in FIRST_NAMES


def _are_sentences(cells: Sequence[str]) -> bool:
    long = sum(len(cell.split()) >= _WORDS_OF_SENTENCE for cell in cells)
    return long >= _FEW and long > _MOST * len(cells)
