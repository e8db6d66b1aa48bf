"""Money that worked in a tract, for those who see the money of its engagement."""

from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from engagements.access.money import visible_entries
from engagements.models import User
from engagements.money.rules.stages import Stage

# A reversal is placed where the entry it reverses is. Shares are 1 within a millionth: taken as proportions.
_SPENT = """
    SELECT g.slug, c.name, e.is_fictional, sum(e.net_usd * t.share::numeric / (
        SELECT sum(s.share::numeric) FROM engagements_ledgerplacementtract s WHERE s.placement_id = p.id))
    FROM engagements_ledgerentry e
    JOIN engagements_engagement g ON g.id = e.engagement_id
    JOIN atlas_city c ON c.id = g.city_id
    JOIN engagements_ledgerplacement p ON p.entry_id = coalesce(e.reverses_id, e.id)
    JOIN engagements_ledgerplacementtract t ON t.placement_id = p.id AND t.geoid = %s
    WHERE e.stage = %s AND e.id IN ({visible}) AND p.number = (
        SELECT max(l.number) FROM engagements_ledgerplacement l WHERE l.entry_id = p.entry_id)
    GROUP BY 1, 2, 3 ORDER BY 3, 1
"""


@dataclass(frozen=True)
class MoneyOfTract:
    engagement: str  # its slug
    city_name: str
    spent: Decimal  # dollars, to the cent
    is_fictional: bool


def money_of_tract(user: User | AnonymousUser, geoid: str) -> tuple[MoneyOfTract, ...]:
    """What was spent and placed in a tract, by engagement; () for strangers, who see no money. One statement."""
    if not isinstance(user, User):
        return ()
    visible, parameters = visible_entries(user).order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_SPENT.format(visible=visible), [geoid, Stage.SPENT.value, *parameters])
        return tuple(
            MoneyOfTract(slug, city, spent.quantize(Decimal("0.01")), fictional)
            for slug, city, fictional, spent in cursor.fetchall()
        )
