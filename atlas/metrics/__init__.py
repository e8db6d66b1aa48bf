"""Context around people, in words: yearly, monthly and weekly series of places. None is a mobility outcome.

The children's outcomes of the Opportunity Atlas are in `atlas.measures`; nothing is in both.
"""

from atlas.metrics import economic_tracker, opportunity_zones, social_capital, upward_mobility
from atlas.metrics.labels import DIRECTIONS, UNITS, MetricDefinition, UnknownMetric

METRICS: dict[str, MetricDefinition] = {
    words.slug: words
    for module in (upward_mobility, economic_tracker, social_capital, opportunity_zones)
    for words in module.WORDS
}
CONTEXT = "Conditions around people, not a mobility outcome."

__all__ = ["CONTEXT", "DIRECTIONS", "METRICS", "UNITS", "MetricWords", "UnknownMetric", "describe"]


def describe(slug: str) -> MetricDefinition:
    """Words of a metric. Raises UnknownMetric."""
    try:
        return METRICS[slug]
    except KeyError:
        raise UnknownMetric(slug) from None
