"""How many examples a property of hypothesis is tried with: few and always the same every day, many in the long run."""

from hypothesis import settings

LONG = "long"
_TIMES = 20

# Every day the same examples: a run fails for what somebody changed, never by chance.
settings.register_profile("everyday", derandomize=True, deadline=None)
# Random ones; a failure prints the line that repeats it.
settings.register_profile(LONG, derandomize=False, deadline=None, print_blob=True, max_examples=100 * _TIMES)
settings.load_profile("everyday")


def examples(everyday: int) -> int:
    """For `@settings(max_examples=examples(60))`: as many every day, more where --hypothesis-profile=long is given."""
    return everyday * (_TIMES if settings.get_current_profile_name() == LONG else 1)
