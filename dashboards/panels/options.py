"""What a reader may choose on a place's pages: the same words in the page, the API, the CSV and the pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

VIEWS = {
    "raw": "beside the US",
    "within": "within this place",
    "shrunk": "adjusted for small samples",
    "tiers": "clearly above or below",
}
WEIGHTINGS = {"majority": "whole tracts", "share": "each tract by its share of area inside"}
TODAY = "today"
DOLLARS = {"2015": "2015 dollars, as published", TODAY: "dollars of the last month of prices"}
# What read_options reads of an address.
PARAMETERS = ("measure", "view", "weights", "overlay", "metric", "context", "dollars")
_LONGEST = 200


class UnknownChoice(LookupError):
    """A value nobody offers; carries what there is (value -> words), for the page that says so.

    `because`: why a value that exists elsewhere is not offered here, "" for one that does not exist.
    """

    def __init__(self, name: str, wanted: str, known: Mapping[str, str], because: str = ""):
        self.name, self.wanted, self.known, self.because = name, wanted, dict(known), because
        said = f"There is no {name} '{wanted[:60]}' here." if known else f"No {name} has been imported yet."
        super().__init__(f"The {name} '{wanted[:60]}' exists, but {because}." if because else said)

    @property
    def parameter(self) -> str:
        """Its name in an address."""
        return {"weighting": "weights", "city": "cities"}.get(self.name, self.name)


class NotOffered(UnknownChoice):
    """A value that exists and is not shown here; `why` says so in a sentence."""

    def __init__(self, name: str, wanted: str, known: Mapping[str, str], why: str):
        super().__init__(name, wanted, known, because=why)
        self.args = (why,)


@dataclass(frozen=True)
class Options:
    """`measure` and `overlay` are slugs, "" for the default and for none; `metrics` are slugs of yearly metrics."""

    measure: str = ""
    view: str = "raw"
    weights: str = "majority"
    overlay: str = ""
    metrics: tuple[str, ...] = ()
    dollars: str = ""  # "today": incomes in those of the last month of prices
    context: str = ""  # "read": the words before a map of incarceration or teenage birth by race or gender were

    def only(self, names: frozenset[str]) -> "Options":
        """These options with everything a panel does not take at its default: one panel, one place in the cache.

        The dollars stay: they are the reader's, not the panel's.
        """
        kept = {*names, "dollars"}
        plain: dict[str, Any] = {field.name: field.default for field in fields(self) if field.name not in kept}
        return replace(self, **plain)

    def query(self) -> str:
        """What an address needs to show the same again, "" where everything is at its default."""
        chosen = [(f.name, getattr(self, f.name)) for f in fields(self) if getattr(self, f.name) != f.default]
        return urlencode([(name.removesuffix("s") if name == "metrics" else name, v) for name, v in chosen], doseq=True)


def read_dollars(params: QueryDict) -> str:
    """ "" or "today". Raises UnknownChoice."""
    asked = params.get("dollars", "")
    if asked not in ("", *DOLLARS):
        raise UnknownChoice("dollars", asked, DOLLARS)
    return TODAY if asked == TODAY else ""


def read_options(params: QueryDict) -> Options:
    """From a QueryDict. Raises UnknownChoice for a view or weighting nobody offers; who uses a slug checks it."""
    found = Options(
        measure=params.get("measure", "")[:_LONGEST],
        view=params.get("view", "") or "raw",
        weights=params.get("weights", "") or "majority",
        overlay=params.get("overlay", "")[:_LONGEST],
        metrics=tuple(metric[:_LONGEST] for metric in params.getlist("metric"))[:12],
        dollars=read_dollars(params),
        context="read" if params.get("context") == "read" else "",
    )
    for name, wanted, known in (("view", found.view, VIEWS), ("weighting", found.weights, WEIGHTINGS)):
        if wanted not in known:
            raise UnknownChoice(name, wanted, known)
    return found
