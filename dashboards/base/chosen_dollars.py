"""`?dollars=today`: a page whose incomes are read in dollars of the last month of prices."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils import formats
from django.utils.translation import gettext as _

from atlas.queries.prices import price_level
from atlas.records.prices import PriceLevel
from dashboards.formatting.shown_dollars import ShownDollars, showing
from dashboards.panels.options import TODAY, read_dollars


def dollars_of(level: PriceLevel) -> ShownDollars:
    """ "August 2026 dollars", and what one of 2015 is in them."""
    month = formats.date_format(level.month, "F Y")
    note = _(
        "Incomes are in {month} dollars: {factor} for each dollar of {year}. "
        "{publisher}, {title}; file version {release}."
    ).format(
        month=month,
        factor=f"{level.factor:.5f}",
        year=level.year,
        publisher=level.source.publisher,
        title=level.source.title,
        release=level.source.release_id,
    )
    return ShownDollars(level.factor, _("{month} dollars").format(month=month), f"usd_{level.month:%Y_%m}", note)


def in_chosen_dollars(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Without prices, or without the choice, incomes stay in 2015 dollars. Raises UnknownChoice."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        level = price_level() if read_dollars(request.GET) == TODAY else None
        if level is None:
            return view(request, *args, **kwargs)
        with showing(dollars_of(level)):
            return view(request, *args, **kwargs)

    return answer
