"""The link between 2015 dollars and those of the last month of prices."""

from typing import Any

from django import template
from django.http import QueryDict
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString

from atlas.records.prices import MonthPrices
from dashboards.base import chosen_dollars
from dashboards.formatting.shown_dollars import is_today, shown_dollars
from dashboards.panels.options import TODAY

register = template.Library()


register.simple_tag(chosen_dollars.dollars_query)


@register.simple_tag
def price_words() -> str:
    """ "2015 dollars", "August 2026 dollars"."""
    return shown_dollars().words


@register.simple_tag
def dollars_field() -> SafeString:
    """The same for a form that asks the page again."""
    return format_html('<input type="hidden" name="dollars" value="{}">', TODAY) if is_today() else SafeString()


@register.inclusion_tag("dashboards/base/_dollars.html", takes_context=True)
def dollar_switch(context: dict[str, Any], anchor: str = "", prices: MonthPrices | None = None) -> dict[str, Any]:
    """Without prices nothing is drawn; asked for them, the page says why. `anchor`: where the links lead.

    `prices`: of the month whose dollars the page is published in, where that is not the year of incomes.
    """
    level = prices.level if prices else chosen_dollars.price_level()
    if level is None:
        return {"level": None, "refused": shown_dollars().note if shown_dollars().is_refused else ""}
    month = formats.date_format(prices.month, "F Y") if prices else ""
    # A part that is kept apart from its page has the page's address and no request.
    query = context["request"].GET.copy() if "request" in context else QueryDict(context["address"], mutable=True)
    query.pop("dollars", None)
    published = query.urlencode()
    query["dollars"] = TODAY
    return {
        "level": level,
        "base": month or level.year,
        "factor": prices.to_last if prices else level.factor,
        "is_today": is_today(),
        "published": f"?{published}{anchor}",
        "today": f"?{query.urlencode()}{anchor}",
        "words": chosen_dollars.dollars_of(level).words,
        "is_sample": level.source.is_sample,
    }
