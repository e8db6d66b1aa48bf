"""Template filters: the only place, with findings, where a number is rounded."""

from django import template

from dashboards.formatting import numbers as number_words

register = template.Library()
register.filter("percentile", number_words.as_percentile)
register.filter("percent", number_words.as_percent)
register.filter("money", number_words.as_money)
register.filter("money_about", number_words.as_money_about)
register.filter("count", number_words.as_count)
register.filter("ranks", number_words.as_ranks)
register.filter("rank_error", lambda error: number_words.as_error(error, "rank"))
register.filter("change", number_words.as_change)
register.filter("unit_words", number_words.unit_words)


@register.filter
def picker_label(measure) -> str:
    """A measure in a list: outcomes say whose they are, because low-income and all children are different people."""
    if measure.group != "outcome":
        return measure.label
    label, _, whose = measure.label.rpartition(", ")
    if not label or not measure.population.startswith(whose):
        label = measure.label
    return f"{label} – {measure.population.removesuffix(', born 1978–83')}"
