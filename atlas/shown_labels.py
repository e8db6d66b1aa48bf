"""Labels of the Opportunity Atlas site's downloads that no codebook of the portal explains. Pure: no Django, no data.

Such a column becomes a measure of its own, named after its label: `shown_{label}_{race}_{gender}_{stat}`, and
`shown_{label}_{years}` for a characteristic. In a slug the label keeps its words; every other character is written
as `-` and its two hexadecimal digits, so that a slug fits an address and the label comes back from it.
"""

import hashlib
import re
from dataclasses import dataclass

PREFIX = "shown_"
UNCONFIRMED = "_unconfirmed"  # behind a unit that was read off the values' range and confirmed by nobody
MAX_CODE = 64  # characters of a label in a slug: measures and data sets have names of at most 100
_DIGEST = 6
_RACES = "pooled|white|black|hisp|asian|natam|other"
_GENDERS = "pooled|female|male"
_OUTCOME = re.compile(
    rf"^{PREFIX}(?P<code>.+)_(?P<race>{_RACES})_(?P<gender>{_GENDERS})_(?P<stat>p(?:1|10|25|50|75|100)|mean)$"
)
_YEARS = re.compile(r"^(?P<words>.+?)_(?:in_)?(?P<years>(?:19|20)\d{2}(?:[-–](?:\d{2}|(?:19|20)\d{2}))?)$")
_SHORT_LABEL = re.compile(r"-7E[0-9a-f]{6}$")
# What the publisher's words say of incarceration and of births to teenagers: shown only when asked for.
_JAIL = re.compile(r"incarcerat|\bjail|\bprison|arrest|convict|felon", re.IGNORECASE)
_TEENAGE_BIRTH = re.compile(r"teen.*(?:birth|brth|pregnan|mother|parent)", re.IGNORECASE)
_MONEY = re.compile(r"income|earning|wage|rent\b|price|value|dollar|\$|balance|debt", re.IGNORECASE)

# What an operator can say a unit is, in words.
UNITS = {
    "share": "share of the people named, 0-1",
    "rank": "national rank, 0-1",
    "percent": "percent, 0-100",
    "usd_2015": "dollars of 2015",
    "usd_2016": "dollars of 2016",
    "usd_2020": "dollars of 2020",
    "usd_month_2015": "dollars a month, 2015",
    "usd_month_2016": "dollars a month, 2016",
    "hours": "hours",
    "minutes": "minutes",
    "jobs": "jobs",
    "points": "points of a score",
    "per_square_mile": "per square mile",
    "number": "a plain number",
}


@dataclass(frozen=True)
class ShownLabel:
    """A slug of this grammar taken apart; race, gender and stat are "" for a characteristic."""

    code: str
    race: str = ""
    gender: str = ""
    stat: str = ""

    @property
    def label(self) -> str:
        """The publisher's words: "Frac. in Top 1%"."""
        return decode(self.code)

    @property
    def sensitive_as(self) -> str:
        """ "jail" or "teenbrth" for what is shown only when asked for, "" otherwise."""
        return "jail" if _JAIL.search(self.label) else "teenbrth" if _TEENAGE_BIRTH.search(self.label) else ""


def encode(label: str) -> str:
    """A label as it stands in a slug; a very long one keeps its beginning and six digits of its SHA-256.

    >>> encode("Frac._in_Top_1%")
    'Frac-2E_in_Top_1-25'
    """
    pieces = [c if c.isascii() and (c.isalnum() or c == "_") else _escape(c) for c in label]
    if sum(map(len, pieces)) <= MAX_CODE:
        return "".join(pieces)
    room, kept = MAX_CODE - 3 - _DIGEST, ""
    for piece in pieces:
        if len(kept) + len(piece) > room:
            break
        kept += piece
    return f"{kept}-7E{hashlib.sha256(label.encode()).hexdigest()[:_DIGEST]}"


def _escape(character: str) -> str:
    return "".join(f"-{byte:02X}" for byte in character.encode())


def decode(code: str) -> str:
    """The words of a label, spaces for its underscores; of a cut one its beginning.

    >>> decode("Frac-2E_in_Top_1-25")
    'Frac. in Top 1%'
    """
    whole = _SHORT_LABEL.sub("…", code)
    raw = re.sub(r"-([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), whole).replace("_", " ")
    try:
        return raw.encode("latin-1").decode()
    except (UnicodeEncodeError, UnicodeDecodeError):  # the mark of a cut label, which is no byte of it
        return raw


def outcome_slug(label: str, race: str, gender: str, stat: str) -> str:
    """Slug of an outcome: race, gender and stat as in `atlas.measures`."""
    return f"{PREFIX}{encode(label)}_{race}_{gender}_{stat}"


def characteristic_slug(column: str) -> str | None:
    """Slug of a neighborhood characteristic `[label]_[years]`; None for a column without years at its end."""
    return f"{PREFIX}{encode(column)}" if _YEARS.match(column) else None


def parse(slug: str) -> ShownLabel | None:
    """A slug of this grammar taken apart, None for any other."""
    if match := _OUTCOME.match(slug):
        return ShownLabel(match["code"], match["race"], match["gender"], match["stat"])
    if not slug.startswith(PREFIX):
        return None
    code = slug.removeprefix(PREFIX)
    cut = _SHORT_LABEL.search(code) is not None
    return ShownLabel(code) if cut or _YEARS.match(decode(code).replace(" ", "_")) else None


def infer_unit(label: str, low: float | None, high: float | None) -> str:
    """A unit from a label's words and the range of its values; no more than a guess, so it is marked as one.

    >>> infer_unit("College Graduation Rate", 0.02, 0.91)
    'share_unconfirmed'
    """
    if low is None or high is None:
        guess = "number"
    elif -0.5 <= low and high <= 1.5:  # predictions of shares may lie a little outside 0-1
        guess = "rank" if re.search(r"\brank\b", label, re.IGNORECASE) else "share"
    elif high > 100 and _MONEY.search(label):
        guess = "usd"
    else:
        guess = "number"
    return guess + UNCONFIRMED


def is_confirmed(unit: str) -> bool:
    return not unit.endswith(UNCONFIRMED)
