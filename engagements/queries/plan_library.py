"""The evidence library as a planner chooses from it: what was tried in this city first, null results among it."""

from dataclasses import dataclass

from django.db.models import Q

from engagements.models import EvidenceRow, OutcomeFamily

HERE = "Tried in this city"


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


def library_for(city_id: int, words: str = "") -> tuple[LibraryGroup, ...]:
    """Reviewed rows by outcome, those tried in the city first. Two statements."""
    found = EvidenceRow.objects.filter(status="reviewed", archived_at=None)
    for word in words.split()[:8]:
        found = found.filter(
            Q(intervention__icontains=word) | Q(outcome__icontains=word) | Q(population__icontains=word)
            | Q(setting__icontains=word) | Q(summary__icontains=word)
        )  # fmt: skip
    here = set(EvidenceRow.objects.filter(tried_in=city_id).values_list("pk", flat=True))
    rows = list(found.order_by("outcome_family", "intervention", "pk"))
    groups = [(HERE, [row for row in rows if row.pk in here])]
    groups += [
        (label, [row for row in rows if row.outcome_family == value and row.pk not in here])
        for value, label in OutcomeFamily.choices
    ]
    return tuple(LibraryGroup(title, tuple(_row(row) for row in those)) for title, those in groups if those)


def _row(row: EvidenceRow) -> LibraryRow:
    return LibraryRow(
        row.key, row.intervention, row.outcome, finding_words(row), row.get_tier_display(),
        row.get_estimand_display() or "Not stated", row.population, row.setting, _use(row),
    )  # fmt: skip


def finding_words(row: EvidenceRow) -> str:
    """The effect with its unit and how sure it is, or the source's words, or that there is none."""
    if row.effect is None or not row.is_verified:
        return row.effect_words or row.get_finding_display()
    if row.se is not None:
        sure = f", standard error {row.se:,g}"
    elif row.ci_low is not None and row.ci_high is not None:
        sure = f", 95% interval {row.ci_low:,g} to {row.ci_high:,g}"
    else:
        sure = ", no standard error"
    return f"{row.effect:+,g} {row.unit}{sure}".replace("-", "−", 1)


def _use(row: EvidenceRow) -> str:
    if not row.is_verified:
        return "People and cost only: its figure was not checked against its source."
    if row.effect is None:
        return "People and cost only: its effect is not recorded as a number."
    if not row.estimand:
        return "People and cost only: it is not stated whether the effect is on all offered or on those who took part."
    return ""
