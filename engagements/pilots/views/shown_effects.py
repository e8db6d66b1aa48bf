"""Effects of a pilot as its pages write them: numbers with sign and unit, rows of dots, the line of the verdict."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import isfinite

from django.utils.translation import gettext as _

from atlas.formatting.counts import format_p
from engagements.pilots.rules.estimates import Answer, Estimate, NamedEstimate
from engagements.pilots.rules.registration import Estimator, Outcome, OutcomeKind, Registration
from engagements.pilots.rules.sentences import level_words
from engagements.pilots.rules.spoken_numbers import dollar_rest
from engagements.verdicts import Wanted


@dataclass(frozen=True)
class EffectRow:
    """One estimate beside others; without numbers `reason` says why. `more`: a number beside it, in words."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    effect: str
    likely: str
    words: str
    people: int = 0
    more: str = ""
    reason: str = ""
    is_registered: bool = True


@dataclass(frozen=True)
class EffectTable:
    """Rows of one unit on one axis."""

    rows: tuple[EffectRow, ...]
    unit: str
    scale: str = "difference"
    none: float = 0.0

    @property
    def ends(self) -> tuple[float, ...]:
        ends = [end for row in self.rows for end in (row.value, row.low, row.high) if end is not None]
        return (0.0, *ends)


def is_money(outcome: Outcome) -> bool:
    return dollar_rest(outcome.unit) is not None


def number_words(value: float, outcome: Outcome) -> str:
    """ "+5.3", "−$329", "0": as measured."""
    if not isfinite(value):
        return _("no end")
    size = abs(value)
    written = f"{size:,.0f}" if size >= 100 else f"{size:.1f}" if size >= 1 else f"{size:.2g}"
    written = written.rstrip("0").rstrip(".") if "." in written else written
    sign = "" if not value else "−" if value < 0 else "+"
    return f"{sign}{'$' if is_money(outcome) else ''}{written}"


def unit_words(outcome: Outcome) -> str:
    """ "points", "days"; of dollars, whose sign says it, only what comes after: "dollars a month" -> "a month"."""
    if outcome.kind == OutcomeKind.SHARE:
        return _("points")
    rest = dollar_rest(outcome.unit)
    return outcome.unit if rest is None else rest.strip()


def effect_words(value: float, outcome: Outcome) -> str:
    """ "+5.3 points", "−$329 a month", "−1.5 days"."""
    return f"{number_words(value, outcome)} {unit_words(outcome)}".strip()


def p_words(p: float) -> str:
    """ "p = 0.31", "p under 0.001"."""
    said = format_p(p)
    return f"p {said}" if said.startswith("under") else f"p = {said}"


def size_words(value: float, outcome: Outcome) -> str:
    """Without a sign, as a sentence says it: "3 in 100", "$329", "2 days"."""
    written = number_words(abs(value), outcome).removeprefix("+")
    if outcome.kind == OutcomeKind.SHARE:
        return _("{number} in 100").format(number=written)
    return f"{written} {unit_words(outcome)}".strip()


def effect_row(name: str, answer: Answer, outcome: Outcome, *, more: str = "", is_registered: bool = True) -> EffectRow:
    """A refusal is a row too: its reason and what would be needed."""
    if not isinstance(answer, Estimate):
        reason = " ".join(f"{one.rstrip('.')}." for one in (answer.reason, answer.needed) if one)
        return EffectRow(name, None, None, None, "", "", name, reason=reason, is_registered=is_registered)
    effect = effect_words(answer.value, outcome)
    likely = interval_words(answer.low, answer.high, answer.level, outcome)
    ends = [end if isfinite(end) else None for end in (answer.low, answer.high)]
    low, high = ends if None not in ends else (None, None)
    words = f"{name}: {effect} ({likely})"
    return EffectRow(name, answer.value, low, high, effect, likely, words, answer.people, more, "", is_registered)


def interval_words(low: float, high: float, level: float, outcome: Outcome) -> str:
    """ "+5.3 to +9.5", with its level where that is not 95."""
    ends = _("{low} to {high}").format(low=number_words(low, outcome), high=number_words(high, outcome))
    return ends if level == 95 else _("{ends}, a {level}% range").format(ends=ends, level=level_words(level))


def effect_table(named: Iterable[NamedEstimate], outcome: Outcome) -> EffectTable | None:
    """None where there is nothing to show."""
    rows = tuple(
        effect_row(
            one.name,
            one.answer,
            outcome,
            more=format_p(one.adjusted_p, missing=""),
            is_registered=one.is_registered,
        )
        for one in named
    )
    return EffectTable(rows, outcome.unit) if rows else None


def in_words(named: Iterable[NamedEstimate]) -> list[NamedEstimate]:
    """Other methods as a page names them: "difference, the missing counted as the worst" in plain words."""
    words = {
        Estimator.DIFFERENCE.value: _("Simple comparison of the groups"),
        Estimator.BLOCKED.value: _("Comparison within the blocks of the draw"),
        Estimator.ADJUSTED.value: _("Comparison adjusted for what was known before"),
        Estimator.PAIRED.value: _("Comparison within pairs"),
        Estimator.DIFFERENCES.value: _("Change before and after, beside others"),
        Estimator.STAGGERED.value: _("Change at each start, beside those not started"),
    }
    rules = {
        "those measured": _("of those measured only"),
        "the missing counted as the worst": _("everyone lost counted as having the worse outcome"),
    }

    def said(name: str) -> str:
        method, comma, rule = name.partition(", ")
        return f"{words.get(method, method)}{comma}{rules.get(rule, rule)}"

    return [replace(one, name=said(one.name)) for one in named]


def toward_wanted(value: float, plan: Registration) -> float:
    """A size as a change: below no change where less is better."""
    return value if plan.outcome.better == Wanted.MORE else -value
