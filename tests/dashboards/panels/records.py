"""Hand-made records: a city of five tracts, one without a value, one mostly outside."""

from datetime import UTC, datetime

import numpy as np

from atlas.records.groups import PAIRS, Group, GroupGap, GroupLevel, Groups, PublishedGap, PublishedLevel
from atlas.records.places import CityRecord, Headline, MeasureRecord, PlaceTracts, Reference, Source, TractStatistics
from atlas.statistics.benchmark import CountyDifference
from atlas.statistics.gaps import GroupTracts, measure_gap, subtract
from atlas.statistics.inflation import Inflation
from atlas.statistics.results import NO_STANDARD_ERRORS, Estimate
from atlas.statistics.weights import weighted_mean

HOSTILE = '<script>alert("x")</script>'


def make_source(**changes) -> Source:
    values = {
        "dataset": "tract_kfr_rP_gP_p25",
        "title": "Household income at 35",
        "publisher": "Opportunity Insights",
        "citation": "Chetty and others (2018)",
        "licence": "Free with attribution",
        "address": "https://example.org/",
        "vintage": "births 1978-83, 2010 tracts",
        "release_id": 7,
        "activated_at": datetime(2026, 11, 20, tzinfo=UTC),
        "sha256": "ab" * 32,
        "is_sample": False,
    }
    return Source(**{**values, **changes})


def make_measure(slug="kfr_pooled_pooled_p25_usd_2015", **changes) -> MeasureRecord:
    values = {
        "slug": slug,
        "label": "Household income",
        "unit": "usd_2015",
        "group": "outcome",
        "population": "children of parents at the 25th percentile",
        "source": make_source(),
        "has_standard_error": False,
    }
    return MeasureRecord(**{**values, **changes})


def make_city(**changes) -> CityRecord:
    values = {
        "slug": "springfield",
        "name": "Springfield",
        "state_name": "Ohio",
        "state_usps": "OH",
        "place_geoid": "3974118",
        "longitude": -83.8,
        "latitude": 39.9,
        "county_names": ("Clark County",),
        "tract_count": 4,
        "edge_count": 1,
        "has_geometry": True,
    }
    return CityRecord(**{**values, **changes})


def make_tracts(measure: MeasureRecord | None = None, **changes) -> PlaceTracts:
    values = {
        "place": make_city(),
        "measure": measure or make_measure(),
        "geoids": tuple(f"3902300010{index}" for index in range(5)),
        "names": ("North End", HOSTILE, "", "=cmd()", "Far Side"),
        "values": np.array([20000.4, 31000, 25000, np.nan, 60000], dtype=np.float32),
        "standard_errors": None,
        "counts": None,
        "shares_in_city": np.array([1, 1, 0.95, 1, 0.2]),
        "belongs": np.array([True, True, True, True, False]),
        "national_percentiles": np.array([0.4, 45.2, 20, np.nan, 97]),
        "national_middle": 36_700.0,
        "national_edges": (18_000.0, 21_000.0, 24_000.0, 28_000.0, 36_700.0, 40_000.0, 50_000.0),
        "rule": "at least half its area inside the city",
    }
    return PlaceTracts(**{**values, **changes})


def make_statistics(tracts: PlaceTracts | None = None, **changes) -> TractStatistics:
    """Of the five tracts: above, below and uncertain, indistinguishable, no value, outside."""
    tracts = tracts or make_tracts()
    missing = np.isnan(tracts.values)
    middle = np.nansum(tracts.values) / max(1, np.sum(~missing))
    values = {
        "place": tracts.place,
        "measure": tracts.measure,
        "geoids": tracts.geoids,
        "shrunk": np.where(missing, np.nan, (tracts.values + middle) / 2),
        "shrunk_sd": np.where(missing, np.nan, 0.01),
        "tiers": ("above", "below", "indistinguishable", "", ""),
        "unreliable": np.array([False, True, False, False, False]),
        "reasons": ("", "", "", "no value is published for this tract", ""),
        "untested": ("", "", "", "no value is published for this tract", "it lies mostly outside, so it is not tested"),
        "mean": 0.33,
        "mean_standard_error": 0.004,
        "reliability": 0.7,
        "reliability_low": 0.6,
        "reliability_high": 0.8,
        "fitted_tracts": 40,
        "weight_rule": "children by the source's count",
        "unreliable_rule": "uncertain: rule",
        "sources": (make_source(),),
    }
    return TractStatistics(**{**values, **changes})


def make_many(measure: MeasureRecord, number: int = 300) -> tuple[PlaceTracts, TractStatistics]:
    """A place of many tracts with standard errors and counts, each number another; one in ten has no value."""
    random = np.random.default_rng(7)
    values = random.normal(0.35, 0.05, number).astype(np.float32)
    values[::10] = np.nan
    tiers = tuple(random.choice(["above", "indistinguishable", "below"], number).tolist())
    tracts = make_tracts(
        measure,
        geoids=tuple(f"39023{index:06d}" for index in range(number)),
        values=values,
        names=tuple(f"Quarter {index // 4}" for index in range(number)),
        belongs=np.ones(number, bool),
        standard_errors=random.uniform(0.01, 0.05, number).astype(np.float32),
        counts=random.uniform(20, 900, number).astype(np.float32),
        shares_in_city=np.ones(number),
        national_percentiles=random.uniform(0, 100, number),
    )
    known = make_statistics(
        tracts,
        shrunk_sd=random.uniform(0.01, 0.03, number),
        tiers=tiers,
        unreliable=np.arange(number) % 7 == 0,
        reasons=("",) * number,
        untested=("",) * number,
    )
    return tracts, known


