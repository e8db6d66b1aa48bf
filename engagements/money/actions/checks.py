"""What an entry is checked against in the ledger itself, for the form, the table and the API alike."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q, Sum

from atlas.formatting.dates import format_day
from atlas.formatting.money import format_dollars
from atlas.models import CityTract
from engagements.models import (
    Engagement,
    Initiative,
    LedgerEntry,
    LedgerTotal,
    Milestone,
    Organisation,
    Plan,
    Project,
    ProjectPlan,
    User,
)
from engagements.money.rules.checks import CoverChange, Problem, check_cover
from engagements.money.rules.stages import Stage
from engagements.money.rules.sums import first_day_of, quarter

ONE_DAY = timedelta(days=1)
# What the database refuses, should two people pass the checks at once or somebody come round them.
_REFUSALS: dict[str, Problem] = {
    "entry_external_id_once": ("external_id", "The ledger has an entry with this number from this finance system."),
    "entry_after_commitment": ("amount", "With this, more would be used than the funder has committed."),
    "entry_dated_after_commitment": ("occurred_on", "This is dated before the funder's first commitment."),
    "entry_reversal_of_the_same": ("amount", "A reversal takes back the whole of one entry, on its day or later."),
    "engagements_ledgerentry_reverses_id_key": ("reverses", "This entry was reversed before."),
    "entry_amount_in_reason": ("amount", "An amount is above 0 and at most $10 billion."),
    "entry_price_year": ("price_year", "The price year is from 2000 to 2100."),
    "entry_project_of_its_plan": ("project", "The plan calculates for another project. Choose one of the two."),
    "placement_tract_of_the_city": ("tracts", "A tract is not in this city."),
    "placement_shares_are_one": ("tracts", "The shares of the tracts are not 1 together."),
    "placement_number_once": ("tracts", "Someone placed it at the same moment. Load the page again."),
}


@contextmanager
def constraint_errors_as_validation() -> Iterator[None]:
    """A refusal of the database as a ValidationError at the field it is about; others stay what they are."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refused:
        name = getattr(getattr(refused.__cause__, "diag", None), "constraint_name", None)
        if name not in _REFUSALS:
            raise
        field, sentence = _REFUSALS[name]
        raise ValidationError({field: sentence}) from refused


def refuse(problems: Iterable[Problem]) -> None:
    """Raises ValidationError by field when there are any."""
    found: dict[str, list[str]] = {}
    for field, sentence in problems:
        found.setdefault(field, []).append(sentence)
    if found:
        raise ValidationError(found)


def is_fictional(within: Engagement | Initiative, funder: Organisation, by: User) -> bool:
    """One invented part makes the entry invented: it then counts in no sum of recorded money."""
    return within.is_fictional or funder.is_fictional or by.is_fictional


def cover_problems(
    *, initiative_id: int, engagement_id: int | None, funder: Organisation, fictional: bool, new: list[CoverChange]
) -> dict[object, Problem]:
    """`new` against what this funder committed to the engagement and to the whole initiative, day by day, and all its
    engagements together against all it committed. Four statements whatever is there."""
    if not new:
        return {}
    since = first_day_of(quarter(min(move.on for move in new)))
    funds = Q(initiative=initiative_id, funder=funder, is_fictional=fictional)
    here = Q(engagement=engagement_id) | Q(engagement=None, stage=Stage.COMMITTED)
    refused = check_cover([*_posted_movements(funds & here, since), *new], funder.name)
    left = [move for move in new if move.key not in refused]
    return refused | check_cover([*_posted_movements(funds, since), *left], f"{funder.name}, all cities together,")


def _posted_movements(which: Q, since: date) -> list[CoverChange]:
    """What stands in the ledger: one sum of all quarters before, each day's sum from `since` on."""
    totals = LedgerTotal.objects.filter(which, quarter_start__lt=since).order_by().values("stage")
    days = LedgerEntry.objects.filter(which, occurred_on__gte=since).order_by().values("stage", "occurred_on")
    before = [CoverChange(since - ONE_DAY, row["stage"], row["net"]) for row in totals.annotate(net=Sum("net_usd"))]
    after = [CoverChange(row["occurred_on"], row["stage"], row["net"]) for row in days.annotate(net=Sum("net_usd"))]
    return [move for move in (*before, *after) if move.amount]


