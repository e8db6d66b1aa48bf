"""The level that is left for the last look, where data are looked at several times."""

from engagements.pilots.rules.registration import Registration


def final_alpha(registration: Registration) -> float:
    """Two-sided, of the last look. One look: what the registered level leaves."""
    return round(1.0 - registration.assumptions.level / 100.0, 12)
