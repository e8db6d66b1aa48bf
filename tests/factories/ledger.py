"""Money: a funder, a commitment, entries by the thousand."""

from datetime import date, timedelta
from decimal import Decimal

from engagements import models
from engagements.money.rules.mapping import ledger_mapping
from tests.factories.engagements import NOW, UserFactory


def funder(engagement: models.Engagement, name: str = "A Fund") -> models.Organisation:
    """Of the engagement's initiative; the same one for the same name."""
    made, _ = models.Organisation.objects.get_or_create(
        slug=name.lower().replace(" ", "-"), defaults={"name": name, "kind": "funder", "source": "a test"}
    )
    models.Partnership.objects.get_or_create(
        organisation=made,
        initiative=engagement.initiative,
        engagement=None,
        defaults={"part": "funder", "source": "a test"},
    )
    return made


def entry(engagement: models.Engagement, by=None, **more) -> models.LedgerEntry:
    """Not saved."""
    on = more.pop("on", date(2026, 3, 2))
    fields = {
        "stage": "spent",
        "amount_usd": Decimal(more.pop("amount", 100)),
        "price_year": on.year,
        "occurred_on": on,
    }
    return models.LedgerEntry(
        initiative=engagement.initiative,
        engagement=engagement,
        funder=more.pop("funder", None) or funder(engagement),
        entered_by=by or UserFactory(),
        entered_at=NOW,
        **{"price_year": on.year} | fields | more,
    )


def commitment(engagement: models.Engagement, by=None, amount: int = 1_000, **more) -> models.LedgerEntry:
    made = entry(engagement, by, stage="committed", amount=amount, **{"on": date(2026, 2, 2), **more})
    made.save()
    return made


def budget_line(engagement: models.Engagement, **more) -> models.BudgetLine:
    fields = {"name": "Counseling", "amount_usd": Decimal(500), "price_year": 2026}
    period = {"period_start": date(2026, 1, 1), "period_end": date(2026, 12, 31)}
    return models.BudgetLine.objects.create(engagement=engagement, **fields | period | more)


def saved_mapping(engagement: models.Engagement, by: models.User) -> models.TableMapping:
    columns = {"stage": "type", "amount": "amount", "occurred_on": "date", "funder": "fund"}
    return models.TableMapping.objects.create(
        engagement=engagement,
        name="Munis",
        source_system="Munis",
        columns=ledger_mapping(columns).to_json(),
        saved_by=by,
    )


def make_entries(engagements: list[models.Engagement], count: int, by: models.User) -> None:
    """So many entries of three funders over five years, of all stages, covered by the first of each funder."""
    funders = [funder(engagements[0], f"Fund {number}") for number in range(3)]
    start, rows = date(2021, 11, 1), []
    for within in engagements:
        for source in funders:
            rows.append(entry(within, by, stage="committed", amount=4_000_000_000, on=start, funder=source))
    stages = ("allocated", "obligated", "disbursed", "spent")
    for number in range(count - len(rows)):
        on = start + timedelta(days=1 + number * 1_800 // count)
        rows.append(
            entry(
                engagements[number % len(engagements)],
                by,
                stage=stages[number // 10 % 4],
                amount=1 + number % 9_000,
                on=on,
                funder=funders[number % 3],
                payee=f"Payee {number % 97}",
                external_id=f"N-{number}",
            )
        )
    models.LedgerEntry.objects.bulk_create(rows)
