"""What changed in formulas and releases, newest first: the entries of `atlas.errata`, and the history of releases."""

from typing import Any

from django.db.models import QuerySet

from atlas.errata.formula_changes import formula_changes
from atlas.measures import UnknownMeasure, describe
from atlas.metrics.catalog import METRICS
from atlas.models import ReleaseEvent
from atlas.records.errata import CorrectedValue, Erratum
from atlas.sources.datasets import get_dataset

NO_REASON = "The source’s newer file was imported; no other reason was recorded."
_MOST = 200  # releases with corrections


def errata() -> tuple[Erratum, ...]:
    """Every change, newest first; formulas before releases of the same day. One query."""
    found = [*formula_changes(), *(_of_release(event) for event in _corrections())]
    return tuple(sorted(found, key=lambda one: one.date, reverse=True))


def _corrections() -> "QuerySet[ReleaseEvent]":
    return ReleaseEvent.objects.filter(
        kind__in=(ReleaseEvent.Kind.ACTIVATED, ReleaseEvent.Kind.ROLLED_BACK), details__has_key="corrections"
    ).order_by("-id")[:_MOST]


def _of_release(event: ReleaseEvent) -> Erratum:
    details, info = event.details, get_dataset(event.dataset)
    counted = f"{details['changed']:,} value{'' if details['changed'] == 1 else 's'}"
    measures = details["changed_measures"]
    what = f"{counted} of {measures:,} measure{'' if measures == 1 else 's'} differ"
    if event.kind == ReleaseEvent.Kind.ROLLED_BACK:
        answering, gone = details["restored"], [event.release_id]
    else:
        answering, gone = [event.release_id], details["replaced"]
    return Erratum(
        date=event.at.date(),
        kind="release",
        subject=info.title,
        what=f"Release {_listed(answering)} answers in place of release {_listed(gone)}: {what}.",
        reason=event.reason or NO_REASON,
        where=("Every page, API answer and download that uses this data set",),
        values=tuple(_value(one) for one in details["corrections"]),
        dataset=info.key,
        release_id=answering[0],
        changed=details["changed"],
    )


def _listed(releases: list[int | None]) -> str:
    return ", ".join(map(str, releases))


def _value(one: dict[str, Any]) -> CorrectedValue:
    label, unit = _words(one["slug"])
    moved = f"largest of {one['changed']:,} changes" if one["changed"] > 1 else "the one change"
    return CorrectedValue(f"{label}, at {one['at']} ({moved})", unit, one["before"], one["after"])


def _words(slug: str) -> tuple[str, str]:
    """(label, unit) of a measure or of a metric of context; other columns have only their name."""
    try:
        words = describe(slug)
    except UnknownMeasure:
        metric = METRICS.get(slug)
        return (metric.label, metric.unit) if metric else (slug, "")
    return words.label, words.unit
