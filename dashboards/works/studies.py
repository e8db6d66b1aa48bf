"""What studies found, under the filters of /what-works/: counted, sorted and drawn."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from atlas.queries.kept_reads import kept_until_public_change
from engagements.evidence.forest import Section, sections
from engagements.evidence.prose import why_not_planned
from engagements.evidence.queries import EvidenceFilter, Viewer, evidence_rows, has_unreviewed
from engagements.people.queries.cities import city_choices

OPENED = 3  # outcomes of studies on the page as it opens; the others are one link away
SORTS = frozenset({"", "effect", "strength", "cost", "city", "outcome"})  # how studies can be sorted
NONE_OR_WORSE = frozenset({"null", "negative"})
LARGE = 1000  # dollars a year: "thousands" needs at least one


@dataclass(frozen=True)
class Studies:
    """`count` findings of `programs` programs: `ready` can be planned with, `worse` found none or a worse one.

    `has_gain`: one raised earnings by at least `LARGE`, with its whole range above zero; `has_none`: one with a number
    made no clear difference, or a worse one. `opened`: drawn in `html`; `others`: one link away.
    """

    count: int = 0
    programs: int = 0
    ready: int = 0
    worse: int = 0
    has_gain: bool = False
    has_none: bool = False
    opened: tuple[Section, ...] = ()
    others: tuple[Section, ...] = ()
    html: SafeString = SafeString()  # noqa: RUF009 - a text, which nobody can change


def studies(viewer: Viewer, where: EvidenceFilter | None, asked: dict[str, str], *, writes: bool) -> Studies:
    """Nothing without `where`. `asked`: of the address, repeated in links.

    Everybody reads the same, so it is kept; but who `writes` the library sees what waits for a review, if any does.
    """
    if where is None:
        return Studies()
    said = tuple(asked.items())
    if writes and has_unreviewed():
        return _draw(viewer, where, said)
    return _of_everybody(where, said)


@kept_until_public_change(most=16)
def _of_everybody(where: EvidenceFilter, said: tuple[tuple[str, str], ...]) -> Studies:
    return _draw(AnonymousUser(), where, said)


def _draw(viewer: Viewer, where: EvidenceFilter, said: tuple[tuple[str, str], ...]) -> Studies:
    asked = dict(said)
    sort = asked.get("sort", "")
    is_folded = not asked.keys() - {"sort", "demo"}
    records = evidence_rows(viewer, where)
    listed = sections(records, sort if sort in SORTS else "")
    opened = (tuple(one for one in listed if one.main)[:OPENED] or listed) if is_folded else listed
    context = {
        "opened": opened,
        "is_folded": is_folded,
        "sort": sort,
        "asked_query": QueryDict(urlencode(asked)),
        "cities": dict(city_choices()),
    }
    return Studies(
        len(records),
        len({row.fields.intervention for row in records}),
        sum(not why_not_planned(row.fields) for row in records),
        sum(row.fields.finding in NONE_OR_WORSE for row in records),
        any(_is_large(section) for section in listed),
        any(_has_none(section) for section in listed),
        opened,
        tuple(one for one in listed if one not in opened),
        SafeString(render_to_string("dashboards/works/_studies.html", context)),
    )


def _is_large(section: Section) -> bool:
    return any(
        row.value is not None and row.low is not None and row.low > 0 and row.value >= LARGE
        for table in section.tables
        if table.unit == "dollars_year"
        for row in table.rows
    )


def _has_none(section: Section) -> bool:
    return any(row.shown.fields.finding in NONE_OR_WORSE for table in section.tables for row in table.rows)
