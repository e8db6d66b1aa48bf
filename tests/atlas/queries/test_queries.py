"""Headlines and tracts of a small portal, against plain arithmetic."""

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from atlas.queries import cities as city_queries
from atlas.queries import live
from atlas.queries.cities import cities
from atlas.queries.headlines import headline, headlines
from atlas.queries.live import consistent_reads
from atlas.queries.measures import available_measures
from atlas.queries.tracts import national_histogram, place_tracts
from atlas.queries.weights import modelled
from atlas.statistics.crosswalk import Crosswalk
from tests.factories import files, portal
from tests.reference import weighted

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(tmp_path):
    portal.build(tmp_path)
    return city_queries.city("springfield")


def test_the_city_record_counts_its_tracts(city):
    assert (city.tract_count, city.edge_count, city.county_names) == (3, 2, ("Wayne County",))


def test_ranks_are_averaged_and_converted_once(city):
    found = headline(city)
    usd = np.array(portal.crosswalk_rows())
    rule = Crosswalk(usd)
    ranks, _ = rule.ranks(np.array([20_000.0, 30_000.0]))
    weight = modelled(live.live_catalog()).at(np.array([26163500100, 26163500200]))
    expected = float(np.average(ranks, weights=weight))
    assert found.raw_value == pytest.approx(expected, abs=1e-6)
    assert found.raw_usd == pytest.approx(weighted.income_at(expected, usd), rel=1e-5)
    assert found.usd == pytest.approx(weighted.income_at(found.value, usd), rel=1e-5)
    assert found.raw_usd != pytest.approx(float(np.average([20_000, 30_000], weights=weight)), rel=1e-3)


def test_what_is_not_known_is_said(city):
    found = headline(city)
    assert found.standard_error is None and "no margin of error" in found.standard_error_reason
    assert (found.tracts_used, found.tracts_total) == (2, 3)
    assert 0.6 < found.coverage < 0.8, "the third tract is suppressed"
    assert "modeled weight" in found.weight_rule
    assert "inverse of the source's" in found.derivation
    assert 0.9 < found.area_rule_coverage < 1


def test_the_published_county_value_comes_first_with_its_error(city):
    county, zone, nation = headline(city).references
    assert (county.value, county.standard_error, county.rule) == (0.34619635, 0.00091179216, "published")
    assert zone.name == "Detroit (zone 11600)" and nation.name == "United States"
    assert nation.rule.startswith("modeled weight")
    found = headline(city)
    assert found.measured_error == pytest.approx(county.raw_value - county.value)
    assert found.value == pytest.approx(found.raw_value - found.measured_error)


def test_zero_dollars_are_counted_not_interpolated(city):
    from atlas.queries.measures import tract_vector

    found = tract_vector("kfr_pooled_pooled_p25")
    values, _ = found.vector.at(np.array([36055000200]))
    assert values[0] == pytest.approx(0.09)
    assert found.at_or_below_zero.sum() == 1


def test_tracts_carry_value_percentile_share_and_reason(city):
    found = place_tracts(city, "kfr_pooled_pooled_p25_usd_2015")
    assert found.geoids == ("26163500100", "26163500200", "26163500300", "26163500400")
    assert found.values[:2].tolist() == [20000, 30000] and np.isnan(found.values[2])
    reference = [20000, 30000, 25000, 40000, 0, 35000]
    assert found.national_percentiles[0] == pytest.approx(100 * weighted.midrank(20000, reference, [1] * 6))
    assert found.belongs.tolist() == [True, True, True, False]
    assert found.standard_errors is None and found.counts is None


def test_an_unknown_measure_is_named(city):
    from atlas.queries.tracts import MeasureNotLive

    with pytest.raises(MeasureNotLive):
        place_tracts(city, "kfr_martian_pooled_p25")


def test_sensitive_outcomes_come_after_the_others(city):
    slugs = [m.slug for m in available_measures()]
    outcomes = [m.slug for m in available_measures() if m.group == "outcome"]
    assert slugs[0] == "kfr_pooled_pooled_p25" and outcomes[-1] == "jail_pooled_pooled_mean"


def test_the_national_histogram_sums_to_one(city):
    edges, shares = national_histogram("poor_share2016", bins=5)
    assert len(edges) == 6 and shares.sum() == pytest.approx(1)


def test_without_ingredients_the_reason_is_given(tmp_path):
    portal.add_city()
    found = headline(city_queries.city("springfield"))
    assert found.value is None and "not been imported" in found.reason
    portal.ingest(files.shown_tract(tmp_path / "a.csv", {"26163500100": "20000"}))
    assert headline(city_queries.city("springfield")).value is None
    assert "kfr_pooled_pooled_p25" not in {m.slug for m in available_measures()}, "no crosswalk, no rank"


def test_queries_do_not_grow_with_cities(tmp_path):
    portal.build(tmp_path)
    headlines(cities())

    def count():
        headlines(cities())
        with CaptureQueriesContext(connection) as seen:
            headlines(cities())
        return len(seen)

    one = count()
    for i in range(8):
        portal.add_city(f"town-{i}", f"26{i:05d}")
    assert 0 < one <= 6 and count() == one


def test_a_flip_in_the_middle_of_an_answer_does_not_mix_releases(city, tmp_path):
    with consistent_reads():
        before = headline(city)
        values = {"26163500100": "50000", "26163500200": "50000", "26163500300": "1", portal.OUTSIDE: "1"}
        values |= {"06037101110": "1", "36055000200": "1", "55101000100": "1"}
        portal.ingest(files.shown_tract(tmp_path / "new.csv", values))
        assert headline(city) == before
    assert headline(city).value > before.value


@pytest.mark.django_db(transaction=True)
def test_the_generation_follows_the_order_of_commits(tmp_path):
    """Two flips at once, the one that began first ending last: a process that looked between them sees the second."""
    import threading

    from django.db import connection, transaction

    from atlas.models import LivePart
    from atlas.queries.live import read_generation

    portal.ingest(files.shown_tract(tmp_path / "a.csv", {"26163500100": "1"}))
    portal.ingest(files.shown_tract(tmp_path / "b.csv", {"26163500100": ".1"}, files.SHOWN["jail"]))
    first, second = LivePart.objects.order_by("pk")
    begun, finish, seen = threading.Event(), threading.Event(), []

    def slow():
        with transaction.atomic():
            LivePart.objects.filter(pk=first.pk).update(release=first.release)
            begun.set()
            finish.wait(5)
        seen.append(read_generation())
        connection.close()

    def quick():
        begun.wait(5)
        with transaction.atomic():
            LivePart.objects.filter(pk=second.pk).update(release=second.release)
        seen.append(read_generation())
        connection.close()

    before = read_generation()
    threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
    for thread in threads:
        thread.start()
    begun.wait(5)
    assert read_generation() == before, "nothing is committed yet"
    finish.set()
    for thread in threads:
        thread.join()
    assert len({before, *seen, read_generation()}) >= 3 and read_generation() == max(seen)
