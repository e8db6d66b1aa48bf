"""The page of methods: every entry complete, every worked number the one the functions give."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboards.methods.entries import ANCHORS, ENTRIES
from dashboards.methods.texts.refused import REFUSED
from dashboards.methods.worked_examples import WITH_EXAMPLE, worked
from dashboards.panels.catalog import KINDS
from dashboards.panels.method_anchors import (
    BOUNDARY,
    CHANGING,
    CITY_MEAN,
    CORRELATIONS,
    COUNTY_ADJUSTMENT,
    DISPERSION,
    DOLLARS,
    GAPS,
    NOT_DONE,
    PERCENTILES,
    RANK_SETS,
    SEGREGATION,
    SHRINKAGE,
    SIDES,
    STANDARD_ERROR,
    TIERS,
    VERDICT_RULE,
    WEIGHTS,
)

BANNED = re.compile(
    r"low-opportunity|\b(bad|failing|worst|proves?|caused|impact of|effect of)\b|todo|coming soon", re.IGNORECASE
)
# Worked out elsewhere: by hand, or with R and numpy on the same inputs.
KNOWN = {
    BOUNDARY: {"shares": (0.6, 0.4)},
    CITY_MEAN: {"value": 0.3655, "unweighted": 0.376},
    COUNTY_ADJUSTMENT: {"modelled": 0.35, "value": 0.31, "standard_error": 0.0073485},
    STANDARD_ERROR: {
        "formula": 0.00726149,
        "ratio": 1.25,
        "used": 0.0090768625,
        "interval": (0.3477097, 0.3832903),
    },
    WEIGHTS: {"at_50000": 0.672607, "at_100000": 0.280183},
    DOLLARS: {"converted": 16_000, "mean_of_dollars": 20_000},
    PERCENTILES: {"rank": 0.4375},
    TIERS: {"d": (-0.0655, -0.0155, 0.0345, 0.0845, 0.0145)},
    SIDES: {"limit": 2.4909, "counts": (1, 1, 2)},
    SHRINKAGE: {"means": (0.30850649, 0.35120052, 0.39347579, 0.42875698, 0.37947842)},
    RANK_SETS: {"sets": ((1, 1), (2, 3), (2, 3), (4, 4))},
    GAPS: {"value": 0.123, "standard_error": 0.02163331, "interval": (0.0805995, 0.1654005)},
    DISPERSION: {"total": 0.0011914167, "noise": 0.00026125, "signal": 0.0009301667, "reliability": 0.7807232},
    CORRELATIONS: {
        "r": -0.7806507,
        "effective": 4.8668406,  # by the loops of tests/reference/associations.py
        "p": 0.1289732,
        "interval": (-0.9854756, 0.3494555),
    },
    SEGREGATION: {"dissimilarity": 0.5569971, "isolation": 0.5407092, "exposure": 0.4592908, "H": 0.3073183},
    CHANGING: {"verdicts": ("apart", "overlap")},
    VERDICT_RULE: {"words": ("worked", "did_not_work", "cannot_tell")},
}


def test_every_example_is_held_against_a_known_value():
    assert KNOWN.keys() == WITH_EXAMPLE <= ANCHORS


@pytest.mark.parametrize("anchor", sorted(KNOWN))
def test_worked_numbers_are_those_of_the_functions(anchor):
    found = worked(anchor)
    for name, known in KNOWN[anchor].items():
        value = found.numbers[name]
        if isinstance(known, tuple) and not isinstance(known[0], float):
            assert tuple(value) == known, name
        else:
            assert value == pytest.approx(known, rel=2e-5), name


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.anchor)
def test_each_entry_has_question_words_limits_and_source(entry):
    assert entry.question.endswith("?") and entry.words and entry.limits and entry.citation
    assert not entry.citation.endswith(".") and re.fullmatch(r"[a-z-]+", entry.anchor)
    assert all(text.endswith((".", "?")) for text in (*entry.words, *entry.limits))
    said = " ".join([entry.title, entry.question, *entry.words, *entry.limits])
    assert not BANNED.search(said) and "http" not in said


@pytest.mark.parametrize("anchor", sorted(KNOWN))
def test_the_sentences_of_examples_hold_no_careless_word(anchor):
    found = worked(anchor)
    assert found is None or (found.said.endswith(".") and not BANNED.search(found.said) and "nan" not in found.said)


def test_anchors_are_each_used_once_and_every_panel_has_one():
    anchors = [entry.anchor for entry in ENTRIES]
    assert len(set(anchors)) == len(anchors) and NOT_DONE not in anchors
    assert {kind.method for kind in KINDS.values()} <= ANCHORS


@pytest.mark.django_db
def test_the_page_shows_every_entry_and_every_link_on_it_leads_somewhere(client):
    page = client.get("/methods/").content.decode()
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(set(ids)) == len(ids) and set(ids) >= ANCHORS
    assert set(re.findall(r'href="#([a-z-]+)"', page)) <= set(ids)
    text = unescape(page)
    for entry in ENTRIES:
        for part in (entry.title, entry.question, *entry.words, *entry.formula, *entry.limits, entry.citation):
            assert part in text, (entry.anchor, part)
    shown = [found for anchor in KNOWN if (found := worked(anchor))]
    assert len(shown) >= 6 and all(found.said in text for found in shown)
    for what, why in REFUSED:
        assert what in text and why in text


@pytest.mark.django_db
def test_every_page_leads_to_the_methods(client):
    page = client.get("/data/").content.decode()
    header, footer = page.split("<main")[0], page.split("</main>")[1]
    assert 'href="/data/"' in header and 'href="/methods/"' in footer


@pytest.mark.django_db
def test_the_page_reads_nothing_but_whether_the_sample_is_live(client):
    client.get("/methods/")
    with CaptureQueriesContext(connection) as seen:
        client.get("/methods/")
    assert len(seen) <= 1
