"""What the page of an engagement's money shows, from one look at its sums."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.utils.safestring import SafeString, mark_safe

from atlas.formatting.dates import format_quarter
from atlas.formatting.money import format_dollars
from dashboards.charts.money_over_time import draw_money, filled, quarters_of
from dashboards.exports.figure_svg import draw_figure
from engagements.models import User
from engagements.money.queries.ledger import EntryFilter, EntryRow, entries
from engagements.money.queries.sums import Budget, Money, Sums, money
from engagements.money.rules.stages import NOT_ADDED, STAGES
from engagements.money.rules.sums import Quarter, quarter

LATEST = 8
WIDE, NARROW = 760, 358  # pixels


@dataclass(frozen=True)
class Block:
    """Recorded or invented money, with its chart at two widths and the chart's table."""

    sums: Sums
    budget: Budget
    finding: str
    figures: tuple[tuple[str, SafeString], ...]
    over_time: tuple[tuple[str, tuple[Decimal | None, ...]], ...]  # None before a stage's first entry

    @property
    def names_plans(self) -> bool:
        return any(row.pk is not None for row in self.sums.by_plan) or len(self.sums.by_plan) > 1

    @property
    def price_years(self) -> str:
        return " and ".join(str(year) for year in self.sums.price_years)


@dataclass(frozen=True)
class MoneyPage:
    money: Money
    blocks: tuple[Block, ...]
    latest: tuple[EntryRow, ...]
    more: bool


def money_page(user: User, slug: str, today: date) -> MoneyPage:
    """Raises NotFound. The same number of statements whatever there is."""
    found = money(user, slug)
    rows = entries(user, EntryFilter(engagement=found.engagement.pk), limit=LATEST + 1)
    kinds = ((found.recorded, found.budget), (found.fictional, found.fictional_budget))
    blocks = [_block(sums, budget, today) for sums, budget in kinds if sums.entries or budget.rows]
    return MoneyPage(found, tuple(blocks), rows[:LATEST], len(rows) > LATEST)


def _block(sums: Sums, budget: Budget, today: date) -> Block:
    until = quarter(today)
    quarters = quarters_of(sums.over_time, until)
    runs = [filled(sums.over_time.get(meaning.value, ()), quarters) for meaning in STAGES]
    finding = sentence(sums)
    figures = _figures(tuple(sums.over_time.items()), until, finding) if sums.entries else ()
    table = tuple((format_quarter(*each), tuple(run[at] for run in runs)) for at, each in enumerate(quarters))
    return Block(sums, budget, finding, figures, table)


@lru_cache(maxsize=64)
def _figures(
    over_time: tuple[tuple[str, tuple[tuple[Quarter, Decimal], ...]], ...], until: Quarter, finding: str
) -> tuple[tuple[str, SafeString], ...]:
    """At both widths. Drawn again only when a running total is another: an open page asks every two seconds."""
    figure = draw_money(dict(over_time), until)
    return tuple(
        # Our own drawing: draw_figure escapes every word it is given.
        (name, mark_safe(draw_figure(figure, "Money by stage over time", finding, width=width)))  # noqa: S308 - drawn by us, text in it escaped
        for name, width in (("wide", WIDE), ("narrow", NARROW))
    )


def sentence(sums: Sums) -> str:
    """The finding: what of the commitment is spent, in words that add no stages."""
    usd = {stage.stage: stage.usd for stage in sums.stages}
    committed, spent = usd["committed"], usd["spent"]
    if not sums.entries:
        return "Nothing is in the ledger yet."
    if not committed:
        if spent:
            return f"{format_dollars(spent)} is spent. The funders' commitment is to the whole initiative."
        return "No commitment to this city is entered." if committed is None else "Nothing is committed to it now."
    if spent is None:
        return f"{format_dollars(committed)} is committed. No spending is entered yet."
    share = f", {100 * spent / committed:.0f} of every 100 dollars" if spent else ""
    return f"{format_dollars(spent)} of {format_dollars(committed)} committed is spent{share}."


def about(page: MoneyPage, now: datetime) -> dict:
    """For the template."""
    return {
        "page": page,
        "within": page.money.engagement,
        "stages": STAGES,
        "not_added": NOT_ADDED,
        "now": now,
        "may": page.money.permissions,
    }
