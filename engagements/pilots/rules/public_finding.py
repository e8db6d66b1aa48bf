"""A finding as everybody may read it: the page, the API, the CSV of estimates and the bundle all get this one.

What an analysis says of whole groups is the result and stays. Left out is what would tell of fewer people than the
limit: exact small counts in sentences, and numbers that give one back beside the others.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from engagements.pilots.rules.estimates import Answer, Balance, Estimate, Finding, NamedEstimate, Refused
from engagements.pilots.rules.estimators.counted_units import plural
from engagements.pilots.rules.registration import DesignKind, Registration
from engagements.pilots.rules.stored_finding import ArmCount

# Shares of single groups: with the number of people they give the number of those who had the outcome.
_SHARES = ("treated", "comparison")
_COUNTS = ("people_in_one_group_blocks", "pairs_left_out")


@dataclass(frozen=True)
class PublicFinding:
    finding: Finding
    arms: tuple[ArmCount, ...]


def public_finding(
    registration: Registration, finding: Finding, arms: tuple[ArmCount, ...], limit: int = 10
) -> PublicFinding:
    """`limit`: the smallest number of people that may be told of. Effects of whole arms are never changed.

    Worked: the note "tell nothing: 4 people." becomes "tell nothing: fewer than 10 people."
    """
    rule = _Rule(registration, sum(one.measured for one in arms), limit)
    shown = replace(
        finding,
        primary=rule.answer(finding.primary),
        reasons=rule.texts(finding.reasons),
        on_takers=rule.estimate(finding.on_takers) if finding.on_takers else None,
        secondary=rule.named(finding.secondary),
        subgroups=rule.named(finding.subgroups),
        specifications=rule.named(finding.specifications),
        pooled=replace(finding.pooled, cities=rule.named(finding.pooled.cities)) if finding.pooled else None,
        # What a group was like before the program: of something rare, a share of few people.
        balance=Balance((), finding.balance.p) if finding.balance else None,
    )
    return PublicFinding(shown, arms)


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
            name: None if name in _COUNTS and isinstance(value, float) and 0 < value < self.limit else value
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
