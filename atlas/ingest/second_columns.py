"""Second columns of a county download: used as an operator has confirmed them, held back until then."""

from dataclasses import replace

from atlas.models import Confirmation, Release
from atlas.queries.units import WAITING_SUFFIXES, confirmed_meanings
from atlas.sources.base import Column, EstimateTable, ParsedFile
from atlas.sources.shown_county import SECOND

_COUNT = "_count"  # behind a measure's name


def apply_meanings(parsed: ParsedFile) -> tuple[ParsedFile, dict[str, int]]:
    """The table with its second columns where they belong, and how many columns of which suffix wait."""
    if not isinstance(parsed, EstimateTable) or not any(SECOND in slug for slug in parsed.slugs):
        return parsed, {}
    meanings = confirmed_meanings(Confirmation.Kind.SUFFIX)
    values: dict[str, Column] = {}
    waiting: dict[str, int] = {}
    left_out: list[str] = []
    for column in parsed.columns:
        slug, _, suffix = column.slug.partition(SECOND)
        meaning = meanings.get(suffix, "")
        if not suffix:
            values[slug] = column
        elif meaning == "standard_error":
            values[slug] = replace(values[slug], standard_error=column.value)
        elif meaning == "count":
            values[f"{slug}{_COUNT}"] = replace(column, slug=f"{slug}{_COUNT}")
        elif meaning == "nothing":
            left_out.append(f"{slug}{suffix}")
        else:
            waiting[suffix] = waiting.get(suffix, 0) + 1
    said = tuple(
        f"{count} second columns ending in {suffix} are held back: nothing says what they are. Say it at /data/units/ "
        f"or with: manage.py confirm suffix {suffix} standard_error (or count, or nothing), then import the file again"
        for suffix, count in waiting.items()
    )
    table = replace(
        parsed,
        columns=tuple(values.values()),
        slugs=tuple(values),
        ignored_columns=(*parsed.ignored_columns, *left_out),
        warnings=(*parsed.warnings, *said),
    )
    return table, waiting


def has_answered_question(release: Release) -> bool:
    """Whether a release held columns back that somebody has explained since: the same file then says more."""
    held = release.report.get(WAITING_SUFFIXES, {})
    return bool(held) and bool(held.keys() & confirmed_meanings(Confirmation.Kind.SUFFIX).keys())
