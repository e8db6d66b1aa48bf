"""What is asked of a portfolio, and the engagements it is asked of: every part of it begins here."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlencode

from engagements.models import Engagement, Initiative, Participation
from engagements.portfolio.figures import Figure
from engagements.portfolio.filters import PortfolioFilter, write_as_of
from engagements.portfolio.queries.rows_as_of import read, rows_at


@dataclass(frozen=True)
class City:
    """One engagement as it was; `status` is the newest that had begun on the day."""

    pk: int
    slug: str
    city_slug: str
    city: str
    state: str
    theme: str
    is_fictional: bool
    status: str | None
    status_since: date | None
    status_precision: str
    status_source: str


@dataclass(frozen=True)
class PortfolioScope:
    """`as_of` None: live. `known`: the moment all figures hold for. `today`: its day."""

    initiative: Initiative
    filters: PortfolioFilter
    as_of: datetime | None
    known: datetime
    today: date
    cities: tuple[City, ...]
    every_city: tuple[City, ...]

    @property
    def ids(self) -> list[int]:
        return [city.pk for city in self.cities]

    @property
    def invented(self) -> list[int]:
        """Engagements that are fictional as a whole: so is everything in them."""
        return [city.pk for city in self.every_city if city.is_fictional]

    def address(self, page: str, **more: str) -> str:
        """A page of this portfolio that lists what a number is made of; the filters go with it unless `more` says
        otherwise."""
        pairs = [(name, value) for name, value in self.filters.pairs() if name not in more]
        pairs += [(name, value) for name, value in more.items() if value]
        if as_of := write_as_of(self.as_of):
            pairs.append(("as_of", as_of))
        query = urlencode(pairs)
        return f"/portfolio/{self.initiative.slug}/{page}/" + (f"?{query}" if query else "")

    def figure(self, key: str, label: str, value: Decimal | int | None, unit: str, rule: str, entries: str, **more):
        value = None if value is None else Decimal(value)
        return Figure(key, label, value, unit, self.known, rule, entries, **more)


def read_cities(initiative: Initiative, as_of: datetime | None, today: date) -> tuple[City, ...]:
    """A to Z. Two statements."""
    rows = rows_at(
        Engagement, "initiative_id, city_id, slug, theme, is_fictional", "initiative_id = %s", (initiative.pk,), as_of
    )
    found = read(
        f"""SELECT e.id, e.slug, c.slug, c.name, c.state_usps, e.theme, e.is_fictional
            FROM {rows.text} e JOIN atlas_city c ON c.id = e.city_id ORDER BY c.name, e.id""",  # noqa: S608 - our own names; values go as parameters
        rows.params,
    )
    statuses = _statuses([row[0] for row in found], as_of, today)
    return tuple(City(*row, *statuses.get(row[0], (None, None, "", ""))) for row in found)


def _statuses(ids: list[int], as_of: datetime | None, today: date) -> dict[int, tuple]:
    columns = "engagement_id, status, began_on, precision, source"
    rows = rows_at(Participation, columns, "engagement_id = ANY(%s)", (ids,), as_of)
    found = read(
        f"SELECT {columns} FROM {rows.text} p WHERE began_on <= %s ORDER BY began_on, id",  # noqa: S608 - our own names; values go as parameters
        (*rows.params, today),
    )
    return {row[0]: row[1:] for row in found}  # the newest stays


def chosen(cities: tuple[City, ...], filters: PortfolioFilter) -> tuple[City, ...]:
    """Those the filters of city, theme and status let through."""
    return tuple(
        city
        for city in cities
        if (not filters.cities or city.city_slug in filters.cities)
        and (not filters.themes or city.theme in filters.themes)
        and (not filters.statuses or (city.status or "none") in filters.statuses)
    )
