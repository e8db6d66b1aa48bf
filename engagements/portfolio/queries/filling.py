"""What nobody recorded in an initiative yet can be added in one of its cities: where, and by whom."""

from dataclasses import dataclass

from engagements.access.roles import permissions_by_engagement
from engagements.models import Engagement, Initiative, User
from engagements.permissions import EDIT_INDICATOR, EDIT_MONEY, EDIT_PLAN, EDIT_RECORD, EDIT_UPDATE

# What a portfolio may lack -> what a person needs in a city to add it there.
NEEDS = {
    "money": EDIT_MONEY,
    "people": EDIT_INDICATOR,
    "indicators": EDIT_INDICATOR,
    "risks": EDIT_RECORD,
    "plans": EDIT_PLAN,
    "updates": EDIT_UPDATE,
}


@dataclass(frozen=True)
class CityToFill:
    slug: str
    city: str
    is_fictional: bool


def cities_to_fill(user: User, within: Initiative) -> dict[str, tuple[CityToFill, ...]]:
    """By key of NEEDS, by name of the city; a key with no city is not in it. Two statements."""
    if within.archived_at is not None:
        return {}
    rows = {
        pk: CityToFill(slug, city, is_fictional)
        for pk, slug, city, is_fictional in Engagement.objects.filter(initiative=within)
        .order_by("city__name", "pk")
        .values_list("pk", "slug", "city__name", "is_fictional")
    }
    held = permissions_by_engagement(user, rows)
    found = {
        what: tuple(row for pk, row in rows.items() if need in held.get(pk, frozenset()))
        for what, need in NEEDS.items()
    }
    return {what: cities for what, cities in found.items() if cities}
