"""A finding as pages show it: the verdict block, the line, the facts, and what was checked."""

import re
from dataclasses import dataclass
from datetime import date
from math import isfinite

from django.utils.translation import gettext as _

from atlas.formatting.counts import format_p
from engagements.pilots.rules.effect_line import EffectLine
from engagements.pilots.rules.estimates import Estimate, Finding
from engagements.pilots.rules.estimators.time_before import MOVING_APART
from engagements.pilots.rules.public_finding import ARMS
from engagements.pilots.rules.registration import DRAWN, OVER_TIME, Registration
from engagements.pilots.rules.sentences import has_several_cities, level_words
from engagements.pilots.rules.stored_finding import ArmCount
from engagements.pilots.rules.verdict import LOW_TAKE_UP, ROUNDING, SAMPLE_RATIO_LIMIT
from engagements.pilots.views.shown_effects import (
    EffectRow,
    EffectTable,
    effect_row,
    effect_table,
    effect_words,
    in_words,
    interval_words,
    is_money,
    number_words,
    p_words,
    size_words,
    toward_wanted,
    unit_words,
)
from engagements.verdicts import VERDICTS, Shown

_RANGE = re.compile(r" \(([^()]*)\)$")
_P = re.compile(r"\bp (=|under)")


@dataclass(frozen=True)
class Check:
    """One thing that was looked at. `is_fine`: None where nothing is to be judged."""

    label: str
    words: str
    is_fine: bool | None = None


@dataclass(frozen=True)
class ShownFinding:
    """`headline` and `rest` are the sentence of the verdict in two parts. `interval`: its ends; `level`: in percent.

    `level_note`: "" where the level is 95. `counted`: what the numbers of people are.
    """

    verdict: Shown
    headline: str
    rest: str
    line: EffectLine | None
    interval: str
    level: str
    level_note: str
    counted: str
    checks: tuple[Check, ...]
    secondary: tuple[EffectRow, ...]
    subgroups: EffectTable | None
    cities: EffectTable | None
    cities_note: str
    specifications: EffectTable | None
    refused: str
    needed: str

    @property
    def tells_p(self) -> bool:
        return any(_P.search(check.words) for check in self.checks)


def shown_finding(plan: Registration, finding: Finding, city_names: dict[str, str]) -> ShownFinding:
    """All that a page says of one analysis."""
    headline, rest = split_sentence(finding.sentence)
    found = finding.primary
    estimate = found if isinstance(found, Estimate) else None
    said = _("The city had said {size} would be worth having.")
    if has_several_cities(plan):
        said = _("The cities had said {size} would be worth having.")
    worth = said.format(size=size_words(plan.smallest_worthwhile, plan.outcome))
    pooled = finding.pooled
    cities = tuple((city_names.get(one.name, one.name), one) for one in pooled.cities) if pooled else ()
    return ShownFinding(
        verdict=VERDICTS[finding.verdict],
        headline=headline,
        rest=f"{rest} {worth}".strip() if estimate else rest,
        line=effect_line(plan, finding),
        interval=_interval(plan, finding, estimate),
        level=level_words(estimate.level) if estimate else "",
        level_note=_level_note(estimate),
        counted=counted_label(plan),
        checks=checks_of(plan, finding),
        secondary=_secondary(plan, finding),
        subgroups=effect_table(finding.subgroups, plan.outcome),
        cities=effect_table((type(one)(name, one.answer) for name, one in cities), plan.outcome),
        cities_note=_cities_note(plan, finding),
        specifications=effect_table(in_words(finding.specifications), plan.outcome),
        refused="" if isinstance(found, Estimate) else found.reason,
        needed="" if isinstance(found, Estimate) else found.needed,
    )


def split_sentence(sentence: str) -> tuple[str, str]:
    """The first sentence for the headline, its range in brackets at the head of the rest.

    "It worked: 6 more (between 2 and 10 more). Randomized." -> ("It worked: 6 more.", "Between 2 and 10 more.
    Randomized.")
    """
    first, _dot, rest = sentence.partition(". ")
    first = first.rstrip(".")
    found = _RANGE.search(first)
    if found is None:
        return f"{first}.", rest
    inside = found[1][:1].upper() + found[1][1:]
    return f"{first[: found.start()]}.", f"{inside}. {rest}".strip()


