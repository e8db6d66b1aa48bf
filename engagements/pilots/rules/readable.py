"""A registration as a reader reads it: headings with plain sentences, for the locked page, the bundle and print."""

from collections.abc import Iterator, Mapping
from datetime import date

from engagements.pilots.rules.estimators.counted_units import counted
from engagements.pilots.rules.registration import (
    Boundary,
    Consent,
    Determination,
    Estimator,
    HumanSubjects,
    Law,
    MissingRule,
    Outcome,
    OutcomeKind,
    Registration,
)
from engagements.pilots.rules.sentences import design_words
from engagements.pilots.rules.spoken_numbers import speak
from engagements.verdicts import Wanted

CAN_STOP = "Who can stop it for harm"  # names a person: left out where nobody needs it
METHOD_WORDS = {
    Estimator.DIFFERENCE: "The two groups are compared as drawn: Newcombe’s interval for shares, Welch’s for means.",
    Estimator.BLOCKED: "The groups are compared within blocks, with standard errors of the kind HC2.",
    Estimator.ADJUSTED: "The groups are compared after adjusting for what was known before the draw (Lin, 2013).",
    Estimator.PAIRED: "Each pair is compared by itself, and the differences together.",
    Estimator.CLUSTERED: "Groups are compared with errors of the kind CR2, and a second test must agree.",
    Estimator.DIFFERENCES: "The change in groups with the program is compared with the change in groups without it.",
    Estimator.SERIES: "The series is compared with what its own past and another series lead one to expect.",
    Estimator.STAGGERED: "Groups are compared with those that had not started yet (Callaway and Sant’Anna, 2021).",
    Estimator.SYNTHETIC: "The place is compared with a weighted mean of others, and each of those in its turn.",
    Estimator.PHASED: "Groups that had started are compared, period by period, with those still waiting.",
}
_MISSING = {
    MissingRule.COMPLETE: "Only people whose outcome is known are counted. If many are lost, the widest range counts.",
    MissingRule.WORST: "Whoever is missing counts against the program: the bad answer with it, the good one without.",
}
_BOUNDARY = {
    Boundary.OBRIEN_FLEMING: (
        "The chance of a false alarm is shared over the looks (O’Brien and Fleming): early looks are strict."
    ),
    Boundary.ALWAYS_VALID: "The likely range holds however often someone looks.",
}
_DETERMINATION = {
    Determination.APPROVED: "Approved",
    Determination.EXEMPT: "Exempt",
    Determination.NOT_RESEARCH: "Not research",
}
_CONSENT = {
    Consent.WRITTEN: "Consent in writing",
    Consent.SPOKEN: "Spoken consent",
    Consent.OPT_OUT: "People may opt out",
    Consent.WAIVED: "Consent is waived",
    Consent.NOT_NEEDED: "No consent is needed",
}
_LAW = {
    Law.NONE: "No law on these records applies",
    Law.FERPA: "FERPA (education records)",
    Law.HIPAA: "HIPAA (health records)",
    Law.STATE: "A state’s law",
    Law.OTHER: "Another law",
}


