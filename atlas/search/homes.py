"""Which of the portal's cities a tract belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass

from atlas.models import CityTract


@dataclass(frozen=True)
class Home:
    slug: str
    name: str


def homes_of(geoids: Iterable[str]) -> dict[str, Home]:
    """City by GEOID of 2010, for tracts with at least half their area in one. One query."""
    rows = CityTract.objects.filter(geoid__in=list(geoids), vintage=2010, belongs=True)
    return {geoid: Home(slug, name) for geoid, slug, name in rows.values_list("geoid", "city__slug", "city__name")}