def effect_line(plan: Registration, finding: Finding) -> EffectLine | None:
    """None without an estimate."""
    found = finding.primary
    if not isinstance(found, Estimate) or finding.shown_low is None or finding.shown_high is None:
        return None
    outcome = plan.outcome
    label = effect_words(found.value, outcome)
    likely = interval_words(finding.shown_low, finding.shown_high, found.level, outcome)
    worth = toward_wanted(plan.smallest_worthwhile, plan)
    least = None if finding.detectable is None else toward_wanted(finding.detectable, plan)
    said = _("Effect on {outcome}: {effect}, likely range {interval}. Worth having from {worth}.")
    return EffectLine(
        value=found.value,
        low=finding.shown_low,
        high=finding.shown_high,
        label=label,
        words=said.format(outcome=outcome.name, effect=label, interval=likely, worth=number_words(worth, outcome)),
        worth=worth,
        worth_words=effect_words(worth, outcome),
        detectable=least,
        detectable_words="" if least is None else effect_words(least, outcome),
        detectable_label=""
        if least is None
        else _("could detect from {size}").format(size=number_words(least, outcome).removeprefix("+")),
        worth_label=_("worth having from {size}").format(size=number_words(worth, outcome)),
        no_effect_label=_("no effect"),
        is_money=is_money(outcome),
    )


def checks_of(plan: Registration, finding: Finding) -> tuple[Check, ...]:
    """What may spoil a test, as far as this design has it. Nothing is left out because it looks bad."""
    found: list[Check] = []
    names = {arm.key: arm.name for arm in plan.arms}
    ratio = finding.sample_ratio
    if ratio is not None:
        total, weights = sum(ratio.came.values()), sum(ratio.drawn.values())
        came = "; ".join(
            _("{arm}: {came}, expected {drawn}").format(
                arm=names.get(key, key),
                came=f"{ratio.came.get(key, 0):,.0f}",
                drawn=f"{total * drawn / weights if weights else 0:,.0f}",
            )
            for key, drawn in ratio.drawn.items()
        )
        words = f"{came}. {p_words(ratio.p)}".removeprefix(". ")
        found.append(Check(_("Sizes as drawn"), words, ratio.p >= SAMPLE_RATIO_LIMIT))
    if finding.attrition is not None:
        found.append(Check(_("Lost to follow-up"), lost_words(plan, finding), not finding.attrition.needs_bounds))
    if finding.bounds is not None:
        lee = finding.bounds
        words = interval_words(lee.interval_low, lee.interval_high, lee.level, plan.outcome)
        found.append(Check(_("Widest range if the missing are counted (Lee bounds)"), words))
    if finding.take_up is not None:
        words = _("{share} in 100 of those offered took part").format(share=f"{finding.take_up:.0f}")
        few = _("; this says little about taking part") if finding.take_up < LOW_TAKE_UP else ""
        found.append(Check(_("Took part"), f"{words}{few}"))  # changes no word of the verdict
    if finding.on_takers is not None:
        effect = effect_words(finding.on_takers.value, plan.outcome)
        likely = interval_words(finding.on_takers.low, finding.on_takers.high, finding.on_takers.level, plan.outcome)
        found.append(Check(_("Effect on those who took part"), f"{effect} ({likely})"))
    primary = finding.primary
    if isinstance(primary, Estimate):
        found += _tests_of(primary)
    balance = finding.balance
    if balance is not None and balance.p is not None:
        words = _("{p} for all together; some difference by chance is expected").format(p=p_words(balance.p))
        found.append(Check(_("Balance before the program"), words))
    return tuple(found)


def lost_words(plan: Registration, finding: Finding) -> str:
    """ "1.9% in “Coaching”, 1% in “Usual letter”"."""
    if finding.attrition is None:
        return _("Not in the data")
    lost, said = finding.attrition.lost, _("{share}% in “{group}”")
    arms = [arm for arm in reversed(plan.arms) if arm.key in lost]
    if not arms:
        return _("Not shown: it would tell of few people")
    return ", ".join(said.format(share=f"{lost[arm.key]:.1f}".removesuffix(".0"), group=arm.name) for arm in arms)


def counted_label(plan: Registration) -> str:
    """Over time the same people are counted in each period: then their sum is one of measurements."""
    return _("Measurements") if plan.design in OVER_TIME else _("People")


