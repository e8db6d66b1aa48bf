"""The four selects of "Show [income] for [all] [children] of parents at the [25th percentile]", from what exists.

A measure is a subject (household income rank), a race, a gender and an income of the parents. Each select offers
only what exists under the choices before it, so nobody can pick a combination that nobody publishes; a form sent
without script may ask for one all the same, and gets the nearest.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from atlas.formatting.percentiles import ordinal
from atlas.measures import GENDERS, RACES, describe
from atlas.records.places import MeasureRecord

PARTS = ("subject", "race", "gender", "income")
SUBJECT_GROUPS = (
    ("outcome", "Outcomes of children who grew up here"),
    ("characteristic", "Neighborhood characteristics"),
    ("count", "Counts"),
)
RACE_WORDS = RACES | {"pooled": "all", "other": "other-race"}
_STAT = re.compile(r"p\d+|mean")
_EVERY_INCOME = "of any income"


@dataclass(frozen=True)
class Combination:
    """A measure's four parts; "" where it has none. `pattern` is its slug with the last three in braces."""

    slug: str
    subject: str
    race: str
    gender: str
    income: str
    pattern: str


@dataclass(frozen=True)
class Choice:
    """One option of a select."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Picker:
    """What the form shows: subjects under their group, and the options of the other three for what is chosen."""

    subjects: tuple[tuple[str, tuple[Choice, ...]], ...]
    races: tuple[Choice, ...]
    genders: tuple[Choice, ...]
    incomes: tuple[Choice, ...]


def take_apart(slug: str) -> Combination:
    """The four parts of a measure's slug. Raises UnknownMeasure.

    >>> take_apart("kfr_black_male_p25_usd_2015").subject
    'kfr_usd_2015'
    """
    words = describe(slug)
    if not words.race:
        return Combination(slug, slug, "", "", "", slug)
    who = f"{words.race}_{words.gender}"
    pattern = slug.replace(who, "{race}_{gender}", 1)
    income = words.stat if _STAT.fullmatch(words.stat) else ""
    if income:
        pattern = pattern.replace("}_" + income, "}_{income}", 1)
    subject = re.sub(r"_?\{\w+\}", "", pattern).strip("_")
    return Combination(slug, subject, words.race, words.gender, income, pattern)


def subject_label(combination: Combination) -> str:
    """A subject in the list: the measure's label for everybody."""
    if not combination.race:
        return describe(combination.slug).label
    everybody = combination.pattern.format(race="pooled", gender="pooled", income=combination.income)
    label = describe(everybody).label
    return label.replace(": all races, children", "")


def race_label(race: str) -> str:
    return RACE_WORDS.get(race, race)


def income_label(income: str) -> str:
    """ "p25" -> "at the 25th percentile"."""
    return f"at the {ordinal(int(income[1:]))} percentile" if income.startswith("p") else _EVERY_INCOME


def combinations(measures: tuple[MeasureRecord, ...]) -> tuple[Combination, ...]:
    """Every measure taken apart, in the order given."""
    return tuple(take_apart(measure.slug) for measure in measures)


def build_picker(measures: tuple[MeasureRecord, ...], chosen: str) -> Picker:
    """The selects with `chosen` (a slug among `measures`) in them."""
    every = combinations(measures)
    here = take_apart(chosen)
    groups = {measure.slug: measure.group for measure in measures}
    first: dict[str, Combination] = {}
    for one in every:
        first.setdefault(one.subject, one)
    subjects = tuple(
        (words, tuple(Choice(s, subject_label(o), s == here.subject) for s, o in first.items() if groups[o.slug] == g))
        for g, words in SUBJECT_GROUPS
    )
    same = [one for one in every if one.subject == here.subject]
    of_race = [one for one in same if one.race == here.race]
    of_both = [one for one in of_race if one.gender == here.gender]
    return Picker(
        tuple((words, choices) for words, choices in subjects if choices),
        _choices((one.race for one in same), here.race, RACES, race_label),
        _choices((one.gender for one in of_race), here.gender, GENDERS, GENDERS.get),
        _choices((one.income for one in of_both), here.income, (), income_label),
    )


def _choices(values: Iterable[str], chosen: str, order, label) -> tuple[Choice, ...]:
    """Options in a fixed order, none where the measure has no such part."""
    ranked = list(order)
    found = sorted(set(values) - {""}, key=lambda v: (ranked.index(v) if v in ranked else 0, _income_order(v)))
    return tuple(Choice(value, label(value), value == chosen) for value in found)


def _income_order(value: str) -> int:
    return int(value[1:]) if value[1:].isdigit() else 1000


def resolve(measures: tuple[MeasureRecord, ...], wanted: dict[str, str]) -> tuple[str, bool] | None:
    """(slug, whether it is exactly what was wanted) for parts as a form sends them; None without such a subject.

    Nearest: keeps the subject, then as many of race, gender and income as it can, in this order; what must be
    given up becomes everybody, and the income nearest to the one wanted.
    """
    same = [one for one in combinations(measures) if one.subject == wanted.get("subject")]
    if not same:
        return None

    def distance(one: Combination) -> tuple:
        asked = {part: wanted.get(part, "") for part in PARTS}
        return (
            _given_up(one.race, asked["race"]),
            _given_up(one.gender, asked["gender"]),
            abs(_income_order(one.income or "p0") - _income_order(asked["income"] or "p25")),
        )

    best = min(same, key=distance)
    exact = all(getattr(best, part) in ("", wanted.get(part) or getattr(best, part)) for part in PARTS[1:])
    return best.slug, exact


def _given_up(part: str, wanted: str) -> int:
    return 0 if part == wanted or not wanted and part == "pooled" else 1 if part == "pooled" else 2


def describe_population(wanted: dict[str, str], subject: str) -> str:
    """What a form asked for, in words made of known parts only; "" when some part is nobody's."""
    race, gender, income = (wanted.get(part, "") for part in PARTS[1:])
    if race not in RACES or gender not in GENDERS or not _STAT.fullmatch(income):
        return ""
    who = GENDERS[gender] if race == "pooled" else f"{RACES[race]} {GENDERS[gender]}"
    return f"{subject} for {who} of parents {income_label(income)}"


def narrowing(measures: tuple[MeasureRecord, ...]) -> dict[str, Any]:
    """For the script: words of every part, and per subject its pattern and a tree race -> gender -> incomes.

    Many subjects share a tree, so trees are numbered.
    """
    patterns: dict[str, str] = {}
    trees: dict[str, dict[str, dict[str, list[str]]]] = {}
    for one in combinations(measures):
        patterns.setdefault(one.subject, one.pattern)
        incomes = trees.setdefault(one.subject, {}).setdefault(one.race, {}).setdefault(one.gender, [])
        incomes.append(one.income)
    numbered: list[Any] = []
    subjects = {}
    for subject, tree in trees.items():
        ordered = {
            race: {g: sorted(tree[race][g], key=_income_order) for g in ("", *GENDERS) if g in tree[race]}
            for race in ("", *RACES)
            if race in tree
        }
        if ordered not in numbered:
            numbered.append(ordered)
        subjects[subject] = [patterns[subject], numbered.index(ordered)]
    every_income = {one.income for one in combinations(measures)} - {""}
    words = {
        "race": {race: race_label(race) for race in RACES},
        "gender": dict(GENDERS),
        "income": {income: income_label(income) for income in sorted(every_income, key=_income_order)},
    }
    return {"words": words, "subjects": subjects, "trees": numbered}
