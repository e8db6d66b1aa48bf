"""What a study found, and how far it may be used: one row of the evidence library as the arithmetic sees it."""

import re
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from atlas.statistics.intervals import Z95, Interval
from engagements.plans.arithmetic.prices import check_price_year
from engagements.plans.arithmetic.refusals import PlanningRefused, as_floats, check_number, check_takeup, check_text

Estimand = Literal["tot", "itt", ""]
Scale = Literal["amount", "points", "share", "score", "relative"]
NOT_VERIFIED = "the study's figure has not been checked against its source"
NO_VALUE = "the study's effect is not recorded as a number"
NO_PRECISION = "the study did not report a margin of error"
ESTIMANDS = {
    "tot": "This is the effect on those who took part.",
    "itt": "This is the effect of being offered it, whether or not people took part.",
    "": "It is not recorded whether this is the effect on everybody offered it or on those who took part.",
}
_OF_YEAR = re.compile(r"\s+of ((?:19|20)\d\d)\b")
_PER = re.compile(r"\bper (10+|1,000|10,000|100,000|1,000,000)\b", re.I)
_OF_PEOPLE = re.compile(
    r"^probability$|\bof (the )?(\w+ )?(people|persons|children|pupils|students|youth|adults|participants|"
    r"mothers|fathers|parents|men|women|families|households|tenants)$"
)
_SUREST = 1 - 1e-6  # of an interval's level: nearer to 1 it has no ends
_LOPSIDED = 0.1  # of the half-width: further off the middle, one standard error describes an interval badly


def read_direction(value: float | None, finding: str, outcome_family: str) -> Literal["higher", "lower"]:
    """Which direction is wanted, of a library row: what it calls better or worse says so; else the kind of outcome.

    Worked: arrests -3.6, found better: lower. Earnings -329, found worse: higher.
    """
    if value and finding in ("positive", "negative"):
        return "higher" if (value > 0) == (finding == "positive") else "lower"
    return "lower" if outcome_family == "justice" else "higher"


