"""What a row of the library must be before it is kept. The same rules for a form, a table, a program and the seed."""

import math
import re
from collections.abc import Collection
from datetime import date
from statistics import NormalDist

from engagements.evidence.gaps import GAP_BY_CODE
from engagements.evidence.records import CHOICES, LISTS, NUMBERS, VERIFIED_NUMBERS, EvidenceFields
from engagements.limits import (
    EVIDENCE,
    EVIDENCE_TEXT,
    MOST_PEOPLE_STUDIED,
    MOST_USD_OF_A_STUDY,
    SMALLEST_NUMBER,
    find_number_problem,
    find_share_problem,
)

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
RESERVED = frozenset({"add", "import"})  # of the library's own addresses, /evidence/WORD/
NEEDED = {
    "intervention": "Name the intervention.",
    "summary": "Say in a sentence or two what was found.",
    "outcome": "Name the outcome.",
    "source": "Name the source: publication, year, and where it was read.",
}
BOUNDED_ELSEWHERE = frozenset({"study_takeup", "cost_usd"})  # their own rules say it
NEAR = 0.02  # a standard error computed from p may be rounded
UNVERIFIED = "A figure that nobody verified is written in words, not as a number."
Refusals = list[tuple[str, str]]


def validate(row: EvidenceFields, *, cities: Collection[str] | None = None, today: date | None = None) -> Refusals:
    """(field, sentence) of everything wrong; empty: it may be kept.

    `cities`: slugs that exist, None to leave that to whoever knows them. `today` bounds `verified_on`.
    """
    return [
        *_texts(row),
        *_choices(row),
        *_numbers(row),
        *_effect(row),
        *_error(row),
        *_cost(row),
        *_mvpf(row),
        *_verification(row, today),
        *_lists(row, cities),
    ]


def _texts(row: EvidenceFields) -> Refusals:
    found: Refusals = [(name, sentence) for name, sentence in NEEDED.items() if not getattr(row, name).strip()]
    if row.key in RESERVED:
        found.append(("key", "This word is an address of the library itself. Take another."))
    if not SLUG.fullmatch(row.key):
        found.append(("key", "Use small letters, digits and single hyphens, for example “year-up-earnings-3”."))
    for name, value in vars(row).items():
        if isinstance(value, str) and len(value) > (limit := EVIDENCE.get(name, EVIDENCE_TEXT)):
            found.append((name, f"Shorten it to {limit:,} characters."))
    return found


def _choices(row: EvidenceFields) -> Refusals:
    found: Refusals = []
    for name, choices in CHOICES.items():
        if getattr(row, name) not in dict(choices):
            labels = ", ".join(label for _, label in choices)
            given = getattr(row, name)[:40]
            found.append((name, f"“{given}” is none of: {labels}." if given else f"Choose one of: {labels}."))
    return found


def _numbers(row: EvidenceFields) -> Refusals:
    found: Refusals = []
    for name in NUMBERS:
        value = getattr(row, name)
        if value is not None and not math.isfinite(value):
            found.append((name, "This is no number."))
        elif value is not None and name not in BOUNDED_ELSEWHERE and (sentence := find_number_problem(value)):
            found.append((name, sentence))
    if row.study_takeup is not None and not 0 < row.study_takeup <= 1:
        hint = f" {row.study_takeup:g}% is {row.study_takeup / 100:g}." if 1 < row.study_takeup <= 100 else ""
        found.append(("study_takeup", f"Take-up is a share above 0, at most 1.{hint}"))
    elif row.study_takeup is not None and (sentence := find_share_problem(row.study_takeup)):
        found.append(("study_takeup", sentence))
    if row.sample_size is not None and not 1 <= row.sample_size <= MOST_PEOPLE_STUDIED:
        found.append(("sample_size", "A study has from one to a thousand million people in it."))
    return found


def _effect(row: EvidenceFields) -> Refusals:
    found: Refusals = []
    given = row.effect is not None
    if given and not row.unit.strip():
        found.append(("unit", "An effect needs its unit, with the price year where it is money."))
    if row.se is not None and row.se <= 0:
        found.append(("se", "A standard error is above 0."))
    if not given:
        found += [
            (name, "There is no effect that this could belong to.")
            for name in ("se", "se_bound", "ci_low", "ci_high")
            if getattr(row, name) is not None
        ]
    found += _interval(row.effect, row.ci_low, row.ci_high, "ci_low", "ci_high", "effect")
    if given and row.finding == "no_estimate":
        found.append(("finding", "There is an effect, so there is an estimate."))
    if not given and not row.effect_words.strip() and row.finding not in ("no_estimate", ""):
        found.append(("effect_words", "Say in words what was found, or give the effect."))
    return found


