"""Which measure is shown when nobody chose one."""

from atlas.measures import is_sensitive
from atlas.records import MeasureRecord

DEFAULT_MEASURE = "kfr_pooled_pooled_p25_usd_2015"


def choose_measure(measures: tuple[MeasureRecord, ...], wanted: str | None) -> MeasureRecord | None:
    """The wanted measure, the default when none is named, None when there is no such measure."""
    if wanted:
        return next((measure for measure in measures if measure.slug == wanted), None)
    proper = [measure for measure in measures if not is_sensitive(measure.slug)]
    first = [measure for measure in proper if measure.slug == DEFAULT_MEASURE]
    outcomes = [measure for measure in proper if measure.group == "outcome"]
    return next(iter(first + outcomes + proper), None)