def people_words(
    plan: Registration, arms: tuple[ArmCount, ...], withheld: frozenset[str] = frozenset(), is_stopped: bool = False
) -> str:
    """ "4,000 people: 2,020 in “Coaching”, 1,980 in “Usual letter”"; of designs over time "48 measurements: ...".

    `withheld`: as of `PublicFinding`. Not telling of people is no word that there were none.
    """
    if ARMS in withheld:
        return _("Not told of a stopped pilot") if is_stopped else _("Not shown: it would tell of few people")
    if not arms:
        return _("Nobody was measured")
    names = {arm.key: arm.name for arm in plan.arms}
    total = f"{sum(one.measured for one in arms):,}"
    said = _("{total} measurements: {groups}") if plan.design in OVER_TIME else _("{total} people: {groups}")
    each = _("{number} in “{group}”")
    groups = [each.format(number=f"{one.measured:,}", group=names.get(one.key, one.key)) for one in reversed(arms)]
    return said.format(total=total, groups=", ".join(groups))


def dates_words(begins: date | None, ends: date | None) -> str:
    """ "Oct 5, 2026 – Dec 31, 2027"."""
    return " – ".join(f"{day:%b} {day.day}, {day.year}" for day in (begins, ends) if day is not None)


def is_randomized(plan: Registration) -> bool:
    return plan.design in DRAWN


def _tests_of(primary: Estimate) -> list[Check]:
    found = []
    earlier = primary.details.get("pre_trend_p")
    if isinstance(earlier, float):
        words = _("Test that both moved alike before the program: {p}").format(p=p_words(earlier))
        found.append(Check(_("Earlier changes"), words, earlier >= MOVING_APART))
    second = primary.second
    if second is not None:
        agrees = second.p <= 1 - primary.level / 100 + ROUNDING
        names = {"randomization": _("Second test, by drawing again"), "wild": _("Second test, wild bootstrap")}
        words = _("{p}; the smallest it could be is {least}. {found}").format(
            p=p_words(second.p),
            least=format_p(second.attainable_p),
            found=_("It finds a clear difference.") if agrees else _("It finds no clear difference."),
        )
        found.append(Check(names.get(second.name, _("Second test")), words))
    return found


def _secondary(plan: Registration, finding: Finding) -> tuple[EffectRow, ...]:
    """Each in its own unit, so on no common axis."""
    known = {name: one for one in plan.secondary for name in (one.key, one.name)}
    return tuple(
        effect_row(
            known[one.name].name if one.name in known else one.name,
            one.answer,
            known.get(one.name, plan.outcome),
            more=format_p(one.adjusted_p, missing=""),
            is_registered=one.is_registered,
        )
        for one in finding.secondary
    )


def _interval(plan: Registration, finding: Finding, estimate: Estimate | None) -> str:
    if estimate is None or finding.shown_low is None or finding.shown_high is None:
        return ""
    return interval_words(finding.shown_low, finding.shown_high, 95, plan.outcome)


def _level_note(estimate: Estimate | None) -> str:
    if estimate is None or estimate.level == 95:
        return ""
    return _(
        "The likely range is at {level}%, not 95%: the plan, few or unequal groups, or several looks ask for it."
    ).format(level=level_words(estimate.level))


def _cities_note(plan: Registration, finding: Finding) -> str:
    pooled = finding.pooled
    if pooled is None:
        return ""
    parts = [
        _("Effects differ between cities by about {tau} (standard deviation; test that they are alike: {p}).").format(
            tau=size_words(pooled.tau, plan.outcome), p=p_words(pooled.q_p)
        )
    ]
    if pooled.value is not None and pooled.low is not None and pooled.high is not None:
        mean = effect_words(pooled.value, plan.outcome)
        ends = interval_words(pooled.low, pooled.high, 95, plan.outcome)
        parts.append(_("The mean effect of cities like these is {mean} ({ends}).").format(mean=mean, ends=ends))
    low, high = pooled.prediction_low, pooled.prediction_high
    if low is not None and high is not None and isfinite(low) and isfinite(high):
        ends = f"{interval_words(low, high, 95, plan.outcome)} {unit_words(plan.outcome)}".strip()
        parts.append(_("In one more city it may lie anywhere from {ends}.").format(ends=ends))
    return " ".join(parts)