def make_untestable(tracts: PlaceTracts | None = None, reason: str = "the file loaded here has no margin of error"):
    """What the portal knows where a file publishes no standard error."""
    tracts = tracts or make_tracts()
    size = len(tracts.geoids)
    gap, nothing = np.full(size, np.nan), ("",) * size
    changes = {"shrunk": gap, "shrunk_sd": gap, "tiers": nothing, "reasons": (reason,) * size, "mean": None}
    return make_statistics(tracts, **changes, unreliable=np.zeros(size, bool), untested=(reason,) * size, reason=reason)


def make_headline(**changes) -> Headline:
    """Adjusted by its county, which is published .3 percentiles (0.8 standard errors) below the mean of its tracts."""
    references = (
        Reference(
            "county",
            "Clark County",
            0.36,
            0.004,
            26800.0,
            "published",
            is_published=True,
            basis="published",
            raw_value=0.363,
        ),
        Reference(
            "nation",
            "United States",
            0.43,
            None,
            34000.0,
            "same weights",
            "no standard error in the tract file",
            raw_value=0.43,
            basis_reason="27 counties have no published value of this measure",
        ),
    )
    values = {
        "city": "springfield",
        "measure": "kfr_pooled_pooled_p25",
        "value": 0.312,
        "standard_error": None,
        "standard_error_reason": "The source's tract download has none.",
        "usd": 22043.4,
        "at_or_below_zero_share": 0.0,
        "coverage": 0.98,
        "tracts_used": 3,
        "tracts_total": 4,
        "weight_rule": "under-18 count times modeled low-income share",
        "derivation": "dollars read back as ranks",
        "references": references,
        "measured_error": 0.003,
        "measured_error_county": "Clark County",
        "area_rule_coverage": 0.93,
        "outside_share": 0.05,
        "county_share": 0.4,
        "sources": (make_source(),),
        "basis": "benchmarked",
        "raw_value": 0.315,
        "raw_usd": 22500.0,
        "adjustment_error": 0.004,
        "county_differences": (CountyDifference(39023, 0.36, 0.004, 0.363, 1.0, 0.4),),
    }
    return Headline(**{**values, **changes})


def make_histogram() -> tuple[np.ndarray, np.ndarray]:
    return np.linspace(10_000, 70_000, 7), np.array([0.1, 0.2, 0.3, 0.2, 0.15, 0.05])


EVERYBODY, WHITE, BLACK = Group("pooled", "pooled"), Group("white", "pooled"), Group("black", "pooled")
# Values and the group's own children in four tracts.
GROUP_TRACTS = {
    WHITE: ((0.44, 0.40, 0.46, 0.42), (900.0, 100, 300, 200), (0.02, 0.03, 0.02, 0.03)),
    BLACK: ((0.36, 0.33, np.nan, 0.35), (100.0, 900, 300, 400), (0.03, 0.01, np.nan, 0.02)),
}


def make_groups(exact: bool = False, **changes) -> Groups:
    """White and Black children over four tracts of Springfield, with standard errors when `exact`."""
    none = Inflation(None, None, 0, reason="the tract file has no counts")
    arrays = {
        group: GroupTracts(np.array(y), np.array(w), np.array(s) if exact else None)
        for group, (y, w, s) in GROUP_TRACTS.items()
    }
    levels = tuple(
        GroupLevel(
            group,
            group.slug("kir"),
            weighted_mean(a.values, a.weights, a.standard_errors),
            Estimate(0.43, 0.0004 if exact else None, 70_000, "rank"),
            4,
            float(a.weights.sum()),
            "",
            "own",
            none,
        )
        for group, a in arrays.items()
    )
    published = tuple(
        PublishedLevel(group, group.slug("kfr"), Estimate(y, s, 1, "rank"), Estimate(0.4, 0.0002, 3000, "rank"), n)
        for group, y, s, n in (
            (WHITE, 0.42, 0.002, 6200.0),
            (BLACK, 0.31, 0.001, 900.0),
            (Group("pooled", "female"), 0.37, 0.001, 3500.0),
            (Group("pooled", "male"), 0.32, 0.001, 3600.0),
        )
    )
    known = {level.group: level.here for level in published}
    values = {
        "place": "springfield",
        "outcome": "kir",
        "levels": levels,
        "gaps": (GroupGap(WHITE, BLACK, measure_gap(arrays[WHITE], arrays[BLACK])),),
        "county": "Clark County",
        "county_share": 0.4,
        "published_outcome": "kfr",
        "published": published,
        "published_gaps": tuple(
            PublishedGap(a, b, subtract(known[a], known[b])) for a, b in PAIRS if a in known and b in known
        ),
        "checks": (),
        "weighting": "majority",
        "sources": (make_source(),),
    }
    assert exact or all(level.here.reason == NO_STANDARD_ERRORS for level in levels)
    return Groups(**{**values, **changes})


def make_geometry() -> dict:
    """Five squares of 0.01 degrees in a row, west to east, and the city's outline around them."""
    squares = [(f"3902300010{index}", -83.85 + index * 0.01, -83.84 + index * 0.01) for index in range(5)]
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": name,
                "properties": {},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[west, 39.9], [west, 39.91], [east, 39.91], [east, 39.9], [west, 39.9]]],
                },
            }
            for name, west, east in [*squares, ("outline", -83.85, -83.80)]
        ],
    }
