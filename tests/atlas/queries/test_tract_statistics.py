"""Tiers, steadied values and rank sets of a place, through the real pipeline."""

import numpy as np
import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from atlas.ingest import locks, rank_sets
from atlas.models import TractRankSet
from atlas.queries import cities as city_queries
from atlas.queries.headlines import headline
from atlas.queries.live import consistent_reads, live_catalog
from atlas.queries.measures import tract_vector
from atlas.queries.members import members
from atlas.queries.rank_sets import NOT_COMPUTED_YET, rank_set
from atlas.queries.tract_statistics import tract_statistics
from atlas.queries.weights import weights_for
from atlas.records.places import AreaRecord
from atlas.statistics.tiers import sort_into_tiers
from tests.factories import files, portal
from tests.factories import groups as small

pytestmark = pytest.mark.django_db
SLUG = "kfr_pooled_pooled_p25"
# Two city tracts far apart and sure; one without a value; the fourth lies outside; more of the county behind them.
ROWS = {
    "26163500100": (".50", ".01", "900"),
    "26163500200": (".30", ".01", "900"),
    "26163500300": ("", "", "100"),
    "26163500400": (".41", ".15", "20"),
} | {f"26163{6000 + i:06d}": (str(round(0.35 + 0.01 * (i % 9), 2)), ".02", "300") for i in range(20)}


@pytest.fixture
def city(tmp_path):
    """A city whose outcome has standard errors; one of three tracts has no value, a fourth lies outside."""
    found = portal.add_city()
    portal.build_maps(tmp_path, found)
    portal.ingest(files.simple_tracts(tmp_path / "tract_outcomes_simple.csv", ROWS))
    return city_queries.city(found.slug)


def test_each_tract_has_its_tier_its_steadied_value_or_the_reason(city):
    found = tract_statistics(city, SLUG)
    assert found.reason == ""
    assert found.tiers == ("above", "below", "", "")
    assert found.untested[2] == "no value is published for this tract"
    assert found.untested[3] == "it lies mostly outside, so it is not tested"
    assert found.mean == pytest.approx(0.4)  # equal counts of children
    assert found.mean_standard_error == pytest.approx(0.01 / 2**0.5)
    assert found.fitted_tracts == 23  # every tract of the county with a value
    assert 0.30 < found.shrunk[1] < found.shrunk[0] < 0.50  # drawn together
    assert np.isnan(found.shrunk[2])
    assert found.unreliable.tolist() == [False, False, False, True]  # standard error far above the spread
    assert (found.shrunk_sd[[0, 1, 3]] > 0).all()


def test_a_place_of_tracts_without_values_says_why_while_its_county_has_some(city):
    """The county's tracts give a prior; there is nothing to draw toward it."""
    codes = ((26163500300, 1.0, True),)
    area = AreaRecord("lake", "Lake", "Michigan", "MI", (), 1, 0, False, False, codes, "picked", ("springfield",))
    found = tract_statistics(area, SLUG)
    assert found.reason == "no tract has both a value and a weight"
    assert found.tiers == ("",) and np.isnan(found.shrunk).all() and found.mean is None


def test_what_allows_no_test_says_why(city, tmp_path):
    portal.ingest(files.shown_tract(tmp_path / "jail.csv", dict.fromkeys(ROWS, ".05"), files.SHOWN["jail"]))
    portal.ingest(files.shown_tract(tmp_path / "poor.csv", dict.fromkeys(ROWS, ".2"), files.SHOWN["poor"]))
    portal.ingest(files.shown_tract(tmp_path / "usd.csv", dict.fromkeys(ROWS, "20000")))
    reasons = {
        "jail_pooled_pooled_mean": "shown as original estimates only",
        "poor_share2016": "only children's outcomes are tested",
        f"{SLUG}_usd_2015": "the file loaded here has no margin of error",
    }
    for slug, said in reasons.items():
        found = tract_statistics(city, slug)
        assert said in found.reason
        assert set(found.tiers) == {""}
        assert np.isnan(found.shrunk).all()
    with pytest.raises(LookupError):
        tract_statistics(city, "nonsense")


def test_the_mean_and_its_standard_error_are_the_headlines_and_a_county_moves_no_tier(tmp_path):
    """Wayne publishes .42 (standard error .009, larger than the formula's) where its tracts average .40071."""
    small.build(tmp_path)
    place = city_queries.city("springfield")
    shown, found = headline(place), tract_statistics(place, SLUG)
    assert (found.mean, found.mean_standard_error) == (shown.value, shown.standard_error)
    assert shown.inflation.applies and shown.basis == "benchmarked" and shown.value != shown.raw_value
    vector = tract_vector(SLUG).vector
    codes = members(place).own
    values, errors = vector.at(codes)
    plain = sort_into_tiers(values, weights_for(live_catalog().find("tract", SLUG), SLUG).at(codes), errors)
    assert found.tiers[:3] == plain.tier


def test_statistics_cost_the_same_queries_with_more_tracts_and_none_when_warm(city):
    with consistent_reads(), CaptureQueriesContext(connection) as cold:  # as within a request
        tract_statistics(city, SLUG)
    with CaptureQueriesContext(connection) as warm:
        tract_statistics(city, SLUG)
    assert len(cold) < 9  # with what the headline reads: its mean is the one tracts are tested against
    assert len(warm) == 1  # the generation


def test_rank_sets_are_worked_out_once_and_again_only_when_something_changed(city, tmp_path):
    assert rank_set(city, "26163500100", SLUG).reason == NOT_COMPUTED_YET
    assert rank_sets.compute_missing() == 1
    first = rank_set(city, "26163500100", SLUG)
    assert (first.low, first.high, first.of, first.reason) == (1, 1, 2, "")
    second = rank_set(city, "26163500200", SLUG)
    assert (second.low, second.high) == (2, 2)
    assert "no value" in rank_set(city, "26163500300", SLUG).reason
    assert "mostly outside" in rank_set(city, "26163500400", SLUG).reason
    assert rank_sets.compute_missing() == 0
    changed = ROWS | {"26163500100": (".30", ".05", "900")}
    portal.ingest(files.simple_tracts(tmp_path / "tract_outcomes_simple.csv", changed))
    assert rank_set(city, "26163500100", SLUG).reason == NOT_COMPUTED_YET  # of another release
    assert rank_sets.compute_missing() == 1
    again = rank_set(city, "26163500100", SLUG)
    assert (again.low, again.high) == (1, 2)
    assert TractRankSet.objects.count() == 1  # the release before answers no more


def test_sets_made_by_an_older_method_are_worked_out_anew(city):
    """Sets of one tract at a time are narrower than sets that hold for all tracts together."""
    rank_sets.compute_missing()
    TractRankSet.objects.update(method="marginal")
    assert rank_set(city, "26163500100", SLUG).reason == NOT_COMPUTED_YET
    assert rank_sets.compute_missing() == 1
    assert rank_set(city, "26163500100", SLUG).reason == ""


def test_a_file_without_standard_errors_gives_no_ranks_and_says_so(city, tmp_path):
    portal.ingest(files.shown_tract(tmp_path / "usd.csv", dict.fromkeys(ROWS, "20000")))
    rank_sets.compute_missing()
    assert "published standard errors" in rank_set(city, "26163500100", f"{SLUG}_usd_2015").reason


@pytest.mark.django_db(transaction=True)
def test_only_one_worker_is_at_it(city):
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [locks.RANK_SETS, locks._key("")])
            assert rank_sets.compute_missing() == 0
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [locks.RANK_SETS, locks._key("")])
    finally:
        other.close()
    assert rank_sets.compute_missing() == 1
