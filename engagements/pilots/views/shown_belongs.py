"""What a pilot belongs to, as links: its plan, milestones, indicators, and the dollars that are linked to it."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from atlas.formatting.money import format_dollars
from engagements.pilots.queries.belongs import Belongs, StageDollars


def belongs_links(belongs: Belongs, engagement: str) -> list[tuple[str, str]]:
    """(address, words), only of what the reader may open. `engagement`: the slug of the pilot's home."""
    found = []
    if belongs.plan is not None:
        found.append((reverse("plan", args=[belongs.plan]), _("The plan it belongs to")))
    for pk, title in belongs.milestones:
        found.append((reverse("milestone", args=[pk]), _("Milestone: {title}").format(title=title)))
    for pk, name in belongs.indicators:
        found.append((reverse("indicator", args=[pk]), _("Indicator: {name}").format(name=name)))
    entries = reverse("money_entries", args=[engagement])
    for one in belongs.dollars:
        address = reverse("money_entry", args=[one.first]) if one.entries == 1 else f"{entries}?stage={one.stage}"
        found.append((address, dollars_words(one)))
    return found


def dollars_words(one: StageDollars) -> str:
    """ "Linked to this pilot, spent: $12,400 in 2 entries, in dollars of 2026"."""
    first, last = one.years
    years = f"{first}" if first == last else _("{first} to {last}").format(first=first, last=last)
    said = ngettext(
        "Linked to this pilot, {stage}: {usd} in {count} entry, in dollars of {years}",
        "Linked to this pilot, {stage}: {usd} in {count} entries, in dollars of {years}",
        one.entries,
    )
    return said.format(stage=one.label.lower(), usd=format_dollars(one.usd), count=one.entries, years=years)
