"""Tract GEOIDs in text that people paste: from a spreadsheet, a web page, another tool. Pure.

Anything between the codes separates them. Excel drops a leading zero (ten digits), data.census.gov puts
"1400000US" in front, a float column ends in ".0": all three are read. What can't be read is kept and said.
"""

import re
from dataclasses import dataclass

from atlas.sources.geoids import STATES

MAX_TEXT_LENGTH = 100_000  # characters; 2,000 prefixed codes with separators are about 50,000
_PIECES = re.compile(r"[\w.+]+")
_TRACT = re.compile(r"(?:14000(?:00)?US)?([0-9]{10,11})(?:\.0*)?", re.IGNORECASE)
_ROUNDED = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{1,2}", re.IGNORECASE)
_HEADERS = frozenset({"geoid", "geoid10", "geo_id", "geoids", "tract", "tracts", "fips"})
_OTHER_LEVELS = {2: "a state", 5: "a county", 7: "a place", 12: "a block group", 15: "a block"}
_MAX_QUOTED_LENGTH = 30


@dataclass(frozen=True)
class UnreadableCode:
    """A piece of the text that is no tract GEOID, cut to what can be shown, and why."""

    text: str
    reason: str


@dataclass(frozen=True)
class PastedCodes:
    """`codes` are eleven digits each, in the order given, each once; `repeated` is how many came again."""

    codes: tuple[str, ...]
    repeated: int
    unreadable: tuple[UnreadableCode, ...]


def read_geoids(text: str) -> PastedCodes:
    """Every code in `text`. Whether such a tract exists is another question; its state does."""
    codes: dict[str, None] = {}
    unreadable: dict[str, str] = {}
    repeated = 0
    for number, piece in enumerate(_PIECES.findall(text)):
        piece = piece.strip("._+")
        if not piece or (number == 0 and piece.lower() in _HEADERS):
            continue
        found = _TRACT.fullmatch(piece)
        code = found[1].zfill(11) if found else ""
        if not code or int(code[:2]) not in STATES:
            unreadable.setdefault(piece[:_MAX_QUOTED_LENGTH], _unreadable_reason(piece, code))
        elif code in codes:
            repeated += 1
        else:
            codes[code] = None
    return PastedCodes(tuple(codes), repeated, tuple(UnreadableCode(*item) for item in unreadable.items()))


def _unreadable_reason(piece: str, code: str) -> str:
    if code:
        return f"no state has the code {code[:2]}"
    if _ROUNDED.fullmatch(piece):
        return "the spreadsheet has rounded it: format the column as text and copy it again"
    if piece.isascii() and piece.isdigit() and len(piece) in _OTHER_LEVELS:
        return f"{len(piece)} digits are the code of {_OTHER_LEVELS[len(piece)]}, a tract has 11"
    return "not the 11 digits of a tract"
