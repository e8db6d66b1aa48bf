"""The level of an interval around a difference of means, by the sizes of the arms.

Arms of like size cancel each other's skewness; unequal ones don't, and sums cannot show how skewed an outcome is. So
the sizes decide. In the bench (part "pilots"), with earnings of which 4 in 10 are 0 and no effect, 10 against 90
people reject in 10% of draws, 30 against 270 in 8%, 100 against 900 in 6%; with half the error 30 against 270 in 5%.
"""

LIKE = 1.5  # the larger arm has at most so many times the people of the smaller: no caution
VERY_UNLIKE = 5.0
FEW, SOME, MANY = 30, 100, 300  # people in the smaller arm


def level_for(n: float, other_n: float, level: float) -> float | None:
    """The level of the interval for arms of these sizes; None: no verdict can rest on so unequal arms."""
    small, large = sorted((n, other_n))
    if large <= LIKE * small or small >= MANY:
        return level
    if small < FEW or (small < SOME and large > VERY_UNLIKE * small):
        return None
    return 100 - (100 - level) / 2
