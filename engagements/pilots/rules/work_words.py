"""A published result in the few words of a table's row. Pure."""

from atlas.formatting.money import format_unit_cost
from atlas.formatting.ranges import join_ends
from engagements.pilots.rules.sentences import OVER_TIME_WORDS
from engagements.results.records import ResultFields
from engagements.results.rules.sentences import as_known, format_number
from engagements.verdicts import Scale

_THOUSAND = 1000


def effect_words(fields: ResultFields) -> str:
    """ "+5 in 100", "+$1,948 a year", "1.4 times"; as the source words it where it gives no number; "" for nothing."""
    if fields.effect is None:
        return fields.size_in_words
    return f"{_number(fields.effect, fields)} {fields.unit}".strip()


def likely_words(fields: ResultFields) -> str:
    """ "+1 to +9", with its level where that is not 95: "+1 to +9 (90%)"; "" without an interval."""
    if fields.low is None or fields.high is None:
        return ""
    ends = join_ends(_number(fields.low, fields), _number(fields.high, fields))
    return ends if fields.level in (None, 95.0) else f"{ends} ({fields.level:g}%)"


def measured_words(fields: ResultFields) -> str:
    """ "4,000 people"; of an own test over time, which counts the same people in each period, "48 measurements"; ""
    where it is not known."""
    if not fields.participants:
        return ""
    is_over_time = bool(fields.verdict) and fields.design_words.startswith(OVER_TIME_WORDS)
    return f"{fields.participants:,} {'measurements' if is_over_time else 'people'}"


def cost_words(fields: ResultFields) -> str:
    """ "$0.04", "$28,290": for each unit that `cost_unit` names; "" where it is not known."""
    return format_unit_cost(fields.cost_usd, missing="")


def _number(value: float, fields: ResultFields) -> str:
    """To three digits, of the portal's own tests to one decimal: more would pass for knowing more than is known."""
    value = as_known(value, fields)
    value = float(f"{value:.3g}") if abs(value) < _THOUSAND else value
    return format_number(value) if fields.scale == Scale.DIFFERENCE else f"{value:,.4g}"
