"""A finding as everybody may read it: the page, the API, the CSV of estimates and the bundle all get this one.

What an analysis says of whole groups is the result and stays. Left out is what would tell of fewer people than the
limit: exact small counts in sentences, and numbers that give one back beside the others.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engagements.pilots.rules.estimates import (
    Answer,
    Attrition,
    Balance,
    Estimate,
    Finding,
    NamedEstimate,
    Pooled,
    Refused,
    SampleRatio,
)
from engagements.pilots.rules.estimators.contrast import FEWEST_PEOPLE
from engagements.pilots.rules.estimators.counted_units import plural
from engagements.pilots.rules.privacy.suppression import TOTAL
from engagements.pilots.rules.registration import OVER_TIME, DesignKind, OutcomeKind, Registration
from engagements.pilots.rules.released import Table
from engagements.pilots.rules.stored_finding import ArmCount
from engagements.verdicts import Verdict

# Shares of single groups: with the number of people they give the number of those who had the outcome.
_SHARES = ("treated", "comparison")
_COUNTS = ("people_in_one_group_blocks", "pairs_left_out")
_PAIRS = "pairs"  # twice these are the people: not told where those are not


# What is withheld of whole arms: people who had the outcome, who were lost, who took part; or how many there are.
EVENTS, LOST, TOOK, ARMS = "events", "lost", "took", "arms"


@dataclass(frozen=True)
class PublicFinding:
    """`withheld`: of EVENTS, LOST and TOOK those that would tell of few people in some arm; ARMS where people were
    measured and `arms` is empty all the same."""

    finding: Finding
    arms: tuple[ArmCount, ...]
    withheld: frozenset[str] = frozenset()


def public_finding(
    registration: Registration,
    finding: Finding,
    arms: tuple[ArmCount, ...],
    limit: int = 10,
    released: Mapping[str, Table] | None = None,
) -> PublicFinding:
    """`limit`: the smallest number of people that may be told of. Effects of whole arms are never changed. `released`:
    `Released.tables` of the data, as they were kept: what the page of the data hides of an arm is not told here.

    Worked: the note "tell nothing: 4 people." becomes "tell nothing: fewer than 10 people."; 2,023 drawn and 2,020
    measured in an arm: neither who was lost nor the sizes drawn are told. No arms are told of a stopped pilot,
    nor where one is smaller than the limit.
    """
    finding = _less_small_parts(registration, finding, limit)
    withheld = _withheld(registration, finding, arms, limit, released or {})
    if finding.verdict == Verdict.STOPPED or any(one.measured < limit for one in arms):
        withheld = withheld | {ARMS} if any(one.measured for one in arms) else withheld
        arms = ()
    rule = _Rule(registration, sum(one.measured for one in arms), limit)
    shown = replace(
        finding,
        primary=rule.answer(finding.primary),
        reasons=rule.texts(finding.reasons),
        on_takers=rule.estimate(finding.on_takers) if finding.on_takers else None,
        secondary=rule.named(finding.secondary),
        subgroups=rule.named(_subgroups(registration, finding, limit)),
        specifications=rule.named(finding.specifications),
        pooled=_cities(finding, rule),
        # What a group was like before the program: of something rare, a share of few people.
        balance=Balance((), finding.balance.p) if finding.balance else None,
    )
    return PublicFinding(_less(shown, withheld), tuple(_arm_less(one, withheld) for one in arms), withheld)


def without_few(sentence: str, words: Iterable[str], limit: int = 10) -> str:
    """No count of people from 1 to limit - 1. `words`: what a person is called, in the singular.

    Worked: "of 4 people only" -> "of fewer than 10 people only"; "of 12 people" stays.
    """
    one_of = {name: word for word in words for name in (word, plural(word))}
    longest_first = sorted(one_of, key=len, reverse=True)
    pattern = rf"(?:fewer than )?\b(\d[\d,]*) ({'|'.join(map(re.escape, longest_first))})\b"

    def told(found: re.Match[str]) -> str:
        if 0 < int(found[1].replace(",", "")) < limit:
            return f"fewer than {limit} {plural(one_of[found[2]])}"
        return found[0]

    return re.sub(pattern, told, sentence)


def is_few(one: float, other: float, limit: int) -> bool:
    """Whether two numbers beside each other differ by fewer people than the limit."""
    return 0 < abs(one - other) < limit


def _less_small_parts(registration: Registration, finding: Finding, limit: int) -> Finding:
    """A limit above the house limit, which estimators keep in each group, keeps parts and other outcomes as well: of
    fewer than two limits of people one of both groups has fewer than one. Over time nobody is counted where the whole
    is as small: a feed has one number a period.

    Worked: limit 30, women 11 and 11 -> refused; men 500 and 500 stay.
    """
    primary = finding.primary
    is_feed = registration.design in OVER_TIME and isinstance(primary, Estimate) and primary.people < 2 * limit
    if limit <= FEWEST_PEOPLE or is_feed:
        return finding

    def kept(rows: tuple[NamedEstimate, ...]) -> tuple[NamedEstimate, ...]:
        return tuple(
            replace(one, answer=_below(one.answer.method, limit), adjusted_p=None)
            if isinstance(one.answer, Estimate) and one.answer.people < 2 * limit
            else one
            for one in rows
        )

    pooled = finding.pooled
    return replace(
        finding,
        secondary=kept(finding.secondary),
        subgroups=kept(finding.subgroups),
        specifications=kept(finding.specifications),
        pooled=replace(pooled, cities=kept(pooled.cities)) if pooled else None,
    )


def _below(method: str, limit: int) -> Refused:
    return Refused(
        method,
        f"Not shown: a group has fewer than {limit} people with a known outcome, and somebody could be known by it.",
        f"At least {limit} people with a known outcome in each group.",
    )


def _subgroups(registration: Registration, finding: Finding, limit: int) -> list[NamedEstimate]:
    """A value that is refused could be reckoned from everybody less the others of its column: those go with it."""
    columns = {f"{group.column}: {value}": group.column for group in registration.subgroups for value in group.values}
    found = []
    for one in finding.subgroups:
        beside = [two for two in finding.subgroups if columns.get(two.name) == columns.get(one.name)]
        is_told = isinstance(one.answer, Estimate) and _leaves_few(finding.primary, beside, limit)
        found.append(replace(one, answer=_gives_back(one.answer.method), adjusted_p=None) if is_told else one)
    return found


def _cities(finding: Finding, rule: "_Rule") -> Pooled | None:
    """What cities have in common is worked out of all, so all of it goes."""
    pooled = finding.pooled
    if pooled is None or _leaves_few(finding.primary, pooled.cities, rule.limit):
        return None
    return replace(pooled, cities=rule.named(pooled.cities))


def _leaves_few(whole: Answer, parts: Iterable[NamedEstimate], limit: int) -> bool:
    """Whether parts that are told leave a refused one of a whole, or few people who are in none."""
    if not isinstance(whole, Estimate):
        return False
    answers = [one.answer for one in parts]
    told = [one for one in answers if isinstance(one, Estimate)]
    left = whole.people - sum(one.people for one in told)
    return 0 < left < limit or (left > 0 and len(told) < len(answers))


def _gives_back(method: str) -> Refused:
    return Refused(
        method,
        "Not shown: with the result of everybody it would give back that of a group too small to be told of.",
        "Enough people in each of these groups.",
    )


def _withheld(
    registration: Registration,
    finding: Finding,
    arms: tuple[ArmCount, ...],
    limit: int,
    released: Mapping[str, Table],
) -> frozenset[str]:
    """By what was released of the data, and by these numbers themselves."""
    found = set()
    is_share = registration.outcome.kind == OutcomeKind.SHARE
    had = [round(one.measured * one.mean) for one in arms if is_share and one.mean is not None]
    if _hides_an_arm(released, "events", "others") or _any_few(had, arms, limit):
        found.add(EVENTS)
    if _hides_an_arm(released, "lost") or any(_tells_lost(one, registration, finding, limit) for one in arms):
        found.add(LOST)
    took = [(one.took_part, one.measured) for one in arms if one.took_part is not None]
    if _hides_an_arm(released, "took", "not_took") or any(
        is_few(part, 0, limit) or is_few(part, all_, limit) for part, all_ in took
    ):
        found.add(TOOK)
    return frozenset(found)


def _hides_an_arm(released: Mapping[str, Table], *names: str) -> bool:
    tables = [released[name] for name in names if name in released]
    return any(
        count is None for one in tables for key, count in one.items() if key[0] != TOTAL and {*key[1:]} == {TOTAL}
    )


def _any_few(had: list[int], arms: tuple[ArmCount, ...], limit: int) -> bool:
    return any(
        is_few(count, 0, limit) or is_few(count, one.measured, limit) for count, one in zip(had, arms, strict=False)
    )


def _tells_lost(arm: ArmCount, registration: Registration, finding: Finding, limit: int) -> bool:
    """Whether two numbers of an arm (measured, in the file, drawn) are few apart. Sizes of clusters are no people.

    Worked: 997 measured and 0.3 percent lost: 1,000 were drawn, so 3 are lost.
    """
    told: list[float] = [arm.measured, *([arm.assigned] if arm.assigned is not None else [])]
    gone = 0
    if _is_one_by_one(arm, registration, finding):
        ratio, lost = finding.sample_ratio, finding.attrition
        if ratio:
            told += [one[arm.key] for one in (ratio.came, ratio.drawn) if arm.key in one]
        share = lost.lost.get(arm.key, 0.0) / 100 if lost else 0.0
        gone = round(arm.measured * share / (1 - share)) if share < 1 else 0
    return is_few(gone, 0, limit) or any(is_few(one, other, limit) for one in told for other in told)


def _is_one_by_one(arm: ArmCount, registration: Registration, finding: Finding) -> bool:
    """People are the units: drawn singly, or each a member of a pair. A school in a pair has more people than one."""
    if registration.design != DesignKind.PAIRS:
        return registration.design == DesignKind.PEOPLE
    members = finding.sample_ratio.came.get(arm.key) if finding.sample_ratio else None
    return registration.unit == "person" if members is None else arm.measured <= members


def _less(finding: Finding, withheld: frozenset[str]) -> Finding:
    primary, ratio, lost = finding.primary, finding.sample_ratio, finding.attrition
    if EVENTS in withheld and isinstance(primary, Estimate):
        primary = replace(primary, details={k: v for k, v in primary.details.items() if k not in _SHARES})
    if LOST in withheld:
        ratio = SampleRatio(float(f"{ratio.p:.2g}"), {}, {}) if ratio else None
        lost = Attrition({}, float("nan"), lost.needs_bounds) if lost else None
    return replace(
        finding,
        primary=primary,
        sample_ratio=ratio,
        attrition=lost,
        take_up=None if TOOK in withheld else finding.take_up,
        on_takers=None if TOOK in withheld else finding.on_takers,
    )


def _arm_less(arm: ArmCount, withheld: frozenset[str]) -> ArmCount:
    return replace(
        arm,
        mean=None if EVENTS in withheld else arm.mean,
        assigned=None if LOST in withheld else arm.assigned,
        took_part=None if TOOK in withheld else arm.took_part,
    )


@dataclass(frozen=True)
class _Rule:
    """`people`: measured in all arms, as published."""

    registration: Registration
    people: int
    limit: int

    @property
    def is_by_person(self) -> bool:
        return self.registration.design in (DesignKind.PEOPLE, DesignKind.PAIRS)

    def text(self, sentence: str) -> str:
        """A school is nobody: where schools were drawn their counts are said."""
        units = (self.registration.unit,) if self.is_by_person else ()
        return without_few(sentence, ("person", "pair", "missing value", *units), self.limit)

    def texts(self, sentences: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.text(one) for one in sentences)

    def named(self, rows: Iterable[NamedEstimate]) -> tuple[NamedEstimate, ...]:
        """Of what is beside the primary result no share of a single group is told."""
        found = []
        for one in rows:
            answer = self.answer(one.answer)
            if isinstance(answer, Estimate):
                answer = replace(answer, details={k: v for k, v in answer.details.items() if k not in _SHARES})
            found.append(replace(one, answer=answer))
        return tuple(found)

    def answer(self, answer: Answer) -> Answer:
        return self.estimate(answer) if isinstance(answer, Estimate) else self.refused(answer)

    def refused(self, answer: Refused) -> Refused:
        return replace(answer, reason=self.text(answer.reason))

    def estimate(self, found: Estimate) -> Estimate:
        """People (0: not told) not where they are few more or less than those measured: the others would be known."""
        differs = is_few(found.people, self.people, self.limit)
        is_part = self.registration.design == DesignKind.PEOPLE and is_few(found.people, found.units, self.limit)
        details = {
            name: None
            if (name in _COUNTS and isinstance(value, float) and 0 < value < self.limit) or (differs and name == _PAIRS)
            else value
            for name, value in found.details.items()
        }
        return replace(
            found,
            people=0 if differs else found.people,
            units=0 if differs or is_part else found.units,
            caps=self.texts(found.caps),
            notes=self.texts(found.notes),
            details=details,
        )
