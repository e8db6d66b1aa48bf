"""Where money works, by tract, apart from where payees are."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import Coalesce

from engagements.access.engagements import engagement_for
from engagements.access.roles import permissions_in, with_cached_permissions
from engagements.models import Engagement, LedgerEntry, LedgerTotal, User
from engagements.money.rules.stages import STAGES
from engagements.money.rules.tracts import to_cents
from engagements.permissions import VIEW_MONEY, VIEW_PAYEE

ADDRESSES = 100

# A reversal is placed where the entry it reverses is. Shares are 1 within a millionth: taken as proportions, so
# that what is placed and what is not make the total to the cent.
_BY_TRACT = """
    SELECT t.geoid, e.stage, e.is_fictional, sum(e.net_usd * t.share::numeric / (
        SELECT sum(s.share::numeric) FROM engagements_ledgerplacementtract s WHERE s.placement_id = p.id))
    FROM engagements_ledgerentry e
    JOIN engagements_ledgerplacement p ON p.entry_id = coalesce(e.reverses_id, e.id)
    JOIN engagements_ledgerplacementtract t ON t.placement_id = p.id
    WHERE e.engagement_id = %(engagement)s AND p.number = (
        SELECT max(l.number) FROM engagements_ledgerplacement l WHERE l.entry_id = p.entry_id)
    GROUP BY 1, 2, 3 ORDER BY 1
"""


@dataclass(frozen=True)
class PlaceRow:
    """`place`: a tract's GEOID, or an address. `usd` in the order of the stages, None where there is no entry."""

    place: str
    usd: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Places:
    """`not_placed`: what no tract is known for. `addresses` None without view_payee; the largest by what was disbursed
    and spent."""

    engagement: Engagement
    is_fictional: bool
    tracts: tuple[PlaceRow, ...]
    not_placed: tuple[Decimal | None, ...]
    total: tuple[Decimal | None, ...]
    addresses: tuple[PlaceRow, ...] | None
    permissions: frozenset[str]


@with_cached_permissions
def places(user: User, key: int | str) -> tuple[Places, ...]:
    """Recorded and invented money, those of the two that there are. Raises NotFound."""
    within = engagement_for(user, key, VIEW_MONEY)
    held = permissions_in(user, within.pk)
    sums = LedgerTotal.objects.filter(engagement=within).order_by().values("is_fictional", "stage")
    totals = {(row["is_fictional"], row["stage"]): row["net"] for row in sums.annotate(net=Sum("net_usd"))}
    with connection.cursor() as cursor:
        cursor.execute(_BY_TRACT, {"engagement": within.pk})
        by_tract = _as_cents(cursor.fetchall())
    by_address = _addresses(within) if VIEW_PAYEE in held else None
    return tuple(
        _places(within, held, kind, by_tract, by_address, totals)
        for kind in (False, True)
        if any(found is kind for found, _ in totals)
    ) or (_places(within, held, within.is_fictional, by_tract, by_address, totals),)


def _as_cents(found: list[tuple]) -> list[tuple]:
    by_kind: dict[tuple, dict[str, Decimal]] = {}
    for geoid, stage, fictional, usd in found:
        by_kind.setdefault((stage, fictional), {})[geoid] = usd
    return [(geoid, *kind, usd) for kind, parts in by_kind.items() for geoid, usd in to_cents(parts).items()]


def _addresses(within: Engagement) -> list[tuple]:
    rows = LedgerEntry.objects.filter(engagement=within).order_by().exclude(payee_address="")
    sums = rows.values("payee_address", "stage", "is_fictional").annotate(net=Coalesce(Sum("net_usd"), Decimal(0)))
    return [(row["payee_address"], row["stage"], row["is_fictional"], row["net"]) for row in sums]


def _places(within, held, kind: bool, by_tract, by_address, totals) -> Places:
    tracts = _rows(by_tract, kind)
    total = tuple(totals.get((kind, meaning.value)) for meaning in STAGES)
    placed = [sum((row.usd[at] or Decimal(0) for row in tracts), Decimal(0)) for at in range(len(STAGES))]
    addresses = None if by_address is None else _rows(by_address, kind)
    if addresses is not None:
        addresses = tuple(
            sorted(addresses, key=lambda row: (-max(usd or Decimal(0) for usd in row.usd[3:]), row.place))
        )[:ADDRESSES]
    return Places(
        engagement=within,
        is_fictional=kind,
        tracts=tracts,
        not_placed=tuple(None if whole is None else whole - part for whole, part in zip(total, placed, strict=True)),
        total=total,
        addresses=addresses,
        permissions=held,
    )


def _rows(found: list[tuple], kind: bool) -> tuple[PlaceRow, ...]:
    sums: dict[str, dict[str, Decimal]] = {}
    for place, stage, fictional, net in found:
        if fictional is kind:
            sums.setdefault(place, {})[stage] = net
    return tuple(
        PlaceRow(place, tuple(by_stage.get(meaning.value) for meaning in STAGES))
        for place, by_stage in sorted(sums.items())
    )
