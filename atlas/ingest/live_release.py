"""Which release answers for a table."""

from atlas.models import LivePart, Release


def live_release(dataset: str) -> Release | None:
    """The one that answers for a table of estimates (boundaries have one per part)."""
    part = LivePart.objects.filter(dataset=dataset, part="").select_related("release").first()
    return part.release if part else None
