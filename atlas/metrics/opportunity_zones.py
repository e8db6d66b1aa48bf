"""Opportunity Zones: which tracts were designated in 2018, and on what ground."""

from atlas.metrics.labels import NEITHER, MetricDefinition

PAGE = "https://www.cdfifund.gov/opportunity-zones"
DESIGNATED, CONTIGUOUS = "opportunity_zone", "opportunity_zone_contiguous"

DEFINITIONS = (
    MetricDefinition(
        DESIGNATED,
        "Designated Opportunity Zone",
        "yes_no",
        NEITHER,
        "The tract was designated a Qualified Opportunity Zone. The list is national: a 2010 tract not on it is none.",
        PAGE,
        "opportunity_zones",
    ),
    MetricDefinition(
        CONTIGUOUS,
        "Designated as a neighbor of a low-income community",
        "yes_no",
        NEITHER,
        "1: designated as a tract contiguous to a low-income community; 0: as a low-income community itself.",
        PAGE,
        "opportunity_zones",
    ),
)
