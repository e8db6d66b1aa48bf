"""What somebody typed into the search box, and what it may mean. Pure."""

import re
from dataclasses import dataclass

LONGEST = 100  # characters that are read
SHORTEST = 2
_ADDRESS = re.compile(r"[0-9]+[0-9/-]*[A-Za-z]?\s+\S*[^\W\d_].*")  # a house number, then words
_TRACT = re.compile(r"(?:census\s+)?tract\s+([0-9]{1,4})(?:\.([0-9]{1,2}))?\b.*", re.IGNORECASE)
_ZIP = re.compile(r"([0-9]{5})(?:-[0-9]{4})?")


@dataclass(frozen=True)
class Typed:
    """`code` is the beginning of a GEOID, `tract` the last six digits of one, `zip_code` five digits; "" where it is
    none."""

    text: str
    code: str = ""
    tract: str = ""
    zip_code: str = ""
    is_address: bool = False
    is_cut: bool = False  # more was typed than is read

    @property
    def may_be_address(self) -> bool:
        """Also of what no geocoder is asked for, such as "Apt 3, 100 Main St": digits that are no known code."""
        is_code = bool(self.code or self.zip_code or self.tract)
        return self.is_address or (not is_code and any(letter.isdigit() for letter in self.text))

    @property
    def is_short(self) -> bool:
        return len(self.text) < SHORTEST


def read_typed(raw: str) -> Typed:
    """Spaces are joined and NULs dropped; Census files write GEOIDs with a prefix, spreadsheets lose a leading zero."""
    whole = " ".join(raw.replace("\x00", " ").split())
    text = whole[:LONGEST].strip()
    zip_code = _ZIP.fullmatch(text)
    tract = _TRACT.fullmatch(text)
    digits = re.sub(r"[\s-]", "", text).removeprefix("1400000US")
    is_code = digits.isascii() and digits.isdigit() and (zip_code is None or "-" not in text)
    return Typed(
        text,
        code=(f"0{digits}" if len(digits) == 10 else digits) if is_code else "",
        tract=f"{tract[1]:0>4}{tract[2] or '00':0<2}" if tract else "",
        zip_code=zip_code[1] if zip_code else "",
        is_address=not is_code and _ADDRESS.fullmatch(text) is not None,
        is_cut=len(whole) > LONGEST,
    )
