"""Every metric that a source of context publishes, by its slug."""

from atlas.metrics import economic_tracker, opportunity_zones, social_capital, upward_mobility
from atlas.metrics.labels import MetricDefinition, UnknownMetric

METRICS: dict[str, MetricDefinition] = {
    definition.slug: definition
    for module in (upward_mobility, economic_tracker, social_capital, opportunity_zones)
    for definition in module.DEFINITIONS
}
CONTEXT_NOTE = "Conditions around people, not a mobility outcome."


def describe_metric(slug: str) -> MetricDefinition:
    """Label, unit, direction and description of a metric. Raises UnknownMetric."""
    try:
        return METRICS[slug]
    except KeyError:
        raise UnknownMetric(slug) from None
