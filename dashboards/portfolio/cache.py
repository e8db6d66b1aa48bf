"""Figures and their page, kept in the cache by what was asked and by the version of all they show: never older than it.

Who may read is decided before, at every request. What is kept depends on no person: all read funders' words, and only
whether invented work is shown, and whether numbers are links, makes a difference.
"""

import base64
import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from dashboards.formatting.shown_dollars import shown_dollars
from dashboards.portfolio.page import page_of
from engagements.models import Initiative, ShareLink, User
from engagements.portfolio.codec import from_plain, to_plain
from engagements.portfolio.figures import Choices, InitiativeFact
from engagements.portfolio.queries.data_version import data_version
from engagements.portfolio.queries.portfolio import (
    PortfolioFigures,
    PortfolioFilter,
    portfolio_of,
    shows_fictional,
    write_as_of,
)

T = TypeVar("T", bound="PortfolioFigures | CachedPage")
SECONDS = 3600  # that nobody's question is kept: the version says when an answer is old
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
    """`top`: the sentence and what stands with it; `packed`: everything below, as compressed HTML.

    `fingerprint`: changes with the numbers of the page, and not with the moment they were read.
    """

    frame: PageHeader
    top: str
    packed: bytes
    draws: bool
    fingerprint: str = ""

    @property
    def html(self) -> str:
        return mark_safe(zlib.decompress(self.packed).decode())  # noqa: S308 - our own template's

    def to_json(self) -> dict[str, Any]:
        return {
            "frame": to_plain(self.frame),
            "top": str.__str__(self.top),
            "packed": base64.b64encode(self.packed).decode(),
            "draws": self.draws,
            "fingerprint": self.fingerprint,
        }

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> "CachedPage":
        return cls(
            frame=from_plain(PageHeader, plain["frame"]),
            top=mark_safe(plain["top"]),  # noqa: S308 - as `html`
            packed=base64.b64decode(plain["packed"], validate=True),
            draws=bool(plain["draws"]),
            fingerprint=plain["fingerprint"],
        )


def cached_figures(
    reader: User | ShareLink, within: Initiative, filters: PortfolioFilter, as_of: datetime | None, now: datetime
) -> PortfolioFigures:
    """As `portfolio_of`, with the moment they were made at: nothing has changed since. Raises NoRecordsYet."""

    def make() -> PortfolioFigures:
        return portfolio_of(within, reader, filters, as_of=as_of, now=now)

    return _kept("figures", make, PortfolioFigures.from_json, reader, within, filters, as_of, now)


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
    address: str = "",
) -> CachedPage:
    """The page's figures as HTML; `may_enter`: with the way to enter money of the whole initiative; `may_fill`: what is
    missing is a link to the form that adds it, for these keys of `filling.NEEDS`. `address`: what the page's own has
    after "?", but for the dollars.

    `within`: as `readable_initiative` gave it to this reader. Raises NoRecordsYet.
    """

    def make() -> CachedPage:
        figures = portfolio_of(within, reader, filters, as_of=as_of, now=now)
        context = page_of(figures) | {"links": links, "may_enter": may_enter, "may_fill": may_fill, "address": address}
        top, html = (render_to_string(f"dashboards/portfolio/{name}.html", context) for name in ("_top", "_all"))
        frame = PageHeader(
            figures.initiative, figures.filters, figures.as_of, figures.is_past, figures.today, figures.choices
        )
        return CachedPage(frame, top, zlib.compress(html.encode(), 1), context["draws"], _fingerprint(figures))

    kind = f"{'links' if links else 'plain'}{':enters' if may_enter else ''}:{'-'.join(sorted(may_fill))}:{address}"
    return _kept(kind, make, CachedPage.from_json, reader, within, filters, as_of, now)


def _fingerprint(figures: PortfolioFigures) -> str:
    """Of what people come back for: headlines, counts of people, values of indicators and whether they are current."""
    found: list[object] = []
    for body in (figures.recorded, figures.fictional):
        if body is not None:
            found += [(figure.key, figure.value) for figure in body.headline]
            found += [(line.indicator_id, line.figure.value) for line in body.people.lines]
            found += [
                (line.pk, line.actual.value, line.period_end, line.low, line.high, line.is_current)
                for family in body.families
                for line in family.indicators
            ]
            found += [(row.slug, row.spent.value, row.status) for row in body.rows]
    return hashlib.sha256(repr(found).encode()).hexdigest()[:16]


def _kept(
    kind: str,
    make: Callable[[], T],
    read: Callable[[dict[str, Any]], T],
    reader: User | ShareLink,
    within: Initiative,
    filters: PortfolioFilter,
    as_of: datetime | None,
    now: datetime,
) -> T:
    """What is kept of this kind and version, or what is made now. The version is read first: what is committed while
    this is made belongs to the next."""
    if connection.in_atomic_block:  # what is not committed is nobody's yet
        return make()
    key = _key(kind, reader, within, filters, as_of, now)
    kept = cache.get(key)
    if kept is not None:
        try:
            return read(kept)
        except (KeyError, TypeError, ValueError, AttributeError):
            pass  # somebody else's entry at our place: made anew, and written over
    found = make()
    cache.set(key, found.to_json(), SECONDS)
    return found


def _key(
    kind: str,
    reader: User | ShareLink,
    within: Initiative,
    filters: PortfolioFilter,
    as_of: datetime | None,
    now: datetime,
) -> str:
    """Everything the figures depend on, the version of what is shown and of the code among it. One statement."""
    is_past = as_of is not None and as_of < now - SETTLED
    parts = (
        kind,
        within.pk,
        filters.query(),
        write_as_of(as_of),
        now.astimezone(UTC).date(),
        shows_fictional(reader),
        get_language(),
        shown_dollars(),
        settings.CODE_VERSION,
        data_version(is_past=is_past),
    )
    return f"portfolio:{hashlib.sha256(repr(parts).encode()).hexdigest()}"
