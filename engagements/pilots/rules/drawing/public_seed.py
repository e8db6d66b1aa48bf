"""A seed from a public draw: its registered name and day, and its numbers in the one form that nobody chooses.

Spelling is what somebody could try until the arms are to their liking. So the name and the day are the registered ones,
and of what is typed only whole numbers count: without zeros in front, in ascending order, as many as registered.
"""

import re
from datetime import date

from engagements.pilots.rules.drawing.units import DrawRefused
from engagements.pilots.rules.registration import Draw

# Under five numbers a draw has few outcomes (a Pick 3 has 220), so few of the possible allocations could come up.
FEWEST_NUMBERS, MOST_NUMBERS = 5, 12
MOST_DIGITS = 9  # of one number: the database reads them as whole numbers too
LONGEST_NAME = 150  # with day and numbers the seed stays within `limits.SENTENCE`


def is_public(draw: Draw) -> bool:
    """Whether the registration takes the seed from a public draw of which name, day and number of values are known."""
    return bool(draw.seed_from) and draw.seed_on is not None and draw.seed_numbers is not None


def seed_day_problem(draw: Draw, locked_on: date) -> str:
    """Why this public draw cannot give the seed of a list locked on this day (UTC); "" where it can, or none is named.

    The day itself is too late to lock: the draw may have been held in its morning.
    """
    if not draw.seed_from:
        return ""
    if draw.seed_on is None or draw.seed_numbers is None:
        return "The registration does not give the day of its public draw and how many numbers it has."
    if draw.seed_on <= locked_on:
        return "The public draw must be held on a later day than the one on which the list is locked."
    return ""


def seed_source(draw: Draw) -> str:
    """ "Powerball, 2026-12-02". Only for a draw that `is_public`."""
    assert draw.seed_on is not None
    return f"{draw.seed_from}, {draw.seed_on.isoformat()}"


def public_seed(draw: Draw, typed: str) -> str:
    """Raises DrawRefused where `typed` has another number of values than registered.

    Worked: "Powerball" of 2026-12-02 with 6 numbers, "07-14-61-23-40, 9" -> "Powerball, 2026-12-02: 7 9 14 23 40 61".
    """
    numbers = [found.lstrip("0") or "0" for found in re.findall(r"[0-9]+", typed)]
    if len(numbers) != draw.seed_numbers:
        raise DrawRefused(f"The registered draw has {draw.seed_numbers} numbers; {len(numbers)} were typed.")
    if any(len(number) > MOST_DIGITS for number in numbers):
        raise DrawRefused(f"A number has more than {MOST_DIGITS} digits. Type the numbers alone.")
    return f"{seed_source(draw)}: {' '.join(sorted(numbers, key=int))}"


def seed_problem(draw: Draw, seed: str) -> str:
    """ "" where the seed is of the registered draw, or no draw was registered in this form; else what is wrong."""
    if not is_public(draw):
        return ""
    try:
        is_so = public_seed(draw, seed.rpartition(": ")[2]) == seed
    except DrawRefused:
        is_so = False
    return "" if is_so else "The seed is not that of the registered public draw."
