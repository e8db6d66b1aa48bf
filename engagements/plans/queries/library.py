"""The evidence library as a planner chooses from it: what a plan can calculate a range with, then what was tried in
this city, then the rest with the reason why not. Null results are among all of them.
"""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.evidence import prose
from engagements.evidence.queries import EvidenceFilter, evidence_rows, fields_of
from engagements.evidence.records import EvidenceFields
from engagements.models import Estimand, EvidenceRow, OutcomeFamily
from engagements.plans.queries.events import events_of

OWN_CITY = gettext_lazy("Tried in this city")
READY = gettext_lazy("Usable in a plan")


@dataclass(frozen=True)
class LibraryRow:
    """`finding`: what was found, in words; `use`: whether a number can be worked out, and if not why."""

    key: str
    intervention: str
    outcome: str
    finding: str
    tier: str
    estimand: str
    population: str
    setting: str
    use: str


@dataclass(frozen=True)
class LibraryGroup:
    title: str
    rows: tuple[LibraryRow, ...]


@dataclass(frozen=True)
class UsableEvidence:
    """`words`: the row, or its last reviewed version where a change waits; a plan remembers `version` of it."""

    row: EvidenceRow
    version: int
    words: EvidenceRow


def usable_evidence(key: str) -> UsableEvidence | None:
    """What a plan may rest on: what was reviewed, as everybody reads it. Two statements at most."""
    row = EvidenceRow.objects.filter(key=key, archived_at=None).first()
    if row is None:
        return None
    if row.status == "reviewed":
        return UsableEvidence(row, row.version, row)
    last = events_of(EvidenceRow).filter(pgh_obj_id=row.pk, status="reviewed").order_by("-pgh_id").first()
    if last is None or not changed_fields(last, row):
        return None
    return UsableEvidence(row, last.version, last)


def changed_fields(one, other) -> bool:
    """Whether two versions of a row say something different; a review alone changes no word."""
    return fields_of(one, ()) != fields_of(other, ())


def library_for(city: str, words: str = "", gap: str = "") -> tuple[LibraryGroup, ...]:
    """What can be planned with first, then what was tried in the city (its slug), then the rest by outcome; within the
    first group the city's own come first. `gap`: only outcomes of it. Constant statements.
    """
    rows = [row.fields for row in evidence_rows(AnonymousUser(), EvidenceFilter(words=words, gap=gap))]
    ready = sorted((row for row in rows if not prose.why_not_planned(row)), key=lambda row: city not in row.tried_in)
    rest = [row for row in rows if prose.why_not_planned(row)]
    here = [row for row in rest if city in row.tried_in]
    others = [row for row in rest if city not in row.tried_in]
    groups = [(str(READY), ready), (str(OWN_CITY), here)]
    groups += [
        (label, [row for row in others if row.outcome_family == value]) for value, label in OutcomeFamily.choices
    ]
    return tuple(LibraryGroup(title, tuple(_row(row) for row in those)) for title, those in groups if those)


def _row(row: EvidenceFields) -> LibraryRow:
    return LibraryRow(
        row.key,
        row.intervention,
        row.outcome,
        finding_sentence(row),
        EvidenceRow.Tier(row.tier).label,
        dict(Estimand.choices).get(row.estimand, "Not stated whom it counts"),
        row.population,
        row.setting,
        _use(row),
    )


def finding_sentence(row: EvidenceFields) -> str:
    """The effect with its unit and how sure it is, or the source's words."""
    found = prose.effect(row)
    if row.effect is None or not row.is_verified:
        return found
    sure = prose.uncertainty(row)
    return f"{found}, in {row.unit}. {sure}." if row.unit not in found else f"{found}. {sure}."


def _use(row: EvidenceFields) -> str:
    """Why it can't be used, or not for a range; "" for what can."""
    if not row.is_verified:
        return _("People and cost only: its figure was not checked against its source.")
    if row.effect is None:
        return _("People and cost only: its effect is not recorded as a number.")
    if not row.estimand:
        return _(
            "People and cost only: it is not stated whether the effect is on all offered or on those who took part."
        )
    reason = prose.why_not_planned(row)
    if not reason:
        return ""
    if row.se_bound is not None:
        return _("No range: the source gives only a threshold of p, and a bound is no margin of error.")
    return _("No range: {reason}.").format(reason=reason[:1].lower() + reason[1:])
