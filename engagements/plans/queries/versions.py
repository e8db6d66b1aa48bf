"""The versions of a plan side by side: what was published, for its readers; what was typed between, for the team."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from atlas.formatting.dates import format_day
from atlas.formatting.money import format_dollars
from engagements.access.plans import plan_for
from engagements.access.roles import permissions_in
from engagements.evidence.gaps import GAP_BY_CODE
from engagements.models import Plan, PlanPublication, User
from engagements.permissions import VIEW_PLAN
from engagements.plans.queries.events import events_of
from engagements.plans.queries.figures import content_of, load_plan
from engagements.plans.records import InterventionPlanned, PlanContent, thaw

# What is compared, in the order of the page; the legal note is the team's and not part of any version.
_TYPED = (
    ("title", "Title"),
    ("need", "The need"),
    ("gap", "The gap"),
    ("area_name", "Name of the area"),
    ("area_rule", "How it was chosen"),
    ("measure", "Measure"),
    ("starts_on", "Starts on"),
    ("ends_on", "Ends on"),
    ("price_year", "Prices of"),
    ("budget_usd", "Budget in dollars"),
    ("cost_per_child_usd", "Cost for each child, for comparing areas"),
    ("transport", "How much carries over"),
    ("transport_low", "At least"),
    ("transport_mode", "Most likely"),
    ("transport_high", "At most"),
    ("transport_reason", "Why"),
    ("groups_are_distinct", "Nobody is counted twice"),
    ("distinct_reason", "Why not"),
    ("targets_by_race", "Chosen on a measure of one race"),
    ("not_claimed", "What this plan does not promise"),
)
LABELS = tuple(label for _, label in _TYPED) + ("Tracts", "Interventions", "What happened")


@dataclass(frozen=True)
class PlanVersion:
    """`key`: “p2” is the second publication, “v7” the words of version 7, “now” the plan as it stands.

    `by` is empty for strangers: what is public names nobody. `texts` in the order of LABELS; None where the history
    doesn't keep it together with the words.
    """

    key: str
    label: str
    at: datetime
    by: str
    texts: tuple[str | None, ...]


def plan_versions(user: User, pk: int, *, now: datetime) -> tuple[PlanVersion, ...]:
    """Newest first. Raises NotFound."""
    found = plan_for(user, pk)
    held = permissions_in(user, found.engagement_id)
    rows = [
        PlanVersion(
            f"p{row.number}",
            f"Published, number {row.number}",
            row.published_at,
            str(row.published_by) if held else "",
            _texts(thaw(PlanContent, row.content)),
        )
        for row in found.publications.select_related("published_by")
    ]
    if VIEW_PLAN in held:
        rows.append(PlanVersion("now", "As it stands", now, "the team", _texts(content_of(load_plan(found)))))
        rows += _typed(found)
    return tuple(sorted(rows, key=lambda row: (row.at, row.key), reverse=True))


def _texts(content: PlanContent) -> tuple[str | None, ...]:
    typed = [_text(content, name) for name, _ in _TYPED]
    interventions = "\n".join(_line(row) for row in content.interventions)
    return (*typed, " ".join(content.geoids), interventions, content.what_happened)


def _line(row: InterventionPlanned) -> str:
    study = f"; study {row.evidence.key}, version {row.evidence.version}" if row.evidence else "; no study"
    taken = "" if row.study_takeup is None else f"; the study's take-up taken as {row.study_takeup:g}"
    reason = taken + (f"; on its take-up: {row.itt_reason}" if row.itt_reason else "")
    jobs = f"; jobs it leads to: {', '.join(row.occupations)}" if row.occupations else ""
    return (
        f"{row.name}: {row.offered:,} {row.people or 'people'} offered, take-up {row.takeup:g}, "
        f"{format_dollars(row.cost_usd, cents=True)} "
        f"{row.cost_basis_words} in prices of {row.cost_price_year}, {row.duration_months} months{study}{reason}"
        f"{_lifetime(row)}{jobs}."
    )


def _lifetime(row: InterventionPlanned) -> str:
    """What was typed for the lifetime earnings of a child who moves."""
    if not row.age_profile:
        return ""
    earned = " ".join(f"{age:g}: {dollars:,.0f}" for age, dollars in row.age_profile)
    return (
        f"; lifetime earnings of a child: {row.years_of_exposure:g} years, rank change {row.rank_change:g} "
        f"(standard error {row.rank_change_se:g}), share {row.causal_low:g} to {row.causal_high:g}, earnings by age "
        f"in prices of {row.age_profile_year} ({row.age_profile_name}) {earned}"
    )


def _typed(plan: Plan) -> list[PlanVersion]:
    """Every change of the plan's own words, not of its status."""
    found = list(events_of(Plan).filter(pgh_obj_id=plan.pk).order_by("pgh_id"))
    names = User.objects.in_bulk({event.pgh_context.get("user") for event in found if event.pgh_context} - {None})
    rows: list[PlanVersion] = []
    for event in found:
        texts = (*(_text(event, name) for name, _ in _TYPED), None, None, event.what_happened)
        if rows and rows[-1].texts == texts:
            continue
        who = names.get((event.pgh_context or {}).get("user"))
        label = f"Draft, version {event.version}"
        rows.append(PlanVersion(f"v{event.version}", label, event.pgh_created_at, str(who or "The portal"), texts))
    return rows


