"""A published result as a row of the page: its words, and the doors it opens for this reader."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.pilots.queries.works import Doors
from engagements.pilots.rules.work_words import cost_words, effect_words, likely_words
from engagements.pilots.rules.works import OutcomeTable, Work
from engagements.results.rules.sentences import design_words

Link = tuple[str, str]  # words, address


@dataclass(frozen=True)
class ShownWork:
    """`address`: of the pilot, else of the result. `links`: plan, how to test it again, money, milestones and source,
    those this reader may open."""

    work: Work
    address: str
    effect: str
    likely: str
    people: str
    cost: str
    cost_unit: str
    design: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class ShownTable:
    table: OutcomeTable
    own: tuple[ShownWork, ...]
    reported: tuple[ShownWork, ...]


def show_table(table: OutcomeTable, doors: Doors) -> ShownTable:
    return ShownTable(
        table, tuple(show(row, doors) for row in table.own), tuple(show(row, doors) for row in table.reported)
    )


def show(work: Work, doors: Doors) -> ShownWork:
    fields = work.fields
    return ShownWork(
        work,
        reverse("pilot", args=[work.pilot.pk]) if work.pilot else reverse("result", args=[work.pk]),
        effect_words(fields) or _("no size"),
        likely_words(fields),
        f"{fields.participants:,}" if fields.participants else "",
        cost_words(fields),
        fields.cost_unit,
        design_words(fields),
        _links(work, doors),
    )


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
