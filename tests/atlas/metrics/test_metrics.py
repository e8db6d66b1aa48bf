"""Every metric of context has words, a unit and a direction, and none is taken for a mobility outcome."""

import pytest

from atlas import measures
from atlas.metrics.catalog import METRICS, describe_metric
from atlas.metrics.labels import DIRECTIONS, UNITS, UnknownMetric


@pytest.mark.parametrize("slug", sorted(METRICS))
def test_words_unit_direction_and_page(slug):
    words = describe_metric(slug)
    assert words.slug == slug and words.label[:1].isupper() and words.description.endswith(".")
    assert words.unit in UNITS and words.unit_words and words.direction in DIRECTIONS
    assert words.source_page.startswith("https://") and words.family


def test_labels_are_told_apart_within_a_family():
    labels = [(words.family, words.label) for words in METRICS.values()]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("slug", sorted(METRICS))
def test_no_metric_has_the_name_of_an_outcome(slug):
    with pytest.raises(measures.UnknownMeasure):
        measures.describe(slug)


def test_an_unknown_metric_is_said_to_be_one():
    with pytest.raises(UnknownMetric):
        describe_metric("kfr_pooled_pooled_p25")
