"""Columns that say who somebody is, known by their header or by what stands in them. Such a file is refused as a whole.

A sentence names the column and the kind, never a value. False alarms and misses are measured in the tests; a column
whose header is honest and whose values look like a person's all the same is refused: renaming it helps nobody.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engagements.pilots.rules.privacy.header_words import kind_of_header
from engagements.pilots.rules.privacy.value_patterns import coordinate_columns, kind_of_values


class Identifier(StrEnum):
    """The value is the kind in words, as the sentence says it."""

    NAME = "names of people"
    EMAIL = "email addresses"
    PHONE = "phone numbers"
    ADDRESS = "street addresses"
    BIRTH_DATE = "dates of birth"
    SSN = "Social Security numbers"
    COORDINATES = "coordinates of places"
    OTHER_NUMBER = "numbers that an office gave a person"
    FREE_TEXT = "sentences that someone wrote"


INSTEAD = {
    Identifier.NAME: "Take the column out; the salted id is enough.",
    Identifier.EMAIL: "Take the column out.",
    Identifier.PHONE: "Take the column out.",
    Identifier.ADDRESS: "Take the column out, or give buildings and streets letters.",
    Identifier.BIRTH_DATE: "Use the year of birth, or groups of ages.",
    Identifier.SSN: "Take the column out; the salted id is enough.",
    Identifier.COORDINATES: "Use the neighborhood instead.",
    Identifier.OTHER_NUMBER: "Take the column out; the salted id is enough.",
    Identifier.FREE_TEXT: "Take the column out, or use codes.",
}


@dataclass(frozen=True)
class Found:
    """One column that is refused. `is_header`: by its name; else by what stands in it."""

    column: str
    kind: Identifier
    is_header: bool

    @property
    def sentence(self) -> str:
        """Names the column and the kind, never a value. Worked: “dob” looks like dates of birth, by its name."""
        by = "by its name" if self.is_header else "by what stands in it"
        return f"Column “{shown(self.column)}” looks like {self.kind.value}, {by}. {INSTEAD[self.kind]}"


def identifying_columns(
    columns: Mapping[str, Sequence[str]], *, sums: Collection[str] = (), periods: Collection[str] = ()
) -> tuple[Found, ...]:
    """Every column that says who somebody is, in the file's order.

    `columns`: header -> its cells as text; all must be looked at, a sample would miss the one address in a note.
    `sums`: columns that hold counts, sums or a measured number: digits alone say nothing there. `periods`: columns of
    registered dates. Worked: {"arm": ["a"], "e_mail": [""]} -> e_mail, EMAIL, by its name.
    """
    located = coordinate_columns({name: cells for name, cells in columns.items() if name not in sums})
    found = []
    for name, cells in columns.items():
        if by_name := kind_of_header(name):
            found.append(Found(name, Identifier[by_name], is_header=True))
        elif name in located:
            found.append(Found(name, Identifier.COORDINATES, is_header=False))
        elif by_cells := kind_of_values(cells, is_sum=name in sums, is_period=name in periods):
            found.append(Found(name, Identifier[by_cells], is_header=False))
    return tuple(found)


def shown(name: str) -> str:
    """A header as a message may show it: short and without control characters.

    A header that itself holds an address or a number (a file without a header line) is not repeated.
    """
    if kind_of_values([name], is_sum=False, is_period=False):
        return "…"
    clean = "".join(letter if letter.isprintable() else "?" for letter in name)
    return clean if len(clean) <= 60 else f"{clean[:59]}…"
