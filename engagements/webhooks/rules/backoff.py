"""When a message that did not arrive is tried again, and when a webhook is left alone. Pure."""

from dataclasses import dataclass

DELAYS = (30, 120, 600, 3_600, 6 * 3_600, 24 * 3_600)  # seconds after the first, second, ... failure in a row
MOST_FAILURES = 7  # in a row: about 31 hours of silence; then the webhook is paused and its owner told
LONGEST_ASKED = 3_600  # seconds that a server may make us wait with Retry-After
_GONE = 410
_PASSING = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Verdict:
    """`delay`: seconds until all messages of this webhook are tried again; None: this one is done with, either way."""

    arrived: bool
    delay: float | None
    pauses: bool


def judge(status: int | None, *, failures: int, retry_after: float | None = None, is_final: bool = False) -> Verdict:
    """`status` None: no answer came. `failures`: in a row before this one. `is_final`: trying again cannot help.

    A redirect is an answer that nobody here follows. Refused with 4xx, the message is given up and the next is tried.

    >>> judge(204, failures=3)
    Verdict(arrived=True, delay=None, pauses=False)
    >>> judge(500, failures=1), judge(None, failures=6)
    (Verdict(arrived=False, delay=120, pauses=False), Verdict(arrived=False, delay=None, pauses=True))
    >>> judge(429, failures=0, retry_after=90.0), judge(400, failures=0), judge(410, failures=0)
    (Verdict(arrived=False, delay=90.0, pauses=False), Verdict(arrived=False, delay=None, pauses=False), \
Verdict(arrived=False, delay=None, pauses=True))
    """
    if status is not None and 200 <= status < 300:
        return Verdict(True, None, False)
    pauses = status == _GONE or failures + 1 >= MOST_FAILURES
    refused = is_final or (status is not None and 300 <= status < 500 and status not in _PASSING)
    if pauses or refused:
        return Verdict(False, None, pauses)
    delay: float = DELAYS[min(failures, len(DELAYS) - 1)]
    if retry_after is not None:
        delay = max(delay, min(retry_after, LONGEST_ASKED)) if failures else min(max(retry_after, 1), LONGEST_ASKED)
    return Verdict(False, delay, False)
