"""Figures and marks of a portfolio on a page: a number leads to its entries where the reader may go there."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from atlas.formatting.percentiles import format_points
from atlas.formatting.ranges import join_ends
from dashboards.portfolio.formatting import DASH, NONE, format_amount, format_cell, format_headline, unit_label
from engagements.portfolio.figures import Figure, Mark

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
def interval_in_points(low, high) -> str:
    """Both ends as percentiles or percent; ends that read alike say so."""
    return join_ends(format_points(low), format_points(high))
