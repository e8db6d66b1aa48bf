"""Every metric that a source of context publishes, by its slug."""

from atlas.metrics.labels import MetricDefinition, UnknownMetric
from atlas.sources.registry import all_sources

METRICS: dict[str, MetricDefinition] = {
    definition.slug: definition for source in all_sources().values() for definition in source.METRICS
}
CONTEXT_NOTE = "Conditions around people, not a mobility outcome."


def describe_metric(slug: str) -> MetricDefinition:
    """Label, unit, direction and description of a metric. Raises UnknownMetric."""
    try:
        return METRICS[slug]
    except KeyError:
        raise UnknownMetric(slug) from None
