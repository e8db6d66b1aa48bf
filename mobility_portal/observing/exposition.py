"""What `/metrics` says, in the text format of Prometheus: counts of all web processes, then all figures."""

import os
from collections.abc import Iterable
from datetime import datetime

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from mobility_portal.observing.figures import Figure
from mobility_portal.observing.reading import ReadSection, read_sections

CONTENT_TYPE = CONTENT_TYPE_LATEST
PREFIX = "portal_"


def exposition(now: datetime) -> bytes:
    """A section that can't be read is said as portal_section_readable 0; the others are there all the same."""
    return generate_latest(_of_processes()) + generate_latest(_of_sections(now))


def _of_processes() -> CollectorRegistry:
    """Every process of the web server writes its counts to a file of one folder; a single process has them itself."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return registry


def _of_sections(now: datetime) -> CollectorRegistry:
    found = read_sections(now)
    figures = [figure for section in found for figure in section.figures]
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Families([*_families(figures), _readable(found)]))
    return registry


class _Families:
    def __init__(self, families: list[GaugeMetricFamily]):
        self.families = families

    def collect(self) -> list[GaugeMetricFamily]:
        return self.families


def _families(figures: Iterable[Figure]) -> list[GaugeMetricFamily]:
    """One for each name; figures of one name have the same labels."""
    found: dict[str, GaugeMetricFamily] = {}
    for figure in figures:
        if figure.value is None:
            continue
        if figure.name not in found:
            found[figure.name] = GaugeMetricFamily(
                PREFIX + figure.name,
                f"{figure.name.replace('_', ' ').capitalize()}, as on /operations/.",
                labels=list(figure.labels),
            )
        found[figure.name].add_metric(list(figure.labels.values()), figure.value)
    return list(found.values())


def _readable(found: tuple[ReadSection, ...]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(PREFIX + "section_readable", "0 while a section can't be read.", labels=["section"])
    for read in found:
        family.add_metric([read.section.slug], float(read.is_readable))
    return family
