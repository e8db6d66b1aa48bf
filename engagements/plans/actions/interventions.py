"""What a plan will do: interventions that rest on a row of the evidence library, or on none."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError

from engagements.access.errors import NotFound
from engagements.access.plans import plan_for
from engagements.base.audited_transaction import (
    add_activity,
    audited_transaction,
    begin_idempotent,
    complete_idempotent,
)
from engagements.base.editing import change, lock, validate
from engagements.limits import MOST_MONTHS, MOST_USD_INTERVENTION
from engagements.models import EvidenceRow, Plan, PlanIntervention, User
from engagements.permissions import EDIT_PLAN
from engagements.plans.actions.plans import count_change, open_to_change, with_floats
from engagements.plans.actions.refusals import refusals_as_validation
from engagements.plans.arithmetic.prices import check_price_year
from engagements.plans.arithmetic.profiles import check_profile
from engagements.plans.queries.figures import evidence_as_read
from engagements.plans.queries.inputs import intervention_of, profile_of, transport_of
from engagements.plans.queries.library import UsableEvidence, usable_evidence
from engagements.plans.queries.occupations import check_occupations

CHANGEABLE = frozenset(
    {
        "name",
        "people",
        "offered",
        "takeup",
        "study_takeup",
        "itt_reason",
        "cost_usd",
        "cost_basis",
        "cost_price_year",
        "starts_on",
        "duration_months",
        "years_of_exposure",
        "rank_change",
        "rank_change_se",
        "causal_low",
        "causal_high",
        "age_profile",
        "age_profile_name",
        "age_profile_year",
        "occupations",
    }
)
_LIFETIME = (
    "years_of_exposure",
    "rank_change",
    "rank_change_se",
    "causal_low",
    "causal_high",
    "age_profile",
    "age_profile_name",
    "age_profile_year",
)
_NOT_MOVED = "Ranks of children are changed only by moving children: this row does not move any."
_NOT_SCALED = (
    "Only the effect of an offer (ITT) is scaled from the study's take-up. Leave it empty: the effect on those who "
    "took part is multiplied by take-up anyway."
)
_ASK_STUDY_TAKEUP = (
    "The study reports the effect of an offer, and its row records no take-up. Give the study's take-up, or write why "
    "the planned one is taken as the study's."
)
_ALL_OR_NONE = "Lifetime earnings need this too: fill in all of these fields, or none of them."


def add_intervention(
    *,
    plan: int,
    values: dict[str, object],
    by: User,
    now: datetime,
    evidence: str = "",
    rule: str = "",
    submission: UUID | None = None,
) -> PlanIntervention:
    """`values` of CHANGEABLE; `evidence`: key of a reviewed row of the library, "" for none.

    `rule`: how somebody wants the effect multiplied (`planning.RULES`); what the estimand does not allow is refused.
    Raises NotFound, ValidationError by field.
    """
    seen = plan_for(by, plan, EDIT_PLAN)
    used = evidence_to_use(evidence) if evidence else None
    _check_names(values)
    with audited_transaction(by):
        claimed = begin_idempotent(by, "add_intervention", submission)
        if claimed.object_id:
            return PlanIntervention.objects.get(pk=claimed.object_id)
        within = open_to_change(seen)
        last = within.interventions.order_by("-position").values_list("position", flat=True).first()
        typed = _clean(values)
        typed["study_takeup"] = _choose_study_takeup(
            typed.get("takeup"), typed.get("study_takeup"), typed.get("itt_reason", ""), used.words if used else None
        )
        made = PlanIntervention(
            plan=within,
            evidence=used.row if used else None,
            evidence_version=used.version if used else None,
            position=0 if last is None else last + 1,
            **typed,
        )
        if made.cost_price_year is None:
            made.cost_price_year = within.price_year
        _check_given(made)
        validate(made, CHANGEABLE)
        check_intervention(made, used.words if used else None, within, rule)
        with refusals_as_validation():
            made.save(force_insert=True)
        _count(within, made, "added", by, now)
        complete_idempotent(claimed, made)
    return made


def change_intervention(
    *,
    intervention: int,
    changes: dict[str, object],
    expected_version: int,
    by: User,
    now: datetime,
    evidence: str | None = None,
    rule: str = "",
) -> PlanIntervention:
    """`evidence`: None leaves it, "" takes it away, a key reads the row's version of now. Raises as `add_intervention`,
    and Conflict."""
    seen = intervention_for(by, intervention)
    _check_names(changes)
    wanted = _clean(changes)
    with audited_transaction(by):
        within = open_to_change(seen.plan)
        row = lock(seen)
        (words,) = evidence_as_read([row])
        if evidence is not None and evidence != (words.key if words else ""):
            used = evidence_to_use(evidence) if evidence else None
            words = used.words if used else None
            wanted |= {"evidence": used.row if used else None, "evidence_version": used.version if used else None}
        wanted |= _study_takeup_after(row, wanted, words)
        with refusals_as_validation():
            done = change(
                row, wanted, expected_version, check=lambda names: check_intervention(row, words, within, rule)
            )
        if not done and rule:
            check_intervention(row, words, within, rule)
        if done:
            _count(within, row, "changed", by, now, done)
    return row


def use_current_evidence(*, intervention: int, expected_version: int, by: User, now: datetime) -> PlanIntervention:
    """Replaces the version of the evidence the plan used with the current one. Raises NotFound, Conflict,
    ValidationError.
    """
    seen = intervention_for(by, intervention)
    with audited_transaction(by, "the newer version of the evidence"):
        within = open_to_change(seen.plan)
        row = lock(seen)
        if row.evidence is None:
            raise ValidationError("This intervention rests on no row of the library.")
        used = evidence_to_use(row.evidence.key)
        wanted: dict[str, object] = {"evidence_version": used.version}
        if used.words.study_takeup is not None:  # what the row records now overrules what the planner gave
            wanted["study_takeup"] = None
        with refusals_as_validation():
            done = change(
                row, wanted, expected_version, check=lambda names: check_intervention(row, used.words, within, "")
            )
        if done:
            _count(within, row, "changed", by, now, done)
    return row


def move_intervention(*, intervention: int, steps: int, by: User, now: datetime) -> None:
    """Up (steps below 0) or down among the plan's interventions; beyond the ends it stays there.

    Raises NotFound, Conflict, ValidationError.
    """
    seen = intervention_for(by, intervention)
    with audited_transaction(by, "order of the interventions"):
        within = open_to_change(seen.plan)
        rows = list(within.interventions.filter(archived_at=None).order_by("position", "pk"))
        at = next(index for index, row in enumerate(rows) if row.pk == seen.pk)
        rows.insert(max(0, at + steps), rows.pop(at))
        moved = [(number, row) for number, row in enumerate(rows) if row.position != number]
        for number, row in moved:
            change(row, {"position": number}, None)
        if moved:
            count_change(within)
            add_activity(
                by=by,
                now=now,
                verb="changed",
                thing=within,
                engagement_id=within.engagement_id,
                line="The order of the interventions",
            )


def archive_intervention(
    *, intervention: int, expected_version: int, by: User, now: datetime, why: str
) -> PlanIntervention:
    """Raises NotFound, Conflict, ValidationError."""
    if not why.strip():
        raise ValidationError({"why": "Say why it is taken out."})
    seen = intervention_for(by, intervention)
    with audited_transaction(by, why):
        within = open_to_change(seen.plan)
        row = lock(seen)
        change(row, {"archived_at": now, "archived_by": by}, expected_version)
        _count(within, row, "archived", by, now, why=why)
    return row


def intervention_for(by: User, pk: int) -> PlanIntervention:
    """A live one of a plan this person may edit. Raises NotFound."""
    found = PlanIntervention.objects.filter(pk=pk, archived_at=None).select_related("evidence").first()
    if found is None:
        raise NotFound("We can’t find this. It may have moved, or it isn’t shared with you.")
    found.plan = plan_for(by, found.plan_id, EDIT_PLAN)
    return found


def evidence_to_use(key: str) -> UsableEvidence:
    """Plans rest on what was reviewed. Raises ValidationError at `evidence`."""
    found = usable_evidence(key)
    if found is None:
        raise ValidationError({"evidence": "There is no reviewed row of this name in the evidence library."})
    return found


def check_intervention(row: PlanIntervention, evidence: EvidenceRow | None, plan: Plan, rule: str) -> None:
    """What arithmetic and database would refuse, as sentences at the field."""
    problems: dict[str, str] = {}
    if not row.name.strip():
        problems["name"] = "Give the intervention a name."
    if row.offered < 1:
        problems["offered"] = "At least one person is offered it."
    if not Decimal(0) <= row.cost_usd <= Decimal(MOST_USD_INTERVENTION):
        problems["cost_usd"] = "A cost is $0 or more and at most $1 billion. A minus or extra zeros may be a slip."
    if not 1 <= row.duration_months <= MOST_MONTHS:
        problems["duration_months"] = f"It lasts 1 to {MOST_MONTHS} months."
    problems |= _check_study_takeup(row, evidence)
    problems |= _check_lifetime(row, evidence)
    if said := check_occupations(row.occupations):
        problems["occupations"] = said
    if problems:
        raise ValidationError(problems)
    with refusals_as_validation():
        check_price_year("cost_price_year", row.cost_price_year)
        profile_of(row)
        intervention_of(row, evidence, transport_of(plan), rule)


def _check_lifetime(row: PlanIntervention, evidence: EvidenceRow | None) -> dict[str, str]:
    """For help with moving only; all of it or nothing, so that no half of it is kept and never used."""
    given = [name for name in _LIFETIME if getattr(row, name) not in (None, "")]
    if not given:
        return {}
    if not (evidence and evidence.moves_children):
        return {given[0]: _NOT_MOVED}
    problems = dict.fromkeys((name for name in _LIFETIME if name not in given), _ALL_OR_NONE)
    if row.age_profile is not None and (said := check_profile(row.age_profile)):
        problems["age_profile"] = " ".join(said)
    if row.rank_change_se is not None and row.rank_change_se > 1:
        problems["rank_change_se"] = "Ranks go from 0 to 1: 0.02 for two percentiles."
    if row.age_profile_year is not None and not 1980 <= row.age_profile_year <= 2100:
        problems["age_profile_year"] = "Give the year whose prices the earnings are in, from 1980."
    return problems


def _check_study_takeup(row: PlanIntervention, evidence: EvidenceRow | None) -> dict[str, str]:
    """The effect of an offer holds at the study's take-up: without it nothing can be said at the planned one."""
    is_offer = evidence is not None and evidence.estimand == "itt"
    if not is_offer and row.study_takeup is not None:
        return {"study_takeup": _NOT_SCALED}
    if not is_offer and row.itt_reason.strip():
        return {"itt_reason": _NOT_SCALED}
    if evidence is None or not is_offer or evidence.study_takeup is not None:
        return {}
    if row.study_takeup is None:
        return {"study_takeup": _ASK_STUDY_TAKEUP}
    return {}


