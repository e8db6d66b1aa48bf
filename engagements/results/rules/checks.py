"""What a result must be before it is kept or published: the same rules for a form, the API and the seed. Pure.

Each problem is (field, sentence); a part of a list is named as `arms.0.number` or `sources.1.url`.
"""

import math
import re
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlsplit

from engagements import limits
from engagements.results.records import DOCUMENT, LINK, NUMBERS, OWN, SOURCE_KINDS, Problems, ResultFields, Source
from engagements.verdicts import MEASURED_VERDICTS, VERDICTS, Design, Scale, Verdict, Wanted

_NEEDED = {
    "finding": "Say in a phrase what was found, for example “5 more in 100 had a job”.",
    "outcome": "Name what was measured.",
    "tried": "Say what was tried.",
    "reported_by": "Say who reports it.",
}
_CHOICES = {
    "design": tuple(Design),
    "scale": tuple(Scale),
    "wanted": tuple(Wanted),
    "reported_precision": ("day", "month", "year"),
    "verdict": ("", *Verdict),
}
_LENGTHS = {
    "finding": limits.SENTENCE,
    "outcome": limits.PHRASE,
    "unit": limits.EVIDENCE["unit"],
    "reported_by": limits.NAME,
    "design_words": limits.PHRASE,
    "size_in_words": limits.PHRASE,
    "size_source": limits.TITLE,
    "reach_unit": limits.PHRASE,
    "cost_unit": limits.PHRASE,
    "against": limits.SENTENCE,
    "outside_reason": limits.SENTENCE,
    "no_interval_reason": limits.SENTENCE,
    "own_data": limits.SENTENCE,
}
_SOURCE_LENGTHS = {
    "title": limits.TITLE,
    "url": limits.URL,
    "publisher": limits.NAME,
    "dated": limits.JOB_TITLE,
    "confidence": limits.SENTENCE,
    "says": limits.NOTE,
}


def validate(result: ResultFields, *, begins_on: date | None = None, today: date | None = None) -> Problems:
    """Everything wrong with it; empty: it may be kept. `begins_on`: of the initiative in this city."""
    return [
        *_texts(result),
        *_numbers(result),
        *_effect(result),
        *_size_in_words(result),
        *_arms(result),
        *_reach_and_cost(result),
        *_verdict(result),
        *_sources(result),
        *_dates(result, begins_on, today),
    ]


def _texts(result: ResultFields) -> Problems:
    found: Problems = [(name, sentence) for name, sentence in _NEEDED.items() if not getattr(result, name).strip()]
    for name, known in _CHOICES.items():
        if getattr(result, name) not in known:
            found.append((name, "Choose one of the list."))
    for name, value in vars(result).items():
        if isinstance(value, str) and len(value) > (most := _LENGTHS.get(name, limits.DEFINITION)):
            found.append((name, f"Shorten it to {most:,} characters."))
    if result.project is None and not result.is_outside:
        found.append(("project", "Choose the project it belongs to, or mark it as outside the initiative."))
    if result.is_outside and not result.outside_reason.strip():
        found.append(("outside_reason", "Say why it is not counted as the initiative's."))
    return found


def _numbers(result: ResultFields) -> Problems:
    found: Problems = []
    for name in NUMBERS:
        value = getattr(result, name)
        if value is not None and not math.isfinite(value):
            found.append((name, "This is not a number."))
        elif value is not None and (sentence := limits.find_number_problem(value)):
            found.append((name, sentence))
    for name in ("participants", "reach_number"):
        value = getattr(result, name)
        if value is not None and not 0 <= value <= limits.MOST_PEOPLE_STUDIED:
            found.append((name, "Give a whole number from 0 to a thousand million."))
    return found


