"""How somebody else tests it again: what people received, who they were, at what cost, with how many people. Pure.

Everything is read from the locked registration and the published finding; nothing is judged anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from atlas.formatting.money import format_unit_cost
from engagements.pilots.rules.estimates import Finding, Refused
from engagements.pilots.rules.estimators.counted_units import counted
from engagements.pilots.rules.power.designs import NO_FORMULA
from engagements.pilots.rules.power.mde import detectable
from engagements.pilots.rules.power.tables import SampleSize, sample_sizes
from engagements.pilots.rules.readable import METHOD_WORDS, day_words, effect_words, outcome_words
from engagements.pilots.rules.registration import OVER_TIME, OutcomeKind, Registration
from engagements.pilots.rules.sentences import design_words
from engagements.pilots.rules.spoken_numbers import MOST_DECIMALS, Spoken
from engagements.pilots.rules.stored_finding import ArmCount
from engagements.results.records import ResultFields

LIMIT = "Results here may not repeat elsewhere."
LOW_TAKE_UP = 50.0  # percent: below it the test says little about taking part


@dataclass(frozen=True)
class Amendment:
    """A change of the registration after it was locked."""

    number: int
    day: date
    reason: str


@dataclass(frozen=True)
class Told:
    """What is known of the pilot besides its registration. `finding`, `arms`: None and () where nothing was analyzed.

    `registered_before`: computed, with its sentence. `fingerprint`: of the first locked version. `cities`: the names of
    all, where several took part.
    """

    city: str
    sentence: str
    fields: ResultFields
    city_says: str
    fingerprint: str
    locked_on: date
    registered_before: str
    amendments: tuple[Amendment, ...] = ()
    stopped: str = ""
    finding: Finding | None = None
    cities: tuple[str, ...] = ()
    arms: tuple[ArmCount, ...] = ()


@dataclass(frozen=True)
class GuidePart:
    """One question, answered in pairs of label and words."""

    key: str
    title: str
    lines: tuple[tuple[str, str], ...]
    note: str = ""


@dataclass(frozen=True)
class Guide:
    """`sizes`: (effect in words, people or clusters it takes); empty where no formula says it, then `why_no_sizes`."""

    title: str
    sentence: str
    parts: tuple[GuidePart, ...]
    sizes: tuple[tuple[str, str], ...]
    why_no_sizes: str


def guide(registration: Registration, told: Told) -> Guide:
    """In the order in which somebody would set it up."""
    sizes, why = _sizes(registration)
    return Guide(
        f"Test it again: {registration.title}",
        told.sentence,
        (
            _part("send", "What people received", _send(registration)),
            _part("whom", "To whom", _whom(registration, told)),
            _part("cost", "What it cost", _cost(registration, told), _COST_NOTE),
            _part("test", "How to test it again", _test(registration, told)),
            _part("wrong", "What went wrong", _wrong(registration, told), _wrong_note(registration, told)),
            _part("limits", "What this does not promise", _limits(registration, told)),
        ),
        sizes,
        why,
    )


_COST_NOTE = "Costs are those recorded here. Staff time and prices differ elsewhere."


def _part(key: str, title: str, lines: Sequence[tuple[str, str]], note: str = "") -> GuidePart:
    return GuidePart(key, title, tuple((label, words) for label, words in lines if words.strip()), note)


def _send(registration: Registration) -> list[tuple[str, str]]:
    first, *others = registration.arms
    receives = registration.human_subjects.comparison_receives
    same = receives.casefold().rstrip(".") == first.gets.casefold().rstrip(".")
    return [
        *((arm.name, _end(arm.gets)) for arm in others),
        (f"{first.name} (the comparison)", _end(first.gets)),
        ("What the comparison group receives besides", "" if same else _end(receives)),
    ]


def _whom(registration: Registration, told: Told) -> list[tuple[str, str]]:
    names = {arm.key: arm.name for arm in registration.arms}
    what = "measurements" if registration.design in OVER_TIME else registration.people
    measured = [f"{names.get(one.key, one.key)}: {one.measured:,}" for one in told.arms]
    return [
        ("Who could take part", _end(registration.eligibility)),
        ("Where", ", ".join(told.cities) or told.city),
        ("What was drawn or compared", f"Each {registration.unit}."),
        (f"How many {what} were counted", f"{'; '.join(measured)}." if measured else ""),
        ("When", _dates(registration)),
    ]


def _cost(registration: Registration, told: Told) -> list[tuple[str, str]]:
    fields, planned = told.fields, registration.cost_per_unit_usd
    paid = "No cost was recorded with the result."
    if fields.cost_usd is not None:
        paid = f"{format_unit_cost(fields.cost_usd)} for {fields.cost_unit}, in dollars of {fields.cost_price_year}."
    return [
        ("Paid", paid),
        (f"Planned for each {registration.unit}", f"{format_unit_cost(planned)}." if planned is not None else ""),
    ]


def _test(registration: Registration, told: Told) -> list[tuple[str, str]]:
    return [
        ("Design", f"{design_words(registration)}."),
        ("Outcome", outcome_words(registration.outcome)),
        ("Column of the outcome in data files", registration.outcome.key),
        ("Method", METHOD_WORDS[registration.estimator]),
        (
            "Smallest effect worth having, set here",
            f"{effect_words(registration)}. {registration.worthwhile_because}".strip(),
        ),
        ("What this test could detect", _could_detect(registration, told)),
        ("Registered plan", f"Locked on {day_words(told.locked_on)}; fingerprint {told.fingerprint}."),
        ("Before you start", _BEFORE),
    ]


_BEFORE = (
    "Get a human-subjects determination of your own, and name who can stop it. Set the smallest effect worth having "
    "for your city. Lock the plan before any outcome is known."
)


def _could_detect(registration: Registration, told: Told) -> str:
    found = told.finding.detectable if told.finding else None
    if found is None:
        answer = detectable(registration)
        found = None if isinstance(answer, Refused) else answer.value
    if found is None:
        return ""
    return f"{_size(registration, found)}, found in {registration.assumptions.power:g} of 100 such tests."


def _wrong(registration: Registration, told: Told) -> list[tuple[str, str]]:
    lines = [("It was stopped", _end(told.stopped))] if told.stopped else []
    lines += [
        (f"The plan was changed on {day_words(one.day)}", f"Version {one.number}: {_end(one.reason)}")
        for one in told.amendments
    ]
    finding = told.finding
    if finding is None:
        return lines
    if isinstance(finding.primary, Refused):
        lines.append(("No estimate was possible", f"{_end(finding.primary.reason)} {_end(finding.primary.needed)}"))
    if finding.attrition and any(finding.attrition.lost.values()):
        names = {arm.key: arm.name for arm in registration.arms}
        lost = "; ".join(f"{names.get(key, key)}: {share:.1f}%" for key, share in finding.attrition.lost.items())
        lines.append(("Outcomes that are missing", f"{lost}."))
    if finding.take_up is not None and finding.take_up < LOW_TAKE_UP:
        said = f"{finding.take_up:.0f} of 100 who were offered it took part, so it says little about taking part."
        lines.append(("Few took part", said))
    lines += [("What limits the verdict", _sentence(reason)) for reason in finding.reasons]
    return lines


def _wrong_note(registration: Registration, told: Told) -> str:
    if _wrong(registration, told):
        return ""
    return "Nothing was recorded as going wrong. That does not show that nothing did."


def _limits(registration: Registration, told: Told) -> list[tuple[str, str]]:
    cities = max(1, len(registration.cities))
    where = f"It was tested once, in {told.city}." if cities == 1 else f"It was tested once, in {cities} cities."
    return [
        ("Elsewhere", f"{LIMIT} {where} Other people, prices and staff can change it."),
        ("Who else may be touched", _end(registration.spillovers)),
        ("Other outcomes", "Only the outcome above has a verdict. Whether it changed anything else is not claimed."),
        ("Registered before data", told.registered_before),
        ("What the city says", _end(told.city_says)),
    ]


def _sizes(registration: Registration) -> tuple[tuple[tuple[str, str], ...], str]:
    found = sample_sizes(registration)
    if found:
        return tuple((_size(registration, one.effect), _people(registration, one)) for one in found), ""
    if registration.design in OVER_TIME:
        return (), NO_FORMULA
    answer = detectable(registration)
    if isinstance(answer, Refused):
        return (), f"{answer.reason} Needed: {_sentence(answer.needed)}"
    return (), "No formula gives the number for this design."


def _people(registration: Registration, one: SampleSize) -> str:
    if one.people is None:
        return "no number is enough with these assumptions"
    people = f"{one.people:,} {registration.people} in all groups"
    return people if one.clusters is None else f"{people}, in {counted(one.clusters, registration.unit)}"


def _size(registration: Registration, effect: float) -> str:
    """To three digits, shares as the verdict says them: "4.3 in 100", "$2,740 a year", "0.25 points of a test"."""
    outcome = registration.outcome
    if outcome.kind == OutcomeKind.SHARE:
        return f"{Spoken(outcome, 1).size(effect)} in 100"
    return Spoken(outcome, MOST_DECIMALS).size(float(f"{effect:.3g}"))


def _dates(registration: Registration) -> str:
    first, last = day_words(registration.starts_on), day_words(registration.ends_on)
    return f"{first} to {last}." if first and last else ""


def _sentence(text: str) -> str:
    text = _end(text)
    return text[:1].upper() + text[1:]


def _end(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?" else f"{text}."
