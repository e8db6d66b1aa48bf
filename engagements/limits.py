"""Limits that a form, an action, the API and the database share, each declared once. No Django here.

Numbers that a person, a program or a file brings: inside these limits every product, ratio and square of the
arithmetic stays a finite number. Beyond them stands a slip: extra zeros, a percentage for a share, an amount in cents.
"""

LARGEST_NUMBER = 1e12  # of effects, standard errors, interval ends, indicators: a trillion in any unit
SMALLEST_NUMBER = 1e-9  # nearer to 0 a number is 0: a ratio to it would have no meaning
SMALLEST_SHARE = 1e-6  # one person in a million

MOST_PEOPLE_OFFERED = 10_000_000  # more than live in any city of the country
MOST_PEOPLE_STUDIED = 1_000_000_000
MOST_USD_EACH = 10_000_000  # for one person or family of a plan; also what somebody earns in a year
MOST_USD_OF_A_STUDY = 1_000_000_000  # cost for one person or family, as a study prints it
MOST_USD_INTERVENTION = 1_000_000_000
MOST_USD = 10_000_000_000  # of a budget and of an entry of the ledger
MOST_MONTHS = 240  # of an intervention

# Mean yearly earnings by age, which a planner brings for gains over a lifetime.
AGE_OF_MEAN = 34  # the Atlas measures earnings at about this age
FIRST_AGE, LAST_AGE = 18, 70
MOST_EARNED = MOST_USD_EACH  # dollars a year; means are far below

TOO_LARGE = "This is beyond a trillion. Look for a slip of the key, such as extra zeros."
TOO_SMALL = "This is nearer to 0 than a billionth. Write 0, or choose a smaller unit."
TOO_SMALL_A_SHARE = "This is less than one in a million. Write 0, or look for a slip of the key."


def find_number_problem(value: float) -> str:
    """A sentence when a finite number is beyond LARGEST_NUMBER or, without being 0, below SMALLEST_NUMBER; else "".

    Either sign. Worked: 2.9e152 -> TOO_LARGE; -1e-300 -> TOO_SMALL; 0 and 3477 -> "".
    """
    if abs(value) > LARGEST_NUMBER:
        return TOO_LARGE
    return TOO_SMALL if 0 < abs(value) < SMALLEST_NUMBER else ""


def find_share_problem(share: float) -> str:
    """A sentence when a share 0-1 is above 0 and below SMALLEST_SHARE; else ""."""
    return TOO_SMALL_A_SHARE if 0 < share < SMALLEST_SHARE else ""
