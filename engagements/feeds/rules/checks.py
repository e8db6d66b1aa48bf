"""What a reading may say, and what is unusual for an amount of the ledger. Pure."""

import math
from collections.abc import Sequence
from datetime import date

from engagements.feeds.rules.mapping import Check, Reading
from engagements.feeds.rules.outliers import CUTOFF, FEWEST_CHANGES, modified_z_score
from engagements.indicators.rules.checks import Actual, IndicatorDefinition, check_actual
from engagements.limits import MOST_USD

TIMES_THE_LARGEST = 10.0


def value_check(definition: IndicatorDefinition, today: date) -> Check:
    """The same rules as for a value that a person enters."""

    def check(reading: Reading) -> list[str]:
        actual = Actual(
            reading.period_start,
            reading.period_end,
            reading.value,
            low=reading.low,
            high=reading.high,
            numerator=reading.numerator,
            denominator=reading.denominator,
        )
        return list(check_actual(definition, actual, today).values())

    return check


def amount_check(today: date) -> Check:
    """An amount is above 0, in whole cents, of a day that has come."""

    def check(reading: Reading) -> list[str]:
        if not 0 < reading.value <= MOST_USD:
            return ["An amount is above 0 and at most 10 billion dollars. What is taken back is reversed by a person."]
        if abs(reading.value * 100 - round(reading.value * 100)) > 1e-6 * max(1.0, reading.value):
            return ["An amount has no more than two decimals."]
        return ["The day has not come yet."] if reading.period_end > today else []

    return check


def find_unusual_amount(earlier: Sequence[float], amount: float) -> str:
    """Why an amount waits, or "". Amounts are skewed, so their logarithms are compared as `find_outlier` does changes.

    With fewer than eight earlier ones: more than ten times the largest of them. Worked: 900 1000 1100 then 12,000
    waits (ten times 1,100 is 11,000), 10,000 is taken.
    """
    known = [each for each in earlier if each > 0]
    if not known:
        return ""
    if len(known) < FEWEST_CHANGES:
        largest = max(known)
        return (
            f"It is more than ten times the largest of the {len(known)} before."
            if amount > TIMES_THE_LARGEST * largest
            else ""
        )
    score = modified_z_score([math.log10(each) for each in known], math.log10(amount))
    if score <= CUTOFF or amount <= max(known):
        return ""
    return f"It is unlike the {len(known)} amounts before, and the largest: its modified z-score is above 3.5."
