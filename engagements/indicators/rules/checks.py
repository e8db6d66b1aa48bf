"""What an indicator and its values may say. Each rule answers with a sentence at the field it concerns."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from atlas.formatting.dates import format_day
from engagements.indicators.rules.units import ADD_UP, NEVER_NEGATIVE, WHOLE, format_value
from engagements.limits import find_number_problem

Problems = dict[str, str]  # field: sentence

FIRST_DAY = date(2000, 1, 1)
ROUNDING = 0.005  # how far a share may be from numerator / denominator: it was rounded to whole percent
MOST_DIMENSIONS, LONGEST_DIMENSION = 8, 60
PEOPLE_UNITS = ("people", "households")


@dataclass(frozen=True)
class IndicatorDefinition:
    """What of an indicator its rules are about. `unit` and `direction` as Indicator has them."""

    unit: str
    direction: str
    denominator: str = ""
    baseline: float | None = None
    baseline_on: date | None = None
    target: float | None = None
    target_on: date | None = None
    every_months: int = 3
    dimensions: tuple[str, ...] = ()
    counts_people: bool = False


@dataclass(frozen=True)
class Actual:
    """One value of one period; `dimension` and `category` empty: of everybody."""

    period_start: date
    period_end: date
    value: float
    dimension: str = ""
    category: str = ""
    low: float | None = None
    high: float | None = None
    numerator: float | None = None
    denominator: float | None = None

    @property
    def group(self) -> tuple[str, str]:
        return self.dimension, self.category


def check_definition(definition: IndicatorDefinition) -> Problems:
    """Of an indicator as it would be kept."""
    found: Problems = {}
    for name in ("baseline", "target"):
        value = getattr(definition, name)
        if value is not None and (sentence := _check_number(value, definition.unit)):
            found[name] = sentence
        if value is not None and getattr(definition, f"{name}_on") is None:
            found[f"{name}_on"] = f"Say of which day the {name} is."
        if value is None and getattr(definition, f"{name}_on") is not None:
            found[name] = f"There is a day and no {name}. Give both or neither."
    if definition.unit == "share" and not definition.denominator.strip():
        found["denominator"] = "A share needs words for what it is a share of, for example “of all who were offered”."
    if not found.keys() & {"baseline", "target"} and definition.baseline is not None and definition.target is not None:
        wrong = _check_way(definition, definition.baseline, definition.target)
        if wrong:
            found["target"] = wrong
    if definition.baseline_on and definition.target_on and definition.target_on <= definition.baseline_on:
        found["target_on"] = (
            f"The target is for a day after the baseline, which is of {format_day(definition.baseline_on)}."
        )
    if not 1 <= definition.every_months <= 60:
        found["every_months"] = "A value is due every 1 to 60 months."
    if definition.counts_people and definition.unit not in PEOPLE_UNITS:
        found["counts_people"] = "People reached are counted in people or households. Change the unit, or untick this."
    if sentence := _check_dimensions(definition.dimensions):
        found["dimensions"] = sentence
    return found


def check_actual(definition: IndicatorDefinition, actual: Actual, today: date) -> Problems:
    """Of one value alone."""
    found: Problems = {}
    for name in ("value", "low", "high"):
        number = getattr(actual, name)
        if number is not None and (sentence := _check_number(number, definition.unit, whole=name == "value")):
            found[name] = sentence
    found |= _check_period(actual, today) | _check_interval(actual, found) | _check_parts(definition, actual, found)
    found |= _check_group(definition, actual)
    return found


def check_groups(definition: IndicatorDefinition, actuals: Iterable[Actual]) -> dict[tuple[str, str], str]:
    """Of all values of one period: where parts add up, those of one dimension are not more than everybody.

    {(dimension, category): sentence}, at the last group of each dimension that is too much.
    """
    rows = list(actuals)
    total = next((row for row in rows if row.group == ("", "")), None)
    if total is None or definition.unit not in ADD_UP:
        return {}
    found = {}
    for dimension in dict.fromkeys(row.dimension for row in rows if row.dimension):
        here = [row for row in rows if row.dimension == dimension]
        parts = math.fsum(row.value for row in here)
        if parts > total.value + 1e-9 * max(1.0, abs(total.value)):
            found[here[-1].group] = (
                f"The groups by {dimension} make {format_value(parts, definition.unit)} together, more than the"
                f" {format_value(total.value, definition.unit)} of everybody. Correct a group or the total."
            )
    return found


def value_of_parts(value: float | None, numerator: float | None, denominator: float | None) -> float | None:
    """A share that was left empty, from its numerator and denominator."""
    if value is None and numerator is not None and denominator and denominator > 0:
        return numerator / denominator
    return value


def _check_number(number: float, unit: str, whole: bool = True) -> str:
    if not math.isfinite(number):
        return "This is no number."
    if unit == "share" and not 0 <= number <= 1:
        meant = f" Write {number / 100:g} for {number:g}%." if 1 < number <= 100 else ""
        return f"A share is between 0 and 1.{meant}"
    if unit in NEVER_NEGATIVE and number < 0:
        return "This can’t be less than 0."
    if whole and unit in WHOLE and not float(number).is_integer():
        return "This is a whole number."
    return find_number_problem(number)


def _check_way(definition: IndicatorDefinition, baseline: float, target: float) -> str:
    goal, start = format_value(target, definition.unit), format_value(baseline, definition.unit)
    if definition.direction == "rising" and target < baseline:
        return f"Higher is better here, but the target of {goal} is below the baseline of {start}."
    if definition.direction == "falling" and target > baseline:
        return f"Lower is better here, but the target of {goal} is above the baseline of {start}."
    return ""


def _check_dimensions(names: tuple[str, ...]) -> str:
    folded = [name.strip().casefold() for name in names]
    if len(names) > MOST_DIMENSIONS:
        return f"At most {MOST_DIMENSIONS} ways to break it down."
    if any(not name for name in folded) or any(len(name) > LONGEST_DIMENSION for name in names):
        return f"Each has a name of at most {LONGEST_DIMENSION} letters."
    if len(set(folded)) < len(folded):
        return "Two of these have the same name."
    return ""


def _check_period(actual: Actual, today: date) -> Problems:
    if actual.period_end < actual.period_start:
        return {"period_end": "The period ends before it begins."}
    if actual.period_start < FIRST_DAY:
        return {"period_start": "The period begins before 2000. Look for a slip of the key."}
    if actual.period_end > today:
        return {"period_end": "This period has not ended yet: it has no value so far."}
    return {}


def _check_interval(actual: Actual, wrong: Problems) -> Problems:
    low, high = actual.low, actual.high
    if low is None and high is None:
        return {}
    if low is None or high is None:
        return {"high" if high is None else "low": "An interval has two ends. Give both or neither."}
    if not wrong and not low <= actual.value <= high:
        return {"low": "The interval has to lie around the value."}
    return {}


def _check_parts(definition: IndicatorDefinition, actual: Actual, wrong: Problems) -> Problems:
    top, bottom = actual.numerator, actual.denominator
    if top is None and bottom is None:
        return {}
    if definition.unit != "share":
        return {"numerator": "Only a share has a numerator and a denominator."}
    if top is None or bottom is None:
        return {"denominator" if bottom is None else "numerator": "Give numerator and denominator, or neither."}
    if not (math.isfinite(top) and math.isfinite(bottom)) or bottom <= 0:
        return {"denominator": "The denominator is a number above 0."}
    if sentence := find_number_problem(bottom):
        return {"denominator": sentence}
    if not 0 <= top <= bottom:
        return {"numerator": "The numerator is between 0 and the denominator."}
    if "value" not in wrong and abs(top / bottom - actual.value) > ROUNDING:
        return {"value": f"{top:,g} of {bottom:,g} is {top / bottom:.3f}, not {actual.value:g}."}
    return {}


def _check_group(definition: IndicatorDefinition, actual: Actual) -> Problems:
    if bool(actual.dimension) != bool(actual.category):
        field = "category" if actual.dimension else "dimension"
        return {field: "A group has both: by what it is broken down, and which group it is."}
    if actual.dimension and actual.dimension not in definition.dimensions:
        offered = ", ".join(definition.dimensions)
        return {
            "dimension": f"This indicator is broken down by {offered}."
            if offered
            else "This indicator is not broken down. Add the dimension to the indicator first."
        }
    return {}
