"""Birth years and outcome years of the sources behind a picture, in the words that stand inside it."""

import re

from atlas.records.places import Source
from dashboards.formatting.sentences import with_dashes

_BIRTHS = re.compile(r"\b(?:born|births) (\d{4}[-–]\d\d)\b")
_YEARS = re.compile(r"\b(?:outcomes|incomes) (?:in|of) (\d{4}[-–]\d\d)\b")
_YOUNGER = re.compile(r"\boutcomes at younger ages\b")
_INCARCERATED = re.compile(
    r"\(incarceration: (?:1 April|April 1,) 2010\)"
)  # portals that were set up before keep the first


def years_of(sources: tuple[Source, ...], *, with_incarceration: bool = False) -> str:
    """ "Children born 1978–83; outcomes of 2014–15." A vintage without birth years is of no outcome: "" for those.

    `with_incarceration`: the day of its count too, which one file holds beside outcomes of other years.
    """
    return years_in([source.vintage for source in sources], with_incarceration=with_incarceration)


def years_in(said: list[str], *, with_incarceration: bool = False) -> str:
    """The same, of vintages or of credits that hold them."""
    births = _each(_BIRTHS, said)
    if not births:
        return ""
    years = _each(_YEARS, said)
    outcomes = [f"outcomes of {' and '.join(years)}"] if years else []
    outcomes += ["outcomes at younger ages"] if any(_YOUNGER.search(words) for words in said) else []
    if with_incarceration and any(_INCARCERATED.search(words) for words in said):
        outcomes.append("incarceration on April 1, 2010")
    return "; ".join([f"Children born {' and '.join(births)}", *outcomes]) + "."


def _each(pattern: re.Pattern[str], said: list[str]) -> list[str]:
    return [with_dashes(found) for found in dict.fromkeys(years for words in said for years in pattern.findall(words))]
