"""Which outcome the analyses are about: ranks and shares; incarceration and teenage births only if asked for."""

from atlas.measures import UNITS_ZERO_TO_ONE, is_sensitive
from atlas.records import MeasureRecord
from dashboards.options import UnknownChoice

DEFAULT_OUTCOME = "kfr_pooled_pooled_p25"


def outcomes(measures: tuple[MeasureRecord, ...]) -> tuple[MeasureRecord, ...]:
    """What an analysis can be about; incomes in dollars are analysed as ranks."""
    return tuple(m for m in measures if m.group == "outcome" and m.unit in UNITS_ZERO_TO_ONE)


def choose_outcome(measures: tuple[MeasureRecord, ...], wanted: str) -> MeasureRecord | None:
    """The outcome asked for, or the default; None while there is none. Raises UnknownChoice."""
    known = {m.slug: m for m in outcomes(measures)}
    offered = {slug: m for slug, m in known.items() if not is_sensitive(slug)}
    if not wanted:
        return known.get(DEFAULT_OUTCOME) or next(iter(offered.values()), None)
    if wanted not in known:
        raise UnknownChoice("measure", wanted, {slug: m.label for slug, m in offered.items()})
    return known[wanted]


def offer_outcomes(
    measures: tuple[MeasureRecord, ...], chosen: MeasureRecord | None = None
) -> tuple[MeasureRecord, ...]:
    """For the picker: no incarceration, no teenage births, unless that is what was asked for by its address."""
    return tuple(m for m in outcomes(measures) if not is_sensitive(m.slug) or m == chosen)
