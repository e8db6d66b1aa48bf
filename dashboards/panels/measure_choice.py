"""Which measure is shown when nobody chose one."""

from atlas.measures import is_sensitive
from atlas.records.places import MeasureRecord

DEFAULT_RANK = "kfr_pooled_pooled_p25"  # the first screen's outcome
DEFAULT_MEASURE = "kfr_pooled_pooled_p25_usd_2015"  # the same outcome in the file without standard errors


def choose_measure(measures: tuple[MeasureRecord, ...], wanted: str | None) -> MeasureRecord | None:
    """The wanted measure, the default when none is named, None when there is no such measure.

    The default is the first screen's outcome in ranks while it has standard errors, so that the map can say what is
    noise; in dollars otherwise.
    """
    if wanted:
        return next((measure for measure in measures if measure.slug == wanted), None)
    proper = [measure for measure in measures if not is_sensitive(measure.slug)]
    tested = [measure for measure in proper if measure.slug == DEFAULT_RANK and measure.has_standard_error]
    dollars = [measure for measure in proper if measure.slug == DEFAULT_MEASURE]
    outcomes = [measure for measure in proper if measure.group == "outcome"]
    return next(iter(tested + dollars + outcomes + proper), None)
