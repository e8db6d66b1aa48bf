"""Which outcome the analyses are about: ranks and shares; incarceration and teenage births only if asked for."""

from atlas.measures import UNITS_ZERO_TO_ONE, is_sensitive
from atlas.records.places import MeasureRecord
from atlas.shown_labels import is_confirmed
from dashboards.panels.options import UnknownChoice

DEFAULT_OUTCOME = "kfr_pooled_pooled_p25"


def outcomes(measures: tuple[MeasureRecord, ...]) -> tuple[MeasureRecord, ...]:
    """What an analysis can be about; incomes in dollars are analyzed as ranks."""
    return tuple(m for m in measures if m.group == "outcome" and m.unit in UNITS_ZERO_TO_ONE)


def why_refused(measures: tuple[MeasureRecord, ...], wanted: str, done: str) -> str:
    """Why a live measure is not `done` ("compared", "analyzed") here; "" for one that is not live."""
    found = next((m for m in measures if m.slug == wanted), None)
    if found is None:
        return ""
    if found.group != "outcome":
        return f"is not {done} here because it is no outcome of children, so it has no average over children"
    if not is_confirmed(found.unit):
        return f"is not {done} here because nobody has confirmed its unit yet"
    if not found.unit.startswith("usd") and found.unit not in UNITS_ZERO_TO_ONE:
        return f"is not {done} here because only percentiles and shares are"
    if found.unit not in UNITS_ZERO_TO_ONE:
        return f"is not {done} here because dollars are never averaged: ask for the percentile"
    if is_sensitive(found.slug):
        return f"is not {done} here because incarceration and births to teenagers are never set side by side"
    return ""


def choose_outcome(measures: tuple[MeasureRecord, ...], wanted: str) -> MeasureRecord | None:
    """The outcome asked for, or the default; None while there is none. Raises UnknownChoice."""
    known = {m.slug: m for m in outcomes(measures)}
    offered = {slug: m for slug, m in known.items() if not is_sensitive(slug)}
    if not wanted:
        return known.get(DEFAULT_OUTCOME) or next(iter(offered.values()), None)
    if wanted not in known:
        words = {slug: m.label for slug, m in offered.items()}
        raise UnknownChoice("measure", wanted, words, why_refused(measures, wanted, "analysed"))
    return known[wanted]


def offer_outcomes(
    measures: tuple[MeasureRecord, ...], chosen: MeasureRecord | None = None
) -> tuple[MeasureRecord, ...]:
    """For the picker: no incarceration, no teenage births, unless that is what was asked for by its address."""
    return tuple(m for m in outcomes(measures) if not is_sensitive(m.slug) or m == chosen)
