"""The words for what a trial did: one list for results, the portfolio, the API and pilots. Pure.

A verdict is the portal's own word and needs the portal's own data. What others published gets no verdict: it is only
read whether its interval lies above, below or across no change (`reported_state`).
"""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    WORKED = "worked"
    HELPED_LESS = "helped_less"
    MADE_WORSE = "made_worse"
    DID_NOT_WORK = "did_not_work"
    CANNOT_TELL = "cannot_tell"
    REFUSED = "refused"
    STOPPED = "stopped"


class Reported(StrEnum):
    """What a published result says of itself, by its interval alone."""

    GAIN = "gain"
    LOSS = "loss"
    ZERO = "zero"
    NO_INTERVAL = "no_interval"


class Design(StrEnum):
    RANDOMIZED = "randomized"
    QUASI = "quasi"
    BEFORE_AFTER = "before_after"
    DESCRIPTION = "description"
    NONE = "none"


class Scale(StrEnum):
    """What no change is: 0 for a difference, 1 for a ratio such as “20 times as likely”."""

    DIFFERENCE = "difference"
    RATIO = "ratio"


class Wanted(StrEnum):
    """Which way is better."""

    MORE = "more"
    LESS = "less"


@dataclass(frozen=True)
class Shown:
    """`icon` of the portal's icons; `tag`: the class tag-…: never a color alone. `sentence` begins a finding."""

    label: str
    icon: str
    tag: str
    sentence: str = ""


# In the order they are listed, from good to unknown.
VERDICTS: dict[Verdict, Shown] = {
    Verdict.WORKED: Shown("Worked", "check", "done", "It worked"),
    Verdict.HELPED_LESS: Shown("Helped less than needed", "half-triangle", "warn", "It helped, but less than needed"),
    Verdict.MADE_WORSE: Shown("Made things worse", "cross", "late", "It made things worse"),
    Verdict.DID_NOT_WORK: Shown("Did not work", "cross", "late", "It did not work"),
    Verdict.CANNOT_TELL: Shown("Cannot tell", "ring", "quiet", "We cannot tell"),
    Verdict.REFUSED: Shown("No verdict possible", "ring-dashed", "quiet", "No verdict is possible"),
    Verdict.STOPPED: Shown("Stopped", "pause", "quiet", "It was stopped before it was measured"),
}
REPORTED: dict[Reported, Shown] = {
    Reported.GAIN: Shown("Reported gain", "triangle-up", "gain"),
    Reported.LOSS: Shown("Reported loss", "triangle-down", "loss"),
    Reported.ZERO: Shown("Interval includes zero", "ring", "none"),
    Reported.NO_INTERVAL: Shown("No interval given", "ring", "none"),
}
DESIGNS: dict[Design, str] = {
    Design.RANDOMIZED: "Randomized trial",
    Design.QUASI: "Quasi-experiment",
    Design.BEFORE_AFTER: "Before and after",
    Design.DESCRIPTION: "Description",
    Design.NONE: "Comparison not described",
}
# The same inside a sentence.
DESIGN_WORDS: dict[Design, str] = {
    Design.RANDOMIZED: "randomized",
    Design.QUASI: "compared with similar people or places",
    Design.BEFORE_AFTER: "before and after, without a comparison group",
    Design.DESCRIPTION: "described, not compared",
    Design.NONE: "comparison not described",
}
# These say how large an effect is, so they need an interval of the portal's own data.
MEASURED_VERDICTS = frozenset({Verdict.WORKED, Verdict.HELPED_LESS, Verdict.MADE_WORSE, Verdict.DID_NOT_WORK})
NO_CHANGE = {Scale.DIFFERENCE: 0.0, Scale.RATIO: 1.0}


def reported_state(
    low: float | None, high: float | None, scale: str = Scale.DIFFERENCE, wanted: str = Wanted.MORE
) -> Reported:
    """Where a published interval lies, with better turned to plus; a bound on no change doesn't count as beyond it.

    Never from a p-value or from words: without both ends it is `no_interval`. Worked: (1, 9, more) -> gain;
    (1, 9, less) -> loss; ratio (0.8, 1.4) -> zero.
    """
    if low is None or high is None:
        return Reported.NO_INTERVAL
    none = NO_CHANGE[Scale(scale)]
    if low <= none <= high:
        return Reported.ZERO
    return Reported.GAIN if (low > none) == (wanted != Wanted.LESS) else Reported.LOSS
