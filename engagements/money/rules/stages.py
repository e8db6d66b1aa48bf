"""The five stages money passes through, in the words shown on every chart and table."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    COMMITTED = "committed"
    ALLOCATED = "allocated"
    OBLIGATED = "obligated"
    DISBURSED = "disbursed"
    SPENT = "spent"


@dataclass(frozen=True)
class StageMeaning:
    """`definition`: one sentence, shown wherever a figure of the stage is. `iati` and `federal`: the nearest term of
    the IATI standard (version 2.03) and of the US federal budget, for whoever reports there; nearest, not the same."""

    value: str
    label: str
    definition: str
    iati: str
    federal: str
    city: str  # what a city's finance system often calls it


STAGES: tuple[StageMeaning, ...] = (
    StageMeaning(
        Stage.COMMITTED,
        "Committed",
        "Promised by a funder in writing.",
        "Incoming commitment (transaction type 11); commitment (2) in the funder's own report",
        "Appropriation or award",
        "Award, grant agreement",
    ),
    StageMeaning(
        Stage.ALLOCATED,
        "Budgeted (allocated)",
        "Set aside for this work in an adopted budget.",
        "Budget of the activity; no transaction type",
        "Apportionment or allotment",
        "Appropriation, adopted budget",
    ),
    StageMeaning(
        Stage.OBLIGATED,
        "Under contract (obligated)",
        "Bound by a signed contract, grant or order to someone who will do the work.",
        "Commitment (2) to the one who does the work",
        "Obligation",
        "Encumbrance, purchase order",
    ),
    StageMeaning(
        Stage.DISBURSED,
        "Paid out (disbursed)",
        "Paid out to the people who do the work, who may not have used it yet.",
        "Disbursement (3)",
        "Outlay",
        "Payment, advance, drawdown",
    ),
    StageMeaning(
        Stage.SPENT,
        "Spent",
        "Used up for goods or services that were received.",
        "Expenditure (4)",
        "Recipient's expenditure",
        "Expenditure, actual",
    ),
)

NOT_ADDED = "Each dollar moves through these stages in order. Don’t add stages together."

BY_VALUE: dict[str, StageMeaning] = {meaning.value: meaning for meaning in STAGES}
CHOICES: tuple[tuple[str, str], ...] = tuple((str(meaning.value), meaning.label) for meaning in STAGES)
# Of each of these a funder's commitment is the limit: what is set aside, bound, paid or used was promised before.
COVERED: tuple[Stage, ...] = (Stage.ALLOCATED, Stage.OBLIGATED, Stage.DISBURSED, Stage.SPENT)

# What finance systems write, in lower case. Words that may mean two stages are left out on purpose: “paid” is disbursed
# when it went to a partner and spent when it went to a supplier.
USUAL_WORDS: dict[str, Stage] = {
    **{each.label.casefold(): Stage(each.value) for each in STAGES},
    "budgeted": Stage.ALLOCATED,
    "under contract": Stage.OBLIGATED,
    "paid out": Stage.DISBURSED,
    "commitment": Stage.COMMITTED,
    "award": Stage.COMMITTED,
    "pledge in writing": Stage.COMMITTED,
    "allocation": Stage.ALLOCATED,
    "budget": Stage.ALLOCATED,
    "adopted budget": Stage.ALLOCATED,
    "obligation": Stage.OBLIGATED,
    "encumbrance": Stage.OBLIGATED,
    "encumbered": Stage.OBLIGATED,
    "purchase order": Stage.OBLIGATED,
    "disbursement": Stage.DISBURSED,
    "drawdown": Stage.DISBURSED,
    "expenditure": Stage.SPENT,
    "expense": Stage.SPENT,
    "expended": Stage.SPENT,
}


def meaning(stage: str) -> StageMeaning:
    """Raises KeyError for what is no stage."""
    return BY_VALUE[stage]


def read_stage(text: str) -> Stage:
    """By value or label, then what finance systems usually write; a mapping's own words are translated before.

    Raises ValueError with a sentence.
    """
    plain = " ".join(text.casefold().split())
    if not plain:
        raise ValueError("There is no stage.")
    if plain in BY_VALUE:
        return Stage(plain)
    if plain in USUAL_WORDS:
        return USUAL_WORDS[plain]
    known = ", ".join(BY_VALUE)
    raise ValueError(f"“{text[:40]}” is no stage. Say in the mapping which of {known} it means.")
