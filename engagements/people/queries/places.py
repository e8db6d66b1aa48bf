"""The cities of the portal by their slugs, for what people write about them."""

from atlas.models import City
from engagements.access.roles import engagements_with
from engagements.models import User
from engagements.permissions import WRITE_LOCAL_NOTE


def city_id(slug: str | None) -> int | None:
    """None for no city, or one the portal doesn't know."""
    return City.objects.filter(slug=slug).values_list("pk", flat=True).first() if slug else None


def city_name(slug: str) -> str | None:
    return City.objects.filter(slug=slug).values_list("name", flat=True).first()


def city_choices() -> list[tuple[str, str]]:
    """(slug, name) of every city, by name."""
    return list(City.objects.order_by("name").values_list("slug", "name"))


def may_write_note(user: User, slug: str) -> bool:
    """Whether this person works in an engagement of this city. No statement for strangers."""
    if not user.is_authenticated:
        return False
    return engagements_with(user, WRITE_LOCAL_NOTE).filter(city__slug=slug).exists()