@dataclass(frozen=True)
class Effect:
    """`value` for one person, in `unit` ("dollars per year", "percentage points", "standard deviations").

    key: stable name of the library row; two interventions with the same key rest on the same study. study_takeup:
    share of those offered who took part, above 0 up to 1. computed_from_p: the exact p that the standard error follows
    from, where the study prints none. interval: the study's own, with its level. better: which
    direction is wanted. population: the family of people it holds for; effects are added within one family only.
    price_year: of the study's dollars. outcome_age, duration: words, such as "at age 26" or "after 2 years".
    Raises PlanningRefused.
    """

    key: str
    value: float | None
    unit: str
    outcome: str
    estimand: Estimand = ""
    standard_error: float | None = None
    computed_from_p: float | None = None
    interval: Interval | None = None
    study_takeup: float | None = None
    outcome_family: str = ""
    population: str = ""
    outcome_age: str = ""
    duration: str = ""
    better: Literal["higher", "lower"] = "higher"
    is_verified: bool = False
    price_year: int | None = None
    source: str = ""

    def __post_init__(self) -> None:
        as_floats(self, "value", "standard_error", "study_takeup")
        check_text("effect", self.key, "The effect needs the name of its row in the evidence library.")
        if self.estimand not in ESTIMANDS:
            raise PlanningRefused("estimand", "The estimand is “tot”, “itt” or empty when the study doesn't state it.")
        if self.better not in ("higher", "lower"):
            raise PlanningRefused("better", "Say whether higher or lower values of the outcome are wanted.")
        if self.study_takeup is not None:
            check_takeup("study_takeup", self.study_takeup, "The study's take-up")
        if self.price_year is not None:
            check_price_year("effect_price_year", self.price_year)
        if self.value is None:
            return
        check_number("effect", self.value, "The effect")
        check_text("unit", self.unit, "The effect has no unit. Say what 1 is: a dollar per year, a percentage point.")
        check_text("outcome", self.outcome, "The effect has no outcome. Say what changed: adult earnings, arrests.")
        self._check_precision(self.value)

    def _check_precision(self, value: float) -> None:
        if self.standard_error is not None:
            error = check_number("se", self.standard_error, "The standard error")
            if error <= 0:
                raise PlanningRefused(
                    "se",
                    "The standard error is not above 0. No study is that precise: leave it empty when it is not known.",
                )
        if self.interval is not None:
            low = check_number("ci_low", self.interval.low, "The lower end of the interval")
            high = check_number("ci_low", self.interval.high, "The upper end of the interval")
            level = check_number("ci_low", self.interval.level, "The level of the interval")
            if not low < high:
                raise PlanningRefused("ci_low", "The interval's lower end must be below its upper end.")
            if not 0.5 <= level <= _SUREST:
                raise PlanningRefused("ci_low", "The interval's level is a share such as 0.95, not a percentage.")
            object.__setattr__(self, "interval", Interval(low, high, level))
            if value not in self.interval:
                raise PlanningRefused("ci_low", "The effect lies outside its own interval. One of them is mistyped.")
            check_number("ci_low", self.interval.high - self.interval.low, "The width of the interval")

    @property
    def reason(self) -> str:
        """Why no number may be made of it; empty when one may."""
        if self.value is None:
            return NO_VALUE
        return "" if self.is_verified else NOT_VERIFIED

    @property
    def error(self) -> float | None:
        """The standard error, else what the interval implies: width / (2 z) with z of its level."""
        if self.standard_error is not None:
            return float(self.standard_error)
        if self.interval is None:
            return None
        level = self.interval.level
        z = Z95 if level == 0.95 else NormalDist().inv_cdf(0.5 + level / 2)
        return (self.interval.high - self.interval.low) / (2 * z)

    @property
    def error_sentence(self) -> str:
        """Where the standard error comes from, as a sentence; empty when the study gives it."""
        if self.standard_error is not None and self.computed_from_p is not None:
            return f"The standard error was computed from the study's p = {self.computed_from_p:g}; it prints none."
        if self.standard_error is not None or self.value is None:
            return ""
        if self.interval is None:
            return f"There is no range: {NO_PRECISION}."
        off = abs(self.value - (self.interval.low + self.interval.high) / 2)
        rough = off > _LOPSIDED * (self.interval.high - self.interval.low) / 2
        return f"The standard error is calculated from the study's {100 * self.interval.level:g}% interval" + (
            ", which is not centered on the effect: the range is rough." if rough else "."
        )

    @property
    def scale(self) -> Scale:
        """What adding it over people makes: amounts, people (points, share), a mere sum of scores, or nothing."""
        unit = self.unit.lower()
        if re.search(r"percentage[- ]point|\bpp\b", unit):
            return "points"
        if re.search(r"\bper ?cent(age)?\b|%|\btimes\b|\bratio\b|\blog\b", unit):
            return "relative"
        if re.search(r"standard deviation|\bsds?\b|\branks?\b|\bpercentiles?\b|\bscores?\b", unit):
            return "score"
        if re.search(r"^(share|proportion|probability)\b", unit):
            return "share" if _OF_PEOPLE.search(unit) else "relative"
        return "amount"

    @property
    def per(self) -> int:
        """How many people the unit is counted for. Worked: "arrests per 100 young people" is 100, dollars are 1."""
        found = _PER.search(self.unit)
        return int(found[1].replace(",", "")) if found and self.scale == "amount" else 1

    @property
    def short_unit(self) -> str:
        """Without remarks and for whom. Worked: "dollars of 2012 a year for each child" -> "dollars of 2012 a year"."""
        return re.split(r";|,\s| for each | as paid then", self.unit)[0].strip()

    @property
    def counted(self) -> str:
        """The unit for a sum over people: short, without "per 100 ..." and without its price year.

        Worked: "arrests per 100 young people" -> "arrests"; "dollars of 2012 a year for each child": "dollars a year".
        """
        plain = _OF_YEAR.sub("", self.short_unit) if self.is_money else self.short_unit
        return (_PER.split(plain)[0] if self.per > 1 else plain).strip()

    @property
    def dollars_of(self) -> int | None:
        """In which year's prices the study's dollars are: as given, or as the unit says ("dollars of 2012 a year")."""
        found = _OF_YEAR.search(self.unit) if self.is_money else None
        return self.price_year or (int(found[1]) if found else None)

    @property
    def is_money(self) -> bool:
        return self.scale == "amount" and bool(re.search(r"dollar|\$|\busd\b", self.unit.lower()))

    @property
    def sign(self) -> int:
        """+1 or -1: multiplied with it, more is better."""
        return 1 if self.better == "higher" else -1
