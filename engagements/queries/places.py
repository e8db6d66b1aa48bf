"""The cities of the portal by their slugs, for what people write about them."""

from atlas.models import City


def city_id(slug: str | None) -> int | None:
    """None for no city, or one the portal doesn't know."""
    return City.objects.filter(slug=slug).values_list("pk", flat=True).first() if slug else None


def city_name(slug: str) -> str | None:
    return City.objects.filter(slug=slug).values_list("name", flat=True).first()
