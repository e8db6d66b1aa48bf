"""Figures and marks of a portfolio on a page: a number leads to its entries where the reader may go there."""

from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from atlas.formatting.dates import format_month
from atlas.formatting.money import format_dollars
from atlas.formatting.percentiles import format_points
from atlas.formatting.ranges import join_ends
from dashboards.portfolio.formatting import DASH, NONE, format_amount, format_cell, format_headline, unit_label
from engagements.portfolio.figures import DollarLine, EvidenceState, Figure, Mark

register = template.Library()
SIGNS = {"red": "■", "amber": "▲", "green": "●", "none": "○"}


@register.simple_tag
def figure(number: Figure, links: bool, style: str = "") -> SafeString:
    """`style`: “headline” for short amounts, with its note beside it; “unit” to name the unit too.

    Without a number a dash and the reason.
    """
    if number.value is None:
        why = "" if style == "headline" else number.note or NONE
        return format_html('<span class="quiet">{}{}</span>', DASH, f" {why}" if why else "")
    shown = format_headline(number) if style == "headline" else format_cell(number)
    if style == "unit" and unit_label(number):
        shown = f"{shown} {unit_label(number)}"
    if not links or not number.entries:
        return format_html("{}", shown)
    return format_html(
        '<a href="{}">{}<span class="sr-only"> ({}: see the entries)</span></a>', number.entries, shown, number.label
    )


@register.simple_tag
def figure_cents(number: Figure, links: bool) -> SafeString:
    """To the cent, because the parts beside it are: leads to its entries."""
    shown = format_dollars(number.value)
    if not links or not number.entries:
        return format_html("{}", shown)
    return format_html(
        '<a href="{}">{}<span class="sr-only"> ({}: see the entries)</span></a>', number.entries, shown, number.label
    )


@register.simple_tag
def bar(share: float, tag: str) -> SafeString:
    """A bar of `share` percent of its place, from the right, in the color of a tag; the number stands beside it."""
    return format_html(
        '<svg class="bar bar-{}" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect x="{}" y="0" width="{}" height="6"/></svg>',
        tag,
        round(100 - share, 2),
        round(share, 2),
    )


@register.filter
def cells(line: DollarLine, states: tuple[EvidenceState, ...]) -> list[tuple[Figure, EvidenceState, float]]:
    """The amounts of a stage with the state each is of, and its share of the stage in percent."""
    return list(zip(line.figures, states, line.shares, strict=True))


@register.simple_tag
def mark(found: Mark) -> SafeString:
    """Color, sign and words; the rule stands under the table or beside the mark."""
    color = {"red": "red", "amber": "amber", "green": "green"}.get(found.colour, "no color")
    return format_html(
        '<span class="rag rag-{}"><span aria-hidden="true">{}</span> <span class="sr-only">{}: </span>{}</span>',
        found.colour,
        SIGNS[found.colour],
        color,
        found.words,
    )


@register.simple_tag
def in_unit(value, unit: str) -> str:
    return format_amount(value, unit)


@register.simple_tag
def interval_in_unit(low, high, unit: str) -> str:
    """Both ends in the unit; ends that read alike say so."""
    return join_ends(format_amount(low, unit), format_amount(high, unit))


@register.simple_tag
def months(first: date, last: date) -> str:
    """Jan 2026 to Mar 2026."""
    return _("{first} to {last}").format(first=format_month(first), last=format_month(last))


@register.simple_tag
def interval_in_points(low, high) -> str:
    """Both ends as percentiles or percent; ends that read alike say so."""
    return join_ends(format_points(low), format_points(high))
