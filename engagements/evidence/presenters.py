"""Rows of the library as their pages show them."""

from dataclasses import dataclass
from datetime import date
from typing import cast

from atlas.formatting.dates import format_day
from engagements.base.text_differences import Piece, compare_words
from engagements.evidence import prose
from engagements.evidence.gaps import GAP_BY_CODE
from engagements.evidence.queries import EvidenceRecord
from engagements.evidence.records import (
    CHOICES,
    ESTIMAND_MEANINGS,
    ESTIMANDS,
    FAMILIES,
    FINDINGS,
    LISTS,
    TIER_MEANINGS,
    TIERS,
    YES_OR_NO,
    EvidenceFields,
    label,
)

# A finding has an icon and a word, never a color alone.
ICONS = {
    "positive": "triangle-up",
    "null": "ring",
    "negative": "triangle-down",
    "mixed": "half",
    "no_estimate": "ring",
}
TAGS = {"positive": "gain", "null": "none", "negative": "loss", "mixed": "none", "no_estimate": "none"}


@dataclass(frozen=True)
class PresentedRow:
    """Everything about a row in words."""

    record: EvidenceRecord
    effect: str
    is_number: bool
    uncertainty: str
    standard_error: str
    finding: str
    icon: str
    tag: str
    tier: str
    tier_meaning: str
    family: str
    estimand: str
    estimand_meaning: str
    takeup: str
    cost: str
    cost_each: str
    mvpf: str
    caveats: tuple[str, ...]

    @property
    def fields(self) -> EvidenceFields:
        return self.record.fields


def present_row(record: EvidenceRecord) -> PresentedRow:
    fields = record.fields
    counts = ESTIMAND_MEANINGS[fields.estimand] if fields.effect is not None else ""
    return PresentedRow(
        record,
        prose.effect(fields),
        fields.effect is not None,
        prose.uncertainty(fields),
        prose.standard_error(fields),
        label(FINDINGS, fields.finding),
        ICONS[fields.finding],
        TAGS[fields.finding],
        label(TIERS, fields.tier),
        TIER_MEANINGS[fields.tier],
        label(FAMILIES, fields.outcome_family),
        label(ESTIMANDS, fields.estimand),
        counts,
        prose.takeup(fields),
        prose.cost(fields),
        prose.cost_each(fields),
        prose.mvpf(fields),
        prose.list_caveats(fields),
    )


def side_by_side(
    older: EvidenceFields, newer: EvidenceFields, labels: list[tuple[str, str]]
) -> list[tuple[str, tuple[Piece, ...], tuple[Piece, ...]]]:
    """(label, what stood there, what stands there now) of every part that differs; all of them are one wording."""
    pairs = [
        (name, format_field(name, getattr(older, name)), format_field(name, getattr(newer, name))) for name, _ in labels
    ]
    named = dict(labels)
    return [(named[name], *compare_words(a, b)) for name, a, b in pairs if a != b]


def format_field(name: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if name in CHOICES:
        return label(CHOICES[name], str(value))
    if name in LISTS:
        codes = cast(tuple[str, ...], value)
        return ", ".join(GAP_BY_CODE[code].label if code in GAP_BY_CODE else code for code in codes)
    if name in YES_OR_NO:
        return "yes" if value else "no"
    if isinstance(value, float) and abs(value) < 1e6:
        return f"{value:g}"
    return format_day(value) if isinstance(value, date) else str(value)