def _text(holder: object, name: str) -> str:
    value = getattr(holder, name)
    return GAP_BY_CODE[value].label if name == "gap" and value in GAP_BY_CODE else _format_value(value)


def _format_value(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, Decimal):
        return f"{value:,.2f}"
    return f"{value:g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class PlanField:
    """One thing that was typed, in words."""

    name: str
    label: str
    value: str

    @classmethod
    def of(cls, name: str, label: str, value: object) -> "PlanField":
        return cls(name, label, _format_value(value))


def typed_fields(content: PlanContent) -> tuple[PlanField, ...]:
    """The plan's own fields in the order of its page."""
    return tuple(PlanField(name, label, _with_unit(name, content)) for name, label in _TYPED)


def intervention_fields(row: InterventionPlanned) -> tuple[PlanField, ...]:
    """What was typed of one intervention."""
    study = f"{row.evidence.key}, version {row.evidence.version}" if row.evidence else "no study"
    typed = (
        ("name", "name", row.name),
        ("offered", "offered", f"{row.offered:,} {row.people or 'people'}"),
        ("takeup", "take-up", f"{row.takeup:g}"),
        ("itt_reason", "on its take-up", row.itt_reason),
        ("study_takeup", "the study's take-up", row.study_takeup),
        ("cost_usd", "cost", f"{format_dollars(row.cost_usd, cents=True)} {row.cost_basis_words}"),
        ("cost_price_year", "prices of", str(row.cost_price_year)),
        ("starts_on", "starts on", row.starts_on),
        ("duration_months", "lasts", f"{row.duration_months} months"),
        ("evidence", "study", study),
        ("lifetime", "lifetime earnings", _lifetime(row).removeprefix("; ")),
        ("occupations", "jobs it leads to", ", ".join(row.occupations)),
    )
    return tuple(PlanField.of(name, label, value) for name, label, value in typed)


def _with_unit(name: str, content: PlanContent) -> str:
    value = getattr(content, name)
    return format_dollars(value) if name.endswith("_usd") and value is not None else _text(content, name)


def title_as_published(plan: str) -> Subquery:
    """`plan`: the outer query's column with the plan's id. Null for a plan never published, and for an archived one."""
    rows = PlanPublication.objects.filter(plan=OuterRef(plan), plan__archived_at=None)
    return Subquery(rows.order_by("-number").values("content__title")[:1])
