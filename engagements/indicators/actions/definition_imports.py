"""Indicators from a table: tried out row by row inside a transaction, then kept as a whole or not at all."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from atlas.formatting.dates import format_day
from engagements.access.engagements import engagement_for
from engagements.base.table_import.keeping import commit_import
from engagements.base.table_import.named_rows import NamedRow, NamedThings, write_named_rows
from engagements.base.table_import.results import ImportResult
from engagements.base.table_import.transactions import preview_rows
from engagements.indicators.actions.indicators import add_indicator, change_indicator
from engagements.models import Engagement, Indicator, TableKind, User
from engagements.permissions import EDIT_INDICATOR


def preview_indicators(
    *, engagement: int | str, rows: tuple[NamedRow, ...], source_system: str, by: User, now: datetime
) -> ImportResult:
    """What each row would do; nothing is kept. Raises NotFound."""
    within = engagement_for(by, engagement, EDIT_INDICATOR)
    return preview_rows(lambda: _carry_out(within, rows, source_system, by, now), by=by)


def import_indicators(
    *,
    engagement: int | str,
    rows: tuple[NamedRow, ...],
    source_system: str,
    fingerprint: str,
    by: User,
    now: datetime,
    submission: UUID | None = None,
) -> ImportResult | None:
    """All rows in one transaction. Kept only when none is refused and each does what the person was shown.

    None when this submission was carried out before. Raises NotFound.
    """
    within = engagement_for(by, engagement, EDIT_INDICATOR)
    return commit_import(
        within,
        TableKind.INDICATORS,
        lambda: _carry_out(within, rows, source_system, by, now),
        source_system=source_system,
        fingerprint=fingerprint,
        by=by,
        now=now,
        submission=submission,
    )


def _carry_out(
    within: Engagement, rows: tuple[NamedRow, ...], source_system: str, by: User, now: datetime
) -> ImportResult:
    known = NamedThings(
        kind=TableKind.INDICATORS,
        noun="indicator",
        things=list(Indicator.objects.filter(engagement=within)),
        add=lambda fields: add_indicator(engagement=within.pk, fields=fields, by=by, now=now),
        change=lambda row, fields, version: change_indicator(
            indicator=row.pk,
            changes=fields,
            expected_version=version,
            by=by,
            now=now,
            why=f"Imported from {source_system or 'a table'}",
        ),
        shown=_shown,
        current=getattr,
    )
    return ImportResult.of(write_named_rows(within, known, rows, source_system))


def _shown(_field: str, value: Any) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, float):
        return f"{value:,.10g}"
    return "" if value is None else str(value)
