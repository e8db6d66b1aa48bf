"""Local notes, public: no viewer."""

from dataclasses import dataclass
from datetime import date

from engagements.models import LocalNote


@dataclass(frozen=True)
class LocalNoteRow:
    """`tract_geoid` empty: about the whole city. `author` empty: of the public record, see `source`."""

    pk: int
    version: int
    tract_geoid: str
    began_on: date
    ended_on: date | None
    body: str
    source: str
    author_id: int | None
    author: str


def local_notes(city_slug: str, tract_geoid: str | None = None) -> tuple[LocalNoteRow, ...]:
    """Of a city with its tracts', or of one tract; oldest first. One statement."""
    found = LocalNote.objects.filter(city__slug=city_slug, archived_at=None).select_related("author")
    if tract_geoid is not None:
        found = found.filter(tract_geoid=tract_geoid)
    return tuple(
        LocalNoteRow(
            row.pk,
            row.version,
            row.tract_geoid,
            row.began_on,
            row.ended_on,
            row.body,
            row.source,
            row.author_id,
            row.author.name if row.author else "",
        )
        for row in found
    )
