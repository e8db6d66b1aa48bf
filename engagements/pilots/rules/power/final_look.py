"""The level that is left for the last look, where data are looked at several times."""

from engagements.pilots.rules.estimators.looks import at_end
from engagements.pilots.rules.registration import Registration


def final_alpha(registration: Registration) -> float:
    """Two-sided, of the last look. Worked: one look at 95 percent .05; five of O'Brien and Fleming's kind .0423; any
    number, always valid, .0024, with or without a list of looks.

    The chance to stop earlier with a finding is left out: real power is a little higher.
    """
    return round(1.0 - at_end(registration).assumptions.level / 100.0, 12)
