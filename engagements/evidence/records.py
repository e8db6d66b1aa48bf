"""One finding of one study: an intervention, an outcome, an effect with its error, and what it does not say."""

from dataclasses import dataclass, fields
from datetime import date

# value, label. Effects of different families are never added.
FAMILIES = (
    ("annual_earnings", "Earnings a year"),
    ("employment", "Employment"),
    ("education_attainment", "Degrees and enrollment"),
    ("education_scores", "Test scores"),
    ("mobility_move", "Moves to another neighborhood"),
    ("child_development", "Early childhood"),
    ("justice", "Justice"),
    ("savings_and_credit", "Savings and credit"),
    ("housing_stability", "Housing"),
    ("tax_and_benefits", "Taxes and benefits"),
    ("transport", "Transport"),
    ("other", "Other"),
)
TIERS = (("rct", "Randomized trial"), ("quasi", "Quasi-experiment"), ("descriptive", "Descriptive"))
TIER_MEANINGS = {
    "rct": "Chance decided who was offered it, so groups differ by nothing else but luck.",
    "quasi": "People or places are compared that resemble each other; the comparison may be off.",
    "descriptive": "What happened to those who took part; it does not say what would have happened otherwise.",
}
FINDINGS = (
    ("positive", "Better"),
    ("null", "No difference found"),
    ("negative", "Worse"),
    ("mixed", "Mixed"),
    ("no_estimate", "No estimate"),
)
ESTIMANDS = (("tot", "Those who took part (TOT)"), ("itt", "Everybody offered (ITT)"), ("", "Not stated"))
ESTIMAND_MEANINGS = {
    "tot": "A plan multiplies it by the number of people who take it up.",
    "itt": "A plan multiplies it by the number of people offered, never by take-up.",
    "": "No plan can calculate with it before someone has read whom it counts.",
}
NOT_ITS_ESTIMAND = {
    "tot": "It counts only those who took it up: it is not the effect of offering it.",
    "itt": "It counts everybody offered, users or not: it is not the effect on those who took it up.",
    "": "The source, as it was read, does not say whether it counts everybody offered or only those who took it up.",
}


SE_ORIGINS = (("published", "Printed by the source"), ("from_p", "Computed from p"), ("", "Not recorded"))


@dataclass(frozen=True)
class EvidenceFields:
    """A row of the library. Numbers are given only where somebody read them in the source; "" and None: not known.

    `effect`, `se`, `se_bound`, `ci_low`, `ci_high` are in `unit`; `study_takeup` is a share 0-1 of those offered; money
    is in dollars, `cost_usd` in those of `cost_price_year` for each person or family; `mvpf` is dollars of benefit for
    each dollar of net public cost (Hendren and Sprung-Keyser 2020).
    """

    key: str  # slug, one in the library
    intervention: str
    summary: str
    outcome: str
    outcome_family: str  # of FAMILIES
    effect: float | None = None
    se: float | None = None  # standard error
    se_origin: str = ""  # of SE_ORIGINS
    p_value: float | None = None  # two-sided; exact, or beside `se_bound` the threshold below which it lies
    se_bound: float | None = None  # the standard error is at most this: for readers, no plan calculates with it
    ci_low: float | None = None  # 95% interval, as published
    ci_high: float | None = None
    conflict: str = ""  # where sources, or versions of one, say different things
    effect_words: str = ""  # what the source says beside or in place of one number
    unit: str = ""
    estimand: str = ""  # of ESTIMANDS
    study_takeup: float | None = None
    outcome_age: str = ""
    duration: str = ""  # after how long
    sample_size: int | None = None
    population: str = ""
    setting: str = ""  # place and years
    cost_usd: float | None = None
    cost_words: str = ""
    cost_price_year: int | None = None
    fadeout: str = ""
    mvpf: float | None = None
    mvpf_low: float | None = None  # 95% interval
    mvpf_high: float | None = None
    mvpf_words: str = ""
    tier: str = ""  # of TIERS
    finding: str = ""  # of FINDINGS
    tried_in: tuple[str, ...] = ()  # slugs of the portal's cities
    gaps: tuple[str, ...] = ()  # codes of `gaps.GAPS`
    source: str = ""
    is_verified: bool = False  # somebody read the figures in the source or a copy of it
    verified_on: date | None = None
    verification_note: str = ""
    moves_children: bool = False  # the intervention itself moves children to another neighborhood


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(EvidenceFields))
NUMBERS = (
    "effect",
    "se",
    "p_value",
    "se_bound",
    "ci_low",
    "ci_high",
    "study_takeup",
    "cost_usd",
    "mvpf",
    "mvpf_low",
    "mvpf_high",
)
WHOLE_NUMBERS = ("sample_size", "cost_price_year")
LISTS = ("tried_in", "gaps")
YES_OR_NO = ("is_verified", "moves_children")
CHOICES = {
    "outcome_family": FAMILIES,
    "tier": TIERS,
    "finding": FINDINGS,
    "estimand": ESTIMANDS,
    "se_origin": SE_ORIGINS,
}
MAY_BE_EMPTY = frozenset(name for name, choices in CHOICES.items() if "" in dict(choices))
# What a plan may calculate with: none of them without somebody who read it.
VERIFIED_NUMBERS = (*NUMBERS, "sample_size")


def label(choices: tuple[tuple[str, str], ...], value: str) -> str:
    """The words of a choice. Raises KeyError for a value nobody declared."""
    return dict(choices)[value]
