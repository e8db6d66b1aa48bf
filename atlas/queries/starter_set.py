"""The starter set behind what is live, for people who ask what it holds."""

from atlas.models import Release
from atlas.starter.manifest import SHIPPED, StarterSet, read_manifest


def live_starter_set() -> StarterSet | None:
    """The set that comes with the portal while any of its files is live, else None. One query."""
    shipped = read_manifest(SHIPPED)
    if shipped is None or not Release.objects.filter(status="live", starter_date=shipped.made_on).exists():
        return None
    return shipped