def _effect(result: ResultFields) -> Problems:
    found: Problems = []
    effect, low, high = result.effect, result.low, result.high
    if effect is not None and not result.unit.strip():
        found.append(("unit", "An effect needs its unit, with the price year where it is money."))
    if effect is not None and result.scale == Scale.RATIO and effect <= 0:
        found.append(("effect", "A ratio is above 0; no change is 1."))
    if effect is None:
        found += [
            (name, "There is no effect that this could belong to.")
            for name in ("low", "high", "level")
            if getattr(result, name) is not None
        ]
        return found
    if low is None and high is None:
        if not result.no_interval_reason.strip():
            found.append(("no_interval_reason", "Give the interval, or say why there is none."))
        if result.level is not None:
            found.append(("level", "There is no interval that this could belong to."))
        return found
    if low is None or high is None:
        return [*found, ("low" if low is None else "high", "An interval has two ends.")]
    if low > high:
        found.append(("low", "The lower end is above the upper end."))
    elif not low <= effect <= high:
        found.append(("effect", "The effect lies outside its own interval."))
    if result.level is None or not 0 < result.level < 100:
        found.append(("level", "Say of which level the interval is, in percent. Most often it is 95."))
    return found


_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_NUMBER_WORDS = re.compile(r"\b(?:twice|thrice|half|halved?|doubled?|tripled?|quadrupled?|tenfold)\b", re.IGNORECASE)


def _numbers_in(words: str) -> set[str]:
    """Numbers of a text but for years: "50", "1,932", "twice"."""
    found = {one.replace(",", "") for one in _NUMBER.findall(words)} | {
        one.casefold() for one in _NUMBER_WORDS.findall(words)
    }
    return {one for one in found if not re.fullmatch(r"(19|20)\d\d", one)}


def _size_in_words(result: ResultFields) -> Problems:
    """A size that stands only in the finding would be told as "size not published"."""
    if not result.size_in_words.strip():
        found: Problems = []
        if result.size_source.strip():
            found.append(("size_source", "There is no size in words that this could belong to."))
        known = _numbers_in(f"{result.tried} {result.against} {result.outcome}")
        if result.effect is None and _numbers_in(result.finding) - known:
            sentence = "The finding holds a number. Give it as the effect, or here in the words of the source."
            found.append(("size_in_words", sentence))
        return found
    titles = {source.title.strip() for source in result.sources}
    if result.size_source.strip() not in titles:
        return [("size_source", "Say which of the sources words the size so.")]
    return []


def _arms(result: ResultFields) -> Problems:
    found: Problems = []
    if len(result.arms) > limits.RESULT_ARMS:
        found.append(("arms", f"At most {limits.RESULT_ARMS} groups."))
    for number, arm in enumerate(result.arms):
        if not arm.name.strip():
            found.append((f"arms.{number}.name", "Name the group."))
        if len(arm.name) > limits.NAME or len(arm.unit) > limits.EVIDENCE["unit"]:
            found.append((f"arms.{number}.name", "Shorten the name and the unit."))
        if arm.number is not None and not 0 <= arm.number <= limits.MOST_PEOPLE_STUDIED:
            found.append((f"arms.{number}.number", "Give a whole number from 0 to a thousand million."))
        if arm.value is not None and not math.isfinite(arm.value):
            found.append((f"arms.{number}.value", "This is not a number."))
        elif arm.value is not None and not arm.unit.strip():
            found.append((f"arms.{number}.unit", "A number needs its unit."))
    names = [arm.name.strip().casefold() for arm in result.arms]
    if len(set(names)) < len(names):
        found.append(("arms", "Two groups have the same name."))
    counted = [arm.number for arm in result.arms if arm.number is not None]
    if result.participants is not None and result.arms and len(counted) == len(result.arms):
        if sum(counted) != result.participants:
            found.append(("participants", f"The groups add up to {sum(counted):,}, not to {result.participants:,}."))
    return found