def readable(registration: Registration, cities: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """(heading, sentence) in the order of reading. What nobody filled in is left out.

    `cities`: names by key; one without a name stands as its key, which is also what data files have.
    """
    return [(heading, text) for heading, text in _lines(registration, cities or {}) if text.strip()]


def day_words(day: date | None) -> str:
    return f"{day:%B} {day.day}, {day.year}" if day else ""


def effect_words(registration: Registration) -> str:
    """The smallest effect worth having: "4 in 100", "$250"."""
    worth = registration.smallest_worthwhile
    spoken = speak(registration.outcome, (worth,), (0.0,))
    return f"{spoken.size(worth)}{' in 100' if spoken.is_share else ''}"


def outcome_words(outcome: Outcome) -> str:
    """ "Had a job, after a year, from wage records; more is better. Counted from January 1, 2027 to ..."."""
    parts = [part for part in (outcome.name, outcome.after, f"from {outcome.source}" if outcome.source else "") if part]
    better = "more is better" if outcome.better == Wanted.MORE else "less is better"
    kind = "a share of people" if outcome.kind == OutcomeKind.SHARE else f"a mean, in {outcome.unit}"
    window = ""
    if outcome.window_from and outcome.window_to:
        window = f" Counted from {day_words(outcome.window_from)} to {day_words(outcome.window_to)}."
    return f"{', '.join(parts)} ({kind}; {better}).{window}"


def _lines(registration: Registration, cities: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "Question", registration.question
    yield "Who can take part", registration.eligibility
    yield (
        "Groups",
        " ".join(
            f"{arm.name}{' (the comparison)' if number == 0 else ''}: {_end(arm.gets)}"
            for number, arm in enumerate(registration.arms)
        ),
    )
    yield "Design", f"{design_words(registration)}.{_weights(registration)}"
    named = [cities.get(key, key) for key in registration.cities]
    yield "Cities", ", ".join(named) if len(named) > 1 else ""
    yield "Primary outcome", outcome_words(registration.outcome)
    yield "Smallest effect worth having", f"{effect_words(registration)}. {registration.worthwhile_because}"
    yield "Method", METHOD_WORDS[registration.estimator]
    yield "Known before the draw", ", ".join(registration.covariates)
    yield "Drawn within", ", ".join(registration.draw.block_by)
    yield "Matched on", ", ".join(registration.draw.pair_by)
    yield "Seed of the draw", _seed(registration)
    yield "Missing outcomes", _missing(registration)
    yield "Who else may be touched", registration.spillovers
    yield "Other outcomes", " ".join(outcome_words(one) for one in registration.secondary)
    yield (
        "Subgroups",
        " ".join(_end(f"{one.column}: {', '.join(one.values)}. {one.why}".strip()) for one in registration.subgroups),
    )
    yield "Looks", _looks(registration)
    yield "When it stops", registration.stopping_rule
    yield "Dates", _dates(registration)
    yield "Planned with", _planned(registration)
    yield "Program starts in", ", ".join(registration.starts_in)
    yield from _people(registration.human_subjects)
    yield "Smallest group shown", f"Groups under {registration.limits.smallest_cell} people are not shown."


def _weights(registration: Registration) -> str:
    weights = [arm.weight for arm in registration.arms]
    if len(set(weights)) < 2:
        return ""
    return f" Shares of the draw: {', '.join(f'{arm.name} {arm.weight}' for arm in registration.arms)}."


def _seed(registration: Registration) -> str:
    """ "Powerball, on December 2, 2026: 6 numbers."; "" where no public draw fixes it."""
    draw = registration.draw
    if not draw.seed_from:
        return ""
    day = f", on {day_words(draw.seed_on)}" if draw.seed_on else ""
    numbers = f": {draw.seed_numbers} numbers" if draw.seed_numbers else ""
    return f"{draw.seed_from}{day}{numbers}."


def _missing(registration: Registration) -> str:
    limits = registration.limits
    return (
        f"{_MISSING[registration.missing]} The limits are {limits.lost_percent:g}% lost, or a gap of "
        f"{limits.lost_gap_points:g} points between groups."
    )


def _looks(registration: Registration) -> str:
    if registration.boundary == Boundary.NONE:
        return "One look, at the end."
    shares = ", ".join(f"{100 * look:g}%" for look in registration.looks)
    return f"{_BOUNDARY[registration.boundary]}{f' Looks at {shares} of the data.' if shares else ''}"


def _dates(registration: Registration) -> str:
    starts, ends = day_words(registration.starts_on), day_words(registration.ends_on)
    parts = [f"The program starts on {starts}." if starts else "", f"No verdict before {ends}." if ends else ""]
    return " ".join(part for part in parts if part)


def _planned(registration: Registration) -> str:
    """What the power was reckoned from: "12 buildings, 900 residents in all, 45 in 100 without the program ..."."""
    assumed, unit = registration.assumptions, registration.unit
    parts = [
        counted(assumed.clusters, unit) if assumed.clusters else "",
        f"{assumed.people:,} {registration.people} in all" if assumed.people else "",
        f"{assumed.base_rate:g} in 100 without the program" if assumed.base_rate is not None else "",
        f"a standard deviation of {assumed.sd:,g} {registration.outcome.unit}".strip() if assumed.sd else "",
        f"people of one {unit} alike by {assumed.icc:g} (intraclass correlation)" if assumed.icc is not None else "",
        f"{assumed.take_up:g} in 100 taking part" if assumed.take_up < 100 else "",
    ]
    said = ", ".join(part for part in parts if part)
    chance = f"{assumed.power:g}"
    article = "an" if chance.startswith("8") else "a"
    return (
        f"{said}; {article} {chance} in 100 chance to find it, with a {assumed.level:g}% likely range." if said else ""
    )


def _people(people: HumanSubjects) -> Iterator[tuple[str, str]]:
    if people.determination is not None:
        number = f", no. {people.number}" if people.number else ""
        until = f"; until {day_words(people.expires_on)}" if people.expires_on else ""
        said = (
            f"{_DETERMINATION[people.determination]} on {day_words(people.decided_on)} by {people.body}{number}{until}."
        )
        yield "Human-subjects determination", said
    if people.consent is not None:
        yield "Consent", f"{_CONSENT[people.consent]}. {people.consent_words}".strip()
    if people.law is not None:
        yield "Law on records", f"{_LAW[people.law]}. {people.law_words}".strip()
    yield "The comparison group receives", people.comparison_receives
    yield CAN_STOP, people.can_stop


def _end(text: str) -> str:
    text = text.strip()
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."
