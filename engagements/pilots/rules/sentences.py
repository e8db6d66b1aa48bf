"""The sentence of a verdict, as a mayor reads it. It ends with the design and "Registered before data: yes" or "no"."""

from dataclasses import dataclass

from engagements.pilots.rules.estimates import Refused
from engagements.pilots.rules.registration import DesignKind, Registration
from engagements.pilots.rules.spoken_numbers import Spoken, speak
from engagements.pilots.rules.verdict import (
    BOTH_FIT,
    FEW_TOOK_PART,
    HELPED_UNCLEAR,
    SECOND_CANNOT,
    SECOND_DISAGREES,
    WIDENED,
    WIDENED_BY_GAP,
)
from engagements.verdicts import VERDICTS, Verdict

_BESIDE = (WIDENED, WIDENED_BY_GAP, FEW_TOOK_PART, SECOND_CANNOT, SECOND_DISAGREES)  # reasons that follow the estimate


UNANALYZED = "It was stopped before its data were analyzed"  # of a stopped pilot whose data nobody may analyze any more
OVER_TIME_WORDS = ("started in", "compared")  # how `design_words` of a design over time begin, in small letters


@dataclass(frozen=True)
class Told:
    """What a sentence is made of. `gain`, `low`, `high`: plus is better, in the shown unit; None without an estimate.

    `level`: of the interval, in percent. `detectable`: the smallest effect the pilot could detect, if known.
    `has_data`: of a stopped one, data came in that were never analyzed: it is not called unmeasured.
    """

    verdict: Verdict
    reasons: tuple[str, ...]
    is_registered_before: bool
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = 95.0
    detectable: float | None = None
    refused: Refused | None = None
    stopped: str = ""
    has_data: bool = False


def sentence_of(registration: Registration, told: Told) -> str:
    """Worked, with 6 (2 to 10) and worth having from 4: "It worked: of 100 residents offered it, about 6 more had a job
    after a year (between 2 and 10 more). Randomized by person. Registered before data: yes."
    """
    ends = [f"{design_words(registration)}.", registered_words(told.is_registered_before)]
    return " ".join([*_finding(registration, told), *ends])


def registered_words(is_so: bool) -> str:
    return f"Registered before data: {'yes' if is_so else 'no'}."


def design_words(registration: Registration) -> str:
    """The design in a phrase: "Randomized by person", "Compared with similar schools before and after, not drawn"."""
    unit = registration.unit
    blocks = set(registration.draw.block_by)
    within = " within blocks" if blocks else ""
    if has_several_cities(registration) and blocks <= {"city"}:
        within = " within each city"
    return {
        DesignKind.PEOPLE: f"Randomized by {unit}{within}",
        DesignKind.PAIRS: "Randomized within matched pairs",
        DesignKind.CLUSTERS: f"Randomized by {unit}{within}",
        DesignKind.PHASED: f"Started in a drawn order, by {unit}",
        DesignKind.DIFFERENCES: "Compared with others, before and after; not randomized",
        DesignKind.SERIES: "Compared over time with another series; not randomized",
        DesignKind.STAGGERED: "Compared with those that started later or never; not randomized",
        DesignKind.SYNTHETIC: "Compared with a weighted mean of other places; not randomized",
    }[registration.design]


def has_several_cities(registration: Registration) -> bool:
    return len(registration.cities) > 1


def level_words(level: float) -> str:
    """With as few decimals as do not make it certain: 95 -> "95", 99.69 -> "99.7", 99.9996 -> "99.9996"."""
    return next((f"{near:g}" for near in (round(level, decimals) for decimals in range(1, 5)) if near < 100), "99.9999")


def example_sentence(registration: Registration) -> str:
    """How the page would read if the effect were exactly twice what is worth having: shown before locking, so that a
    wrong direction or word is seen in time."""
    worth = registration.smallest_worthwhile
    told = Told(Verdict.WORKED, (), True, gain=2 * worth, low=1.2 * worth, high=2.8 * worth)
    return sentence_of(registration, told)


def _finding(registration: Registration, told: Told) -> list[str]:
    if told.verdict == Verdict.STOPPED:
        begin = UNANALYZED if told.has_data else VERDICTS[Verdict.STOPPED].sentence
        return [f"{begin}: {_end(told.stopped or told.reasons[0])}"]
    if told.verdict == Verdict.REFUSED or told.gain is None or told.low is None or told.high is None:
        return _refusal(told)
    limits = (0.0, registration.smallest_worthwhile)
    shown = (told.low, told.high) if told.verdict in _WITHOUT_ESTIMATE else (told.low, told.gain, told.high)
    spoken = speak(registration.outcome, shown, limits)
    around = spoken.between(told.low, told.high, _per(spoken) if told.verdict == Verdict.CANNOT_TELL else "")
    around = around if told.level == 95 else f"{around}; a {level_words(told.level)}% range"
    worth = f"{spoken.size(registration.smallest_worthwhile)}{_per(spoken)}"
    found = _WORDS[told.verdict](registration, told, spoken, around, worth)
    own = [reason for reason in told.reasons if reason in _BESIDE or told.verdict != Verdict.CANNOT_TELL]
    return [found, *(_sentence(reason) for reason in own)]