def _error(row: EvidenceFields) -> Refusals:
    """Where the standard error comes from; what a p implies is calculated here again."""
    found: Refusals = []
    p, effect = row.p_value, row.effect
    if p is not None and not SMALLEST_NUMBER <= p < 1:
        return [("p_value", "A p-value lies between 0 and 1.")]
    if row.se is None and row.se_origin:
        found.append(("se_origin", "There is no standard error that this could belong to."))
    if row.se_origin == "from_p" and p is None:
        found.append(("p_value", "Give the exact p from which the standard error was computed."))
    if row.se_bound is not None:
        if row.se_bound <= 0:
            found.append(("se_bound", "A bound on a standard error is above 0."))
        if p is None:
            found.append(("p_value", "Give the threshold of p from which the bound follows, such as 0.05."))
        if row.se is not None or row.ci_low is not None or row.ci_high is not None:
            found.append(("se_bound", "With a standard error or an interval no bound is needed."))
    if p is None or not effect or not math.isfinite(effect):
        return found
    implied = error_from_p(effect, p)
    given = {"se": row.se if row.se_origin == "from_p" else None, "se_bound": row.se_bound}
    for name, value in given.items():
        if value is not None and value > 0 and not math.isclose(value, implied, rel_tol=NEAR):
            found.append((name, f"This effect and this p imply {implied:.3g}."))
    return found


def error_from_p(effect: float, p: float) -> float:
    """|effect| / z with z = the normal quantile of 1 - p / 2: the standard error that a two-sided test of no effect
    with this p implies, in the effect's unit (Altman and Bland 2011, BMJ 343, d2090).

    Of an exact p it is the standard error, as far as the test was a normal one. Of a threshold ("p < 0.01") it is the
    largest that the standard error can be. `effect` not 0; 0 < p < 1.
    Worked: 2.5 and p = 0.012 -> 0.995; 12,730 and p = 0.11 -> 7,965; 1,945 and p < 0.01 -> at most 755.
    """
    return abs(effect) / -NormalDist().inv_cdf(p / 2)


def _interval(
    value: float | None, low: float | None, high: float | None, low_name: str, high_name: str, value_name: str
) -> Refusals:
    if low is None and high is None:
        return []
    if low is None or high is None:
        return [(low_name if low is None else high_name, "An interval has two ends.")]
    if low > high:
        return [(low_name, "The lower end is above the upper end.")]
    if value is not None and not low <= value <= high:
        return [(value_name, "It lies outside its own interval.")]
    return []


def _cost(row: EvidenceFields) -> Refusals:
    found: Refusals = []
    if row.cost_usd is not None and row.cost_usd < 0:
        found.append(("cost_usd", "A cost is not below 0. Savings belong in the words on cost."))
    if row.cost_usd is not None and row.cost_usd > MOST_USD_OF_A_STUDY:
        found.append(("cost_usd", "This is the cost for one person or family, at most a thousand million dollars."))
    if row.cost_usd is not None and math.isfinite(row.cost_usd) and round(row.cost_usd, 2) != row.cost_usd:
        found.append(("cost_usd", "Give the cost in whole cents."))
    if row.cost_usd is not None and row.cost_price_year is None:
        found.append(("cost_price_year", "Say of which year's dollars the cost is, or write the cost in words."))
    if row.cost_usd is None and row.cost_price_year is not None:
        found.append(("cost_price_year", "There is no cost that this could belong to."))
    if row.cost_price_year is not None and not 1950 <= row.cost_price_year <= 2100:
        found.append(("cost_price_year", "A year from 1950 to 2100."))
    return found


def _mvpf(row: EvidenceFields) -> Refusals:
    found: Refusals = []
    if row.mvpf is None:
        found += [
            (name, "There is no MVPF that this could belong to.")
            for name in ("mvpf_low", "mvpf_high")
            if getattr(row, name) is not None
        ]
    return found + _interval(row.mvpf, row.mvpf_low, row.mvpf_high, "mvpf_low", "mvpf_high", "mvpf")


def _verification(row: EvidenceFields, today: date | None) -> Refusals:
    found: Refusals = []
    if not row.is_verified:
        found += [(name, UNVERIFIED) for name in VERIFIED_NUMBERS if getattr(row, name) is not None]
        if row.verified_on is not None:
            found.append(("verified_on", "It has a day of verification and is not verified."))
    elif row.verified_on is None:
        found.append(("verified_on", "Say on which day the figures were read in the source."))
    if row.verified_on is not None and today is not None and row.verified_on > today:
        found.append(("verified_on", "This day is still to come."))
    return found


def _lists(row: EvidenceFields, cities: Collection[str] | None) -> Refusals:
    found: Refusals = []
    for name in LISTS:
        given = getattr(row, name)
        if len(set(given)) < len(given):
            found.append((name, "The same one stands there twice."))
    found += [("gaps", f"“{code[:40]}” is no gap.") for code in row.gaps if code not in GAP_BY_CODE]
    if cities is not None:
        found += [("tried_in", f"There is no city “{slug[:40]}”.") for slug in row.tried_in if slug not in cities]
    elif wrong := [slug for slug in row.tried_in if not SLUG.fullmatch(slug)]:
        found.append(("tried_in", f"“{wrong[0][:40]}” is no short name of a city."))
    return found
