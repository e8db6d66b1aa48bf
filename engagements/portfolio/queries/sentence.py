"""The one sentence a portfolio begins with. Pure, apart from the words of statuses."""

from collections import Counter

from atlas.formatting.dates import format_day
from atlas.formatting.money import format_short_dollars
from engagements.portfolio.figures import Figure
from engagements.portfolio.queries.scope import City, PortfolioScope
from engagements.workflow import PARTICIPATION


def sentence(
    headline: tuple[Figure, ...], cities: list[City], entries: int, scope: PortfolioScope, is_fictional: bool
) -> str:
    """Cities, money, people and milestones; what is not recorded is said to be so."""
    by_key = {figure.key: figure for figure in headline}
    until = format_day(scope.known)
    parts = [_cities(cities, is_fictional), _money(by_key, entries, scope)]
    people, on_time = by_key["people"], by_key["on_time"]
    if people.value is not None:
        parts.append(f"{people.value:,.0f} people were reached ({people.note})")
    if on_time.value is not None:
        due = on_time.note.split(";")[0].removeprefix("of ").removesuffix(" that were due")
        parts.append(f"{on_time.value:,} of {due} milestones due so far were done on time")
    told = "; ".join(part for part in parts if part)
    of = "" if scope.filters.is_empty else ", of what the filters choose"
    return f"As of {until}{of}: {told}."


def counted_statuses(statuses: dict[str | None, int]) -> str:
    """“8 completed, 1 withdrawn”, in the order of a participation’s life."""
    order = [state.value for state in PARTICIPATION.states]
    return ", ".join(
        f"{statuses[status]} {PARTICIPATION.state(status).funder_label.lower() if status else 'without a status'}"
        for status in sorted(statuses, key=lambda status: order.index(status) if status else len(order))
        if statuses[status]
    )


def _cities(cities: list[City], is_fictional: bool) -> str:
    if not cities:
        return "no city"
    if is_fictional:
        return f"demo work in {len(cities)} {'city' if len(cities) == 1 else 'cities'}"
    statuses = Counter(city.status for city in cities)
    active = statuses.pop("active", 0)
    rest = counted_statuses(statuses)
    return f"{active} of {len(cities)} {'city' if len(cities) == 1 else 'cities'} active" + (
        f" ({rest})" if rest else ""
    )


def _money(by_key: dict[str, Figure], entries: int, scope: PortfolioScope) -> str:
    if not entries:
        return "no money is recorded in the ledger"
    when = " in that period" if scope.filters.first or scope.filters.last else ""
    committed, spent = by_key["committed"].value, by_key["spent"].value
    if committed is None and spent is None:
        return f"no commitment and no spending is recorded{when}"
    promised = "no commitment is recorded" if committed is None else f"{format_short_dollars(committed)} committed"
    used = "no spending is recorded" if spent is None else f"{format_short_dollars(spent)} spent"
    return f"{promised} and {used}{when}"
