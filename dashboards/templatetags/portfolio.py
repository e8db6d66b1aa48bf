"""Figures and marks of a portfolio on a page: a number leads to its entries where the reader may go there."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dashboards.portfolio import formatting as words
from engagements.portfolio.figures import Figure, Mark

register = template.Library()
register.filter("moment", words.as_moment)
register.filter("dollars", words.as_dollars)
register.filter("on_day", words.as_day)
register.filter("month", words.as_month)
SIGNS = {"red": "■", "amber": "▲", "green": "●", "none": "○"}


@register.simple_tag
def figure(number: Figure, links: bool, style: str = "") -> SafeString:
    """`style`: “headline” for short amounts, “unit” to name the unit too."""
    shown = words.as_headline(number) if style == "headline" else words.as_cell(number)
    if style == "unit" and number.value is not None and words.unit_of(number):
        shown = f"{shown} {words.unit_of(number)}"
    if not links or not number.entries or number.value is None:
        return format_html('<span class="quiet">{}</span>' if number.value is None else "{}", shown)
    return format_html(
        '<a href="{}">{}<span class="sr-only"> ({}: see the entries)</span></a>', number.entries, shown, number.label
    )


@register.simple_tag
def mark(found: Mark) -> SafeString:
    """Colour, sign and words; the rule stands under the table or beside the mark."""
    colour = {"red": "red", "amber": "amber", "green": "green"}.get(found.colour, "no colour")
    return format_html(
        '<span class="rag rag-{}"><span aria-hidden="true">{}</span> <span class="sr-only">{}: </span>{}</span>',
        found.colour,
        SIGNS[found.colour],
        colour,
        found.words,
    )


@register.simple_tag
def in_unit(value, unit: str) -> str:
    return words.as_number(value, unit)