def _choose_study_takeup(takeup: object, given: object, reason: object, evidence: EvidenceRow | None) -> object:
    """A reason without a share says that the planned take-up is the study's. It is kept as a number, so that a take-up
    planned otherwise later changes the result.
    """
    lacks = evidence is not None and evidence.estimand == "itt" and evidence.study_takeup is None
    return takeup if lacks and given is None and str(reason).strip() and takeup else given


def _study_takeup_after(
    row: PlanIntervention, wanted: dict[str, object], evidence: EvidenceRow | None
) -> dict[str, object]:
    """What the changes `wanted` leave as the study's take-up, as when the intervention is added; {}: as it is."""
    if not wanted.keys() & {"study_takeup", "itt_reason", "evidence"}:
        return {}
    takeup, given, reason = (wanted.get(name, getattr(row, name)) for name in ("takeup", "study_takeup", "itt_reason"))
    return {"study_takeup": _choose_study_takeup(takeup, given, reason, evidence)}


def _check_names(values: dict[str, object]) -> None:
    if unknown := set(values) - CHANGEABLE:
        raise ValidationError(f"Not changed here: {', '.join(sorted(unknown))}.")


def _check_given(row: PlanIntervention) -> None:
    needed = {
        "offered": "Say how many people are offered it.",
        "takeup": "Say which share of them will take part, 0 to 1.",
        "cost_usd": "Say what it costs.",
    }
    missing = {name: sentence for name, sentence in needed.items() if getattr(row, name) is None}
    if missing:
        raise ValidationError(missing)


def _clean(values: dict[str, object]) -> dict[str, object]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}


def _count(
    plan: Plan,
    row: PlanIntervention,
    verb: str,
    by: User,
    now: datetime,
    done: dict[str, tuple[object, object]] | None = None,
    why: str = "",
) -> None:
    count_change(plan)
    add_activity(
        by=by,
        now=now,
        verb="changed",
        thing=plan,
        engagement_id=plan.engagement_id,
        why=why,
        changes=with_floats(done or {}),
        line=f"{row.name}: {verb}",
    )
