"""Figures and their page, kept for a moment in the cache: by what was asked and by the newest row of every table.

Who may read is decided before, at every request. What is kept depends on no person: all read funders' words, and only
whether invented work is shown, and whether numbers are links, makes a difference.
"""

import hashlib
import zlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from atlas.queries.live import live_generation
from dashboards.portfolio.page import page_of
from engagements.models import Initiative, ShareLink, User
from engagements.portfolio.figures import Choices, InitiativeFact
from engagements.portfolio.queries.data_version import data_version
from engagements.portfolio.queries.portfolio import (
    PortfolioFigures,
    PortfolioFilter,
    portfolio_of,
    shows_fictional,
    write_as_of,
)

LIVE, PAST = 60, 24 * 3600  # seconds
SETTLED = timedelta(minutes=10)  # after it no transaction is open that still writes to that moment


@dataclass(frozen=True)
class PageHeader:
    """What of the figures the page needs outside its cached part."""

    initiative: InitiativeFact
    filters: PortfolioFilter
    as_of: datetime
    is_past: bool
    today: date
    choices: Choices


@dataclass(frozen=True)
class CachedPage:
    """`top`: the sentence and what stands with it; `packed`: everything below, as compressed HTML."""

    frame: PageHeader
    top: str
    packed: bytes
    draws: bool

    @property
    def html(self) -> str:
        return mark_safe(zlib.decompress(self.packed).decode())  # noqa: S308 - our own template's


def cached_figures(
    reader: User | ShareLink, within: Initiative, filters: PortfolioFilter, as_of: datetime | None, now: datetime
) -> PortfolioFigures:
    """As `portfolio_of`, at most a minute old, with its own moment. Raises NoRecordsYet."""
    key, seconds = _key(reader, within, filters, as_of, now)
    found = cache.get(f"{key}:figures")
    if found is None:
        found = portfolio_of(within, reader, filters, as_of=as_of, now=now)
        cache.set(f"{key}:figures", found, seconds)
    return found


def cached_page(
    reader: User | ShareLink,
    within: Initiative,
    filters: PortfolioFilter,
    as_of: datetime | None,
    now: datetime,
    *,
    links: bool,
    may_enter: bool = False,
    may_fill: frozenset[str] = frozenset(),
) -> CachedPage:
    """The page's figures as HTML; `may_enter`: with the way to enter money of the whole initiative; `may_fill`: what is
    missing is a link to the form that adds it, for these keys of `filling.NEEDS`.

    `within`: as `readable_initiative` gave it to this reader. Raises NoRecordsYet.
    """
    key, seconds = _key(reader, within, filters, as_of, now)
    key = f"{key}:{'links' if links else 'plain'}{':enters' if may_enter else ''}:{'-'.join(sorted(may_fill))}"
    found = cache.get(key)
    if found is None:
        figures = portfolio_of(within, reader, filters, as_of=as_of, now=now)
        context = page_of(figures) | {"links": links, "may_enter": may_enter, "may_fill": may_fill}
        top, html = (render_to_string(f"dashboards/portfolio/{name}.html", context) for name in ("_top", "_all"))
        frame = PageHeader(
            figures.initiative, figures.filters, figures.as_of, figures.is_past, figures.today, figures.choices
        )
        found = CachedPage(frame, top, zlib.compress(html.encode(), 1), context["draws"])
        cache.set(key, found, seconds)
    return found


def _key(
    reader: User | ShareLink, within: Initiative, filters: PortfolioFilter, as_of: datetime | None, now: datetime
) -> tuple[str, int]:
    """Where it is kept, and for how long."""
    is_settled = as_of is not None and as_of < now - SETTLED
    parts = (
        within.pk,
        within.name,
        within.summary,
        within.source,
        filters.query(),
        write_as_of(as_of),
        now.astimezone(UTC).date(),
        shows_fictional(reader),
        live_generation(),
        settings.CODE_VERSION,
        "" if is_settled else data_version(),
    )
    digest = hashlib.sha256(repr(parts).encode()).hexdigest()
    return f"portfolio:{digest}", PAST if is_settled else LIVE