def find_duplicate_entry(
    engagement_id: int | None, initiative_id: int, wanted: Mapping[str, Any]
) -> LedgerEntry | None:
    """An entry that may be the same: same stage, amount, day, funder and payee, not reversed. One statement."""
    return (
        LedgerEntry.objects.filter(
            engagement=engagement_id,
            initiative=initiative_id,
            reverses=None,
            reversed_by=None,
            stage=wanted["stage"],
            amount_usd=wanted["amount_usd"],
            occurred_on=wanted["occurred_on"],
            funder=wanted["funder"],
            payee__iexact=str(wanted["payee"]),
        )
        .order_by("-pk")
        .first()
    )


def duplicate_entry_sentence(found: LedgerEntry) -> str:
    return (
        f"Entry {found.pk} has the same stage, amount, date, payee and funder ({format_dollars(found.amount_usd)}, "
        f"{format_day(found.occurred_on)}). If this is another one, tick that it is."
    )


def tract_problems(engagement: Engagement | None, tracts: Mapping[str, Decimal]) -> list[Problem]:
    """Tracts of 2010 that touch the engagement's city. One statement where there are any."""
    if not tracts:
        return []
    if engagement is None:
        return [("tracts", "Money for a whole initiative is placed in no tracts: enter it for a city.")]
    known = CityTract.objects.filter(city=engagement.city_id, vintage=2010, geoid__in=list(tracts))
    strange = sorted(set(tracts) - set(known.values_list("geoid", flat=True)))
    if strange:
        more = f" and {len(strange) - 3} more" if len(strange) > 3 else ""
        return [("tracts", f"Not in {engagement.city}: tract {', '.join(strange[:3])}{more}.")]
    return []


def link_problems(
    engagement: Engagement | None, plan: int | None, project: int | None, milestone: int | None
) -> list[Problem]:
    """All are the engagement's own and not archived; the plan calculates for no other project."""
    problems: list[Problem] = []
    for field, model, pk in (("plan", Plan, plan), ("project", Project, project), ("milestone", Milestone, milestone)):
        if pk is None:
            continue
        within = model.objects.filter(engagement=engagement, archived_at=None, pk=pk)
        if engagement is None or not within.exists():
            problems.append((field, f"This engagement has no such {field}."))
    if plan is not None and project is not None and not problems:
        link = ProjectPlan.objects.filter(plan=plan).select_related("project").first()
        problems += project_problems(project, (link.project_id, link.project.title) if link else None)
    return problems


def project_problems(project: int, of_plan: tuple[int, str] | None) -> list[Problem]:
    """`of_plan`: id and title of the project that the entry's plan calculates for."""
    if of_plan is None or of_plan[0] == project:
        return []
    return [
        ("project", f"The plan calculates for “{of_plan[1]}”. Choose that project, or leave the project or plan empty.")
    ]


def number_problems(
    initiative_id: int, engagement_id: int | None, source_system: str, external_id: str
) -> list[Problem]:
    """One number of a finance system is one entry."""
    found = LedgerEntry.objects.filter(
        initiative=initiative_id, engagement=engagement_id, source_system=source_system, external_id=external_id
    ).first()
    return [("external_id", known_number_sentence(found))] if external_id and found else []


def known_number_sentence(found: LedgerEntry) -> str:
    what = f"{found.get_stage_display().lower()} {format_dollars(found.amount_usd)}, {format_day(found.occurred_on)}"
    return f"Number {found.external_id[:40]} is in the ledger already: entry {found.pk}, {what}."


def first_day(engagement: Engagement | None) -> date | None:
    return engagement.starts_on if engagement else None
