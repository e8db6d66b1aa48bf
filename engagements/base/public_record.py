"""What the ten cities published of their own projects, from a file that comes with the portal.

Quoted with its source; a city without a result was searched for. Nothing here is what people of the portal write, so
everybody may read it. Results with their own records replace it.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).parents[1] / "seeds" / "initiatives" / "reported" / "economic_mobility_2019.toml"


class RecordFileError(ValueError):
    """The portal's own file breaks its own rules: a result without its source."""


@dataclass(frozen=True)
class CityReport:
    """One city. `says`: the reported result, "" where none was found; `size`: how large, "" where not published."""

    city: str  # slug
    tried: str
    says: str = ""
    source: str = ""
    design: str = ""
    size: str = ""

    @property
    def is_found(self) -> bool:
        return bool(self.says)


@dataclass(frozen=True)
class PublicRecord:
    """`searched_on`: the day until which results were looked for."""

    initiative: str
    years: str
    searched_on: date
    cities: tuple[CityReport, ...]

    def of(self, slug: str) -> CityReport | None:
        return next((one for one in self.cities if one.city == slug), None)


@cache
def public_record(path: Path = FILE) -> PublicRecord:
    """No statement. Raises RecordFileError."""
    read = tomllib.loads(path.read_text("utf-8"))
    cities = tuple(CityReport(**entry) for entry in read["city"])
    for one in cities:
        if bool(one.says) != bool(one.source) or (one.size and not one.says):
            raise RecordFileError(f"{one.city}: a result and its source come together")
    return PublicRecord(read["initiative"], read["years"], read["searched_on"], cities)
