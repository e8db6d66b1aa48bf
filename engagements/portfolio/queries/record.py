"""What was tried in each city and what is known of it: published results, and searches that found none."""

from datetime import date
from urllib.parse import urlsplit

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.portfolio.figures import RecordGroup, RecordLine, RecordPart, SourceRef
from engagements.portfolio.queries.scope import City
from engagements.results.queries.published import (
    KINDS,
    NOT_FOUND,
    OPEN,
    SIZED,
    UNSIZED,
    ProjectRow,
    group_labels,
)


def record_part(projects: tuple[ProjectRow, ...], cities: tuple[City, ...]) -> RecordPart | None:
    """Groups by what is known, cities A to Z in each; a city without a project has a line that says so.

    None without cities.
    """
    if not cities:
        return None
    shown = {city.slug for city in cities}
    rows = [row for row in projects if row.engagement_slug in shown]
    by_kind: dict[str, list[RecordLine]] = {kind: [] for kind in KINDS}
    for row in rows:
        by_kind[row.kind].append(_line(row))
    with_project = {row.engagement_slug for row in rows}
    by_kind[OPEN] += [_without_project(city) for city in cities if city.slug not in with_project]
    searched_on = max((row.search.searched_on for row in rows if row.search), default=None)
    labels = group_labels()
    groups = tuple(
        RecordGroup(kind, labels[kind], _note(kind, searched_on), tuple(sorted(lines, key=lambda line: line.city)))
        for kind, lines in by_kind.items()
        if lines
    )
    intervals = len({row.city_slug for row in rows if row.result is not None and row.result.fields.low is not None})
    verdicts = sum(row.result is not None and bool(row.result.fields.verdict) for row in rows)
    return RecordPart(_sentence(groups, intervals, verdicts), groups, searched_on)


def _sentence(groups: tuple[RecordGroup, ...], intervals: int, verdicts: int) -> str:
    """“Ten cities, one published effect size, no published margin. For seven we found no published result.”

    Effect sizes and margins are told by city, verdicts of the portal by pilot.
    """
    cities = {
        kind: {line.city_slug for group in groups if group.kind == kind for line in group.lines} for kind in KINDS
    }
    every = len(set().union(*cities.values()))
    sized, unsized = len(cities[SIZED]), len(cities[UNSIZED])
    parts = [ngettext("{count} city", "{count} cities", every).format(count=_spelled(every).capitalize())]
    if sized:
        parts.append(
            ngettext("{count} published effect size", "{count} published effect sizes", sized).format(
                count=_spelled(sized)
            )
        )
        parts.append(
            ngettext("{count} published margin", "{count} published margins", intervals).format(
                count=_spelled(intervals)
            )
            if intervals
            else _("no published margin")
        )
    elif unsized:
        parts.append(
            ngettext("{count} published result", "{count} published results", unsized).format(count=_spelled(unsized))
        )
        parts.append(_("none with a size"))
    else:
        parts.append(_("no published result yet"))
    if verdicts:
        said = ngettext("{count} pilot with a verdict", "{count} pilots with a verdict", verdicts)
        parts.append(said.format(count=_spelled(verdicts)))
    first = ", ".join(parts) + "."
    none = len(cities[NOT_FOUND])
    if not none:
        return first
    return f"{first} " + _("For {count} we found no published result.").format(count=_spelled(none))


def _spelled(number: int) -> str:
    """In words up to twelve."""
    words = (
        _("no"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"),
        _("ten"), _("eleven"), _("twelve"),
    )  # fmt: skip
    return words[number] if number < len(words) else f"{number:,}"


def _note(kind: str, searched_on: date | None) -> str:
    if kind != NOT_FOUND or searched_on is None:
        return ""
    return _("We found no published result (searched to {day}).").format(day=date_format(searched_on, "F j, Y"))


def _line(row: ProjectRow) -> RecordLine:
    result = row.result
    return RecordLine(
        city=row.city,
        city_slug=row.city_slug,
        engagement_slug=row.engagement_slug,
        project_id=row.pk,
        tried=row.title,
        design=row.design,
        finding=row.finding if result else "",
        reach=row.reach,
        cost=row.cost,
        sources=_sources(row),
        confirmed=_reply(row),
        is_confirmed=row.is_confirmed,
        result_id=result.pk if result else None,
        state=result.shown.label if result else "",
        icon=result.shown.icon if result else "ring",
        tag=result.shown.tag if result else "none",
    )


def _sources(row: ProjectRow) -> tuple[SourceRef, ...]:
    """Each site once, named by its host as readers know it; a document by its title. Without a result: the
    first of where the project itself is recorded."""
    if not row.result:
        first = row.source.split(";")[0].split(",")[0].strip()
        return (SourceRef(first, ""),) if first else ()
    found = {(urlsplit(url).hostname or "").removeprefix("www.") or title: url for title, url in reversed(row.sources)}
    return tuple(SourceRef(name, url) for name, url in reversed(found.items()))


def _reply(row: ProjectRow) -> str:
    """What the city said, or that it was asked and did not; "" of what nobody asked it."""
    found = row.result.reply if row.result else row.search.reply if row.search else None
    return found.words if found else ""


def _without_project(city: City) -> RecordLine:
    return RecordLine(
        city=city.city,
        city_slug=city.city_slug,
        engagement_slug=city.slug,
        project_id=None,
        tried=_("No project recorded yet"),
        design="",
        finding="",
        reach="",
        cost="",
        sources=(),
        confirmed="",
        is_confirmed=False,
        result_id=None,
        state="",
        icon="ring-dashed",
        tag="quiet",
    )
