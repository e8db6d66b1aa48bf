"""Dated local notes of a city and its tracts."""

from atlas.models import LocalNote
from atlas.records import LocalNoteRecord


def local_notes(city_slug: str) -> tuple[LocalNoteRecord, ...]:
    """Notes that stand, of the city and all its tracts, by what happened first. One query; no name of a person."""
    rows = LocalNote.objects.filter(city__slug=city_slug, archived_at__isnull=True)
    return tuple(
        LocalNoteRecord(
            row.pk, city_slug, row.tract_geoid, row.happened_on, row.precision, row.text, row.source,
            row.written_by_id is None, row.written_at,
        )
        for row in rows
    )  # fmt: skip
