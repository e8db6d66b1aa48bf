"""A published result as a row of the page: its words, and the doors it opens for this reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashboards.charts.effect_rows import axis_of, draw_effect_row
from dashboards.charts.marks.axis import Axis
from engagements.pilots.queries.works import Doors
from engagements.pilots.rules.work_words import cost_words, effect_words, likely_words, measured_words
from engagements.pilots.rules.works import OutcomeTable, Work
from engagements.results.rules.sentences import design_words

Link = tuple[str, str]  # words, address
KEPT_ROWS = 2048  # of about 2 kB
_EXTERNAL = SafeString(' rel="noopener nofollow external"')


@dataclass(frozen=True)
class ShownWork:
    """`address`: of the pilot, else of the result. `links`: plan, how to test it again, money, milestones and source,
    those this reader may open. `cells`: all but the links, drawn; empty where a row is quoted in words."""

    work: Work
    address: str
    links: tuple[Link, ...]
    cells: SafeString = SafeString()  # noqa: RUF009 - a text, which nobody can change

    @property
    def leads(self) -> SafeString:
        return format_html_join(" ", '<a href="{}"{}>{}</a>', ((url, _of(url), words) for words, url in self.links))


@dataclass(frozen=True)
class ShownTable:
    """Rows of `table` that stand on this page."""

    table: OutcomeTable
    own: tuple[ShownWork, ...]
    reported: tuple[ShownWork, ...]

    @property
    def has_more(self) -> bool:
        return len(self.own) + len(self.reported) < len(self.table.rows)


def show_table(table: OutcomeTable, rows: Iterable[Work], doors: Doors) -> ShownTable:
    """`rows` of it are drawn on the axis of all: another page of the table has the same."""
    axis, language = axis_of(table), get_language()
    shown = [
        ShownWork(work, address_of(work), _links(work, doors), _cells(work, axis, table.none, language))
        for work in rows
    ]
    return ShownTable(
        table, tuple(one for one in shown if one.work.is_own), tuple(one for one in shown if not one.work.is_own)
    )


def quote(work: Work, doors: Doors) -> ShownWork:
    return ShownWork(work, address_of(work), _links(work, doors))


def address_of(work: Work) -> str:
    return reverse("pilot", args=[work.pilot.pk]) if work.pilot else reverse("result", args=[work.pk])


@lru_cache(maxsize=KEPT_ROWS)
def _cells(work: Work, axis: Axis, none: float, _language: str | None) -> SafeString:
    """Drawn once: nothing is in it but what it is given."""
    fields = work.fields
    words = {
        "work": work,
        "address": address_of(work),
        "drawn": mark_safe(draw_effect_row(work, axis, none, work.worthwhile)),  # noqa: S308 - escaped when drawn
        "effect": effect_words(fields) or _("no size"),
        "likely": likely_words(fields),
        "measured": measured_words(fields),
        "cost": cost_words(fields),
        "cost_unit": fields.cost_unit,
        "design": design_words(fields),
    }
    return SafeString(render_to_string("dashboards/works/_row.html", words))


def _of(address: str) -> SafeString:
    """What a link away from the portal says of itself."""
    return _EXTERNAL if address.startswith("http") else SafeString()


def _links(work: Work, doors: Doors) -> tuple[Link, ...]:
    found: list[Link] = [(_("Result"), reverse("result", args=[work.pk]))] if work.pilot else []
    plan = f"?plan={work.plan}" if work.plan else ""
    if work.plan:
        found.append((_("Plan"), reverse("plan", args=[work.plan])))
    if work.pilot:
        found.append((_("Test it again"), reverse("pilot_replicate", args=[work.pilot.pk])))
    if work.engagement in doors.money:
        found.append((_("Money"), f"{reverse('money_entries', args=[work.engagement_slug])}{plan}"))
    if work.engagement in doors.milestones:
        found.append((_("Milestones"), reverse("engagement_milestones", args=[work.engagement_slug])))
    source = next((one.url for one in work.fields.sources if one.url), "")
    if source:
        found.append((_("Source"), source))
    return tuple(found)