def _reach_and_cost(result: ResultFields) -> Problems:
    found: Problems = []
    if result.reach_number is not None and not result.reach_unit.strip():
        found.append(("reach_unit", "Say what is counted, for example families."))
    cost, year = result.cost_usd, result.cost_price_year
    if cost is not None and not (math.isfinite(cost) and 0 <= cost <= limits.MOST_USD):
        found.append(("cost_usd", "Give dollars from 0 to ten thousand million."))
    elif cost is not None and round(cost, 2) != cost:
        found.append(("cost_usd", "Give the cost in whole cents."))
    if cost is not None and year is None:
        found.append(("cost_price_year", "Say of which year's dollars the cost is."))
    if cost is not None and not result.cost_unit.strip():
        found.append(("cost_unit", "Say what it pays for: a person, a letter, the whole trial."))
    if cost is None and year is not None:
        found.append(("cost_price_year", "There is no cost that this could belong to."))
    if year is not None and not 1950 <= year <= 2100:
        found.append(("cost_price_year", "A year from 1950 to 2100."))
    return found


def _verdict(result: ResultFields) -> Problems:
    if not result.verdict or result.verdict not in VERDICTS:
        return []
    if not result.own_data.strip():
        sentence = "A verdict needs the portal's own data. For a published result leave it empty."
        return [("verdict", sentence)]
    if Verdict(result.verdict) in MEASURED_VERDICTS and (result.effect is None or result.low is None):
        return [("verdict", "This verdict needs an effect with its interval.")]
    return []


def _sources(result: ResultFields) -> Problems:
    if not result.sources:
        return [("sources", "Name at least one source.")]
    found: Problems = []
    if len(result.sources) > limits.RESULT_SOURCES:
        found.append(("sources", f"At most {limits.RESULT_SOURCES} sources."))
    for number, source in enumerate(result.sources):
        found += [(f"sources.{number}.{name}", sentence) for name, sentence in _source(source)]
        if source.kind == OWN and not result.own_data.strip():
            found.append((f"sources.{number}.kind", "Say which own data: the portal’s own data are the source."))
    return found


def _source(source: Source) -> Iterator[tuple[str, str]]:
    if not source.title.strip():
        yield "title", "Name the source."
    if source.kind not in dict(SOURCE_KINDS):
        yield "kind", "Choose one of the list."
    if source.kind == LINK and not source.url:
        yield "url", "Give the address, beginning with https://."
    if source.url and not is_https(source.url):
        yield "url", "Give a whole address that begins with https://."
    if source.kind == DOCUMENT and source.document is None:
        yield "document", "Choose a document of this engagement."
    for name, most in _SOURCE_LENGTHS.items():
        if len(getattr(source, name)) > most:
            yield name, f"Shorten it to {most:,} characters."


def is_https(address: str) -> bool:
    """A whole https address without a user name in it, and nothing a browser would read otherwise."""
    if not re.fullmatch(r"https://[^\s<>\"'\\]+", address, re.ASCII):
        return False
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and "." in str(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def _dates(result: ResultFields, begins_on: date | None, today: date | None) -> Problems:
    found: Problems = []
    if result.measured_from and result.measured_to and result.measured_to < result.measured_from:
        found.append(("measured_to", "It ends before it begins."))
    for name in ("measured_from", "measured_to", "reported_on"):
        day = getattr(result, name)
        last = latest_day(day, result.reported_precision) if day and name == "reported_on" else day
        if day and last and begins_on and not result.is_outside and last < begins_on:
            words = f"{begins_on:%B} {begins_on.day}, {begins_on.year}"
            found.append((name, f"This is before the initiative, which began here on {words}."))
        if day and today and name == "reported_on" and day > today:
            found.append((name, "This day is still to come."))
    if result.reported_precision in _FIRST_DAYS and result.reported_on is None:
        found.append(("reported_on", "Give a day in that month or year, or choose the day."))
    return found


_FIRST_DAYS: dict[str, dict[str, int]] = {"month": {"day": 1}, "year": {"month": 1, "day": 1}}


def first_day(day: date, precision: str) -> date:
    """The day that is kept: March 2019 is 2019-03-01, the year 2019 is 2019-01-01."""
    return day.replace(**_FIRST_DAYS.get(precision, {}))


def latest_day(day: date, precision: str) -> date:
    """The last day it can have been."""
    first = first_day(day, precision)
    if precision == "year":
        return first.replace(month=12, day=31)
    if precision == "month":
        return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return day
