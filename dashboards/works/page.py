"""/what-works/ as one record: results by outcome, what cities reported in words, and the first studies."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboards.works.forms import WorksForm
from dashboards.works.rows import ShownTable, ShownWork, show, show_table
from engagements.evidence.forest import Section, sections
from engagements.evidence.prose import why_not_planned
from engagements.evidence.queries import EvidenceRecord, evidence_rows
from engagements.people.queries.cities import city_choices
from engagements.pilots.queries.works import Viewer, Works, doors, works
from engagements.pilots.rules.works import Work, arrange, choose, outcome_tables
from engagements.results.queries.published import RecordOfCities, record_of_cities

SIZE = 50  # results of a page
OPENED = 3  # outcomes of studies on the page as it opens; the others are one link away
_OF_STUDIES = frozenset({"", "effect", "strength", "cost", "city", "outcome"})  # how studies can be sorted
_WORSE = frozenset({"did_not_work", "made_worse", "zero", "loss"})
LARGE = 1000  # dollars a year: "thousands" needs at least one


@dataclass(frozen=True)
class Count:
    label: str
    number: int
    note: str
    icon: str = ""


@dataclass(frozen=True)
class WorksPage:
    """`tables`: of this page's results; `quoted`: reported in words alone; `record`: whom nobody found a result of.

    `opened`: outcomes of studies with their tables, `others`: those one link away. `found`: results in all.
    """

    form: WorksForm
    asked: dict[str, str]
    headline: str
    counts: tuple[Count, ...]
    tables: tuple[ShownTable, ...]
    quoted: tuple[ShownWork, ...]
    opened: tuple[Section, ...]
    others: tuple[Section, ...]
    is_folded: bool
    studies: int
    found: int
    number: int
    has_more: bool
    all: Works
    record: RecordOfCities | None

    @property
    def is_made_up(self) -> bool:
        return bool(self.asked.get("demo"))

    @property
    def unreported(self) -> int:
        return sum(not one.result for one in self.record.cities.values()) if self.record else 0


def works_page(viewer: Viewer, given: dict[str, str], number: int) -> WorksPage:
    """`given`: of the address. A filter that can't be is said at its field, and then nothing is filtered."""
    every = works(viewer, made_up=bool(given.get("demo")))
    cities = city_choices()
    form = WorksForm(given, cities=cities, outcomes=_outcomes(every.rows))
    asked = form.asked()
    sort = asked.get("sort", "")
    chosen = arrange(choose(every.rows, where), sort) if (where := form.of_results()) else ()
    tables = outcome_tables(row for row in chosen if _is_measured(row))
    flat = [row for table in tables for row in table.rows]
    part = flat[(number - 1) * SIZE : number * SIZE]
    quoted = [row for row in chosen if not _is_measured(row)] if number == 1 else []
    opens = doors(viewer, {row.engagement for row in (*part, *quoted)})
    is_filtered = bool(asked.keys() - {"sort", "demo"})
    studied = form.of_studies() if number == 1 else None
    records = evidence_rows(viewer, studied) if studied else ()
    listed = sections(records, sort if sort in _OF_STUDIES else "")
    opened = listed if is_filtered else tuple(one for one in listed if one.main)[:OPENED] or listed
    return WorksPage(
        form,
        asked,
        headline(listed, chosen),
        _counts(records, every.rows),
        tuple(show_table(table, opens) for table in outcome_tables(part)),
        tuple(show(row, opens) for row in quoted),
        opened,
        tuple(one for one in listed if one not in opened),
        not is_filtered,
        len(records),
        len(chosen),
        number,
        len(flat) > number * SIZE,
        every,
        record_of_cities() if not asked.keys() - {"sort"} and number == 1 else None,
    )


def _is_measured(row: Work) -> bool:
    """What has the portal's verdict or a number stands in the table of its outcome; words alone are quoted."""
    return row.is_own or row.value is not None


def _outcomes(rows: Iterable[Work]) -> list[tuple[str, str]]:
    return sorted({row.outcome_key: row.fields.outcome for row in rows}.items(), key=lambda one: one[1].casefold())


def headline(found: Iterable[Section], rows: Iterable[Work]) -> str:
    """What the page shows, and only where it does."""
    studies = [row for section in found for table in section.tables for row in table.rows]
    has_gain = any(
        row.value is not None and row.low is not None and row.low > 0 and row.value >= LARGE
        for section in found
        for table in section.tables
        if table.unit == "dollars_year"
        for row in table.rows
    )
    has_none = any(row.shown.fields.finding in ("null", "negative") for row in studies)
    if has_gain and (has_none or any(row.state in _WORSE for row in rows)):
        return _(
            "Some programs raised earnings by thousands of dollars. Others made no clear difference. Both are here."
        )
    return _("What works, what did not, and what nobody can tell yet")


def _counts(records: tuple[EvidenceRecord, ...], rows: tuple[Work, ...]) -> tuple[Count, ...]:
    own = [row for row in rows if row.is_own]
    others = [row for row in rows if not row.is_own and not row.fields.is_outside]
    with_range = sum(row.low is not None for row in others)
    worse = sum(row.fields.finding in ("null", "negative") for row in records) + sum(
        row.state in _WORSE for row in rows
    )
    found = [Count(_("Pilots with a verdict"), len(own), _("tested by cities, judged by one rule"))] if own else []
    if records:
        programs = len({row.fields.intervention for row in records})
        ready = sum(not why_not_planned(row.fields) for row in records)
        found += [
            Count(
                _("Study findings"), len(records), _("from %(number)s programs, most elsewhere") % {"number": programs}
            ),
            Count(_("Can be planned with"), ready, _("effect, likely range and who it counts"), "check"),
        ]
    found.append(Count(_("No clear difference, or worse"), worse, _("kept in every list below"), "ring"))
    if others:
        words = _("quoted, %(number)s with a likely range") % {"number": with_range or _("none")}
        found.append(Count(_("Reported by cities"), len(others), words, "triangle-up"))
    return tuple(found)
