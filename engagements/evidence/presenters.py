"""Rows of the library as their pages show them."""

from dataclasses import dataclass

from engagements.base.text_differences import Piece, compare_words
from engagements.evidence import prose
from engagements.evidence.queries import EvidenceRecord
from engagements.evidence.records import (
    ESTIMAND_MEANINGS,
    ESTIMANDS,
    FAMILIES,
    FINDINGS,
    TIER_MEANINGS,
    TIERS,
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
        (name, prose.format_field(name, getattr(older, name)), prose.format_field(name, getattr(newer, name)))
        for name, _ in labels
    ]
    named = dict(labels)
    return [(named[name], *compare_words(a, b)) for name, a, b in pairs if a != b]
