"""Units of measures whose codebook gives none: what an operator confirmed, else a guess that says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from atlas.measures import MeasureDefinition, describe, may_lack_unit
from atlas.models import Confirmation, LivePart, Release, ReleaseMeasure
from atlas.shown_labels import UNCONFIRMED, infer_unit, is_confirmed

SUFFIX_MEANINGS = {
    "standard_error": "the standard error of the value beside it",
    "count": "the number of children behind the value beside it",
    "nothing": "nothing this portal shows",
}
WAITING_SUFFIXES = "waiting_suffixes"  # in a release's report: second columns that were held back


@dataclass(frozen=True)
class UnitQuestion:
    """A label whose unit nobody has confirmed, or somebody has: what the portal takes it for, and why."""

    subject: str
    guess: str  # a unit, without the mark of a guess; "usd" for dollars of a year nobody knows
    low: float | None  # over all live values of the label
    high: float | None
    confirmed: str = ""  # the unit that was confirmed


@dataclass(frozen=True)
class SuffixQuestion:
    """Second columns of a county download that wait for somebody to say what they are."""

    suffix: str
    columns: int
    file_name: str
    confirmed: str = ""


def confirmed_meanings(kind: str) -> dict[str, str]:
    """Subject -> what was confirmed last. One query."""
    return dict(Confirmation.objects.filter(kind=kind).order_by("id").values_list("subject", "meaning"))


def units_of(rows: Iterable[tuple[str, float | None, float | None]]) -> dict[str, str]:
    """Slug -> unit for (slug, smallest value, largest value); only of measures whose codebook gives none.

    All measures of one label share one unit, guessed from the range of them all. One query, none without such measures.
    """
    slugs, ranges = _by_subject(rows)
    if not slugs:
        return {}
    confirmed = confirmed_meanings(Confirmation.Kind.UNIT)
    units = {s: confirmed.get(s) or infer_unit(s, *ranges[s]) for s in ranges}
    return {slug: units[subject] for slug, subject in slugs.items()}


def _by_subject(
    rows: Iterable[tuple[str, float | None, float | None]],
) -> tuple[dict[str, str], dict[str, tuple[float | None, float | None]]]:
    slugs: dict[str, str] = {}
    ranges: dict[str, tuple[float | None, float | None]] = {}
    for slug, low, high in rows:
        if not may_lack_unit(slug) or not (subject := describe(slug).unit_subject):
            continue
        slugs[slug] = subject
        before = ranges.get(subject, (None, None))
        ranges[subject] = (
            min((v for v in (before[0], low) if v is not None), default=None),
            max((v for v in (before[1], high) if v is not None), default=None),
        )
    return slugs, ranges


def with_unit(words: MeasureDefinition, units: Mapping[str, str]) -> MeasureDefinition:
    """The definition with the unit of the catalog, where the codebook gives none; a guess says so beside the people."""
    if words.slug not in units:
        return words
    unit = units[words.slug]
    said = "" if is_confirmed(unit) else "; unit not confirmed"
    return replace(words, unit=unit, population=words.population + said)


def unit_questions() -> tuple[UnitQuestion, ...]:
    """Every live label without a unit of its own: those nobody confirmed first. Three queries."""
    live = LivePart.objects.values("release_id")
    rows = ReleaseMeasure.objects.filter(release__in=live).values_list("measure__slug", "minimum", "maximum")
    _, ranges = _by_subject(rows)
    confirmed = confirmed_meanings(Confirmation.Kind.UNIT)
    found = (
        UnitQuestion(s, infer_unit(s, *span).removesuffix(UNCONFIRMED), *span, confirmed.get(s, ""))
        for s, span in ranges.items()
    )
    return tuple(sorted(found, key=lambda one: (bool(one.confirmed), one.subject)))


def suffix_questions() -> tuple[SuffixQuestion, ...]:
    """Suffixes held back in live or staged releases; those nobody confirmed first. Two queries."""
    confirmed = confirmed_meanings(Confirmation.Kind.SUFFIX)
    held = f"report__{WAITING_SUFFIXES}"
    rows = Release.objects.filter(status__in=("live", "staged"), **{f"{held}__isnull": False}).exclude(**{held: {}})
    found = {
        suffix: SuffixQuestion(suffix, count, name, confirmed.get(suffix, ""))
        for name, suffixes in rows.order_by("id").values_list("file_name", held)
        for suffix, count in suffixes.items()
    }
    return tuple(sorted(found.values(), key=lambda one: (bool(one.confirmed), one.suffix)))