def _worked(registration: Registration, told: Told, spoken: Spoken, around: str, worth: str) -> str:
    gain = told.gain or 0.0
    if spoken.is_share:
        return (
            f"It worked: of 100 {registration.people} {_offered(registration)}, about {spoken.change(gain)}"
            f"{_did(registration)} ({around})."
        )
    return (
        f"It worked: among {registration.people} {_offered(registration)}, the average of {_measure(registration)} was "
        f"about {spoken.change(gain)} ({around})."
    )


def _helped_less(registration: Registration, told: Told, spoken: Spoken, around: str, worth: str) -> str:
    return (
        f"It helped, but less than the {worth} that {_who_said(registration)} would be worth having: "
        f"{_about(registration, told, spoken)} ({around})."
    )


def _made_worse(registration: Registration, told: Told, spoken: Spoken, around: str, worth: str) -> str:
    return f"It made things worse: {_about(registration, told, spoken)} ({around})."


def _did_not_work(registration: Registration, told: Told, spoken: Spoken, around: str, worth: str) -> str:
    return (
        f"It did not work: whatever it changed is smaller than the {worth} that {_who_said(registration)} would be "
        f"worth having ({around})."
    )


def _cannot_tell(registration: Registration, told: Told, spoken: Spoken, around: str, worth: str) -> str:
    heads = [reason for reason in told.reasons if reason not in _BESIDE]
    if HELPED_UNCLEAR in heads:
        return (
            f"We cannot tell: it helped, but whether by as much as {_who_said(registration)} is worth having is not "
            f"clear ({around})."
        )
    if heads and BOTH_FIT not in heads:
        first, *others = heads
        said = [f"We cannot tell: {_end(first)}", *(_sentence(one) for one in others)]
        return " ".join([*said, f"The estimate is exploratory: {around}."])
    could = ""
    if told.detectable is not None:
        least = speak(registration.outcome, (told.detectable,), (0.0, registration.smallest_worthwhile))
        could = f" This pilot could not detect less than {least.size(told.detectable)}{_per(spoken)}."
    return f"We cannot tell: the truth lies {around}.{could}"


_WORDS = {
    Verdict.WORKED: _worked,
    Verdict.HELPED_LESS: _helped_less,
    Verdict.MADE_WORSE: _made_worse,
    Verdict.DID_NOT_WORK: _did_not_work,
    Verdict.CANNOT_TELL: _cannot_tell,
}
_WITHOUT_ESTIMATE = frozenset({Verdict.DID_NOT_WORK, Verdict.CANNOT_TELL})


def _refusal(told: Told) -> list[str]:
    if told.refused is None:
        return [f"No verdict is possible: {_end(told.reasons[0])}"]
    reason, needed = (_small(text.strip().rstrip(".")) for text in (told.refused.reason, told.refused.needed))
    if needed.endswith("needed"):
        what = f"{reason}; {needed}"
    else:
        what = f"{reason}; {needed} are needed" if needed.startswith("at least") else f"{reason}; needed: {needed}"
    return [f"No verdict is possible: {what}.", "That is a limit of the design, not of the program."]


def _who_said(registration: Registration) -> str:
    return "the cities said" if has_several_cities(registration) else "the city said"


def _offered(registration: Registration) -> str:
    alone = registration.design in (DesignKind.PEOPLE, DesignKind.PAIRS)
    return "offered it" if alone else "where it was offered"


def _about(registration: Registration, told: Told, spoken: Spoken) -> str:
    """ "about 1 more in 100 had a job after a year", "about $100 lower on average"."""
    change = spoken.change(told.gain or 0.0)
    if spoken.is_share:
        return f"about {change} in 100{_did(registration)}"
    return f"the average of {_measure(registration)} was about {change}"


def _did(registration: Registration) -> str:
    words = " ".join(part.strip() for part in (registration.outcome.good, registration.outcome.after) if part.strip())
    return f" {words}" if words else ""


def _measure(registration: Registration) -> str:
    words = f"{_small(registration.outcome.name.strip())} {registration.outcome.after.strip()}"
    return words.strip()


def _per(spoken: Spoken) -> str:
    return " in 100" if spoken.is_share else ""


def _sentence(reason: str) -> str:
    text = reason.strip()
    return _end(text[:1].upper() + text[1:])


def _end(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _small(text: str) -> str:
    """With a small first letter, unless the word is written in capitals or is a name of one: "GED", "I"."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
