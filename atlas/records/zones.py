"""Whether a tract is a designated Opportunity Zone, by list. Pure: no Django."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ZoneStatus:
    """What one live list says of a tract; the days are the designation's, or the list's where it has none."""

    list_year: int  # the year the list came into force
    is_designated: bool
    is_contiguous: bool  # designated as a neighbor of a low-income community
    valid_from: date
    valid_to: date
