"""The rule that turns a measured effect into one word. Fixed before any data; the same for every pilot.

Signs are turned so that plus is better. The first step that applies gives the word; ends of the interval that touch 0
or the smallest worthwhile effect do not count as beyond it. No p-value ever gives "did not work".
"""

from dataclasses import dataclass

from engagements.pilots.rules.estimates import SecondTest
from engagements.pilots.rules.estimators.time_before import MOVING_APART
from engagements.pilots.rules.registration import DRAWN, DesignKind
from engagements.verdicts import Verdict

SAMPLE_RATIO_LIMIT = 0.001  # below it the groups do not have the sizes that were drawn
LOW_TAKE_UP = 50.0  # percent of the offered
ROUNDING = 1e-9  # of exact p-values such as 1/20, which do pass a test at .05

BOTH_FIT = "both nothing and a worthwhile gain fit the data"
NOT_BEFORE_DATA = "the plan was written after data existed"
OTHER_METHOD = "this is not the registered method"
BEFORE_THE_END = "the pilot has not reached its registered end"
DATA_BEFORE_THE_END = "these data came in before the registered end"
OTHER_SIZES = "the groups do not have the sizes that were drawn"
ALREADY_APART = "the groups were already moving apart before the program"
NO_COMPARISON_SERIES = "there is no comparison series"
HARM_NOT_RULED_OUT = "a harm of that size is not ruled out"
HELPED_UNCLEAR = "it helped, but whether enough is not clear"
SECOND_DISAGREES = "the second, stricter test does not agree"
SECOND_CANNOT = "with so few groups the strictest test can never be passed"
WIDENED = "many outcomes are missing, so the widest honest range is used"
WIDENED_BY_GAP = "more were lost in one group than in the other, so the widest honest range is used"
FEW_TOOK_PART = "few took part, so this says little about taking part"


@dataclass(frozen=True)
class VerdictCase:
    """All that the rule looks at. `gain`, `low`, `high`: plus is better, in the shown unit, after every union of
    intervals; None where nothing was estimated.

    `level`: of the interval, in percent; the second test is held to the same level. `caps`: further reasons of the
    method, each a sentence. `is_gap_alone`: few were lost, but more in one group. `is_at_end`: the registered end is
    reached, or a registered look crossed its boundary. `are_data_early`: the data are of before the end, not the day.
    """

    gain: float | None
    low: float | None
    high: float | None
    smallest_worthwhile: float
    level: float = 95.0
    second: SecondTest | None = None
    stopped: str = ""
    refused: str = ""
    is_registered_before: bool = True
    is_registered_method: bool = True
    is_at_end: bool = True
    are_data_early: bool = False
    sample_ratio_p: float | None = None
    pre_trend_p: float | None = None
    lacks_comparison_series: bool = False
    caps: tuple[str, ...] = ()
    is_widened: bool = False
    is_gap_alone: bool = False
    take_up: float | None = None


def decide(case: VerdictCase) -> tuple[Verdict, tuple[str, ...]]:
    """The word and its reasons, in phrases that begin in lower case.

    Worked: gain 6, interval 2 to 10, worthwhile from 4 -> worked; 0.2 (-2 to 2.4) -> did not work; 0.2 (-7 to 7.4) ->
    cannot tell, "both nothing and a worthwhile gain fit the data".
    """
    if case.stopped:
        return Verdict.STOPPED, (case.stopped,)
    if case.refused or case.gain is None or case.low is None or case.high is None:
        return Verdict.REFUSED, (case.refused or "nothing was estimated",)
    word, reasons = _measured(case, case.gain, case.low, case.high)
    widened = WIDENED_BY_GAP if case.is_gap_alone else WIDENED
    around = (widened,) if case.is_widened else ()
    after = (FEW_TOOK_PART,) if case.take_up is not None and case.take_up < LOW_TAKE_UP else ()
    return word, (*around, *reasons, *after)


def _measured(case: VerdictCase, gain: float, low: float, high: float) -> tuple[Verdict, tuple[str, ...]]:
    if blocks := blocks_of(case):
        return Verdict.CANNOT_TELL, blocks
    worth, doubt = case.smallest_worthwhile, _doubt_of(case.second, case.level)
    if high < 0 and not doubt:
        return Verdict.MADE_WORSE, ()
    if high < worth:
        harm = (HARM_NOT_RULED_OUT,) if low < -worth else ()
        if low > 0 and not doubt:
            return Verdict.HELPED_LESS, harm
        said = (doubt,) if doubt and not low <= 0 <= high else ()
        return Verdict.DID_NOT_WORK, (*harm, *said)
    if low > 0 and not doubt:
        return (Verdict.WORKED, ()) if gain >= worth else (Verdict.CANNOT_TELL, (HELPED_UNCLEAR,))
    return Verdict.CANNOT_TELL, (doubt,) if doubt and low > 0 else (
        BOTH_FIT,
        *((doubt,) if doubt == SECOND_CANNOT else ()),
    )


def blocks_of(case: VerdictCase) -> tuple[str, ...]:
    """Every reason why no word but "cannot tell" may rest on this estimate."""
    found = (
        (not case.is_registered_before, NOT_BEFORE_DATA),
        (not case.is_registered_method, OTHER_METHOD),
        (not case.is_at_end, DATA_BEFORE_THE_END if case.are_data_early else BEFORE_THE_END),
        (case.sample_ratio_p is not None and case.sample_ratio_p < SAMPLE_RATIO_LIMIT, OTHER_SIZES),
        (case.pre_trend_p is not None and case.pre_trend_p < MOVING_APART, ALREADY_APART),
        (case.lacks_comparison_series, NO_COMPARISON_SERIES),
    )
    blocks = [reason for applies, reason in found if applies]
    own = (_phrase(one) for one in case.caps)
    return (*blocks, *(one for one in own if one not in blocks))


def strength_of(design: DesignKind, is_registered_before: bool) -> str:
    """How much a reader may lean on it: "registered trial", "registered comparison" or "exploratory"."""
    if not is_registered_before:
        return "exploratory"
    return "registered trial" if design in DRAWN else "registered comparison"


def _doubt_of(second: SecondTest | None, level: float) -> str:
    """Why the second test does not agree that there is an effect; "" where it does, or none is due."""
    if second is None:
        return ""
    allowed = 1 - level / 100 + ROUNDING
    if second.attainable_p > allowed:
        return SECOND_CANNOT
    return "" if second.p <= allowed else SECOND_DISAGREES


def _phrase(sentence: str) -> str:
    """A sentence of a method as a phrase: "There is no comparison series." -> "there is no comparison series"."""
    text = sentence.strip().rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
