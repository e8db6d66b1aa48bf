"""`?dollars=today`: a page whose incomes are read in dollars of the last month of prices."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from atlas.queries.prices import price_level
from atlas.records.prices import PriceLevel
from dashboards.base.carried_dollars import carry_dollars
from dashboards.formatting.shown_dollars import PUBLISHED, ShownDollars, is_today, showing, shown_dollars
from dashboards.panels.options import TODAY, read_dollars

NO_PRICES = gettext_lazy(
    "Incomes are in 2015 dollars: this portal has no consumer prices to bring them to the dollars of a later month."
)


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
    words = _("{month} dollars").format(month=month)
    return ShownDollars(level.factor, words, f"usd_{level.month:%Y_%m}", f"{level.month:%Y-%m}", note)


def chosen_dollars(params: QueryDict) -> ShownDollars:
    """Of an address. Without prices they stay those of 2015, and a note says why. Raises UnknownChoice."""
    if read_dollars(params) != TODAY:
        return PUBLISHED
    level = price_level()
    return dollars_of(level) if level is not None else replace(PUBLISHED, note=str(NO_PRICES), is_refused=True)


def dollars_query(before: str = "?") -> str:
    """What a link to another page of incomes needs to be read in the same dollars: "?dollars=today" or ""."""
    return f"{before}dollars={TODAY}" if is_today() else ""


def with_dollars(query: str) -> str:
    """What an address has after "?", with the dollars shown."""
    return "&".join(filter(None, (query, dollars_query(""))))


def in_file_name(name: str) -> str:
    """A file's name with its dollars, where they are not those of 2015: "detroit-profile-in-usd_2026_08"."""
    return f"{name}-in-{shown_dollars().unit}" if is_today() else name


def in_chosen_dollars(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view answers in the dollars its address asks for, and its links lead on in them. Raises UnknownChoice."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        with showing(chosen_dollars(request.GET)):
            return carry_dollars(view(request, *args, **kwargs))

    answer.takes_dollars = True  # type: ignore[attr-defined]
    return answer
