"""Files of the starter set on their way in: known by their checksum, and they give way to whatever somebody loads."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Q

from atlas.formatting.dates import format_day
from atlas.models import LivePart, Release
from atlas.sources.base import BoundaryTable, ParsedFile, file_error, parsed_parts
from atlas.starter.manifest import SHIPPED, StarterFile, read_manifest


@dataclass(frozen=True)
class StarterOrigin:
    """The set a file came with, and what the set says of it."""

    made_on: date
    file: StarterFile

    def as_dict(self) -> dict[str, Any]:
        return {"made_on": self.made_on.isoformat(), **asdict(self.file)}


def identify(path: Path, sha256: str) -> StarterOrigin | None:
    """What the starter set says of a file, None for any other file.

    Raises SourceFileError for a file of a set's folder that is not, byte for byte, the one the set was made with.
    """
    beside = read_manifest(path.parent)
    for found in (beside, read_manifest(SHIPPED)):
        if found is not None and (file := found.file_with_checksum(sha256)) is not None:
            return StarterOrigin(found.made_on, file)
    if beside is not None and beside.file_named(path.name) is not None:
        raise file_error(
            f"is not the file that the starter set of {format_day(beside.made_on)} was made with: it is damaged or "
            "was changed. Get the portal's files again, or fetch the source's with manage.py fetch --commit"
        )
    return None


def without_answered_parts(parsed: ParsedFile, made_on: date) -> ParsedFile | None:
    """What of a starter file may go live: no part that somebody's file, or a newer starter set, answers for.

    None when nothing is left.
    """
    theirs = Q(release__starter_date__isnull=True) | Q(release__starter_date__gt=made_on)
    live = LivePart.objects.filter(theirs, dataset=parsed.dataset.key, release__is_sample=False)
    answered = set(live.values_list("part", flat=True))
    if not isinstance(parsed, BoundaryTable):
        return None if answered & set(parsed_parts(parsed)) else parsed
    features = tuple(feature for feature in parsed.features if feature.part not in answered)
    return replace(parsed, features=features) if features else None


def are_all_starter_releases(releases: Iterable[int]) -> bool:
    """Whether nothing but the starter set would be replaced: what a publisher's file lacks of it is no loss."""
    ids = set(releases)
    return bool(ids) and Release.objects.filter(pk__in=ids, starter_date__isnull=False).count() == len(ids)
