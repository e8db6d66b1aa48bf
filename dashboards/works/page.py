"""/what-works/ as one record: results by outcome, what cities reported in words, and the first studies."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.queries.kept_reads import kept_until_public_change
from dashboards.works.forms import WorksForm
from dashboards.works.rows import ShownTable, ShownWork, quote, show_table
from dashboards.works.studies import Studies, studies
from engagements.access.roles import with_cached_permissions
from engagements.people.queries.cities import city_choices
from engagements.pilots.queries.works import Viewer, Works, doors, works
from engagements.pilots.rules.works import OutcomeTable, Work, arrange, choose, outcome_tables
from engagements.results.queries.published import RecordOfCities, record_of_cities

SIZE, SIZE_OF_OUTCOME = 25, 120  # results of a page; of a page of one outcome
_WORSE = frozenset({"did_not_work", "made_worse", "zero", "loss"})


@dataclass(frozen=True)
class Count:
    label: str
    number: int
    note: str
    icon: str = ""


@dataclass(frozen=True)
class WorksPage:
    """`tables`: of this page's results; `quoted`: reported in words alone; `record`: whom nobody found a result of.

    `found`: results in all.
    """

    form: WorksForm
    asked: dict[str, str]
    headline: str
    counts: tuple[Count, ...]
    tables: tuple[ShownTable, ...]
    quoted: tuple[ShownWork, ...]
    studies: Studies
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


@with_cached_permissions
def works_page(viewer: Viewer, given: dict[str, str], number: int, *, writes: bool) -> WorksPage:
    """`given`: of the address. A filter that can't be is said at its field, and then nothing is filtered.

    `writes`: whether the reader writes the library of studies.
    """
    every = works(viewer, made_up=bool(given.get("demo")))
    form = WorksForm(given, cities=city_choices(), outcomes=_outcomes(every.rows))
    asked = form.asked()
    chosen = arrange(choose(every.rows, where), asked.get("sort", "")) if (where := form.of_results()) else ()
    tables = outcome_tables(row for row in chosen if _is_measured(row))
    size = SIZE_OF_OUTCOME if asked.get("outcome") else SIZE
    parts = tuple(_on_page(tables, number, size))
    part = [row for _table, rows in parts for row in rows]
    quoted = [row for row in chosen if not _is_measured(row)] if number == 1 else []
    opens = doors(viewer, {row.engagement for row in (*part, *quoted)})
    found = studies(viewer, form.of_studies() if number == 1 else None, asked, writes=writes)
    return WorksPage(
        form,
        asked,
        headline(found, chosen),
        _counts(found, every.rows, is_whole=not asked.keys() - {"sort", "demo", "show"}),
        tuple(show_table(table, rows, opens) for table, rows in parts),
        tuple(quote(row, opens) for row in quoted),
        found,
        len(chosen),
        number,
        sum(len(table.rows) for table in tables) > number * size,
        every,
        _record() if not asked.keys() - {"sort"} and number == 1 else None,
    )


@kept_until_public_change(most=2)
def _record() -> RecordOfCities:
    return record_of_cities()


def _on_page(tables: Iterable[OutcomeTable], number: int, size: int) -> Iterator[tuple[OutcomeTable, tuple[Work, ...]]]:
    """Tables with those of their rows that this page shows."""
    first = (number - 1) * size
    for table in tables:
        rows = table.rows[max(first, 0) : max(first + size, 0)]
        first -= len(table.rows)
        if rows:
            yield table, rows


def _is_measured(row: Work) -> bool:
    """What has the portal's verdict or a number stands in the table of its outcome; words alone are quoted."""
    return row.is_own or row.value is not None


def _outcomes(rows: Iterable[Work]) -> list[tuple[str, str]]:
    return sorted({row.outcome_key: row.fields.outcome for row in rows}.items(), key=lambda one: one[1].casefold())


def headline(found: Studies, rows: Iterable[Work]) -> str:
    """What the page shows, and only where it does."""
    if found.has_gain and (found.has_none or any(row.state in _WORSE for row in rows)):
        return _(
            "Some programs raised earnings by thousands of dollars. Others made no clear difference. Both are here."
        )
    return _("What works, what did not, and what nobody can tell yet")


def _counts(studied: Studies, rows: tuple[Work, ...], *, is_whole: bool) -> tuple[Count, ...]:
    """`is_whole`: nothing is filtered out, so that what is true of the library may be said."""
    own = [row for row in rows if row.is_own]
    others = [row for row in rows if not row.is_own and not row.fields.is_outside]
    with_range = sum(row.low is not None for row in others)
    worse = studied.worse + sum(row.state in _WORSE for row in rows)
    found = [Count(_("Pilots with a verdict"), len(own), _("tested by cities, judged by one rule"))] if own else []
    if studied.count:
        found += [
            Count(_("Study findings"), studied.count, _programs(studied.programs, is_whole=is_whole)),
            Count(_("Usable in a plan"), studied.ready, _("effect, likely range and who it counts"), "check"),
        ]
    found.append(Count(_("No clear difference, or worse"), worse, _("not left out"), "ring"))
    if others:
        words = _("quoted, %(number)s with a likely range") % {"number": with_range or _("none")}
        found.append(Count(_("Reported by cities"), len(others), words, "triangle-up"))
    return tuple(found)


def _programs(number: int, *, is_whole: bool) -> str:
    if is_whole and number > 1:
        return _("from %(number)s programs, most elsewhere") % {"number": number}
    return ngettext("from %(number)s program", "from %(number)s programs", number) % {"number": number}
