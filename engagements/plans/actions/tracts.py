"""The area of a plan: tracts of the engagement's city, picked one by one or copied from a saved area with its rule."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError

from atlas.measures import UnknownMeasure, describe, is_sensitive
from atlas.models.areas import MAX_TRACTS
from atlas.queries.areas import area
from atlas.queries.tract_places import tracts_of_city
from engagements.access.plans import plan_for
from engagements.base.audited_transaction import add_activity, audited_transaction
from engagements.base.editing import Conflict, FieldConflict, change
from engagements.models import Plan, PlanTract, User
from engagements.permissions import EDIT_PLAN
from engagements.plans.actions.plans import count_change, open_to_change
from engagements.plans.actions.refusals import refusals_as_validation
from engagements.plans.queries.events import events_of

_NAMED = 8  # tracts spelled out in a sentence


def set_tracts(
    *,
    plan: int,
    expected_version: int,
    by: User,
    now: datetime,
    geoids: Iterable[str] | None = None,
    area_token: str = "",
    area_name: str = "",
    area_rule: str = "",
    measure: str = "",
    legal_review_note: str | None = None,
    leave_out: bool = False,
) -> Plan:
    """The whole area again. With `area_token` its tracts, name and rule are copied: the plan keeps them if it changes.

    `measure`: slug of the outcome it was chosen on; one of a single race asks for a legal review note before review.
    `leave_out`: tracts of other cities in the saved area are left out instead of refused.
    Raises NotFound, ValidationError by field, Conflict where somebody else changed the tracts.
    """
    seen = plan_for(by, plan, EDIT_PLAN)
    city = seen.engagement.city
    race = check_measure(measure)
    if area_token:
        geoids, area_name, area_rule = _of_saved_area(area_token, by, area_name)
    wanted = _check_tracts(geoids or (), city.slug, city.name, leave_out and bool(area_token))
    with audited_transaction(by):
        row = open_to_change(seen)
        had = set(row.tracts.values_list("geoid", flat=True))
        _check_meanwhile(row, had, set(wanted), expected_version)
        words = {
            "area_name": area_name.strip()[:80],
            "area_rule": area_rule.strip()[:300],
            "measure": measure,
            "area_token": area_token,
            "targets_by_race": race,
        }
        if legal_review_note is not None:
            words["legal_review_note"] = legal_review_note.strip()
        with refusals_as_validation():
            done = change(row, words, expected_version)
            _write(row, had, set(wanted))
        if done or had != set(wanted):
            count_change(row)
            changes = {"tracts": (len(had), len(wanted))} if had != set(wanted) else {}
            add_activity(
                by=by,
                now=now,
                verb="changed",
                thing=row,
                engagement_id=row.engagement_id,
                line="The area",
                changes=changes,
            )
    return row


def check_measure(slug: str) -> bool:
    """Whether it is of one race. Raises ValidationError for what no area may be chosen on."""
    if not slug:
        return False
    try:
        words = describe(slug)
    except UnknownMeasure as unknown:
        raise ValidationError({"measure": "There is no such measure."}) from unknown
    if is_sensitive(slug):
        raise ValidationError(
            {"measure": "No area is chosen by incarceration or teenage birth: they say nothing about people's need."}
        )
    if words.group != "outcome" or words.unit != "rank":
        raise ValidationError({"measure": "An area is chosen on a rank of income: that is what need is measured in."})
    return words.race not in ("", "pooled")


def _of_saved_area(token: str, by: User, name: str) -> tuple[list[str], str, str]:
    found = area(token, by.pk)
    if found is None:
        raise ValidationError({"area_token": "There is no area at this link, or its owner closed it."})
    codes = [f"{code:011d}" for code, _, belongs in found.members if belongs]
    return codes, name.strip() or found.name, f"Saved area “{found.name}”: {found.rule}"


def _check_tracts(geoids: Iterable[str], city: str, city_name: str, leave_out: bool) -> list[str]:
    """Sorted, each once. Raises ValidationError at `geoids`."""
    given = sorted({geoid.strip() for geoid in geoids} - {""})
    known = set(tracts_of_city(city))
    strange = [geoid for geoid in given if geoid not in known]
    if strange and leave_out:
        given = [geoid for geoid in given if geoid in known]
        strange = []
    if strange:
        raise ValidationError({"geoids": _not_of_the_city(strange, city_name, bool(known))})
    if not given:
        raise ValidationError({"geoids": f"Choose at least one tract of {city_name}."})
    if len(given) > MAX_TRACTS:
        raise ValidationError({"geoids": f"These are {len(given):,} tracts; an area has at most {MAX_TRACTS:,}."})
    return given


def _not_of_the_city(strange: list[str], city_name: str, has_list: bool) -> str:
    if not has_list:
        return f"The tracts of {city_name} are not known yet: their boundaries have not been imported."
    more = f" and {len(strange) - _NAMED} more" if len(strange) > _NAMED else ""
    is_or_are = "This is no tract" if len(strange) == 1 else "These are no tracts"
    return f"{is_or_are} of 2010 in {city_name}: {', '.join(strange[:_NAMED])}{more}."


def _check_meanwhile(row: Plan, had: set[str], wanted: set[str], expected_version: int) -> None:
    """Somebody else chose other tracts since the person saw the plan."""
    if expected_version > row.version:
        raise ValidationError("This version doesn't exist yet.")
    if expected_version == row.version or had == wanted:
        return
    seen = events_of(Plan).filter(pgh_obj_id=row.pk, version=expected_version).order_by("-pgh_id").first()
    since = events_of(PlanTract).filter(plan_id=row.pk)
    if seen is None or since.filter(pgh_created_at__gt=seen.pgh_created_at).exists():
        raise Conflict(row, (FieldConflict("tracts", None, sorted(had), sorted(wanted)),))


def _write(row: Plan, had: set[str], wanted: set[str]) -> None:
    row.tracts.filter(geoid__in=had - wanted).delete()
    PlanTract.objects.bulk_create(PlanTract(plan=row, geoid=geoid) for geoid in sorted(wanted - had))
