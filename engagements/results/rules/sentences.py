"""A result in words: its size, its margin, its design, and the one sentence the public reads. Pure."""

from datetime import date

from atlas.formatting.ranges import join_ends
from engagements.results.records import ResultFields
from engagements.verdicts import DESIGN_WORDS, VERDICTS, Design, Reported, Scale, Verdict, reported_state

_TENTH = 0.1  # less would round to nothing


def format_number(value: float) -> str:
    """ "+5.2", "−329", "+1,948"."""
    words = f"{abs(value):,.4g}" if abs(value) < 1000 else f"{abs(value):,.0f}"
    return f"{'−' if value < 0 else '+'}{words}"


def as_known(value: float, result: ResultFields) -> float:
    """Of the portal's own data to one decimal, so that nobody reads more than its interval says; others as quoted."""
    return round(value, 1) if result.own_data and abs(value) >= _TENTH else value


def size_words(result: ResultFields) -> str:
    """How large: "more than 20 times", "+5.2 points (95% likely range +1 to +9.4)"; "" where no source says it."""
    if result.effect is None:
        return result.size_in_words
    as_written = format_number if result.scale == Scale.DIFFERENCE else (lambda value: f"{value:,.4g}")

    def write(value: float) -> str:
        return as_written(as_known(value, result))

    words = f"{write(result.effect)} {result.unit}"
    if result.low is None or result.high is None:
        return words
    return f"{words} ({result.level:g}% likely range {join_ends(write(result.low), write(result.high))})"


def margin_words(result: ResultFields) -> str:
    """ "" with an interval; else what is missing."""
    if result.low is not None:
        return ""
    return "margin not published" if result.has_size else "size not published"


def design_words(result: ResultFields) -> str:
    return result.design_words.strip() or DESIGN_WORDS[Design(result.design)]


def public_sentence(result: ResultFields) -> str:
    """What the public reads beside the city's name, and what the city is asked about.

    "The city reports more than 20 times as likely to register; randomized; margin not published."
    """
    if result.verdict:
        begin = f"{VERDICTS[Verdict(result.verdict)].sentence}: {result.finding}"
    else:
        begin = f"{result.reported_by} reports {result.finding}"
    size = size_words(result)
    if result.effect is None and size.casefold() in begin.casefold():
        size = ""  # the finding says it
    parts = (begin.rstrip("."), size, design_words(result), margin_words(result))
    return f"{'; '.join(part for part in parts if part)}."


def state_of(result: ResultFields) -> Reported | None:
    """Only for what others published: what has the portal's own verdict needs none."""
    if result.verdict:
        return None
    return reported_state(result.low, result.high, result.scale, result.wanted)


def absence_sentence(searched_on: date) -> str:
    """Never an accusation: who looked, found nothing."""
    return f"We found no published result (searched to {searched_on:%B} {searched_on.day}, {searched_on.year})."
