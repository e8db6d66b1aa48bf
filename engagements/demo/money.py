"""Invented money for the invented follow-up: a ledger with a reversal, tracts and budgets to look at.

Posted once, through the same actions as everybody's, and fictional by its engagement: in no total of recorded money.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from atlas.models import CityTract
from engagements.models import Engagement, LedgerEntry, Organisation, Partnership, User
from engagements.money.actions.budget import add_budget_line
from engagements.money.actions.ledger import place_entry, post_entry, reverse_entry
from engagements.money.rules.sums import quarter
from engagements.money.rules.tracts import equal_shares

SYSTEM = "Invented finance system"
FUNDERS = {"demo-funder": "funder", "demo-city": "the city's own money"}
TRACTS = 4  # served by what has tracts

# Stage, dollars, days before now, funder, payee, what for, whether its tracts are known.
_PARTNER, _PRINTER = "Demo Local Partner", "Demo Printer"
ENTRIES = (
    ("committed", "120000", 118, "demo-funder", "", "Grant letter", False),
    ("committed", "30000", 112, "demo-city", "", "Council resolution", False),
    ("allocated", "90000", 105, "demo-funder", "", "Adopted budget", False),
    ("allocated", "30000", 105, "demo-city", "", "Adopted budget", False),
    ("obligated", "64000", 84, "demo-funder", _PARTNER, "Contract for counseling", True),
    ("obligated", "9800", 70, "demo-city", _PRINTER, "Order for letters", True),
    ("disbursed", "32000", 62, "demo-funder", _PARTNER, "First installment", True),
    ("spent", "12450.75", 41, "demo-funder", _PARTNER, "Counselors, first month", True),
    ("spent", "4900", 33, "demo-city", _PRINTER, "Letters printed", True),
    ("spent", "13980.20", 12, "demo-funder", _PARTNER, "Counselors, second month", False),
)
MISTAKE = ("spent", "1398.20", 11, "demo-funder", _PARTNER, "Counselors, second month, typed wrongly", False)
ADDRESSES = {_PARTNER: "1 Example Street, Lansing, MI", _PRINTER: "2 Example Avenue, Toledo, OH"}


def seed_demo_money(engagement: Engagement, by: User, now: datetime) -> None:
    """Nothing where the ledger has entries already; tracts are named once the city's tracts are known."""
    if not LedgerEntry.objects.filter(engagement=engagement).exists():
        _post(engagement, by, now)
    _place(engagement, by, now)


def place_demo_money(by: User, now: datetime) -> int:
    """Names the tracts of what was posted before the first data were there; how many entries it placed."""
    cities = CityTract.objects.filter(vintage=2010, belongs=True).values("city")
    waiting = Engagement.objects.filter(pk__in=_waiting().values("engagement"), city__in=cities)
    return sum(_place(engagement, by, now) for engagement in waiting)


def _waiting():
    numbers = [f"D-{number:03}" for number, row in enumerate(ENTRIES, start=1) if row[-1]]
    return LedgerEntry.objects.filter(source_system=SYSTEM, external_id__in=numbers, is_fictional=True, placements=None)


def _post(engagement: Engagement, by: User, now: datetime) -> None:
    funders = {row.slug: row for row in Organisation.objects.filter(slug__in=FUNDERS)}
    for slug, part in FUNDERS.items():
        Partnership.objects.get_or_create(
            organisation=funders[slug],
            initiative=engagement.initiative,
            engagement=None,
            defaults={"part": part, "is_fictional": True},
        )
    for number, (stage, usd, days, funder, payee, words, _) in enumerate((*ENTRIES, MISTAKE), start=1):
        made = post_entry(
            engagement=engagement.pk,
            stage=stage,
            amount=Decimal(usd),
            occurred_on=now.date() - timedelta(days=days),
            funder=funders[funder].pk,
            payee=payee,
            payee_address=ADDRESSES.get(payee, ""),
            description=words,
            source_system=SYSTEM,
            external_id=f"D-{number:03}",
            by=by,
            now=now,
        )
    reverse_entry(entry=made.pk, why="A digit was missing; see the entry of the day before.", by=by, now=now)
    this = quarter(now.date())
    for name, usd, funder, (first, last) in (
        ("Counseling", "60000", "demo-funder", (_quarter(this, -1), _quarter(this, 2))),
        ("Letters and messages", "4500", "demo-city", (_quarter(this, -1), _quarter(this, 0))),
    ):
        add_budget_line(
            engagement=engagement.pk,
            name=name,
            amount_usd=Decimal(usd),
            funder=funders[funder].pk,
            period_start=first,
            period_end=_quarter_end(last),
            by=by,
            now=now,
        )


def _place(engagement: Engagement, by: User, now: datetime) -> int:
    """Boundaries arrive after the first start: late, as in life."""
    tracts = CityTract.objects.filter(city=engagement.city_id, vintage=2010, belongs=True).order_by("geoid")
    geoids = list(tracts.values_list("geoid", flat=True)[:TRACTS])
    waiting = list(_waiting().filter(engagement=engagement)) if geoids else []
    for entry in waiting:
        place_entry(entry=entry.pk, tracts=equal_shares(geoids), why="The contract's annex", by=by, now=now)
    return len(waiting)


def _quarter(of: tuple[int, int], later: int) -> date:
    year, part = divmod(of[0] * 4 + of[1] - 1 + later, 4)
    return date(year, 3 * part + 1, 1)


def _quarter_end(first: date) -> date:
    return _quarter(quarter(first), 1) - timedelta(days=1)
